"""Numbers and dates to translate: against num2words and Babel, and what somebody may type."""

import datetime
import re
import sys

import pytest
from babel.dates import format_date
from num2words import num2words

from lstm_course.tasks import translation


def test_the_words_are_those_of_num2words():
    for number in (1, 16, 21, 30, 101, 342, 1000, 21_016, 465_213, 999_999):
        assert "".join(translation.german(number)) == num2words(number, lang="de")
        assert list(translation.english(number)) == re.findall("[a-z]+", num2words(number))


def test_a_german_number_is_cut_into_words_that_occur_in_others():
    words = {word for target in translation.numbers(400).targets for word in target}
    assert {"und", "hundert", "tausend", "ein", "zwanzig", "dreißig"} <= words and len(words) < 35
    assert translation.german(465_213) == (*"vier hundert fünf und sechzig tausend zwei hundert dreizehn".split(),)


def test_pairs_differ_and_come_with_the_seed():
    for make in (translation.numbers, translation.dates):
        pairs = make(200, 1)
        assert len(set(pairs.sources)) == len(pairs.targets) == 200
        assert make(200, 1) == pairs != make(200, 2)


def test_dates_are_those_of_babel():
    day = datetime.date(1987, 3, 3)
    assert "".join(translation.written(day, "fr", "long")) == format_date(day, "long", locale="fr") == "3 mars 1987"
    for source, target in zip(*translation.dates(50), strict=True):
        day = datetime.date.fromisoformat("".join(target))
        texts = {
            translation.written(day, language, style)
            for language in translation.LANGUAGES
            for style in translation.STYLES
        }
        assert source in texts


def test_symbols_can_be_read_back_up_to_the_end():
    symbols = translation.Symbols([("b", "a"), ("c",)])
    assert len(symbols) == 6 and symbols.decode([*symbols.encode("cab"), translation.END, 3]) == ("c", "a", "b")
    for unknown in ("d", "<end>", ""):
        with pytest.raises(ValueError, match=f"^sequence: wanted .* got {unknown!r}$"):
            symbols.encode(["a", unknown])


@pytest.mark.parametrize("text", ["342", " 342 ", "three hundred and forty-two", "Three Hundred AND forty two!"])
def test_a_typed_number_is_read(text):
    assert translation.read_number(text) == ("three", "hundred", "and", "forty", "two")


def test_thousands_may_be_separated():
    for text in ("12,345", "12 345", "12.345", "12'345"):
        assert translation.read_number(text) == translation.english(12_345)


@pytest.mark.parametrize("text", ["", "   ", "0", "-", "1000000", "1e5", "3 apples", "٣", "9" * 500, "☃"])
def test_what_is_no_number_gets_a_sentence(text):
    with pytest.raises(ValueError, match="^text: wanted a number from 1 to 999,999"):
        translation.read_number(text)


def test_a_typed_date_is_read():
    assert "".join(translation.read_date("  3.  MÄRZ\t1987 ")) == "3. märz 1987"
    with pytest.raises(ValueError, match="^text: wanted a date"):
        translation.read_date(" \n")


def test_it_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "num2words", None)
    monkeypatch.setitem(sys.modules, "babel.dates", None)
    with pytest.raises(ModuleNotFoundError, match="pip install num2words"):
        translation.english(3)
    with pytest.raises(ModuleNotFoundError, match="pip install babel"):
        translation.dates(1)

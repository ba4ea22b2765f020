"""Names in eight languages: against Babel itself, and the promises of the split and the encoding."""

import sys

import numpy as np
import pytest
from babel import Locale

from lstm_course.tasks import world_names

CODES = list(world_names.LANGUAGES)


@pytest.fixture(scope="module")
def parts():
    return world_names.load()


def things_of(word, k):
    """What a word names in a language, by Babel's own tables."""
    locale = Locale(CODES[k])
    tables = {"country": locale.territories, "language": locale.languages}
    return {
        (kind, thing)
        for kind, names in tables.items()
        for thing, name in names.items()
        if world_names.plain(name) == word
    }


def test_every_word_is_a_name_in_its_language_and_in_no_other(parts):
    for part in parts:
        for word, k in list(zip(part.words, part.classes, strict=True))[::40]:
            assert things_of(word, k), word
            assert not any(things_of(word, other) for other in range(len(CODES)) if other != k), word


def test_no_thing_is_in_two_parts(parts):
    named = [
        set().union(*(things_of(word, k) for word, k in list(zip(part.words, part.classes, strict=True))[::12]))
        for part in parts
    ]
    words = [set(part.words) for part in parts]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not words[one] & words[other] and not named[one] & named[other]


def test_the_parts_are_as_large_as_stated_and_drawn_by_the_seed(parts):
    sizes = [len(part.words) for part in parts]
    for size, share in zip(sizes, (0.65, 0.15, 0.2), strict=True):
        assert abs(size / sum(sizes) - share) < 0.05
    assert len(set(parts[0].words)) == sizes[0] and np.bincount(parts[0].classes).min() > 0.07 * sizes[0]
    again, other = world_names.load(0), world_names.load(1)
    assert again[2].words == parts[2].words != other[2].words


def test_plain_keeps_letters_and_drops_accents():
    assert world_names.plain("Österreich") == "osterreich"
    assert world_names.plain("Côte d’Ivoire") == "cote d'ivoire"
    assert world_names.plain("Łotwa ß") == "lotwa ss"


def test_encoding_can_be_read_back(parts):
    words = parts[1].words[:50]
    ids, lengths = world_names.encode(words, world_names.LONGEST)
    assert ids.shape == (50, world_names.LONGEST)
    for row, length, word in zip(ids, lengths, words, strict=True):
        assert "".join(world_names.SYMBOLS[k] for k in row[:length]) == word and not row[length:].any()


@pytest.mark.parametrize("words", [[], ["a", ""], ["Abc"], ["a·b"]])
def test_encoding_refuses_what_it_cannot_read(words):
    with pytest.raises(ValueError, match="^words: wanted"):
        world_names.encode(words)
    with pytest.raises(ValueError, match="^length: wanted"):
        world_names.encode(["abcd"], length=3)


def test_it_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(ModuleNotFoundError, match="pip install babel"):
        world_names.load()

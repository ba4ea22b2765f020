"""Pairs to translate: English number words into German, and dates in ten languages into one form.

German says the units before the tens: "forty-two" is "zweiundvierzig", two-and-forty. So the order of the words
crosses, and nothing else is difficult. A German number is one word, which `german` cuts into the words it is made of.

Dates are how people in ten languages write them, from the package Babel (Unicode Common Locale Data Repository), to be
read letter by letter and written as ISO 8601: "le 3 mars 1987" becomes "1987-03-03".

Both are made by a program, so a program can also translate them without an error. Networks are judged on them because
the right answer is known. The pairs have no batches of their own; `Symbols` numbers them.
"""

import datetime
import re
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

LARGEST = 999_999
LANGUAGES = ("de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "sv")
STYLES = ("medium", "long", "full")  # Babel's names: "03.03.1987", "3. März 1987", "Dienstag, 3. März 1987"
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
PAD, START, END = 0, 1, 2


class Pairs(NamedTuple):
    """Sources and their translations, as tuples of tuples of symbols, which are words or letters."""

    sources: tuple
    targets: tuple


class Symbols:
    """Numbers for the symbols of some sequences; 0, 1 and 2 are the padding, the start and the end.

    Parameters
    ----------
    sequences : iterable of sequences of str

    Attributes
    ----------
    names : tuple of str
        The symbol of each number.

    Examples
    --------
    >>> symbols = Symbols([("drei", "und", "zwanzig")])
    >>> symbols.encode(("zwanzig", "und")), symbols.decode([5, 4, 2])
    ([5, 4], ('zwanzig', 'und'))
    """

    def __init__(self, sequences):
        self.names = ("", "<start>", "<end>", *sorted({symbol for sequence in sequences for symbol in sequence}))
        self.numbers = {name: k for k, name in enumerate(self.names)}

    def __len__(self):
        return len(self.names)

    def encode(self, sequence):
        """The numbers of symbols. Raises a ValueError that names the first unknown one."""
        unknown = [symbol for symbol in sequence if self.numbers.get(symbol, 0) <= END]
        if unknown:
            raise ValueError(f"sequence: wanted symbols that the training pairs have, got {unknown[0]!r}")
        return [self.numbers[symbol] for symbol in sequence]

    def decode(self, numbers):
        """The symbols of numbers, up to the first end."""
        numbers = list(numbers)
        stop = numbers.index(END) if END in numbers else len(numbers)
        return tuple(self.names[k] for k in numbers[:stop])


def english(number):
    """The words of a number from 1 to `LARGEST`: ``english(342)`` is ``('three', 'hundred', 'and', 'forty', 'two')``.

    Raises
    ------
    ValueError
        If it is not such a number.
    ModuleNotFoundError
        If the package num2words is not installed.
    """
    number = arguments.whole("number", number, 1, LARGEST)
    return tuple(re.findall("[a-z]+", _spelled(number)))


def german(number):
    """The same in German, cut into its words: ``german(342)`` is ``('drei', 'hundert', 'zwei', 'und', 'vierzig')``."""
    number = arguments.whole("number", number, 1, LARGEST)
    return tuple(re.findall("hundert|tausend|und|[a-zäöüß]+?(?=hundert|tausend|und|$)", _spelled(number, lang="de")))


def read_number(text):
    """The English words of a number that somebody typed, in digits or in words: "342", "1,000" or "forty-two".

    Raises
    ------
    ValueError
        If there is neither a number from 1 to `LARGEST` nor a word.
    """
    plain = re.sub(r"(?<=\d)[ ,.'](?=\d{3}\b)", "", text.strip())
    if re.fullmatch(r"[0-9]{1,9}", plain) and 1 <= int(plain) <= LARGEST:
        return english(int(plain))
    words = tuple(re.findall(r"[^\W\d_]+", text.lower()))
    if not words or re.search(r"\d", text):
        raise ValueError(f"text: wanted a number from 1 to {LARGEST:,}, in digits or in English words, got {text!r}")
    return words


def read_date(text):
    """A date that somebody typed, as a tuple of small letters. Raises a ValueError if there is nothing."""
    letters = tuple(" ".join(text.lower().split()))
    if not letters:
        raise ValueError("text: wanted a date, such as 3 mars 1987, got nothing")
    return letters


def numbers(count, seed=0):
    """Different numbers from 10 to `LARGEST` in English and German, drawn evenly on a logarithmic scale.

    Parameters
    ----------
    count : int
        At most 100,000.
    seed : int or numpy.random.Generator

    Returns
    -------
    Pairs
    """
    count, rng = arguments.whole("count", count, 1, 100_000), common.generator(seed)
    drawn = set()
    while len(drawn) < count:  # numbers with few digits are soon used up, so most have four to six
        drawn |= set(np.exp(rng.uniform(np.log(10), np.log(LARGEST + 1), count)).astype(int).tolist())
    values = rng.permutation(sorted(drawn))[:count].tolist()
    return Pairs(tuple(map(english, values)), tuple(map(german, values)))


def written(day, language, style):
    """A date as a tuple of small letters: ``written(datetime.date(1987, 3, 3), "fr", "long")`` spells "3 mars 1987"."""
    format_date = common.installed("babel.dates", "babel").format_date
    return tuple(" ".join(format_date(day, style, locale=language).lower().split()))


def dates(count, seed=0):
    """Different texts of dates from 1900 to 2099 in ten languages and three styles, and each in ISO 8601.

    Parameters
    ----------
    count : int
        At most 100,000.
    seed : int or numpy.random.Generator

    Returns
    -------
    Pairs
    """
    count, rng = arguments.whole("count", count, 1, 100_000), common.generator(seed)
    made = {}
    while len(made) < count:
        day = FIRST_DAY + datetime.timedelta(int(rng.integers((LAST_DAY - FIRST_DAY).days + 1)))
        text = written(day, LANGUAGES[rng.integers(len(LANGUAGES))], STYLES[rng.integers(len(STYLES))])
        made[text] = tuple(day.isoformat())
    return Pairs(tuple(made), tuple(made.values()))


def _spelled(number, **options):
    return common.installed("num2words", "num2words").num2words(number, **options)

"""The names that Brightspace (D2L) gives to folders and files: ``1234-567 - Ada L - Nov 29, 2026 547 PM``.

D2L does not document the format. This module reads what other people's scripts read: two numbers, the name of a person
or a group, the time, and in an export without folders the name of the file. Between them are dashes, with a blank after
them and mostly one before them. Which of the two numbers belongs to the person is found by comparison: a number that
stands with two different names belongs to neither.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

NUMBERED = re.compile(r"(?P<first>\d+)-(?P<second>\d+)\s*-\s*(?P<rest>\S.*)", re.DOTALL)
FILE_ENDING = re.compile(r"\.\d*[A-Za-z]\w*$")
TIME = re.compile(r"(\d{4}\D+)(\d{1,2})[.:]?(\d\d)\s*([AaPp][Mm])?\s*$")


@dataclass(frozen=True)
class Named:
    """What a name says: two numbers, who handed in, when, and what the file was called, where it says so."""

    numbers: tuple
    name: str
    time: str
    file: str

    def number(self, shared):
        """The first number that is not `shared` with anybody else, or the empty string."""
        return next((number for place, number in enumerate(self.numbers) if (place, number) not in shared), "")

    @property
    def attempt(self):
        """The time as a number that grows, or 0 where it cannot be read."""
        if not self.time:
            return 0
        import pandas

        when = pandas.to_datetime(TIME.sub(r"\1\2:\3 \4", self.time).strip(), errors="coerce")
        return 0 if pandas.isna(when) else int(when.strftime("%Y%m%d%H%M%S"))


def parsed(name, is_folder):
    """What the name of a folder or a file says, or None where Brightspace did not give it.

    Parameters
    ----------
    name : str
    is_folder : bool

    Returns
    -------
    Named or None
    """
    found = NUMBERED.fullmatch(name)
    if not found:
        return None
    pieces = re.split(r"\s*-\s+", found["rest"])
    when = next((place for place, piece in enumerate(pieces) if place and _is_time(piece)), None)
    numbers = (found["first"], found["second"])
    if when is None:
        if min(map(len, numbers)) < 3 or (len(pieces) < 2 and not is_folder):
            return None  # such as "2026-11 - gates", which somebody else may have called a folder
        who, rest = (pieces, []) if is_folder else (pieces[:1], pieces[1:])
    else:
        who, rest = pieces[:when], pieces[when + 1 :]
    if is_folder == bool(rest):
        return None
    return Named(numbers, " - ".join(who).strip(), pieces[when] if when is not None else "", " - ".join(rest))


def shared(everything):
    """Places and values of the numbers that go with several names, as `Named.number` takes them."""
    names = defaultdict(set)
    for named in everything:
        for numbered in enumerate(named.numbers):
            names[numbered].add(named.name)
    return frozenset(number for number, those in names.items() if len(those) > 1)


def _is_time(piece):
    numbers = re.findall(r"\d+", piece)
    return len(numbers) > 1 and any(len(number) == 4 for number in numbers) and not FILE_ENDING.search(piece)

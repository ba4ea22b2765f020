"""The names that Brightspace (D2L) gives to folders and files: ``1234-567 - Ada L - Nov 29, 2026 547 PM``.

D2L does not document the format. This module reads what other people's scripts read: two numbers, the name of a person
or a group, the time, and, in an export without folders, the name of the file. They are separated by dashes, each
followed by a space and mostly preceded by one. A comparison shows which of the two numbers is the person's: a number
that comes with two different names is nobody's own.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

NUMBERED = re.compile(r"(?P<first>\d+)-(?P<second>\d+)\s*-\s*(?P<rest>\S.*)", re.DOTALL)
FILE_ENDING = re.compile(r"\.\d*[A-Za-z]\w*$")
TIME = re.compile(r"(\d{4}\D+)(\d{1,2})[.:]?(\d\d)\s*([AaPp][Mm])?\s*$")


@dataclass(frozen=True)
class BrightspaceName:
    """The parts of a name.

    Attributes
    ----------
    numbers : tuple of (str, str)
    owner : str
        The person or group.
    time : str
        Of the submission; empty where the name does not contain it.
    file : str
        What the owner called the file; empty for a folder.
    """

    numbers: tuple
    owner: str
    time: str
    file: str

    def number(self, shared):
        """The first number that is not among the `shared` ones, or the empty string."""
        return next((number for position, number in enumerate(self.numbers) if (position, number) not in shared), "")

    @property
    def attempt(self):
        """The time as an increasing number, or 0 where it cannot be read."""
        if not self.time:
            return 0
        import pandas

        time = pandas.to_datetime(TIME.sub(r"\1\2:\3 \4", self.time).strip(), errors="coerce")
        return 0 if pandas.isna(time) else int(time.strftime("%Y%m%d%H%M%S"))


def parse(name, is_folder):
    """The parts of the name of a folder or a file, or None where Brightspace did not write it.

    Parameters
    ----------
    name : str
    is_folder : bool

    Returns
    -------
    BrightspaceName or None
    """
    match = NUMBERED.fullmatch(name)
    if not match:
        return None
    numbers = (match["first"], match["second"])
    pieces = re.split(r"\s*-\s+", match["rest"])
    time_at = next((index for index, piece in enumerate(pieces) if index and _is_time(piece)), None)
    if time_at is not None:
        owner, time, file = pieces[:time_at], pieces[time_at], pieces[time_at + 1 :]
    elif min(map(len, numbers)) < 3 or (len(pieces) < 2 and not is_folder):
        return None  # such as "2026-11 - gates", which may be anybody's name for a folder
    else:
        owner, time, file = (pieces, "", []) if is_folder else (pieces[:1], "", pieces[1:])
    if is_folder == bool(file):
        return None
    return BrightspaceName(numbers, " - ".join(owner).strip(), time, " - ".join(file))


def shared_numbers(names):
    """The numbers that come with several owners, each with its position, as `BrightspaceName.number` takes them."""
    owners = defaultdict(set)
    for name in names:
        for numbered in enumerate(name.numbers):
            owners[numbered].add(name.owner)
    return frozenset(numbered for numbered, several in owners.items() if len(several) > 1)


def _is_time(piece):
    numbers = re.findall(r"\d+", piece)
    return len(numbers) > 1 and any(len(number) == 4 for number in numbers) and not FILE_ENDING.search(piece)

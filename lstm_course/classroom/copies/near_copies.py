"""Submissions that are near copies of one another, told by what they share and few others have."""

import itertools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from .token_runs import CellRuns

MOST_PAIRS = 200
MOST_CELLS = 300  # of one submission; the others need not wait for more
# A run of tokens is rare if it is in no more submissions than this, or than this share of the class.
RARE, RARE_SHARE = 5, 1 / 20
# From how many shared rare runs on, from what share of the shorter one's rare runs, and from what share of all its own
# runs a pair is listed: for runs as they are written, and for runs without names. Chosen from the classes that
# tests/classroom/made_up_class.py makes. Without names there is less to tell apart, and the larger a class, the more
# pairs are alike by chance: beyond this many, more is wanted.
LEAST = {"written": (30, 0.55, 0.55), "renamed": (15, 0.6, 0.98)}
SMALL_CLASS = 100
LEAST_IN_A_CELL = 0.4  # of a cell's rare runs, for the cell to be named
LEAST_OF_A_SOLUTION = 40  # runs; shorter answers are written alike without being copied
NONE = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class NearCopy:
    """Two submissions that share what few others have.

    Attributes
    ----------
    students : tuple of (str, str)
    assignment : str
    share : float
        0 to 1: how much of the shorter one's own writing is in the other.
    cells : tuple of str
        Ids of the questions, or ``"cell 7"``, in which it shows, in the order of the first one's notebook.
    same_as_solution : bool
        Both equal the course's published solution there, which says nothing of copying from each other.
    """

    students: tuple
    assignment: str
    share: float
    cells: tuple
    same_as_solution: bool = False


def near_copies(submissions, templates, solutions):
    """Pairs of submissions to the same assignment that are too much alike.

    Right answers to small questions look alike. What counts is therefore what is rare: runs of a few tokens that are
    neither in the exercise nor in the published solution, each weighted by how few of the class have it. They are
    looked for twice: as written, comments among them; and with the names left out, which finds a copy with other
    names.

    Parameters
    ----------
    submissions : dict of (str, str) to list of (str, str)
        By student and assignment: name and source of each cell that the student wrote.
    templates : dict of str to list of str
        By assignment: sources of the cells that everybody starts from.
    solutions : dict of str to list of (str, str)
        By assignment: name and source of the published answers.

    Returns
    -------
    list of NearCopy
        At most 200, the strongest first, those with the published solution last. A group of five makes ten pairs.

    Notes
    -----
    A pair is a reason to look at both notebooks, and no proof: two who learned together or from the same page write
    alike, and who copied from whom does not show. Measured on classes that were made up (12 to 1,000 notebooks, right
    answers in handwritings of their own): nobody was listed who wrote alone, and every copy was that was identical,
    reordered, or had other comments or a quarter of its statements changed. Of copies with other names it was nearly
    every one in classes of up to thirty, four in five in a class of a hundred, one in five of three hundred and none
    of a thousand, for there others have the same steps. Other names together with other statements hide nearly every
    copy. A single copied answer among four of one's own, short answers, and what more than a twentieth of the class
    has (and more than five) are not found.
    """
    found = []
    for assignment, written, template, solution in _classes(submissions, templates, solutions):
        alike = _alike(assignment, written, template, solution)
        found += alike.values()
        found += _both_as_published(assignment, written, _as_published(written, template, solution), set(alike))
    found.sort(key=lambda pair: (pair.same_as_solution, -pair.share, pair.assignment, pair.students))
    return found[:MOST_PAIRS]


def _classes(submissions, templates, solutions):
    """For each assignment its name, each student's cells as runs, and those of the exercise and of the solution."""
    classes = {}
    for (student, assignment), cells in submissions.items():
        classes.setdefault(assignment, {})[student] = cells
    for assignment, cells_of in sorted(classes.items()):
        vocabulary = {}  # the same numbers for the same tokens, within one class
        template = [CellRuns("", source, vocabulary) for source in templates.get(assignment, ())]
        solution = [CellRuns(name, source, vocabulary) for name, source in solutions.get(assignment, ())]
        written = {
            student: [CellRuns(name, source, vocabulary) for name, source in cells[:MOST_CELLS]]
            for student, cells in cells_of.items()
        }
        yield assignment, written, template, solution


def _alike(assignment, written, template, solution):
    """By pair of students, those that share enough in one of the two ways to look, or in both."""
    students, found = list(written), {}
    for runs, (least_shared, least_share, least_of_all) in LEAST.items():
        cells = [[getattr(cell, runs) for cell in written[student]] for student in students]
        given, published = ([getattr(cell, runs) for cell in part] for part in (template, solution))
        rare = _RareRuns(cells, given + published)
        if runs == "renamed":
            least_shared *= max(1, len(written) / SMALL_CLASS)
        for first, second in rare.pairs(least_shared, least_share):
            share = _share_of_all(cells[first], cells[second], given)
            if share < least_of_all:
                continue
            pair, shows = (students[first], students[second]), rare.cells(first, second)
            if pair in found:
                share = max(share, found[pair].share)
                shows |= {k for k, cell in enumerate(written[pair[0]]) if cell.name in found[pair].cells}
            names = tuple(written[pair[0]][k].name for k in sorted(shows))
            found[pair] = NearCopy(pair, assignment, share, names)
    return found


def _share_of_all(first, second, given):
    """How much of the shorter one's own runs, rare or not, the other has too."""
    own = [np.setdiff1d(np.concatenate(runs), np.concatenate([NONE, *given])) for runs in (first, second)]
    return len(np.intersect1d(*own, assume_unique=True)) / min(map(len, own))


class _RareRuns:
    """Which rare runs each of a class has, and who else has them.

    Memory is linear in what was written; nothing is kept by pair.
    """

    def __init__(self, written, common):
        common = np.unique(np.concatenate([NONE, *common]))
        runs, owners, cells = [NONE], [np.zeros(0, int)], [np.zeros(0, int)]
        for owner, own in enumerate(written):
            every = np.concatenate([NONE, *own])
            place = np.repeat(np.arange(len(own)), np.array([len(cell) for cell in own], dtype=int))
            every, first = np.unique(every, return_index=True)
            new = ~np.isin(every, common, assume_unique=True)
            runs.append(every[new])
            owners.append(np.full(new.sum(), owner))
            cells.append(place[first][new])
        self.count = len(written)
        _, run, owned_by = np.unique(np.concatenate(runs), return_inverse=True, return_counts=True)
        weight = _weight(owned_by, self.count)
        keep = weight[run] > 0
        self.run, self.owner, self.cell = run[keep], np.concatenate(owners)[keep], np.concatenate(cells)[keep]
        self.weight = weight[self.run]
        self.mass = np.bincount(self.owner, self.weight, self.count)
        self.bounds = np.searchsorted(self.owner, np.arange(self.count + 1))
        order = np.argsort(self.run, kind="stable")
        self.owners_by_run = self.owner[order]
        self.start = np.searchsorted(self.run[order], np.arange(len(owned_by)))
        self.owned_by = owned_by

    def pairs(self, least_shared, least_share):
        """Two places in the class for each pair that shares enough."""
        for first in range(self.count - 1):
            shared = self._shared_with(first)
            shared[: first + 1] = 0
            share = shared / np.maximum(np.minimum(self.mass[first], self.mass), 1e-9)
            for second in np.flatnonzero((shared >= least_shared) & (share >= least_share)):
                yield first, int(second)

    def cells(self, first, second):
        """Places of the cells of the first in which it shows."""
        mine, other = (slice(*self.bounds[place : place + 2]) for place in (first, second))
        cells, weight = self.cell[mine], self.weight[mine]
        shared = np.isin(self.run[mine], self.run[other])
        whole = np.bincount(cells, weight)
        share = np.bincount(cells, weight * shared) / np.maximum(whole, 1e-9)
        return set(np.flatnonzero(share >= LEAST_IN_A_CELL).tolist()) or {int(np.argmax(share))}

    def _shared_with(self, first):
        """The weight of the runs that each of the class shares with one of them."""
        mine = slice(*self.bounds[first : first + 2])
        run = self.run[mine]
        many = self.owned_by[run]
        places = np.arange(many.sum()) + np.repeat(self.start[run] - np.cumsum(many) + many, many)
        return np.bincount(self.owners_by_run[places], np.repeat(self.weight[mine], many), self.count)


def _most_owners(count):
    return max(RARE, count * RARE_SHARE)


def _weight(owned_by, count):
    """From 1 for a run that two have, or one, down to nothing for one of a third of the class, or of more than rare."""
    common = max(count / 3, RARE + 1)
    weight = np.log(common / np.maximum(owned_by, 2)) / np.log(common / 2)
    return np.where(owned_by <= _most_owners(count), np.maximum(weight, 0), 0)


def _as_published(written, template, solution):
    """By student, names of the longer answers that equal the published one."""
    known = [NONE, *(cell.written for cell in template)]
    published = {
        cell.tokens.tobytes()
        for cell in solution
        if len(np.setdiff1d(cell.written, np.concatenate(known))) >= LEAST_OF_A_SOLUTION
    }
    names = {
        student: tuple(cell.name for cell in cells if cell.tokens.tobytes() in published)
        for student, cells in written.items()
    }
    return {student: cells for student, cells in names.items() if cells}


def _both_as_published(assignment, written, as_published, known):
    """Pairs that have the published solution in the same places, where that is rare in the class."""
    holders = defaultdict(set)
    for student, names in as_published.items():
        for name in names:
            holders[name].add(student)
    rare = {name for name, students in holders.items() if len(students) <= _most_owners(len(written))}
    for pair in itertools.combinations(as_published, 2):
        names = tuple(name for name in as_published[pair[0]] if name in rare and name in as_published[pair[1]])
        if names and pair not in known:
            length = [sum(len(cell.tokens) for cell in written[student]) for student in pair]
            same = sum(len(cell.tokens) for cell in written[pair[0]] if cell.name in names)
            yield NearCopy(pair, assignment, min(same / min(length), 1.0), names, same_as_solution=True)

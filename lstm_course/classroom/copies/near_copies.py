"""Finding near copies: pairs of submissions that share code which few others have."""

import itertools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from .token_runs import CellRuns

MOST_PAIRS = 200
MOST_CELLS = 300  # of one submission, so that none can delay the others
# A run of tokens is rare if it occurs in at most this many submissions, or at most this share of the class.
RARE, RARE_SHARE = 5, 1 / 20
# A pair is listed if it shares at least this many rare runs, this share of the rare runs of the shorter submission, and
# this share of all its own runs. The first row is for runs as written, the second for runs without names. The numbers
# were chosen on the simulated classes of tests/classroom/made_up_class.py. Runs without names are less distinctive, so
# more pairs are alike by chance in a larger class: above SMALL_CLASS, the first number grows with the class.
LEAST = {"written": (30, 0.55, 0.55), "renamed": (15, 0.6, 0.98)}
SMALL_CLASS = 100
LEAST_IN_A_CELL = 0.4  # share of a cell's rare runs from which the cell is listed
LEAST_OF_A_SOLUTION = 40  # runs; shorter answers are often the same without having been copied
NONE = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class NearCopy:
    """Two submissions that share code which few others have.

    Attributes
    ----------
    students : tuple of (str, str)
    assignment : str
    share : float
        How much of the shorter submission's own code is in the other one, from 0 to 1.
    cells : tuple of str
        The cells that are alike, as ids of questions or ``"cell 7"``, in the order of the first student's notebook.
    same_as_solution : bool
        Whether both equal the course's published solution there, in which case neither need be a copy of the other.
    """

    students: tuple
    assignment: str
    share: float
    cells: tuple
    same_as_solution: bool = False


def near_copies(submissions, templates, solutions):
    """Pairs of submissions to the same assignment that are suspiciously alike.

    Right answers to small questions look alike, so only rare code counts: runs of a few tokens that occur neither in
    the exercise nor in the published solution, weighted by how few submissions contain them. The runs are compared
    twice, once as written, including comments, and once without names, which reveals copies with other names.

    Parameters
    ----------
    submissions : dict of (str, str) to list of (str, str)
        By student and assignment, name and source of each cell that the student wrote.
    templates : dict of str to list of str
        By assignment, sources of the cells in the exercise.
    solutions : dict of str to list of (str, str)
        By assignment, name and source of the published answers.

    Returns
    -------
    list of NearCopy
        At most 200, the strongest first, and those with the published solution last. A group of five gives ten pairs.

    Notes
    -----
    A pair is a reason to look at both notebooks, but no proof: students who learned together or from the same page
    write alike, and the result does not show who copied from whom. It was measured on simulated classes of 12 to 1,000
    notebooks with right answers in individual styles. Nobody who wrote alone was listed. Every copy was found that was
    identical or reordered, had other comments, or had a quarter of its statements changed. Of the copies with other
    names, nearly all were found in classes of up to thirty, four in five in a class of a hundred, one in five in a
    class of three hundred and none in a class of a thousand, where others write the same steps. Changing both names
    and statements hides nearly every copy. Not found are a single copied answer beside four original ones, short
    answers, and code shared by more than five students who are more than a twentieth of the class.
    """
    pairs = []
    for assignment, written, template, solution in _classes(submissions, templates, solutions):
        alike = _alike(assignment, written, template, solution)
        pairs += alike.values()
        pairs += _both_as_published(assignment, written, _as_published(written, template, solution), set(alike))
    pairs.sort(key=lambda pair: (pair.same_as_solution, -pair.share, pair.assignment, pair.students))
    return pairs[:MOST_PAIRS]


def _classes(submissions, templates, solutions):
    """For each assignment, its name, the runs of each student's cells, and those of the exercise and the solution."""
    classes = {}
    for (student, assignment), cells in submissions.items():
        classes.setdefault(assignment, {})[student] = cells
    for assignment, cells_of in sorted(classes.items()):
        vocabulary = {}  # numbers the tokens of the whole class
        template = [CellRuns("", source, vocabulary) for source in templates.get(assignment, ())]
        solution = [CellRuns(name, source, vocabulary) for name, source in solutions.get(assignment, ())]
        written = {
            student: [CellRuns(name, source, vocabulary) for name, source in cells[:MOST_CELLS]]
            for student, cells in cells_of.items()
        }
        yield assignment, written, template, solution


def _alike(assignment, written, template, solution):
    """By pair of students, the pairs that share enough runs as written, or without names, or both."""
    students, alike = list(written), {}
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
            pair, similar = (students[first], students[second]), rare.cells(first, second)
            if pair in alike:
                share = max(share, alike[pair].share)
                similar |= {k for k, cell in enumerate(written[pair[0]]) if cell.name in alike[pair].cells}
            names = tuple(written[pair[0]][k].name for k in sorted(similar))
            alike[pair] = NearCopy(pair, assignment, share, names)
    return alike


def _share_of_all(first, second, given):
    """The share of the shorter submission's own runs, rare or not, that the other one also has."""
    own = [np.setdiff1d(np.concatenate(runs), np.concatenate([NONE, *given])) for runs in (first, second)]
    return len(np.intersect1d(*own, assume_unique=True)) / min(map(len, own))


class _RareRuns:
    """The rare runs of each submission in a class, and the other submissions that have them.

    Memory is linear in the size of the submissions; nothing is stored for each pair.
    """

    def __init__(self, written, common):
        common = np.unique(np.concatenate([NONE, *common]))
        runs, owners, cells = [NONE], [np.zeros(0, int)], [np.zeros(0, int)]
        for owner, own in enumerate(written):
            every = np.concatenate([NONE, *own])
            cell_of = np.repeat(np.arange(len(own)), np.array([len(cell) for cell in own], dtype=int))
            every, first = np.unique(every, return_index=True)
            new = ~np.isin(every, common, assume_unique=True)
            runs.append(every[new])
            owners.append(np.full(new.sum(), owner))
            cells.append(cell_of[first][new])
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
        """The indices in the class of each pair that shares enough."""
        for first in range(self.count - 1):
            shared = self._shared_with(first)
            shared[: first + 1] = 0
            share = shared / np.maximum(np.minimum(self.mass[first], self.mass), 1e-9)
            for second in np.flatnonzero((shared >= least_shared) & (share >= least_share)):
                yield first, int(second)

    def cells(self, first, second):
        """The indices of the cells of the first submission that are alike."""
        mine, other = (slice(*self.bounds[owner : owner + 2]) for owner in (first, second))
        cells, weight = self.cell[mine], self.weight[mine]
        shared = np.isin(self.run[mine], self.run[other])
        whole = np.bincount(cells, weight)
        share = np.bincount(cells, weight * shared) / np.maximum(whole, 1e-9)
        return set(np.flatnonzero(share >= LEAST_IN_A_CELL).tolist()) or {int(np.argmax(share))}

    def _shared_with(self, first):
        """The total weight of the runs that each submission of the class shares with this one."""
        mine = slice(*self.bounds[first : first + 2])
        run = self.run[mine]
        many = self.owned_by[run]
        positions = np.arange(many.sum()) + np.repeat(self.start[run] - np.cumsum(many) + many, many)
        return np.bincount(self.owners_by_run[positions], np.repeat(self.weight[mine], many), self.count)


def _most_owners(count):
    return max(RARE, count * RARE_SHARE)


def _weight(owned_by, count):
    """From 1 for a run in one or two submissions down to 0 for a run in a third of the class; 0 if it is not rare."""
    common = max(count / 3, RARE + 1)
    weight = np.log(common / np.maximum(owned_by, 2)) / np.log(common / 2)
    return np.where(owned_by <= _most_owners(count), np.maximum(weight, 0), 0)


def _as_published(written, template, solution):
    """By student, the names of the longer answers that equal the published ones."""
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
    """Pairs with the published solution in the same cells, if that is rare in the class."""
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

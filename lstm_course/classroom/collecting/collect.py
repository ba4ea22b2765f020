"""Finding the submissions of a class in a folder or a zip."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons

from ..records import Submission
from . import assignments
from .files import UnreadableFile, files_in
from .layout import Handed, handed_in, stem_of
from .people import cleaned, look_alikes, told_apart

# Of one student: more is not looked into, so that nobody keeps everybody waiting.
MOST_NOTEBOOKS = 50
MOST_BYTES = 100 * 1024**2
NO_EXERCISE = "It is no exercise of this course, by its metadata, its folder, its name or its cells."


@dataclass(frozen=True)
class _Read:
    """One file, read, with what it is said to be."""

    handed: Handed
    assignment: str
    content: bytes | None
    problem: str
    agrees: int  # 2: nothing speaks against the assignment; 1: nothing speaks for it; 0: something speaks against it
    note: str

    @property
    def rank(self):
        """The highest counts: what can be read, is what it is taken for, and came last."""
        handed = self.handed
        by_name = re.sub(r"\d+", lambda digits: digits[0].zfill(20), stem_of(handed.name))  # 9 before 10
        later = (handed.owner.attempt, handed.file.time, by_name, handed.file.parts)
        return self.content is not None, self.agrees, *later


def collect(path, assignment=None, own=()):
    """The submissions in a folder or a zip.

    Understood are nbgrader's layout, ``<student>/<assignment>/<notebook>.ipynb`` (from the course's folder, from
    ``submitted``, or from a folder in it); a folder a student; files like ``ada_04_gates.ipynb``; and what Moodle,
    Canvas, Blackboard and Gradescope export (see `platforms`), zipped or unpacked. A zip is read where it is; no link
    is followed.

    Which exercise a notebook is, is told by `assignment`, or else by its metadata, its folder, its name or the grade
    ids of its cells, in this order. Of several notebooks of one student for one exercise the last counts: by the
    platform's number or time, then by the time of change, then by name.

    Parameters
    ----------
    path : str or pathlib.Path
    assignment : str, optional
        Anything that `lstm_course.lessons.find` understands: what all notebooks are submissions of.

    own : iterable of str
        Stems of a teacher's own assignments, to be known besides the lessons.

    Returns
    -------
    list of Submission
        By student and assignment, with no pair twice. One that cannot be judged has a `problem`.

    Raises
    ------
    FileNotFoundError
        If there is no such path.
    ValueError
        If it is neither a folder nor a zip, if there are no submissions in it, or if there is no such assignment.
    """
    path = Path(path)
    wanted = "" if not assignment else assignment if assignment in own else lessons.find(assignment).stem
    with assignments.besides_lessons(own), files_in(path) as files:
        of_people = defaultdict(list)
        for handed in handed_in(files, path):
            of_people[handed.owner.name, handed.owner.id].append(handed)
        if not of_people:
            raise ValueError(f"{path}: there are no notebooks in it; wanted those of a class, one or more a student.")
        names = told_apart(set(of_people))
        notes = look_alikes(names)
        submissions = []
        for person, theirs in of_people.items():
            name = names[person]
            submissions += _of_one(theirs, wanted, name, [notes[name]] if name in notes else [], path)
    return sorted(submissions, key=lambda found: (found.student, found.assignment))


def _of_one(theirs, wanted, student, notes, path):
    """The submissions of one student; a notebook that does not count is forgotten as soon as another does."""
    theirs = [handed for handed in theirs if handed.is_notebook or not handed.name] or theirs
    theirs = sorted(theirs, key=lambda handed: (handed.owner.attempt, handed.file.time), reverse=True)
    best, others, size = {}, defaultdict(list), 0
    for count, handed in enumerate(theirs):
        if count == MOST_NOTEBOOKS or size > MOST_BYTES:
            notes = [*notes, f"There are {len(theirs)} notebooks; only the last {count} were looked at."]
            break
        found = _read(handed, wanted)
        size += len(found.content or b"")
        rival = best.get(found.assignment)
        if rival is None or found.rank > rival.rank:
            best[found.assignment], found = found, rival
        if found is not None:
            others[found.assignment].append((found.handed, found.problem))
    if len(best) > 1 and "" in best:
        unclear = best.pop("")
        aside = [(unclear.handed, unclear.problem), *others.pop("", [])]
        notes = [*notes, *_set_aside(aside)]
    return [
        Submission(
            student,
            stem,
            _source(found.handed, path),
            found.content,
            found.problem,
            tuple(
                note
                for note in (*notes, found.handed.owner.note, found.note, *_passed_over(others[stem], stem))
                if note
            ),
            {key: cleaned(value) for key, value in found.handed.owner.identity.items()},
        )
        for stem, found in best.items()
    ]


def _read(handed, wanted):
    content, problem, metadata, cells = None, "", "", ""
    if not handed.is_notebook and handed.name:
        problem = f"What was handed in is `{cleaned(handed.name)}`; wanted a notebook (.ipynb)."
    else:
        try:
            content = handed.file.read()
            metadata, cells = assignments.told_by(content)
        except UnreadableFile as unreadable:
            problem = str(unreadable)
    folder = next(filter(None, map(assignments.named, handed.folders)), "")
    by_name = assignments.contained(stem_of(handed.name))
    around = next(filter(None, map(assignments.named, handed.around)), "") if handed.name else ""
    told = metadata or folder or by_name or around or cells
    if not (wanted or told):
        return _Read(handed, "", content, problem or NO_EXERCISE, 1, "")
    if wanted:
        agrees = 2 if told == wanted else 0 if told else 1
        note = f"By itself it would be taken for {told}." if agrees == 0 else ""
        return _Read(handed, wanted, content, problem, agrees, note)
    astray = folder not in ("", told)
    note = f"It lies in the folder of {folder}, and says of itself that it is {told}." if astray else ""
    return _Read(handed, told, content, problem, 0 if astray else 2, note)


def _passed_over(others, stem):
    """What the teacher should know of the files that do not count."""
    later = [handed for handed, problem in others if not problem]
    if later:
        yield f"Of {len(later) + 1} notebooks for {stem} this one counts; not judged: {_names(later)}."
    yield from _set_aside(others)


def _set_aside(others):
    unreadable = [(handed, problem) for handed, problem in others if problem not in ("", NO_EXERCISE)]
    for handed, problem in unreadable[:5]:
        yield f"Besides, there is {_names([handed])}, which could not be read. {problem}"


def _names(those):
    shown = ", ".join(f"`{cleaned('/'.join(handed.file.parts), 200)}`" for handed in those[:5])
    return shown + (f" and {len(those) - 5} more" if len(those) > 5 else "")


def _source(handed, path):
    inside = cleaned("/".join(handed.file.parts), 300)
    return inside if path.is_dir() else f"{cleaned(path.name)}: {inside}"

"""Finding the submissions of a class in a folder or a zip."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_course import lessons

from ..records import Submission
from . import assignments
from .files import UnreadableFile, files_in
from .layout import Handed, handed_in, stem_of
from .people import cleaned, look_alikes, told_apart
from .platforms import BLACKBOARDS_NOTE

# Of one student: more is not looked into, so that nobody keeps everybody waiting.
MOST_NOTEBOOKS = 50
MOST_BYTES = 100 << 20  # without outputs
MOST_READ = 1 << 30  # with them
NO_EXERCISE = "It is no exercise of this course, by its metadata, its folder, its name or its cells."


@dataclass(frozen=True)
class _Read:
    """One notebook, read, with what it is said to be."""

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
        return self.content is not None, self.agrees, *_when(handed), by_name, handed.file.parts


def collect(path, assignment=None, own=()):
    """The submissions in a folder or a zip: of everybody who handed in anything.

    Understood are nbgrader's layout, ``<student>/<assignment>/<notebook>.ipynb`` (from the course's folder, from
    ``submitted``, or from a folder in it), and its exchange; a folder a student; files like ``ada_04_gates.ipynb``; and
    what Moodle, Canvas, Blackboard, Gradescope and Brightspace export (see `platforms`), zipped or unpacked. A zip is
    read where it is; no link is followed.

    Which exercise a notebook is, is told by `assignment`, or else by its metadata, its folder, its name or the grade
    ids of its cells, in this order. Of several notebooks of one student for one exercise the last counts: by the
    platform's number or time, then by the time of change, then by name. A student who handed in something other than a
    notebook is listed with a sentence that says what it was. If nothing tells which exercise it was for, and everything
    else is for one and the same, it is taken to be for that one.

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
        By student and assignment, with no pair twice. One that cannot be judged has a `problem`. The content of a
        large notebook is without its outputs.

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
    submissions = _guessed(submissions)
    return sorted(submissions, key=lambda found: (found.student, found.assignment))


def _guessed(submissions):
    """If everything is for one exercise, what could not be read and says nothing is taken to be for it, too."""
    stems = {found.assignment for found in submissions if found.assignment}
    if len(stems) != 1:
        return submissions
    known = {found.student for found in submissions if found.assignment}
    return [
        replace(found, assignment=min(stems)) if found.content is None and found.student not in known else found
        for found in submissions
    ]


def _of_one(theirs, wanted, student, notes, path):
    """The submissions of one student."""
    notebooks = [handed for handed in theirs if handed.is_notebook]
    best, others, notes = _best(notebooks, wanted, notes)
    beside, instead = [], defaultdict(list)
    for handed in theirs:
        if not handed.is_notebook:
            stem = wanted or _told(handed)
            if stem in best or (best and not stem):
                beside.append((stem, handed))
            else:
                instead[stem].append(handed)
    if "" in instead and len(instead) > 1:
        loose = instead.pop("")
        for those in instead.values():
            those += loose
    attempts = {handed.owner.attempt for handed in notebooks}
    submissions = []
    for stem, found in best.items():
        those = [handed for told, handed in beside if told in ("", stem)]
        without = [handed for handed in those if handed.owner.attempt not in attempts]
        noted = (*notes, found.handed.owner.note, found.note, *_passed_over(others[stem], stem))
        noted += tuple(_attempts(found.handed, without))
        submissions.append(
            Submission(
                student=student,
                assignment=stem,
                source=_source(found.handed, path),
                content=found.content,
                problem=found.problem,
                notes=tuple(filter(None, noted)),
                identity=_identity(found.handed),
                remarks=tuple(_typed(those)),
            )
        )
    for stem, those in instead.items():
        last = max(those, key=_when)
        problem = f"What was handed in is {_listed(those)}, no notebook; wanted a notebook (.ipynb)."
        noted = tuple(filter(None, (*notes, last.owner.note)))
        source, identity = _source(last, path), _identity(last)
        submissions.append(
            Submission(student, stem, source, content=None, problem=problem, notes=noted, identity=identity)
        )
    return submissions


def _best(notebooks, wanted, notes):
    """The notebook that counts for each exercise, the others, and the notes with what is to be said of all.

    One that does not count is forgotten as soon as another does.
    """
    best, others, size, read = {}, defaultdict(list), 0, 0
    for count, handed in enumerate(sorted(notebooks, key=_when, reverse=True)):
        if count == MOST_NOTEBOOKS or size > MOST_BYTES or read > MOST_READ:
            notes = [*notes, f"There are {len(notebooks)} notebooks; only the last {count} were looked at."]
            break
        found = _read(handed, wanted)
        size, read = size + len(found.content or b""), read + handed.file.size
        rival = best.get(found.assignment)
        if rival is None or found.rank > rival.rank:
            best[found.assignment], found = found, rival
        if found is not None:
            others[found.assignment].append((found.handed, found.problem))
    if len(best) > 1 and "" in best:
        unclear = best.pop("")
        aside = [(unclear.handed, unclear.problem), *others.pop("", [])]
        notes = [*notes, *_set_aside(aside)]
    return best, others, notes


def _read(handed, wanted):
    content, problem, metadata, cells = None, "", "", ""
    try:
        content = handed.file.read()
        metadata, cells = assignments.told_by(content)
    except UnreadableFile as unreadable:
        problem = str(unreadable)
    folder = _told_by_folder(handed)
    told = metadata or _told(handed) or cells
    if not (wanted or told):
        return _Read(handed, "", content, problem or NO_EXERCISE, 1, "")
    if wanted:
        agrees = 2 if told == wanted else 0 if told else 1
        note = f"By itself it would be taken for {told}." if agrees == 0 else ""
        return _Read(handed, wanted, content, problem, agrees, note)
    astray = folder not in ("", told)
    note = f"It lies in the folder of {folder}, and says of itself that it is {told}." if astray else ""
    return _Read(handed, told, content, problem, 0 if astray else 2, note)


def _told(handed):
    """Which exercise it is for, by the names of folders and file, or the empty string."""
    around = next(filter(None, map(assignments.named, handed.around)), "") if handed.name or handed.file.empty else ""
    return _told_by_folder(handed) or assignments.contained(stem_of(handed.name)) or around


def _told_by_folder(handed):
    return next(filter(None, map(assignments.named, handed.folders)), "")


def _when(handed):
    return handed.owner.attempt, handed.owner.upload, handed.file.time


def _passed_over(others, stem):
    """What the teacher should know of the notebooks that do not count."""
    later = [handed for handed, problem in others if not problem]
    if later:
        yield f"Of {len(later) + 1} notebooks for {stem} this one counts; not judged: {_names(later)}."
    yield from _set_aside(others)


def _set_aside(others):
    unreadable = [(handed, problem) for handed, problem in others if problem not in ("", NO_EXERCISE)]
    for handed, problem in unreadable[:5]:
        yield f"Besides, there is {_names([handed])}, which could not be read. {problem}"


def _attempts(counts, without):
    """What the teacher should know of attempts without a notebook."""
    for when, those in (
        ("A later", [handed for handed in without if handed.owner.attempt > counts.owner.attempt]),
        ("An earlier", [handed for handed in without if handed.owner.attempt < counts.owner.attempt]),
    ):
        if those:
            yield f"{when} attempt holds {_listed(those)}, and no notebook."


def _typed(beside):
    """What the teacher may like to know: something was typed besides, perhaps for them."""
    those = [handed for handed in beside if handed.owner.typed not in ("", BLACKBOARDS_NOTE)]
    if those:
        yield f"Besides the notebook there is {_listed(those)}, which is not judged."


def _listed(those):
    """What they are, in words; Blackboard's note goes with every attempt and is named only where it is alone."""
    said = sorted({handed.said: bool(handed.owner.typed) for handed in those}.items(), key=lambda each: each[::-1])
    said = [words for words, _ in said]
    said = [words for words in said if words != BLACKBOARDS_NOTE] or said
    said = said[:5] + ([f"{len(said) - 5} more"] if len(said) > 5 else [])
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _names(those):
    shown = ", ".join(f"`{cleaned('/'.join(handed.file.parts), 200)}`" for handed in those[:5])
    return shown + (f" and {len(those) - 5} more" if len(those) > 5 else "")


def _identity(handed):
    return {key: cleaned(value) for key, value in handed.owner.identity.items()}


def _source(handed, path):
    inside = cleaned("/".join(handed.file.parts), 300)
    return inside if path.is_dir() else f"{cleaned(path.name)}: {inside}"

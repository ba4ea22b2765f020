"""The assignments that can be judged: the course's lessons, and a teacher's own questions from a folder.

In such a folder, ``04_gates.py`` (with ``QUESTIONS``, as in ``lstm_course/questions/``) changes the lesson of that
name: a question replaces the course's question of the same id, or is added to the lesson. A file of any other name,
``30_midterm.py``, is a separate assignment. Its exercise, ``30_midterm.ipynb``, is in the same folder and contains the
cells that are provided to everybody.
"""

import functools
import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons, questions

from . import notebook_file
from .exercises import Exercises
from .version import package_digest


@dataclass(frozen=True)
class Assignment:
    """An exercise and its questions.

    Attributes
    ----------
    stem : str
        ``"04_gates"``.
    questions : tuple of Question or Choice
        Those that give points, in their order.
    provided : dict of str to str
        Sources of the cells that the course provides, by grade id.
    version : str
        Of the exercise, or empty.
    templates : tuple of str
        Sources of all code cells as handed out.
    fingerprint : str
        Changes whenever the questions or the exercise change.
    """

    stem: str
    questions: tuple
    provided: dict
    version: str
    templates: tuple
    fingerprint: str

    @property
    def possible(self):
        return sum(question.points for question in self.questions)


class Bank:
    """All assignments.

    Parameters
    ----------
    folder : path, optional
        Of a teacher's own questions.

    Attributes
    ----------
    exercises : Exercises
        Which assignments there are.

    Raises
    ------
    ValueError, OSError
        If the folder, or a file in it, is not as described above.
    """

    def __init__(self, folder=None):
        self._folder = None if folder is None else Path(folder)
        self._own = {} if folder is None else _questions_in(self._folder)
        self._assignments = {}
        self.exercises = Exercises(self._own)

    def assignment(self, stem):
        """The assignment of that stem."""
        if stem not in self._assignments:
            self._assignments[stem] = self._load(stem)
        return self._assignments[stem]

    def _load(self, stem):
        by_id, path = {}, self._folder and self._folder / f"{stem}.ipynb"
        if any(lesson.stem == stem for lesson in lessons.LESSONS):
            by_id = {question.id: question for question in questions.of_lesson(stem)}
            if stem not in self._own or not path.is_file():
                path = lessons.course_root() / "exercises" / f"{stem}.ipynb"
        elif not path.is_file():
            raise ValueError(f"questions: {stem}.py needs its exercise {path.name} in the same folder")
        by_id |= {question.id: question for question in self._own.get(stem, ())}
        exercise = notebook_file.read(path)
        code = [cell for cell in exercise.cells if cell.cell_type == "code"]
        scored = tuple(question for question in by_id.values() if question.points)
        return Assignment(
            stem=stem,
            questions=scored,
            provided={cell.grade_id: cell.source for cell in code if cell.is_provided},
            version=exercise.version,
            templates=tuple(cell.source for cell in code),
            fingerprint=self._fingerprint(stem, path, scored),
        )

    def _fingerprint(self, stem, exercise, scored):
        digest = hashlib.sha256(self._package.encode() + exercise.read_bytes())
        digest.update(json.dumps([(question.id, question.points) for question in scored]).encode())
        if stem in self._own:
            digest.update((self._folder / f"{stem}.py").read_bytes())
        return digest.hexdigest()[:16]

    @property
    def files(self):
        """The files of a teacher's own questions, as pairs of name and content; with them another machine can make this
        bank, too."""
        paths = () if self._folder is None else sorted(self._folder.glob("[0-9][0-9]_*"))
        return tuple((each.name, each.read_bytes()) for each in paths if each.suffix in (".py", ".ipynb"))

    @functools.cached_property
    def _package(self):
        return package_digest()


def _questions_in(folder):
    """The questions of each file in a teacher's folder, by its stem."""
    if not folder.is_dir():
        raise ValueError(f"questions: {folder} is not a folder")
    own = {path.stem: _questions_of(path) for path in sorted(folder.glob("[0-9][0-9]_*.py"))}
    if not own:
        raise ValueError(f"questions: {folder} contains no file with a name such as 04_gates.py")
    return own


def _questions_of(path):
    spec = importlib.util.spec_from_file_location(f"own_questions_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        raise ValueError(f"questions: {path.name} does not run ({type(problem).__name__}: {problem})") from None
    own = getattr(module, "QUESTIONS", ())
    kinds = (questions.Question, questions.Choice)
    if not own or not isinstance(own, (tuple, list)) or not all(isinstance(each, kinds) for each in own):
        raise ValueError(f"questions: {path.name} defines no QUESTIONS; wanted a tuple of Question and Choice")
    number, seen = path.stem[:2] + "-", set()
    for question in own:
        if not str(question.id).startswith(number):
            raise ValueError(f"questions: in {path.name} every id must start with {number}, got {question.id!r}")
        if question.id in seen:
            raise ValueError(f"questions: {path.name} contains {question.id!r} twice")
        if not isinstance(question.points, (int, float)) or not 0 <= question.points < 1e6:
            raise ValueError(f"questions: {question.id}: wanted points of 0 or more, got {question.points!r}")
        for mistake in (*getattr(question, "mistakes", ()), *getattr(question, "raising", ())):
            if not mistake.at_hand:
                raise ValueError(
                    f"questions: {path.name}: mistake {mistake.name!r} of {question.id} is an edit that does not "
                    "match a solution of the course; write it as a function"
                )
        seen.add(question.id)
    return tuple(own)

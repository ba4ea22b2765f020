"""The assignments that can be judged: the course's lessons, and a teacher's own questions in a folder of theirs.

In such a folder, ``04_gates.py`` (with ``QUESTIONS``, as in ``lstm_course/questions/``) changes the lesson of that
name: a question with the id of one of the course's takes its place, any other is asked besides. A file of another
name, ``30_midterm.py``, is an assignment of its own; its exercise, ``30_midterm.ipynb``, lies beside it and gives the
cells that all are provided with.
"""

import functools
import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons, questions

from . import notebook_file
from .version import package_digest


@dataclass(frozen=True)
class Assignment:
    """An exercise and what is asked in it.

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
        Changes when the questions or the exercise do.
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
        A teacher's own questions.

    Raises
    ------
    ValueError, OSError
        If the folder, or a file in it, is not as described above.
    """

    def __init__(self, folder=None):
        self._own, self._known = {}, {}
        if folder is None:
            return
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise ValueError(f"questions: {folder} is no folder")
        for path in sorted(self._folder.glob("[0-9][0-9]_*.py")):
            self._own[path.stem] = _load(path)
        if not self._own:
            raise ValueError(f"questions: there is no file such as 04_gates.py in {folder}")

    @property
    def own(self):
        """The stems for which the folder has questions."""
        return tuple(self._own)

    def stem(self, name):
        """The stem of the assignment that `name` (a stem, a number, a path) stands for, or the empty string."""
        own = Path(str(name)).stem
        if own in self._own:
            return own
        try:
            return lessons.find(name).stem
        except ValueError:
            return ""

    def stem_of(self, notebook, name=""):
        """The assignment that a notebook belongs to: by its metadata, its name, or its cells; empty if none."""
        for said in (notebook.exercise, name):
            if said and self.stem(said):
                return self.stem(said)
        for cell in notebook.cells:
            for stem in (*self._own, *(lesson.stem for lesson in lessons.LESSONS)):
                if cell.grade_id.startswith(stem[:2] + "-"):
                    return stem
        return ""

    def assignment(self, stem):
        """The assignment of that stem."""
        if stem not in self._known:
            self._known[stem] = self._made(stem)
        return self._known[stem]

    def _made(self, stem):
        own = self._own.get(stem, ())
        beside = self._folder / f"{stem}.ipynb" if own else None
        if any(lesson.stem == stem for lesson in lessons.LESSONS):
            asked = {question.id: question for question in questions.of_lesson(stem)}
            path = lessons.course_root() / "exercises" / f"{stem}.ipynb"
        elif beside.is_file():
            asked, path = {}, beside
        else:
            raise ValueError(f"questions: {stem}.py has no exercise {beside.name} beside it")
        if beside is not None and beside.is_file():
            path = beside
        asked |= {question.id: question for question in own}
        exercise = notebook_file.read(path)
        code = [cell for cell in exercise.cells if cell.cell_type == "code"]
        scored = tuple(question for question in asked.values() if question.points)
        return Assignment(
            stem,
            scored,
            {cell.grade_id: cell.source for cell in code if cell.is_provided},
            exercise.version,
            tuple(cell.source for cell in code),
            self._fingerprint(stem, path, scored),
        )

    def _fingerprint(self, stem, exercise, asked):
        digest = hashlib.sha256(self._package.encode() + exercise.read_bytes())
        digest.update(json.dumps([(question.id, question.points) for question in asked]).encode())
        if stem in self._own:
            digest.update((self._folder / f"{stem}.py").read_bytes())
        return digest.hexdigest()[:16]

    @functools.cached_property
    def _package(self):
        return package_digest()


def _load(path):
    spec = importlib.util.spec_from_file_location(f"own_questions_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        raise ValueError(f"questions: {path.name} does not run ({type(problem).__name__}: {problem})") from None
    asked = getattr(module, "QUESTIONS", ())
    kinds = (questions.Question, questions.Choice)
    if not asked or not isinstance(asked, (tuple, list)) or not all(isinstance(each, kinds) for each in asked):
        raise ValueError(f"questions: {path.name} has no QUESTIONS, a tuple of Question and Choice")
    number, seen = path.stem[:2] + "-", set()
    for question in asked:
        if not str(question.id).startswith(number):
            raise ValueError(f"questions: in {path.name} an id starts with {number}, and {question.id!r} does not")
        if question.id in seen:
            raise ValueError(f"questions: {path.name} has {question.id!r} twice")
        if not isinstance(question.points, (int, float)) or not 0 <= question.points < 1e6:
            raise ValueError(f"questions: {question.id}: wanted points of 0 or more, got {question.points!r}")
        for mistake in (*getattr(question, "mistakes", ()), *getattr(question, "raising", ())):
            if not mistake.at_hand:
                raise ValueError(
                    f"questions: {path.name}: mistake {mistake.name!r} of {question.id} is an edit that fits no "
                    "solution of the course; write a function that makes it"
                )
        seen.add(question.id)
    return tuple(asked)

"""Judging a notebook from its file: the learner's cells run apart, their values are judged here."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons, questions

from .isolation import Cell, run_apart
from .judge import judge
from .version import stale_exercise


class UnreadableNotebook(ValueError):
    """The file cannot be judged; the message says why, in one sentence."""


@dataclass(frozen=True)
class Report:
    """The verdicts on one notebook.

    Attributes
    ----------
    notebook : str
        The path as it was given.
    questions : tuple of Verdict
    notes : tuple of str
        Sentences about the notebook as a whole.
    """

    notebook: str
    questions: tuple
    notes: tuple = ()

    @property
    def earned(self):
        return sum(verdict.earned for verdict in self.questions)

    @property
    def possible(self):
        return sum(verdict.possible for verdict in self.questions)

    def as_dict(self):
        """What ``lstm-course check --json`` prints of it."""
        return {
            "notebook": self.notebook,
            "earned": self.earned,
            "possible": self.possible,
            "questions": [
                {
                    "id": verdict.question,
                    "earned": verdict.earned,
                    "possible": verdict.possible,
                    "verdict": verdict.verdict,
                    "message": verdict.message,
                }
                for verdict in self.questions
            ],
        }


def check_notebook(path, timeout=60.0, memory_mb=4096, seed=None):
    """Judge the answers in an exercise notebook.

    Parameters
    ----------
    path : str or pathlib.Path
    timeout : float
        Seconds for the whole notebook; one that hangs costs the questions that hang, not the others.
    memory_mb : int
        Memory for the process that runs the answers, where the system can limit it.
    seed : int, optional
        Of the cases; a fresh one where not given.

    Returns
    -------
    Report

    Raises
    ------
    UnreadableNotebook
        If there is no such file, it is no notebook, or it is no exercise of this course.
    """
    notebook = _read(path)
    lesson = _lesson_of(notebook, path)
    asked = [question for question in questions.of_lesson(lesson) if question.points]
    seed = secrets.randbits(32) if seed is None else seed
    cases = {question.id: question.draw(seed) for question in asked}
    arguments = {question.id: [question.arguments(case) for case in cases[question.id]] for question in asked}
    provided = _provided_cells(lesson)
    cells = [Cell(-k, source) for k, source in enumerate(provided.values(), start=1)]
    cells += _learners_cells(notebook, set(provided))
    run = run_apart(cells, asked, arguments, timeout, memory_mb)
    verdicts = tuple(judge(question, cases[question.id], run.outcomes[question.id], seed) for question in asked)
    verdicts = tuple(_blamed(verdict, notebook, run.problems) for verdict in verdicts)
    return Report(str(path), verdicts, _notes(notebook, lesson, run.problems))


def _read(path):
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnreadableNotebook(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise UnreadableNotebook(f"{path}: it cannot be read ({problem})") from None
    try:
        return _parse(text)
    except Exception as problem:  # a different kind for each way in which a file can be broken
        raise UnreadableNotebook(f"{path}: it is not a Jupyter notebook ({type(problem).__name__})") from None


@dataclass(frozen=True)
class _Cell:
    cell_type: str
    source: str
    metadata: dict


@dataclass(frozen=True)
class _Notebook:
    cells: list
    metadata: dict


def _parse(text):
    """What is judged of a notebook. Loading nbformat takes longer than judging does; only old files pay for it."""
    notebook = json.loads(text)
    if notebook["nbformat"] != 4:
        import nbformat

        notebook = nbformat.reads(text, as_version=4)
    cells = [
        _Cell(str(cell["cell_type"]), "".join(cell["source"]), dict(cell.get("metadata", {})))
        for cell in notebook["cells"]
    ]
    parsed = _Notebook(cells, dict(notebook["metadata"]))
    for part in (parsed, *cells):
        _forget_strange_metadata(part.metadata)
    return parsed


def _forget_strange_metadata(metadata):
    """What is not in the form in which we and nbgrader write it counts as not there."""
    for owner, key in (("lstm_course", "exercise"), ("nbgrader", "grade_id")):
        if owner in metadata:
            found = metadata[owner]
            if not isinstance(found, dict) or not isinstance(found.get(key, ""), str):
                del metadata[owner]


def _lesson_of(notebook, path):
    """From the notebook's own metadata; a file that lost it is known by its name."""
    name = notebook.metadata.get("lstm_course", {}).get("exercise") or Path(path).stem
    try:
        return lessons.find(name)
    except ValueError:
        pass
    for cell in notebook.cells:
        question_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        for lesson in lessons.LESSONS:
            if question_id.startswith(f"{lesson.number}-"):
                return lesson
    raise UnreadableNotebook(f"{path}: it is no exercise of this course, by its metadata, its name or its cells")


def _provided_cells(lesson):
    """The cells that the course provides, by their grade id: from the course, whatever the submission made of them."""
    path = lessons.course_root() / "exercises" / f"{lesson.stem}.ipynb"
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in _parse(path.read_text(encoding="utf-8")).cells
        if is_provided(cell)
    }


def is_provided(cell):
    """Whether a code cell is locked and neither an answer nor a check: imports and the like."""
    roles = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and roles.get("locked") and not roles.get("grade") and not roles.get("solution")


def _learners_cells(notebook, provided):
    return [
        Cell(index, cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
        and not cell.metadata.get("nbgrader", {}).get("grade")
        and cell.metadata.get("nbgrader", {}).get("grade_id") not in provided
    ]


def _blamed(verdict, notebook, problems):
    """A blank whose cell did not run is no blank: say what happened to the cell."""
    if verdict.verdict != "blank":
        return verdict
    for index, problem in problems.items():
        cell = notebook.cells[index] if index >= 0 else None
        if problem == "NotImplementedError":  # the stub that nbgrader puts where no function is asked for
            continue
        if cell is not None and cell.metadata.get("nbgrader", {}).get("grade_id") == verdict.question:
            return type(verdict)(
                verdict.question,
                "error",
                0,
                verdict.possible,
                f"The cell with this answer did not run: {problem}.",
                seed=verdict.seed,
            )
    return verdict


def _notes(notebook, lesson, problems):
    version = notebook.metadata.get("lstm_course", {}).get("version")
    notes = [stale_exercise(lesson.stem, version)] if version else []
    answers = {question.id for question in questions.of_lesson(lesson)}
    for index, problem in problems.items():
        grade_id = notebook.cells[index].metadata.get("nbgrader", {}).get("grade_id") if index >= 0 else "provided"
        if grade_id not in answers:
            notes.append(f"Cell {index + 1} did not run: {problem}.")
    return tuple(note for note in notes if note)

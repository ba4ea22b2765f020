"""Finding the submissions of a class in a folder or a zip."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_course.grading.exercises import Exercises
from lstm_course.grading.notebook_file import Notebook, examine

from ..records import Submission
from . import descriptions
from .descriptions import NO_EXERCISE
from .files import UnreadableFile, files_in, sentence
from .layout import SubmittedFile, stem_of, submitted_files
from .people import cleaned, distinct_names, similar_names

# Limits for one student, so that nobody keeps the others waiting.
MOST_NOTEBOOKS = 50
MOST_BYTES = 100 << 20  # without outputs
MOST_READ = 1 << 30  # with outputs


def collect(path, assignment=None, exercises=None):
    """The submissions in a folder or a zip, one for each student and exercise.

    These layouts are recognised: nbgrader's, ``<student>/<assignment>/<notebook>.ipynb`` (in the course's folder, in
    ``submitted``, or in a folder inside it), and its exchange; a folder for each student; files with names such as
    ``ada_04_gates.ipynb``; and the exports of Moodle, Canvas, Blackboard, Gradescope and Brightspace (see `platforms`),
    zipped or unpacked. A zip is read without being unpacked. Links are not followed.

    Unless `assignment` names the exercise, a notebook is identified by its metadata, then by the names of its folder
    and file, then by the grade ids of its cells. If a student submitted several notebooks for one exercise, the last
    one counts: by the platform's number or time, then by the time of the last change, then by name. A student who
    submitted something other than a notebook is listed with a sentence that describes it. If its exercise cannot be
    identified, and all other submissions are for the same exercise, it is taken to be for that one.

    Parameters
    ----------
    path : str or pathlib.Path
    assignment : str, optional
        The exercise of all notebooks, in any form that `Exercises.find` understands.
    exercises : Exercises, optional
        Those that are recognised; the course's own where not given.

    Returns
    -------
    list of Submission
        Sorted by student and assignment, with no pair twice. One that cannot be judged has a `problem`. The content of
        a large notebook is without its outputs.

    Raises
    ------
    FileNotFoundError
        If there is no such path.
    ValueError
        If the path is neither a folder nor a zip, if it contains no submissions, or if there is no such assignment.
    """
    path, exercises = Path(path), exercises or Exercises()
    collector = _Collector(path, exercises, exercises.find(assignment) if assignment else "")
    with files_in(path) as files:
        files_of = defaultdict(list)
        for file in submitted_files(files, path, exercises):
            files_of[file.owner.name, file.owner.id].append(file)
        if not files_of:
            raise ValueError(f"{path}: it contains no notebooks; wanted the notebooks of a class.")
        names = distinct_names(set(files_of))
        warnings = similar_names(names)
        submissions = []
        for person, own_files in files_of.items():
            student = names[person]
            submissions += collector.of_student(student, own_files, [warnings[student]] if student in warnings else [])
    submissions = _with_only_exercise(submissions)
    return sorted(submissions, key=lambda submission: (submission.student, submission.assignment))


def _with_only_exercise(submissions):
    """If all submissions are for one exercise, those without a notebook that are not identified are for it, too."""
    stems = {submission.assignment for submission in submissions if submission.assignment}
    if len(stems) != 1:
        return submissions
    students = {submission.student for submission in submissions if submission.assignment}
    return [
        replace(submission, assignment=min(stems))
        if submission.content is None and submission.student not in students
        else submission
        for submission in submissions
    ]


@dataclass(frozen=True)
class _Candidate:
    """A notebook that may count as a submission.

    Attributes
    ----------
    file : SubmittedFile
    assignment : str
        The stem of the exercise that it is taken for, or empty.
    content : bytes or None
        None where the file could not be read.
    notebook : Notebook
    unreadable : str
        Why the file could not be read, or empty.
    agreement : int
        2 if nothing contradicts the assignment, 1 if nothing supports it, 0 if something contradicts it.
    note : str
        What contradicts the assignment.
    """

    file: SubmittedFile
    assignment: str
    content: bytes | None
    notebook: Notebook
    unreadable: str
    agreement: int
    note: str

    @property
    def rank(self):
        """The highest counts: it can be read, nothing contradicts its assignment, and it is the newest."""
        by_name = re.sub(r"\d+", lambda digits: digits[0].zfill(20), stem_of(self.file.name))  # 9 before 10
        return self.content is not None, self.agreement, *self.file.time, by_name, self.file.entry.parts

    @property
    def problem(self):
        """Why it cannot be judged, or the empty string."""
        if self.unreadable or not self.assignment:
            return self.unreadable or NO_EXERCISE
        return self.notebook.problem and sentence(self.notebook.problem)


@dataclass(frozen=True)
class _Collector:
    """Makes the submissions, one student at a time."""

    root: Path
    exercises: Exercises
    assignment: str  # the exercise of all notebooks, if the teacher has named one

    def of_student(self, student, files, notes):
        """The submissions of one student, all with these notes for the teacher."""
        notebooks = [file for file in files if file.is_notebook]
        chosen, passed_over, choice_notes = self._choose(notebooks)
        beside, instead = self._other_files(files, chosen)
        submissions = []
        for stem, candidate in chosen.items():
            owner = candidate.file.owner
            mine = [file for other, file in beside if other in ("", stem)]
            submission_notes = [*notes, *choice_notes, owner.note, candidate.note]
            submission_notes += descriptions.not_judged(passed_over[stem], stem)
            submission_notes += descriptions.attempts_without_notebook(owner.attempt, mine, notebooks)
            submissions.append(
                self._submission(
                    candidate.file,
                    student,
                    stem,
                    submission_notes,
                    content=candidate.content,
                    notebook=None if candidate.problem else candidate.notebook,
                    problem=candidate.problem,
                    remarks=tuple(descriptions.typed_texts(mine)),
                )
            )
        for stem, others in instead.items():
            last = max(others, key=lambda file: file.time)
            submission_notes = [*notes, *choice_notes, last.owner.note]
            problem = descriptions.no_notebook(others)
            submissions.append(self._submission(last, student, stem, submission_notes, content=None, problem=problem))
        return submissions

    def _submission(self, file, student, stem, notes, **fields):
        inside = cleaned("/".join(file.entry.parts), 300)
        return Submission(
            student=student,
            assignment=stem,
            source=inside if self.root.is_dir() else f"{cleaned(self.root.name)}: {inside}",
            notes=tuple(filter(None, notes)),
            identity={key: cleaned(value) for key, value in file.owner.identity.items()},
            **fields,
        )

    def _choose(self, notebooks):
        """By exercise, the notebook that counts and the other files, each with the reason why it could not be read.

        A notebook that does not count is dropped from memory at once. Also returned are notes for all submissions.
        """
        chosen, passed_over, notes = {}, defaultdict(list), []
        kept_bytes = read_bytes = 0
        for count, file in enumerate(sorted(notebooks, key=lambda file: file.time, reverse=True)):
            if count == MOST_NOTEBOOKS or kept_bytes > MOST_BYTES or read_bytes > MOST_READ:
                notes.append(f"There are {len(notebooks)} notebooks; only the last {count} were looked at.")
                break
            candidate = self._candidate(file)
            kept_bytes, read_bytes = kept_bytes + len(candidate.content or b""), read_bytes + file.entry.size
            rival = chosen.get(candidate.assignment)
            if rival is None or candidate.rank > rival.rank:
                chosen[candidate.assignment], candidate = candidate, rival
            if candidate is not None:
                passed_over[candidate.assignment].append((candidate.file, candidate.unreadable))
        if len(chosen) > 1 and "" in chosen:
            unclear = chosen.pop("")
            notes += descriptions.unreadable([(unclear.file, unclear.unreadable), *passed_over.pop("", [])])
        return chosen, passed_over, notes

    def _candidate(self, file):
        content, notebook, unreadable = None, Notebook(), ""
        try:
            content = file.entry.read()
            notebook = examine(content)
        except UnreadableFile as problem:
            unreadable = str(problem)
        stem = self.exercises.of(notebook, self._names(file))
        in_folder_of = self.exercises.named(file.folders)
        agreement, note = (2 if stem else 1), ""
        if self.assignment and stem not in ("", self.assignment):
            agreement, note = 0, f"Its metadata, names or cells say that it is {stem}."
        elif not self.assignment and in_folder_of not in ("", stem):
            agreement, note = 0, f"It is in the folder of {in_folder_of}, but its metadata says that it is {stem}."
        return _Candidate(file, self.assignment or stem, content, notebook, unreadable, agreement, note)

    def _other_files(self, files, chosen):
        """The other files: those submitted with a notebook, each with its exercise, and those instead, by exercise."""
        beside, instead = [], defaultdict(list)
        for file in files:
            if not file.is_notebook:
                stem = self.assignment or self.exercises.named(self._names(file))
                if stem in chosen or (chosen and not stem):
                    beside.append((stem, file))
                else:
                    instead[stem].append(file)
        if "" in instead and len(instead) > 1:
            unclear = instead.pop("")
            for others in instead.values():
                others += unclear
        return beside, instead

    def _names(self, file):
        """The names that may identify a file's exercise, in the order in which they count.

        The file's own name counts only if it contains number and words: ``forecasting.ipynb`` may be a draft, and
        ``4.ipynb`` the fourth of something.
        """
        own = self.exercises.contained(stem_of(file.name))
        outer = file.outer_names if file.name or file.entry.empty else ()
        return [*file.folders, own, *outer]

"""Which exercise a notebook is a copy of; ``lstm-course check`` and the grading of a class both decide it here."""

import functools
import re
from pathlib import Path

from lstm_course import lessons

SEPARATORS = " _-.,"


class Exercises:
    """The exercises of the course and a teacher's own, and how names and notebooks refer to them.

    Parameters
    ----------
    own : iterable of str
        Stems of the teacher's own exercises, ``"30_midterm"``; a lesson's stem may be among them.
    """

    def __init__(self, own=()):
        stems = dict.fromkeys([*(lesson.stem for lesson in lessons.LESSONS), *own])
        self._patterns = {stem: _pattern(stem) for stem in stems}
        self._by_number = {stem[:2]: stem for stem in reversed(stems)}  # where two share a number, the first counts
        self.contained = functools.lru_cache(4096)(self.contained)  # a class has the same folder names again and again

    def find(self, name):
        """The stem of the exercise that `name` stands for: a stem, a number, a slug, or a path that ends in one.

        Raises
        ------
        ValueError
            If there is no such exercise; the message lists the lessons.
        """
        stem = Path(str(name)).stem
        return stem if stem in self._patterns else lessons.find(name).stem

    def called(self, name):
        """The same as `find`, but the empty string where there is no such exercise."""
        try:
            return self.find(name)
        except ValueError:
            return ""

    def contained(self, name):
        """The stem of the exercise whose number and words are in a name, or the empty string.

        The separators do not matter: ``"04_gates"`` is in ``"ada_04_gates"``, ``"4-gates"`` and ``"04 Gates ada"``.
        """
        return next((stem for stem, pattern in self._patterns.items() if pattern.search(name)), "")

    def named(self, names):
        """The stem of the exercise that the first of several names contains or is called by, or the empty string."""
        return next(filter(None, (self.contained(name) or self.called(name) for name in names)), "")

    def left_of(self, name):
        """The rest of a name without its exercise: ``"ada"`` of ``"ada_04_gates"`` and of ``"04_gates ada"``."""
        stem = self.contained(name)
        pieces = self._patterns[stem].split(name, maxsplit=1) if stem else [name]
        return " ".join(filter(None, (piece.strip(SEPARATORS) for piece in pieces)))

    def is_name(self, name):
        """Whether a name consists of an exercise's number and words, and nothing else."""
        return bool(self.contained(name)) and not self.left_of(name)

    def end_in(self, name, stem):
        """The index at which the number and words of an exercise end in a name, or None where they are not in it."""
        match = self._patterns[stem].search(name) if stem else None
        return match and match.end()

    def of(self, notebook, names=()):
        """The stem of the exercise that a notebook is a copy of, or the empty string.

        The notebook's metadata counts first, then the names, then the grade ids of its cells.

        Parameters
        ----------
        notebook : Notebook
        names : iterable of str
            Of its folder and its file, without the ending, in the order in which they count.
        """
        return self.called(notebook.exercise) or self.named(names) or self._by_grade_ids(notebook)

    def _by_grade_ids(self, notebook):
        numbers = (cell.grade_id[:2] for cell in notebook.cells if cell.grade_id[2:3] == "-")
        return next((self._by_number[number] for number in numbers if number in self._by_number), "")


def _pattern(stem):
    """Matches the number and the words of a stem with any separators: "04_gates", "4-gates", "04 Gates"."""
    number, *words = stem.split("_")
    parts = r"[\W_]*".join(map(re.escape, [str(int(number)), *words]))
    return re.compile(r"(?<![^\W_])0?" + parts + r"(?![^\W_])", re.IGNORECASE)

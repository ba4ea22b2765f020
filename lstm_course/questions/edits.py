"""Mistakes as edits of the published solution: `edit("f * c", "(1 - f) * c")` is its function with that one change."""

import copy
import functools
import importlib
import re
from dataclasses import dataclass, field

from . import solved


@dataclass(frozen=True)
class Edit:
    """Replacements in the text of a solution; `edit` makes one.

    Attributes
    ----------
    changes : tuple of (str, str)
        What stands there, exactly once, and what is put in its place, one after the other.
    """

    changes: tuple

    def applied_to(self, source):
        """The source with every change made.

        Raises
        ------
        ValueError
            If a text that is to be replaced does not stand there, or more than once.
        """
        for old, new in self.changes:
            times = source.count(old)
            if times != 1:
                raise ValueError(f"edit: {old!r} stands {times} times in the solution; wanted exactly once")
            source = source.replace(old, new)
        return source


def edit(old, new, *more):
    """A mistake that changes the published solution.

    Parameters
    ----------
    old, new : str
        A piece of the solution, which must stand there exactly once, and what the mistake puts in its place.
    more : str
        Further pairs, each made in what the one before has left. Lines that follow the first of a piece carry the
        indentation of the notebook.

    Returns
    -------
    Edit
        For the third argument of `Mistake`.

    Raises
    ------
    ValueError
        If a text is given without its replacement, is empty, or stays as it is.
    """
    texts = (old, new, *more)
    if len(texts) % 2:
        raise ValueError(f"edit: {texts[-1]!r} has no replacement; wanted pairs of old and new text")
    for before, after in zip(texts[::2], texts[1::2], strict=True):
        if not before or before == after:
            raise ValueError(f"edit: {before!r} is replaced by {after!r}; wanted a text and a different one")
    return Edit(tuple(zip(texts[::2], texts[1::2], strict=True)))


@dataclass(frozen=True)
class Edited:
    """The wrong answer that an edit makes of the solution of a question, called as the answer is.

    The notebook is read when the answer is first called, so that loading the questions costs nothing, and only by the
    judge: a process that runs somebody's answer can read neither questions nor solutions.

    Attributes
    ----------
    question_id, name : str
        Of the question.
    provides : dict of str to str
        Functions of the course that the answer is lent, as in `lstm_course.probes.Probe`.
    edit : Edit
    """

    question_id: str
    name: str
    edit: Edit
    provides: dict = field(default_factory=dict, hash=False)

    @property
    def source(self):
        """The edited text of the solution."""
        return self.edit.applied_to(solved.answer_text(self.question_id))

    @property
    def at_hand(self):
        """Whether the solution is there and the edit fits; where the course is installed without its notebooks, or
        somebody has just changed a solution, answers are judged without this mistake."""
        try:
            return bool(self.source)
        except (OSError, ValueError):
            return False

    def __call__(self, *args, **kwargs):
        return self._function(*copy.deepcopy(args), **copy.deepcopy(kwargs))  # it may change them in place

    @functools.cached_property
    def _function(self):
        source = self.source
        names = solved.provided_names(self.question_id, source)
        for name, path in self.provides.items():
            module, _, attribute = path.partition(":")
            names[name] = getattr(importlib.import_module(module), attribute)
        exec(compile(source, f"<{self.question_id}, edited>", "exec"), names)
        return names[self.name]


def check_edits(question, source, place):
    """Complain of the edits of a question that do not fit its solution.

    Parameters
    ----------
    question : Question
    source : str
        Of the answer cell in the solved notebook.
    place : str
        The notebook, as the message names it.

    Raises
    ------
    ValueError
        If a text does not stand there exactly once, or if what comes of an edit is no Python; the message names the
        mistake.
    """
    for mistake in (*question.mistakes, *question.raising):
        if isinstance(mistake.answer, Edited):
            try:
                compile(mistake.answer.edit.applied_to(solved.without_marks(source)), "<edited>", "exec")
            except (ValueError, SyntaxError) as problem:
                reason = re.sub(r"^edit: ", "", str(problem))
                raise ValueError(f"{place}: {question.id!r}, mistake {mistake.name!r}: {reason}") from None

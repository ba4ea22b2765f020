"""Mistakes as edits: `edit("f * c", "(1 - f) * c")` is the published solution with that one change."""

import copy
import functools
import importlib
import re
from dataclasses import dataclass, field

from . import solved


@dataclass(frozen=True)
class Edit:
    """Replacements in the text of a solution, made by `edit`.

    Attributes
    ----------
    changes : tuple of (str, str)
        Pairs of old and new text, which are applied in order. Each old text must occur exactly once.
    """

    changes: tuple

    def applied_to(self, source):
        """The source with every change made.

        Raises
        ------
        ValueError
            If an old text does not occur exactly once.
        """
        for old, new in self.changes:
            count = source.count(old)
            if count != 1:
                raise ValueError(f"edit: {old!r} occurs {count} times in the solution; wanted exactly once")
            source = source.replace(old, new)
        return source


def edit(old, new, *more):
    """Describe a mistake as a change of the published solution.

    Parameters
    ----------
    old, new : str
        A piece of the solution, which must occur exactly once, and its replacement.
    more : str
        Further pairs of old and new text, applied to the result of the previous pair. In a piece of several lines,
        all lines but the first have the indentation of the notebook.

    Returns
    -------
    Edit
        For the third argument of `Mistake`.

    Raises
    ------
    ValueError
        If a text has no replacement, is empty, or equals its replacement.
    """
    texts = (old, new, *more)
    if len(texts) % 2:
        raise ValueError(f"edit: {texts[-1]!r} has no replacement; wanted pairs of old and new text")
    changes = tuple(zip(texts[::2], texts[1::2], strict=True))
    for old, new in changes:
        if not old or old == new:
            raise ValueError(f"edit: {old!r} is replaced by {new!r}; wanted a text and a different one")
    return Edit(changes)


@dataclass(frozen=True)
class Edited:
    """A wrong answer, made from the solution of a question by an edit; it is called like any answer.

    The notebook is read at the first call, so that loading the questions stays cheap. Only the judge calls it: a
    process that runs a learner's answer can read neither questions nor solutions.

    Attributes
    ----------
    question_id, name : str
        The question's id and name.
    edit : Edit
    provides : dict of str to str
        Functions of the course that the answer may use, as in `lstm_course.probes.Probe`.
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
        """Whether the solution can be read and the edit fits it.

        If the course is installed without its notebooks, or a solution has been changed, answers are judged without
        this mistake.
        """
        try:
            return bool(self.source)
        except (OSError, ValueError):
            return False

    def __call__(self, *args, **kwargs):
        return self._function(*copy.deepcopy(args), **copy.deepcopy(kwargs))  # arguments may be changed in place

    @functools.cached_property
    def _function(self):
        source = self.source
        names = solved.provided_names(self.question_id, source)
        for name, path in self.provides.items():
            module, _, attribute = path.partition(":")
            names[name] = getattr(importlib.import_module(module), attribute)
        exec(compile(source, f"<{self.question_id}, edited>", "exec"), names)
        return names[self.name]


def check_edits(question, source, notebook_name):
    """Check that the edits of a question fit its solution.

    Parameters
    ----------
    question : Question
    source : str
        The source of the answer cell in the solved notebook.
    notebook_name : str
        The notebook's name for the message.

    Raises
    ------
    ValueError
        If an old text does not occur exactly once, or the edited solution is not valid Python; the message names the
        mistake.
    """
    for mistake in (*question.mistakes, *question.raising):
        if isinstance(mistake.answer, Edited):
            try:
                compile(mistake.answer.edit.applied_to(solved.without_marks(source)), "<edited>", "exec")
            except (ValueError, SyntaxError) as problem:
                reason = re.sub(r"^edit: ", "", str(problem))
                raise ValueError(f"{notebook_name}: {question.id!r}, mistake {mistake.name!r}: {reason}") from None

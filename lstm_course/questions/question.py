"""What a question consists of. Comparing answers is the job of the judge in `grading`."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from lstm_course.probes import Probe

from .edits import Edit, Edited


@dataclass(frozen=True)
class Output:
    """One array of an answer.

    Attributes
    ----------
    name : str
        Its symbol in the equations: ``"c"``, ``"dW"``.
    axes : tuple of str
        The meaning of each axis: ``("sample", "unit")``. If there is an axis called ``"time step"``, the judge reports
        the earliest wrong step, or the latest if `backward` is true.
    backward : bool
        True for gradients, which are computed from the last step to the first.
    blocks : tuple of str
        For stacked gates, the names of the blocks of equal size along the first axis.
    """

    name: str
    axes: tuple
    backward: bool = False
    blocks: tuple = ()


@dataclass(frozen=True)
class Mistake:
    """A mistake that learners make: code that makes it and the sentence that explains it.

    Attributes
    ----------
    name, message : str
    answer : Edit or callable
        An `edit` of the published solution, which a `Question` turns into a function, or a wrong function that takes
        and returns the same things as the answer.
    recognise : callable, optional
        ``recognise(*returned)`` tells whether an answer shows this mistake. Without it, an answer shows the mistake if
        it returns the same numbers as `answer`; that is not enough if the answer is judged by its effect.
    """

    name: str
    message: str
    answer: Callable | Edit
    recognise: Callable | None = None

    @property
    def at_hand(self):
        """Whether `answer` can be called; an edit needs the solved notebook."""
        return not isinstance(self.answer, Edited) or self.answer.at_hand


@dataclass(frozen=True)
class Question:
    """A question that asks for a function.

    Attributes
    ----------
    id : str
        The lesson's number and a name: ``"04-forget-gate"``.
    name : str
        The name of the answer in the notebook.
    points : int
    outputs : tuple of Output
        The arrays to compare, in the order in which the reference returns them.
    cases : callable
        Takes a random generator and returns a list of dictionaries of arguments, drawn anew for each run. The first
        case is small, so that a card can show its numbers.
    reference : callable
        The package's own implementation, called with the same arguments.
    mistakes : tuple of Mistake
    hints : tuple of str
        Three hints in Markdown, from a question to nearly the answer.
    raising : tuple of Mistake
        Mistakes that make an answer raise an error; an answer shows the mistake if it raises the same error.
    returns : tuple of str
        Names of the values that the answer returns, if they differ from `outputs`.
    withheld : tuple of str
        Names of arguments that only the judge receives.
    observe : callable, optional
        For an answer that is judged by its effect, such as weights that are run: ``observe(case, *returned)`` returns
        the arrays to compare. It raises a ValueError if the answer cannot be used.
    tolerance : float
        Largest difference that counts as equal, relative to the largest magnitude in the reference.
    margin : float
        Largest absolute difference that counts as equal, for questions that state one.
    show : callable, optional
        ``show(case, place)`` returns text for the card about an argument that the answer never received, for the entry
        at `place`.
    seconds : float
        Time limit for each call.
    provides, forbids
        See `lstm_course.probes.Probe`.
    explain_right : str
        A sentence for the card of a right answer.
    """

    id: str
    name: str
    points: int
    outputs: tuple
    cases: Callable
    reference: Callable
    mistakes: tuple
    hints: tuple
    raising: tuple = ()
    returns: tuple = ()
    withheld: tuple = ()
    observe: Callable | None = None
    tolerance: float = 1e-5
    margin: float = 0.0
    show: Callable | None = None
    seconds: float = 5.0
    provides: dict = field(default_factory=dict)
    forbids: tuple = ()
    explain_right: str = ""

    def __post_init__(self):
        for kind in ("mistakes", "raising"):
            object.__setattr__(self, kind, tuple(self._with_function(mistake) for mistake in getattr(self, kind)))

    def _with_function(self, mistake):
        if not isinstance(mistake.answer, Edit):
            return mistake
        return replace(mistake, answer=Edited(self.id, self.name, mistake.answer, self.provides))

    @property
    def probe(self):
        returns = self.returns or tuple(output.name for output in self.outputs)
        return Probe(self.name, returns, self.provides, self.forbids, self.seconds)

    def draw(self, seed):
        """The cases for a seed."""
        return self.cases(np.random.default_rng(seed))

    def arguments(self, case):
        """The arguments of a case that the answer receives."""
        return {name: value for name, value in case.items() if name not in self.withheld}


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, with the explanation for readers who choose it."""

    text: str
    why: str


@dataclass(frozen=True)
class Choice:
    """A multiple-choice question: a prediction, a quiz question or something to think about.

    Attributes
    ----------
    id, name, points, hints
        As in `Question`. A prediction within a lesson has no points, no hints and no name.
    text : str
        The question in Markdown.
    options : dict of str to Option
        The answers by letter.
    right : str
        The letter of the right answer.
    """

    id: str
    text: str
    options: dict
    right: str
    name: str = ""
    points: int = 0
    hints: tuple = ()

    @property
    def probe(self):
        return Probe(self.name)

    def draw(self, seed):
        """One case without arguments, since the answer is a letter and not a function."""
        return [{}]

    def arguments(self, case):
        return case

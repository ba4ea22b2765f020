"""What a question consists of. The judge in `grading` knows how to use it; nothing here compares anything."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from lstm_course.probes import Probe

from .edits import Edit, Edited


@dataclass(frozen=True)
class Output:
    """One array that is compared.

    Attributes
    ----------
    name : str
        What the equations call it: ``"c"``, ``"dW"``.
    axes : tuple of str
        What each axis counts: ``("sample", "unit")``. An axis called ``"time step"`` tells the judge where to
        look first: at the earliest wrong step, or, where `backward`, at the latest.
    backward : bool
        True for gradients, which are computed from the last step to the first.
    blocks : tuple of str
        Names of the equal blocks of rows along the first axis, for stacked gates.
    """

    name: str
    axes: tuple
    backward: bool = False
    blocks: tuple = ()


@dataclass(frozen=True)
class Mistake:
    """A mistake that learners make, as code that makes it and the sentence that names it.

    `answer` is an `edit` of the published solution or a function that takes the same arguments as the answer and
    returns the same things, wrongly. A `Question` turns an edit into the function that it makes. An answer that is
    judged by what it does can be wrong in many ways; there `recognise(*returned)` says whether what was
    returned shows this mistake. Elsewhere an answer shows it when it returns the same numbers.
    """

    name: str
    message: str
    answer: Callable | Edit
    recognise: Callable | None = None

    @property
    def at_hand(self):
        """Whether `answer` can be called here; an edit needs the solution beside the package."""
        return not isinstance(self.answer, Edited) or self.answer.at_hand


@dataclass(frozen=True)
class Question:
    """A question that asks for a function.

    Attributes
    ----------
    id : str
        ``"04-forget-gate"``: the lesson's number, and the name of the card.
    name : str
        The name that the answer is bound to in the notebook.
    points : int
    outputs : tuple of Output
        What is compared, in the order in which the reference returns it.
    cases : callable
        From a random generator to a list of dictionaries of arguments, drawn afresh for each run. The first
        is small, so that a card can show its numbers.
    reference : callable
        The package's own implementation, called with the same arguments.
    mistakes : tuple of Mistake
    raising : tuple of Mistake
        Mistakes by which an answer raises an error; it shows one if it raises the same.
    hints : tuple of str
        Three, from a question to nearly the answer, in Markdown.
    returns : tuple of str
        Names of what the answer returns, where that differs from `outputs`.
    withheld : tuple of str
        Names of arguments that are drawn for the judge alone; the answer is called without them.
    observe : callable, optional
        ``observe(case, *returned)`` gives the arrays to compare, for an answer that is judged by what it does
        (weights that are run, say). It raises ValueError with a sentence for what cannot be used.
    tolerance : float
        Largest difference that counts as equal, as a share of the largest magnitude in the reference.
    margin : float
        A difference that counts as equal whatever the magnitude, where that is what the question promises.
    show : callable, optional
        ``show(case, place)`` gives, as text, what of a case a card should show that the answer never saw, for the
        entry at `place`.
    seconds : float
        For each call, after which a loop is stopped.
    provides, forbids : see `lstm_course.probes.Probe`
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
        """The cases that a seed stands for."""
        return self.cases(np.random.default_rng(seed))

    def arguments(self, case):
        """What of a case the answer is called with."""
        return {name: value for name, value in case.items() if name not in self.withheld}


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, with what to say to somebody who chose it."""

    text: str
    why: str


@dataclass(frozen=True)
class Choice:
    """A question with answers to choose from: a prediction, a quiz, something to think about.

    Attributes
    ----------
    id, name, points, hints
        As in `Question`. A prediction within a lesson has no points, no hints and no name.
    text : str
        What is asked, in Markdown.
    options : dict of str to Option
        Keyed by letter.
    right : str
        The letter of the right one.
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
        """One case, without arguments: the answer is a letter."""
        return [{}]

    def arguments(self, case):
        return case

"""How a cell or a process ended, where it did not end well."""

import enum
from dataclasses import dataclass


class Ending(enum.StrEnum):
    """What happened. Only this decides what is done about it."""

    RAISED = "raised"  # an exception
    SLOW = "slow"  # stopped, since it took too long
    MEMORY = "memory"  # ran out of memory
    DIED = "died"  # the process ended, by itself or by a signal
    GARBLED = "garbled"  # it sent what cannot be read


@dataclass(frozen=True)
class CellProblem:
    """What became of a cell.

    Attributes
    ----------
    ending : Ending
    text : str
        The same for people: a sentence without its beginning and its end.
    raised : str
        The class of the exception, if there was one.
    """

    ending: Ending
    text: str
    raised: str = ""

"""How a cell, or the process that ran it, failed."""

import enum
from dataclasses import dataclass


class Ending(enum.StrEnum):
    """The kind of failure. Decisions depend on this alone, never on the text."""

    RAISED = "raised"  # an exception was raised
    SLOW = "slow"  # it took too long and was stopped
    MEMORY = "memory"  # it ran out of memory
    DIED = "died"  # the process exited or was killed by a signal
    GARBLED = "garbled"  # the process sent something that cannot be decoded


@dataclass(frozen=True)
class CellProblem:
    """Why a cell failed.

    Attributes
    ----------
    ending : Ending
    text : str
        The reason for people to read, to be embedded in a sentence: "did not finish within 10 seconds".
    raised : str
        Name of the exception's class; empty if none was raised.
    """

    ending: Ending
    text: str
    raised: str = ""

"""How an answer is called, and which numbers it must return.

This is all that the process which runs an answer ever sees of a question: names, inputs, and the way to call.
What the numbers ought to be is known in `questions`, and compared in `grading`, elsewhere.
"""

from .call import Failure, Kind, Probe, Returned, call_answer
from .transport import pack, unpack

__all__ = ["Failure", "Kind", "Probe", "Returned", "call_answer", "pack", "unpack"]

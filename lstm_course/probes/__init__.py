"""How an answer is called, and which values it returns.

A process that runs an answer sees nothing else of its question: names, inputs, and the way to call it. The right values
are known to `questions` and compared in `grading`, in another process.
"""

from .call import Failure, Kind, Probe, Returned, call_answer
from .transport import pack, unpack

__all__ = ["Failure", "Kind", "Probe", "Returned", "call_answer", "pack", "unpack"]

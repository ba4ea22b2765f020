"""A process of its own for one submission, where there is no fork server: ``python -P -m lstm_course.isolation.fresh``.

On its standard input come two messages, the assignment and the job; on its standard output go the results. It puts
the system's limits on itself, and nothing more: what macOS and Windows offer.
"""

import os
import sys

from . import runner, wire

if sys.platform == "win32":
    limits = None  # Windows has none of them
else:
    from . import limits


def main():
    """Run one submission and end."""
    link = os.fdopen(os.dup(0), "rb")
    back = os.fdopen(os.dup(1), "wb", buffering=0)
    with open(os.devnull, "r+b") as nothing:
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)
    assignment = wire.receive(link.read, wire.LARGEST_JOB)
    job, _ = wire.receive(link.read, wire.LARGEST_JOB)
    runner.stand_in_for_the_judge()
    assignment = runner.prepare(*assignment)
    if limits is not None:
        limits.limit(job["memory_mb"], job["seconds"])

    def say(content, arrays):
        message = memoryview(wire.encode(content, arrays))
        while message:
            message = message[back.write(message) :]

    runner.run(assignment, job, say)


if __name__ == "__main__":
    main()
    os._exit(0)  # threads that a learner started must not keep the process alive

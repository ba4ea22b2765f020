"""A process of its own for one submission, without a fork server: ``python -P -m lstm_course.isolation.fresh``.

Its standard input delivers two messages, the assignment and the job; its standard output takes the results. The process
sets the system's resource limits for itself and nothing more, because macOS and Windows offer nothing more; the judge
watches its time and memory.
"""

import os
import sys
import threading

from . import runner, wire

if sys.platform == "win32":
    limits = None  # Windows has no resource limits
else:
    from . import limits


def main():
    """Run one submission."""
    link = os.fdopen(os.dup(0), "rb")
    results = os.fdopen(os.dup(1), "wb", buffering=0)
    with open(os.devnull, "r+b", buffering=0) as nothing:  # a buffer would have to seek, which Windows refuses here
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)
    content, arrays = wire.receive(link.read, wire.LARGEST_JOB)
    job, _ = wire.receive(link.read, wire.LARGEST_JOB)
    threading.Thread(target=_end_with_the_judge, args=(link.fileno(),), daemon=True).start()
    runner.stand_in_for_the_judge()
    assignment = runner.prepare(content, arrays)
    if limits is not None:
        limits.limit(job["memory_mb"], job["seconds"])

    def send(content, arrays):
        message = memoryview(wire.encode(content, arrays))
        while message:
            message = message[results.write(message) :]

    runner.run(assignment, job, send)


def _end_with_the_judge(descriptor):
    """Wait until the judge closes its end of the pipe. It does not do so while it lives."""
    os.read(descriptor, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
    os._exit(0)  # threads that a learner started must not keep the process alive

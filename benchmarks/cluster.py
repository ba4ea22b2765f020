"""Grading a class on a cluster of 1, 2 and 4 workers on this machine: ``python -m benchmarks.cluster``.

The scheduler, the workers and the process that grades share this machine's cores, so this measures what a cluster
costs; that more machines grade more in the same time, two cores cannot show.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import distributed

from . import environment
from .grading import STEM, grade_class, make_class
from .timing import table

SIZE = 200
WORKERS = (1, 2, 4)
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")


def show():
    """Print the table."""
    environment.show()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        few, many = SIZE // 10, SIZE
        for size in (few, many):
            make_class(folder / str(size), size)

        def row(name, *options):
            short, long = (grade_class(folder, size, *options)[0] for size in (few, many))
            each = (long - short) / (many - few)
            return [name, f"{long:.1f}", f"{1 / each:.0f}", f"{1000 * each:.1f}"]

        rows = [row(f"this machine, --workers {count}", "--workers", str(count)) for count in (1, 2)]
        for count in WORKERS:
            with _cluster(folder, count) as address:
                rows.append(row(f"cluster, workers: {count}", "--scheduler", address))
        head = ["", f"s for {many}", "submissions a second", "ms each"]
        table(f"lstm-course grade on {STEM}; the last two columns compare {few} with {many}", head, rows)


@contextlib.contextmanager
def _cluster(folder, count):
    """The address of a scheduler with so many workers of one thread."""
    file = folder / f"scheduler-{count}.json"
    with contextlib.ExitStack() as stack:
        stack.enter_context(_program("dask_scheduler", "--port", "0", "--scheduler-file", str(file)))
        while not (file.exists() and file.read_text().strip().endswith("}")):
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        for _ in range(count):
            options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
            stack.enter_context(_program("dask_worker", address, *options))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=120)
        yield address


@contextlib.contextmanager
def _program(name, *arguments):
    command = [sys.executable, "-m", f"distributed.cli.{name}", *arguments, *LOOPBACK]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    show()

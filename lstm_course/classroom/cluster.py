"""Judging on many machines: the workers of a ``dask.distributed`` cluster, each with a sandbox of its own.

One process, the one that runs `grade`, hands out small batches, receives the grades and writes them down. A worker
keeps its sandbox, with the libraries loaded in advance, from one batch to the next. When a worker ends, the scheduler
gives its batches to others; whatever is judged twice in this way is received once.

Whoever can reach the scheduler or a worker can run code there, so they belong on a network of their own, or use TLS;
the settings of ``dask.distributed`` hold here, too. Its workers run with the rights of whoever started them, as
`lstm-course grade` does, and the submissions run in the sandbox of each worker.
"""

import concurrent.futures
import contextlib
import logging
import sys
import threading

from lstm_course.grading.version import package_digest

from .judging import Judge

BATCH = 4  # submissions; the messages for one batch cost about as much as those for one submission
AHEAD = 2  # batches for each thread of a worker that are handed out at the same time
SECONDS_TO_ANSWER = 30


class Cluster:
    """The workers of a scheduler. A context manager.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ModuleNotFoundError
        If the package distributed is not installed.
    ValueError
        If nothing answers at that address, there is no worker, or a worker has another version of the course.
    """

    def __init__(self, address):
        try:
            import distributed
        except ModuleNotFoundError:
            message = "--scheduler needs the package distributed: python -m pip install -r requirements-cluster.txt"
            raise ModuleNotFoundError(message) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said here, in a sentence
        self._address = address
        try:
            self._client = distributed.Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise ValueError(f"scheduler: nothing answers at {address} ({problem})") from None
        try:
            self._compare_workers()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._client.close(timeout=5)

    def _compare_workers(self):
        found = self._client.run(_installed)
        if not found:
            raise ValueError(
                f"scheduler: no worker has joined {self._address}; start one with: dask worker {self._address}"
            )
        for worker, theirs in found.items():
            for what, here, there in zip(("the course", "Python"), _installed(), theirs, strict=True):
                if here != there:
                    raise ValueError(f"scheduler: the worker {worker} has another version of {what} than this machine")

    def level(self, isolation, check):
        """The level of isolation of the workers.

        Parameters
        ----------
        isolation : {"auto", "full", "process", "limits"}
        check : callable
            Called with `isolation` on each worker; returns the level or raises an error.

        Raises
        ------
        ValueError, OSError
            If a worker doesn't support it, or the workers differ.
        """
        levels = set(self._client.run(check, isolation).values())
        if len(levels) > 1:
            reached = ", ".join(sorted(levels))
            raise ValueError(f"isolation: the workers reach different levels ({reached}); choose one that all reach")
        return levels.pop()

    def judge(self, terms, bank, todo, keep):
        """Judge submissions.

        Parameters
        ----------
        terms : Terms
        bank : Bank
            Not used here: workers make their own from `terms`.
        todo : list of (int, Submission, str)
            Index, submission and digest of each.
        keep : callable
            Called here with the index and the grade of each as soon as it is known; what it returns is passed on.

        Yields
        ------
        index : int
        grade : Grade or None
            None where the worker ended each time that it was judged.

        Raises
        ------
        ConnectionError
            If the scheduler goes away.
        OSError
            If a worker cannot judge at all, because it cannot start its sandbox, for example.
        """
        from distributed import KilledWorker, as_completed

        waiting = [todo[k : k + BATCH] for k in range(0, len(todo), BATCH)]
        waiting.reverse()
        handed_out = {}

        def hand_out(running):
            threads = sum(self._client.nthreads().values())
            while waiting and len(handed_out) < AHEAD * max(threads, 1):
                batch = waiting.pop()
                future = self._client.submit(judge_batch, terms, [each[1:] for each in batch], pure=False)
                handed_out[future] = batch
                running.add(future)

        running = as_completed(loop=self._client.loop)
        while True:
            with self._scheduler_needed():
                hand_out(running)
                if not handed_out:
                    return
                future = next(running)
                problem = future.exception()
                if isinstance(problem, concurrent.futures.CancelledError):
                    raise problem
                grades = None if problem else future.result()
            batch = handed_out.pop(future)
            if isinstance(problem, KilledWorker):
                grades = [None] * len(batch)
            elif problem:
                raise OSError(f"scheduler: a worker could not judge ({problem})")
            for (index, _, _), grade in zip(batch, grades, strict=True):
                yield index, grade and keep(index, grade)

    @contextlib.contextmanager
    def _scheduler_needed(self):
        """Say in a sentence that the scheduler went away."""
        try:
            yield
        except (concurrent.futures.CancelledError, OSError) as problem:
            raise ConnectionError(
                f"scheduler: the one at {self._address} went away ({problem or type(problem).__name__}). The grades so "
                "far are kept; the same command resumes from here"
            ) from None


# --- on a worker ------------------------------------------------------------------------------------------------

_judges, _changing = {}, threading.Lock()  # a judge and how many threads use it, by terms


def judge_batch(terms, batch):
    """The grades of some submissions, on a worker.

    Parameters
    ----------
    terms : Terms
    batch : list of (Submission, str)
        Submission and digest of each.

    Returns
    -------
    list of Grade
    """
    with _judge_for(terms) as judge:
        return [judge.judge(*each) for each in batch]


@contextlib.contextmanager
def _judge_for(terms):
    """The worker's judge for these terms, made when it is first wanted; those that nobody uses any more are closed."""
    with _changing:
        for other in [each for each, (_, users) in _judges.items() if each != terms and not users]:
            _judges.pop(other)[0].__exit__()
        if terms not in _judges:
            _judges[terms] = [Judge(terms), 0]
        entry = _judges[terms]
        entry[1] += 1
    try:
        yield entry[0]
    finally:
        with _changing:
            entry[1] -= 1


def _installed():
    return package_digest(), sys.version_info[:2]

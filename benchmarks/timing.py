"""Timing in turns, and tables of times."""

import time

import numpy as np


def in_turns(contestants, seconds=2.0, least=7, most=60):
    """Time each contestant repeatedly, in turns, so that a slow moment affects all of them.

    Parameters
    ----------
    contestants : dict of str to callable
        Each does its work once and returns the seconds that count; see `timed`.
    seconds : float
        For all of them together; there are at least `least` and at most `most` rounds.

    Returns
    -------
    dict of str to array
        The seconds of each round.
    """
    for run in contestants.values():
        run()  # the first call includes one-off setup
    times = {name: [] for name in contestants}
    start, rounds = time.perf_counter(), 0
    while rounds < least or (rounds < most and time.perf_counter() - start < seconds):
        for name, run in contestants.items():
            times[name].append(run())
        rounds += 1
    return {name: np.array(taken) for name, taken in times.items()}


def timed(work, prepare=lambda: ()):
    """A contestant that runs ``work(*prepare())`` and counts only the work."""

    def run():
        arguments = prepare()
        start = time.perf_counter()
        work(*arguments)
        return time.perf_counter() - start

    return run


def ms(times, share=50):
    """A percentile of times in seconds, as text in milliseconds."""
    return f"{1000 * np.percentile(times, share):.2f}"


def table(title, head, rows):
    """Print rows under a head, with the first column aligned to the left and the others to the right."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    print(f"\n{title}")
    for row in (head, ["-" * width for width in widths], *rows):
        rest = (entry.rjust(width) for entry, width in zip(row[1:], widths[1:], strict=True))
        print("  " + "  ".join([row[0].ljust(widths[0]), *rest]))
    print(flush=True, end="")

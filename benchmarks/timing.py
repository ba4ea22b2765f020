"""Taking times in turns, and printing them."""

import time

import numpy as np


def in_turns(contestants, seconds=2.0, least=7, most=60):
    """Time each contestant again and again, one after the other: a slow moment hits all of them alike.

    Parameters
    ----------
    contestants : dict of str to callable
        Each does its work once and returns the seconds that counted; see `timed`.
    seconds : float
        For all of them; within this there are between `least` and `most` rounds.

    Returns
    -------
    dict of str to array
        The seconds of each round.
    """
    for run in contestants.values():
        run()  # the first call pays for what is set up once
    times = {name: [] for name in contestants}
    start, rounds = time.perf_counter(), 0
    while rounds < least or (rounds < most and time.perf_counter() - start < seconds):
        for name, run in contestants.items():
            times[name].append(run())
        rounds += 1
    return {name: np.array(taken) for name, taken in times.items()}


def timed(work, prepare=lambda: ()):
    """A contestant: ``work(*prepare())``, of which only the work counts."""

    def run():
        arguments = prepare()
        start = time.perf_counter()
        work(*arguments)
        return time.perf_counter() - start

    return run


def ms(times, share=50):
    """A percentile of some seconds, in milliseconds."""
    return f"{1000 * np.percentile(times, share):.2f}"


def table(title, head, rows):
    """Print rows under their head, the first column to the left and the others to the right."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    print(f"\n{title}")
    for row in (head, ["-" * width for width in widths], *rows):
        rest = (entry.rjust(width) for entry, width in zip(row[1:], widths[1:], strict=True))
        print("  " + "  ".join([row[0].ljust(widths[0]), *rest]))
    print(flush=True, end="")

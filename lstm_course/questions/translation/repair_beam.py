"""14-repair-beam: a beam search with three faults."""

import numpy as np
import torch

from lstm_course.results import translation

from ..edits import edit
from ..question import Mistake, Output, Question

LOG = ("np.log(p[y[-1], k])", "p[y[-1], k]")
STOP = ("if len(y) > 1 and y[-1] == 0:", "if len(y) > longest:")
BEST = ("sorted(extended, reverse=True)[:B]", "sorted(extended)[:B]")


def _is_clear(p, B, longest):
    """Whether no two beginnings compete with equal probabilities, as 1 1 2 1 and 1 2 1 1 do, with the same factors."""
    beam = [(0.0, (0,))]
    for _ in range(longest):
        extended = []
        for log_p, y in beam:
            ended = len(y) > 1 and y[-1] == 0
            extended += [(log_p, y)] if ended else [(log_p + np.log(p[y[-1], k]), (*y, k)) for k in range(len(p))]
        extended.sort(reverse=True)
        if len(extended) > B and extended[B - 1][0] - extended[B][0] < 1e-6:
            return False
        beam = extended[:B]
    return len(beam) == 1 or beam[0][0] - beam[1][0] > 1e-6


def _cases(rng):
    def drawn(K, B, longest, end, empty=1e-3):
        p = rng.dirichlet(np.full(K, 0.7), K)
        p[:, 0] = 0
        p = np.clip(p / p.sum(axis=1, keepdims=True), 1e-3, None) * (1 - end)
        p[:, 0] = end
        p[0] = rng.dirichlet(np.full(K, 5.0))
        p[0, 0] = empty
        return dict(p=p / p.sum(axis=1, keepdims=True), B=B, longest=longest)

    def case(*size, **options):
        while not _is_clear(**(made := drawn(*size, **options))):
            pass
        return made

    cases = [case(3, 2, 4, 0.3), case(4, 2, 6, 0.2), case(5, 3, 8, 0.15), case(4, 1, 5, 0.3), case(6, 4, 9, 0.1)]
    return cases + [case(7, 5, 6, 0.2), case(5, 2, 10, 0.12), case(4, 30, 3, 0.25), case(4, 3, 6, 0.2, empty=2.0)]


class _Table:
    """A network whose next symbol depends only on the last one; its symbols are 2 more than those of the exercise."""

    def __init__(self, p):
        self.scores = torch.full((len(p) + 2, len(p) + 2), -torch.inf, dtype=torch.float64)
        self.scores[2:, 2:] = torch.tensor(np.log(p))
        self.scores[:2] = self.scores[2]  # row 0 of the exercise; nothing likely comes after the padding

    def encode(self, x):
        return torch.zeros(1, 1, 1), [torch.zeros(1, 1, 1)] * 2

    def decode(self, y, memory, state):
        return self.scores[y], state, None


def _by_the_lesson(p, B, longest):
    y, log_p = translation.search(_Table(p), torch.zeros(1, 1, dtype=int), longest, B)
    symbols = [k - 2 for k in y[0].tolist() if k > translation.task.END]
    return np.array(symbols), log_p[0].numpy()


REPAIR_BEAM = Question(
    id="14-repair-beam",
    name="beam_search",
    points=3,
    outputs=(Output("symbols", ("place",)), Output("log_p", ())),
    cases=_cases,
    reference=_by_the_lesson,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Try a beam of 1 and two symbols by hand: which one should it keep, and "
            "what is its log probability?",
            edit(*LOG, *STOP, *BEST),
        ),
        Mistake(
            "probabilities added",
            "The probabilities of a sequence are multiplied, so their *logarithms* are added.",
            edit(*LOG),
        ),
        Mistake(
            "goes on after the end",
            "One fault is left: a beginning that has ended is extended as if it were new, and loses probability by it.",
            edit(*STOP),
        ),
        Mistake(
            "keeps the least likely",
            "One fault is left: `sorted` begins with the smallest, so the beam holds the least likely beginnings.",
            edit(*BEST),
        ),
        Mistake(
            "only the logarithm repaired",
            "One fault is repaired: the logarithms. Two are left: what happens after the end symbol, and which end of "
            "the sorted list is kept?",
            edit(*STOP, *BEST),
        ),
        Mistake(
            "only the end repaired",
            "One fault is repaired: what has ended now stays. Two are left: what is added to `log_p`, and which end of "
            "the sorted list is kept?",
            edit(*LOG, *BEST),
        ),
        Mistake(
            "the start taken for the end",
            "The start symbol is 0, too, so every beginning counts as ended before it has written anything. How can "
            "you tell the start from the end?",
            edit(STOP[0], "if y[-1] == 0:"),
        ),
    ),
    hints=(
        "Call it with `B` = 1 and `longest` = 1. Which symbol should it return, and with which log probability?",
        "The three lines at fault: what is added to `log_p`, what `sorted` puts first, and the `if`, which should hold "
        "for every beginning that has more than the start symbol and ends with 0.",
        "`if len(y) > 1 and y[-1] == 0:`, then `log_p + np.log(p[y[-1], k])`, and "
        "`sorted(extended, reverse=True)[:B]`.",
    ),
    explain_right="With a beam as wide as the number of beginnings it tries them all; with a beam of 1 it is greedy.",
)

"""18-repair-stream: a loop over the chunks of several streams that loses and mixes up their states."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question

CARRY = ("states.get(streams[n], fresh)", "states.get(0, fresh)")
KEEP = ("states[streams[n]] = h, c", "states[0] = h, c")
CELL = ("= h, c\n", "= h, np.zeros(H)\n")
FRESH = ("fresh if begins[n] else ", "")


def _cases(rng):
    def case(N, T, D, H, S):
        streams = np.append([0, S - 1, 0], rng.integers(0, S, max(N - 3, 0)))[:N]
        begins = np.array([n not in [list(streams).index(s) for s in set(streams)] for n in range(N)])
        begins = ~begins | (rng.random(N) < 0.15)
        if N > 3:
            begins[2], begins[-1] = False, streams[-1] in streams[:-1]
        W, b = rng.normal(size=(4 * H, H + D)), rng.normal(size=4 * H) + np.repeat([0, 1, 0, 0], H)
        return dict(chunks=rng.normal(size=(N, T, D)), streams=streams, begins=begins, W=W, b=b)

    return [case(4, 2, 1, 2, 2), case(1, 3, 2, 1, 1), case(8, 3, 2, 3, 2), case(12, 1, 3, 2, 3), case(10, 4, 4, 4, 4)]


def _one_pass(chunks, streams, begins, W, b):
    """Each recording put together again, and one pass of PyTorch over it."""
    H = len(b) // 4
    layer = torch.nn.LSTM(chunks.shape[2], H, batch_first=True, dtype=torch.float64)
    values = {"weight_ih_l0": W[:, H:], "weight_hh_l0": W[:, :H], "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    layer.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    h = np.zeros((*chunks.shape[:2], H))
    for stream in set(streams.tolist()):
        rows = np.flatnonzero(streams == stream)
        for recording in np.split(rows, np.flatnonzero(begins[rows])):
            if len(recording):
                with torch.no_grad():
                    y = layer(torch.tensor(chunks[recording].reshape(1, -1, chunks.shape[2])))[0]
                h[recording] = y.numpy().reshape(len(recording), -1, H)
    return (h,)


REPAIR_STREAM = Question(
    id="18-repair-stream",
    name="run_chunks",
    points=3,
    outputs=(Output("h", ("chunk", "time step", "unit")),),
    cases=_cases,
    reference=_one_pass,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Follow h and c from the first chunk of a stream to its second: "
            "which other chunks have changed them in between?",
            edit(*CARRY, *KEEP, *CELL, *FRESH),
        ),
        Mistake(
            "no state carried",
            "Every chunk now begins from zeros. The chunks of one recording belong together, so carry the state.",
            edit("fresh if begins[n] else states.get(streams[n], fresh)", "fresh"),
        ),
        Mistake(
            "one state for all streams",
            "One fault is left: all streams share one state, so each continues from wherever another one stopped.",
            edit(*CARRY, *KEEP),
        ),
        Mistake(
            "cell state lost",
            "One fault is left: h is carried from chunk to chunk, but c begins from zeros each time.",
            edit(*CELL),
        ),
        Mistake(
            "old recording continued",
            "One fault is left: where `begins` is true, a new recording begins, and its state has to start from zero.",
            edit(*FRESH),
        ),
        Mistake(
            "only the cell state repaired",
            "One fault is repaired: c is carried. Two are left: whose state is it, and what happens where a new "
            "recording begins?",
            edit(*CARRY, *KEEP, *FRESH),
        ),
        Mistake(
            "only the streams repaired",
            "One fault is repaired: each stream has its own state. Two are left: is *all* of the state carried, and "
            "what happens where a new recording begins?",
            edit(*CELL, *FRESH),
        ),
        Mistake(
            "only the beginnings repaired",
            "One fault is repaired: a new recording begins from zeros. Two are left: whose state does a chunk "
            "continue, and is *all* of that state carried?",
            edit(*CARRY, *KEEP, *CELL),
        ),
        Mistake(
            "only h begins anew",
            "Where a new recording begins, you set only h to zero. The cell state has to be zero as well.",
            edit(
                "h, c = fresh if begins[n] else states.get(streams[n], fresh)",
                "h, c = states.get(streams[n], fresh)\n        h = np.zeros(H) if begins[n] else h",
            ),
        ),
        Mistake(
            "all streams begin anew",
            "When one sensor begins a new recording, you reset the states of all sensors. The others go on.",
            edit(
                "h, c = fresh if begins[n] else states.get(streams[n], fresh)",
                "states = {} if begins[n] else states\n        h, c = states.get(streams[n], fresh)",
            ),
        ),
    ),
    hints=(
        "Which arrays make up the state, and where does the code keep them between two chunks of one stream?",
        "Keep a dictionary from the number of a stream to its (h, c). Look the state up before a chunk and store it "
        "after it; where `begins` is true, take zeros.",
        "`h, c = fresh if begins[n] else states.get(streams[n], fresh)` before the inner loop, with "
        "`fresh = np.zeros(H), np.zeros(H)`, and `states[streams[n]] = h, c` after it.",
    ),
    explain_right="Chunk by chunk, your loop gives the same outputs as one pass over each whole recording.",
)

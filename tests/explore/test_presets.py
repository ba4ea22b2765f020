"""The presets of the live cell: each right answer is true, the other answers are not, and each sentence holds."""

import re

import numpy as np
import pytest

from lstm_course.explore import PRESETS, LiveCell
from lstm_course.scratch import sigmoid


class Run:
    """The values of a preset; step 0 is the state before the first step."""

    def __init__(self, preset, **values):
        self.cell = LiveCell(preset, **values)
        self.T, values = len(self.cell.x), self.cell.values
        self.c = np.append(self.cell.c0, values["c"])
        self.x, self.i, self.f, self.g, self.o, self.h = (np.append(np.nan, values[symbol]) for symbol in "xifgoh")
        self.direct, self.full, self.plain = (self.cell.paths[name] for name in ("direct", "full", "plain"))
        self.plain_h = np.zeros(self.T + 1)
        for t, x in enumerate(self.cell.x, 1):
            self.plain_h[t] = np.tanh(x + self.cell.plain_u * self.plain_h[t - 1])

    def gates(self):
        """f, i and o, each one number where it is the same at every step."""
        return tuple(path[1] if (path[1:] == path[1]).all() else None for path in (self.f, self.i, self.o))

    def left(self, since, steps):
        """The share of the cell state at step `since` that is left after `steps` more steps."""
        return self.c[since + steps] / self.c[since]


def left_of_the_start(preset, steps):
    """The share of the initial cell state 1 that is left after some steps, without what the input has added."""
    return Run(preset).c[steps] - Run(preset, c0=0).c[steps]


def last_input_that_counts(preset):
    """The latest step such that the inputs from there on determine the final cell state up to 0.01."""
    whole = Run(preset)
    for t in range(whole.T, 0, -1):
        some = Run(preset, x=[0] * (t - 1) + whole.cell.x[t - 1 :], c0=0)
        if abs(some.c[-1] - whole.c[-1]) < 0.01:
            return t


# One predicate for each answer, in their order: the right one is true, and no other is.
ANSWERS = {
    "halfway": [
        lambda run: 0.4 < left_of_the_start("halfway", 10) < 0.6,
        lambda run: 0.05 < left_of_the_start("halfway", 10) < 0.2,
        lambda run: 0.0005 < left_of_the_start("halfway", 10) < 0.002,
    ],
    "remember": [
        lambda run: abs(run.c[40]) < 0.1,
        lambda run: run.c[40] == 1,
        lambda run: np.ptp(run.c) > 0.1,
    ],
    "forget": [
        lambda run: run.c[0] == 1 and run.c[1] == 0,
        lambda run: 0.1 < run.c[10] < 0.9,
        lambda run: run.c[-1] == 1,
    ],
    "leaky": [
        lambda run: abs(run.left(0, 40) - 0.9) < 0.05,
        lambda run: abs(run.left(0, 40) - 0.35) < 0.05,
        lambda run: 0 < run.left(0, 40) < 0.02,
    ],
    "write once": [
        lambda run: run.c[8] > 0.7 and abs(run.c[9]) < 0.1,
        lambda run: (run.c[:8] == 0).all() and (np.abs(run.c[8:] - 0.8) < 0.001).all(),
        lambda run: (np.diff(run.c[7:]) > 0.01).all(),
    ],
    "output closed": [
        lambda run: np.abs(run.c).max() < 0.1,
        lambda run: (run.c[:8] == 0).all() and (np.abs(run.c[8:] - 0.8) < 0.001).all(),
        lambda run: run.c[-1] < 0.5 * run.c[8],
    ],
    "counter": [
        lambda run: abs(run.c[-1] - 9) < 0.1 and abs(run.h[-1] - 1) < 0.01,
        lambda run: abs(run.c[-1] - 9) < 0.5 and abs(run.h[-1] - 9) < 0.5,
        lambda run: abs(run.c[-1] - 1) < 0.5 and abs(run.h[-1] - 1) < 0.5,
    ],
    "plain": [
        lambda run: run.left(5, 35) > 0.9 and run.plain_h[40] > 0.5 * run.plain_h[5],
        lambda run: run.left(5, 35) > 0.9 and run.plain_h[40] < 0.05 * run.plain_h[5],
        lambda run: run.left(5, 35) < 0.1 and run.plain_h[40] < 0.05 * run.plain_h[5],
    ],
    "saturated": [
        lambda run: np.ptp(run.f[1:]) < 0.001,
        lambda run: 0.05 < np.ptp(run.f[1:]) < 0.2,
        lambda run: np.ptp(run.f[1:]) > 0.9,
    ],
    "forget bias 0": [
        lambda run: run.left(5, 2) > 0.2 and run.left(5, 8) < 0.01,
        lambda run: run.left(5, 15) > 0.05 and run.left(5, 30) < 0.01,
        lambda run: run.left(5, 35) > 0.05,
    ],
    "forget bias 1": [
        lambda run: run.left(5, 10) > 0.5,
        lambda run: 0.035 < run.left(5, 10) < 0.045,
        lambda run: run.left(5, 10) < 0.001,
    ],
}

# What the question and the sentence say, phrase by phrase.
SLOPE_AT_10 = sigmoid(np.array(10.0)) * sigmoid(np.array(-10.0))
SIGMOID = {bias: float(sigmoid(np.array(float(bias)))) for bias in (0, 1, 4)}
PHRASES = {
    "halfway": {
        "All three gates stand at 0.5": lambda run: (np.stack([run.i, run.f, run.o])[:, 1:] == 0.5).all(),
        "the cell state starts at 1": lambda run: run.c[0] == 1,
        "Each step keeps half": lambda run: np.isclose(left_of_the_start("halfway", 1), 0.5),
        "ten steps keep a thousandth": lambda run: round(left_of_the_start("halfway", 10), 3) == 0.001,
        "at the end is the input of the last few steps": lambda run: run.T - last_input_that_counts("halfway") < 10,
    },
    "remember": {
        "f = 1, i = 0, o = 1": lambda run: run.gates() == (1, 0, 1),
        "the cell state starts at 1": lambda run: run.c[0] == 1,
        "the input goes up and down": lambda run: run.x[1:].min() < -1 and run.x[1:].max() > 1,
        "after 40 steps": lambda run: run.T == 40,
        "the cell state stays at 1": lambda run: (run.c == 1).all(),
        "The direct path to the first step is 1, too": lambda run: (run.direct == 1).all(),
    },
    "forget": {
        "f = 0, i = 0, o = 1": lambda run: run.gates() == (0, 0, 1),
        "the cell state starts at 1": lambda run: run.c[0] == 1,
        "One step at f = 0 leaves nothing": lambda run: (run.c[1:] == 0).all() and (run.h[1:] == 0).all(),
    },
    "leaky": {
        "f = 0.9": lambda run: run.gates() == (0.9, 0, 1),
        "of the 1 is left after 40 steps": lambda run: run.c[0] == 1 and run.T == 40,
        "0.9 to the power 40 is 0.015": lambda run: round(0.9**40, 3) == 0.015 and np.isclose(run.c[40], 0.9**40),
        "the gradient shrinks by the same factor": lambda run: np.isclose(run.direct[0], run.left(0, 40)),
    },
    "write once": {
        "f = 1": lambda run: (run.f[1:] == 1).all(),
        "the input gate opens at step 8 only": lambda run: np.flatnonzero(run.i[1:]).tolist() == [7] and run.i[8] == 1,
        "with the candidate at 0.8": lambda run: round(run.g[8], 2) == 0.8,
        "Written once, at step 8": lambda run: (run.c[:8] == 0).all() and run.c[8] == run.g[8],
        "kept by f = 1 ever after": lambda run: (run.c[8:] == run.c[8]).all(),
    },
    "output closed": {
        "The same": lambda run: {**run.cell.state(), "o": 1} == LiveCell("write once").state(),
        "with the output gate at 0": lambda run: (run.o[1:] == 0).all(),
        "The cell state does not depend on the output gate": lambda run: (run.c == Run("write once").c).all(),
        "only h is 0": lambda run: (run.h[1:] == 0).all() and run.c[-1] > 0,
    },
    "counter": {
        "All gates open": lambda run: run.gates() == (1, 1, 1),
        "the input is 3 at nine steps": lambda run: (run.x == 3).sum() == 9,
        "and 0 at the others": lambda run: (run.x == 0).sum() == run.T - 9,
        "The candidate is tanh(3), nearly 1": lambda run: 0.99 < run.g.max(where=run.x == 3, initial=0) < 1,
        "c counts the nine": lambda run: np.isclose(run.c[-1], 9 * np.tanh(3)) and round(run.c[-1]) == 9,
        "from 3 on h hardly changes": lambda run: np.tanh(4) - np.tanh(3) < 0.005 < np.tanh(3) - np.tanh(2),
    },
    "plain": {
        "A pulse at step 5, then nothing": lambda run: np.flatnonzero(run.x[1:]).tolist() == [4],
        "The cell writes it and holds it": lambda run: run.c[4] == 0 < run.c[5] and (run.c[5:] == run.c[5]).all(),
        "h′ = tanh(x + 0.9 h)": lambda run: run.cell.plain and run.cell.plain_u == 0.9,
        "and fades": lambda run: (np.diff(run.plain_h[5:]) < 0).all(),
        "so does its gradient": lambda run: (np.diff(run.plain) > 0).all() and run.plain[5] < 0.05,
        "The cell’s does neither": lambda run: (run.direct == 1).all(),
    },
    "saturated": {
        "every bias is 10": lambda run: run.cell.mode == "weights" and run.cell.b == [10] * 4,
        "a weight of 1 on the input": lambda run: run.cell.w == [1] * 4 and run.cell.u == [0] * 4,
        "its slope is 0.00005": lambda run: round(SLOPE_AT_10, 5) == 0.00005,
        "All gates are open": lambda run: min(run.i[1:].min(), run.f[1:].min(), run.o[1:].min()) > 0.999,
        "c grows by 1 a step": lambda run: (np.abs(np.diff(run.c) - 1) < 0.02).all(),
        "h sticks at 1": lambda run: (np.abs(run.h[3:] - 1) < 0.01).all(),
    },
    "forget bias 0": {
        "forget bias 0": lambda run: run.cell.mode == "weights" and run.cell.b[1] == 0,
        "a pulse at step 5": lambda run: np.flatnonzero(run.x[1:]).tolist() == [4],
        "σ(0) is 0.5": lambda run: SIGMOID[0] == 0.5,
        "half is gone at each step": lambda run: np.allclose(run.c[6:] / run.c[5:-1], 0.5),
        "and so is half of the gradient": lambda run: (run.full[:-1] * 2 == run.full[1:]).all(),
    },
    "forget bias 1": {
        "The same with": lambda run: {**run.cell.state(), "b": [0] * 4} == LiveCell("forget bias 0").state(),
        "forget bias 1": lambda run: run.cell.b == [0, 1, 0, 0],
        "σ(1) is 0.73": lambda run: round(SIGMOID[1], 2) == 0.73,
        "0.73 to the power 10 is 0.04": lambda run: round(0.73**10, 2) == 0.04,
        "better than 0.5, which leaves 0.001": lambda run: round(Run("forget bias 0").left(5, 10), 3) == 0.001,
        "of 40 steps the bias must be nearer 4": lambda run: SIGMOID[1] ** 40 < 0.01 < 0.4 < SIGMOID[4] ** 40,
    },
}  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS)
def test_the_right_answer_is_true_and_no_other(preset):
    run, chosen = Run(preset), PRESETS[preset]
    assert len(ANSWERS[preset]) == len(chosen["answers"]) == len(set(chosen["answers"]))
    assert [answer for answer, holds in enumerate(ANSWERS[preset]) if holds(run)] == [chosen["right"]]


@pytest.mark.parametrize("preset", PRESETS)
def test_what_the_question_and_the_sentence_say_is_so(preset):
    run, said = Run(preset), f"{PRESETS[preset]['question']} {PRESETS[preset]['sentence']}"
    for phrase, holds in PHRASES[preset].items():
        assert phrase in said
        assert holds(run), phrase


def test_every_preset_is_looked_at_and_knows_itself():
    assert list(ANSWERS) == list(PHRASES) == list(PRESETS)
    assert [LiveCell(preset).preset for preset in PRESETS] == list(PRESETS)
    assert len({preset["title"] for preset in PRESETS.values()}) == len(PRESETS)


def test_the_right_answer_may_stand_anywhere():
    places = [preset["right"] for preset in PRESETS.values()]
    assert all(places.count(place) >= 2 for place in range(3)), places


@pytest.mark.parametrize("preset", PRESETS)
def test_the_cursor_stands_where_something_happens(preset):
    step = re.search(r"(?:pulse|opens) at step (\d+)", PRESETS[preset]["question"])
    if step:
        assert LiveCell(preset).step == int(step[1])

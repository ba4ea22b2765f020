"""06-noisy-horizon: predict how long a cell keeps its state if its forget gate also reads noise."""

import numpy as np

from lstm_course.scratch import LSTM
from lstm_course.scratch.diagnostics import gate_activations

from ..edits import edit
from ..question import Mistake, Output, Question

OFF_BY = 0.08  # largest accepted difference, as a share of the measured horizon
LOG_GATE = "-np.log1p(np.exp(-z))"  # as the solution has it


def _cases(rng):
    def case(b, w, share):
        return dict(b=b, w=w, share=share, seed=int(rng.integers(2**31)))

    return [
        case(3.0, 0.0, 0.5),
        case(rng.uniform(0.8, 1.2), 2.0, 0.5),
        case(rng.uniform(3.5, 4.5), rng.uniform(1.6, 2.0), 0.1),
        case(rng.uniform(-1, 0), rng.uniform(0.8, 1.2), 0.01),
        case(rng.uniform(5, 6), 0.5, 0.9),
    ]


def measured(b, w, share, seed):
    """The horizon of the package's own cell on 100,000 steps of noise."""
    layer = LSTM(1, 1)
    for parameter in layer.parameters.values():
        parameter[...] = 0
    layer.parameters["weight_ih_l0"][1, 0] = w
    layer.parameters["bias_ih_l0"][1] = b
    x = np.random.default_rng(seed).normal(size=(2000, 50, 1))
    kept = np.prod(gate_activations(layer, x)["f"], axis=1)  # what is left after 50 steps
    return np.array(np.log(share) * 50 / np.log(kept).mean())


def _counted_run_by_run(b, w, share):
    """The mean number of whole steps after which a simulated cell holds less than the share."""
    z = b + w * np.random.default_rng(0).normal(size=(400, 2000))
    return ((np.exp(np.cumsum(-np.log1p(np.exp(-z)), axis=1)) < share).argmax(axis=1) + 1).mean()


NOISY_HORIZON = Question(
    id="06-noisy-horizon",
    name="horizon",
    points=3,
    outputs=(Output("steps", ()),),
    withheld=("seed",),
    cases=_cases,
    reference=measured,
    tolerance=OFF_BY,
    mistakes=(
        Mistake(
            "noise left out",
            "Your prediction is that of a gate that stands at sigmoid(b) all the time. The noise moves the gate both "
            "ways, but a dip costs more than a rise brings back: average the *logarithm* of the gate over the noise.",
            edit("w * np.random", "0 * np.random"),
        ),
        Mistake(
            "logarithm of the mean gate",
            "You average the gate and then take the logarithm. The gates of the steps are multiplied, so their "
            "logarithms add up: take the logarithm first, then the mean.",
            edit(f"log_f = {LOG_GATE}", "f = 1 / (1 + np.exp(-z))", "log_f.mean()", "np.log(f.mean())"),
        ),
        Mistake(
            "number of steps for 1/e",
            "Your number of steps doesn't depend on `share`: it is the time after which 1/e is left. Multiply it by "
            "-log(share).",
            edit("np.log(share)", "-1"),
        ),
        Mistake(
            "half, whatever the share",
            "Your number of steps is the one after which *half* is left, whatever `share` is: use log(share).",
            edit("np.log(share)", "np.log(0.5)"),
        ),
        Mistake(
            "whole steps, run by run",
            "You count, run by run, the whole steps until less than `share` is left, and average the counts. That "
            "overshoots in every run. Find the n for which the mean *logarithm* of what is left is log(share), as the "
            "note says.",
            _counted_run_by_run,
        ),
        Mistake(
            "one step's loss times steps",
            "You add up what each step loses, (1 - share) / (1 - f), as if every step lost the same amount. Each step "
            "loses a share of what is *left*, so use logarithms.",
            edit("np.log(share) / log_f.mean()", "(1 - share) / (1 - np.exp(log_f.mean()))"),
        ),
        Mistake(
            "bias taken for the gate",
            "You use the weighted sum b + w x as the gate. The gate is its sigmoid.",
            edit(LOG_GATE, "np.log(np.abs(z))"),
        ),
        Mistake(
            "upside down",
            "You divide the wrong way round: the number of steps is the logarithm of the share divided by the mean "
            "logarithm of the gate.",
            edit("np.log(share) / log_f.mean()", "log_f.mean() / np.log(share)"),
        ),
    ),
    hints=(
        "What is left after n steps is the product of n gates. What happens to a product when you take its logarithm?",
        "It becomes a sum, about n times the mean of log sigmoid(b + w x). You can get that mean from a large sample "
        "of normal random numbers, or from an integral. For which n is the sum log(share)?",
        "`z = b + w * np.random.default_rng(0).normal(size=100_000)`, then `log_f = -np.log1p(np.exp(-z))`, and return "
        "`np.log(share) / log_f.mean()`.",
    ),
    explain_right="Predicted from three numbers, and measured on a cell. Noise at a gate shortens the memory.",
)

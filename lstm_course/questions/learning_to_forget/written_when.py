"""07-written-when: an intervention that tells which step wrote what the last output depends on."""

import numpy as np

from lstm_course.scratch.lstm import sigmoid

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, T, D, H, K, scale=1.0):
        return dict(
            x=rng.normal(size=(N, T, D)),
            W=scale * rng.normal(size=(4 * H, H + D)),
            b=rng.normal(size=4 * H) + np.repeat([0, 1.0, 0, 0], H),
            V=rng.normal(size=(K, H)),
        )

    return [
        case(1, 3, 1, 1, 1),
        case(2, 5, 3, 4, 2),
        case(3, 1, 2, 3, 3),
        case(4, 4, 4, 4, 4),
        case(2, 9, 2, 3, 1, 3.0),
    ]


def effects(x, W, b, V):
    """One unit and one step after another."""
    N, T, _ = x.shape
    H = V.shape[1]

    def last(n, shut):
        h, c = np.zeros(H), np.zeros(H)
        for t in range(T):
            z = (W @ np.append(h, x[n, t]) + b).reshape(4, H)
            i, f, o = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3])
            c = f * c + (0 if t == shut else 1) * i * np.tanh(z[2])
            h = o * np.tanh(c)
        return V @ h

    return np.array([[np.linalg.norm(last(n, t) - last(n, None)) for t in range(T)] for n in range(N)])


WRITTEN_WHEN = Question(
    id="07-written-when",
    name="effect_of_each_step",
    points=4,
    outputs=(Output("effect", ("sample", "time step")),),
    cases=_cases,
    reference=effects,
    mistakes=(
        Mistake(
            "shut from then on",
            "Your input gate stays shut after the step in question. Shut it at that step alone; otherwise you measure "
            "all the later steps as well.",
            edit("if t == shut:", "if t >= shut >= 0:"),
        ),
        Mistake(
            "shut until then",
            "You shut the input gate at all steps up to the one in question. Shut it at that step alone.",
            edit("if t == shut:", "if t <= shut:"),
        ),
        Mistake(
            "the input removed",
            "You replaced the input of the step with zeros. That also changes the forget gate and the output gate, and "
            "the biases still write something. Intervene on the input gate.",
            edit("[h, x[:, t]]", "[h, x[:, t] * (t != shut)]", "if t == shut:", "if False:"),
        ),
        Mistake(
            "the cell state dropped",
            "You shut the forget gate, so that the cell loses what it held *before* the step. What the step itself "
            "writes passes through the input gate.",
            edit("i = np.zeros_like(i)", "f = np.zeros_like(f)"),
        ),
        Mistake(
            "the step left out",
            "You left the step out altogether. The forget gate and the output gate work at that step as at any other; "
            "only the input gate is 0.",
            edit("i = np.zeros_like(i)", "continue"),
        ),
        Mistake(
            "what the step writes",
            "You measured how much each step writes, i * g. Whether it still matters at the end depends on what the "
            "later steps do with it. Run the whole sequence once more for each step.",
            lambda x, W, b, V: _written(x, W, b, V),
        ),
        Mistake(
            "half open",
            "You set the sum z of the input gate to 0, which leaves the gate half open. The gate itself has to be 0.",
            edit("i = np.zeros_like(i)", "i = np.full_like(i, 0.5)"),
        ),
        Mistake(
            "a sum of absolute differences",
            "You added up absolute differences. The Euclidean distance is the square root of the sum of squares.",
            edit("np.linalg.norm(last(t) - untouched, axis=1)", "np.abs(last(t) - untouched).sum(axis=1)"),
        ),
        Mistake(
            "the largest difference",
            "You took the largest difference among the outputs. The Euclidean distance is the square root of the sum "
            "of squares.",
            edit("np.linalg.norm(last(t) - untouched, axis=1)", "np.abs(last(t) - untouched).max(axis=1)"),
        ),
        Mistake(
            "a difference of lengths",
            "You compared the lengths of the two outputs. They can be equally long and point in different directions. "
            "Take the length of the difference.",
            edit(
                "np.linalg.norm(last(t) - untouched, axis=1)",
                "np.abs(np.linalg.norm(last(t), axis=1) - np.linalg.norm(untouched, axis=1))",
            ),
        ),
        Mistake(
            "a squared distance",
            "You returned the square of the distance. The effect is the distance itself, so take the square root.",
            edit("np.linalg.norm(last(t) - untouched, axis=1)", "((last(t) - untouched) ** 2).sum(axis=1)"),
        ),
        Mistake(
            "the hidden state compared",
            "You compared hidden states. The output of the network is V h, and a change of h that V doesn't see has no "
            "effect on it.",
            edit("return h @ V.T", "return h"),
        ),
        Mistake(
            "one intervention at a time, compared with the one before",
            "Each run has to be compared with the untouched network, and not with the run before it.",
            lambda x, W, b, V: _differences(x, W, b, V),
        ),
    ),
    hints=(
        "What has to be the same in both runs, and what is the only thing that may differ?",
        "Write a function that runs the network with the input gate set to 0 at one step, for all units and samples, "
        "and returns V h after the last step. Call it once with a step that doesn't exist, and once for each step.",
        "In the loop over t: compute i, f, g, o as usual; `if t == shut: i = np.zeros_like(i)`; go on as usual. The "
        "effect of step t is `np.linalg.norm(last(t) - last(-1), axis=1)`.",
    ),
    explain_right="The step with the largest effect is the one whose writing this output depends on most. A large "
    "input gate alone wouldn't show that, because what was written may have been forgotten since.",
)


def _written(x, W, b, V):
    """The size of i * g at each step, (N, T)."""
    N, T, _ = x.shape
    H, sizes = V.shape[1], []
    h, c = np.zeros((N, H)), np.zeros((N, H))
    for t in range(T):
        z_i, z_f, z_g, z_o = np.split(np.concatenate([h, x[:, t]], axis=1) @ W.T + b, 4, axis=1)
        written = sigmoid(z_i) * np.tanh(z_g)
        c = sigmoid(z_f) * c + written
        h = sigmoid(z_o) * np.tanh(c)
        sizes.append(np.linalg.norm(written, axis=1))
    return np.stack(sizes, axis=1)


def _differences(x, W, b, V):
    """Distances between neighbouring interventions."""
    N, T, _ = x.shape
    H = V.shape[1]

    def last(shut):
        h, c = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T):
            z_i, z_f, z_g, z_o = np.split(np.concatenate([h, x[:, t]], axis=1) @ W.T + b, 4, axis=1)
            c = sigmoid(z_f) * c + (t != shut) * sigmoid(z_i) * np.tanh(z_g)
            h = sigmoid(z_o) * np.tanh(c)
        return h @ V.T

    runs = [last(t) for t in range(-1, T)]
    return np.stack([np.linalg.norm(b - a, axis=1) for a, b in zip(runs, runs[1:], strict=False)], axis=1)

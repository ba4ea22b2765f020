"""07-stuck-gate: a trained network in which one gate of one unit no longer moves."""

import numpy as np

from lstm_course import results
from lstm_course.scratch import lstm_step
from lstm_course.tasks import continual_reber

from ..edits import edit
from ..question import Mistake, Output, Question

LETTER_E = 6


def _networks(rng):
    """The network of the lesson, with its units in another order, one stuck gate, and a healthy gate that looks odd."""
    stored = results.load("forget_gate")
    W, b = stored["W"], stored["b"]
    H = len(b) // 4

    def case(N, T, gate, value):
        order = rng.permutation(H)
        rows = (np.arange(4)[:, None] * H + order).ravel()
        W_new, b_new = np.concatenate([W[:, order], W[:, H:]], axis=1)[rows], b[rows].copy()
        unit, odd = rng.choice(H, 2, replace=False)
        row = gate * H + unit
        if value is None:  # saturated: the weights still work, and nothing comes of it
            b_new[row] = rng.choice([-60.0, 60.0])
        else:
            W_new[row], b_new[row] = 0, np.log(value / (1 - value))
        other = H + odd  # a forget gate that is shut, and opens at one letter
        W_new[other], b_new[other] = 0, -60
        W_new[other, H + LETTER_E] = 120
        x = continual_reber.Stream(12 * N, int(rng.integers(2**31))).next(T).x
        late = x[:, :8, LETTER_E].sum(axis=1) == 0  # a few steps don't show that the odd gate opens
        return dict(x=x[late][:N], W=W_new, b=b_new)

    gates = rng.permutation(4)
    values = (None, 0.7, None, 0.3)
    return [case(4, 80, int(gate), value) for gate, value in zip(gates, values, strict=True)]


def find(x, W, b):
    """By the package's step: the gate and the unit whose values vary least."""
    N, T, _ = x.shape
    H = len(b) // 4
    h, c, kept = np.zeros((N, H)), np.zeros((N, H)), []
    for t in range(T):
        h, c, cache = lstm_step(x[:, t], h, c, W, b)
        kept.append(np.stack([cache.i, cache.f, cache.g, cache.o]))
    spread = np.ptp(np.stack(kept), axis=(0, 2))
    gate, unit = np.unravel_index(np.argmin(spread), spread.shape)
    return np.array(gate), np.array(unit)


STUCK_GATE = Question(
    id="07-stuck-gate",
    name="stuck_gate",
    points=3,
    outputs=(Output("gate", ()), Output("unit", ())),
    cases=_networks,
    reference=find,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "the one that is nearest to 0 or 1",
            "You found a gate that is nearly shut or open *on average*. Healthy gates may be like that, and a stuck "
            "one may be half open. Stuck means that it doesn't move.",
            edit("np.ptp(values, axis=(1, 2))", "-np.abs(values.mean(axis=(1, 2)) - 0.5)"),
        ),
        Mistake(
            "the sums instead of the gates",
            "You looked at the sums z instead of the gates. With a huge bias the sum still moves but the gate "
            "doesn't, because the sigmoid is flat there.",
            edit("values.append(np.stack([i, f, g, o]))", "values.append(np.stack(np.split(z, 4, axis=1)))"),
        ),
        Mistake(
            "the one that moves most",
            "You found the gate that moves most. A stuck gate moves least.",
            edit("spread.argmin()", "spread.argmax()"),
        ),
        Mistake(
            "in the wrong order",
            "The four blocks of W and b belong to i, f, g and o, in this order. You numbered them differently.",
            edit("return gate, unit", "return [0, 1, 3, 2][gate], unit"),
        ),
        Mistake(
            "gate and unit exchanged",
            "You returned the unit first. The gate comes first, then the unit.",
            edit("return gate, unit", "return unit, gate"),
        ),
        Mistake(
            "counted from 1",
            "The gate is right, and the unit is one too high. Units are counted from 0.",
            edit("return gate, unit", "return gate, unit + 1"),
        ),
        Mistake(
            "the largest bias",
            "You found a gate with a very large bias. It keeps still for a while, but at one letter a large weight "
            "outweighs the bias, and it moves. Let the network read the stream, and watch all steps of all streams.",
            lambda x, W, b: divmod(int(np.abs(b).argmax()), len(b) // 4),
        ),
    ),
    hints=(
        "What would you have to see to be sure that a gate is stuck? Is one look at its value enough?",
        "Run the network over the stream as in the lesson's `run`, keep i, f, g and o of every step, and compare each "
        "unit's gate with itself at other steps and in other streams.",
        "Stack the gates of all steps into an array with the axes gate, step, stream, unit. "
        "`spread = np.ptp(values, axis=(1, 2))` is (4, H), and the smallest entry is at "
        "`np.unravel_index(spread.argmin(), spread.shape)`.",
    ),
    explain_right="The biases alone would have misled you: a healthy gate had one as large as any, and still moved.",
)

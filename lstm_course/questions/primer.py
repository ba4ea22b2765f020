"""Questions of the primer: arrays, slopes, the chain rule; five to write and five to choose."""

import numpy as np

from lstm_course.scratch import Linear

from .question import Choice, Mistake, Option, Output, Question

# --- 00-layer ---------------------------------------------------------------------------------------------------


def _layer_cases(rng):
    def case(N, D, H, scale=1.0):
        return dict(x=scale * rng.normal(size=(N, D)), W=rng.normal(size=(H, D)), b=rng.normal(size=H))

    return [case(2, 3, 4), case(1, 1, 1), case(3, 3, 3), case(5, 2, 1), case(4, 1, 3, scale=1000.0)]


def _layer(x, W, b):
    layer = Linear(*W.T.shape)
    layer.parameters["weight"][:], layer.parameters["bias"][:] = W, b
    return layer(x)


def _stretched(x, W, b):
    """The bias along the samples, where that is possible."""
    z = x @ W.T
    return z + np.resize(b, len(z))[:, None]


LAYER = Question(
    id="00-layer",
    name="layer",
    points=1,
    outputs=(Output("z", ("sample", "unit")),),
    cases=_layer_cases,
    reference=_layer,
    mistakes=(
        Mistake(
            "bias left out",
            "The bias `b` is missing: each unit adds a number of its own to its weighted sum.",
            lambda x, W, b: x @ W.T,
        ),
        Mistake(
            "bias added to the samples",
            "You added one number of `b` to each row. A bias belongs to a unit, that is to a column: `b` of shape (H,) "
            "lines up with the last axis by itself.",
            _stretched,
        ),
        Mistake(
            "units as rows",
            "Your result has the units as rows. Samples come as rows here, so it should be (N, H): `x @ W.T`.",
            lambda x, W, b: W @ x.T + b[:, None],
        ),
        Mistake(
            "squashed",
            "You applied a tanh. This question asks for the weighted sum itself, before any function is applied to it.",
            lambda x, W, b: np.tanh(x @ W.T + b),
        ),
    ),
    raising=(
        Mistake(
            "W not turned",
            "`x @ W` would need D rows in `W`; it has D *columns*. Turn it: `x @ W.T`.",
            lambda x, W, b: x @ W + b,
        ),
        Mistake(
            "samples as columns",
            "`W @ x` is right where a sample is a column. Here samples are rows: `x @ W.T`.",
            lambda x, W, b: W @ x + b,
        ),
    ),
    hints=(
        "Each of the N samples meets each of the H units. Which two axes have the size D and disappear?",
        "Rows times columns: `x` has D at its end, `W` has D at its end, too. Which of the two has to be turned?",
        "`x @ W.T` has shape (N, H); `+ b` adds one number to each column.",
    ),
    explain_right="Every layer of the course begins with this line. If it was hard: read *Shapes* and *A layer is a "
    "matrix product* in the primer again, and NumPy's page on broadcasting.",
)


# --- 00-last-step -----------------------------------------------------------------------------------------------


def _last_cases(rng):
    def case(N, T, D):
        return dict(x=rng.normal(size=(N, T, D)), lengths=rng.integers(1, T + 1, size=N))

    cases = [case(3, 5, 2), case(1, 1, 1), case(4, 4, 4), case(6, 9, 3), case(2, 7, 1)]
    cases[0]["lengths"] = np.array([5, 1, 3])
    cases[3]["lengths"][:2] = 9, 2
    return cases


LAST_STEP = Question(
    id="00-last-step",
    name="last_steps",
    points=2,
    outputs=(Output("last", ("sample", "feature")),),
    cases=_last_cases,
    reference=lambda x, lengths: np.stack([sample[:length][-1] for sample, length in zip(x, lengths)]),
    mistakes=(
        Mistake(
            "the very last step",
            "You took step T of every sample. A sample of length 3 ends at its third step; what follows is padding.",
            lambda x, lengths: x[:, -1],
        ),
        Mistake(
            "one too early",
            "You are one step too early. Python counts from 0, so the last of n steps is at n - 1, and you took n - 2.",
            lambda x, lengths: x[np.arange(len(x)), lengths - 2],
        ),
        Mistake(
            "one too late",
            "You are one step too late: Python counts from 0, so the last of n steps is at n - 1.",
            lambda x, lengths: x[np.arange(len(x)), lengths % x.shape[1]],
        ),
        Mistake(
            "length of the first sample for all",
            "You used the length of the first sample for all of them. Each sample has its own.",
            lambda x, lengths: x[:, lengths[0] - 1],
        ),
        Mistake(
            "one too late, held at the end",
            "You are one step too late: Python counts from 0, so the last of n steps is at n - 1.",
            lambda x, lengths: x[np.arange(len(x)), np.minimum(lengths, x.shape[1] - 1)],
        ),
    ),
    raising=(
        Mistake(
            "one too late",
            "Python counts from 0, so the last of n steps is at n - 1; there is no step n.",
            lambda x, lengths: x[np.arange(len(x)), lengths],
        ),
    ),
    hints=(
        "How would you take the last valid step of sample 0 alone, and then of sample 1?",
        "An index of samples and an index of steps can go together: `x[[0, 1], [4, 2]]` takes step 4 of sample 0 and "
        "step 2 of sample 1. Where does Python begin to count?",
        "`x[np.arange(len(x)), lengths - 1]`, of shape (N, D).",
    ),
    explain_right="You will need this in lesson 10, where sequences of different length share a batch. If it was hard: "
    "*Shapes* in the primer.",
)


# --- 00-sigmoid-slope -------------------------------------------------------------------------------------------


def _slope_cases(rng):
    return [
        dict(z=rng.normal(size=4)),
        dict(z=rng.normal(size=1)),
        dict(z=np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])),
        dict(z=4 * rng.normal(size=(3, 2))[:, 0]),
    ]


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _derivative(function, at):
    """Exact to rounding, without any rule: a step into the complex plane leaves nothing to subtract."""
    return np.imag(function(at + 1e-30j)) / 1e-30


SIGMOID_SLOPE = Question(
    id="00-sigmoid-slope",
    name="sigmoid_slope",
    points=2,
    outputs=(Output("slope", ("entry",)),),
    cases=_slope_cases,
    reference=lambda z: _derivative(_sigmoid, z),
    mistakes=(
        Mistake(
            "slope of the tanh",
            "This is 1 minus the square of the sigmoid. That rule belongs to the tanh; the sigmoid has s (1 - s).",
            lambda z: 1 - _sigmoid(z) ** 2,
        ),
        Mistake(
            "z instead of the sigmoid",
            "You took z (1 - z). The rule is s (1 - s), with s the value of the sigmoid at z.",
            lambda z: z * (1 - z),
        ),
        Mistake(
            "the value, not the slope",
            "This is the sigmoid itself. Its slope is s (1 - s).",
            _sigmoid,
        ),
        Mistake(
            "sign turned round",
            "The sign is turned round: the sigmoid rises everywhere, so its slope is never negative.",
            lambda z: -_sigmoid(z) * (1 - _sigmoid(z)),
        ),
    ),
    hints=(
        "The slope can be had from the value of the sigmoid alone. Where is it largest, and what is it far out?",
        "With s the value of the sigmoid at z, the slope is s (1 - s). Now mind `np.exp(1000)`.",
        "`s = 0.5 + 0.5 * np.tanh(0.5 * z)` is the sigmoid without any exponential that overflows. Return `s * (1 - "
        "s)`.",
    ),
    explain_right="Every gate of an LSTM has this slope in its gradient. If it was hard: *Two functions and their "
    "slopes* in the primer.",
)


# --- 00-chain ---------------------------------------------------------------------------------------------------


def _chain_cases(rng):
    def case(N, D, scale=1.0):
        return dict(x=rng.normal(size=(N, D)), y=rng.normal(size=N), w=scale * rng.normal(size=D))

    return [case(2, 3), case(1, 1), case(3, 3), case(7, 2), case(2, 5, scale=3.0)]


def _chain(x, y, w):
    """Weight by weight."""
    return np.array(
        [
            _derivative(lambda v: ((_p(x, np.where(one, v, w)) - y) ** 2).sum(), w[k])
            for k, one in enumerate(np.eye(len(w)))
        ]
    )


def _p(x, w):
    return np.tanh(x @ w)


CHAIN = Question(
    id="00-chain",
    name="gradient",
    points=3,
    outputs=(Output("dw", ("weight",)),),
    cases=_chain_cases,
    reference=_chain,
    mistakes=(
        Mistake(
            "slope of the tanh missing",
            "The slope of the tanh is missing: between z and p lies a tanh, so dz is dp times 1 - p².",
            lambda x, y, w: (2 * (_p(x, w) - y)) @ x,
        ),
        Mistake(
            "slope taken at z",
            "You wrote 1 - z². The slope of the tanh is 1 minus the square of its *value*: 1 - p².",
            lambda x, y, w: (2 * (_p(x, w) - y) * (1 - (x @ w) ** 2)) @ x,
        ),
        Mistake(
            "factor 2 missing",
            "The factor 2 of the square is missing: the slope of (p - y)² is 2 (p - y).",
            lambda x, y, w: ((_p(x, w) - y) * (1 - _p(x, w) ** 2)) @ x,
        ),
        Mistake(
            "sign turned round",
            "The sign is turned round: the slope of (p - y)² by p is 2 (p - y), not 2 (y - p).",
            lambda x, y, w: (2 * (y - _p(x, w)) * (1 - _p(x, w) ** 2)) @ x,
        ),
        Mistake(
            "mean instead of sum",
            "You divided by the number of samples. The loss here is the sum over the samples, so the gradient is, too.",
            lambda x, y, w: (2 * (_p(x, w) - y) * (1 - _p(x, w) ** 2)) @ x / len(x),
        ),
    ),
    raising=(
        Mistake(
            "not summed over the samples",
            "dz has one number a sample, (N,), and x is (N, D): each sample's dz goes with its row, and the samples "
            "are "
            "summed over. That is a product: `dz @ x`.",
            lambda x, y, w: 2 * (_p(x, w) - y) * (1 - _p(x, w) ** 2) * x,
        ),
    ),
    hints=(
        "Give every intermediate a name: z, p, L. Which slope belongs to each of the three lines?",
        "dp = 2 (p - y), then dz = dp (1 - p²), one number a sample. Each sample then adds its dz times its x to dw.",
        "`dz = 2 * (p - y) * (1 - p**2)` has shape (N,). Summed over the samples: `dw = dz @ x`, of shape (D,).",
    ),
    explain_right="That is all of backpropagation: slopes multiply along a way, ways add up. If it was hard: *The "
    "chain "
    "rule, one name at a time*, and Goodfellow, Bengio and Courville, section 6.5.",
)


# --- 00-used-twice ----------------------------------------------------------------------------------------------


def _twice_cases(rng):
    def case(T, a=None):
        return dict(a=np.array(rng.uniform(-1.2, 1.2) if a is None else a), s=rng.normal(size=()), x=rng.normal(size=T))

    return [case(3), case(1), case(2), case(7), case(30), case(4, a=0.0)]


def _twice(a, s, x):
    return _states(a, s, x)[-1], _derivative(lambda each: _states(each, s, x)[-1], a)


def _states(a, s, x):
    states = [s]
    for value in x:
        states.append(a * states[-1] + value)
    return states


def _wrong_twice(slope):
    return lambda a, s, x: (_states(a, s, x)[-1], slope(a, s, x, _states(a, s, x)))


USED_TWICE = Question(
    id="00-used-twice",
    name="run_and_slope",
    points=3,
    outputs=(Output("s", ()), Output("da", (), backward=True)),
    cases=_twice_cases,
    reference=_twice,
    mistakes=(
        Mistake(
            "only the last way",
            "You counted the last step alone, as if the state before it did not depend on `a`. It does, and so on back "
            "to the first step: one way through each of them.",
            _wrong_twice(lambda a, s, x, states: states[-2]),
        ),
        Mistake(
            "ways not weakened",
            "You added up the states, but a way through an early step passes `a` at every step after it: multiply by "
            "`a` each time you go back one step.",
            _wrong_twice(lambda a, s, x, states: sum(states[:-1])),
        ),
        Mistake(
            "the state after the step",
            "In `s_t = a * s_{t-1} + x_t` the number beside `a` is the state *before* the step. You took the one after "
            "it.",
            _wrong_twice(lambda a, s, x, states: sum(a**k * each for k, each in enumerate(states[:0:-1]))),
        ),
        Mistake(
            "the two swapped",
            "You return the derivative first. Wanted is the state, then its derivative by `a`.",
            lambda a, s, x: _twice(a, s, x)[::-1],
        ),
        Mistake(
            "inputs forgotten",
            "This is the slope of a to the power T times the first state. The inputs have come in on the way, and what "
            "they left in the state is multiplied by `a` as well.",
            _wrong_twice(lambda a, s, x, states: len(x) * a ** (len(x) - 1) * s),
        ),
        Mistake(
            "one factor too many",
            "You multiply by `a` before you add: the last step then has the factor `a`, which belongs to the step "
            "before it. Add first, then multiply.",
            _wrong_twice(lambda a, s, x, states: a * sum(a**k * each for k, each in enumerate(states[-2::-1]))),
        ),
    ),
    hints=(
        "How does the last state depend on `a` if you hold the state before it fixed? And how does that one depend "
        "on it?",
        "Keep all states on the way forward. Then go back: at each step add *ds* times the state before it, and "
        "multiply "
        "*ds* by `a`.",
        "`ds, da = 1.0, 0.0`; for t from T down to 1: `da += ds * states[t - 1]`, then `ds *= a`.",
    ),
    explain_right="You have written backpropagation through time for one number; lesson 02 does it for a network. If "
    "it "
    "was hard: *A number that is used twice* in the primer.",
)


# --- to choose --------------------------------------------------------------------------------------------------

QUIZ = (
    Choice(
        id="00-quiz-broadcasting",
        name="stretched_shape",
        points=1,
        text="`a` has shape (4, 1) and `b` has shape (4,). What is `(a * b).shape`?",
        options={
            "a": Option("(4,)", "That would need `a` of shape (4,). Here the 1 at its end is stretched to b's 4."),
            "b": Option("(4, 1)", "b lines up with the last axis of `a`, which has size 1 and is stretched."),
            "c": Option(
                "(4, 4)",
                "Yes. Shapes line up from the right: 1 is stretched to 4, and a new axis of 4 is put before b.",
            ),
            "d": Option("none: it raises an error", "4 and 1 get along: a size of 1 is stretched, without a word."),
        },
        right="c",
        hints=(
            "Write the two shapes below each other, flush right. What stands above the 4 of `b`?",
            "A missing axis counts as 1, and a 1 is stretched to whatever the other has.",
            "(4, 1) and (1, 4): stretch both ones.",
        ),
    ),
    Choice(
        id="00-quiz-axis",
        name="which_axis",
        points=1,
        text="`x` has shape (N, T, D). You want the mean of each feature over the steps of its own sample. Which line?",
        options={
            "a": Option("`x.mean(axis=1)`", "Yes: axis 1 are the steps, and they disappear; (N, D) is left."),
            "b": Option("`x.mean(axis=2)`", "That is taken over the features, and leaves (N, T)."),
            "c": Option("`x.mean(axis=0)`", "That is taken over the samples, and leaves (T, D)."),
        },
        right="a",
        hints=(
            "Which shape should the result have?",
            "The axis that you name is the one that disappears.",
            "(N, T, D) to (N, D): the middle one goes. Axes are counted from 0.",
        ),
    ),
    Choice(
        id="00-quiz-powers",
        name="below_a_hundredth",
        points=1,
        text="A number is multiplied by 0.8 at every step. After about how many steps is less than a hundredth of it "
        "left?",
        options={
            "a": Option(
                "about 5", "It loses a fifth of what is *left*, not of what there was: after 5 steps a third is left."
            ),
            "b": Option("about 21", "Yes: log 0.01 / log 0.8 is 20.6."),
            "c": Option("about 80", "After 80 steps 0.00000002 of it is left."),
            "d": Option("never: it never gets to 0", "It never is 0, and yet it passes every bound above 0."),
        },
        right="b",
        hints=(
            "What is 0.8 to the power 10? And the square of that?",
            "You look for the n with $0.8^n = 0.01$. Which function brings an exponent down?",
            "$n = \\log 0.01 / \\log 0.8$.",
        ),
    ),
    Choice(
        id="00-quiz-downhill",
        name="which_way",
        points=1,
        text="At w = 2 the gradient of the loss is -6, and the learning rate is 0.1. Where is w after one step of "
        "gradient "
        "descent, and is the loss lower there?",
        options={
            "a": Option("at 1.4; lower", "The step goes *against* the gradient: 2 - 0.1 * (-6)."),
            "b": Option(
                "at 2.6; lower, as gradient descent always goes down",
                "The place is right. But the gradient only speaks of the near surroundings.",
            ),
            "c": Option(
                "at 2.6; lower or higher, depending on how the loss bends",
                "Yes: 2 - 0.1 * (-6). A step that is too long can lead up the other side.",
            ),
        },
        right="c",
        hints=(
            "A gradient of -6: does the loss fall or rise when w grows a little?",
            "w - rate * gradient, with both signs.",
            "Look at the curve for the rate of 1.05 in the primer: what can happen to a step in the right direction?",
        ),
    ),
    Choice(
        id="00-quiz-small-steps",
        name="step_too_small",
        points=1,
        text="To check a slope by small steps, somebody takes a step of 1e-15 in ordinary double precision. What "
        "happens?",
        options={
            "a": Option(
                "The result is as exact as it can be, since the step is the smallest that works.",
                "It would be, with endless digits. With 16, the two values differ in their last digit at most.",
            ),
            "b": Option(
                "It raises a division by zero.",
                "1e-15 is no zero; the division goes through, and what it divides is rounding.",
            ),
            "c": Option(
                "It takes longer, but the result is the same.",
                "The time is the same. The result is not.",
            ),
            "d": Option(
                "The result is spoiled by rounding: it can be off by a hundredth and more.",
                "Yes. The difference of two nearly equal numbers keeps their last, rounded digits.",
            ),
        },
        right="d",
        hints=(
            "How many digits has a number in double precision?",
            "f(z + e) and f(z - e) agree in nearly all of their digits. What is left of them in the difference?",
            "Look at the last line of the table in the primer.",
        ),
    ),
)

PREDICTIONS = (
    Choice(
        id="00-predict-shapes",
        text="`forecast` has shape (5, 1), `truth` has shape (5,). Which shape has `forecast - truth`?",
        options={
            "a": Option(
                "(5,): five numbers minus five numbers", "So it was meant. But the two have not the same axes."
            ),
            "b": Option("(5, 5): every forecast minus every truth", "Yes, and the mean is then taken over 25 numbers."),
            "c": Option("(5, 1), like the first", "The 1 at the end meets the 5 of `truth`, and is stretched."),
        },
        right="b",
    ),
    Choice(
        id="00-predict-small-steps",
        text="You measure the slope of tanh at 0.5 with steps of 0.1, 0.01 and so on down to 1e-15. How does the "
        "error go?",
        options={
            "a": Option("It falls all the way: smaller is better.", "In exact arithmetic it would."),
            "b": Option(
                "It stays the same: the slope does not depend on the step.",
                "It does: over a large step the curve bends.",
            ),
            "c": Option(
                "It falls at first, and rises again.", "Yes: first the bend disappears, then rounding takes over."
            ),
        },
        right="c",
    ),
    Choice(
        id="00-check-ways",
        text="A weight is used at each of ten steps, and the loss is taken at the end. How do the ten slopes go "
        "together?",
        options={
            "a": Option("They add up, each with the factors of its way to the end.", "Yes: ways that meet add up."),
            "b": Option("They multiply.", "Along *one* way slopes multiply. Ten ways add up."),
            "c": Option(
                "The last one counts; the others are history.", "The early ones reach the end, too, through the states."
            ),
        },
        right="a",
    ),
)

QUESTIONS = (LAYER, LAST_STEP, SIGMOID_SLOPE, CHAIN, USED_TWICE, *QUIZ, *PREDICTIONS)

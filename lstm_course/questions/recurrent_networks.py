"""Questions of lesson 02: the plain recurrent network, forward and backward through time."""

import numpy as np

from lstm_course.scratch import RNN, rnn_step, rnn_step_backward
from lstm_course.scratch.lstm import sigmoid

from .question import Choice, Mistake, Option, Output, Question

STATE = ("sample", "unit")
STATES = ("sample", "time step", "unit")
LIBRARY = ("lstm_course.scratch:RNN", "torch.nn:RNN", "torch.nn:RNNCell")
STEP = {"rnn_step": "lstm_course.scratch:rnn_step"}
STEP_BACKWARD_GIVEN = {"rnn_step_backward": "lstm_course.scratch:rnn_step_backward"}


def _layer(D, W, b):
    """The package's fast layer, which shares no line with the step, with these weights."""
    H = len(W)
    layer = RNN(D, H)
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b.copy(), bias_hh_l0=np.zeros(H)
    )
    return layer


def _weight_gradients(layer):
    gradients = layer.gradients
    dW = np.concatenate([gradients["weight_hh_l0"], gradients["weight_ih_l0"]], axis=1)
    return dW, gradients["bias_ih_l0"]


# --- 02-rnn-step ------------------------------------------------------------------------------------------------


def _step_inputs(rng, N, D, H, scale=1.0):
    return dict(
        x=scale * rng.normal(size=(N, D)),
        h=rng.uniform(-0.9, 0.9, (N, H)),
        W=rng.normal(size=(H, H + D)) / np.sqrt(H + D),
        b=rng.normal(size=H),
    )


def _step_cases(rng):
    sizes = [(1, 1, 1), (2, 3, 3), (3, 4, 2), (4, 1, 3), (1, 2, 5)]
    return [_step_inputs(rng, *size) for size in sizes] + [_step_inputs(rng, 2, 3, 2, scale=1000.0)]


def _one_step(x, h, W, b):
    return _layer(x.shape[1], W, b)(x[:, None], h[None])[0][:, 0]


RNN_STEP = Question(
    id="02-rnn-step",
    name="rnn_step",
    points=1,
    outputs=(Output("h_next", STATE),),
    cases=_step_cases,
    reference=_one_step,
    mistakes=(
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. The first H columns of `W` belong to h, the others to x.",
            lambda x, h, W, b: np.tanh(np.concatenate([x, h], axis=1) @ W.T + b),
        ),
        Mistake(
            "tanh missing",
            "You return z itself. Without the tanh the states can grow at every step without bound, and the whole "
            "network is one linear function.",
            lambda x, h, W, b: np.concatenate([h, x], axis=1) @ W.T + b,
        ),
        Mistake(
            "sigmoid instead of tanh",
            "Your state lies between 0 and 1. The plain cell has a tanh, between -1 and 1.",
            lambda x, h, W, b: sigmoid(np.concatenate([h, x], axis=1) @ W.T + b),
        ),
        Mistake(
            "bias left out",
            "The bias `b` is missing: z = W [h, x] + b.",
            lambda x, h, W, b: np.tanh(np.concatenate([h, x], axis=1) @ W.T),
        ),
        Mistake(
            "state left out",
            "Your step looks at x alone, so that it can remember nothing. The previous state takes part in the sum: "
            "the first H columns of `W` are for h.",
            lambda x, h, W, b: np.tanh(x @ W[:, h.shape[1] :].T + b),
        ),
        Mistake(
            "old state added",
            "You add the old state to the new one. Other cells do that; the plain one makes its state anew, and h "
            "only takes part in the sum.",
            lambda x, h, W, b: h + rnn_step(x, h, W, b),
        ),
    ),
    hints=(
        "The step sees two arrays, `h` of shape `(N, H)` and `x` of shape `(N, D)`. How do you put them side by side?",
        "`np.concatenate([h, x], axis=1)` has shape `(N, H + D)`, and `W` has shape `(H, H + D)`. Which product gives "
        "`(N, H)`?",
        "`z = np.concatenate([h, x], axis=1) @ W.T + b`, and the new state is `np.tanh(z)`.",
    ),
    forbids=("lstm_course.scratch:rnn_step", *LIBRARY),
    explain_right="That is a whole recurrent network: all that is left is to call it again.",
)


# --- 02-rnn-forward ---------------------------------------------------------------------------------------------


def _sequence_inputs(rng, N, T, D, H, scale=1.0):
    one = _step_inputs(rng, N, D, H)
    return dict(x=scale * rng.normal(size=(N, T, D)), h=one["h"], W=one["W"], b=one["b"])


def _forward_cases(rng):
    sizes = [(1, 2, 1, 1), (2, 3, 3, 3), (3, 1, 2, 4), (2, 6, 1, 3), (4, 4, 3, 2)]
    return [_sequence_inputs(rng, *size) for size in sizes] + [_sequence_inputs(rng, 2, 3, 4, 2, scale=1000.0)]


def _wrong_forward(
    carry=True,
    start_at_zero=False,
    one_late=False,
    last_only=False,
    backwards=False,
    time_first=False,
    first_too=False,
):
    """A pass over a sequence with one mistake; each argument is one."""

    def forward(x, h, W, b):
        T = x.shape[1]
        h = np.zeros_like(h) if start_at_zero else h
        now, first, y = h, h, [None] * T
        for t in reversed(range(T)) if backwards else range(T):
            new = rnn_step(x[:, t], now if carry else h, W, b)
            y[t] = now if one_late else new
            now = new
        y = [now] * T if last_only else y
        y = [first, *y] if first_too else y
        return np.stack(y, axis=0 if time_first else 1)

    return forward


RNN_FORWARD = Question(
    id="02-rnn-forward",
    name="rnn_forward",
    points=2,
    outputs=(Output("y", STATES),),
    cases=_forward_cases,
    reference=lambda x, h, W, b: _layer(x.shape[2], W, b)(x, h[None])[0],
    mistakes=(
        Mistake(
            "state not carried",
            "Each step starts again from the first state. What one step leaves is what the next one finds: bind the "
            "new state to the h that the loop uses.",
            _wrong_forward(carry=False),
        ),
        Mistake(
            "first state ignored",
            "You start from zeros. Start from the `h` that is given: it may be what an earlier piece of the sequence "
            "left.",
            _wrong_forward(start_at_zero=True),
        ),
        Mistake(
            "one step late",
            "You store the state before the step: entry t holds what step t found, not what it left.",
            _wrong_forward(one_late=True),
        ),
        Mistake(
            "one array for all steps",
            "All your steps are equal to the last one. You changed one array in place and stored it again and again; "
            "store a copy, or make a new array at each step.",
            _wrong_forward(last_only=True),
        ),
        Mistake(
            "from the last step to the first",
            "Your loop reads the sequence backwards. The state goes from the past to the future: step 0 comes first.",
            _wrong_forward(backwards=True),
        ),
        Mistake(
            "time before samples",
            "Your result has the time steps first. This course keeps (samples, time steps, units): stack along "
            "`axis=1`.",
            _wrong_forward(time_first=True),
        ),
        Mistake(
            "first state among the results",
            "You return T + 1 states. The state before the first step does not belong in `y`, which holds what the T "
            "steps left.",
            _wrong_forward(first_too=True),
        ),
    ),
    hints=(
        "What must a step know of the step before it, and where do you keep that between two rounds of the loop?",
        "Loop over the T steps; the input of step t is `x[:, t]`, of shape `(N, D)`. Bind the result of `rnn_step` to "
        "`h` again and append it to a list. How does a list of T arrays `(N, H)` become one of `(N, T, H)`?",
        "In the loop: `h = rnn_step(x[:, t], h, W, b)`, then `y.append(h)`. At the end `np.stack(y, axis=1)`.",
    ),
    provides=STEP,
    forbids=LIBRARY,
    explain_right="The same function at every step, and one array that goes from each to the next.",
)


# --- 02-step-backward -------------------------------------------------------------------------------------------


def _step_backward_cases(rng):
    def case(*size, scale=1.0):
        inputs = _step_inputs(rng, *size, scale=scale)
        h_next = rnn_step(**inputs)
        dh_next = rng.normal(size=h_next.shape)
        return dict(dh_next=dh_next, x=inputs["x"], h=inputs["h"], h_next=h_next, W=inputs["W"], b=inputs["b"])

    sizes = [(1, 1, 1), (2, 3, 3), (3, 4, 2), (4, 1, 3), (1, 2, 5)]
    return [case(*size) for size in sizes] + [case(3, 2, 4, scale=3.0)]


def _one_step_backward(dh_next, x, h, h_next, W, b):
    layer = _layer(x.shape[1], W, b)
    layer(x[:, None], h[None])
    dx, dh = layer.backward(dh_next[:, None])
    return dx[:, 0], dh[0], *_weight_gradients(layer)


def _wrong_step_backward(
    slope=lambda h_next: 1 - h_next**2,
    swap_slices=False,
    turned=False,
    average=False,
    add_up=True,
    swap_columns=False,
    swap_results=False,
    slope_late=False,
    slope_before=False,
):
    """The backward pass of a step with one mistake; each argument is one."""

    def backward(dh_next, x, h, h_next, W):
        (N, H), D = h.shape, x.shape[1]
        dz = dh_next * slope(h if slope_before else h_next)
        hx = np.concatenate([x, h] if swap_columns else [h, x], axis=1)
        dhx = (dh_next if slope_late else dz) @ (np.concatenate([W[:, :H].T, W[:, H:]], axis=1) if turned else W)
        dh, dx = (dhx[:, D:], dhx[:, :D]) if swap_slices else (dhx[:, :H], dhx[:, H:])
        share = N if average else 1
        first = (dh, dx) if swap_results else (dx, dh)
        return *first, dz.T @ hx / share, dz.sum(axis=0) / share if add_up else dz

    return backward


GRADIENTS = (
    Output("dx", ("sample", "feature"), backward=True),
    Output("dh", STATE, backward=True),
    Output("dW", ("row", "column"), backward=True),
    Output("db", ("row",), backward=True),
)

STEP_BACKWARD = Question(
    id="02-step-backward",
    name="rnn_step_backward",
    points=3,
    outputs=GRADIENTS,
    withheld=("b",),
    cases=_step_backward_cases,
    reference=_one_step_backward,
    mistakes=(
        Mistake(
            "slope of the tanh missing",
            "You use `dh_next` as if it were the gradient of z. Between the two stands a tanh: multiply by its slope, "
            "`1 - h_next**2`.",
            _wrong_step_backward(slope=lambda h_next: 1),
        ),
        Mistake(
            "slope taken at z",
            "The slope of a tanh is `1 - tanh(z)**2`; you wrote `1 - z**2`. `tanh(z)` is there already: it is "
            "`h_next`.",
            _wrong_step_backward(slope=lambda h_next: 1 - np.arctanh(np.clip(h_next, -1 + 1e-15, 1 - 1e-15)) ** 2),
        ),
        Mistake(
            "slope taken at the state before the step",
            "You take the slope from `h`, the state that the step found. The tanh gave `h_next`: its slope is "
            "`1 - h_next**2`.",
            _wrong_step_backward(slope_before=True),
        ),
        Mistake(
            "tanh taken twice",
            "You take the tanh of `h_next`, which is a tanh already. The slope is `1 - h_next**2`.",
            _wrong_step_backward(slope=lambda h_next: 1 - np.tanh(h_next) ** 2),
        ),
        Mistake(
            "slope of a sigmoid",
            "`h (1 - h)` is the slope of a sigmoid. This cell has a tanh: `1 - h_next**2`.",
            _wrong_step_backward(slope=lambda h_next: h_next * (1 - h_next)),
        ),
        Mistake(
            "slope used for the weights only",
            "`dW` and `db` are made from dz, but `dx` and `dh` from `dh_next`. They too lie behind the tanh: `dz @ W`.",
            _wrong_step_backward(slope_late=True),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "`dz @ W` holds the gradients of h and of x side by side, h first: columns 0 to H - 1 are dh, the others "
            "dx.",
            _wrong_step_backward(swap_slices=True),
        ),
        Mistake(
            "wrong transposition",
            "Your `dh` comes from the transpose of the recurrent weights. Forward the product was `hx @ W.T`; "
            "backward it is `dz @ W`, without the `.T`.",
            _wrong_step_backward(turned=True),
        ),
        Mistake(
            "columns of dW in another order",
            "The columns of your `dW` belong to x first and then to h. They must stand as those of `W`: [h, x].",
            _wrong_step_backward(swap_columns=True),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. A gradient is summed over the samples; an average, "
            "where one is wanted, is the business of the loss.",
            _wrong_step_backward(average=True),
        ),
        Mistake(
            "bias gradient not summed over the samples",
            "Your `db` still has a row for each sample. All samples share the bias, so its gradient is the sum over "
            "them: `dz.sum(axis=0)`.",
            _wrong_step_backward(add_up=False),
        ),
        Mistake(
            "bias summed over the units",
            "You summed `dz` over its units, `axis=1`, and have one number for each sample. The bias has one number "
            "for each unit: sum over the samples, `axis=0`.",
            lambda dh_next, x, h, h_next, W: (
                *rnn_step_backward(dh_next, x, h, h_next, W)[:3],
                (dh_next * (1 - h_next**2)).sum(axis=1),
            ),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and your second that of x. The order is dx, dh, dW, db.",
            _wrong_step_backward(swap_results=True),
        ),
    ),
    hints=(
        "Write the step as two lines, `z = W [h, x] + b` and `h' = tanh(z)`, and go through them from the last to the "
        "first. What is the gradient of z, if that of h' is known?",
        "`dz = dh_next * (1 - h_next**2)`. Entry by entry `z_k` is the sum of `W_kj [h, x]_j`, plus `b_k`: what does "
        "each of the three receive, and which of them are shared by all samples?",
        "With `hx = np.concatenate([h, x], axis=1)`: `dW = dz.T @ hx`, `db = dz.sum(axis=0)`, `dhx = dz @ W`; then "
        "`dh = dhx[:, :H]` and `dx = dhx[:, H:]`.",
    ),
    forbids=("lstm_course.scratch:rnn_step_backward", *LIBRARY),
    explain_right="Four gradients from three products. They are all that backpropagation through time repeats.",
)


# --- 02-rnn-backward --------------------------------------------------------------------------------------------


def _backward_cases(rng):
    def case(N, T, D, H):
        inputs = _sequence_inputs(rng, N, T, D, H)
        y = _layer(D, inputs["W"], inputs["b"])(inputs["x"], inputs["h"][None])[0]
        return dict(dy=rng.normal(size=y.shape), x=inputs["x"], h=inputs["h"], y=y, W=inputs["W"], b=inputs["b"])

    return [case(1, 3, 1, 1), case(2, 4, 3, 3), case(3, 1, 2, 2), case(2, 6, 1, 3), case(1, 5, 4, 2)]


def _through_the_layer(dy, x, h, y, W, b):
    layer = _layer(x.shape[2], W, b)
    layer(x, h[None])
    dx, dh = layer.backward(dy)
    return dx, dh[0], *_weight_gradients(layer)


def _wrong_backward(
    carry=True,
    add_up="sum",
    last_dy_only=False,
    use_dy=True,
    forwards=False,
    flipped=False,
    start_at_zero=False,
    after=False,
    wrapped=False,
):
    """Backpropagation through time with one mistake; each argument is one."""

    def backward(dy, x, h, y, W):
        N, T, H = dy.shape
        first = y[:, -1] if wrapped else np.zeros_like(h) if start_at_zero else h
        before = [first, *(y[:, t] for t in range(T - 1))]
        dh, dx, dW, db = np.zeros((N, H)), [None] * T, 0, 0
        for t in range(T) if forwards else reversed(range(T)):
            own = dy[:, t] if not last_dy_only or t == T - 1 else 0
            found = y[:, t] if after else before[t]
            dx[t], back, dW_t, db_t = rnn_step_backward(own + dh, x[:, t], found, y[:, t], W)
            dW, db = (dW_t, db_t) if add_up == "last" else (dW + dW_t, db + db_t)
            dh = back if carry or t == 0 else np.zeros_like(dh)
        share = T if add_up == "mean" else 1
        return np.stack(dx[::-1] if flipped else dx, axis=1), dh, dW / share, db / share

    return backward


SEQUENCE_GRADIENTS = (Output("dx", ("sample", "time step", "feature"), backward=True), *GRADIENTS[1:])

RNN_BACKWARD = Question(
    id="02-rnn-backward",
    name="rnn_backward",
    points=4,
    outputs=SEQUENCE_GRADIENTS,
    withheld=("b",),
    cases=_backward_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "gradient of later steps not carried",
            "Each step sees only its own `dy[:, t]`. What its state did for the later steps comes back as the `dh` of "
            "step t + 1: add it to `dy[:, t]`.",
            _wrong_backward(carry=False),
        ),
        Mistake(
            "gradient not summed over the steps",
            "`dW` and `db` hold the share of one step only. The same weights act at every step: add the shares up.",
            _wrong_backward(add_up="last"),
        ),
        Mistake(
            "averaged over the steps",
            "`dW` and `db` are divided by the number of steps. The weights act at every step, and a gradient is the "
            "sum of what each of its uses receives.",
            _wrong_backward(add_up="mean"),
        ),
        Mistake(
            "loss at the last step only",
            "You use `dy` at the last step only. Here each step may have a loss of its own, and each adds its "
            "gradient.",
            _wrong_backward(last_dy_only=True),
        ),
        Mistake(
            "forwards in time",
            "Your loop runs from the first step to the last. Gradients come from the future: go from T - 1 down to 0.",
            _wrong_backward(forwards=True),
        ),
        Mistake(
            "dx in reverse order",
            "Your `dx` is right but stands in the order in which you computed it, the last step first. Turn it round, "
            "or write into `dx[:, t]`.",
            _wrong_backward(flipped=True),
        ),
        Mistake(
            "first state taken for zero",
            "At the first step you use zeros as the state before it. It is the `h` that is given.",
            _wrong_backward(start_at_zero=True),
        ),
        Mistake(
            "last state taken for the first",
            "At t = 0 `y[:, t - 1]` is `y[:, -1]`, the *last* state: Python counts on from the end, without a word. "
            "The state before the first step is `h`.",
            _wrong_backward(wrapped=True),
        ),
        Mistake(
            "state after the step in place of the one before",
            "You hand `y[:, t]` to the step twice. The state that step t *found* is `y[:, t - 1]`, and `h` at the "
            "first step.",
            _wrong_backward(after=True),
        ),
    ),
    hints=(
        "At which step do you know everything that the backward pass needs? And what does each step hand to the one "
        "before it?",
        "Start with `dh` as zeros and loop over `reversed(range(T))`. The gradient of the state at step t is "
        "`dy[:, t] + dh`. Which state did step t find, and which did it leave? What becomes of `dW`?",
        "In the loop: `before = y[:, t - 1] if t > 0 else h`, then `dx[:, t], dh, dW_t, db_t = "
        "rnn_step_backward(dy[:, t] + dh, x[:, t], before, y[:, t], W)`, then `dW += dW_t` and `db += db_t`. After "
        "the loop `dh` is the gradient of the first state.",
    ),
    provides=STEP_BACKWARD_GIVEN,
    forbids=LIBRARY,
    explain_right="That is backpropagation through time: carry the state's gradient, add up the weights'.",
)


# --- 02-truncated (blank page) ----------------------------------------------------------------------------------


def _truncated_cases(rng):
    def case(N, T, D, H, k):
        inputs = _sequence_inputs(rng, N, T, D, H)
        return dict(**inputs, dy=rng.normal(size=(N, T, H)), k=k)

    return [
        case(1, 4, 1, 1, k=2),
        case(2, 7, 3, 3, k=3),  # the last window is shorter
        case(3, 5, 2, 4, k=1),
        case(2, 3, 4, 2, k=8),  # nothing to cut
        case(1, 6, 2, 3, k=4),
    ]


def _window_by_window(x, h, W, b, dy, k):
    layer = _layer(x.shape[2], W, b)
    y, dx, dW, db = [], [], 0, 0
    for first in range(0, x.shape[1], k):
        part, state = layer(x[:, first : first + k], h[None])
        y.append(part)
        dx.append(layer.backward(dy[:, first : first + k])[0])
        h = state[0]
        dW_part, db_part = _weight_gradients(layer)
        dW, db = dW + dW_part, db + db_part
    return np.concatenate(y, axis=1), np.concatenate(dx, axis=1), dW, db


def _wrong_truncated(
    cut=True,
    keep_state=True,
    again=False,
    every=False,
    from_the_end=False,
    late=0,
    last_window=False,
    average=False,
    drop=False,
    drop_states=False,
):
    """Truncated backpropagation with one mistake; each argument is one."""

    def answer(x, h, W, b, dy, k):
        T = x.shape[1]
        starts = {t for t in range(T + 1) if (T - t if from_the_end else t) % k == 0}  # of windows
        first, found, left = h, [], []
        for t in range(T):
            new = t > 0 and t in starts
            found.append(first if again and new else h if keep_state or not new else np.zeros_like(h))
            h = rnn_step(x[:, t], found[t], W, b)
            left.append(h)
        y, dx = np.stack(left, axis=1), np.zeros_like(x)
        dh, dW, db = np.zeros_like(h), np.zeros_like(W), np.zeros_like(b)
        short = T // k * k if drop or drop_states else T  # where a last window begins that is left out
        y[:, short if drop_states else T :] = 0
        for t in reversed(range(short)):
            dx[:, t], dh, dW_t, db_t = rnn_step_backward(dy[:, t] + dh, x[:, t], found[t], left[t], W)
            if not (last_window and t < (T - 1) // k * k):
                dW, db = dW + dW_t, db + db_t
            if every or (cut and t - late in starts):
                dh = np.zeros_like(dh)
        share = -(-T // k) if average else 1
        return y, dx, dW / share, db / share

    return answer


def _one_window(first, last, x, h, W, b, dy, k):
    """All states, and the gradients of the steps from `first` up to, but not including, `last`, without a cut."""
    y = _layer(x.shape[2], W, b)(x, h[None])[0]
    found, dx = y[:, first - 1] if first else h, np.zeros_like(x)
    part = slice(first, last)
    _, dx[:, part], dW, db = _window_by_window(x[:, part], found, W, b, dy[:, part], k)
    return y, dx, dW, db


def _last_steps_only(x, h, W, b, dy, k):
    T = x.shape[1]
    return _one_window(max(T - k, 0), T, x, h, W, b, dy, k)


def _last_steps_returned(x, h, W, b, dy, k):
    y, dx, dW, db = _last_steps_only(x, h, W, b, dy, k)
    return y, dx[:, -k:], dW, db


def _each_loss_by_itself(x, h, W, b, dy, k):
    own = np.eye(x.shape[1])[:, None, :, None] * dy  # the loss of one step at a time
    windows = [_one_window(max(t - k + 1, 0), t + 1, x, h, W, b, own[t], k) for t in range(len(own))]
    y, dx, dW, db = zip(*windows)
    return y[0], sum(dx), sum(dW), sum(db)


def _whole_windows_only(x, h, W, b, dy, k):
    T = x.shape[1] // k * k
    windows = [x[:, first : first + k] for first in range(0, T, k)]
    return _window_by_window(np.concatenate(windows, axis=1), h, W, b, dy[:, :T], k)


TRUNCATED = Question(
    id="02-truncated",
    name="truncated",
    points=4,
    outputs=(
        Output("y", STATES),
        SEQUENCE_GRADIENTS[0],
        *GRADIENTS[2:],
    ),
    cases=_truncated_cases,
    reference=_window_by_window,
    mistakes=(
        Mistake(
            "nothing cut",
            "Your gradients run back to the first step. At the first step of each window nothing may go back to the "
            "window before it.",
            _wrong_truncated(cut=False),
        ),
        Mistake(
            "state reset at each window",
            "You start each window from a state of zeros. Only the gradient is cut; the state goes on, so that y is "
            "the same as without windows.",
            _wrong_truncated(keep_state=False),
        ),
        Mistake(
            "cut at every step",
            "Your gradient does not go back even one step. Within a window it must be carried as usual.",
            _wrong_truncated(every=True),
        ),
        Mistake(
            "windows counted from the end",
            "Your windows are counted from the end of the sequence. They begin with step 0, and the last one may be "
            "shorter than k.",
            _wrong_truncated(from_the_end=True),
        ),
        Mistake(
            "cut at the second step of a window",
            "Your cut lies one step off: the gradient stops at the second step of a window instead of its first. A "
            "window begins at 0, k, 2 k and so on.",
            _wrong_truncated(late=1),
        ),
        Mistake(
            "cut at the last step of a window",
            "Your cut lies one step off: what the last step of a window hands back is lost, `(t + 1) % k == 0`. Cut "
            "what its *first* step hands back, where `t % k == 0`.",
            _wrong_truncated(late=-1),
        ),
        Mistake(
            "each window from the given state",
            "Each of your windows starts again from the `h` that is given. It starts from the state that the window "
            "before it left.",
            _wrong_truncated(again=True),
        ),
        Mistake(
            "the last k steps only",
            "Your gradients go back over the last k steps of the sequence, as in the lesson, where the loss stood at "
            "the end. Here each window has losses of its own, and a gradient.",
            _last_steps_only,
        ),
        Mistake(
            "dx of the last k steps only",
            "You return a `dx` of the last k steps only, as the lesson's `truncated_backward` does. Here each window "
            "has losses of its own, and so a gradient: `dx` has all T steps.",
            _last_steps_returned,
        ),
        Mistake(
            "each loss goes back k steps",
            "You carry the loss of each step back over k steps, across the beginning of its window. A gradient stops "
            "where its window begins, so that of a window's first step goes nowhere.",
            _each_loss_by_itself,
        ),
        Mistake(
            "weights of the last window only",
            "`dW` and `db` hold the share of the last window only. Every window adds its own.",
            _wrong_truncated(last_window=True),
        ),
        Mistake(
            "averaged over the windows",
            "`dW` and `db` are divided by the number of windows. A gradient is summed over all uses of the weights.",
            _wrong_truncated(average=True),
        ),
        Mistake(
            "short window left out",
            "When T is no multiple of k, the last window is shorter than k. Yours has no gradients.",
            _wrong_truncated(drop=True),
        ),
        Mistake(
            "short window left out, states and all",
            "When T is no multiple of k, the last window is shorter than k. Yours is left at zero, its states too.",
            _wrong_truncated(drop_states=True),
        ),
    ),
    raising=(
        Mistake(
            "no window at all",
            "Where k is larger than T you have no window at all. The last window may be shorter than k; here it is "
            "the only one.",
            _whole_windows_only,
        ),
    ),
    hints=(
        "Two things go from window to window in the full algorithm, one forward and one backward. Which of them stays?",
        "Forward nothing changes: compute y as ever. Backward you loop over `reversed(range(T))` as ever. At which "
        "steps must `dh`, which you are about to hand to the step before, be zeros instead?",
        "A window begins where `t % k == 0`. After the call of `rnn_step_backward` for such a t, set "
        "`dh = np.zeros_like(dh)`. Everything else is the ordinary backward pass.",
    ),
    provides=STEP | STEP_BACKWARD_GIVEN,
    forbids=LIBRARY,
    explain_right="The state has seen everything, the gradient only its own window. Frameworks call this `detach`.",
)


# --- quiz -------------------------------------------------------------------------------------------------------

QUIZ = (
    Choice(
        id="02-quiz-longer",
        name="quiz_longer",
        points=1,
        text="A recurrent network was trained on strings of 100 steps. Now it is to be trained, with full "
        "backpropagation through time, on strings of 1,000. What grows tenfold?",
        options={
            "a": Option(
                "The number of its weights: each step has its own.",
                "The drawing of the unrolled network looks like that. But its boxes are one and the same box, with "
                "one W and one b.",
            ),
            "b": Option(
                "The memory for its states, which the backward pass needs.",
                "Yes. Each step's state is kept until the gradient has come back to it. The weights are as many as "
                "before.",
            ),
            "c": Option(
                "The size of its state: it must hold more of the past.",
                "A state has H numbers, however long the string. It would be good if it held more, but it does not.",
            ),
            "d": Option(
                "Nothing: a recurrent network does not mind the length.",
                "Forward that is so, if only the last state is wanted. The backward pass needs the states of all "
                "steps.",
            ),
        },
        right="b",
        hints=(
            "Look at what `rnn_step_backward` is called with at each step.",
            "It needs the state that each step found and the one that it left. Where do those come from, at step 0, "
            "after the whole string has been read?",
            "They are kept from the forward pass: `y` of shape `(N, T, H)`. Which of its sizes has grown?",
        ),
    ),
    Choice(
        id="02-quiz-which-line",
        name="quiz_which_line",
        points=1,
        text="A gradient check of a backward pass over six steps says: `dx` and `dh` agree everywhere, `dW` and `db` "
        "differ. Which line is wrong?",
        options={
            "a": Option(
                "The one that adds up the shares of the steps.",
                "Yes. Had the carry or the slope been wrong, `dx` would differ too. Only the weights are collected "
                "over the steps.",
            ),
            "b": Option(
                "The one that adds `dh` of the later step to `dy[:, t]`.",
                "Then `dx` would be wrong at all steps but the last.",
            ),
            "c": Option(
                "The one with the slope of the tanh.",
                "Everything lies behind the tanh: `dx` and `dh` would be wrong as well.",
            ),
            "d": Option(
                "The one of the forward pass that puts h and x side by side.",
                "The check takes the forward pass as it is. If the backward pass had another order than that, `dx` and "
                "`dh` would differ, too.",
            ),
        },
        right="a",
        hints=(
            "`dx` is right at the first step as well. What must all be right for that?",
            "To get to `dx` of the first step, the gradient has passed every tanh and every carry. What happens to "
            "`dW` that does not happen to `dx`?",
            "Each step has a `dx` of its own, but all steps share one `W`.",
        ),
    ),
    Choice(
        id="02-quiz-check-says",
        name="quiz_check_says",
        points=1,
        text="A gradient check agrees in every array, on one case with several samples, several steps and states that "
        "are not zero. What do you know?",
        options={
            "a": Option(
                "The network will learn its task.",
                "A right gradient may be far too small to learn anything from, as at the long lag of this lesson.",
            ),
            "b": Option(
                "The forward pass computes what the equation says.",
                "The check never sees the equation. If the forward pass lacks its tanh, a backward pass without the "
                "slope agrees with it.",
            ),
            "c": Option(
                "The backward pass belongs to this forward pass, as far as the case exercises it.",
                "Yes, and no more. Whether the forward pass is the one you wanted takes another test.",
            ),
            "d": Option(
                "No gradient vanishes.",
                "It may be 1e-20 and right. The check compares numbers; it does not say whether they are of use.",
            ),
        },
        right="c",
        hints=(
            "The check uses nothing but the loss. Where does the loss come from?",
            "It changes a number, runs the forward pass, and looks at the loss. So with what is the backward pass "
            "compared?",
            "With the slopes of *your* forward pass on *this* case. Which of the answers says no more than that?",
        ),
    ),
    Choice(
        id="02-quiz-cut",
        name="quiz_cut",
        points=1,
        text="A network is trained with windows of 20 steps: the state is carried from window to window, the gradient "
        "is not. Can it use something that stood 50 steps back?",
        options={
            "a": Option(
                "Never: it cannot see further than 20 steps.",
                "The state comes from the first step on, so traces of everything may be in it.",
            ),
            "b": Option(
                "Yes, as well as with the full gradient: the state is carried, and that is what counts.",
                "The state is carried, but no gradient runs from step 50 back to step 0, and that makes a large "
                "difference.",
            ),
            "c": Option(
                "Only if the windows overlap.",
                "Overlapping windows share some steps. Neither lets a gradient come back over 50 of them.",
            ),
            "d": Option(
                "It may happen to, but no gradient reaches back that far.",
                "Yes. What is learned about holding over 20 steps acts at all steps, as the weights are shared. So a "
                "trace may still be there after 50; you cannot rely on it.",
            ),
        },
        right="d",
        hints=(
            "Two things go through time: states forward, gradients backward. Which of them is cut?",
            "So a trace of step 0 may be in the state at step 50. Does training see to it that there is one?",
            "A gradient links the step that asks with the steps before it. How many, with these windows?",
        ),
    ),
)


# --- predictions in the lesson: no points -----------------------------------------------------------------------

PREDICTIONS = (
    Choice(
        id="02-predict-weights",
        text="The network is to read 100 symbols instead of 5. How many more weights does it need?",
        options={
            "a": Option(
                "20 times as many",
                "There is a step for each symbol, but it is the same step with the same W each time.",
            ),
            "b": Option("95 more biases, one a step", "All steps share the bias as well."),
            "c": Option("none", "Yes: one W and one b, used 100 times instead of 5."),
        },
        right="c",
    ),
    Choice(
        id="02-predict-share",
        text="Give each of the three steps its own copy of W, and each copy has a gradient: dW1, dW2, dW3. What is "
        "the gradient of the one W that they all are?",
        options={
            "a": Option("their sum", "Yes: change W a little, and the loss changes through all three uses at once."),
            "b": Option("their mean", "A mean would say that W matters less the more often it is used."),
            "c": Option(
                "dW3, the one next to the loss",
                "The others are uses of W, too. What they do to the loss counts as well.",
            ),
        },
        right="a",
    ),
    Choice(
        id="02-predict-check",
        text="A backward pass over six steps forgets to hand `dh` back. The loss is taken at the last step alone. "
        "What will the gradient check say?",
        options={
            "a": Option(
                "everything differs",
                "`dx` of the last step needs no carry: nothing follows it. There the check has nothing to object to.",
            ),
            "b": Option(
                "`x` is right at the last step only; W and b differ",
                "Yes: the last step is complete, the shares of all others are missing.",
            ),
            "c": Option(
                "only W and b differ",
                "The x of an early step reaches the loss only through later steps, so without the carry its gradient "
                "is zero.",
            ),
        },
        right="b",
    ),
    Choice(
        id="02-predict-cut",
        text="Strings of 20 symbols; the first is asked for at the end. The gradient goes back over the last 5 steps "
        "only, but the state is carried from the first step on. Will the network learn it?",
        options={
            "a": Option(
                "Yes: the state has seen the first symbol.",
                "It has seen it, but no gradient gets to the step that reads it.",
            ),
            "b": Option(
                "Yes, but it takes four times as long.",
                "More updates bring more gradients of the same kind. None of them reaches the first 15 steps.",
            ),
            "c": Option(
                "No: it stays at a guess.",
                "Yes, here. A shorter lag, of 10 say, may still be learned: a trace is left, and the weights are "
                "shared.",
            ),
        },
        right="c",
    ),
    Choice(
        id="02-predict-lag",
        text="The network has learned strings of 5 symbols in about a hundred updates. Now strings of 100 symbols, the "
        "full gradient, 500 updates. What will the share of right answers be?",
        options={
            "a": Option("about 1", "The equations allow it, and the gradient is exact. It is also very small."),
            "b": Option("about 0.25, a guess among four", "Yes, for ten different seeds. Lesson 03 says why."),
            "c": Option(
                "somewhere between, and still rising",
                "That would be slow learning. What you will see is none at all.",
            ),
        },
        right="b",
    ),
    Choice(
        id="02-what-arrives",
        text="Each step of a string has a loss of its own. Which gradients arrive at a state in the middle?",
        options={
            "a": Option(
                "that of its own loss, and the one that the next step hands back; they are added",
                "Yes: `dy[:, t] + dh`. In `dh` all later losses are contained.",
            ),
            "b": Option(
                "that of its own loss only",
                "The state is also what the next step starts from. A change of it changes all later losses.",
            ),
            "c": Option(
                "those of all losses, the earlier ones too",
                "An earlier loss was settled before this state was made; nothing that happens here can change it.",
            ),
        },
        right="a",
    ),
    Choice(
        id="02-flat-loss",
        text="Four classes, and after 1,500 updates the loss is 1.39, as at the beginning. The gradient check agrees. "
        "What do you look at first?",
        options={
            "a": Option(
                "The check: with a right gradient the loss would have gone down.",
                "A right gradient may be too small to move anything where it matters. The check has no opinion on "
                "that.",
            ),
            "b": Option(
                "The curve of the loss after another 1,500 updates.",
                "It may jump at last, as with strings of 20, or never, as with 100. Up to the jump both curves look "
                "the same; waiting is the dearest way to find out.",
            ),
            "c": Option(
                "How long the gradient still is at the step that matters.",
                "Yes. It tells what the flat loss does not: whether anything arrives there that can be learned from.",
            ),
        },
        right="c",
    ),
)

QUESTIONS = (RNN_STEP, RNN_FORWARD, STEP_BACKWARD, RNN_BACKWARD, TRUNCATED, *QUIZ, *PREDICTIONS)

"""Questions of lesson 05: an LSTM from scratch, forward and backward."""

import numpy as np

from lstm_course.scratch import LSTM, lstm_step, lstm_step_backward
from lstm_course.scratch.lstm import sigmoid

from .lstm_from_scratch_quiz import QUIZ
from .question import Choice, Mistake, Option, Output, Question

GATES = ("i", "f", "g", "o")
STATE = ("sample", "unit")
LIBRARY = ("lstm_course.scratch:LSTM", "lstm_course.nets:LSTM", "torch.nn:LSTM", "torch.nn:LSTMCell")


# --- 05-lstm-step -----------------------------------------------------------------------------------------------


def _step_inputs(rng, N, D, H, scale=1.0, gates=4):
    return dict(
        x=scale * rng.normal(size=(N, D)),
        h=rng.uniform(-1, 1, (N, H)),
        c=rng.normal(size=(N, H)),
        W=rng.normal(size=(gates * H, H + D)),
        b=rng.normal(size=gates * H),
    )


def _step_cases(rng):
    sizes = [(1, 1, 1), (2, 3, 3), (3, 4, 2), (4, 1, 3), (1, 2, 5)]
    return [_step_inputs(rng, *size) for size in sizes] + [_step_inputs(rng, 2, 3, 2, scale=1000.0)]


def _wrong_step(
    order="ifgo",
    candidate=np.tanh,
    read=np.tanh,
    swap_columns=False,
    bias=1.0,
    old_cell=False,
    swap_results=False,
):
    """A step with one mistake; each argument is one."""

    def step(x, h, c, W, b):
        hx = np.concatenate([x, h] if swap_columns else [h, x], axis=1)
        blocks = dict(zip(order, np.split(hx @ W.T + bias * b, 4, axis=1)))
        i, f, o = (sigmoid(blocks[gate]) for gate in "ifo")
        c_next = f * c + i * candidate(blocks["g"])
        h_next = o * read(c if old_cell else c_next)
        return (c_next, h_next) if swap_results else (h_next, c_next)

    return step


LSTM_STEP = Question(
    id="05-lstm-step",
    name="lstm_step",
    points=3,
    outputs=(Output("h_next", STATE), Output("c_next", STATE)),
    cases=_step_cases,
    reference=lambda **inputs: lstm_step(**inputs)[:2],
    mistakes=(
        Mistake(
            "input and forget gate swapped",
            "You took the first block of rows for the forget gate and the second for the input gate. The order in "
            "this course, as in PyTorch, is i, f, g, o.",
            _wrong_step(order="figo"),
        ),
        Mistake(
            "candidate and output gate swapped",
            "You took the third block of rows for the output gate and the fourth for the candidate. The order is "
            "i, f, g, o.",
            _wrong_step(order="ifog"),
        ),
        Mistake(
            "sigmoid on the candidate",
            "Your candidate goes through the sigmoid, so that it can only ever raise the cell state. It goes through "
            "a tanh: i, f and o are gates, g is not.",
            _wrong_step(candidate=sigmoid),
        ),
        Mistake(
            "tanh missing",
            "You let the cell state out as it is: `h = o * c`. The standard cell reads it through a tanh.",
            _wrong_step(read=lambda c: c),
        ),
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. The first H columns of `W` belong to h, the others to x.",
            _wrong_step(swap_columns=True),
        ),
        Mistake("bias left out", "The bias `b` is missing: z = W [h, x] + b.", _wrong_step(bias=0.0)),
        Mistake(
            "bias added twice",
            "The bias is counted twice. PyTorch keeps two bias vectors for each gate; `b` is already their sum.",
            _wrong_step(bias=2.0),
        ),
        Mistake(
            "old cell state read",
            "h is read from the cell state before the step. First the new c, then `h = o * tanh(c)` from the new one.",
            _wrong_step(old_cell=True),
        ),
        Mistake(
            "results in another order",
            "You return the cell state first. The order is h, then c.",
            _wrong_step(swap_results=True),
        ),
    ),
    hints=(
        "How many numbers does `z = W [h, x] + b` hold for one sample, and how are they shared out among four "
        "quantities?",
        "`np.concatenate([h, x], axis=1) @ W.T + b` has shape `(N, 4H)`. `np.split(z, 4, axis=1)` cuts it into the "
        "four blocks, in the order i, f, g, o. Three of them are gates; which function makes the fourth?",
        "`i, f, o` go through the sigmoid, `g` through `np.tanh`. Then `c_next = f * c + i * g` and "
        "`h_next = o * np.tanh(c_next)`. For a sigmoid that cannot overflow: `0.5 + 0.5 * np.tanh(0.5 * z)`.",
    ),
    forbids=("lstm_course.scratch:lstm_step", *LIBRARY),
    explain_right="Your step gives what PyTorch gives. One matrix product, four blocks, two lines.",
)


# --- 05-step-backward -------------------------------------------------------------------------------------------


def _backward_cases(rng):
    def case(*size):
        inputs = _step_inputs(rng, *size)
        N, H = inputs["h"].shape
        cache = lstm_step(**inputs)[2]
        return dict(dh_next=rng.normal(size=(N, H)), dc_next=rng.normal(size=(N, H)), cache=tuple(cache), W=inputs["W"])

    return [case(1, 1, 1), case(2, 3, 3), case(3, 4, 2), case(4, 1, 3), case(1, 2, 5)]


def _wrong_backward(
    use_dh=True,
    use_dc=True,
    read_path=True,
    swap_slices=False,
    gate_slope=True,
    candidate_slope=True,
    slope_of_c=False,
    average=False,
    carry="f",
    carry_all=True,
    add_up=True,
    order=(0, 1, 2, 3),
    swap_results=False,
):
    """The backward pass of a step with one mistake; each argument is one."""

    def backward(dh_next, dc_next, cache, W):
        hx, c, i, f, g, o, c_next = cache
        N, H = c.shape
        dh_next = dh_next if use_dh else np.zeros_like(dh_next)
        dc_next = dc_next if use_dc else np.zeros_like(dc_next)
        tanh_c = np.tanh(c_next)
        inner = c_next if slope_of_c else tanh_c
        dc_all = dc_next + (dh_next * o * (1 - inner**2) if read_path else 0)
        slopes = [i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)]
        if not gate_slope:
            slopes[0] = slopes[1] = slopes[3] = 1
        if not candidate_slope:
            slopes[2] = 1
        before = [dc_all * g, dc_all * c, dc_all * i, dh_next * tanh_c]
        blocks = [gradient * slope for gradient, slope in zip(before, slopes)]
        dz = np.concatenate([blocks[k] for k in order], axis=1)
        dhx = dz @ W
        dh, dx = dhx[:, :H], dhx[:, H:]
        if swap_slices:
            D = dhx.shape[1] - H
            dx, dh = dhx[:, :D], dhx[:, D:]
        share = N if average else 1
        dc = (dc_all if carry_all else dc_next) * (f if carry == "f" else i)
        dx, dh = (dh, dx) if swap_results else (dx, dh)
        return dx, dh, dc, dz.T @ hx / share, dz.sum(axis=0) / share if add_up else dz

    return backward


GRADIENTS = (
    Output("dx", ("sample", "feature"), backward=True),
    Output("dh", STATE, backward=True),
    Output("dc", STATE, backward=True),
    Output("dW", ("row", "column"), backward=True, blocks=GATES),
    Output("db", ("row",), backward=True, blocks=GATES),
)

STEP_BACKWARD = Question(
    id="05-step-backward",
    name="lstm_step_backward",
    points=4,
    outputs=GRADIENTS,
    cases=_backward_cases,
    reference=lstm_step_backward,
    mistakes=(
        Mistake(
            "gradient of the next hidden state dropped",
            "`dh_next` has no effect on your gradients. What the later steps say about h must flow into o, and "
            "through the tanh into c.",
            _wrong_backward(use_dh=False),
        ),
        Mistake(
            "gradient of the next cell state dropped",
            "`dc_next` has no effect on your gradients. The belt has two users: the tanh of this step, and the next "
            "step. Both gradients are added.",
            _wrong_backward(use_dc=False),
        ),
        Mistake(
            "path from h to c missing",
            "The cell state is also read by the output: c' reaches the loss through `h' = o * tanh(c')`. Add "
            "`dh_next * o * (1 - tanh(c')**2)` to `dc_next` before you use it.",
            _wrong_backward(read_path=False),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "`dz @ W` holds the gradients of h and of x side by side, h first, as [h, x] was put together: columns 0 "
            "to H - 1 are dh, the others dx.",
            _wrong_backward(swap_slices=True),
        ),
        Mistake(
            "slope of the sigmoid missing",
            "You stop at the gates themselves. Each gate is a sigmoid of z, so its gradient must be multiplied by "
            "gate * (1 - gate) to reach z.",
            _wrong_backward(gate_slope=False),
        ),
        Mistake(
            "slope of the candidate missing",
            "g is a tanh of z: multiply its gradient by `1 - g**2` to reach z.",
            _wrong_backward(candidate_slope=False),
        ),
        Mistake(
            "slope taken at c instead of tanh(c)",
            "The slope of the tanh is `1 - tanh(c')**2`; you wrote `1 - c'**2`.",
            _wrong_backward(slope_of_c=True),
        ),
        Mistake(
            "cell state carried back by the wrong gate",
            "`dc` must go back through the forget gate: c' = f * c + i * g, so dc = dc' * f.",
            _wrong_backward(carry="i"),
        ),
        Mistake(
            "cell state carried back in part",
            "`dc` lacks the part that came through h. First add both parts of the gradient of c', then multiply "
            "their sum by f.",
            _wrong_backward(carry_all=False),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. A gradient is summed over the samples; an average, "
            "where one is wanted, is the business of the loss.",
            _wrong_backward(average=True),
        ),
        Mistake(
            "bias gradient not summed over the samples",
            "Your `db` still has a row for each sample. All samples share the bias, so its gradient is the sum over "
            "them: `dz.sum(axis=0)`.",
            _wrong_backward(add_up=False),
        ),
        Mistake(
            "blocks of dz in another order",
            "You put the blocks for the forget gate first and for the input gate second. They must stand as the rows "
            "of `W` do: i, f, g, o.",
            _wrong_backward(order=(1, 0, 2, 3)),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and your second that of x. The order is dx, dh, dc, dW, db.",
            _wrong_backward(swap_results=True),
        ),
    ),
    hints=(
        "Write the forward pass line by line on paper, and go through it from the last line to the first. Which line "
        "of this step uses c', and which of the next? What do you do with the two gradients that arrive?",
        "Begin with `tanh_c = np.tanh(c_next)`, `do = dh_next * tanh_c`, and the gradient of c' from both of its "
        "users. From that follow di, df, dg and dc. Multiply di, df and do by the slope of the sigmoid, dg by the "
        "slope of the tanh; these four, side by side, are dz.",
        "`dc_all = dc_next + dh_next * o * (1 - tanh_c**2)`; `di = dc_all * g`, `df = dc_all * c`, `dg = dc_all * i`, "
        "`dc = dc_all * f`; `dz = np.concatenate([di*i*(1-i), df*f*(1-f), dg*(1-g**2), do*o*(1-o)], axis=1)`; then "
        "`dW = dz.T @ hx`, `db = dz.sum(axis=0)`, and `dz @ W` holds dh (first H columns) and dx.",
    ),
    forbids=("lstm_course.scratch:lstm_step_backward", *LIBRARY),
    explain_right="Every gradient agrees. The same lines serve for each step of a sequence.",
)


# --- 05-sequence-backward ---------------------------------------------------------------------------------------


def _sequence_cases(rng):
    def case(N, T, D, H):
        first = _step_inputs(rng, N, D, H)
        x, (h, c) = rng.normal(size=(N, T, D)), (first["h"], first["c"])
        W, b = first["W"] / np.sqrt(H), first["b"]
        caches, h_t, c_t = [], h, c
        for t in range(T):
            h_t, c_t, cache = lstm_step(x[:, t], h_t, c_t, W, b)
            caches.append(tuple(cache))
        return dict(dy=rng.normal(size=(N, T, H)), caches=caches, W=W, x=x, h=h, c=c, b=b)

    return [case(1, 3, 1, 1), case(2, 4, 3, 3), case(3, 1, 2, 2), case(2, 6, 1, 3), case(1, 5, 4, 2)]


def _through_the_layer(dy, caches, W, x, h, c, b):
    """The gradients from the package's fast layer, which shares no line with the step."""
    H = h.shape[1]
    layer = LSTM(x.shape[2], H)
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b, bias_hh_l0=np.zeros_like(b)
    )
    layer(x, (h[None], c[None]))
    dx, (dh, dc) = layer.backward(dy)
    gradients = layer.gradients
    dW = np.concatenate([gradients["weight_hh_l0"], gradients["weight_ih_l0"]], axis=1)
    return dx, dh[0], dc[0], dW, gradients["bias_ih_l0"]


def _wrong_sequence(carry_h=True, carry_c=True, add_up=True, last_dy_only=False, forwards=False, flipped=False):
    """Backpropagation through time with one mistake; each argument is one."""

    def backward(dy, caches, W):
        N, T, H = dy.shape
        dh, dc = np.zeros((2, N, H))
        dx, dW, db = [None] * T, 0, 0
        for t in range(T) if forwards else reversed(range(T)):
            dy_t = dy[:, t] if not last_dy_only or t == T - 1 else 0
            dx[t], dh_before, dc_before, dW_t, db_t = lstm_step_backward(dy_t + dh, dc, caches[t], W)
            dW, db = (dW + dW_t, db + db_t) if add_up else (dW_t, db_t)
            # At the first step nothing is carried on: there these are the results themselves.
            dh = dh_before if carry_h or t == 0 else np.zeros_like(dh)
            dc = dc_before if carry_c or t == 0 else np.zeros_like(dc)
        return np.stack(dx[::-1] if flipped else dx, axis=1), dh, dc, dW, db

    return backward


SEQUENCE_BACKWARD = Question(
    id="05-sequence-backward",
    name="lstm_backward",
    points=4,
    outputs=(Output("dx", ("sample", "time step", "feature"), backward=True), *GRADIENTS[1:]),
    withheld=("x", "h", "c", "b"),
    cases=_sequence_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "gradient of the next hidden state not carried",
            "Each step sees only its own `dy[:, t]`. What h did for the later steps comes back as the `dh` of step "
            "t + 1: add it to `dy[:, t]`.",
            _wrong_sequence(carry_h=False),
        ),
        Mistake(
            "gradient of the next cell state not carried",
            "The gradient along the belt stops at each step. Hand the `dc` of step t + 1 to step t as its "
            "`dc_next`: it is the path that lets an LSTM learn over long times.",
            _wrong_sequence(carry_c=False),
        ),
        Mistake(
            "nothing carried from step to step",
            "Each step is treated as if it stood alone. Both `dh` and `dc` of step t + 1 must go into step t.",
            _wrong_sequence(carry_h=False, carry_c=False),
        ),
        Mistake(
            "gradient not summed over the steps",
            "`dW` and `db` hold the share of one step only. The same weights act at every step: add the shares up.",
            _wrong_sequence(add_up=False),
        ),
        Mistake(
            "loss at the last step only",
            "You use `dy` at the last step only. Each step has an output of its own, and each adds its gradient.",
            _wrong_sequence(last_dy_only=True),
        ),
        Mistake(
            "forwards in time",
            "Your loop runs from the first step to the last. Gradients come from the future: go from T - 1 down to 0.",
            _wrong_sequence(forwards=True),
        ),
        Mistake(
            "dx in reverse order",
            "Your `dx` is right but stands in the order in which you computed it, the last step first. Turn it "
            "round, or write into `dx[:, t]`.",
            _wrong_sequence(flipped=True),
        ),
    ),
    hints=(
        "At which step do you know everything that the backward pass needs? And what does each step hand to the one "
        "before it?",
        "Start with `dh` and `dc` as zeros and loop over `reversed(range(T))`. The gradient of h at step t is "
        "`dy[:, t] + dh`: what the loss says directly, and what the next step said. What becomes of `dW`?",
        "In the loop: `dx[:, t], dh, dc, dW_t, db_t = lstm_step_backward(dy[:, t] + dh, dc, caches[t], W)`, then "
        "`dW += dW_t` and `db += db_t`. After the loop `dh` and `dc` are the gradients of the first states.",
    ),
    provides={"lstm_step_backward": "lstm_course.scratch:lstm_step_backward"},
    forbids=LIBRARY,
    explain_right="That is backpropagation through time: the step's backward pass, and two gradients handed back.",
)


# --- 05-gradient-check (thinking) -------------------------------------------------------------------------------

GRADIENT_CHECK = Choice(
    id="05-gradient-check",
    name="diagnosis",
    points=1,
    text="You compare a backward pass over six steps with finite differences. The loss is taken at the last step "
    "alone. `dx` agrees there; at all earlier steps yours is exactly **zero**, and the differences are not. A "
    "single step on its own passes its check. What is wrong?",
    options={
        "a": Option(
            "The slope of one of the sigmoids is missing.",
            "Then a single step would fail its check, and the last step with it.",
        ),
        "b": Option(
            "The step of the finite differences is too coarse.",
            "Coarse differences are a little off everywhere. They do not find a gradient where there is none.",
        ),
        "c": Option(
            "Nothing: a gradient vanishes over time.",
            "It shrinks by some factor at each step; it does not become exactly zero after one.",
        ),
        "d": Option(
            "The gradients of h and c are not handed from step t + 1 to step t.",
            "Yes. Without them no loss reaches a step before its own. Each step by itself is right, so that only a "
            "check of the whole sequence can tell.",
        ),
    },
    right="d",
    hints=(
        "Which part of the backward pass is at work between two steps, and not within one?",
        "The loss is at step 5. By which two quantities does step 4 influence it?",
        "By h and c, and by nothing else. What would the gradient at step 4 be if neither of theirs arrived?",
    ),
)


# --- 05-coupled-gates (blank page) ------------------------------------------------------------------------------


def _coupled_cases(rng):
    def case(*size):
        inputs = _step_inputs(rng, *size, gates=3)
        shape = inputs["h"].shape
        return dict(**inputs, dh_next=rng.normal(size=shape), dc_next=rng.normal(size=shape))

    return [case(1, 1, 1), case(2, 3, 3), case(3, 4, 2), case(4, 1, 3)]


def _coupled(x, h, c, W, b, dh_next, dc_next):
    """The package's own step, with an input gate that is coupled by its weights: 1 - sigmoid(z) = sigmoid(-z)."""
    H = h.shape[1]
    h_next, c_next, cache = lstm_step(x, h, c, np.concatenate([-W[:H], W]), np.concatenate([-b[:H], b]))
    dx, dh, dc, dW, db = lstm_step_backward(dh_next, dc_next, cache, np.concatenate([-W[:H], W]))
    dW[H : 2 * H] -= dW[:H]
    db[H : 2 * H] -= db[:H]
    return h_next, c_next, dx, dh, dc, dW[H:], db[H:]


def _wrong_coupled(
    input_path=1.0, same_gate=False, swap_roles=False, use_dh=True, use_dc=True, swap_slices=False, carry_all=True
):
    """The coupled step and its gradients with one mistake; each argument is one."""

    def answer(x, h, c, W, b, dh_next, dc_next):
        H = h.shape[1]
        hx = np.concatenate([h, x], axis=1)
        z_f, z_g, z_o = np.split(hx @ W.T + b, 3, axis=1)
        f, g, o = sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        kept, entered = (1 - f, f) if swap_roles else (f, f if same_gate else 1 - f)
        c_next = kept * c + entered * g
        tanh_c = np.tanh(c_next)
        dh_next = dh_next if use_dh else 0 * dh_next
        dc_all = (dc_next if use_dc else 0) + dh_next * o * (1 - tanh_c**2)
        df = dc_all * (g - c if swap_roles else c + g if same_gate else c - input_path * g)
        dz = np.concatenate([df * f * (1 - f), dc_all * entered * (1 - g**2), dh_next * tanh_c * o * (1 - o)], axis=1)
        dhx = dz @ W
        dh, dx = dhx[:, :H], dhx[:, H:]
        if swap_slices:
            dx, dh = dhx[:, : x.shape[1]], dhx[:, x.shape[1] :]
        dc = (dc_all if carry_all else dc_next) * kept
        return o * tanh_c, c_next, dx, dh, dc, dz.T @ hx, dz.sum(axis=0)

    return answer


COUPLED_GATES = Question(
    id="05-coupled-gates",
    name="coupled_step",
    points=4,
    outputs=(
        Output("h_next", STATE),
        Output("c_next", STATE),
        *GRADIENTS[:3],
        Output("dW", ("row", "column"), backward=True, blocks=("f", "g", "o")),
        Output("db", ("row",), backward=True, blocks=("f", "g", "o")),
    ),
    cases=_coupled_cases,
    reference=_coupled,
    mistakes=(
        Mistake(
            "gradient through the input gate dropped",
            "The forget gate now stands in two places: it keeps `f * c` and lets in `(1 - f) * g`. Its gradient has "
            "two parts, and yours lacks the second: df = dc' * (c - g).",
            _wrong_coupled(input_path=0.0),
        ),
        Mistake(
            "sign of the second part",
            "The input gate is 1 - f, so its share of the gradient of f is negative: df = dc' * (c - g), not "
            "dc' * (c + g).",
            _wrong_coupled(input_path=-1.0),
        ),
        Mistake(
            "input gate equal to the forget gate",
            "You let in `f * g`. Coupled means that what is not kept is replaced: `(1 - f) * g`.",
            _wrong_coupled(same_gate=True),
        ),
        Mistake(
            "roles of f and 1 - f swapped",
            "You keep `1 - f` of the old state. The forget gate is the share that is kept, here as well.",
            _wrong_coupled(swap_roles=True),
        ),
        Mistake(
            "gradient of the next hidden state dropped",
            "`dh_next` has no effect on your gradients.",
            _wrong_coupled(use_dh=False),
        ),
        Mistake(
            "gradient of the next cell state dropped",
            "`dc_next` has no effect on your gradients. Add it to what comes through h.",
            _wrong_coupled(use_dc=False),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "Columns 0 to H - 1 of `dz @ W` are dh, the others dx.",
            _wrong_coupled(swap_slices=True),
        ),
        Mistake(
            "cell state carried back in part",
            "`dc` lacks the part that came through h. First add both parts of the gradient of c', then multiply "
            "their sum by f.",
            _wrong_coupled(carry_all=False),
        ),
    ),
    hints=(
        "Forward: which line of the standard step changes, and how many blocks has z now? Backward: in how many ways "
        "does f reach c'?",
        "`c_next = f * c + (1 - f) * g`. Differentiate that line by f, by g and by c. The rest is as in the standard "
        "step, with three blocks instead of four.",
        "`df = dc_all * (c - g)`, `dg = dc_all * (1 - f)`, `dc = dc_all * f`, with `dc_all` as before. Or without any "
        "new derivative: 1 - sigmoid(z) is sigmoid(-z), so this is the standard cell whose input gate has the weights "
        "of the forget gate with the sign turned. What are then its gradients?",
    ),
    explain_right="Two gates and a candidate. It is also the standard cell with `W_i = -W_f` and `b_i = -b_f`.",
)


# --- predictions in the lesson: no points -----------------------------------------------------------------------

PREDICTIONS = (
    Choice(
        id="05-predict-paths",
        text="Look at the two lines c' = f * c + i * g and h' = o * tanh(c'). A loss is taken at later steps. In "
        "how many ways does it depend on the c' of this step?",
        options={
            "a": Option("one: through h'", "That is one. But the next step also finds c' itself on the belt."),
            "b": Option(
                "four: through i, f, g and o",
                "The four of this step are made before c' and do not depend on it; those of later steps see it "
                "through h'.",
            ),
            "c": Option("two: through h', and along the belt into the next step", "Yes, and their gradients add up."),
        },
        right="c",
    ),
    Choice(
        id="05-predict-wrong-backward",
        text="Somebody forgets to hand the gradients of h and c from step to step, and trains all the same. "
        "What will one see?",
        options={
            "a": Option(
                "The loss does not go down, so the mistake is noticed at once.",
                "It does go down: each step still learns from its own output what its own input says.",
            ),
            "b": Option(
                "The loss goes down; what needs the distant past is learned late or not at all.",
                "Yes. Such a mistake does not stop the training, and that is what makes it dangerous.",
            ),
            "c": Option(
                "The loss becomes nan.",
                "Nothing overflows. Gradients that are too short on their way back are the quiet kind of mistake.",
            ),
        },
        right="b",
    ),
    Choice(
        id="05-predict-plain",
        text="A plain recurrent network with as many units, and a quarter of the recurrent weights, gets the same "
        "strings and the same training, at the learning rate that suits it. Will it learn the grammar?",
        options={
            "a": Option(
                "Mostly, with more strings.",
                "Yes, in most runs. The difference to the LSTM is real, and smaller than its reputation.",
            ),
            "b": Option(
                "No: a plain network cannot remember the second symbol to the end.",
                "Often said, and not so here. The strings are short enough for a plain network, trained with Adam "
                "and through whole strings.",
            ),
            "c": Option(
                "Yes, and sooner than the LSTM: it has fewer weights to learn.",
                "In single runs that happens. In the median of ten the LSTM comes first.",
            ),
        },
        right="a",
    ),
    Choice(
        id="05-speed-calls",
        text="An LSTM of 32 units runs over one sequence alone, in NumPy. What takes most of the time?",
        options={
            "a": Option(
                "The matrix products.",
                "With many samples they do. A step of one sample multiplies one row with a small matrix, which is soon "
                "done.",
            ),
            "b": Option(
                "The tanh and the sigmoids: such functions are slow.",
                "They are slower than a product of two numbers, but here there are only 160 numbers a step.",
            ),
            "c": Option(
                "Calling NumPy: so many calls a step, whatever each has to do.",
                "Yes. A call costs about as much for one number as for a hundred, so that tricks that save calls save "
                "most here.",
            ),
        },
        right="c",
    ),
    Choice(
        id="05-what-training-needs",
        text="Your LSTM agrees with PyTorch up to rounding. Is all difficulty gone from training it?",
        options={
            "a": Option(
                "Yes: the cell state solves the vanishing gradient, and that was the difficulty.",
                "It helps against one difficulty. Whether it does is decided by the forget gates, and they start from "
                "an initialisation that somebody chose.",
            ),
            "b": Option(
                "Yes, if it is large enough.",
                "Size does not stand in for a learning rate that fits, or for data that hold what is to be learned.",
            ),
            "c": Option(
                "No: data, learning rate, initialisation and exploding gradients remain.",
                "Yes. The runs of this lesson used a learning rate chosen for them, a forget bias and clipping.",
            ),
        },
        right="c",
    ),
)

QUESTIONS = (LSTM_STEP, STEP_BACKWARD, SEQUENCE_BACKWARD, GRADIENT_CHECK, COUPLED_GATES, *QUIZ, *PREDICTIONS)

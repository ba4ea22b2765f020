"""05-step-backward: the gradients of one step, from code with three faults."""

from lstm_course.scratch import lstm_step, lstm_step_backward

from ..edits import edit
from ..question import Mistake, Question
from .common import GRADIENTS, LIBRARY, STEP_SIZES, step_inputs

# The three faults of the code to repair, as edits of the solution.
SLOPE = ("1 - tanh_c**2", "1 - c_next**2")
FORGET = ("dc_all * c,", "dc_all * c_next,")
BELT = ("dc_all * f", "dc_next * f")


def _backward_cases(rng):
    def case(*size):
        inputs = step_inputs(rng, *size)
        N, H = inputs["h"].shape
        cache = lstm_step(**inputs)[2]
        return dict(dh_next=rng.normal(size=(N, H)), dc_next=rng.normal(size=(N, H)), cache=tuple(cache), W=inputs["W"])

    return [case(*size) for size in STEP_SIZES]


STEP_BACKWARD = Question(
    id="05-step-backward",
    name="lstm_step_backward",
    points=4,
    outputs=GRADIENTS,
    cases=_backward_cases,
    reference=lstm_step_backward,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Compare each result with finite differences, `dc` first: it depends on "
            "the fewest lines.",
            edit(*SLOPE, *FORGET, *BELT),
        ),
        Mistake(
            "only the slope repaired",
            "One fault is repaired: the slope of the tanh is taken at the right place. `dc` is still wrong, and so is "
            "the block of `dW` that belongs to the forget gate.",
            edit(*FORGET, *BELT),
        ),
        Mistake(
            "only the forget gate repaired",
            "One fault is repaired: the forget gate is multiplied by the cell state before the step. `dc` and the "
            "slope of the tanh are still wrong.",
            edit(*SLOPE, *BELT),
        ),
        Mistake(
            "only dc repaired",
            "One fault is repaired: all of the gradient of c' goes back through f. The gradient of c' itself is still "
            "wrong, and so is the forget gate's block.",
            edit(*SLOPE, *FORGET),
        ),
        Mistake(
            "slope taken at c instead of tanh(c)",
            "The slope of the tanh is `1 - tanh(c')**2`; this code has `1 - c'**2`.",
            edit(*SLOPE),
        ),
        Mistake(
            "forget gate's gradient from the state after the step",
            "In c' = f * c + i * g, the forget gate multiplies the cell state *before* the step, so `df = dc_all * c`.",
            edit(*FORGET),
        ),
        Mistake(
            "cell state carried back in part",
            "`dc` lacks the part that came through h. First add both parts of the gradient of c', then multiply their "
            "sum by f.",
            edit(*BELT),
        ),
        Mistake(
            "gradient of the next hidden state dropped",
            "`dh_next` has no effect on your gradients. It has to reach o, and through the tanh also c'.",
            edit("c_next = cache", "c_next = cache\n    dh_next = np.zeros_like(dh_next)"),
        ),
        Mistake(
            "gradient of the next cell state dropped",
            "`dc_next` has no effect on your gradients. Two things read c': the tanh of this step, and the next step. "
            "Add both gradients.",
            edit("dc_all = dc_next + dh_next", "dc_all = dh_next"),
        ),
        Mistake(
            "path from h to c missing",
            "c' also reaches the loss through `h' = o * tanh(c')`. Add `dh_next * o * (1 - tanh(c')**2)` to `dc_next` "
            "before you use it.",
            edit("dc_next + dh_next * o * (1 - tanh_c**2)", "dc_next"),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "`dz @ W` holds the gradients of h and x side by side, in the order of [h, x]: columns 0 to H - 1 are dh, "
            "the others dx.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :-H], dhx[:, -H:]"),
        ),
        Mistake(
            "slope of the sigmoid missing",
            "You stop at the gates themselves. Each gate is a sigmoid of z, so multiply its gradient by "
            "gate * (1 - gate) to reach z.",
            edit(
                "di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)", "di, df, dg * (1 - g**2), do"
            ),
        ),
        Mistake(
            "slope of the candidate missing",
            "g is a tanh of z: multiply its gradient by `1 - g**2` to reach z.",
            edit("dg * (1 - g**2)", "dg"),
        ),
        Mistake(
            "cell state carried back by the wrong gate",
            "`dc` has to go back through the forget gate: c' = f * c + i * g, so `dc = dc_all * f`.",
            edit("dc_all * f", "dc_all * i"),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. A gradient is summed over the samples; if an average "
            "is wanted, the loss takes care of it.",
            edit("dz.T @ hx, dz.sum(axis=0)", "dz.T @ hx / len(c), dz.sum(axis=0) / len(c)"),
        ),
        Mistake(
            "bias gradient not summed over the samples",
            "Your `db` still has a row for each sample. All samples share the bias, so its gradient is the sum over "
            "them: `dz.sum(axis=0)`.",
            edit("dz.sum(axis=0)", "dz"),
        ),
        Mistake(
            "blocks of dz in another order",
            "You put the forget gate's block first and the input gate's second. The blocks follow the rows of `W`: "
            "i, f, g, o.",
            edit("di * i * (1 - i), df * f * (1 - f)", "df * f * (1 - f), di * i * (1 - i)"),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and your second that of x. The order is dx, dh, dc, dW, db.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :H], dhx[:, H:]"),
        ),
    ),
    hints=(
        "Go through the forward step from its last line to its first, and compare each line with its counterpart in "
        "the broken code. Which quantities does c' = f * c + i * g multiply with each other?",
        "One fault is in the line for `dc_all`, and two are among the gradients of f and c. Ask of each factor whether "
        "it was there before the step or after it, and of each gradient whether it is the whole gradient or a part.",
        "The slope of the tanh is `1 - tanh_c**2`, and the gradients are `df = dc_all * c` and `dc = dc_all * f`. "
        "Everything else can stay as it is.",
    ),
    forbids=("lstm_course.scratch:lstm_step_backward", *LIBRARY),
    explain_right="Three faults that raise no error and leave every shape right. Only a comparison finds them.",
)

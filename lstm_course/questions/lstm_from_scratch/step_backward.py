"""05-step-backward: the gradients of one step."""

from lstm_course.scratch import lstm_step, lstm_step_backward

from ..edits import edit
from ..question import Mistake, Question
from .common import GRADIENTS, LIBRARY, STEP_SIZES, step_inputs


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
            "gradient of the next hidden state dropped",
            "`dh_next` has no effect on your gradients. What the later steps say about h must flow into o, and "
            "through the tanh into c.",
            edit("c_next = cache", "c_next = cache\n    dh_next = np.zeros_like(dh_next)"),
        ),
        Mistake(
            "gradient of the next cell state dropped",
            "`dc_next` has no effect on your gradients. The belt has two users: the tanh of this step, and the next "
            "step. Both gradients are added.",
            edit("dc_all = dc_next + dh_next", "dc_all = dh_next"),
        ),
        Mistake(
            "path from h to c missing",
            "The cell state is also read by the output: c' reaches the loss through `h' = o * tanh(c')`. Add "
            "`dh_next * o * (1 - tanh(c')**2)` to `dc_next` before you use it.",
            edit("dc_next + dh_next * o * (1 - tanh_c**2)", "dc_next"),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "`dz @ W` holds the gradients of h and of x side by side, h first, as [h, x] was put together: columns 0 "
            "to H - 1 are dh, the others dx.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :-H], dhx[:, -H:]"),
        ),
        Mistake(
            "slope of the sigmoid missing",
            "You stop at the gates themselves. Each gate is a sigmoid of z, so its gradient must be multiplied by "
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
            "slope taken at c instead of tanh(c)",
            "The slope of the tanh is `1 - tanh(c')**2`; you wrote `1 - c'**2`.",
            edit("1 - tanh_c**2", "1 - c_next**2"),
        ),
        Mistake(
            "cell state carried back by the wrong gate",
            "`dc` must go back through the forget gate: c' = f * c + i * g, so dc = dc' * f.",
            edit("dc_all * f", "dc_all * i"),
        ),
        Mistake(
            "cell state carried back in part",
            "`dc` lacks the part that came through h. First add both parts of the gradient of c', then multiply "
            "their sum by f.",
            edit("dc_all * f", "dc_next * f"),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. A gradient is summed over the samples; an average, "
            "where one is wanted, is the business of the loss.",
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
            "You put the blocks for the forget gate first and for the input gate second. They must stand as the rows "
            "of `W` do: i, f, g, o.",
            edit("di * i * (1 - i), df * f * (1 - f)", "df * f * (1 - f), di * i * (1 - i)"),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and your second that of x. The order is dx, dh, dc, dW, db.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :H], dhx[:, H:]"),
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

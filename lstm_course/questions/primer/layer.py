"""00-layer: a linear layer on a batch."""

from lstm_course.scratch import Linear

from ..edits import edit
from ..question import Mistake, Output, Question


def _layer_cases(rng):
    def case(N, D, H, scale=1.0):
        return dict(x=scale * rng.normal(size=(N, D)), W=rng.normal(size=(H, D)), b=rng.normal(size=H))

    return [case(2, 3, 4), case(1, 1, 1), case(3, 3, 3), case(5, 2, 1), case(4, 1, 3, scale=1000.0)]


def _layer(x, W, b):
    layer = Linear(*W.T.shape)
    layer.parameters["weight"][:], layer.parameters["bias"][:] = W, b
    return layer(x)


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
            "The bias `b` is missing. Each unit adds its own number to its weighted sum.",
            edit(" + b", ""),
        ),
        Mistake(
            "bias added to the samples",
            "You added one number of `b` to each row. A bias belongs to a unit, which is a column here. `b` of shape "
            "(H,) aligns with the last axis by itself.",
            edit("+ b", "+ np.resize(b, len(x))[:, None]"),
        ),
        Mistake(
            "units as rows",
            "Your result has the units as rows. Samples are rows here, so its shape should be (N, H): `x @ W.T`.",
            edit("x @ W.T + b", "W @ x.T + b[:, None]"),
        ),
        Mistake(
            "squashed",
            "You applied a tanh. This question asks for the weighted sum itself, before any function is applied to it.",
            edit("x @ W.T + b", "np.tanh(x @ W.T + b)"),
        ),
    ),
    raising=(
        Mistake(
            "W not transposed",
            "`x @ W` needs D rows in `W`, but `W` has D *columns*. Transpose it: `x @ W.T`.",
            edit("W.T", "W"),
        ),
        Mistake(
            "samples as columns",
            "`W @ x` is right if each sample is a column. Here samples are rows: `x @ W.T`.",
            edit("x @ W.T", "W @ x"),
        ),
    ),
    hints=(
        "Every sample meets every unit. Which two axes have the size D and disappear?",
        "In a product, the inner sizes must agree. `x` ends with D, and so does `W`. Which of them has to be "
        "transposed?",
        "`x @ W.T` has shape (N, H); `+ b` adds one number to each column.",
    ),
    explain_right="Every layer in this course begins with this line. If it was hard: reread *Shapes* and *A layer is a "
    "matrix product* in the primer, and NumPy's page on broadcasting.",
)

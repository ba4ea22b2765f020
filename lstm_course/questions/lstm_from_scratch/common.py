"""Helpers that several questions of lesson 05 share."""

from ..question import Output

STEP_SIZES = [(1, 1, 1), (2, 3, 3), (3, 4, 2), (4, 1, 3), (1, 2, 5)]  # N, D, H
GATES = ("i", "f", "g", "o")
STATE = ("sample", "unit")
LIBRARY = (
    *("lstm_course.scratch:LSTM", "lstm_course.scratch:VariantLSTM", "lstm_course.nets:LSTM"),
    *("torch.nn:LSTM", "torch.nn:LSTMCell", "torch:lstm", "torch:lstm_cell"),
)

GRADIENTS = (
    Output("dx", ("sample", "feature"), backward=True),
    Output("dh", STATE, backward=True),
    Output("dc", STATE, backward=True),
    Output("dW", ("row", "column"), backward=True, blocks=GATES),
    Output("db", ("row",), backward=True, blocks=GATES),
)


def step_inputs(rng, N, D, H, scale=1.0, gates=4):
    """Random arguments of one step."""
    return dict(
        x=scale * rng.normal(size=(N, D)),
        h=rng.uniform(-1, 1, (N, H)),
        c=rng.normal(size=(N, H)),
        W=rng.normal(size=(gates * H, H + D)),
        b=rng.normal(size=gates * H),
    )

"""The LSTM in NumPy against ``torch.nn.LSTM``: the same weights, the same numbers, in turns."""

import numpy as np
import torch

from lstm_course.scratch import LSTM

from .timing import in_turns, ms, table, timed

SIZES = ((50, 32, 64, 64), (100, 32, 128, 128), (35, 20, 200, 200), (200, 1, 32, 32))  # T, N, D, H


def show():
    """Print the table."""
    rows = [row for size in SIZES for dtype in (np.float32, np.float64) for row in _compare(*size, dtype)]
    head = ["T, N, D, H", "dtype", "pass", "NumPy ms", "PyTorch ms", "NumPy / PyTorch"]
    table("scratch.LSTM against torch.nn.LSTM, medians, one thread", head, rows)


def _compare(T, N, D, H, dtype):
    rng = np.random.default_rng(0)
    ours = LSTM(D, H, dtype=dtype)
    theirs = torch.nn.LSTM(D, H, batch_first=True, dtype=torch.float32 if dtype == np.float32 else torch.float64)
    theirs.load_state_dict({name: torch.from_numpy(value) for name, value in ours.parameters.items()})
    x, dy = rng.normal(size=(N, T, D)).astype(dtype), rng.normal(size=(N, T, H)).astype(dtype)
    x_torch, dy_torch = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)

    def prepare():
        x_torch.grad = None
        theirs.zero_grad()
        return (theirs(x_torch)[0],)

    def backward(y):
        y.backward(dy_torch)

    _same(ours, theirs, x, dy, x_torch, prepare, backward)
    passes = {
        "forward": {"ours": timed(lambda: ours(x)), "theirs": timed(lambda: theirs(x_torch))},
        "backward": {"ours": timed(lambda: ours.backward(dy)), "theirs": timed(backward, prepare)},
    }
    for name, contestants in passes.items():
        times = in_turns(contestants)
        ratio = np.median(times["ours"]) / np.median(times["theirs"])
        yield [
            f"{T}, {N}, {D}, {H}",
            dtype.__name__,
            name,
            ms(times["ours"]),
            ms(times["theirs"]),
            f"{ratio:.2f}",
        ]


def _same(ours, theirs, x, dy, x_torch, prepare, backward):
    """Both compute the same; otherwise their times would say nothing."""
    (y,) = prepare()
    backward(y)
    tolerance = 1e-9 if x.dtype == np.float64 else 1e-3
    np.testing.assert_allclose(ours(x)[0], y.detach().numpy(), atol=tolerance)
    np.testing.assert_allclose(ours.backward(dy)[0], x_torch.grad.numpy(), atol=tolerance)

"""The LSTM layers against ``torch.nn.LSTM``, in turns, with the same weights and the same results."""

import tracemalloc

import numpy as np
import torch

from lstm_course import nets
from lstm_course.scratch import LSTM

from .timing import in_turns, ms, table, timed

SIZES = ((50, 32, 64, 64), (100, 32, 128, 128), (35, 20, 200, 200), (200, 1, 32, 32))  # T, N, D, H
LENGTHS = (100, 200, 400, 800, 1600)


def show():
    """Print the tables."""
    pairs = [(size, dtype) for size in SIZES for dtype in (np.float32, np.float64)]
    raced = [(size, dtype, _race(*size, dtype)) for size, dtype in pairs]
    head = ["T, N, D, H", "dtype", "pass", "NumPy ms", "PyTorch ms", "NumPy / PyTorch", "products / NumPy"]
    rows = [row for size, dtype, times in raced for row in _against_torch(size, dtype, times)]
    table("scratch.LSTM against torch.nn.LSTM, medians, one thread", head, rows)

    head = ["T, N, D, H", "dtype", "from scratch ms", "torch.nn.LSTM ms", "ratio"]
    rows = [
        [_name(size), dtype.__name__, ms(_both(times["module"])), ms(_both(times["torch"])), _ratio(times, "module")]
        for size, dtype, times in raced
    ]
    table("nets.LSTM (autograd) against torch.nn.LSTM, forward and backward", head, rows)
    _growth()


def _race(T, N, D, H, dtype):
    """The seconds of each round, forward and backward, for each contestant and for the matrix products alone."""
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(N, T, D)).astype(dtype), rng.normal(size=(N, T, H)).astype(dtype)
    layer = LSTM(D, H, dtype=dtype)
    weights = {name: torch.from_numpy(value) for name, value in layer.parameters.items()}
    x_torch, dy_torch = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)
    contestants = {"numpy": (lambda: layer(x)[0], lambda y: layer.backward(dy)[0])}
    modules = {"torch": torch.nn.LSTM(D, H, batch_first=True), "module": nets.LSTM(D, H)}
    for name, module in modules.items():
        module.to(dy_torch.dtype).load_state_dict(weights)
        contestants[name] = _passes(module, x_torch, dy_torch)

    results = {name: (y := forward(), backward(y)) for name, (forward, backward) in contestants.items()}
    _require_same(results, 1e-9 if dtype == np.float64 else 1e-3)
    alone = products(layer, x, dy)
    rounds = {"products": timed(alone)}
    for name, (forward, backward) in contestants.items():
        rounds[f"{name} forward"] = timed(forward)
        rounds[f"{name} backward"] = timed(backward, lambda forward=forward: (forward(),))
    times = in_turns(rounds, seconds=4.0)
    return {name: (times[f"{name} forward"], times[f"{name} backward"]) for name in contestants} | {
        "products": (times["products"], 0 * times["products"])
    }


def _passes(module, x, dy):
    def forward():
        x.grad = None
        module.zero_grad()
        return module(x)[0]

    def backward(y):
        y.backward(dy)
        return x.grad

    return forward, backward


def _require_same(results, tolerance):
    """Require equal results; otherwise the times could not be compared."""
    ours = results.pop("numpy")
    for theirs in results.values():
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, other.detach().numpy(), atol=tolerance)


def products(layer, x, dy):
    """The matrix products of one forward and backward pass alone: the part that no rearrangement can avoid."""
    (N, T, D), H = x.shape, layer.hidden_size
    W = np.concatenate([layer.parameters["weight_hh_l0"], layer.parameters["weight_ih_l0"]], axis=1)
    W_hh, by_gate = np.ascontiguousarray(W[:, :H]), np.ascontiguousarray(W.reshape(4, H, -1).transpose(0, 2, 1))
    rows, dz = np.ones((T, N, H + D), x.dtype), np.ones((T, N, 4 * H), x.dtype)
    z, product, dh = np.empty((T, 4, N, H), x.dtype), np.empty((4, N, H), x.dtype), np.empty((N, H), x.dtype)

    def run():
        np.matmul(rows[:, None, :, H:], by_gate[:, H:], out=z)
        for t in range(T):
            np.matmul(rows[t, :, :H], by_gate[:, :H], out=product)
        for t in range(T):
            np.matmul(dz[t], W_hh, out=dh)
        rows.reshape(T * N, -1).T @ dz.reshape(T * N, -1)
        dz.reshape(T * N, -1) @ W[:, H:]

    return run


def _against_torch(size, dtype, times):
    numpy, theirs = times["numpy"], times["torch"]
    for k, name in enumerate(("forward", "backward")):
        ratio = np.median(numpy[k]) / np.median(theirs[k])
        yield [_name(size), dtype.__name__, name, ms(numpy[k]), ms(theirs[k]), f"{ratio:.2f}", ""]
    share = np.median(times["products"][0]) / np.median(_both(numpy))
    both = [ms(_both(numpy)), ms(_both(theirs)), _ratio(times, "numpy"), f"{share:.2f}"]
    yield [_name(size), dtype.__name__, "both", *both]


def _both(passes):
    return passes[0] + passes[1]


def _ratio(times, name):
    return f"{np.median(_both(times[name])) / np.median(_both(times['torch'])):.2f}"


def _name(size):
    return ", ".join(map(str, size))


def _growth():
    """Time and memory for each step as sequences grow: both should be constant."""
    N, D, H = 16, 32, 64
    layer, rng = LSTM(D, H), np.random.default_rng(0)
    arrays = {T: (rng.normal(size=(N, T, D)), rng.normal(size=(N, T, H))) for T in LENGTHS}

    def both(T):
        x, dy = arrays[T]
        layer(x)
        layer.backward(dy)

    times = in_turns({T: timed(lambda T=T: both(T)) for T in LENGTHS}, seconds=4.0)
    rows = []
    for T in LENGTHS:
        tracemalloc.start()
        layer(arrays[T][0])
        kept, _ = tracemalloc.get_traced_memory()
        layer.backward(arrays[T][1])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        layer._last = None  # so that the next length does not include the arrays of this one
        step = 1e6 * np.median(times[T]) / T
        rows.append([str(T), ms(times[T]), f"{step:.0f}", f"{kept / T / 1024:.0f}", f"{peak / T / 1024:.0f}"])
    head = ["T", "ms", "us per step", "KB kept per step", "peak KB per step"]
    table(f"scratch.LSTM, forward and backward, as T grows; N, D, H = {N}, {D}, {H}, float64", head, rows)

"""NumPy LSTMs that others have published, PyTorch's and Keras' beside ours, as ratios to the matrix products alone.

``python -m benchmarks.published numpy-ml=FOLDER deep-learning-from-scratch-2=FOLDER``, with checkouts of
github.com/ddbourgin/numpy-ml (GPL 3; measured at b0359af) and github.com/oreilly-japan/deep-learning-from-scratch-2
(MIT; measured at 842ae31). Neither is part of the course. Each contestant gets the same weights and has to return the
same results. Two things of numpy-ml are worked around: it imports ``collections.Hashable``, which Python 3.10 removed,
and its layer `LSTM` cannot be made (it passes its cell an argument that the cell does not take), so its `LSTMCell` is
called for each step.
"""

import os
import sys

# One thread for everything, set before NumPy is loaded.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
os.environ.setdefault("KERAS_BACKEND", "torch")

import collections  # noqa: E402
import collections.abc  # noqa: E402
import importlib  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402

from lstm_course.convert import to_keras  # noqa: E402
from lstm_course.scratch import LSTM  # noqa: E402

from . import environment  # noqa: E402
from .layers import SIZES, products  # noqa: E402
from .timing import in_turns, ms, table, timed  # noqa: E402


def show(folders):
    """Print the table."""
    environment.show()
    rows = []
    for dtype, names in ((np.float32, ["deep-learning-from-scratch-2"]), (np.float64, ["numpy-ml"])):
        others = {name: BUILDERS[name](folders[name]) for name in names if name in folders}
        for size in SIZES:
            rows += _race(size, dtype, others)
    head = ["T, N, D, H", "dtype", "", "forward and backward, ms", "times the products"]
    table("LSTM layers, medians, one thread", head, rows)


def _race(size, dtype, others):
    T, N, D, H = size
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(N, T, D)).astype(dtype), rng.normal(size=(N, T, H)).astype(dtype)
    layer = LSTM(D, H, dtype=dtype)

    def ours():
        y, _ = layer(x)
        return y, layer.backward(dy)[0]

    module = torch.nn.LSTM(D, H, batch_first=True).to(torch.from_numpy(x).dtype)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in layer.parameters.items()})
    contestants = {"lstm_course.scratch": ours, "torch.nn.LSTM": _in_torch(module, x, dy, lambda result: result[0])}
    if dtype == np.float32:
        contestants["keras.layers.LSTM on PyTorch"] = _in_torch(
            to_keras(layer, return_state=False), x, dy, lambda result: result
        )
    contestants |= {name: build(layer, x, dy) for name, build in others.items()}
    wanted = ours()
    for name, run in contestants.items():
        for theirs, mine in zip(run(), wanted, strict=True):
            np.testing.assert_allclose(theirs, mine, atol=1e-3 if dtype == np.float32 else 1e-9, err_msg=name)
    times = in_turns({"products": timed(products(layer, x, dy))} | {k: timed(v) for k, v in contestants.items()}, 5.0)
    base, label = np.median(times.pop("products")), ", ".join(map(str, size))
    return [[label, dtype.__name__, name, ms(taken), f"{np.median(taken) / base:.1f}"] for name, taken in times.items()]


def _in_torch(module, x, dy, sequence):
    x, dy = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)

    def run():
        x.grad = None
        module.zero_grad()
        y = sequence(module(x))
        y.backward(dy)
        return y.detach().numpy(), x.grad.numpy()

    return run


def _numpy_ml(folder):
    collections.Hashable = collections.abc.Hashable
    LSTMCell = _from(folder, "numpy_ml.neural_nets.layers").LSTMCell

    def build(layer, x, dy):
        W, b, H = _joined(layer)
        parameters = {}
        for k, name in enumerate(("u", "f", "c", "o")):  # its update gate is the input gate
            rows = slice(k * H, (k + 1) * H)
            parameters["W" + name], parameters["b" + name] = np.ascontiguousarray(W[rows].T), b[None, rows]

        def run():
            cell = LSTMCell(H)  # anew, since `flush_gradients` leaves it unusable
            cell.n_in = x.shape[2]
            cell._init_params()
            cell.parameters.update(parameters)
            y = np.stack([cell.forward(x[:, t])[0] for t in range(x.shape[1])], axis=1)
            dx = [cell.backward(dy[:, t]) for t in reversed(range(x.shape[1]))]
            return y, np.stack(dx[::-1], axis=1)

        return run

    return build


def _from_scratch_2(folder):
    TimeLSTM = _from(folder, "common.time_layers").TimeLSTM

    def build(layer, x, dy):
        W, b, H = _joined(layer)
        i, f, g, o = (slice(k * H, (k + 1) * H) for k in range(4))
        order = np.r_[f, g, i, o]
        theirs = TimeLSTM(W[order, H:].T.copy(), W[order, :H].T.copy(), b[order])

        def run():
            return theirs.forward(x), theirs.backward(dy)

        return run

    return build


BUILDERS = {"numpy-ml": _numpy_ml, "deep-learning-from-scratch-2": _from_scratch_2}


def _from(folder, module):
    sys.path.insert(0, folder)
    return importlib.import_module(module)


def _joined(layer):
    p = layer.parameters
    W = np.concatenate([p["weight_hh_l0"], p["weight_ih_l0"]], axis=1)
    return W, p["bias_hh_l0"] + p["bias_ih_l0"], layer.hidden_size


if __name__ == "__main__":
    show(dict(argument.split("=", 1) for argument in sys.argv[1:]))

"""What makes training on a processor faster: ratios of times from one run, which depend on the machine that ran it.

A training update is forward, backward and a step of Adam for an LSTM of 64 units that reads 16 features and is asked at
every step. Each ratio is taken round by round, with the two versions in turns, and the median and the middle half of
the rounds are stored, (3,): lower quartile, median, upper quartile. Times are the processor time of this process.

Arrays:

    batch_sizes, batch     (5,), (5, 3)  time per sequence of 50 steps, as a share of that in a batch of one
    chunks, truncated      (4,), (4, 3)  time per step of 8 sequences of 400 steps, trained in chunks of 400 steps (the
                                         whole) to 20, with the state carried, as a share of the whole
    kept                   (4,)          bytes kept for the backward pass, as a share of the whole
    fused                  (3, 3)        time of an update with the equations in Python, with `LSTMCell` and with
                                         `nn.LSTM`, as a share of the first: 32 sequences of 50 steps
    compiled               (3,)          the equations in Python under `torch.compile`, the whole loop, as a share of
                                         the same without it; nan where there is no compiler
    compiling              ()            how many updates of the uncompiled equations take as long as compiling
    widths, bfloat16       (2,), (2, 3)  forward and backward of the equations in Python under autocast to bfloat16, as
                                         a share of float32, by units
    bfloat16_fused         ()            whether ``nn.LSTM`` runs under autocast to bfloat16 on this processor at all
    bfloat16_right         (5, 2)        share of digits (`squeezed`) named right after training in float32 and under
                                         autocast, by seed
    seeds                  (5,)
"""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import squeezed

SETTINGS = {
    "units": 64,
    "features": 16,
    "rounds": 15,
    "batch_sizes": [1, 4, 16, 64, 256],
    "chunks": [400, 200, 100, 20],
    "widths": [64, 256],
    "seeds": list(range(5)),
}


def ratios(first, *others):
    """Quartiles (len(others), 3) of the time of each function as a share of the first one's."""
    versions, seconds = (first, *others), np.empty((SETTINGS["rounds"], len(others) + 1))
    for each in versions:
        each()
    for round_ in range(len(seconds)):
        for k in np.roll(range(len(versions)), round_):
            start = time.process_time()
            versions[k]()
            seconds[round_, k] = time.process_time() - start
    return np.quantile(seconds[:, 1:] / seconds[:, :1], [0.25, 0.5, 0.75], axis=0).T


def equations(x, W, U, b):
    """An LSTM in plain PyTorch: outputs and last state for x (N, T, D)."""
    h = c = x.new_zeros(len(x), U.shape[1])
    y = []
    for z in F.linear(x, W, b).unbind(1):
        i, f, g, o = (z + h @ U.T).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        y.append(h)
    return torch.stack(y, dim=1), (h, c)


class Written(nn.Module):
    """The equations with copies of the weights of an ``nn.LSTM``, which `torch.compile` would leave as it is."""

    def __init__(self, lstm):
        super().__init__()
        W, U, b, b_h = (parameter.detach().clone() for parameter in lstm.parameters())
        self.W, self.U, self.b = nn.Parameter(W), nn.Parameter(U), nn.Parameter(b + b_h)

    def forward(self, x):
        return equations(x, self.W, self.U, self.b)


class Cells(nn.Module):
    """A Python loop over ``nn.LSTMCell``."""

    def __init__(self, lstm):
        super().__init__()
        self.cell = nn.LSTMCell(lstm.input_size, lstm.hidden_size)
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        self.cell.load_state_dict({name: getattr(lstm, f"{name}_l0") for name in names})

    def forward(self, x):
        state, y = None, []
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
            y.append(state[0])
        return torch.stack(y, dim=1), state


def layer(H=SETTINGS["units"]):
    torch.manual_seed(0)
    return nn.LSTM(SETTINGS["features"], H, batch_first=True)


def updates(model, x, chunk=None):
    """A function that trains on x (N, T, D) once, chunk by chunk, with the state carried and cut from its past."""
    adam = torch.optim.Adam(model.parameters(), 1e-4)

    def run():
        state = None
        for part in x.split(chunk or x.shape[1], dim=1):
            adam.zero_grad()
            y, state = model(part) if state is None else model(part, state)
            y.square().mean().backward()
            adam.step()
            state = tuple(each.detach() for each in state)

    return run


def kept_bytes(model, x):
    """Bytes of the different tensors that autograd keeps for the backward pass, weights and inputs left out."""
    known = {each.untyped_storage().data_ptr() for each in (x, *model.parameters())}
    seen = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            seen[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y = model(x)[0]
    del y
    return sum(seen.values())


def compiled(x):
    """Quartiles of the ratio, and the updates that compiling takes as long as; nan where it can't compile."""
    plain, faster = updates(Written(layer()), x), updates(torch.compile(Written(layer())), x)
    start = time.perf_counter()
    try:
        faster()
    except Exception:  # no compiler, or one that fails: PyTorch raises several kinds
        return np.full(3, np.nan), np.nan
    spent = time.perf_counter() - start
    plain()
    start = time.perf_counter()
    for _ in range(5):
        plain()
    return ratios(plain, faster)[0], 5 * spent / (time.perf_counter() - start)


def under_autocast(H):
    """Quartiles of the time of forward and backward in bfloat16, as a share of float32."""
    x = torch.randn(32, 50, SETTINGS["features"])

    def run(on):
        model = Written(layer(H))

        def once():
            with torch.autocast("cpu", torch.bfloat16, enabled=on):
                y = model(x)[0]
            y.float().square().mean().backward()

        return once

    return ratios(run(False), run(True))[0]


def fused_runs():
    """Whether ``nn.LSTM`` runs under autocast to bfloat16."""
    try:
        with torch.autocast("cpu", torch.bfloat16):
            layer()(torch.zeros(2, 3, SETTINGS["features"]))
    except RuntimeError:  # oneDNN has no such layer for this processor
        return False
    return True


def bfloat16_right(seed):
    """Share of test digits named right, trained in float32 and under autocast."""

    class Rounded(squeezed.Reader):
        def forward(self, x):
            with torch.autocast("cpu", torch.bfloat16):
                W, U, b, b_h = self.lstm.parameters()
                return self.output(equations(x, W, U, b + b_h)[0][:, -1]).float()

    train, _, test = squeezed.digits(seed)
    both = []
    for kind in (squeezed.Reader, Rounded):
        torch.manual_seed(seed)
        both.append(squeezed.right(squeezed.fit(kind(), train, 0.03, squeezed.SETTINGS["epochs"], seed), test))
    return both


def make():
    """The arrays described in the module's docstring, and the settings."""
    torch.manual_seed(0)
    sizes, chunks, D = SETTINGS["batch_sizes"], SETTINGS["chunks"], SETTINGS["features"]
    batch = ratios(*(updates(layer(), torch.randn(N, 50, D)) for N in sizes)) / np.array(sizes[1:])[:, None]
    long, short = torch.randn(8, 400, D), torch.randn(32, 50, D)
    truncated = ratios(*(updates(layer(), long, chunk) for chunk in chunks))
    kept = np.array([kept_bytes(layer(), long[:, :chunk]) for chunk in chunks])
    three = (Written(layer()), Cells(layer()), layer())
    compiled_ratio, compiling = compiled(short)
    one = np.ones((1, 3))
    arrays = {
        "batch_sizes": np.array(sizes),
        "batch": np.concatenate([one, batch]),
        "chunks": np.array(chunks),
        "truncated": np.concatenate([one, truncated]),
        "kept": kept / kept[0],
        "fused": np.concatenate([one, ratios(*(updates(model, short) for model in three))]),
        "compiled": compiled_ratio,
        "compiling": np.array(compiling),
        "widths": np.array(SETTINGS["widths"]),
        "bfloat16": np.array([under_autocast(H) for H in SETTINGS["widths"]]),
        "bfloat16_fused": np.array(fused_runs()),
        "bfloat16_right": np.array([bfloat16_right(seed) for seed in SETTINGS["seeds"]]),
        "seeds": np.array(SETTINGS["seeds"]),
    }
    capability = torch.backends.cpu.get_cpu_capability()
    return arrays, SETTINGS | {"torch": torch.__version__, "capability": capability, "threads": torch.get_num_threads()}

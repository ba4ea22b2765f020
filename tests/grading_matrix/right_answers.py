"""Right answers written in every way that runs in a notebook, as the sources of cells."""

from lstm_course import lessons

GATES, SCRATCH = lessons.find("04_gates"), lessons.find("05_lstm_from_scratch")
FORGET, CELL, RUN = "04-forget-gate", "04-cell-state", "04-run-cell"

# By name: the lesson, sources of answer cells, and sources of cells put in before the first answer.
WRITTEN = {
    "prints and writes to stderr": (
        GATES,
        {
            CELL: """
import sys
print("defining", "it")
def next_cell_state(i, f, g, c):
    print("called with", f, file=sys.stderr)
    sys.stdout.write("and " * 10_000)
    return f * c + i * g
print(next_cell_state(*np.ones((4, 2, 3))))
"""
        },
        ["import sys\nprint('x' * 10**6)\nsys.stderr.flush()\nsys.stdout.flush()"],
    ),
    "warnings, also as errors": (
        GATES,
        {
            FORGET: """
import warnings
warnings.simplefilter("error")
def forget_gate(h, x, W_f, b_f):
    warnings.simplefilter("default")
    warnings.warn("are the shapes right?")
    return 1 / (1 + np.exp(-(np.hstack([h, x]) @ W_f.T + b_f)))
"""
        },
        ["import warnings\nwarnings.warn('old')", "import logging\nlogging.warning('to stderr')"],
    ),
    "plots": (
        GATES,
        {
            CELL: """
import matplotlib.pyplot as plt
def next_cell_state(i, f, g, c):
    c_next = f * c + i * g
    plt.plot(c_next)
    plt.show()
    return c_next
figure, axes = plt.subplots()
axes.imshow(np.eye(3))
plt.show()
plt.close("all")
"""
        },
        ["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"],
    ),
    "widgets and rich display": (
        GATES,
        {
            CELL: "from IPython.display import display\ndisplay(1)\n"
            "def next_cell_state(i, f, g, c):\n    return f * c + i * g"
        },
        [
            "import ipywidgets as widgets\nfrom IPython.display import HTML, display\n"
            "slider = widgets.FloatSlider(value=0.5)\ndisplay(slider, HTML('<b>x</b>'))\n"
            "widgets.interact(lambda x: x * 2, x=(0, 10));",
            "from tqdm.auto import tqdm\nfor k in tqdm(range(3)): pass",
        ],
    ),
    "asks for input elsewhere": (GATES, {}, ["name = input('Your name? ')\nprint(name)"]),
    "magics and shell commands": (
        GATES,
        {
            CELL: "%time print('x')\ndef next_cell_state(i, f, g, c):\n    return f * c + i * g\n"
            "%timeit -n 1 -r 1 next_cell_state(*np.ones((4, 2, 3)))\nfiles = !ls\n",
            FORGET: "%%time\ndef forget_gate(h, x, W_f, b_f):\n"
            "    return 1 / (1 + np.exp(-(np.c_[h, x] @ W_f.T + b_f)))\n",
        },
        [
            "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
            "!ls -l\n!pip list",
            "np.tanh?",
            "%%bash\nls",
            "%%html\n<b>x</b>",
        ],
    ),
    "float32 throughout": (
        SCRATCH,
        {
            "05-peephole-step": """
def peephole_step(x, h, c, W, b, p):
    x, h, c, W, b, p = (np.asarray(array, dtype=np.float32) for array in (x, h, c, W, b, p))
    i, f, g, o = np.split(np.hstack([h, x]) @ W.T + b, 4, axis=1)
    i, f = (np.float32(1) / (np.float32(1) + np.exp(-z)) for z in (i + p[0] * c, f + p[1] * c))
    c = f * c + i * np.tanh(g)
    o = np.float32(1) / (np.float32(1) + np.exp(-o - p[2] * c))
    return (o * np.tanh(c)).astype(np.float32), c
"""
        },
        [],
    ),
    "lists instead of arrays": (
        GATES,
        {
            RUN: """
import math
def run_cell(i, f, g, o, c):
    hs, cs, c = [], [], list(c)
    for t in range(len(f)):
        c = [f[t][k] * c[k] + i[t][k] * g[t][k] for k in range(len(c))]
        hs.append([o[t][k] * math.tanh(c[k]) for k in range(len(c))])
        cs.append(c)
    return [hs, cs]
""",
            CELL: "def next_cell_state(i, f, g, c):\n    return (f * c + i * g).tolist()",
        },
        [],
    ),
    "extra cells, some of them broken": (
        GATES,
        {},
        [
            "x = 1 / 0",
            "def broken(:",
            "",
            "# nothing",
            "raise NotImplementedError",
            "f = h = W_f = 3",
            "assert False, 'to do'",
        ],
    ),
    "type hints, docstrings and defaults": (
        GATES,
        {
            CELL: '''
from __future__ import annotations
import numpy.typing as npt
Array = npt.NDArray[np.float64]
def next_cell_state(i: Array, f: Array, g: Array, c: Array | None = None, *, keep: float = 1.0) -> Array:
    """
    The new cell state.

    >>> next_cell_state(1, 0, 2, 5)
    2
    """
    return keep * f * c + i * g
'''
        },
        [],
    ),
    "a class with __call__": (
        SCRATCH,
        {
            "05-peephole-step": """
class Step:
    def __init__(self, squash=np.tanh):
        self.squash = squash
    def gate(self, z):
        return 0.5 + 0.5 * self.squash(0.5 * z)
    def __call__(self, x, h, c, W, b, p):
        i, f, g, o = np.split(np.hstack([h, x]) @ W.T + b, 4, axis=1)
        c = self.gate(f + p[1] * c) * c + self.gate(i + p[0] * c) * self.squash(g)
        return self.gate(o + p[2] * c) * self.squash(c), c
peephole_step = Step()
""",
            "05-masked-backward": """
class Backward:
    def __call__(self, dy, caches, mask, W):
        N, T, H = dy.shape
        dh, dc, dW, db = np.zeros((N, H)), np.zeros((N, H)), np.zeros(W.shape), np.zeros(len(W))
        dx = [None] * T
        for t in range(T - 1, -1, -1):
            m = mask[:, t, None]
            dh = dy[:, t] * m + dh
            dx[t], dh_t, dc_t, dW_t, db_t = lstm_step_backward(dh * m, dc * m, caches[t], W)
            dh, dc = dh_t + dh * ~m, dc_t + dc * ~m
            dW, db = dW + dW_t, db + db_t
        return np.stack(dx, axis=1), dh, dc, dW, db
masked_backward = Backward()
""",
        },
        [],
    ),
    "a bound method and a static one": (
        GATES,
        {
            CELL: "class Cell:\n    def step(self, i, f, g, c):\n        return f * c + i * g\n"
            "next_cell_state = Cell().step",
            FORGET: "class Gate:\n    @staticmethod\n    def at(h, x, W, b):\n"
            "        return 1 / (1 + np.exp(-(np.hstack([h, x]) @ W.T + b)))\nforget_gate = Gate.at",
        },
        [],
    ),
    "functools.partial": (
        GATES,
        {
            CELL: "import functools\ndef mixed(scale, i, f, g, c):\n    return scale * (f * c + i * g)\n"
            "next_cell_state = functools.partial(mixed, 1.0)"
        },
        [],
    ),
    "lambda": (GATES, {CELL: "next_cell_state = lambda i, f, g, c: f * c + i * g"}, []),
    "decorated, with and without wraps": (
        GATES,
        {
            CELL: """
import functools, time
def timed(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            print(time.perf_counter() - start)
    return inner
@timed
def next_cell_state(i, f, g, c):
    return f * c + i * g
""",
            RUN: """
def plain(function):
    return lambda *args: function(*args)
@functools.lru_cache(maxsize=None)
def squash(number):
    return np.tanh(number)
@plain
def run_cell(i, f, g, o, c):
    cs = []
    for t in range(len(f)):
        c = next_cell_state(i[t], f[t], g[t], c)
        cs.append(c)
    return np.array([[squash(n) for n in row] for row in cs]) * o, np.array(cs)
""",
        },
        [],
    ),
    "an answer without arguments, cached": (
        GATES,
        {
            "04-build-a-memory": """
import functools
@functools.cache
def memory_cell():
    W = np.zeros((4, 4)); W[0, 2], W[1, 2], W[2, 1], W[3, 3] = 40, -40, 1, 40
    return W, np.array([-20., 20., 0., -20.])
"""
        },
        [],
    ),
    "numpy under another name": (
        GATES,
        {
            CELL: "import numpy\nimport numpy as xp\nfrom numpy import *\n"
            "def next_cell_state(i, f, g, c):\n    return xp.add(numpy.multiply(f, c), multiply(i, g))"
        },
        ["from numpy import tanh, exp"],
    ),
    "torch instead of numpy": (
        SCRATCH,
        {
            "05-peephole-step": """
import torch
def peephole_step(x, h, c, W, b, p):
    x, h, c, W, b, p = (torch.as_tensor(array) for array in (x, h, c, W, b, p))
    i, f, g, o = torch.nn.functional.linear(torch.cat([h, x], dim=1), W, b).chunk(4, dim=1)
    c = torch.sigmoid(f + p[1] * c) * c + torch.sigmoid(i + p[0] * c) * torch.tanh(g)
    return torch.sigmoid(o + p[2] * c) * torch.tanh(c), c
"""
        },
        [
            "import torch\nimport torch.nn as nn\ntorch.manual_seed(0)\n"
            "device = 'cuda' if torch.cuda.is_available() else 'cpu'"
        ],
    ),
    "changes its arguments in place": (
        GATES,
        {
            CELL: """
def next_cell_state(i, f, g, c):
    c *= f
    i *= g
    c += i
    f[:] = g[:] = np.nan
    return c
""",
            RUN: """
def run_cell(i, f, g, o, c):
    for t in range(len(f)):
        c *= f[t]
        c += i[t] * g[t]
        f[t] = c
    o *= np.tanh(f)
    return o, f
""",
        },
        [],
    ),
    "a generator of results, and other names for the arguments": (
        SCRATCH,
        {
            "05-peephole-step": """
def peephole_step(xs, hidden, cell, weights, *rest):
    def both():
        i, f, g, o = np.split(np.hstack([hidden, xs]) @ weights.T + rest[0], 4, axis=1)
        s = lambda z: 1 / (1 + np.exp(-z))
        look_i, look_f, look_o = rest[1]
        new = s(f + look_f * cell) * cell + s(i + look_i * cell) * np.tanh(g)
        yield s(o + look_o * new) * np.tanh(new)
        yield new
    return tuple(both())
"""
        },
        [],
    ),
    "imports within the function, globals and nested helpers": (
        GATES,
        {
            CELL: """
count = 0
def next_cell_state(i, f, g, c):
    global count
    count += 1
    import numpy as np2
    def added(a, b):
        return np2.add(a, b)
    return added(f * c, i * g)
"""
        },
        ["%%time\nimport random; random.seed(1); np.random.seed(1)"],
    ),
    "records, modules of torch, and a helper in a file": (
        SCRATCH,
        {
            "05-peephole-step": """
import sys
from typing import NamedTuple
import torch
open("squash.py", "w").write("import torch\\nsigmoid = torch.sigmoid\\n")
sys.path.insert(0, ".")
import squash
class State(NamedTuple):
    h: torch.Tensor
    c: torch.Tensor
class Step(torch.nn.Module):
    def forward(self, x, h, c, W, b, p):
        x, h, c, W, b, p = (torch.from_numpy(array) for array in (x, h, c, W, b, p))
        i, f, g, o = (torch.cat([h, x], 1) @ W.T + b).chunk(4, 1)
        c = squash.sigmoid(f + p[1] * c) * c + squash.sigmoid(i + p[0] * c) * torch.tanh(g)
        return State(squash.sigmoid(o + p[2] * c) * torch.tanh(c), c)
peephole_step = Step()
"""
        },
        [],
    ),
    "matrices, subclasses and vectorised functions": (
        GATES,
        {
            CELL: "@np.vectorize\ndef next_cell_state(i, f, g, c):\n    return f * c + i * g",
            FORGET: "def forget_gate(h, x, W_f, b_f):\n"
            "    return np.matrix(1 / (1 + np.exp(-(np.hstack([h, x]) @ W_f.T + b_f))))",
        },
        [],
    ),
    "ends in an error after the answer": (
        GATES,
        {CELL: "def next_cell_state(i, f, g, c):\n    return f * c + i * g\nassert input('right? ') == 'yes'"},
        ["exit()", "import sys\nsys.exit(0)", "import urllib.request as r\nr.urlopen('http://127.0.0.1:9')"],
    ),
    "names outside ASCII, tabs, line ends of Windows": (
        GATES,
        {CELL: "def next_cell_state(i, f, g, c):\r\n\tσ = i * g  # größer ✓\r\n\treturn f * c + σ\r\n"},
        [],
    ),
    "threads and a changed folder": (
        GATES,
        {
            CELL: "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nopen('mine.txt', 'w').write('notes')\n"
            "from concurrent.futures import ThreadPoolExecutor\n"
            "def next_cell_state(i, f, g, c):\n    with ThreadPoolExecutor(2) as pool:\n"
            "        return sum(pool.map(lambda pair: pair[0] * pair[1], [(f, c), (i, g)]))"
        },
        [],
    ),
    "asynchronous cells": (
        GATES,
        {},
        ["import asyncio\nawait asyncio.sleep(0)\nasync def nothing():\n    return 1\nawait nothing()"],
    ),
    "display, which every notebook has": (
        GATES,
        {CELL: "display(np.eye(2))\ndef next_cell_state(i, f, g, c):\n    return f * c + i * g"},
        [],
    ),
    "a whole cell indented": (
        GATES,
        {CELL: "    def next_cell_state(i, f, g, c):\n        return f * c + i * g"},
        [],
    ),
    "pasted with its prompts": (
        GATES,
        {CELL: ">>> def next_cell_state(i, f, g, c):\n...     return f * c + i * g"},
        [],
    ),
    "waits at the top": (
        GATES,
        {CELL: "import asyncio\nawait asyncio.sleep(0)\ndef next_cell_state(i, f, g, c):\n    return f * c + i * g"},
        [],
    ),
    "a helper in a file, by magic": (
        GATES,
        {CELL: "import helper\nnext_cell_state = helper.mixed"},
        ["%%writefile helper.py\ndef mixed(i, f, g, c):\n    return f * c + i * g"],
    ),
    "an array of Python's own numbers": (
        GATES,
        {CELL: "next_cell_state = np.frompyfunc(lambda i, f, g, c: f * c + i * g, 4, 1)"},
        [],
    ),
}

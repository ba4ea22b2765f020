"""Ways in which people work in a notebook, as changes to a solved one: what they write, where, and what runs there."""

from dataclasses import dataclass, field

FORGET, STATE = "04-forget-gate", "04-cell-state"
GATE = "def forget_gate(h, x, W_f, b_f):\n    "
SIGMOID = "def squash(z):\n    return 0.5 + 0.5 * np.tanh(z / 2)\n"
SQUASHED = GATE + "return squash(np.hstack([h, x]) @ W_f.T + b_f)\n"
PLAIN = GATE + "return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) / 2)\n"
TANH = GATE + "return np.tanh(np.hstack([h, x]) @ W_f.T + b_f)\n"
MIX = "def next_cell_state(i, f, g, c):\n    return f * c + i * g\n"
BROKEN = "def squash(z):\n    return z * nan_that_is_nowhere\n"


@dataclass(frozen=True)
class Way:
    """One way of working.

    Attributes
    ----------
    answers : dict of str to str
        Sources of answer cells, by the question's id; the others hold the solution.
    above : tuple of str
        Cells put in before the first answer.
    below : tuple of str
        Cells put in after the last one.
    checks : dict of str to str
        Sources of check cells.
    setup : str
        The source of the course's own first cell.
    """

    answers: dict = field(default_factory=dict)
    above: tuple = ()
    below: tuple = ()
    checks: dict = field(default_factory=dict)
    setup: str = ""


def gate(source, *above, below=()):
    return Way({FORGET: source}, above, tuple(below))


MAGICS = {
    "%time binds": gate(SQUASHED, "%time squash = lambda z: 1 / (1 + np.exp(-z))"),
    "%time of a call": gate(PLAIN + "%time forget_gate(*np.ones((2, 2, 2)), np.ones((2, 4)), np.ones(2))"),
    "%%time": gate("%%time\n" + PLAIN),
    "%%time with an expression": gate(SQUASHED, "%%time\nsquash = lambda z: 1 / (1 + np.exp(-z))\nsquash(0)"),
    "%%capture": gate(SQUASHED, "%%capture said\nprint('x')\n" + SIGMOID),
    "what was captured": gate(
        GATE + "return steep * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) / 2) + steep",
        "%%capture said\nprint('0.5')",
        "steep = float(said.stdout)",
    ),
    "%prun binds": gate(SQUASHED, SIGMOID, "%prun -q half = squash(0.0)", "assert half == 0.5"),
    "%%prun": gate(SQUASHED, "%%prun -q\n" + SIGMOID),
    "%timeit -o": gate(SQUASHED, SIGMOID, "took = %timeit -o -q -n 1 -r 1 squash(0)", "assert took.best < 60"),
    "%%timeit leaves nothing": gate(SQUASHED, SIGMOID, "%%timeit -n 1 -r 1\nsquash = None"),
    "%%writefile and import": gate(
        "from own_gates import squash\n" + SQUASHED, "%%writefile own_gates.py\nimport numpy as np\n" + SIGMOID
    ),
    "%%writefile and %run": gate(SQUASHED, "%%writefile own.py\nimport numpy as np\n" + SIGMOID, "%run own.py"),
    "%run -i": gate(SQUASHED, "%%writefile own.py\n" + SIGMOID, "%run -i own.py"),
    "%run of the answer": gate("%run answer.py", "%%writefile answer.py\nimport numpy as np\n" + PLAIN),
    "%%writefile -a": gate(
        SQUASHED, "%%writefile two.py\nimport numpy as np\n", "%%writefile -a two.py\n" + SIGMOID, "from two import *"
    ),
    "%pylab": gate(GATE + "return 0.5 + 0.5 * tanh((hstack([h, x]) @ W_f.T + b_f) / 2)", "%pylab"),
    "%matplotlib, then more": gate(SQUASHED, "%matplotlib inline\n" + SIGMOID),
    "%config, then more": gate(
        SQUASHED, "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\n" + SIGMOID
    ),
    "%load_ext autoreload": gate(SQUASHED, "%load_ext autoreload\n%autoreload 2\n" + SIGMOID),
    "%env": gate(SQUASHED, "%env OWN_STEEP=2\nimport os\nsteep = float(os.environ['OWN_STEEP'])\n" + SIGMOID),
    "%set_env": gate(SQUASHED, "%set_env OWN=1", "import os\nassert os.environ['OWN'] == '1'\n" + SIGMOID),
    "%cd": gate(SQUASHED, "import os\nos.makedirs('deeper', exist_ok=True)\n%cd deeper\n" + SIGMOID),
    "%pwd": gate(SQUASHED, "here = %pwd\nassert isinstance(here, str)\n" + SIGMOID),
    "%who": gate(SQUASHED, "%who\n%whos\nnames = %who_ls\nassert 'np' in names\n" + SIGMOID),
    "%precision": gate(SQUASHED, "%precision 3\n" + SIGMOID),
    "%xmode": gate(SQUASHED, "%xmode Minimal\n" + SIGMOID),
    "%xdel": gate(SQUASHED, "big = np.ones(10)\n%xdel big\n" + SIGMOID),
    "%reset_selective": gate(SQUASHED, "scrap = 1\n" + SIGMOID, "%reset_selective -f scrap"),
    "%macro": gate(SQUASHED, SIGMOID, "%macro again 1\nagain"),
    "%lsmagic": gate(SQUASHED, "%lsmagic\n" + SIGMOID),
    "%%html and %%javascript": gate(PLAIN, "%%html\n<b>notes</b>", "%%javascript\n1 + 1", "%%latex\n$f$"),
    "automagic": gate(SQUASHED, "time squash = lambda z: 1 / (1 + np.exp(-z))"),
    "a magic within a function": gate(
        GATE + "%time z = np.hstack([h, x]) @ W_f.T + b_f\n    return 1 / (1 + np.exp(-z))"
    ),
    "shell commands": gate(SQUASHED, "!echo hello\nfiles = !ls\nlast = files[-1:]\n" + SIGMOID),
    "%sx": gate(SQUASHED, "lines = %sx ls\n" + SIGMOID),
    "help": gate(SQUASHED, "np.tanh?\n?np.tanh\nnp.tanh??\n" + SIGMOID),
    "get_ipython().run_cell": gate(SQUASHED, f"get_ipython().run_cell({SIGMOID!r})"),
    "get_ipython().run_line_magic": gate(
        SQUASHED, "get_ipython().run_line_magic('time', 'squash = lambda z: 1 / (1 + np.exp(-z))')"
    ),
    "get_ipython().push": gate(SQUASHED, "get_ipython().push({'squash': lambda z: 1 / (1 + np.exp(-z))})"),
    "get_ipython().ev": gate(SQUASHED, "squash = get_ipython().ev('lambda z: 1 / (1 + np.exp(-z))')"),
}

HISTORY = {
    "the last value": gate(SQUASHED, "lambda z: 1 / (1 + np.exp(-z))", "squash = _"),
    "the last but one": gate(SQUASHED, "lambda z: 1 / (1 + np.exp(-z))", "1 + 1", "squash = __"),
    "Out by number": gate(SQUASHED, "lambda z: 1 / (1 + np.exp(-z))", "squash = Out[2]"),
    "the last text": gate(SQUASHED, SIGMOID, "assert 'squash' in _i\nassert 'squash' in In[2]"),
    "a value kept by a semicolon": gate(PLAIN, "lambda z: 1;", "kept = Out.get(2)"),
}

FUTURE = {
    "annotations above": gate(
        "def forget_gate(h: Nowhere, x: Nowhere, W_f, b_f) -> Nowhere:\n"
        "    return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) / 2)",
        "from __future__ import annotations",
    ),
    "annotations in the answer before": Way(
        {
            FORGET: "from __future__ import annotations\n" + PLAIN,
            STATE: "def next_cell_state(i: Later, f: Later, g: Later, c: Later) -> Later:\n    return f * c + i * g",
        }
    ),
    "annotations in the first cell": Way(
        {STATE: "def next_cell_state(i: Later, f, g, c):\n    return f * c + i * g"},
        setup="from __future__ import annotations\nimport numpy as np\n\n"
        "from lstm_course import check, exercise\n\nexercise('04_gates', version='')",
    ),
}

LATER = {
    "an experiment below": gate(PLAIN, below=[TANH + "print(forget_gate(*np.ones((2, 2, 2)), np.ones((2, 4)), 1))"]),
    "a helper changed below": gate(SIGMOID + SQUASHED, below=["def squash(z):\n    return z"]),
    "a helper deleted below": gate(SIGMOID + SQUASHED, below=["del squash"]),
    "a helper broken below": gate(SIGMOID + SQUASHED, below=[BROKEN]),
    "the answer deleted below": gate(PLAIN, below=["del forget_gate"]),
    "the answer becomes its value below": gate(
        PLAIN, below=["forget_gate = forget_gate(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 4)), np.ones(2))"]
    ),
    "the answer set to None below": gate(PLAIN, below=["forget_gate = None"]),
    "np means something else below": gate(PLAIN, below=["np = 'number of people'"]),
    "a constant changed below": gate(
        GATE + "return HALF + HALF * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) * HALF)",
        "HALF = 0.5",
        below=["HALF = 0.7"],
    ),
    "a letter changed below": Way(below=("main_role = 'a'",)),
    "a builtin shadowed below": gate(PLAIN, below=["sum = max = list = range = len = 3"]),
    "%reset below": gate(PLAIN, below=["%reset -f"]),
    "the error state of NumPy below": gate(PLAIN, below=["np.seterr(all='raise')"]),
    "a class attribute changed below": gate(
        "class Gate:\n    steep = 0.5\n    def __call__(self, h, x, W_f, b_f):\n"
        "        return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) * self.steep)\nforget_gate = Gate()",
        below=["forget_gate = Gate()\nforget_gate.steep = 3"],
    ),
    "solved twice, the second wrong": gate(PLAIN, below=[TANH, "check('04-forget-gate', forget_gate)"]),
    "solved twice, the first wrong": gate(TANH, below=[PLAIN, "check('04-forget-gate', forget_gate)"]),
    "written below the check": gate("", below=[PLAIN]),
    "a helper below": gate(SQUASHED, below=[SIGMOID]),
    "tried before with another name": gate(
        PLAIN, "def trial(h, x, W_f, b_f):\n    return h", "check('04-forget-gate', trial)"
    ),
    "a letter tried before": Way(above=("check('04-main-role', 'a')",)),
}

CELLS = {
    "a check cell that names another function": Way(
        {FORGET: PLAIN.replace("forget_gate", "my_gate")}, checks={FORGET: "check('04-forget-gate', my_gate)"}
    ),
    "a check cell with more in it": Way(
        {FORGET: SQUASHED}, checks={FORGET: SIGMOID + "check('04-forget-gate', forget_gate)"}
    ),
    "a check cell with a trial below": Way(
        {FORGET: PLAIN}, checks={FORGET: "check('04-forget-gate', forget_gate)\nforget_gate(1, 2, 3, 4)"}
    ),
    "a first cell with an import more": Way(
        {FORGET: GATE + "return 0.5 + 0.5 * tanh((np.hstack([h, x]) @ W_f.T + b_f) / 2)"},
        setup="import numpy as np\nfrom numpy import tanh\n\n"
        "from lstm_course import check, exercise\n\nexercise('04_gates', version='')",
    ),
    "an indented cell": gate("".join(f"    {line}\n" for line in PLAIN.splitlines())),
    "with prompts": gate(">>> " + PLAIN.rstrip().replace("\n", "\n... ")),
    "with the prompts of a notebook": gate(SQUASHED, "In [3]: squash = lambda z: 1 / (1 + np.exp(-z))"),
    "with Windows line ends": gate(PLAIN.replace("\n", "\r\n")),
    "with tabs": gate(PLAIN.replace("    ", "\t")),
    "names beyond ASCII": gate("def σ(z):\n    return 1 / (1 + np.exp(-z))\n" + SQUASHED.replace("squash", "σ")),
    "a cell of comments": gate(PLAIN, "# nothing here", "", "   "),
    "broken cells between": gate(PLAIN, "1 / 0", "def broken(:", "raise NotImplementedError", "nowhere"),
    "a cell that asks": gate(PLAIN, "name = input('Your name? ')", "later = name.upper()"),
    "sys.exit": gate(PLAIN, "import sys\nsys.exit('enough')"),
    "KeyboardInterrupt": gate(PLAIN, "raise KeyboardInterrupt"),
    "a value as the last line": gate(PLAIN + "forget_gate"),
}

PYTHON = {
    "await": gate(SQUASHED, "import asyncio\nsquash = await asyncio.sleep(0, lambda z: 1 / (1 + np.exp(-z)))"),
    "a task awaited later": gate(
        SQUASHED,
        "import asyncio\ntask = asyncio.create_task(asyncio.sleep(0, lambda z: 1 / (1 + np.exp(-z))))",
        "squash = await task",
    ),
    "async for": gate(
        SQUASHED,
        "async def each():\n    yield lambda z: 1 / (1 + np.exp(-z))",
        "async for squash in each():\n    pass",
    ),
    "star import": gate(GATE + "return 0.5 + 0.5 * tanh((hstack([h, x]) @ W_f.T + b_f) / 2)", "from numpy import *"),
    "a guard": gate("if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in PLAIN.splitlines())),
    "the module itself": gate(SQUASHED, SIGMOID, "import __main__\nassert __main__.squash is squash"),
    "pickled": gate(SQUASHED, SIGMOID, "import pickle\nsquash = pickle.loads(pickle.dumps(squash))"),
    "its own source": gate(SQUASHED, SIGMOID, "import inspect\nassert 'tanh' in inspect.getsource(squash)"),
    "doctest": gate(SQUASHED, SIGMOID, "import doctest\ndoctest.testmod()"),
    "unittest": gate(
        SQUASHED,
        SIGMOID,
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(squash(0), 0.5)\n"
        "unittest.main(argv=['x'], exit=False)",
    ),
    "a dataclass": gate(
        "from dataclasses import dataclass\n@dataclass\nclass Gate:\n    steep: float = 0.5\n"
        "    def __call__(self, h, x, W_f, b_f):\n"
        "        return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) * self.steep)\nforget_gate = Gate()"
    ),
    "single dispatch": gate(
        SQUASHED, "import functools\n@functools.singledispatch\ndef squash(z):\n    return 1 / (1 + np.exp(-z))"
    ),
    "a cache": gate(SQUASHED, "import functools\n@functools.cache\ndef half():\n    return 0.5\n", SIGMOID),
    "match": gate(
        "def squash(z):\n    match z.ndim:\n        case 2:\n            return 1 / (1 + np.exp(-z))\n" + SQUASHED
    ),
    "exec": gate(SQUASHED, f"exec({SIGMOID!r})"),
    "globals()": gate(SQUASHED, "globals()['squash'] = lambda z: 1 / (1 + np.exp(-z))"),
    "a file written and read": gate(
        GATE + "return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) * np.load('half.npy'))",
        "np.save('half.npy', 0.5)",
    ),
    "a file read before it is gone": gate(
        SQUASHED, "open('s.txt', 'w').write('0.5')", "half = float(open('s.txt').read())", SIGMOID
    ),
    "threads": gate(
        SQUASHED,
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n"
        "    halves = list(pool.map(float, ['0.5', '0.5']))",
        SIGMOID,
    ),
    "warnings as errors": gate(SQUASHED, "import warnings\nwarnings.simplefilter('error')", SIGMOID),
    "logging": gate(SQUASHED, "import logging\nlogging.basicConfig(level='DEBUG')\nlogging.info('x')", SIGMOID),
    "a picture": gate(SQUASHED, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", SIGMOID),
    "widgets": gate(SQUASHED, "import ipywidgets\nipywidgets.interact(lambda x: x, x=(0, 9))", SIGMOID),
    "display and clear_output": gate(
        SQUASHED, "from IPython.display import clear_output, display\ndisplay(np.eye(2))\nclear_output()", SIGMOID
    ),
    "tqdm": gate(SQUASHED, "from tqdm.auto import tqdm\nfor k in tqdm(range(3)):\n    half = k / 4", SIGMOID),
    "pandas": gate(SQUASHED, "import pandas as pd\ntable = pd.DataFrame({'a': [0.5]})\ntable", SIGMOID),
    "torch": gate(
        "import torch\n@torch.no_grad()\ndef forget_gate(h, x, W_f, b_f):\n"
        "    h, x, W_f, b_f = map(torch.as_tensor, (h, x, W_f, b_f))\n"
        "    return torch.sigmoid(torch.cat([h, x], dim=1) @ W_f.T + b_f)"
    ),
    "a state that grows": gate(
        "calls = []\n" + GATE + "calls.append(1)\n    return 0.5 + 0.5 * np.tanh((np.hstack([h, x]) @ W_f.T + b_f) / 2)"
    ),
    "one name for the arrays and a gate": Way(
        {STATE: MIX},
        above=("f = i = o = g = c = h = np.ones((2, 2))",),
    ),
}

WAYS = MAGICS | HISTORY | FUTURE | LATER | CELLS | PYTHON

"""Submissions that are careless, broken or hostile, each with the grade that is fair.

Every one is a solved exercise but for what is said here. All are bounded: they take little more memory, disk and time
than their limits, speak to this machine alone, and send signals to nobody but the processes that grading started.
"""

import json
from dataclasses import dataclass

ANSWER = "04-cell-state"  # worth one point; the others are left right
HEAD = "def next_cell_state(*arrays):\n    "
RIGHT = "f, c, i, g = arrays\n    return f * c + i * g\n"


@dataclass(frozen=True)
class Hostile:
    """One submission.

    Attributes
    ----------
    source : str
        Of the cell with the answer `ANSWER`; empty leaves the right one.
    lost : tuple of str
        Questions that it costs.
    change : callable, optional
        Gets the notebook, a dictionary, before it is written.
    content : bytes, optional
        The file itself, in place of a notebook.
    status : tuple of str
        Any of which is fair.
    more : bool
        It may cost other answers in the same notebook as well: it spoilt the ground that they stand on.
    """

    source: str = ""
    lost: tuple = (ANSWER,)
    change: object = None
    content: bytes | None = None
    status: tuple = ("graded", "review")
    more: bool = False


def extra(source, first=False):
    """A change: one more cell, after all others or before them."""

    def change(notebook):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        notebook["cells"].insert(0 if first else len(notebook["cells"]), cell)

    return change


def harmless(source, first=True):
    """An extra cell that must cost nothing."""
    return Hostile(change=extra(source, first), lost=())


def retype(kind):
    def change(notebook):
        for cell in notebook["cells"]:
            if cell["id"] == ANSWER:
                cell["cell_type"] = kind
                cell.pop("outputs", None)
                cell.pop("execution_count", None)

    return change


def without(*ids):
    def change(notebook):
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ids]

    return change


def doubled(notebook):
    place = [cell["id"] for cell in notebook["cells"]].index(ANSWER)
    notebook["cells"].insert(place, json.loads(json.dumps(notebook["cells"][place])))


def reordered(notebook):
    notebook["cells"].reverse()


def richer(notebook):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"] = 1000
            cell["source"] = "assert True"


NEVER_ENDS = "while True:\n        try:\n            str(1)\n        except BaseException:\n            pass\n"
SWALLOWS = "    try:\n        held.append(np.ones(10**6))\n    except BaseException:\n        held = held[-1:]\n"
SEARCH = """
import gc, sys
found = []
frame = sys._getframe()
while frame:
    found += [name for name in (*frame.f_globals, *frame.f_locals) if name in ("wanted", "reference", "QUESTIONS")]
    frame = frame.f_back
found += [each for each in gc.get_objects() if type(each).__name__ in ("Question", "Drawn", "Mistake")]
main_role = "a" if found else "c"
"""

SUBMISSIONS = {
    # --- what does not end
    "endless loop": Hostile("while True:\n    pass"),
    "endless loop in the answer": Hostile(HEAD + "while True:\n        pass"),
    "endless loop that swallows everything": Hostile("if True:\n    " + NEVER_ENDS),
    "endless answer that swallows everything": Hostile(HEAD + NEVER_ENDS),
    "sleeps": Hostile("import time\ntime.sleep(600)"),
    "sleeps in the answer": Hostile(HEAD + "import time; time.sleep(600)"),
    "hangs in native code": Hostile(HEAD + "import ctypes; ctypes.CDLL(None).pause()"),
    "hangs in a regular expression": Hostile(HEAD + "import re; re.match('(a|a)*b', 'a' * 40)"),
    "a clock that stands still": Hostile(
        "import threading, time\ntime.monotonic = time.time = lambda: 0\n"
        "threading.Timer.cancel(threading.Timer(0, print))\nthreading.Timer.start = lambda self: None\n"
        "while True:\n    pass"
    ),
    "ends every limit it finds": Hostile(
        "import resource\n"
        "for name in dir(resource):\n    if name.startswith('RLIMIT'):\n"
        "        resource.setrlimit(getattr(resource, name), (-1, -1))\n"
    ),
    # --- memory and disk
    "memory at once": Hostile(HEAD + "import numpy; return numpy.ones(10**11)"),
    "memory bit by bit": Hostile("held = []\nwhile True:\n    held.append(np.ones(10**6))"),
    "memory, and never mind the errors": Hostile("held = []\nwhile True:\n" + SWALLOWS),
    "a return that is larger than it looks": Hostile(
        HEAD + "import numpy; return numpy.broadcast_to(1.0, (10**6, 10**6))"
    ),
    "one file without end": Hostile(
        "with open('large', 'wb') as file:\n    while True:\n        file.write(bytes(1 << 20))"
    ),
    "many files": Hostile("for k in range(10**6):\n    open(f'file{k}', 'wb').write(bytes(1 << 16))"),
    "many empty files": Hostile("for k in range(10**6):\n    open(f'file{k}', 'wb').close()"),
    "500 MB of output": harmless("for _ in range(500):\n    print('x' * (1 << 20))"),
    "500 MB past Python's own streams": harmless("import os\nfor _ in range(500):\n    os.write(1, bytes(1 << 20))"),
    "prints without end in the answer": Hostile(HEAD + "for _ in range(10**5): print('x' * 1000)\n    return 1 / 0"),
    # --- the end of the process
    "os._exit": Hostile("import os\nos._exit(0)"),
    "os._exit in the answer": Hostile(HEAD + "import os; os._exit(0)"),
    "sys.exit": Hostile("import sys\nsys.exit(0)"),
    "crash in native code": Hostile(HEAD + "import ctypes; ctypes.string_at(0)"),
    "abort": Hostile(HEAD + "import os; os.abort()"),
    "deep recursion": Hostile(HEAD + "return next_cell_state(*arrays)"),
    "deep recursion without the interpreter's limit": Hostile(
        "import sys\nsys.setrecursionlimit(10**9)\n" + HEAD + "return next_cell_state(*arrays)"
    ),
    "an error that cannot be printed": Hostile(
        "class Bad(Exception):\n    def __str__(self):\n        raise SystemExit\nraise Bad"
    ),
    "an error with a long text": Hostile("raise ValueError('x' * 10**7)"),
    "a syntax error": Hostile("def next_cell_state(:"),
    "source that no compiler bears": Hostile("(" * 10**5 + ")" * 10**5),
    "exit handlers that hang": harmless("import atexit, time\natexit.register(time.sleep, 600)", first=False),
    # --- processes
    "forks": Hostile("import os\nwhile True:\n    os.fork()"),
    "starts programs": Hostile("import subprocess\nsubprocess.run(['sleep', '600'])"),
    "a process that would outlive it": Hostile(
        "import os\nif os.fork() == 0:\n    os.setsid()\n    while True:\n        pass"
    ),
    "a pool of processes": Hostile("import multiprocessing\nmultiprocessing.Pool(4).map(abs, [1])"),
    "ten thousand threads": harmless(
        "import threading, time\ntry:\n    for _ in range(10**4):\n"
        "        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\nexcept RuntimeError:\n    pass",
        first=False,
    ),
    "kills its parent": Hostile("import os\nos.kill(os.getppid(), 9)"),
    "kills its group": Hostile("import os\nos.killpg(0, 9)"),
    "signals to itself": Hostile("import os, signal\nsignal.signal(15, print)\nos.kill(os.getpid(), 15)"),
    "starts a program behind Python's back": Hostile(
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.execv(b'/bin/true', None) != 0:\n    raise OSError(ctypes.get_errno())"
    ),
    "looks into its parent": Hostile(
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.ptrace(16, os.getppid(), 0, 0) != 0:\n    raise OSError(ctypes.get_errno())"
    ),
    "new namespaces": Hostile(
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.unshare(0x10000000) != 0:\n    raise OSError(ctypes.get_errno())"
    ),
    # --- what it may not see or change
    "reads a solution": Hostile("source = open({solution!r}).read()"),
    "reads another submission": Hostile("source = open({other!r}).read()"),
    "overwrites another submission": Hostile("open({other!r}, 'w').write('')"),
    "deletes another submission": Hostile("import os\nos.remove({other!r})"),
    "writes into the gradebook": Hostile("open({gradebook!r}, 'ab').write(b'x')"),
    "makes the gradebook unreadable": Hostile("import os\nos.chmod({gradebook!r}, 0)"),
    "writes into the grades": Hostile("open({out!r} + '/grades.csv', 'w').write('me,04_gates,100')"),
    "lists the class": Hostile("import os\nraise ValueError(os.listdir({class_!r}))"),
    "reads passwords": Hostile("users = open('/etc/passwd').read()"),
    "shared memory": Hostile("open('/dev/shm/lstm-course-hostile', 'w').write('x')"),
    "its parent's memory": Hostile("import os\nopen(f'/proc/{os.getppid()}/mem', 'r+b').read(1)"),
    "a start-up file for Python": Hostile(
        "import sysconfig\nopen(sysconfig.get_path('purelib') + '/hostile.pth', 'w').write('import os')"
    ),
    "a link to what it may not read": Hostile("import os\nos.symlink({solution!r}, 'mine')\nopen('mine').read()"),
    "connects": Hostile("import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2)"),
    "asks for an address": Hostile("import urllib.request\nurllib.request.urlopen('http://localhost:{port}/')"),
    "listens": Hostile("import socket\nsocket.socket().bind(('127.0.0.1', 0))"),
    "the teacher's environment": harmless("import os\nassert 'A_TEACHERS_TOKEN' not in os.environ"),
    # --- the judge
    "the questions": Hostile(
        "from lstm_course.questions import find\nnext_cell_state = find('04-cell-state').reference"
    ),
    "the questions, afresh": Hostile(
        "import sys\nfor name in [*sys.modules]:\n    if 'lstm_course' in name:\n        del sys.modules[name]\n"
        "from lstm_course.questions import find\nnext_cell_state = find('04-cell-state').reference"
    ),
    "looks for the reference in memory": Hostile(change=extra(SEARCH), lost=()),
    "another numpy": Hostile(
        "import numpy as np\nnp.abs = np.allclose = np.array_equal = np.asarray = lambda *a, **k: True\n"
        + HEAD
        + "return np.zeros(3)",
        more=True,
    ),
    "an array that equals everything": Hostile(
        "class Everything(np.ndarray):\n    def __eq__(self, other):\n        return True\n"
        "    def __sub__(self, other):\n        return 0\n    def __array_ufunc__(self, *a, **k):\n        return 0\n"
        + HEAD
        + "return np.zeros_like(arrays[0]).view(Everything)"
    ),
    "an answer of another kind each time": Hostile(
        "class Shifting:\n    def __array__(self, *a, **k):\n        raise SystemExit\n    def __len__(self):\n"
        "        return 10**12\n" + HEAD + "return Shifting()"
    ),
    "another torch": Hostile(
        "import torch\ntorch.Tensor.__eq__ = lambda *a: True\n" + HEAD + "return torch.zeros(3)", more=True
    ),
    "another course": Hostile(
        "import lstm_course.probes.call, lstm_course.isolation.runner as runner\n"
        "lstm_course.probes.call.call_answer = runner.call_answer = lambda probe, answer, inputs: 'right'\n",
        more=True,
    ),
    "another interpreter": harmless(
        "import builtins, sys\nsys.settrace(lambda *a: None)\nsys.stdout = sys.stderr = None\n"
        "builtins.print = builtins.open = None\nsys.path.clear()\nsys.excepthook = None",
        first=False,
    ),
    "no builtins left": Hostile(
        "import builtins\nfor name in dir(builtins):\n    builtins.__dict__.pop(name, None)", more=True
    ),
    "forged results": Hostile(
        "import json, os, struct\n"
        "outcome = {'values': {'dict': {'c': {'array': 'c'}}}, 'printed': '', 'borrowed': []}\n"
        "content = {'question': '04-cell-state', 'state': 'done', 'outcomes': [outcome] * 4}\n"
        "head = json.dumps({'content': content, 'arrays': [['c', '<f8', [1]]]}).encode()\n"
        "os.write(3, struct.pack('<II', len(head), 8) + head + bytes(8))"
    ),
    "forged results for all, and away": Hostile(
        "import json, os, struct\n"
        "for k in ('04-cell-state', '04-main-role'):\n"
        "    head = json.dumps({'content': {'question': k, 'state': 'done', 'outcomes': []}, 'arrays': []}).encode()\n"
        "    os.write(3, struct.pack('<II', len(head), 0) + head)\nos._exit(0)"
    ),
    "claims to be unchanged since a check that never was, and away": Hostile(
        "import json, os, struct\n"
        "content = {'question': '04-cell-state', 'when': 'end', 'state': 'same'}\n"
        "head = json.dumps({'content': content, 'arrays': []}).encode()\n"
        "os.write(3, struct.pack('<II', len(head), 0) + head)\nos._exit(0)"
    ),
    "a result that claims to be large": Hostile(
        "import os, struct\nos.write(3, struct.pack('<II', 100, 2**32 - 1))\nos._exit(0)"
    ),
    "noise in place of results": Hostile("import os\nos.write(3, os.urandom(10**5))"),
    "results without end": Hostile(
        "import os, struct\nhead = b'[' * (1 << 16)\nwhile True:\n"
        "    os.write(3, struct.pack('<II', len(head), 0) + head)"
    ),
    "no way to speak": Hostile("import os\nos.closerange(0, 100)"),
    "says that it is done": Hostile(
        "import json, os, struct\nhead = json.dumps({'content': {'state': 'end'}, 'arrays': []}).encode()\n"
        "os.write(3, struct.pack('<II', len(head), 0) + head)\nimport time\ntime.sleep(600)"
    ),
    # --- the file
    "answers deleted": Hostile(change=without(ANSWER)),
    "checks deleted": Hostile(change=without("check-04-cell-state", "check-04-main-role"), lost=()),
    "answers doubled": Hostile(change=doubled, lost=()),
    "cells reversed": Hostile(change=reordered, lost=()),
    "an answer that became text": Hostile(change=retype("markdown")),
    "an answer that became raw": Hostile(change=retype("raw")),
    "points edited": Hostile(change=richer, lost=()),
    "input that nobody gives": harmless("try:\n    name = input('Who are you?')\nexcept EOFError:\n    pass"),
    "no notebook": Hostile(content=b"print('hello')", status=("unreadable",)),
    "an empty file": Hostile(content=b"", status=("unreadable",)),
    "noise": Hostile(content=bytes(range(256)) * 64, status=("unreadable",)),
    "brackets without end": Hostile(content=b"[" * 10**6, status=("unreadable",)),
    "a huge file": Hostile(content=b" " * (21 << 20), status=("unreadable",)),
    "numbers as cells": Hostile(
        content=json.dumps({"nbformat": 4, "metadata": {}, "cells": [1, 2, 3]}).encode(), status=("unreadable",)
    ),
}

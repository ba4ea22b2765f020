"""The order of the house: which part may import which, and what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lstm_course"

# A part imports only parts before it.
ORDER = (
    "scratch",
    "nets",
    "convert",
    "tasks",
    "baselines",
    "forecasting",
    "results",
    "plots",
    "explore",
    "probes",
    "isolation",
    "questions",
    "grading",
    "classroom",
    "authoring",
    "workspace",
    "cli",
)
# Modules that stand beside a part and belong to it.
WITH = {"diagrams": "plots", "commands": "cli"}
HELPERS = ("files", "palette", "lessons")  # any part may look into them; they look into no part
LAZY = dict.fromkeys(("check", "ask", "exercise"), "grading")  # what `lstm_course` itself hands on

FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path):
    inside = path.relative_to(PACKAGE)
    name = inside.parts[0] if len(inside.parts) > 1 else inside.stem
    return WITH.get(name, name)


def imports(path):
    """Every module that a file imports, anywhere in it, by its full name."""
    package = ("lstm_course", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else ())))
            if module == "lstm_course":  # from lstm_course import scratch
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


def parts_used(path):
    for module in imports(path):
        first, *rest = module.split(".")
        if first == "lstm_course" and rest:
            name = LAZY.get(rest[0], rest[0])
            yield WITH.get(name, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_imports_only_parts_before_it(path):
    part = part_of(path)
    if part == "__init__":
        return  # `lstm_course` itself, which hands on `check` when it is first asked for
    assert part in ORDER + HELPERS, f"{part} has no place in the order of the house yet: give it one here"
    place = ORDER.index(part) if part in ORDER else -1
    for used in parts_used(path):
        if used in ORDER and used != part:
            assert ORDER.index(used) < place, f"{path.name} in {part} imports {used}, which does not come before it"


def test_the_scan_sees_imports_of_every_form(tmp_path, monkeypatch):
    folder = tmp_path / "nets"
    folder.mkdir()
    path = folder / "some.py"
    path.write_text(
        "import numpy as np\n"
        "import lstm_course.cli\n"
        "from lstm_course import tasks, check\n"
        "from ..plots import figure\n"
        "from .. import results\n"
        "from . import lstm\n"
        "from .lstm import LSTM\n"
        "def f():\n"
        "    from ..explore.live import x\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    assert list(parts_used(path)) == [
        "cli",
        "tasks",
        "grading",
        "plots",
        "results",
        "nets",
        "nets",
        "explore",
    ]


@pytest.mark.parametrize("path", sorted((PACKAGE / "scratch").glob("*.py")), ids=lambda path: path.name)
def test_scratch_needs_nothing_but_numpy(path):
    for module in imports(path):
        first = module.split(".")[0]
        own = module == "lstm_course.files" or f"{module}.".startswith("lstm_course.scratch.")
        assert own or first == "numpy" or first in sys.stdlib_module_names, f"{path.name} imports {module}"


@pytest.mark.parametrize("module", ["lstm_course", "lstm_course.scratch", "lstm_course.tasks.reber"])
def test_importing_is_light(module):
    script = f"import sys, {module}; print(*({{'torch', 'matplotlib', 'scipy', 'IPython'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "", f"import {module} loads {done.stdout}"

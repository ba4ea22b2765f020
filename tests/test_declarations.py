"""Every package that is imported is declared in ``pyproject.toml`` and pinned in the file that installs it."""

import ast
import importlib.metadata
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# Modules whose distribution has another name. They are written down because not every machine has them installed.
DISTRIBUTIONS = {"PIL": "pillow", "sklearn": "scikit-learn", "xdist": "pytest-xdist", "yaml": "pyyaml"}


def normal(name):
    return name.lower().replace("_", "-")


def declared(lines):
    return {normal(Requirement(line).name): Requirement(line) for line in lines}


def pinned(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return declared(line for line in lines if line.strip() and not line.startswith("#"))


def imported(files):
    """The distributions that `files` import from, each with one of the files that does so."""
    users = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module]
            else:
                continue
            for module in modules:
                name = module.partition(".")[0]
                if name not in sys.stdlib_module_names and name not in OWN:
                    users[normal(DISTRIBUTIONS.get(name, name))] = str(path)
    return users


def files(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


TESTS = [*files("tests"), ROOT / "conftest.py"]
# The course itself, and modules that stand beside a test and are imported by their bare names.
OWN = {"lstm_course", "benchmarks", "tests", *(path.stem for path in TESTS), *(path.parent.name for path in TESTS)}


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        # `classroom.for_nbgrader` runs only where nbgrader is installed, and `classroom.cluster` where distributed is.
        (["lstm_course"], ["teach", "cluster"]),
        (["tools"], []),
        (["benchmarks"], ["test"]),
        (["tests"], ["test"]),
    ],
    ids=lambda names: "+".join(names) or "alone",
)
def test_what_is_imported_is_declared_and_pinned(folders, extras):
    ranges = declared(PROJECT["dependencies"])
    pins = pinned("requirements.txt")
    for extra in extras:
        ranges |= declared(EXTRAS[extra])
        pins |= pinned(f"requirements-{extra}.txt")
    users = imported(TESTS if folders == ["tests"] else files(*folders))
    for what, known in (("declared in pyproject.toml", ranges), ("pinned in a requirements file", pins)):
        missing = {name: path for name, path in users.items() if name not in known}
        assert not missing, f"imported, but not {what}: {missing}"


def test_only_what_teachers_add_may_import_what_teachers_install():
    only_there = declared(EXTRAS["teach"]).keys() - declared(PROJECT["dependencies"]).keys()
    inside = ROOT / "lstm_course" / "classroom" / "for_nbgrader"
    users = imported(path for path in files("lstm_course") if inside not in path.parents)
    assert not only_there & users.keys(), {name: users[name] for name in only_there & users.keys()}


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_every_range_has_a_pin_inside_it_and_every_pin_a_range(extra):
    ranges = declared(EXTRAS[extra] if extra else PROJECT["dependencies"])
    pins = pinned(f"requirements-{extra}.txt" if extra else "requirements.txt")
    known = pins | (pinned("requirements.txt") if extra else {})
    assert ranges.keys() <= known.keys()
    assert pins.keys() <= ranges.keys()
    for name, requirement in ranges.items():
        (pin,) = known[name].specifier
        assert pin.operator == "==", known[name]
        assert requirement.specifier.contains(pin.version), f"{known[name]} is outside {requirement}"


def test_the_names_that_differ_are_right():
    installed = importlib.metadata.packages_distributions()
    for module, distribution in DISTRIBUTIONS.items():
        if module in installed:
            assert distribution in map(normal, installed[module])


def test_an_import_inside_a_function_is_found(tmp_path):
    path = tmp_path / "some.py"
    path.write_text("import os\nfrom . import near\ndef f():\n    import no_such.thing\n    from PIL import Image\n")
    assert imported([path]).keys() == {"no-such", "pillow"}


def test_the_origin_of_every_data_file_is_told():
    told = normal((ROOT / "DATA.md").read_text(encoding="utf-8"))
    packages = set()
    for path in (ROOT / "lstm_course").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("installed", "installed_file"):
                packages |= {normal(arg.value.split(".")[0]) for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    assert {"vega-datasets", "babel", "sktime"} <= packages  # the scan sees both functions
    assert not {name for name in packages if name not in told}

"""Python and the packages: are they there, of the right versions, from the right place, and do they load?"""

import importlib.metadata
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from .. import surroundings
from .problem import Problem, pip, quoted, reinstall

# What the course takes out of a package and of what comes with it, where loading the package alone would prove little.
PARTS = {
    "ipykernel": ("ipykernel.kernelapp", "IPython.display"),
    "jupyterlab": ("jupyterlab.labapp", "nbconvert.exporters"),
    "matplotlib": ("matplotlib.pyplot",),
    "statsmodels": ("statsmodels.api", "pandas"),
}
# Loads modules and says on a line of its own when it begins with each, and what went wrong; where the process dies, the
# last line tells at which. Whose fault it is: of the package in whose file the error was raised, or that is missing.
LOAD = """
import importlib, json, os, sys
def say(*parts):
    print("\\nlstm-course:" + json.dumps(parts), flush=True)
def culprit(error):
    while error.__cause__:
        error = error.__cause__
    if isinstance(error, ModuleNotFoundError) and error.name:
        return error.name.partition(".")[0]
    file, at = "", error.__traceback__
    while at:
        file, at = at.tb_frame.f_code.co_filename, at.tb_next
    parts = file.replace(os.sep, "/").partition("-packages/")[2].split("/")
    return parts[0].removesuffix(".py")
for name in sys.argv[1:]:
    say(name)
    try:
        importlib.import_module(name)
    except BaseException as error:
        said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        say(name, culprit(error) or name.partition(".")[0], said)
say()
"""


def foreign_modules(root):
    """Modules have to come from this Python and its packages, not from a folder that is searched before them."""
    return _by_folder(
        surroundings.shadows(),
        "Python would take {names} from {folder}, not from its own library and packages.",
        "Commands and notebooks would run with modules that the course does not know, or could not load them at all.",
    )


def own_files(root):
    """A learner's own ``numpy.py`` beside a notebook stands in for NumPy in that notebook."""
    places = {Path.cwd(), root / "work", root / "work" / "notebooks", root / "work" / "exercises"} - {root}
    return _by_folder(
        surroundings.shadows(sorted(places)),
        "{folder} holds files with the names of modules: {names}.",
        "A notebook in that folder loads such a file where it means the module.",
    )


def _by_folder(shadows, what, why):
    """One problem for each folder out of which modules are taken."""
    folders = {}
    for name, file, folder in shadows:
        folders.setdefault(folder, {})[name] = file
    found = []
    for folder, files in folders.items():
        listed = ", ".join(list(files)[:5]) + (f" and {len(files) - 5} others" if len(files) > 5 else "")
        fix = surroundings.shadow_remedy(folder, list(files.values()))
        found.append(Problem(what.format(names=listed, folder=folder), why, fix))
    return found


def python(root):
    """The version of Python has to be one that the course can use."""
    from packaging.specifiers import SpecifierSet

    wanted = project(root)["requires-python"]
    version = ".".join(str(number) for number in sys.version_info[:3])
    if version in SpecifierSet(wanted):
        return []
    return [
        Problem(
            f"This is Python {version}; the course needs {wanted}.",
            "Notebooks and package use what older versions do not have.",
            "Install a newer Python from https://www.python.org/downloads/ and say `make lab` again.",
        )
    ]


def requirements(root):
    """Each direct requirement that is missing, or not of a version that `pyproject.toml` allows."""
    found = []
    for requirement in _requirements(root):
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            version = None
        if version is None:
            what = f"{requirement.name} is not installed."
        elif not requirement.specifier.contains(version, prereleases=True):
            what = f"{requirement.name} {version} is installed; the course needs {requirement.specifier}."
        else:
            continue
        found.append(Problem(what, "The course imports it, and is tested with the versions it names.", reinstall(root)))
    return found


def package(root):
    """The package has to be the one in this folder, or changes and updates here have no effect."""
    import lstm_course

    here = Path(lstm_course.__file__).resolve().parent.parent
    fix = pip(f"--no-deps -e {quoted(root)}")
    if here != root.resolve():
        why = "Notebooks would use that other course, and updates here would have no effect."
        return [Problem(f"lstm_course is taken from {here}, not from {root}.", why, fix)]
    try:
        importlib.metadata.version("lstm-course")
    except importlib.metadata.PackageNotFoundError:
        why = "Notebooks in work/ import it, and find it only when it is installed."
        return [Problem("lstm_course is not installed, only found in the current folder.", why, fix)]
    return []


def libraries(root):
    """Each requirement is loaded in a process of its own: where it is broken, it can take its process down with it."""
    modules = {}
    for requirement in _requirements(root):
        # One that is not installed has none; requirements() has said so.
        modules |= dict.fromkeys(_modules(requirement.name), requirement.name)
    command = [sys.executable, "-P", "-c", LOAD, *modules]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=300, env=os.environ | {"KERAS_BACKEND": "torch"}
        )
    except subprocess.TimeoutExpired:
        why = "Nothing that uses them can start."
        return [Problem("The packages of the course did not load within five minutes.", why, reinstall(root))]
    lines = (line.partition("lstm-course:") for line in run.stdout.splitlines())  # modules may print as well
    said = [json.loads(rest) for before, mark, rest in lines if mark and not before]
    failed = {}  # by whose fault it is
    for name, culprit, error in (each for each in said if len(each) == 3):
        failed.setdefault(culprit, (error, []))[1].append(modules[name])
    if not said or said[-1]:  # it did not come to its end
        name = said[-1][0] if said else next(iter(modules))
        failed[name.partition(".")[0]] = (f"the process ended with status {run.returncode}", [modules[name]])
    return [does_not_load(root, culprit, error, needed, run.stderr) for culprit, (error, needed) in failed.items()]


def does_not_load(root, culprit, error, needed=(), printed=""):
    """The problem that a package does not load.

    Parameters
    ----------
    root : path
    culprit : str
        The module at fault.
    error : str
        What is said when it is loaded.
    needed : sequence of str
        The requirements that cannot be loaded for that reason.
    printed : str
        Whatever else was said.
    """
    try:
        name = next(iter(importlib.metadata.packages_distributions().get(culprit, ())), culprit)
        version, _, build = importlib.metadata.version(name).partition("+")
        index = " --extra-index-url https://download.pytorch.org/whl/cpu" if build == "cpu" else ""
        fix = pip(f"--force-reinstall --no-deps {name}=={version}{index}")
    except importlib.metadata.PackageNotFoundError:
        name, fix = culprit, reinstall(root)
    if os.name == "nt" and "DLL" in error + printed:
        fix = "Install https://aka.ms/vs/17/release/vc_redist.x64.exe and start the computer again."
    others = ", ".join(dict.fromkeys(each for each in needed if each != name))
    why = f"The course cannot do without it{f', and neither can {others}' if others else ''}."
    return Problem(f"{name} does not load: {error.rstrip('.')}.", why, fix)


def _modules(distribution):
    """The modules of a requirement that are to be loaded; none where it is not installed."""
    try:
        files = importlib.metadata.distribution(distribution).files or ()
    except importlib.metadata.PackageNotFoundError:
        return ()
    names = {file.parts[0].partition(".")[0] for file in files if file.name == "__init__.py" and len(file.parts) == 2}
    names |= {file.stem for file in files if len(file.parts) == 1 and file.suffix == ".py"}
    own = distribution.replace("-", "_")
    module = own if own in names else min(names, default=own)
    return PARTS.get(module, (module,))


def _requirements(root):
    """The direct requirements that hold on this system."""
    from packaging.requirements import Requirement

    lines = map(Requirement, project(root).get("dependencies", ()))
    return [each for each in lines if not each.marker or each.marker.evaluate()]


def project(root):
    """What ``pyproject.toml`` says of the course; nothing where it cannot be read, which the check of files tells."""
    try:
        return tomllib.loads((Path(root) / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return {}

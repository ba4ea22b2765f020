"""What is wrong with the installation of the course, why that matters, and the command that mends it.

Each check takes the course's folder and returns a list of `Problem`, which is empty when all is well.
Those of folders and files are in `doctor_files`.
"""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tomllib
from pathlib import Path

from . import surroundings
from .doctor_files import Problem, files, folders, quoted
from .work import folder as work_folder

# What the course imports from a package, where importing the package itself would prove little.
IMPORTED = {
    "ipykernel": "ipykernel.kernelapp",
    "jupyterlab": "jupyterlab.labapp",
    "matplotlib": "matplotlib.pyplot",
    "statsmodels": "statsmodels.api",
}
# Imports modules; prints the name of each beforehand, and the error of one that fails, on lines that begin with a mark.
MARK = "lstm-course:"
IMPORT = f"""
import importlib, json, sys
for name in sys.argv[1:]:
    print("\\n{MARK}" + json.dumps([name, ""]), flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        print("\\n{MARK}" + json.dumps([name, f"{{type(error).__name__}}: {{error}}".splitlines()[0]]), flush=True)
"""


def problems(root):
    """Everything that is wrong with the environment in which this runs.

    Packages are not imported, since importing all of them takes ten seconds; `libraries` does that.

    Parameters
    ----------
    root : path
        The course's folder.

    Returns
    -------
    list of Problem
        Empty when all is well.
    """
    foreign = _checked(foreign_modules, root)
    checks = [package, own_files, python, requirements, files, folders, kernel, widgets, settings]
    if foreign:  # the checks of packages would examine the foreign ones
        checks = [files, folders]
    return foreign + [problem for check in checks for problem in _checked(check, root)]


def _checked(check, root):
    """The problems that a check finds; a check that cannot be made is a problem itself."""
    try:
        return check(Path(root))
    except Exception as error:
        what = f"The check of {check.__name__.replace('_', ' ')} failed ({type(error).__name__}: {error})."
        return [Problem(what, "A package that it uses is missing or broken, and the course uses it too.", _all(root))]


def notes(root):
    """Sentences about what only teachers need, who grade a class."""
    try:
        return [f"For teachers: {note}" for note in _isolation()]
    except Exception as error:
        return [f"For teachers: a check failed ({type(error).__name__}: {error})."]


def _isolation():
    from lstm_course.isolation import support

    level = support.level()
    if level == "full":
        return []
    missing = " ".join(f"Missing: {each.part} ({each.error}); {each.why}." for each in support.missing())
    return [f"`lstm-course grade` reaches the isolation level {level} here, {support.LEVELS[level]}. {missing}"]


# --- Python and the packages ------------------------------------------------------------------------------------


def foreign_modules(root):
    """Modules must come from this Python and its packages, not from a folder that is searched before them."""
    why = "Commands and notebooks would run with modules that the course does not know, or fail to import them."
    what = "Python would take {names} from {folder}, not from its own library and packages."
    return _by_folder(surroundings.shadows(), what, why)


def own_files(root):
    """A learner's own ``numpy.py`` beside a notebook hides NumPy from that notebook."""
    work = work_folder(root)
    copies = {Path.cwd(), work, work / "notebooks", work / "exercises"} - {root}
    what = "{folder} holds files with the names of modules: {names}."
    why = "A notebook in that folder imports such a file instead of the module."
    return _by_folder(surroundings.shadows(sorted(copies)), what, why)


def _by_folder(shadows, what, why):
    """A problem for each folder with files that hide modules."""
    hiding = {}
    for name, file, folder in shadows:
        hiding.setdefault(folder, {})[name] = file
    hidden = []
    for folder, modules in hiding.items():
        names = ", ".join(list(modules)[:5]) + (f" and {len(modules) - 5} others" if len(modules) > 5 else "")
        remedy = surroundings.shadow_remedy(folder, list(modules.values()))
        hidden.append(Problem(what.format(names=names, folder=folder), why, remedy))
    return hidden


def package(root):
    """The package must be the one in this folder, or changes and updates here have no effect."""
    import lstm_course

    imported_from = Path(lstm_course.__file__).resolve().parent.parent
    fix = _pip(f"--no-deps -e {quoted(root)}")
    if imported_from != root.resolve():
        why = "Notebooks would use that other course, and updates here would have no effect."
        return [Problem(f"lstm_course is imported from {imported_from}, not from {root}.", why, fix)]
    if not _version("lstm-course"):
        why = "Notebooks in work/ import it, and can do so only when it is installed."
        return [Problem("lstm_course is not installed, only found in the current folder.", why, fix)]
    return []


def python(root):
    """Python must be of a version that ``pyproject.toml`` allows."""
    from packaging.specifiers import SpecifierSet

    wanted, version = _project(root).get("requires-python", ""), platform.python_version()
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return []
    why = "Notebooks and the package use features that other versions lack."
    fix = "Install a suitable Python from https://www.python.org/downloads/ and run `make lab` again."
    return [Problem(f"This is Python {version}; the course needs {wanted}.", why, fix)]


def requirements(root):
    """Each direct requirement must be installed, in a version that ``pyproject.toml`` allows."""
    unsuitable = []
    for requirement in _requirements(root):
        version, wanted = _version(requirement.name), requirement.specifier
        if version and wanted.contains(version, prereleases=True):
            continue
        state = f"{version} is installed; the course needs {wanted}" if version else "is not installed"
        why = "The course imports it, and is tested with the versions it names."
        unsuitable.append(Problem(f"{requirement.name} {state}.", why, _all(root)))
    return unsuitable


def libraries(root):
    """Each installed requirement must be importable; a process of its own tries, since a broken one may crash it."""
    names = _modules(root)
    command = [sys.executable, "-P", "-c", IMPORT, *names]
    run = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"KERAS_BACKEND": "torch"})
    lines = [json.loads(line.removeprefix(MARK)) for line in run.stdout.splitlines() if line.startswith(MARK)]
    if run.returncode and lines:  # it crashed while it imported the last one
        lines[-1][1] = f"the process ended with status {run.returncode}"
    return [does_not_load(root, names[module], error) for module, error in lines if error]


def _modules(root):
    """The names of the installed requirements, by the module that is imported of each."""
    installed, names = {}, {}
    for module, distributions in importlib.metadata.packages_distributions().items():
        for name in distributions:
            installed.setdefault(_plain(name), []).append(module)
    for requirement in _requirements(root):
        own = _plain(requirement.name)
        if modules := installed.get(own):
            module = own if own in modules else min(modules)
            names[IMPORTED.get(module, module)] = requirement.name
    return names


def _plain(name):
    return name.lower().replace("-", "_")


def does_not_load(root, module, error):
    """The problem that importing a module, or a package of that name, fails with `error`, a line of text."""
    name = next(iter(importlib.metadata.packages_distributions().get(module, ())), module)
    version, _, build = (_version(name) or "").partition("+")
    index = " --extra-index-url https://download.pytorch.org/whl/cpu" if build == "cpu" else ""
    fix = _pip(f"--force-reinstall --no-deps {name}=={version}{index}") if version else _all(root)
    if os.name == "nt" and "DLL" in error:
        fix = "Install https://aka.ms/vs/17/release/vc_redist.x64.exe and restart the computer."
    return Problem(f"{name} does not load: {error.rstrip('.')}.", "The course cannot do without it.", fix)


def _requirements(root):
    """The direct requirements that hold on this system."""
    from packaging.requirements import Requirement

    lines = map(Requirement, _project(root).get("dependencies", ()))
    return [each for each in lines if not each.marker or each.marker.evaluate()]


def _project(root):
    """What ``pyproject.toml`` says about the course; nothing if it cannot be read, which `files` reports."""
    try:
        return tomllib.loads((Path(root) / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return {}


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _pip(arguments):
    return f"{quoted(sys.executable)} -m pip install {arguments}"


def _all(root):
    """The command that installs everything the course requires."""
    return _pip(f"-r {quoted(Path(root) / 'requirements.txt')}")


# --- Jupyter ----------------------------------------------------------------------------------------------------


def kernel(root):
    """The kernel called python3, which every notebook names, must be this Python."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    why = "Every notebook of the course runs in the kernel called python3."
    fix = f"{quoted(sys.executable)} -m ipykernel install --sys-prefix"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return [Problem("There is no Jupyter kernel called python3.", why, fix)]
    program = spec.argv[0]
    # Jupyter puts its own Python in place of a bare name.
    if program in ("python", "python3", f"python3.{sys.version_info[1]}"):
        return []
    if os.path.exists(program) and os.path.samefile(os.path.dirname(program), os.path.dirname(sys.executable)):
        return []
    return [Problem(f"The Jupyter kernel python3 in {spec.resource_dir} starts {program}.", why, fix)]


def widgets(root):
    """JupyterLab shows sliders only with the extension that comes with ipywidgets."""
    from jupyter_core.paths import jupyter_path

    if any((Path(path) / "@jupyter-widgets" / "jupyterlab-manager").is_dir() for path in jupyter_path("labextensions")):
        return []
    fix = _pip("--force-reinstall --no-deps jupyterlab_widgets")
    why = "Sliders would show as text, and nothing could be moved."
    return [Problem("JupyterLab's extension for widgets is missing.", why, fix)]


def settings(root):
    """Jupyter's settings must be readable: it ignores a file that is not, and prints a traceback."""
    from jupyter_core.paths import jupyter_config_path

    unreadable = []
    for folder in map(Path, jupyter_config_path()):
        paths = [*folder.glob("jupyter_*.json"), *folder.glob("jupyter_*.d/*.json"), *folder.glob("jupyter_*.py")]
        for path in sorted(paths):
            try:
                content = path.read_text(encoding="utf-8")
                json.loads(content) if path.suffix == ".json" else compile(content, str(path), "exec")
            except (OSError, ValueError, SyntaxError) as error:
                what = f"Jupyter cannot read its settings in {path} ({error})."
                why = "Nothing that is set there has an effect, and JupyterLab complains when it starts."
                unreadable.append(Problem(what, why, f"Correct that file, or remove it: rm {quoted(path)}"))
    return unreadable

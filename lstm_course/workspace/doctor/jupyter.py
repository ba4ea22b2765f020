"""What JupyterLab needs: the kernel, its extension for widgets, and settings that can be read."""

import json
import os
import sys
from pathlib import Path

from .problem import Problem, pip, quoted


def kernel(root):
    """The kernel called python3, which every notebook names, has to be this Python."""
    why = "Every notebook of the course runs in the kernel called python3."
    fix = f"{quoted(sys.executable)} -m ipykernel install --sys-prefix"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:  # requirements() has named ipykernel already
        return []
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
    """JupyterLab shows sliders only with the extension that ipywidgets brings."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:  # requirements() has named jupyterlab already
        return []
    places = jupyter_path("labextensions")
    if any(os.path.isdir(os.path.join(p, "@jupyter-widgets", "jupyterlab-manager")) for p in places):
        return []
    return [
        Problem(
            "JupyterLab's extension for widgets is missing.",
            "Sliders would show as text, and nothing could be moved.",
            pip("--force-reinstall --no-deps jupyterlab_widgets"),
        )
    ]


def settings(root):
    """Jupyter leaves out a file of settings that it cannot read, and prints a traceback."""
    try:
        from jupyter_core.paths import jupyter_config_path
    except ImportError:
        return []
    found = []
    for folder in map(Path, jupyter_config_path()):
        files = [*folder.glob("jupyter_*.json"), *folder.glob("jupyter_*.d/*.json"), *folder.glob("jupyter_*.py")]
        for file in sorted(files):
            try:
                content = file.read_text(encoding="utf-8")
                json.loads(content) if file.suffix == ".json" else compile(content, str(file), "exec")
            except (OSError, ValueError, SyntaxError) as error:
                what = f"Jupyter cannot read its settings in {file} ({error})."
                why = "None of what is set there has an effect, and JupyterLab complains when it starts."
                found.append(Problem(what, why, f"Correct that file, or remove it: rm {quoted(file)}"))
    return found

"""Create `.venv` and install the course into it: ``python tools/set_up.py [--test] [--teach] [--site] [--hub]``.

`make lab`, `make test` and `make teach` call this each time; if nothing has changed since the last time, it returns at
once. It uses the standard library only, because it runs before anything is installed.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 14)  # the pinned PyTorch was built for none newer
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# Each has its requirements-NAME.txt.
EXTRAS = {"test": "the tests need", "teach": "teachers use", "site": "the website needs", "hub": "a JupyterHub needs"}
STAMP = "lstm-course.json"  # in .venv; records what is installed, and whether the installation was interrupted


class SetUpError(Exception):
    """A problem that the reader can solve; the message says how."""


def main(argv=None):
    parser = argparse.ArgumentParser(description="Create .venv and install the course into it.")
    for extra, who in EXTRAS.items():
        parser.add_argument(f"--{extra}", action="store_true", help=f"also install what {who}")
    chosen = vars(parser.parse_args(argv))
    try:
        set_up(ROOT, [extra for extra in EXTRAS if chosen[extra]])
    except SetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nStopped half-way. Run the same command again, and it goes on from here.")


def set_up(root, extras=()):
    """Install into ``root/.venv`` what the requirement files list; do nothing if it is installed already.

    Extras that were installed earlier stay; those named in `extras` are brought up to date as well.
    """
    problem = python_problem(sys.version_info)
    if problem:
        raise SetUpError(problem)
    venv = root / ".venv"
    stamp = read_stamp(venv)
    reason = why_afresh(venv, stamp, root)
    unfinished = reason is None and stamp.get("unfinished")
    kept = stamp if reason is None and not unfinished else {}
    wanted = {"root": str(root), "course": fingerprint(root / "requirements.txt", root / "pyproject.toml")}
    for extra in EXTRAS:
        wanted[extra] = fingerprint(root / f"requirements-{extra}.txt") if extra in extras else kept.get(extra)
    if reason is None and stamp == wanted:
        return
    if reason is not None:
        make_venv(venv, reason)
    install(root, venv, wanted, extras, mend=unfinished)


def python_problem(version):
    """One sentence about a Python on which the course does not run, or None."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    return (
        f"The course needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is Python {version[0]}.{version[1]} "
        f"({sys.executable}). Choose another one, for example with: make lab PYTHON=python3.13"
    )


def venv_problem():
    """One sentence that names the package with venv, if the system does not include it; otherwise None."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        release = ""
    python = "python{}.{}".format(*sys.version_info[:2])
    if any(name in release for name in ("debian", "ubuntu")):
        fix = f"Install it with: sudo apt install {python}-venv"
    elif any(name in release for name in ("fedora", "rhel", "centos")):
        fix = "Install it with: sudo dnf install python3-libs python3-pip"
    else:
        fix = f"Install your system's package with venv and ensurepip (on Debian it is {python}-venv)."
    return f"This Python ({sys.executable}) lacks venv, which is needed to install the course. {fix}"


def read_stamp(venv):
    """What the last installation recorded, or an empty dictionary."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv, stamp):
    (venv / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def fingerprint(*files):
    """A hash of the contents of `files`."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def venv_python(venv):
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages(venv):
    return next(venv.glob("Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"))


def why_afresh(venv, stamp, root):
    """Why `.venv` must be created anew: a sentence, which is empty if there is none yet; None if it can be used."""
    if not os.path.lexists(venv):
        return ""
    again = "Creating .venv anew: "
    if stamp.get("unfinished") == "venv":
        return again + "the last installation was interrupted while creating it."
    if stamp.get("root", str(root)) != str(root):
        return again + "it was moved or copied here from {}.".format(stamp["root"])
    program = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(venv_python(venv)), "-I", "-c", program], capture_output=True, text=True, timeout=60
        ).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        answer = []
    if len(answer) != 2:
        return again + "its Python is gone or does not run."
    # Only a Python that was chosen explicitly replaces one that works: PYTHON=python3.13 make test
    version = tuple(int(number) for number in answer)
    if python_problem(version) or (os.environ.get("PYTHON") and version != sys.version_info[:2]):
        return again + "it holds Python {}.{}, and this is {}.{}.".format(*version, *sys.version_info[:2])
    return None


def make_venv(venv, reason):
    """Create an empty virtual environment in place of whatever is there."""
    problem = venv_problem()
    if problem:
        raise SetUpError(problem)
    if reason:
        print(reason, flush=True)
    try:
        if venv.is_symlink() or venv.is_file():
            venv.unlink()
        elif venv.exists():
            shutil.rmtree(venv)
        venv.mkdir()
        write_stamp(venv, {"unfinished": "venv"})
    except OSError as error:
        problem = f"{venv} cannot be replaced ({error}); close the programs that use it and remove it by hand."
        raise SetUpError(problem) from None
    made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True)
    if made.returncode:
        output = (made.stdout + made.stderr).strip()
        raise SetUpError(f"{output}\n.venv could not be created; the lines above are Python's own messages.")


def install(root, venv, wanted, extras, mend):
    """Install what `wanted` lists; until that is complete, a note in `.venv` says so."""
    start = time.monotonic()
    nothing = {"root": str(root), "course": None, **dict.fromkeys(EXTRAS)}
    write_stamp(venv, {**nothing, "unfinished": "pip"})
    if mend:
        remove_half_installed(venv)
    cpu = wants_cpu_torch()
    if (site_packages(venv) / "torch").exists():
        print("Bringing .venv up to date ...", flush=True)
    else:
        size = "370 MB" if cpu or not sys.platform.startswith("linux") else "several GB, most of it for NVIDIA cards,"
        print(f"Installing the course into .venv (about {size} on first use; a few minutes) ...", flush=True)
    if cpu:
        install_cpu_torch(root, venv)
    files = ["requirements.txt", *(f"requirements-{extra}.txt" for extra in extras)]
    ok, output = pip(venv, *(f"--requirement={root / file}" for file in files))
    if ok:
        # Without isolation, because PyTorch came with setuptools and nothing more has to be downloaded.
        ok, output = pip(venv, "--no-deps", "--no-build-isolation", "--editable", str(root))
    if not ok:
        write_stamp(venv, nothing)  # pip ended by itself, so what is installed is complete
        raise SetUpError(
            output + "\nThe course could not be installed; the lines above are pip's own messages. "
            "Is this computer connected to the internet? Once it is, run the same command again."
        )
    write_stamp(venv, wanted)
    print(f"Installed in {time.monotonic() - start:.0f} s.", flush=True)


def install_cpu_torch(root, venv):
    """Install PyTorch, and nothing else, from its own index; if that does not answer, use the ordinary index."""
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pin = next(line for line in lines if line.startswith("torch=="))
    patience = ("--retries=1", "--timeout=15")
    pip(venv, pin, "--no-deps", f"--extra-index-url={TORCH_CPU_INDEX}", *patience)
    if not list(site_packages(venv).glob("torch-*+cpu*")):
        print("PyTorch's index did not provide its small build; the ordinary one is several GB.", flush=True)


def wants_cpu_torch():
    """True on Linux without an NVIDIA card, where most of the ordinary PyTorch would be of no use."""
    card = os.path.exists("/proc/driver/nvidia") or shutil.which("nvidia-smi")
    return sys.platform.startswith("linux") and not card


def remove_half_installed(venv):
    """Make pip forget each package with missing files, so that it installs them again."""
    packages = site_packages(venv)
    for info in packages.glob("*.dist-info"):
        try:
            record = (info / "RECORD").read_text(encoding="utf-8").splitlines()
        except OSError:
            record = ["RECORD"]  # written last; without it, pip had not finished
        names = (line.rsplit(",", 2)[0].strip('"') for line in record)
        if not all((packages / name).exists() for name in names if name and not name.endswith(".pyc")):
            shutil.rmtree(info)


def pip(venv, *arguments):
    """Run ``pip install``, showing only what it is working on; return whether it succeeded, and its output."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment.update(PIP_ROOT_USER_ACTION="ignore", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    environment["PYTHONUTF8"] = "1"
    lines = []
    with subprocess.Popen(
        [str(venv_python(venv)), "-m", "pip", "install", "--progress-bar=off", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            lines.append(line)
            if sys.stdout.isatty() and line.split()[:1] in (["Collecting"], ["Downloading"], ["Installing"]):
                print("\r  " + line.strip()[:74].ljust(74), end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * 76 + "\r", end="", flush=True)
    return process.returncode == 0, "".join(lines).strip()


if __name__ == "__main__":
    main()

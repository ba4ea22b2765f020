"""Setting up: when it installs, when it does not, and how it gets over what went wrong before.

Nothing is downloaded here: `pip` and the making of the environment are replaced by notes of what was asked.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tool(monkeypatch):
    """The script as a module, which believes itself on Linux without an NVIDIA card."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "tools" / "set_up.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setattr(module, "wants_cpu_torch", lambda: True)
    module.said, module.outcome = [], lambda arguments: (True, "")

    def pip(venv, *arguments):
        module.said.append(arguments)
        return module.outcome(arguments)

    def environment(venv):
        """What ``python -m venv`` leaves behind, as far as it matters: a Python that has pip."""
        module.venv_python(venv).parent.mkdir(parents=True)
        program = f'#!/bin/sh\necho "3 {sys.version_info[1]}"\n'
        module.venv_python(venv).write_text(program, encoding="utf-8")
        module.venv_python(venv).chmod(0o755)
        (venv / "lib" / "python3" / "site-packages").mkdir(parents=True)

    def make_venv(venv, reason):
        module.reasons.append(reason)
        if venv.is_dir():
            module.shutil.rmtree(venv)
        environment(venv)

    module.reasons = []
    monkeypatch.setattr(module, "pip", pip)
    module.real_make_venv = module.make_venv
    monkeypatch.setattr(module, "make_venv", make_venv)
    return module


@pytest.fixture
def clone(tmp_path):
    root = tmp_path / "a clone"
    root.mkdir()
    for name in (
        "requirements.txt",
        "requirements-test.txt",
        "requirements-teach.txt",
        "requirements-site.txt",
        "requirements-hub.txt",
        "pyproject.toml",
    ):
        (root / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    return root


posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for Python is a shell script")
needs_make = pytest.mark.skipif(shutil.which("make") is None or os.name != "posix", reason="needs make")


@posix
def test_first_time_installs_in_three_steps(tool, clone, capsys):
    tool.set_up(clone)
    torch, rest, course = tool.said
    assert torch[0] == "torch==2.13.0" and "--no-deps" in torch
    assert any(argument.endswith("download.pytorch.org/whl/cpu") for argument in torch)
    assert rest == (f"--requirement={clone / 'requirements.txt'}",)
    assert not any("pytorch.org" in argument for argument in rest + course)
    assert course[-2:] == ("--editable", str(clone))
    assert "about 370 MB" in capsys.readouterr().out


@posix
def test_second_time_does_nothing_and_at_once(tool, clone, capsys):
    tool.set_up(clone)
    tool.said.clear()
    capsys.readouterr()
    start = time.monotonic()
    tool.set_up(clone)
    assert time.monotonic() - start < 0.5
    assert tool.said == [] and capsys.readouterr().out == ""


@posix
@pytest.mark.parametrize(("extra", "other"), [("test", "teach"), ("teach", "test")])
def test_extras_come_once_and_stay(tool, clone, extra, other):
    tool.set_up(clone)
    tool.said.clear()
    tool.set_up(clone, [extra])
    asked = [argument for arguments in tool.said for argument in arguments]
    assert any(f"requirements-{extra}.txt" in argument for argument in asked)
    assert not any(f"requirements-{other}.txt" in argument for argument in asked)
    tool.set_up(clone, [other])
    tool.said.clear()
    tool.set_up(clone, [extra, other])
    tool.set_up(clone, [extra])
    tool.set_up(clone)
    assert tool.said == []


@posix
def test_an_environment_from_before_there_was_an_extra_is_brought_up_to_date_once(tool, clone):
    tool.set_up(clone, ["test"])
    stamp = tool.read_stamp(clone / ".venv")
    del stamp["teach"]
    tool.write_stamp(clone / ".venv", stamp)
    tool.set_up(clone)
    tool.said.clear()
    tool.set_up(clone, ["test"])
    assert tool.said == [] and tool.reasons == [""]


def test_what_two_extras_share_has_one_version():
    pins = {}
    for path in sorted(ROOT.glob("requirements*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, version = line.partition("==")
            if version:
                assert pins.setdefault(name, version) == version, f"{path.name}: {line}"


def test_the_extras_are_asked_for_by_name(tool, monkeypatch):
    asked = []
    monkeypatch.setattr(tool, "set_up", lambda root, extras: asked.append(extras))
    for arguments in ([], ["--test"], ["--teach"], ["--teach", "--test"]):
        tool.main(arguments)
    assert asked == [[], ["test"], ["teach"], ["test", "teach"]]


@posix
@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_requirement_is_brought_in(tool, clone, name):
    tool.set_up(clone)
    with open(clone / name, "a", encoding="utf-8") as file:
        file.write("# newer\n")
    tool.set_up(clone)
    assert len(tool.said) == 6 and tool.reasons == [""]


@posix
@pytest.mark.parametrize("harm", ["moved", "python gone", "pip gone", "older python"])
def test_a_broken_environment_is_created_anew_and_reported(tool, clone, harm):
    tool.set_up(clone, ["test"])
    if harm == "moved":
        clone = clone.rename(clone.with_name("moved"))
    elif harm == "python gone":
        tool.venv_python(clone / ".venv").unlink()
    else:
        said = "exit 1" if harm == "pip gone" else 'echo "3 9"'
        tool.venv_python(clone / ".venv").write_text(f"#!/bin/sh\n{said}\n", encoding="utf-8")
    tool.said.clear()
    tool.set_up(clone)
    assert tool.reasons[1].startswith("Creating .venv anew: ")
    assert len(tool.said) == 3
    tool.set_up(clone, ["test"])  # the test extras went with the old one
    assert len(tool.said) == 6


@posix
def test_another_python_replaces_a_good_one_only_when_asked_for_by_name(tool, clone, monkeypatch):
    tool.set_up(clone)
    other = 12 if sys.version_info[1] != 12 else 13
    tool.venv_python(clone / ".venv").write_text(f'#!/bin/sh\necho "3 {other}"\n', encoding="utf-8")
    tool.set_up(clone)
    assert tool.reasons == [""]
    monkeypatch.setenv("PYTHON", sys.executable)
    tool.set_up(clone)
    assert f"holds Python 3.{other}" in tool.reasons[1]


@posix
def test_an_interrupted_installation_heals(tool, clone):
    def interrupted(arguments):
        site = tool.site_packages(clone / ".venv")
        for name, files in {"whole": ["whole.py"], "half": ["half.py", "gone.py"], "begun": []}.items():
            info = site / f"{name}-1.dist-info"
            info.mkdir()
            if files:
                (site / f"{name}.py").write_text("", encoding="utf-8")
                lines = [f"{file},sha256=x,0" for file in (*files, f"__pycache__/{name}.pyc")]
                (info / "RECORD").write_text("\n".join(lines) + "\n", encoding="utf-8")
        raise KeyboardInterrupt

    tool.outcome = interrupted
    with pytest.raises(KeyboardInterrupt):
        tool.set_up(clone)
    tool.outcome = lambda arguments: (True, "")
    tool.set_up(clone)
    assert tool.reasons == [""]
    infos = {path.name for path in tool.site_packages(clone / ".venv").glob("*.dist-info")}
    assert infos == {"whole-1.dist-info"}
    tool.said.clear()
    tool.set_up(clone)
    assert tool.said == []


@posix
def test_a_venv_cut_short_is_made_again(tool, clone):
    tool.set_up(clone)
    tool.write_stamp(clone / ".venv", {"unfinished": "venv"})
    tool.set_up(clone)
    assert "interrupted" in tool.reasons[1]


@posix
def test_when_pip_fails_its_words_are_shown_and_the_environment_kept(tool, clone):
    tool.outcome = lambda arguments: (False, "ERROR: No matching distribution found for torch==2.13.0")
    with pytest.raises(tool.SetUpError, match="No matching distribution") as error:
        tool.set_up(clone)
    assert "connected to the internet" in str(error.value)
    tool.outcome = lambda arguments: (True, "")
    tool.set_up(clone)
    assert tool.reasons == [""]


@posix
def test_an_environment_made_by_hand_is_used(tool, clone):
    tool.set_up(clone)
    (clone / ".venv" / tool.STAMP).unlink()
    tool.set_up(clone)
    assert tool.reasons == [""] and len(tool.said) == 6


@posix
def test_with_an_nvidia_card_nothing_comes_from_elsewhere(tool, clone, monkeypatch):
    monkeypatch.setattr(tool, "wants_cpu_torch", lambda: False)
    tool.set_up(clone)
    assert len(tool.said) == 2


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 15, 0), (2, 7, 18)])
def test_another_python_is_one_sentence(tool, version):
    sentence = tool.python_problem(version)
    assert "Python 3.11 to 3.14" in sentence and f"{version[0]}.{version[1]}" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("system", "fix"),
    [
        ("ID=ubuntu\nID_LIKE=debian", "sudo apt install python3.{minor}-venv"),
        ("ID=fedora", "sudo dnf install"),
        ("ID=other", "(on Debian it is python3.{minor}-venv)"),
    ],
)
def test_without_venv_the_package_is_named(tool, clone, monkeypatch, system, fix):
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: system)
    with pytest.raises(tool.SetUpError) as error:
        tool.real_make_venv(clone / ".venv", "")
    assert fix.format(minor=sys.version_info[1]) in str(error.value)
    assert "\n" not in str(error.value)
    assert not (clone / ".venv").exists()


@posix
def test_the_words_of_pip_are_kept_and_its_failure_noticed(clone, monkeypatch):
    spec = importlib.util.spec_from_file_location("set_up_itself", ROOT / "tools" / "set_up.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    python = tool.venv_python(clone / ".venv")
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"; echo "user=$PIP_USER" >&2; exit 3\n', encoding="utf-8")
    python.chmod(0o755)
    ok, words = tool.pip(clone / ".venv", "thing==1")
    assert not ok and "thing==1" in words and "user=0" in words


def test_ctrl_c_is_a_sentence(tool, monkeypatch):
    def stopped(root, extras):
        raise KeyboardInterrupt

    monkeypatch.setattr(tool, "set_up", stopped)
    with pytest.raises(SystemExit, match="goes on from here"):
        tool.main([])


@needs_make
def test_make_finds_a_python_or_says_which_it_tried(tmp_path):
    shim = tmp_path / "python3"  # is on the path, and does not run
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)}
    command = ["make", "--no-print-directory", "-f", ROOT / "Makefile", "lab", f"PYTHON={shim}"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode and "Python 3.11 to 3.14" in run.stderr and "tried: " in run.stderr


@needs_make
def test_make_takes_a_python_without_venv_when_there_is_no_other(tmp_path):
    python = tmp_path / "python3"
    program = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    python.write_text(program, encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "set_up.py").write_text("exit('set_up was called')", encoding="utf-8")
    command = ["make", "-f", ROOT / "Makefile", "lab", f"PYTHON={python}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode and "set_up was called" in run.stderr

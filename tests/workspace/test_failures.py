"""Whatever goes wrong in a command ends in a sentence with a remedy: what is said, and with which status."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lstm_course
from lstm_course.workspace import failures

COURSE = Path(lstm_course.__file__).resolve().parent.parent
SOLVED = str(COURSE / "solutions" / "04_gates.ipynb")
COMMAND = [sys.executable, "-P", "-m", "lstm_course.cli"]

slow = pytest.mark.slow
posix = pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX")


def command(*arguments, foreign=None, environment=(), **options):
    """Run a command, by default with a folder of foreign modules before all others."""
    places = [str(place) for place in (foreign, COURSE) if place]
    surroundings = {name: value for name, value in os.environ.items() if name != failures.DEBUG}
    surroundings |= {"PYTHONPATH": os.pathsep.join(places)} | dict(environment)
    options = {"capture_output": True, "stdin": subprocess.DEVNULL} | options
    return subprocess.run([*COMMAND, *arguments], env=surroundings, text=True, encoding="utf-8", **options)


def sentence_of(ended, status=2):
    """The one line that a command has said, which is no traceback."""
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def caught(raising):
    try:
        raising()
    except BaseException as error:
        return error


# --- foreign modules --------------------------------------------------------------------------------------------

BROKEN = 'raise ImportError("No module named numpy.core._multiarray_umath")'


@slow
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("numpy/__init__.py", BROKEN),
        ("numpy.py", "import numpy\nnumpy.zeros(3)"),  # a learner's own file, which means the other one
        ("numpy.py", "def ("),
        ("numpy/__init__.py", "__version__ = '1.26.4'"),  # one that loads, and lacks what is needed
        ("numpy.so", "\x7fELF"),
        ("random.py", "import random\nprint(random.random())"),
        ("dataclasses.py", ""),
        ("tempfile.py", BROKEN),  # without which no traceback can be kept
        ("traceback.py", BROKEN),
        ("typer.py", ""),
        ("rich/__init__.py", ""),
    ],
)
def test_a_foreign_module_is_named_with_its_file(tmp_path, file, content):
    if file.endswith(".so") and os.name != "posix":
        pytest.skip("an extension module of POSIX")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content, encoding="latin-1")
    said = sentence_of(command("check", SOLVED, foreign=tmp_path))
    assert said.startswith(f"{file.partition('/')[0].partition('.')[0]} comes from {tmp_path / file}")
    assert "PYTHONPATH" in said and "pip" not in said


@slow
@pytest.mark.parametrize("arguments", [["solution", "04-forget-gate"], ["build", "--check"]])
def test_every_command_that_computes_names_it(tmp_path, arguments):
    (tmp_path / "numpy.py").write_text(BROKEN, encoding="utf-8")
    assert "numpy comes from" in sentence_of(command(*arguments, foreign=tmp_path))


def test_what_a_foreign_module_makes_a_command_say_is_put_right(tmp_path):
    (tmp_path / "json.py").write_text("", encoding="utf-8")  # every notebook then seems to be none
    ended = command("check", SOLVED, foreign=tmp_path)
    assert ended.returncode == 2 and "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith(f"json comes from {tmp_path / 'json.py'}")


def test_a_module_that_disturbs_nothing_is_not_blamed(tmp_path):
    (tmp_path / "turtle.py").write_text("", encoding="utf-8")
    ended = command("check", str(tmp_path / "none.ipynb"), foreign=tmp_path)
    assert "turtle" not in sentence_of(ended)


def test_a_broken_package_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("lstm_course.workspace.doctor.requirements", lambda root: [])
    said = failures.sentence(caught(lambda: __import__("matplotlib")))
    assert said.startswith("matplotlib does not load: ModuleNotFoundError") and "-m pip install" in said


def test_a_missing_requirement_is_named_and_it_is_the_one_that_was_looked_for(monkeypatch):
    from lstm_course.workspace.doctor import Problem

    missing = [Problem(f"{name} is not installed.", "", f"install {name}") for name in ("anywidget", "torch")]
    monkeypatch.setattr("lstm_course.workspace.doctor.requirements", lambda root: missing)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "install torch" in failures.sentence(caught(lambda: __import__("torch.nn")))


# --- what the system refuses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "filename", "said"),
    [
        (errno.ENOSPC, "work/04.ipynb", "work/04.ipynb: {}. The disk is full"),
        (errno.ENOSPC, None, "{}. The disk is full"),
        (errno.EACCES, b"graded", "graded: {}. Choose a folder that you can read and write"),
        (errno.EISDIR, "graded", "graded: {}. Check that this is the path you mean"),
        (errno.EIO, "graded", "graded: {}. `lstm-course doctor` looks"),
    ],
)
def test_an_error_of_the_system_has_its_remedy(number, filename, said):
    error = caught(lambda: open("/", "w")) if number is None else OSError(number, os.strerror(number), filename)
    assert failures.sentence(error).startswith(said.format(os.strerror(number)))


@slow
@posix
@pytest.mark.parametrize("arguments", [["--help"], ["solution", "04-forget-gate"], ["check", SOLVED, "--json"]])
def test_an_output_that_nobody_reads_ends_a_command_quietly(arguments):
    read, write = os.pipe()
    os.close(read)
    ended = command(*arguments, capture_output=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert ended.returncode in (1, 141) and ended.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_an_output_that_is_full_is_said():
    with open("/dev/full", "w") as full:
        ended = command("solution", "04-forget-gate", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert "The disk is full" in sentence_of(ended)


@posix
def test_without_any_stream_a_command_ends_as_it_should():
    closed = {"preexec_fn": lambda: [os.close(number) for number in (0, 1, 2)], "capture_output": False}
    assert command("solution", "04-forget-gate", stdin=None, **closed).returncode == 0
    assert command("solution", "none", stdin=None, **closed).returncode == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for a limit")
def test_a_page_that_does_not_fit_is_said_and_leaves_nothing(tmp_path):
    import resource

    ended = command(
        *("export", str(COURSE / "notebooks" / "04_gates.ipynb"), "--out", str(tmp_path / "page.html")),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert sentence_of(ended).startswith(f"{tmp_path / 'page.html'}: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("raising", [KeyboardInterrupt, MemoryError])
def test_an_end_from_outside_is_a_word(raising, capsys):
    def end():
        raise raising

    with pytest.raises(SystemExit) as ended:
        failures.guarded(end)
    status, word = {KeyboardInterrupt: (130, "Stopped."), MemoryError: (2, "There is not enough memory.")}[raising]
    assert ended.value.code == status and capsys.readouterr().err.startswith(word)


# --- what nobody has foreseen -----------------------------------------------------------------------------------


def looked_up():
    return {}["gate"]


def recursive():
    return recursive()


def of_a_library():
    return json.loads("{")


@pytest.mark.parametrize("raising", [looked_up, recursive, of_a_library])
def test_the_unforeseen_is_a_line_and_keeps_its_traceback(raising, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("lstm_course.workspace.doctor.requirements", lambda root: [])
    error = caught(raising)
    said = failures.sentence(error)
    [file] = tmp_path.iterdir()
    assert "`lstm-course doctor`" in said and str(file) in said and "\n" not in said
    assert type(error).__name__ in said and "Traceback" in file.read_text(encoding="utf-8")


def test_where_no_traceback_can_be_kept_it_can_be_shown(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    monkeypatch.setattr("lstm_course.workspace.doctor.requirements", lambda root: [])
    assert f"{failures.DEBUG}=1" in failures.sentence(caught(looked_up))


@pytest.mark.parametrize(("option", "variable"), [(["--debug"], {}), ([], {failures.DEBUG: "1"})])
def test_a_traceback_is_shown_to_whoever_asks(tmp_path, option, variable):
    (tmp_path / "numpy.py").write_text(BROKEN, encoding="utf-8")
    ended = command(*option, "check", SOLVED, foreign=tmp_path, environment=variable)
    assert ended.returncode == 1 and "Traceback" in ended.stderr and "numpy.py" in ended.stderr


def test_a_sentence_of_the_course_stays_as_it_is():
    def refuse():
        raise ValueError("path: wanted a file, got none")

    assert failures.sentence(caught(refuse)) == "path: wanted a file, got none"


def test_nothing_that_is_said_commands_the_terminal(capsys):
    failures.say("a\x1b[2Jb\nc")
    assert capsys.readouterr().err == "a\ufffd[2Jb\nc\n"

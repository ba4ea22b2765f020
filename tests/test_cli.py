"""The command line: what it prints, how it ends, and that a mistake is a sentence and never a traceback."""

import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from lstm_course import __version__, cli, doctor, lessons

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def course(tmp_path, monkeypatch):
    for name in ("notebooks/start", "notebooks/04_gates", "exercises/04_gates", "solutions/04_gates"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(NOTEBOOK, encoding="utf-8")
    monkeypatch.setattr(lessons, "course_root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line; return how it ended and what it said."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["lstm-course", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setattr(sys.stdout, "reconfigure", lambda **options: None, raising=False)
        monkeypatch.setattr(sys.stderr, "reconfigure", lambda **options: None, raising=False)
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return end.value.code or 0, said.out, said.err

    return run


class UnreadableNotebook(ValueError):
    pass


class Report:
    notes = ("The exercises of lesson 04 have changed since this copy was made.",)

    def __init__(self, path, earned):
        verdict = {"id": "04-run-cell", "earned": earned, "possible": 3, "verdict": "wrong"}
        message = "You wrote [x, h]; the course has [h, x]. " + "More is said. " * 9
        self.questions = [{**verdict, "message": message}]
        self.path, self.earned = path, earned

    def as_dict(self):
        return {"notebook": str(self.path), "earned": self.earned, "possible": 3, "questions": self.questions}


@pytest.fixture
def judge(monkeypatch):
    """Put a judge in place that gives `points` and remembers what it was asked."""
    asked = []
    module = types.ModuleType("lstm_course.grading.submission")
    module.points, module.asked, module.UnreadableNotebook = 3, asked, UnreadableNotebook

    def check_notebook(path, **limits):
        asked.append((str(path), limits))
        if not Path(path).is_file():
            raise UnreadableNotebook(f"{path}: there is no such file")
        return Report(path, module.points)

    module.check_notebook = check_notebook
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_help_says_everything_and_bare_call_too(run):
    code, out, _ = run("--help")
    assert code == 0
    for command in ("lab", "doctor", "check", "solution", "build", "progress", "reset"):
        assert command in out
        code, own, _ = run(command, "--help")
        assert code == 0 and f"lstm-course {command}" in own
    assert run()[1] + run()[2]


def test_help_loads_nothing_heavy():
    program = "import sys, lstm_course.cli; print({'torch', 'numpy', 'jupyterlab'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout == "set()\n"


def test_version(run):
    assert run("--version") == (0, f"lstm-course {__version__}\n", "")


def test_check_all_right(run, course, judge):
    code, out, _ = run("check", "exercises")
    assert code == 0
    assert "3 of 3 points" in out and "04-run-cell" in out


def test_check_table_reads_at_80_columns_with_every_word(run, course, judge):
    judge.points = 1
    code, out, _ = run("check", "exercises/04_gates.ipynb")
    assert code == 1
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    assert "[x, h]" in " ".join(out.split()) and "1/3" in out and "wrong" in out
    assert "have changed since this copy was made" in " ".join(out.split())


def test_check_json_has_its_shape_and_nothing_else(run, course, judge):
    judge.points = 0
    code, out, err = run("check", "--json", "exercises", "exercises/04_gates.ipynb")
    assert code == 1 and err == ""
    [report] = json.loads(out)
    assert list(report) == ["notebook", "earned", "possible", "questions"]
    assert list(report["questions"][0]) == ["id", "earned", "possible", "verdict", "message"]


def test_check_judges_the_others_when_one_is_bad(run, course, judge):
    code, out, err = run("check", "--json", "no.ipynb", "exercises")
    assert code == 2
    assert err == "no.ipynb: there is no such file\n"
    assert len(json.loads(out)) == 1


def test_check_leaves_out_checkpoints_and_names_an_empty_folder(run, course, judge):
    hidden = course / "exercises" / ".ipynb_checkpoints" / "04_gates-checkpoint.ipynb"
    hidden.parent.mkdir()
    hidden.write_text(NOTEBOOK, encoding="utf-8")
    (course / "empty").mkdir()
    code, _, err = run("check", "exercises", "empty")
    assert [path for path, _ in judge.asked] == [str(Path("exercises/04_gates.ipynb"))]
    assert code == 2 and err == "empty: there is no notebook in this folder\n"


def test_check_hands_on_limits_only_when_given(run, course, judge):
    run("check", "exercises")
    run("check", "exercises", "--timeout", "5", "--memory", "512")
    assert [limits for _, limits in judge.asked] == [{}, {"timeout": 5.0, "memory_mb": 512}]


@pytest.mark.parametrize("arguments", [["check"], ["check", "x", "--timeout", "-1"], ["nonsense"], ["reset"]])
def test_a_wrong_call_is_status_2(run, course, judge, arguments):
    code, _, err = run(*arguments)
    assert code == 2 and err


def test_solution(run, monkeypatch):
    import lstm_course.grading as grading

    def text(question):
        if question != "04-forget-gate":
            raise ValueError(f"question: there is none called {question!r}; did you mean '04-forget-gate'?")
        return "f = sigmoid(W @ [h, x])"

    monkeypatch.setattr(grading, "solution_text", text)
    assert run("solution", "04-forget-gate") == (0, "f = sigmoid(W @ [h, x])\n", "")
    code, out, err = run("solution", "04-forgetgate")
    assert (code, out, err.count("\n")) == (2, "", 1) and "did you mean" in err


@pytest.mark.parametrize(("changed", "check", "code"), [([], True, 0), (["a"], True, 1), (["a"], False, 0)])
def test_build(run, course, monkeypatch, changed, check, code):
    module = types.ModuleType("lstm_course.build")
    module.build = lambda root, check: list(changed)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert run("build", *["--check"] * check)[0] == code


def test_reset(run, course):
    code, out, _ = run("reset", "04")
    assert code == 0 and "There was no copy yet." in out
    code, out, _ = run("reset", "04")
    assert code == 0 and "backups" in out
    code, _, err = run("reset", "77")
    assert code == 2 and err.count("\n") == 1 and "77" in err


def test_progress(run, course, judge):
    code, out, _ = run("progress")
    assert code == 0 and "[----------]   0%  not started" in out
    run("reset", "04")
    judge.points = 1
    assert "[###-------]  33%  1 of 3 points, next: 04-run-cell" in run("progress")[1]
    judge.points = 3
    (course / "work/exercises/04_gates.ipynb").write_text(NOTEBOOK + " ", encoding="utf-8")
    assert "[##########] 100%  3 of 3 points, all done" in run("progress")[1]


def test_doctor(run, course, monkeypatch):
    monkeypatch.setattr(doctor, "problems", lambda root: [])
    monkeypatch.setattr(doctor, "notes", lambda root: ["a note"])
    code, out, _ = run("doctor")
    assert code == 0 and "a note" in out
    monkeypatch.setattr(doctor, "problems", lambda root: [doctor.Problem("what", "why", "the command")])
    code, out, _ = run("doctor")
    assert code == 1 and "Mend it: the command" in out


def test_a_package_without_its_course_says_how_to_install_it(run, monkeypatch):
    def nowhere():
        raise FileNotFoundError("The course's notebooks are not beside the package")

    monkeypatch.setattr(lessons, "course_root", nowhere)
    for command in (["lab"], ["progress"], ["reset", "04"], ["doctor"]):
        code, _, err = run(*command)
        assert code == 2 and err == "The course's notebooks are not beside the package\n"


@pytest.fixture
def jupyter(monkeypatch):
    """JupyterLab that only notes what it was started with."""
    from jupyterlab.labapp import LabApp

    started = []

    def launch(cls, argv):
        started.append(argv)
        sys.exit(0)

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    monkeypatch.setattr(LabApp, "launch_instance", classmethod(launch))
    return started


def test_lab_makes_copies_and_hands_options_on(run, course, jupyter, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    code, out, _ = run("lab", "--no-browser", "--port", "8899", "--ServerApp.token=abc")
    assert code == 0
    [argv] = jupyter
    assert argv[-4:] == ["--no-browser", "--port", "8899", "--ServerApp.token=abc"]
    assert f"--ServerApp.root_dir={course / 'work'}" in argv
    assert "--LabApp.default_url=/lab/tree/notebooks/start.ipynb" in argv
    assert "--allow-root" not in argv
    assert (course / "work/exercises/04_gates.ipynb").exists() and "working copies" in out


def test_lab_runs_as_root_and_keeps_the_users_settings(run, course, jupyter, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    run("lab")
    assert "--allow-root" in jupyter[0]
    ours, theirs = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "/theirs"
    defaults = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    assert defaults["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_says_what_was_left_alone_and_opens_all_the_same(run, course, jupyter):
    run("lab")
    (course / "work/exercises/04_gates.ipynb").write_text("{", encoding="utf-8")
    code, out, _ = run("lab")
    assert code == 0 and len(jupyter) == 2
    assert "lstm-course reset 04_gates" in out

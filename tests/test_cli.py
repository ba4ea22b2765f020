"""The command line: what it prints, how it ends, and that a mistake is a sentence and never a traceback."""

import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from lstm_course import __version__, cli, lessons
from lstm_course.workspace import doctor

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
    for command in ("lab", "doctor", "check", "solution", "build", "progress", "reset", "grade", "replay"):
        assert command in out
        code, own, _ = run(command, "--help")
        assert code == 0 and f"lstm-course {command}" in own
    assert run()[1] + run()[2]


def test_help_loads_nothing_heavy():
    program = "import sys, lstm_course.commands; print({'torch', 'numpy', 'jupyterlab'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout == "set()\n"


def test_the_entry_point_loads_nothing_that_a_foreign_file_could_break():
    # Only what Python has loaded on its own before, or what is frozen into it.
    program = "import sys; before = set(sys.modules); import lstm_course.cli; print(*(set(sys.modules) - before))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in ended.stdout.split()} == {"lstm_course"}


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
    module = types.ModuleType("lstm_course.authoring.build")
    module.build = lambda root, check: list(changed)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert run("build", *["--check"] * check)[0] == code


@pytest.mark.parametrize(("options", "page"), [([], "mine.html"), (["--slides"], "mine.slides.html")])
def test_export(run, monkeypatch, options, page):
    for name, function in (("export", "export"), ("slide_page", "export_slides")):
        module = types.ModuleType(f"lstm_course.workspace.{name}")
        ending = ".slides.html" if name == "slide_page" else ".html"
        setattr(module, function, lambda path, out, ending=ending: path.with_suffix(ending))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    assert run("export", "mine.ipynb", *options) == (0, f"wrote {page}\n", "")


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
    copy, written = course / "work/exercises/04_gates.ipynb", json.loads(NOTEBOOK)
    written["cells"].append({"cell_type": "code", "source": "f = 1"})
    copy.write_text(json.dumps(written), encoding="utf-8")
    judge.points = 1
    assert "[###-------]  33%  1 of 3 points, next: 04-run-cell" in run("progress")[1]
    judge.points = 3
    copy.write_text(json.dumps(written, indent=1), encoding="utf-8")
    assert "[##########] 100%  3 of 3 points, all done" in run("progress")[1]


def test_doctor(run, course, monkeypatch):
    monkeypatch.setattr(doctor, "problems", lambda root: [])
    monkeypatch.setattr(doctor, "notes", lambda root: ["a note"])
    code, out, _ = run("doctor")
    assert code == 0 and "a note" in out
    monkeypatch.setattr(doctor, "problems", lambda root: [doctor.Problem("what", "why", "the command")])
    code, out, _ = run("doctor")
    assert code == 1 and "Fix: the command" in out


def test_ctrl_c_ends_any_command_with_a_word(run, course, monkeypatch):
    def stop(root):
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "problems", stop)
    assert run("doctor") == (130, "", "Stopped.\n")


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


def test_lab_on_a_hub_becomes_what_the_hub_wants(run, course, jupyter, monkeypatch, tmp_path):
    became = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: became.append(arguments) or sys.exit(0))
    monkeypatch.setenv("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:1/user/ada/")
    monkeypatch.setenv("LSTM_COURSE_WORK", str(tmp_path / "ada"))
    code, _, _ = run("lab", "--KernelManager.transport=ipc")
    [arguments] = became
    assert code == 0 and not jupyter and arguments[:3] == [sys.executable, "-m", "jupyterhub.singleuser"]
    assert f"--ServerApp.root_dir={tmp_path / 'ada'}" in arguments and arguments[-1] == "--KernelManager.transport=ipc"
    assert (tmp_path / "ada/exercises/04_gates.ipynb").exists() and not (course / "work").exists()
    run("reset", "04")
    assert list((tmp_path / "ada/backups").iterdir())


def test_lab_runs_as_root_and_keeps_the_users_settings(run, course, jupyter, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    run("lab")
    assert "--allow-root" in jupyter[0]
    ours, theirs = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "/theirs"
    defaults = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    assert defaults["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


@pytest.mark.parametrize("variable", ["JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"])
def test_lab_names_the_variable_whose_folder_cannot_be_written(variable, run, course, jupyter, monkeypatch):
    (course / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(variable, str(course / "file" / "folder"))
    code, _, err = run("lab")
    assert (code, err.count("\n"), jupyter) == (2, 1, [])
    assert err.startswith(str(course / "file" / "folder"))
    assert f"unset {variable}, or set it to a folder in which you can write" in err


def test_lab_says_which_settings_are_left_out_and_opens(run, course, jupyter, monkeypatch):
    (course / "settings").mkdir()
    (course / "settings" / "jupyter_server_config.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(course / "settings"))
    code, out, _ = run("lab")
    assert code == 0 and len(jupyter) == 1
    assert f"Jupyter cannot read its settings in {course / 'settings' / 'jupyter_server_config.json'}" in out


def test_lab_adds_a_remedy_where_jupyterlab_ends_with_an_error(run, course, monkeypatch):
    from jupyterlab.labapp import LabApp

    monkeypatch.setattr(LabApp, "launch_instance", classmethod(lambda cls, argv: sys.exit(1)))
    code, _, err = run("lab")
    assert code == 1 and "uses another port" in err


def test_lab_says_what_was_left_alone_and_opens_all_the_same(run, course, jupyter):
    run("lab")
    (course / "work/exercises/04_gates.ipynb").write_text("{", encoding="utf-8")
    code, out, _ = run("lab")
    assert code == 0 and len(jupyter) == 2
    assert "lstm-course reset 04_gates" in out


# --- grading a class --------------------------------------------------------------------------------------------


@pytest.fixture
def class_(monkeypatch):
    """A class's grading that is stood in for: what it was asked, and what it gives."""
    from lstm_course.classroom import grade as module
    from lstm_course.classroom.records import Grade, QuestionGrade

    def one(student, score, **details):
        answered = (QuestionGrade("04-cell-state", "right", score, 4, "So."),)
        usual = {"source": f"{student}/04_gates.ipynb", "status": "graded", "questions": answered, "possible": 4}
        return Grade(student, "04_gates", **(usual | details))

    stand_in = types.SimpleNamespace(asked=[], grades=[one("ada", 4), one("boris", 1)], one=one, notes=(), fail=None)

    def grade(submissions, out, *, progress, **options):
        stand_in.asked.append((submissions, out, options))
        progress(1, 2)
        if stand_in.fail:
            raise stand_in.fail
        return module.Graded(tuple(stand_in.grades), 1, "full", Path(out) / "report.html", stand_in.notes)

    monkeypatch.setattr(module, "grade", grade)
    return stand_in


def test_grade_says_in_a_few_lines_what_came_of_it(run, class_):
    code, out, err = run("grade", "submitted", "--out", "graded")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "isolation: full (own namespaces without network, files and system calls",
        "  restricted, limits on time and memory)",
        "graded 2 of 2 submissions; 1 had not changed and were kept",
        "median score: 62%",
        f"report: {Path('graded') / 'report.html'}",
    ]


def test_grade_hands_on_what_was_given_and_nothing_else(run, class_):
    run("grade", "submitted", "--out", "graded")
    nothing = dict.fromkeys(("assignment", "workers", "questions", "gradebook", "scheduler"))
    plain = {**nothing, "isolation": "auto", "force": False, "again": False}
    assert class_.asked.pop() == (Path("submitted"), Path("graded"), plain)
    options = "--assignment 04 --workers 3 --timeout 5 --memory 512 --isolation process --force --questions own"
    options += " --gradebook gradebook.db --again --scheduler a"
    run("grade", "class.zip", "--out", "graded", *options.split())
    assert class_.asked.pop()[2] == {
        "assignment": "04",
        "workers": 3,
        "timeout": 5.0,
        "memory_mb": 512,
        "isolation": "process",
        "force": True,
        "questions": Path("own"),
        "gradebook": Path("gradebook.db"),
        "again": True,
        "scheduler": "a",
    }


def test_grade_lists_what_to_look_at_and_what_could_not_be_judged_within_80_columns(run, class_):
    unread = class_.one("chen", 0, status="unreadable", questions=(), notes=("it is empty",))
    strange = "Cell 3 did not run: ValueError: \x1b[2J\ud800" + " and so on" * 20
    class_.grades += [unread, class_.one("dora", 4, status="review", notes=(strange,))]
    class_.grades += [class_.one("emil", 4, status="review")]
    class_.notes = ("overrides.csv: there is no answer to 04-nothing by 'zoe' in '04_gates'. " * 2,)
    code, out, _ = run("grade", "submitted", "--out", "a folder/" + "with a long name/" * 3)
    assert code == 1  # not everything was judged
    assert max(map(len, out.splitlines())) <= 80 and "\x1b" not in out
    words = " ".join(out.split())
    assert "graded 4 of 5 submissions" in words
    assert "could not be judged: chen/04_gates.ipynb: it is empty" in words
    assert "to be reviewed: dora/04_gates.ipynb: Cell 3 did not run: ValueError: \N{REPLACEMENT CHARACTER}[2J" in words
    assert "to be reviewed: emil/04_gates.ipynb: an answer ended its process, or could not be judged" in words
    assert words.count("overrides.csv: there is no answer to 04-nothing by 'zoe'") == 2


def test_grade_leaves_a_path_in_one_piece(run, class_):
    folder = "graded" * 20
    assert f"  {Path(folder) / 'report.html'}\n" in run("grade", "submitted", "--out", folder)[1]


def test_grade_json_is_json_and_nothing_else(run, class_):
    class_.grades += [class_.one("\ud800", 0, status="unreadable", questions=(), notes=("ü",))]
    code, out, err = run("grade", "submitted", "--out", "graded", "--json")
    assert (code, err) == (1, "")

    def never(name):
        raise AssertionError(f"{name} is no JSON")

    forms = json.loads(out, parse_constant=never)
    assert [(form["student"], form["score"]) for form in forms] == [("ada", 4), ("boris", 1), ("\ud800", 0)]
    assert forms[0]["questions"][0]["points"] == 4


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (ValueError("questions: own is not a folder"), 2, "questions: own is not a folder\n"),
        (
            PermissionError(13, "Permission denied", "graded"),
            2,
            "graded: Permission denied. Choose a folder that you can read and write, or get permission for this one.\n",
        ),
        (KeyboardInterrupt(), 130, "Stopped. The grades so far are kept; the same command resumes from here.\n"),
    ],
)
def test_grade_that_cannot_is_one_sentence(fault, code, said, run, class_):
    class_.fail = fault
    assert run("grade", "submitted", "--out", "graded") == (code, "", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none", "--out", "graded"], "none"),
        (["empty", "--out", "graded"], "empty: it contains no notebooks"),
        (["notes.txt", "--out", "graded"], "notes.txt"),
        (["class", "--out", "notes.txt"], "notes.txt: " + ("File exists" if os.name == "posix" else "")),
        (
            ["class", "--out", "graded", "--isolation", "best"],
            "isolation: wanted auto, full, process or limits, got 'best'",
        ),
        (["class", "--out", "graded", "--questions", "none"], "questions: none is not a folder"),
        (["class", "--out", "graded", "--assignment", "77"], "lesson: there is no lesson called '77'"),
    ],
)
def test_grade_of_what_is_not_there_is_one_sentence(arguments, said, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("notes", encoding="utf-8")
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "04_gates.ipynb").write_text(NOTEBOOK, encoding="utf-8")
    if sys.platform != "linux":
        arguments = [*arguments, "--force"]
    code, out, err = run("grade", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith(said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "submitted"],
        ["grade", "--out", "graded"],
        ["grade", "submitted", "--out", "graded", "--workers", "0"],
        ["grade", "submitted", "--out", "graded", "--memory", "1"],
        ["replay", "graded"],
    ],
)
def test_a_wrong_call_for_a_class_is_status_2(run, class_, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and err and class_.asked == []


@pytest.mark.parametrize("same", [True, False])
def test_replay_shows_the_card_and_whether_it_is_the_same(same, run, monkeypatch):
    from lstm_course.classroom import replay as module
    from lstm_course.grading.judge import Verdict

    asked = []
    verdict = Verdict("04-cell-state", "wrong", 0, 1, "Not so.", comparison=(("c[0, 0]", "1", "2"),), printed="\x1b[2J")

    def replay(*given):
        asked.append(given)
        return [module.Replayed(None, verdict, True), module.Replayed(None, verdict, same)]

    monkeypatch.setattr(module, "replay", replay)
    code, out, _ = run("replay", "graded", "--student", "ada", "--question", "04-cell-state", "--assignment", "04")
    assert asked == [(Path("graded"), "ada", "04-cell-state", "04")]
    assert code == (0 if same else 1) and ("NOT agree with the record." in out) == (not same)
    assert "Not so." in out and "c[0, 0]: yours 1, wanted 2" in out and "\x1b" not in out


def test_replay_of_nothing_is_one_sentence(run, tmp_path):
    code, out, err = run("replay", tmp_path, "--student", "ada")
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / 'grades.json'}: there is no such file; wanted the folder written by lstm-course grade\n"

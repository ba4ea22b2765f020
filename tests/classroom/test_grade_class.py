"""Grading a class as a whole: what is judged and what is kept, what is fair, a teacher's own questions, and faults."""

import contextlib
import csv
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from solved_class import ALL, ANSWER, ERROR, STEM, WRONG, answer, cell, hand_in, judged, needs_isolation, scores

from lstm_course import questions
from lstm_course.classroom.grade import grade
from lstm_course.grading import bank
from lstm_course.isolation.sandbox import Sandbox, ServerGone

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grading"))  # for own_questions, wherever pytest starts
from own_questions import ALTERED, MIDTERM, exercise, folder_of  # noqa: E402

NAMES = ("ada", "boris", "chen")
pytestmark = [pytest.mark.slow, needs_isolation]


@pytest.fixture
def class_(tmp_path):
    """Three that are all right."""
    for name in NAMES:
        hand_in(tmp_path / "submitted", name)
    return tmp_path / "submitted"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def by_student(graded):
    return {each.student: each for each in graded.grades}


def table(out):
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


# --- kept, judged again, gone -----------------------------------------------------------------------------------


def test_what_has_not_changed_is_kept_and_what_has_is_judged_again_and_replaces(class_, out):
    first = grade(class_, out)
    assert scores(first.grades) == dict.fromkeys(NAMES, ALL) and first.kept == 0
    hand_in(class_, "boris", {ANSWER: WRONG})
    second = grade(class_, out)
    assert scores(second.grades) == {"ada": ALL, "boris": ALL - 1, "chen": ALL} and second.kept == 2
    old, new = by_student(first), by_student(second)
    assert new["ada"] == old["ada"] and new["chen"] == old["chen"]
    assert new["boris"].seed != old["boris"].seed and new["boris"].digest != old["boris"].digest
    assert len(table(out)) == 3 and table(out)["boris"]["score"] == f"{ALL - 1:g}"
    assert grade(class_, out).kept == 3


def test_asked_for_all_are_judged_again_by_new_cases(class_, out):
    first, second = grade(class_, out), grade(class_, out, again=True)
    assert second.kept == 0 and scores(second.grades) == scores(first.grades)
    (seed,) = {each.seed for each in second.grades}
    assert seed not in {each.seed for each in first.grades}


def test_what_is_no_longer_there_is_in_no_table(class_, out):
    grade(class_, out)
    os.remove(class_ / "boris" / STEM / f"{STEM}.ipynb")
    (class_ / "boris" / STEM).rmdir()
    (class_ / "boris").rmdir()
    assert list(by_student(grade(class_, out))) == ["ada", "chen"] == list(table(out))
    record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    assert [each["student"] for each in record["grades"]] == ["ada", "chen"]


def test_when_the_questions_change_all_are_judged_again(class_, out, tmp_path):
    own = folder_of(tmp_path / "own", _04_gates=ALTERED)
    assert grade(class_, out).kept == 0
    assert grade(class_, out, questions=own).kept == 0
    assert grade(class_, out, questions=own).kept == 3
    folder_of(own, _04_gates=ALTERED + "\n# the same, and yet another file")
    assert grade(class_, out, questions=own).kept == 0
    assert grade(class_, out).kept == 0


def test_what_is_said_of_how_it_was_found_is_that_of_this_time(class_, out):
    def second_copy():
        return class_ / "ada" / STEM / "04_gates (1).ipynb"

    assert by_student(grade(class_, out))["ada"].status == "graded"
    original = class_ / "ada" / STEM / f"{STEM}.ipynb"
    second_copy().write_bytes(original.read_bytes())
    os.utime(second_copy(), (1, 1))
    for _ in range(2):
        graded = grade(class_, out)
        ada = by_student(graded)["ada"]
        assert graded.kept == 3 and ada.status == "review"
        assert [note.startswith("Of 2 notebooks for 04_gates this one counts") for note in ada.notes] == [True]
    second_copy().unlink()
    ada = by_student(grade(class_, out))["ada"]
    assert (ada.status, ada.notes) == ("graded", ())


def test_progress_is_told_up_to_the_end(class_, out):
    told = []
    grade(class_, out, progress=lambda *given: told.append(given))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    told.clear()
    grade(class_, out, progress=lambda *given: told.append(given))
    assert told == [(3, 3)]


def test_an_error_half_way_is_gone_on_from(class_, out):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(class_, out, workers=1, progress=stop)
    assert not (out / "grades.csv").exists()
    begun = json.loads((out / "grading.jsonl").read_text(encoding="utf-8").splitlines()[0])
    graded = grade(class_, out)
    assert graded.kept >= 2 and {each.seed for each in graded.grades} == {begun["seed"]}
    assert scores(graded.grades) == dict.fromkeys(NAMES, ALL)


# --- fair -------------------------------------------------------------------------------------------------------


def _helper_below(notebook):
    place = [each["id"] for each in notebook["cells"]].index(ANSWER)
    notebook["cells"].insert(place, cell("keep = share_of(0.5) * 2"))
    notebook["cells"] += [
        cell("def share_of(x):\n    return half * 2 * x"),
        cell("half = quarter * 2"),
        cell("quarter = 0.25"),
    ]


def _old(notebook):
    notebook["metadata"]["lstm_course"]["version"] = "000000000000"


def _answer_as(kind):
    def change(notebook):
        for each in notebook["cells"]:
            if each["id"] == ANSWER:
                each["cell_type"] = kind

    return change


def test_each_gets_what_is_fair(class_, out):
    ones = "import numpy as np\nheld = np.ones(10**9)\n"
    needs_below = "def next_cell_state(i, f, g, c):\n    return keep * (f * c + i * g)"
    hand_in(class_, "helper further down", {ANSWER: needs_below}, _helper_below)
    hand_in(class_, "out of memory", change=lambda notebook: notebook["cells"].insert(3, cell(ones)))
    hand_in(class_, "answer out of memory", {ANSWER: ones})
    hand_in(class_, "answer as text", change=_answer_as("markdown"))
    hand_in(class_, "older version", {ANSWER: WRONG}, _old)
    hand_in(class_, "blank", start="exercises")
    hand_in(class_, "error", {ANSWER: ERROR})
    graded = grade(class_, out, memory_mb=512)
    found = by_student(graded)
    assert scores(graded.grades) == dict.fromkeys(NAMES, ALL) | {
        "helper further down": ALL,
        "out of memory": ALL,
        "answer out of memory": ALL - 1,
        "answer as text": ALL - 1,
        "older version": ALL - 1,
        "blank": 0,
        "error": ALL - 1,
    }
    assert "judged by what it does at the end of the notebook" in found["helper further down"].notes[0]
    assert found["helper further down"].status == "graded"
    assert found["out of memory"].notes[0].startswith("Cell 4 did not run: ran out of memory (")
    assert "ran out of memory" in answer(graded.grades, "answer out of memory").message
    assert "is a markdown cell" in answer(graded.grades, "answer as text").message
    assert found["older version"].status == "review"
    assert found["older version"].notes == (
        "The exercises of 04_gates have changed since this copy was made; it was judged by the current questions.",
    )
    assert {each.verdict for each in found["blank"].questions} == {"blank"}


def test_a_judge_that_stumbles_says_nothing_about_the_answer(class_, out, monkeypatch):
    def stumbles(case, returned):
        raise TypeError("not this")

    known = questions.of_lesson(STEM)
    broken = tuple(replace(each, observe=stumbles) if each.id == ANSWER else each for each in known)
    monkeypatch.setattr(bank.questions, "of_lesson", lambda stem: broken)
    hand_in(class_, "boris", {ANSWER: ERROR})
    graded = grade(class_, out)
    for student in ("ada", "chen"):
        said = answer(graded.grades, student)
        assert (said.verdict, said.points, said.possible) == ("unjudged", 0, 1)
        assert said.message == "The judge itself failed on what this answer returned (TypeError); look at it."
        assert by_student(graded)[student].status == "review"
    assert answer(graded.grades, "boris").verdict == "error" and by_student(graded)["boris"].status == "graded"
    assert scores(graded.grades) == dict.fromkeys(NAMES, ALL - 1)


def test_what_cannot_be_read_is_listed_and_the_others_judged(class_, out):
    (class_ / "boris" / STEM / f"{STEM}.ipynb").write_bytes(b"{")
    graded = grade(class_, out)
    boris = by_student(graded)["boris"]
    assert (boris.status, boris.questions, boris.possible) == ("unreadable", (), ALL)
    assert boris.notes[0].startswith("it is not a Jupyter notebook") or boris.notes
    assert table(out)["boris"]["score"] == "" and table(out)["ada"]["score"] == f"{ALL:g}"
    assert grade(class_, out).kept == 2


# --- a teacher's own questions ----------------------------------------------------------------------------------


def own_submission(class_, student, *answers):
    path = class_ / student / "30_midterm" / "30_midterm.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(exercise(*answers), encoding="utf-8")


def test_own_questions_change_a_lesson_and_bring_an_assignment(class_, out, tmp_path):
    own = folder_of(tmp_path / "own", _04_gates=ALTERED, _30_midterm=MIDTERM)
    folder_of(own, _30_midterm=exercise("", "", setup="import numpy as np\noffset = 0"))
    hand_in(class_, "boris", {ANSWER: WRONG}, lambda form: form["cells"].append(cell("def more(x):\n    return x + 1")))
    own_submission(class_, "ada", "def double(x):\n    return np.add(x, x) + offset", "pick = 'b'")
    own_submission(class_, "chen", "offset = 5\ndef double(x):\n    return x", "pick = 'a'")
    graded = grade(class_, out, questions=own)
    found = {(each.student, each.assignment): (each.score, each.possible) for each in graded.grades}
    assert found == {
        ("ada", STEM): (ALL - 1, ALL + 5),  # right by the course's question, and not by the teacher's
        ("ada", "30_midterm"): (3, 3),
        ("boris", STEM): (ALL + 5, ALL + 5),
        ("chen", STEM): (ALL - 1, ALL + 5),
        ("chen", "30_midterm"): (0, 3),
    }
    assert grade(class_, out, questions=own).kept == 5


def test_submissions_cannot_read_the_folder(class_, out, tmp_path):
    own = folder_of(tmp_path / "own", _30_midterm=MIDTERM)
    folder_of(own, _30_midterm=exercise("", ""))
    path = str(own / "30_midterm.py")
    own_submission(class_, "ada", f"text = open({path!r}).read()\nexec(text)\ndouble = DOUBLE.reference", "pick = 'b'")
    graded = grade(class_, out, questions=own)
    (ada,) = (each for each in graded.grades if each.assignment == "30_midterm")
    assert ada.score == 1 and "PermissionError" in ada.questions[0].message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "import numpy as np\noffset",
            "1 / 0\noffset",
            "30_midterm cannot be prepared for judging .*ZeroDivisionError",
        ),
        (
            "dict(x=rng.normal(size=n))",
            "rng.nothing",
            "cases or the reference of 30-double do not run .*AttributeError",
        ),
        ("dict(x=rng.normal(size=n))", "dict(z=n)", "cases or the reference of 30-double do not run .*TypeError"),
        ("2 * x", "x.nothing", "cases or the reference of 30-double do not run .*AttributeError"),
        ("dict(x=rng.normal(size=n))", "dict(x=rng)", "30_midterm cannot be prepared|30-double do not run"),
    ],
)
def test_own_questions_that_do_not_work_are_one_sentence(old, new, said, class_, out, tmp_path):
    files = (
        {"30_midterm": MIDTERM.replace(old, new)},
        {"30_midterm": exercise("", "").replace(*map(_quoted, (old, new)))},
    )
    for each in files:
        folder_of(tmp_path / "own", **{f"_{name}": text for name, text in each.items()})
    own_submission(class_, "ada", "def double(x):\n    return 2 * x", "pick = 'b'")
    with pytest.raises(ValueError, match=f"^questions: .*({said})") as caught:
        grade(class_, out, questions=tmp_path / "own")
    assert "\n" not in str(caught.value) and not (out / "grades.csv").exists()


def _quoted(text):
    return json.dumps(text)[1:-1]


# --- levels -----------------------------------------------------------------------------------------------------


def test_every_level_says_the_same_of_honest_notebooks(class_, tmp_path):
    hand_in(class_, "boris", {ANSWER: WRONG})
    hand_in(class_, "chen", {ANSWER: ERROR, "04-forget-gate": "1 / 0"})
    hand_in(class_, "dora", start="exercises")
    said = {}
    for level in ("full", "process", "limits"):
        out = tmp_path / level
        out.mkdir()
        begun = {"begun": "", "seed": 7, "again": False}
        (out / "grading.jsonl").write_text(json.dumps(begun) + "\n", encoding="utf-8")
        graded = grade(class_, out, isolation=level, force=True)
        assert graded.level == level and json.loads((out / "grades.json").read_text("utf-8"))["isolation"] == level
        said[level] = judged(graded.grades)
    assert said["full"] == said["process"] == said["limits"]
    assert '"seed": 7' in said["full"] and '"verdict": "wrong"' in said["full"]


# --- the server dies --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def dying(monkeypatch, when):
    """Kill the server of the class's sandbox just before the submissions for which `when(count)` is true."""
    count = [0]
    run = Sandbox.run

    def kill_and_run(self, *given, **options):
        count[0] += 1
        if when(count[0]):
            self._processes._process.kill()  # unlike os.kill, silent when another worker has buried it already
        return run(self, *given, **options)

    monkeypatch.setattr(Sandbox, "run", kill_and_run)
    yield count


@pytest.mark.parametrize("level", ["full", "process"])
@pytest.mark.parametrize("workers", [1, 4])
def test_a_server_that_dies_in_the_middle_costs_nobody_anything(level, workers, class_, out, monkeypatch):
    for k in range(5):
        hand_in(class_, f"student {k}")
    with dying(monkeypatch, lambda count: count == 4):
        graded = grade(class_, out, isolation=level, workers=workers)
    assert set(scores(graded.grades).values()) == {ALL}
    assert {(each.status, each.notes) for each in graded.grades} == {("graded", ())}


def test_a_submission_at_which_it_dies_again_and_again_is_listed_and_judged_the_next_time(class_, out, monkeypatch):
    with monkeypatch.context() as patch, dying(patch, lambda count: count in (2, 3)):
        graded = grade(class_, out, workers=1)
    statuses = sorted((each.status, each.notes) for each in graded.grades)
    assert statuses == [
        ("graded", ()),
        ("graded", ()),
        ("unreadable", ("the process that runs submissions ended while this one was judged",)),
    ]
    again = grade(class_, out)
    assert again.kept == 2 and scores(again.grades) == dict.fromkeys(NAMES, ALL)


def test_a_server_that_always_dies_ends_the_batch_all_the_same(class_, out, monkeypatch):
    with dying(monkeypatch, lambda count: True) as count:
        graded = grade(class_, out, workers=2)
    assert {each.status for each in graded.grades} == {"unreadable"} and count[0] <= 6
    assert len(table(out)) == 3


def test_a_server_that_cannot_begin_again_is_one_sentence_and_nothing_is_lost(class_, out, monkeypatch):
    def cannot(self):
        raise ServerGone("it ended while it was starting")

    with monkeypatch.context() as patch, dying(patch, lambda count: count == 3):
        patch.setattr(Sandbox, "restart", cannot)
        with pytest.raises(OSError, match="^it ended while it was starting$"):
            grade(class_, out, workers=1)
    graded = grade(class_, out)
    assert graded.kept == 2 and scores(graded.grades) == dict.fromkeys(NAMES, ALL)

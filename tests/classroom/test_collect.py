"""Finding the submissions of a class: every layout that teachers have, and nobody's work taken for another's."""

import json

import pytest
from notebooks_of_a_class import GATES, SCRATCH, folder_of, notebook, pairs, zip_of

from lstm_course.classroom.collecting.collect import collect
from lstm_course.classroom.collecting.descriptions import NO_EXERCISE
from lstm_course.classroom.grade import grade
from lstm_course.grading.notebook_file import parse

PLAIN = notebook()  # says nothing of itself
NBGRADER = {
    f"ada/{GATES}/{GATES}.ipynb": PLAIN,
    f"ada/{SCRATCH}/{SCRATCH}.ipynb": PLAIN,
    f"boris/{GATES}/{GATES}.ipynb": PLAIN,
}
OF_NBGRADER = [("ada", GATES), ("ada", SCRATCH), ("boris", GATES)]


def both_ways(tmp_path, files):
    """The same files in a folder and in a zip."""
    return folder_of(tmp_path / "class", files), zip_of(tmp_path / "class.zip", files)


# --- layouts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["", "submitted/", "class of 2026/", "course/submitted/"])
def test_nbgraders_layout_is_found_within_folders_around_it(tmp_path, around):
    files = {around + name: content for name, content in NBGRADER.items()}
    for path in both_ways(tmp_path, files):
        found = collect(path)
        assert pairs(found) == OF_NBGRADER
        assert all(one.content == PLAIN and not one.problem and not one.notes for one in found)


def test_of_a_course_folder_only_what_was_submitted_counts(tmp_path):
    files = {f"submitted/{name}": content for name, content in NBGRADER.items()}
    files |= {f"{folder}/{GATES}/{GATES}.ipynb": PLAIN for folder in ("source", "release")}
    files |= {f"{folder}/ada/{GATES}/{GATES}.ipynb": PLAIN for folder in ("autograded", "feedback")}
    files |= {"lectures/week.ipynb": PLAIN, "notes.ipynb": PLAIN}
    for path in both_ways(tmp_path, files):
        assert pairs(collect(path)) == OF_NBGRADER


def test_one_students_folder_and_one_assignments_folder_in_it(tmp_path):
    folder_of(tmp_path / "submitted", NBGRADER)
    assert pairs(collect(tmp_path / "submitted" / "ada")) == OF_NBGRADER[:2]
    assert pairs(collect(tmp_path / "submitted" / "boris" / GATES)) == OF_NBGRADER[2:]


def test_a_folder_called_submitted_around_a_class_is_nobodys_name(tmp_path):
    folder_of(tmp_path / "submitted" / "group b", NBGRADER)
    assert pairs(collect(tmp_path / "submitted" / "group b")) == OF_NBGRADER


def test_folders_by_assignment_and_then_student(tmp_path):
    files = {f"{GATES}/ada/x.ipynb": PLAIN, f"{GATES}/boris/x.ipynb": PLAIN, f"{SCRATCH}/ada/x.ipynb": PLAIN}
    for path in both_ways(tmp_path, files):
        assert pairs(collect(path)) == OF_NBGRADER
    assert pairs(collect(tmp_path / "class" / GATES)) == [("ada", GATES), ("boris", GATES)]


def test_a_folder_a_student(tmp_path):
    files = {"ada/final.ipynb": notebook(GATES), "boris/work/final.ipynb": notebook(GATES)}
    for path in both_ways(tmp_path, files):
        assert pairs(collect(path)) == [("ada", GATES), ("boris", GATES)]


def test_a_flat_folder_names_students_by_what_is_left_of_the_names(tmp_path):
    files = {
        "ada_04_gates.ipynb": PLAIN,
        "04_gates boris.ipynb": PLAIN,
        "chen.ipynb": notebook(GATES),
        "Dora-4-Gates.IPYNB": PLAIN,
        "emil_04_gates.ipynb.txt": PLAIN,
        "roster.csv": b"",
    }
    for path in both_ways(tmp_path, files):
        found = collect(path)
        assert pairs(found) == [(name, GATES) for name in ("Dora", "ada", "boris", "chen", "emil")]
        assert found[1].source.endswith("ada_04_gates.ipynb")
    assert found[1].source == "class.zip: ada_04_gates.ipynb"


def test_numbers_after_the_exercise_are_students_and_not_copies(tmp_path):
    folder_of(tmp_path, {f"04_gates ({k}).ipynb": PLAIN for k in range(1, 4)})
    assert pairs(collect(tmp_path)) == [("(1)", GATES), ("(2)", GATES), ("(3)", GATES)]


def test_files_without_a_name_in_them_go_by_their_folder_and_say_so(tmp_path):
    folder_of(tmp_path / "ada", {"04_gates.ipynb": PLAIN, "05_lstm_from_scratch.ipynb": PLAIN})
    found = collect(tmp_path / "ada")
    assert pairs(found) == [("ada", GATES), ("ada", SCRATCH)]
    assert found[0].notes == (
        "The file's name does not contain a student's name, so it is listed under the name of the folder.",
    )


def test_a_student_cannot_hand_in_under_anothers_name(tmp_path):
    theirs = (f"boris/{GATES}/{GATES}.ipynb", "boris_1_assignsubmission_file_/x.ipynb", "boris_11_22_x.ipynb")
    files = {f"chen/{name}": notebook(GATES) for name in theirs}
    files |= {f"ada/{GATES}/{name}": notebook(GATES) for name in theirs}
    for path in both_ways(tmp_path, files):
        assert pairs(collect(path)) == [("ada", GATES), ("chen", GATES)]
    assert pairs(collect(folder_of(tmp_path / "submitted", files))) == [("ada", GATES), ("chen", GATES)]


# --- which exercise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, content",
    [
        ("ada/x.ipynb", notebook(GATES)),
        ("ada/x.ipynb", notebook("04")),
        (f"ada/{SCRATCH}/x.ipynb", notebook(GATES)),  # metadata before folder
        (f"ada/{GATES}/05_lstm_from_scratch.ipynb", PLAIN),  # folder before name
        ("ada/04_gates.ipynb", notebook(grade_id="05-step")),  # name before cells
        ("ada/x.ipynb", notebook(grade_id="04-forget-gate")),
        ("ada/04_gates.ipynb", notebook("no exercise of ours")),
    ],
)
def test_the_exercise_is_told_by_metadata_folder_name_and_cells_in_this_order(tmp_path, name, content):
    (found,) = collect(folder_of(tmp_path, {name: content, "boris/x.ipynb": notebook(SCRATCH)}))[:1]
    assert (found.student, found.assignment, found.content, found.problem) == ("ada", GATES, content, "")
    assert found.notebook == parse(content)


@pytest.mark.parametrize(
    "name, content",
    [
        ("ada/04 Gates-Copy1.ipynb", b""),
        ("ada/04_gates.ipynb", b"[" * 1_000_000),
        ("ada/04_gates.ipynb", b'{"metadata": {"lstm_course": [], "nbgrader": 1}, "cells": {"metadata": 3}}'),
        ("ada/04_gates.ipynb", json.dumps({"metadata": {"lstm_course": {"exercise": ["x"]}}, "cells": [1]}).encode()),
        ("ada/04_gates.ipynb", b"\xff\xfe\x00"),
        ("ada/04_gates.ipynb", b"1" * 10_000),
        ("ada/x.ipynb", b'{"metadata": {"lstm_course": {"exercise": "04_gates"}}, "cells": [], "nbformat": 99}'),
        ("ada/x.ipynb", notebook(grade_id="04-forget-gate").replace(b"}]}", b"}, 5]}")),
    ],
)
def test_a_broken_notebook_is_listed_for_its_exercise_as_far_as_anything_tells(tmp_path, name, content):
    (found,) = collect(folder_of(tmp_path, {name: content, "boris/x.ipynb": notebook(SCRATCH)}))[:1]
    assert (found.student, found.assignment, found.content) == ("ada", GATES, content)
    assert (
        found.problem.startswith(("It is not a Jupyter notebook (", "It cannot be read (")) and found.notebook is None
    )


def test_names_that_say_little_do_not_come_before_the_cells(tmp_path):
    """A file may be called forecasting.ipynb because it is a draft, and 4.ipynb because it is the fourth."""
    files = {f"ada/{name}.ipynb": notebook(grade_id="05-step") for name in ("4", "04", "gates", "forecasting")}
    assert pairs(collect(folder_of(tmp_path, files | {"boris/4.ipynb": PLAIN}))) == [("ada", SCRATCH), ("boris", "")]


def test_a_submission_is_parsed_once(tmp_path, monkeypatch):
    files = {f"{name}/x.ipynb": notebook(GATES, text=f"the words of {name}") for name in ("ada", "boris")}
    loads, parsed = json.loads, []
    monkeypatch.setattr(json, "loads", lambda text, **options: [parsed.append(str(text)), loads(text, **options)][1])
    out = tmp_path / "out"
    for _ in range(2):  # the second time, the grades are known
        parsed.clear()
        grade(folder_of(tmp_path / "class", files), out, isolation="limits", force=True, workers=1)
        assert [sum(f"the words of {name}" in text for text in parsed) for name in ("ada", "boris")] == [1, 1]


def test_the_argument_comes_before_everything(tmp_path):
    folder_of(tmp_path, {"ada.ipynb": PLAIN, "boris.ipynb": notebook(SCRATCH), "chen.ipynb": notebook(GATES)})
    found = collect(tmp_path, "04")
    assert pairs(found) == [("ada", GATES), ("boris", GATES), ("chen", GATES)]
    assert [one.notes for one in found] == [(), (f"Its metadata, names or cells say that it is {SCRATCH}.",), ()]


def test_the_argument_does_not_let_another_exercise_take_the_place_of_the_right_one(tmp_path):
    files = {f"ada/{GATES}/x.ipynb": PLAIN, f"ada/{SCRATCH}/x.ipynb": PLAIN, "ada/zettel.ipynb": PLAIN}
    (found,) = collect(folder_of(tmp_path / "submitted", files), GATES)
    assert found.source == f"ada/{GATES}/x.ipynb"


def test_what_cannot_be_told_is_listed_with_its_problem(tmp_path):
    (found,) = collect(folder_of(tmp_path, {"ada.ipynb": b""}))
    assert (found.student, found.assignment, found.content) == ("ada", "", b"")
    assert found.problem == NO_EXERCISE


# --- several files of one student -------------------------------------------------------------------------------


def test_of_two_files_for_one_exercise_the_later_counts_and_names_the_other(tmp_path):
    early, late = notebook(GATES, text="early"), notebook(GATES, text="late")
    found, _ = collect(folder_of(tmp_path, {"ada/z.ipynb": early, "ada/a.ipynb": late, "boris/b.ipynb": early}))
    assert found.content == late
    assert found.notes == ("Of 2 notebooks for 04_gates this one counts; not judged: `ada/z.ipynb`.",)


def test_of_files_of_one_time_the_last_by_name_counts_and_ten_comes_after_nine(tmp_path):
    names = ("04_gates", "04_gates-9", "04_gates-10")
    files = {f"ada/{name}.ipynb": notebook(GATES, text=name) for name in names}
    (found,) = collect(zip_of(tmp_path / "class.zip", files))
    assert found.source == "class.zip: ada/04_gates-10.ipynb"


def test_a_file_in_the_wrong_folder_does_not_take_the_place_of_the_right_one(tmp_path):
    files = {f"ada/{SCRATCH}/right.ipynb": notebook(SCRATCH), f"ada/{GATES}/wrong.ipynb": notebook(SCRATCH)}
    (found,) = collect(folder_of(tmp_path / "submitted", files))
    assert found.source == f"ada/{SCRATCH}/right.ipynb"
    (alone,) = collect(folder_of(tmp_path / "b" / "submitted", {f"ada/{GATES}/wrong.ipynb": notebook(SCRATCH)}))
    assert alone.notes == (f"It is in the folder of {GATES}, but its metadata says that it is {SCRATCH}.",)


def test_a_scratch_file_is_listed_only_where_there_is_nothing_else(tmp_path):
    files = {"ada/work.ipynb": notebook(GATES), "ada/scratch.ipynb": PLAIN, "boris/scratch.ipynb": PLAIN}
    found = collect(folder_of(tmp_path, files | {"boris/other.ipynb": b""}))
    assert pairs(found) == [("ada", GATES), ("boris", "")]
    assert [one.notes for one in found] == [(), ()] and found[1].problem


def test_a_student_who_handed_in_something_else_is_not_forgotten(tmp_path):
    files = {f"boris/{GATES}/{GATES}.ipynb": PLAIN, f"ada/{GATES}/work.zip": b"PK", f"ada/{GATES}/timestamp.txt": b""}
    files[f"boris/{GATES}/data.csv"] = b""
    found = collect(folder_of(tmp_path / "submitted", files))
    assert pairs(found) == [("ada", GATES), ("boris", GATES)]
    assert found[0].content is None and "No notebook" in found[0].problem
    assert (found[1].notes, found[1].problem) == ((), "")


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one, other", [("ada", "Ada"), ("zo\u00e9", "zoe\u0301"), ("ada", "ada ")])
def test_students_whose_names_look_the_same_stay_two_and_say_so(tmp_path, one, other):
    texts = {one: notebook(GATES, text="one"), other: notebook(GATES, text="other")}
    found = collect(zip_of(tmp_path / "class.zip", {f"{name}/x.ipynb": text for name, text in texts.items()}))
    assert len({submission.student for submission in found}) == 2
    assert {submission.content for submission in found} == set(texts.values())
    assert all("almost the same" in submission.notes[0] for submission in found)
    assert all(submission.student == submission.student.strip() for submission in found)


def test_names_are_cleaned_for_display(tmp_path):
    files = {f"a\x1b[31m\u202ed\u2028a/{GATES}.ipynb": PLAIN, f"{'b' * 300}/{GATES}.ipynb": PLAIN}
    first, second = collect(zip_of(tmp_path / "class.zip", files))
    assert first.student == "a[31md a" and "\x1b" not in first.source
    assert len(second.student) == 100
    json.dumps([first.student, first.source], ensure_ascii=False).encode()


def test_the_list_is_sorted_and_holds_no_pair_twice(tmp_path):
    files = {f"{name}/{k}/{stem}.ipynb": PLAIN for name in "cab" for k in "12" for stem in (SCRATCH, GATES)}
    found = pairs(collect(folder_of(tmp_path, files)))
    assert found == sorted(set(found)) and len(found) == 6


# --- what is no class -------------------------------------------------------------------------------------------


def test_what_holds_no_submissions_is_said_in_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such folder or zip"):
        collect(tmp_path / "nothing")
    with pytest.raises(ValueError, match="it contains no notebooks"):
        collect(tmp_path)
    with pytest.raises(ValueError, match="it contains no notebooks"):
        collect(zip_of(tmp_path / "empty.zip", {}))
    (tmp_path / "x.ipynb").write_bytes(PLAIN)
    with pytest.raises(ValueError, match="not a readable zip file"):
        collect(tmp_path / "x.ipynb")
    with pytest.raises(ValueError, match="no lesson called"):
        collect(tmp_path, "99_nothing")

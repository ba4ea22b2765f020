"""Brightspace, nbgrader's exchange, and several attempts on any platform: the newest counts, the others are said."""

import itertools

import pytest
from notebooks_of_a_class import GATES, SCRATCH, folder_of, notebook, pairs, zip_of

from lstm_course.classroom.collecting import brightspace
from lstm_course.classroom.collecting.collect import collect

WORK = notebook(GATES)
FIRST, SECOND = notebook(GATES, text="first"), notebook(GATES, text="second")


def by_student(path):
    return {one.student: one for one in collect(path)}


# --- Brightspace --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["", "04 Gates Download Nov 29, 2026 547 PM/"])
@pytest.mark.parametrize("dash", [" - ", "- "])
@pytest.mark.parametrize("between", ["/", " - "])
def test_brightspaces_folders_and_files(tmp_path, around, dash, between):
    files = {
        f"{around}3901-77{dash}Ada Lovelace-Byron{dash}Nov 29, 2026 547 PM{between}04_gates.ipynb": WORK,
        f"{around}3902-77{dash}Bo O'Neil{dash}Nov 9, 2026 1147 AM{between}my work.pdf": b"",
        f"{around}3903-77{dash}Group 3{dash}29 November, 2026 905 AM{between}x.ipynb": WORK,
        f"{around}index.html": b"<table>",
    }
    for path in (zip_of(tmp_path / "export.zip", files), folder_of(tmp_path / "export", files)):
        found = by_student(path)
        assert list(found) == ["Ada Lovelace-Byron", "Bo O'Neil", "Group 3"]
        assert {one.assignment for one in found.values()} == {GATES}
        assert found["Ada Lovelace-Byron"].identity == {"name": "Ada Lovelace-Byron", "brightspace_id": "3901"}
        assert "only `my work.pdf`" in found["Bo O'Neil"].problem
        assert [one.content for one in found.values()] == [WORK, None, WORK]


def test_brightspaces_text_alone_and_empty_folders(tmp_path):
    files = {
        "3901-77 - Ada L - Nov 29, 2026 547 PM/x.ipynb": WORK,
        "3902-77 - Boris B - Nov 29, 2026 548 PM/index.html": b"<p>my answer</p>",
        "3903-77 - Chen C - Nov 29, 2026 549 PM/": b"",
    }
    found = by_student(zip_of(tmp_path / "export.zip", files))
    assert list(found) == ["Ada L", "Boris B", "Chen C"]
    assert "`index.html`" in found["Boris B"].problem and "an empty folder" in found["Chen C"].problem


@pytest.mark.parametrize(
    "early, late",
    [
        ("Nov 9, 2026 1147 AM", "Nov 29, 2026 547 PM"),
        ("Nov 29, 2026 947 AM", "Nov 29, 2026 1247 PM"),
        ("9 November, 2026 5:47 PM", "29 November, 2026 5:47 AM"),
        ("Dec 31, 2025 1159 PM", "January 1, 2026 12:01 AM"),
        ("2026-11-09 1747", "2026-11-29 0547"),
    ],
)
def test_of_brightspaces_attempts_the_newest_counts_whatever_the_order(tmp_path, early, late):
    order = [(early, FIRST), (late, SECOND)]
    for number, those in enumerate([order, order[::-1]]):
        files = {f"3901-77 - Ada L - {when}/x.ipynb": content for when, content in those}
        (ada,) = collect(folder_of(tmp_path / str(number), files | {"3902-77 - B - Nov 1, 2026 101 PM/x.pdf": b""}))[:1]
        assert ada.content == SECOND
        (note,) = ada.notes
        assert "Of 2 notebooks for 04_gates this one counts" in note and early in note


def test_brightspaces_attempts_with_times_in_another_language_go_by_the_files(tmp_path):
    files = {f"3901-77 - Ada L - {day} novembre 2026 17h47/x.ipynb": work for day, work in ((29, FIRST), (9, SECOND))}
    (ada,) = collect(folder_of(tmp_path, files))
    assert ada.content == SECOND and ada.student == "Ada L"


@pytest.mark.parametrize("numbers", [("11-900", "12-900"), ("900-11", "900-12"), ("900-5501", "900-5502")])
def test_two_of_one_name_on_brightspace_stay_two(tmp_path, numbers):
    files = {f"{number} - Kim Lee - Nov 29, 2026 547 PM/x.ipynb": WORK for number in numbers}
    files |= {f"{numbers[0].split('-')[0]}-7777 - Someone Else - Nov 29, 2026 547 PM/x.ipynb": WORK}
    if numbers[0].startswith("11"):
        del files["11-7777 - Someone Else - Nov 29, 2026 547 PM/x.ipynb"]
    found = collect(zip_of(tmp_path / "export.zip", files))
    assert len({one.student for one in found if "Kim Lee" in one.student}) == 2


def test_names_that_only_look_like_brightspaces(tmp_path):
    assert brightspace.parse("2026-11 - gates", True) is None
    assert brightspace.parse("12-34 - week.ipynb", False) is None
    assert brightspace.parse("123-4567 - Ada L", True).owner == "Ada L"
    assert brightspace.parse("123-4567 - Ada L - work - final.ipynb", False).file == "work - final.ipynb"
    files = {f"2026-11 - {name}/x.ipynb": WORK for name in ("ada", "boris")}
    assert [one.student for one in collect(folder_of(tmp_path, files))] == ["2026-11 - ada", "2026-11 - boris"]


# --- nbgrader's exchange --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["", "inbound/", "course/inbound/"])
@pytest.mark.parametrize("random", ["", "+abc123", "+6f9619ff-8b86"])
@pytest.mark.parametrize("colon", [":", "_"])
def test_nbgraders_exchange(tmp_path, around, random, colon):
    def name(student, minute, stem=GATES):
        when = f"2026-11-29 17{colon}{minute:02d}{colon}00.123456 UTC"
        return f"{around}{student}+{stem}+{when}{random}"

    files = {
        f"{name('ada', 5)}/04_gates.ipynb": notebook(text="second"),
        f"{name('ada', 4)}/04_gates.ipynb": notebook(text="first"),
        f"{name('b+c@example.org', 4)}/timestamp.txt": b"",
        f"{name('b+c@example.org', 4)}/work.py": b"",
        f"{name('chen', 4, SCRATCH)}/x.ipynb": notebook(),
    }
    released = {"course/outbound/04_gates/04_gates.ipynb": WORK} if around.startswith("course") else {}
    assert pairs(collect(zip_of(tmp_path / "beside.zip", files | released))) == pairs(
        found := collect(zip_of(tmp_path / "export.zip", files))
    )
    assert pairs(found) == [("ada", GATES), ("b+c@example.org", GATES), ("chen", SCRATCH)]
    assert found[0].content == notebook(text="second") and "Of 2 notebooks" in found[0].notes[0]
    assert "`work.py`" in found[1].problem


# --- attempts without a notebook --------------------------------------------------------------------------------------


def attempts_of(platform, number, name):
    if platform == "Blackboard":
        return f"Gates_ada_attempt_2026-11-2{number}-10-00-00{name}"
    if platform == "Brightspace":
        return f"3901-77 - ada - Nov 2{number}, 2026 1000 AM/{name.strip('_.')}"
    return f"ada+04_gates+2026-11-2{number} 10:00:00.0 UTC+r{number}/{name.strip('_.')}"


@pytest.mark.parametrize("platform", ["Blackboard", "Brightspace", "exchange"])
def test_a_later_attempt_without_a_notebook_is_to_be_looked_at(tmp_path, platform):
    files = {attempts_of(platform, 1, "_x.ipynb"): WORK, attempts_of(platform, 3, "_work.docx"): b""}
    (ada,) = collect(zip_of(tmp_path / "export.zip", files))
    assert (ada.student, ada.content, ada.problem) == ("ada", WORK, "")
    assert ada.notes == ("A later attempt contains `work.docx`, but no notebook.",)


@pytest.mark.parametrize("platform", ["Blackboard", "Brightspace", "exchange"])
def test_an_earlier_attempt_without_a_notebook_is_said(tmp_path, platform):
    files = {attempts_of(platform, 1, "_work.docx"): b"", attempts_of(platform, 3, "_x.ipynb"): WORK}
    (ada,) = collect(zip_of(tmp_path / "export.zip", files))
    assert ada.content == WORK
    assert ada.notes == ("An earlier attempt contains `work.docx`, but no notebook.",)


def test_blackboards_attempts_with_a_text_and_with_files_beside_it(tmp_path):
    files = {
        attempts_of("Blackboard", 1, "_x.ipynb"): FIRST,
        attempts_of("Blackboard", 1, ".txt"): b"",
        attempts_of("Blackboard", 2, "_x.ipynb"): SECOND,
        attempts_of("Blackboard", 2, "_plot.png"): b"",
        attempts_of("Blackboard", 2, ".txt"): b"",
        attempts_of("Blackboard", 3, ".txt"): b"Submission Field:\n42",
    }
    for order in itertools.islice(itertools.permutations(files), 0, None, 97):
        folder = folder_of(tmp_path / str(abs(hash(order))), {name: files[name] for name in order})
        (ada,) = collect(folder)
        assert ada.content == SECOND
        assert ada.notes[0].startswith("Of 2 notebooks for 04_gates this one counts; not judged: ")
        said = "A later attempt contains at most a text typed into Blackboard, but no notebook."
        assert ada.notes[1:] == (said,)


def test_blackboards_attempts_in_folders(tmp_path):
    files = {
        "Gates_ada_attempt_2026-11-21-10-00-00/x.ipynb": FIRST,
        "Gates_ada_attempt_2026-11-22-10-00-00/x.ipynb": SECOND,
        "Gates_boris_attempt_2026-11-22-10-00-00/x.zip": b"",
    }
    found = by_student(folder_of(tmp_path / "export", files))
    assert list(found) == ["ada", "boris"] and found["ada"].content == SECOND and found["boris"].problem


def test_canvas_files_of_one_submission_are_no_attempts(tmp_path):
    files = {
        "ada_101_5501_04_gates-2.ipynb": WORK,
        "ada_101_5502_plot.png": b"",
        "boris_102_5503_04_gates-1.ipynb": FIRST,
        "boris_102_5509_04_gates-2.ipynb": SECOND,
    }
    ada, boris = collect(zip_of(tmp_path / "submissions.zip", files))
    assert (ada.content, ada.notes, ada.remarks) == (WORK, (), ())
    assert boris.content == SECOND and "04_gates-1.ipynb" in boris.notes[0]


# --- Gradescope -----------------------------------------------------------------------------------------------------


def test_whoever_gradescope_names_is_listed_also_without_a_file(tmp_path):
    people = {11: "Ada", 12: "Boris", 13: "Chen", 14: "Dora"}
    told = "".join(f"submission_{k}:\n  :submitters:\n  - :name: {name}\n" for k, name in people.items())
    files = {
        "assignment_9_export/submission_metadata.yml": ("---\n" + told).encode(),
        "assignment_9_export/submission_11/04_gates.ipynb": notebook(),
        "assignment_9_export/submission_12/gates.py": b"",
        "assignment_9_export/submission_13/": b"",
    }
    found = by_student(zip_of(tmp_path / "export.zip", files))
    assert list(found) == ["Ada", "Boris", "Chen", "Dora"]
    assert [bool(one.problem) for one in found.values()] == [False, True, True, True]
    assert {one.assignment for one in found.values()} == {GATES}
    assert found["Dora"].identity == {"gradescope_id": "14", "name": "Dora"}


# --- exports of several exercises, each in its folder ---------------------------------------------------------------


def test_exports_in_folders_of_lessons_are_read_like_exports(tmp_path):
    files = {f"{stem}/Week_{stem}_ada_l_attempt_2026-11-20-10-00-00_x.ipynb": notebook() for stem in (GATES, SCRATCH)}
    files |= {f"{stem}/Week_{stem}_bo_attempt_2026-11-20-10-00-00.txt": b"" for stem in (GATES, SCRATCH)}
    found = collect(folder_of(tmp_path / "course", files))
    assert pairs(found) == [(name, stem) for name in ("ada_l", "bo") for stem in (GATES, SCRATCH)]
    assert [bool(one.problem) for one in found] == [False, False, True, True]

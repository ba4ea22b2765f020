"""Everybody who handed in anything is listed: texts, other files, empty folders, also where nobody has a notebook."""

import csv
import io
import json

import pytest
from notebooks_of_a_class import GATES, SCRATCH, folder_of, notebook, pairs, zip_of

from lstm_course.classroom.collecting.collect import collect
from lstm_course.classroom.grade import grade

WORK = notebook(GATES)
TEXT = b"<p>Here is my notebook: https://example.org/xyz</p>"
NO_NOTEBOOK = "No notebook (.ipynb) was submitted, only {}."


def everywhere(tmp_path, files):
    """What is found in a zip and in a folder of the same files, which must be the same."""
    in_zip = collect(zip_of(tmp_path / "export.zip", files))
    in_folder = collect(folder_of(tmp_path / "export", files))
    assert [(one.student, one.assignment, one.problem) for one in in_zip] == [
        (one.student, one.assignment, one.problem) for one in in_folder
    ]
    return {one.student: one for one in in_zip}


# --- typed on the platform ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["", "COURSE-Gates-77/"])
@pytest.mark.parametrize(
    "file, text",
    [
        ("assignsubmission_file_/x.ipynb", "assignsubmission_onlinetext_/onlinetext.html"),
        ("assignsubmission_file/x.ipynb", "assignsubmission_onlinetext/onlinetext.html"),
        ("assignsubmission_file_x.ipynb", "assignsubmission_onlinetext_onlinetext.html"),
        ("assignsubmission_file_x.ipynb", "assignsubmission_onlinetext.html"),
    ],
)
def test_an_online_text_on_moodle(tmp_path, around, file, text):
    files = {
        f"{around}Ada L_101_{file}": WORK,
        f"{around}Ada L_101_{text}": b"<p>done</p>",
        f"{around}Boris B_102_{text}": TEXT,
        f"{around}Chen C_103_{file}": WORK,
        f"{around}Group 7_2207_{text}": TEXT,
        f"{around}Default group_{text}": TEXT,
    }
    found = everywhere(tmp_path, files)
    assert list(found) == ["Ada L", "Boris B", "Chen C", "Default group", "Group 7"]
    assert {one.assignment for one in found.values()} == {GATES}
    for name in ("Boris B", "Group 7", "Default group"):
        assert found[name].problem == NO_NOTEBOOK.format("an online text") and found[name].content is None
    assert found["Boris B"].identity == {"name": "Boris B", "moodle_id": "102"}
    assert found["Group 7"].identity["moodle_id"] == "2207"
    assert [found[name].notes for name in ("Ada L", "Chen C")] == [(), ()]
    assert found["Ada L"].remarks == ("Besides the notebook there is an online text, which is not judged.",)
    assert found["Chen C"].remarks == () and not found["Ada L"].problem


def test_moodle_where_nobody_has_a_notebook_and_names_are_hidden(tmp_path):
    files = {
        "COURSE-Gates-77/Participant_12_assignsubmission_onlinetext/onlinetext.html": TEXT,
        "COURSE-Gates-77/Participant_12_assignsubmission_onlinetext/picture.png": b"",
        "COURSE-Gates-77/Participant 13_assignsubmission_file_/work.docx": b"",
        "COURSE-Gates-77/Participant_14_assignsubmission_mahara/page.html": b"",
    }
    found = collect(zip_of(tmp_path / "export.zip", files))
    assert [(one.identity["moodle_id"], one.problem) for one in found] == [
        ("12", NO_NOTEBOOK.format("an online text")),
        ("14", NO_NOTEBOOK.format("`page.html`")),
        ("13", NO_NOTEBOOK.format("`work.docx`")),
    ]
    assert len({one.student for one in found}) == 3
    told = collect(tmp_path / "export.zip", GATES)
    assert {one.assignment for one in told} == {GATES}


def test_text_and_file_on_moodle_are_one_submission(tmp_path):
    files = {
        "Ada_1_assignsubmission_onlinetext_onlinetext.html": TEXT,
        "Ada_1_assignsubmission_file_work.pdf": b"",
        "Boris_2_assignsubmission_file_x.ipynb": WORK,
    }
    ada = everywhere(tmp_path, files)["Ada"]
    assert ada.problem == NO_NOTEBOOK.format("`work.pdf` and an online text")


def test_texts_and_addresses_on_canvas(tmp_path):
    files = {
        "lovelaceada_101_5501_04_gates.ipynb": notebook(),
        "bonesboris_LATE_102_text.html": TEXT,
        "chencarl_103_link.html": TEXT,
        "anon_a1b2c_text.html": TEXT,
        "doedora_104_5502_text.html": b"a file of that name",
        "eveemil_105_5503_04_gates.pdf": b"",
        "eveemil_105_5504_gates.py": b"",
    }
    found = everywhere(tmp_path, files)
    assert list(found) == ["anon_a1b2c", "bonesboris", "chencarl", "doedora", "eveemil", "lovelaceada"]
    assert {one.assignment for one in found.values()} == {GATES}
    assert found["bonesboris"].identity == {"canvas_id": "102", "name": "bonesboris", "late": "yes"}
    assert found["bonesboris"].notes == ("Canvas marks it as late.",)
    assert [found[name].problem for name in ("bonesboris", "chencarl", "doedora", "eveemil")] == [
        NO_NOTEBOOK.format("a text typed into Canvas"),
        NO_NOTEBOOK.format("the address of a web page"),
        NO_NOTEBOOK.format("`text.html`"),
        NO_NOTEBOOK.format("`04_gates.pdf` and `gates.py`"),
    ]
    assert not found["lovelaceada"].problem


def test_texts_on_blackboard_and_its_note_on_every_attempt(tmp_path):
    stamp = "attempt_2026-11-20-10-00-0"
    files = {
        f"Gates_week 4_ada_l_{stamp}1_x.ipynb": WORK,
        f"Gates_week 4_ada_l_{stamp}1.txt": b"There is no student submission text data for this assignment.",
        f"Gates_week 4_boris_{stamp}2.txt": b"Submission Field:\nmy answer is 42",
        f"Gates_week 4_chen_{stamp}3.txt": b"",
        f"Gates_week 4_chen_{stamp}3_work.pdf": b"",
    }
    found = everywhere(tmp_path, files)
    assert list(found) == ["ada_l", "boris", "chen"]
    ada, boris, chen = found.values()
    assert (ada.problem, ada.notes, ada.remarks) == ("", (), ())
    assert boris.problem == NO_NOTEBOOK.format("at most a text typed into Blackboard")
    assert boris.assignment == GATES
    assert chen.problem == NO_NOTEBOOK.format("`work.pdf`")


# --- other files and empty folders --------------------------------------------------------------------------------


def test_whatever_lies_in_a_folder_beside_those_of_others_was_handed_in(tmp_path):
    files = {
        "ada/final.ipynb": WORK,
        "boris/gates.py": b"",
        "boris/plots/a.png": b"",
        "chen/work.pdf": b"",
        "dora/.ipynb_checkpoints/x-checkpoint.ipynb": WORK,
        "emil/": b"",
        "fay/04_gates/notes.docx": b"",
        "roster.csv": b"",
        "README.md": b"",
    }
    found = {one.student: one for one in collect(zip_of(tmp_path / "class.zip", files))}
    assert list(found) == ["ada", "boris", "chen", "dora", "emil", "fay"]
    assert {one.assignment for one in found.values()} == {GATES}
    assert [found[name].problem for name in ("boris", "chen", "dora", "emil")] == [
        NO_NOTEBOOK.format(what)
        for what in ("`a.png` and `gates.py`", "`work.pdf`", "an empty folder", "an empty folder")
    ]


def test_an_empty_folder_on_disk(tmp_path):
    folder_of(tmp_path / "submitted", {f"ada/{GATES}/x.ipynb": WORK, f"chen/{SCRATCH}/.hidden": b""})
    (tmp_path / "submitted" / "boris" / GATES).mkdir(parents=True)
    found = collect(tmp_path / "submitted")
    assert pairs(found) == [("ada", GATES), ("boris", GATES), ("chen", SCRATCH)]
    assert [one.problem for one in found[1:]] == [NO_NOTEBOOK.format("an empty folder")] * 2


def test_an_empty_folder_beside_work_says_nothing(tmp_path):
    folder_of(tmp_path, {"ada/final.ipynb": WORK, "boris/final.ipynb": WORK})
    (tmp_path / "ada" / "figures").mkdir()
    assert [(one.student, one.notes, one.remarks) for one in collect(tmp_path)] == [("ada", (), ()), ("boris", (), ())]


def test_for_each_exercise_somebody_is_listed_once(tmp_path):
    files = {
        f"ada/{GATES}/x.ipynb": WORK,
        f"ada/{GATES}/data.csv": b"",
        f"ada/{SCRATCH}/05.py": b"",
        f"boris/{SCRATCH}/x.ipynb": notebook(SCRATCH),
    }
    found = collect(folder_of(tmp_path / "submitted", files))
    assert pairs(found) == [("ada", GATES), ("ada", SCRATCH), ("boris", SCRATCH)]
    assert [bool(one.problem) for one in found] == [False, True, False]
    assert pairs(collect(tmp_path / "submitted", GATES)) == [("ada", GATES), ("boris", GATES)]


def test_files_without_folders_count_where_they_are_named_like_the_notebooks(tmp_path):
    files = {
        "ada_04_gates.ipynb": notebook(),
        "ada_04_gates.html": b"",
        "boris_04_gates.py": b"",
        "04_gates chen.txt": b"",
        "Dora.pdf": b"",
        "Emil - 04 Gates.docx": b"",
        "fay.tar.gz": b"",
        "04_gates.pdf": b"",
        "04_gates grades.csv": b"",
        "roster.csv": b"",
        "README.md": b"",
        "plot.png": b"",
    }
    found = everywhere(tmp_path, files)
    assert list(found) == ["Dora", "Emil", "ada", "boris", "chen", "fay"]
    assert {one.assignment for one in found.values()} == {GATES} and not found["ada"].problem
    assert found["fay"].problem == NO_NOTEBOOK.format("`fay.tar.gz`")


def test_what_lies_in_one_persons_own_folder_is_nobody_elses(tmp_path):
    files = {"04_gates.ipynb": notebook(), "figures/plot.png": b"", "notes.pdf": b"", "old/": b""}
    folder_of(tmp_path / "ada", {name: content for name, content in files.items() if not name.endswith("/")})
    (tmp_path / "ada" / "old").mkdir()
    assert pairs(collect(tmp_path / "ada")) == [("ada", GATES)]


def test_a_folder_in_which_nobody_handed_in_a_notebook(tmp_path):
    files = {f"course/submitted/{name}/{GATES}/x.pdf": b"" for name in ("ada", "boris")}
    files["course/release/04_gates/04_gates.ipynb"] = WORK
    assert pairs(collect(zip_of(tmp_path / "class.zip", files))) == [("ada", GATES), ("boris", GATES)]
    with pytest.raises(ValueError, match="it contains no notebooks"):
        collect(folder_of(tmp_path / "pictures", {"holidays/a.png": b"", "work/letter.docx": b""}))


def test_what_an_earlier_grading_wrote_is_nobodys(tmp_path):
    class_ = folder_of(tmp_path / "class", {"ada/x.ipynb": WORK, "boris/x.py": b""})
    for out in (class_ / "graded", class_):
        for _ in range(2):
            graded = grade(class_, out, isolation="limits", force=True, workers=1)
            assert [(one.student, one.status == "unreadable") for one in graded.grades] == [
                ("ada", False),
                ("boris", True),
            ]


def test_a_notebook_that_cannot_be_assigned_keeps_its_own_words(tmp_path):
    files = {"ada/x.ipynb": WORK, "boris/x.ipynb": b"", "chen/x.py": b""}
    found = collect(folder_of(tmp_path, files))
    assert pairs(found) == [("ada", GATES), ("boris", ""), ("chen", GATES)]
    files = {"ada/x.ipynb": WORK, "boris/x.ipynb": notebook(SCRATCH), "chen/x.py": b""}
    assert pairs(collect(folder_of(tmp_path / "two", files)))[-1] == ("chen", "")


# --- where the listing ends ---------------------------------------------------------------------------------------


def test_a_text_is_a_row_of_every_table_and_stands_in_the_report(tmp_path):
    files = {
        "Ada L_101_assignsubmission_file/x.ipynb": WORK,
        "Ada L_101_assignsubmission_onlinetext/onlinetext.html": TEXT,
        "Boris B_102_assignsubmission_onlinetext/onlinetext.html": TEXT,
    }
    out = tmp_path / "out"
    graded = grade(zip_of(tmp_path / "export.zip", files), out, isolation="limits", force=True, workers=1)
    assert [(one.student, one.assignment, one.status) for one in graded.grades] == [
        ("Ada L", GATES, "graded"),  # a text beside it is no reason to look at the notebook
        ("Boris B", GATES, "unreadable"),
    ]
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8"))))
    assert [(row["student"], row["score"], row["status"]) for row in rows][1] == ("Boris B", "", "unreadable")
    (moodle,) = [path.read_text(encoding="utf-8") for path in (out / "moodle").iterdir()]
    assert "Participant 102,Boris B,," in moodle
    assert "Boris B" in (out / "canvas.csv").read_text(encoding="utf-8")
    report = (out / "report.html").read_text(encoding="utf-8")
    assert NO_NOTEBOOK.format("an online text") in report
    assert "Besides the notebook there is an online text, which is not judged." in report
    known = json.loads((out / "grades.json").read_text(encoding="utf-8"))["grades"]
    assert known[1]["notes"] == [NO_NOTEBOOK.format("an online text")]

"""Zips as learning platforms export them: who handed in what, and what the platform calls them."""

import pytest
from notebooks_of_a_class import GATES, SCRATCH, folder_of, notebook, pairs, zip_of

from lstm_course.classroom.collecting.collect import collect

WORK = notebook(GATES)


@pytest.mark.parametrize("around", ["", "COURSE-Gates-77/"])
@pytest.mark.parametrize("form", ["_/", "/", "_", "_/sub/folder/"])
def test_moodles_folders_and_files(tmp_path, form, around):
    files = {
        f"{around}Ada L_123_assignsubmission_file{form}x.ipynb": WORK,
        f"{around}Ødegård Bø_124_assignsubmission_file{form}x.ipynb": WORK,
    }
    for path in (zip_of(tmp_path / "export.zip", files), folder_of(tmp_path / "export", files)):
        first, second = collect(path)
        assert pairs([first, second]) == [("Ada L", GATES), ("Ødegård Bø", GATES)]
        assert first.identity == {"name": "Ada L", "moodle_id": "123"}


def test_a_moodle_export_of_one_person_in_a_folder(tmp_path):
    (found,) = collect(zip_of(tmp_path / "x.zip", {"export/Ada_12_assignsubmission_file_/x.ipynb": WORK}))
    assert (found.student, found.identity["moodle_id"]) == ("Ada", "12")


def test_two_people_of_one_name_are_told_apart_by_their_numbers(tmp_path):
    files = {f"Participant_{k}_assignsubmission_file_/x.ipynb": WORK for k in (7, 8)}
    found = collect(zip_of(tmp_path / "export.zip", files))
    assert pairs(found) == [("Participant (7)", GATES), ("Participant (8)", GATES)]
    assert [one.identity["moodle_id"] for one in found] == ["7", "8"]


def test_people_in_no_group_have_no_number(tmp_path):
    files = {"Default group_assignsubmission_file_/x.ipynb": WORK, "B 2_5_assignsubmission_file_/x.ipynb": WORK}
    found = collect(zip_of(tmp_path / "export.zip", files))
    assert [one.student for one in found] == ["B 2", "Default group"] and "moodle_id" not in found[1].identity


def test_a_name_that_a_student_chose_inside_moodles_does_not_count(tmp_path):
    files = {
        "Ada_1_assignsubmission_file_Boris_2_assignsubmission_file_x.ipynb": WORK,
        "Boris_2_assignsubmission_file_x.ipynb": WORK,
    }
    assert pairs(collect(zip_of(tmp_path / "export.zip", files))) == [("Ada", GATES), ("Boris", GATES)]


def test_canvas_names_with_late_ones_and_second_uploads(tmp_path):
    files = {
        "lovelaceada_340934_208490284_04_gates.ipynb": notebook(text="first"),
        "lovelaceada_LATE_340934_208490999_04_gates-1.ipynb": notebook(text="second"),
        "bøboris_340935_208490285_my_work.ipynb": WORK,
        "chen_340936_208490286_11_22_04_gates.ipynb": notebook(),
        "anon_a1b2c_208490287_04_gates.ipynb": notebook(),
        "LATE_anon_a1b2d_208490288_04_gates.ipynb": notebook(),
    }
    ada, *others = sorted(collect(zip_of(tmp_path / "submissions.zip", files)), key=lambda one: one.content != files[
        "lovelaceada_LATE_340934_208490999_04_gates-1.ipynb"])  # fmt: skip
    assert (ada.student, ada.assignment) == ("lovelaceada", GATES)
    assert ada.identity == {"canvas_id": "340934", "name": "lovelaceada", "late": "yes"}
    assert any("late" in note for note in ada.notes) and any("04_gates.ipynb" in note for note in ada.notes)
    assert [one.student for one in others] == ["anon_a1b2c", "anon_a1b2d", "bøboris", "chen"]
    assert others[1].identity == {"canvas_anonymous_id": "a1b2d", "late": "yes"}
    assert others[3].identity["canvas_id"] == "340936"


def test_two_people_of_one_name_on_canvas_stay_two(tmp_path):
    files = {f"smithjo_{number}_55{number}_x.ipynb": WORK for number in (341, 342)}
    found = collect(zip_of(tmp_path / "submissions.zip", files))
    assert [one.student for one in found] == ["smithjo (341)", "smithjo (342)"]


def test_numbers_in_names_that_are_not_from_canvas(tmp_path):
    files = {"ada_1_2_x.ipynb": WORK, "boris.ipynb": WORK, "chen.ipynb": WORK}
    assert [one.student for one in collect(folder_of(tmp_path, files))] == ["ada_1_2_x", "boris", "chen"]


def test_blackboards_last_attempt_counts_whatever_the_order(tmp_path):
    files = {
        "Gates_ada_attempt_2026-11-20-10-00-01_x.ipynb": notebook(GATES, text="second"),
        "Gates_ada_attempt_2026-11-20-10-00-00_z.ipynb": notebook(GATES, text="first"),
        "Gates_ada_attempt_2026-11-20-10-00-01.txt": b"Name: ...",
        "Gates_boris_attempt_2026-11-20-09-00-00_my_attempt_2026-12-20-10-00-00_x.ipynb": WORK,
    }
    ada, boris = collect(folder_of(tmp_path, files))
    assert ada.content == files["Gates_ada_attempt_2026-11-20-10-00-01_x.ipynb"]
    assert (ada.identity, boris.student) == ({"blackboard_id": "ada"}, "boris")


@pytest.mark.parametrize("title", ["Gates, week 4", "04_gates", "week_4"])
def test_blackboards_usernames_may_hold_underscores(tmp_path, title):
    names = ("ada_l", "boris_l", "chen")
    files = {f"{title}_{name}_poging_2026-11-20-10-00-00_x.ipynb": WORK for name in names}
    assert [one.student for one in collect(zip_of(tmp_path / "gradebook.zip", files))] == list(names)


def test_blackboards_exports_of_two_lessons_name_the_same_students(tmp_path):
    files = {f"{stem}_ada_l_attempt_2026-11-20-10-00-00_x.ipynb": notebook() for stem in (GATES, SCRATCH)}
    assert pairs(collect(folder_of(tmp_path, files))) == [("ada_l", GATES), ("ada_l", SCRATCH)]


GRADESCOPE = """---
submission_11:
  :submitters:
  - :name: Ada L
    :sid: '0042'
    :email: ada@example.org
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :results:
    :submitters:
    - :name: nobody
submission_12:
  :submitters:
  - :name: "Bo \\u00d8"
    :email: bo@example.org
  - :name: Chen
    :sid:
    :email: chen@example.org
  :score: 1.0
"""


@pytest.mark.parametrize("around", ["", "assignment_9_export/"])
def test_gradescopes_submitters_are_read_from_its_own_file(tmp_path, around):
    files = {f"{around}submission_{k}/04_gates.ipynb": notebook() for k in (11, 12, 13)}
    files[f"{around}submission_metadata.yml"] = GRADESCOPE.encode()
    files[f"{around}submission_13/submission_metadata.yml"] = b"submission_11:\n  :submitters:\n  - :name: Eve\n"
    for path in (zip_of(tmp_path / "export.zip", files), folder_of(tmp_path / "export", files)):
        found = collect(path)
        assert pairs(found) == [("Ada L", GATES), ("Bo Ø; Chen", GATES), ("submission_13", GATES)]
        assert found[0].identity == {
            "gradescope_id": "11",
            "name": "Ada L",
            "sid": "0042",
            "email": "ada@example.org",
        }
        assert found[1].identity["email"] == "bo@example.org; chen@example.org"


def test_a_gradescope_export_whose_file_makes_no_sense_goes_by_folders(tmp_path):
    files = {"submission_metadata.yml": b"\xff{[submission_11:\n :x", "submission_11/x.ipynb": WORK}
    files["submission_12/x.ipynb"] = WORK
    assert [one.student for one in collect(folder_of(tmp_path, files))] == ["submission_11", "submission_12"]

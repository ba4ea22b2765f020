"""A notebook earns the same with and without outputs, however large these are, wherever a notebook is read."""

import json
import zipfile

import pytest
from solved_class import ALL, STEM, hand_in, needs_isolation, notebook, scores
from two_lessons import TWO

from lstm_course.classroom.collecting import collect as collecting
from lstm_course.classroom.collecting import files as listing
from lstm_course.classroom.collecting.collect import collect
from lstm_course.classroom.grade import grade
from lstm_course.classroom.replay import replay
from lstm_course.grading.submission import check_notebook
from lstm_course.workspace import work

MEGABYTE = 1 << 20
FLOOD = {"output_type": "stream", "name": "stdout", "text": ["loss 0.123456789\n"] * 1_300_000}  # 26 MB as JSON


def with_outputs(*outputs):
    """Adds a cell with these outputs, which were not those of its source."""

    def change(form):
        cell = {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": list(outputs), "execution_count": 1}
        form["cells"].insert(2, cell)
        form["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": ["]}"] * 10}}}

    return change


def zip_with_pictures(path, students, megabytes):
    """A class whose notebooks hold a picture of this size each; the zip itself is small."""
    whole = json.dumps(notebook(change=with_outputs({"data": {"image/png": "@"}})))
    begin, end = (part.encode() for part in whole.split('"@"'))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in students:
            with archive.open(f"{student}_7_assignsubmission_file_/{STEM}.ipynb", "w", force_zip64=True) as member:
                member.write(begin + b'"')
                for _ in range(megabytes):
                    member.write(b"iVBORw0K" * (MEGABYTE // 8))
                member.write(b'"' + end)
    return path


@needs_isolation
@pytest.mark.slow
def test_a_class_with_much_printed_output_is_graded_and_judged_again(tmp_path):
    path = hand_in(tmp_path / "submitted", "flood", change=with_outputs(FLOOD))
    hand_in(tmp_path / "submitted", "plain")
    assert path.stat().st_size > 23 * MEGABYTE
    graded = grade(tmp_path / "submitted", tmp_path / "graded")
    assert scores(graded.grades) == {"flood": ALL, "plain": ALL}
    assert {one.status for one in graded.grades} == {"graded"}
    assert all(one.same for one in replay(tmp_path / "graded", "flood"))
    assert check_notebook(path).earned == ALL
    assert grade(tmp_path / "submitted", tmp_path / "graded").kept == 2


def test_of_a_large_notebook_what_counts_is_kept_and_nothing_else(tmp_path):
    path = zip_with_pictures(tmp_path / "class.zip", ["Ada", "Boris"], 60)
    wanted = notebook(change=with_outputs())
    wanted["metadata"]["widgets"] = {}
    for found in collect(path):
        assert (found.assignment, found.problem, found.notes) == (STEM, "", ())
        assert json.loads(found.content) == wanted
        assert len(found.content) < MEGABYTE


def test_outputs_do_not_count_against_what_is_looked_at_of_one_student(tmp_path, monkeypatch):
    lines = {**FLOOD, "text": FLOOD["text"][:100_000]}
    paths = [hand_in(tmp_path, "ada", change=with_outputs(lines), stem=lesson.stem) for lesson in TWO]
    assert min(path.stat().st_size for path in paths) > MEGABYTE
    monkeypatch.setattr(collecting, "MOST_BYTES", MEGABYTE)
    assert not any("were looked at" in note for one in collect(tmp_path) for note in one.notes)
    monkeypatch.setattr(collecting, "MOST_READ", MEGABYTE)
    assert any("only the last 1 were looked at" in note for one in collect(tmp_path) for note in one.notes)


def test_a_member_that_unpacks_to_more_than_is_read_is_one_students_problem(tmp_path, monkeypatch):
    path = zip_with_pictures(tmp_path / "class.zip", ["Ada"], 30)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"Boris_8_assignsubmission_file_/{STEM}.ipynb", json.dumps(notebook()))
    monkeypatch.setattr(listing, "LARGEST_FILE", 20 * MEGABYTE)
    ada, boris = collect(path)
    assert (ada.problem, ada.content, boris.problem) == (listing.TOO_LARGE, None, "")


def test_a_working_copy_with_large_outputs_is_read_as_any_other(tmp_path):
    small, large = notebook(), notebook(change=lambda form: form["cells"][-1].update(outputs=[FLOOD]))
    for name, form in (("small", small), ("large", large)):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(form), encoding="utf-8")
    assert work.cells_hash(tmp_path / "small.ipynb") == work.cells_hash(tmp_path / "large.ipynb")
    versions = {work.exercise_version(tmp_path / f"{name}.ipynb") for name in ("small", "large")}
    assert versions == {small["metadata"].get("lstm_course", {}).get("version")}
    (tmp_path / "large.ipynb").write_bytes(b"x" * 30 * MEGABYTE)
    with pytest.raises(ValueError, match="is not a whole notebook"):
        work.cells_hash(tmp_path / "large.ipynb")

"""The journal of a batch: what is written down is known again, whatever became of the end of the file."""

import json
from dataclasses import replace

import pytest
from graded import answer, grade

from lstm_course.classroom.journal import Busy, Journal
from lstm_course.classroom.records import Submission

ADA, BORIS = (replace(grade(name), questions=(answer("04-cell-state"),)) for name in ("ada", "boris"))
BY = "the questions of today"


def known(journal, made, by=BY):
    submission = Submission(made.student, made.assignment, made.source, b"")
    return journal.known(submission, made.digest, by)


def written(folder, *grades, done=False, **options):
    """Write a journal; its seed."""
    with Journal(folder, **options) as journal:
        for each in grades:
            journal.add(each, BY)
        if done:
            journal.finish()
        return journal.seed


def lines_of(folder):
    return [json.loads(line) for line in (folder / "grading.jsonl").read_text(encoding="utf-8").splitlines()]


def test_what_is_written_down_is_known_to_the_next(tmp_path):
    written(tmp_path, ADA)
    with Journal(tmp_path) as journal:
        assert known(journal, ADA) == ADA
        assert known(journal, BORIS) is None


def test_another_file_or_other_questions_are_not_known(tmp_path):
    written(tmp_path, ADA)
    with Journal(tmp_path) as journal:
        assert known(journal, replace(ADA, digest="another")) is None
        assert known(journal, ADA, "the questions of tomorrow") is None
        assert known(journal, replace(ADA, assignment="05_lstm_from_scratch")) is None


def test_the_last_grade_of_a_submission_counts_and_the_others_are_gone_from_the_file(tmp_path):
    changed = replace(ADA, digest="another", seed=8)
    written(tmp_path, ADA, BORIS, changed)
    with Journal(tmp_path) as journal:
        assert known(journal, ADA) is None and known(journal, changed) == changed and known(journal, BORIS) == BORIS
    assert sum("grade" in line for line in lines_of(tmp_path)) == 2


def test_a_last_line_that_is_cut_anywhere_costs_nothing_but_itself(tmp_path):
    seed = written(tmp_path, ADA, BORIS)
    path = tmp_path / "grading.jsonl"
    whole = path.read_bytes()
    start = whole.rstrip().rindex(b"\n") + 1
    for end in range(start, len(whole) + 1):
        path.write_bytes(whole[:end])
        with Journal(tmp_path) as journal:
            assert journal.seed == seed and known(journal, ADA) == ADA
            assert known(journal, BORIS) == (BORIS if end >= len(whole) - 1 else None)
            journal.add(BORIS, BY)
        with Journal(tmp_path) as journal:
            assert known(journal, BORIS) == BORIS and known(journal, ADA) == ADA


@pytest.mark.parametrize(
    "noise",
    [
        "5",
        "null",
        '"grade"',
        "[]",
        "{}",
        "{" * 1000,
        "[" * 100_000,
        '{"grade": 5, "judged_by": ""}',
        '{"grade": {}}',
        '{"grade": {"questions": [5]}, "judged_by": "x"}',
        '{"begun": "now"}',
        '{"begun": "now", "seed": "many", "again": false}',
        '{"begun": "now", "seed": Infinity, "again": false}',
        "\0" * 100,
        "\udcff\udcfe",
        "not JSON at all",
    ],
    ids=range(16),
)
def test_noise_is_passed_over(noise, tmp_path):
    seed = written(tmp_path, ADA)
    with open(tmp_path / "grading.jsonl", "ab") as file:
        file.write(noise.encode("utf-8", "surrogateescape") + b"\n")
    with Journal(tmp_path) as journal:
        assert journal.seed == seed and known(journal, ADA) == ADA
    assert [sorted(line) for line in lines_of(tmp_path)] == [["grade", "judged_by"], ["again", "begun", "seed"]]


def test_a_grade_without_the_questions_that_it_was_judged_by_is_not_known(tmp_path):
    tmp_path.joinpath("grading.jsonl").write_text(json.dumps({"grade": ADA.as_dict()}) + "\n", encoding="utf-8")
    with Journal(tmp_path) as journal:
        assert known(journal, ADA) is None


def test_a_file_of_noise_is_an_empty_journal(tmp_path):
    (tmp_path / "grading.jsonl").write_bytes(bytes(range(256)) * 100)
    with Journal(tmp_path) as journal:
        assert known(journal, ADA) is None
    assert [sorted(line) for line in lines_of(tmp_path)] == [["again", "begun", "seed"]]


def test_an_interrupted_batch_keeps_its_seed_and_a_finished_one_does_not(tmp_path):
    seed = written(tmp_path, ADA)
    assert written(tmp_path) == written(tmp_path, BORIS, done=True) == seed
    later = written(tmp_path, done=True)
    assert later != seed
    with Journal(tmp_path) as journal:
        assert known(journal, ADA).seed == ADA.seed  # what is kept keeps its own


def test_judging_all_again_forgets_and_goes_on_when_it_was_interrupted(tmp_path):
    first = written(tmp_path, ADA, BORIS, done=True)
    seed = written(tmp_path, BORIS, again=True)
    assert seed != first
    for again in (True, False):  # either way it is the interrupted batch that goes on
        with Journal(tmp_path, again) as journal:
            assert journal.seed == seed and known(journal, BORIS) == BORIS and known(journal, ADA) is None
    assert written(tmp_path, ADA, done=True, again=True) == seed
    with Journal(tmp_path, again=True) as journal:
        assert journal.seed != seed and known(journal, BORIS) is None


def test_judging_all_again_does_not_take_an_interrupted_batch_for_its_own(tmp_path):
    seed = written(tmp_path, ADA)
    with Journal(tmp_path, again=True) as journal:
        assert journal.seed != seed and known(journal, ADA) is None


def test_a_second_one_is_told_so_and_changes_nothing(tmp_path):
    with Journal(tmp_path) as journal:
        journal.add(ADA, BY)
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        with pytest.raises(
            Busy, match="^out: another program is grading into .*; wait until it is done, or use another folder$"
        ):
            Journal(tmp_path, again=True)
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    written(tmp_path, BORIS)  # and then it is free

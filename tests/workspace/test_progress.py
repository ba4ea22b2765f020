"""Progress: which copies are judged, and that a verdict is remembered for as long as it holds."""

import pytest
from two_lessons import TWO

from lstm_course import lessons, questions
from lstm_course.grading.submission import check_notebook
from lstm_course.workspace import progress as module
from lstm_course.workspace.progress import progress
from lstm_course.workspace.work import make_copies


class Judge:
    """Stands in for the real one, and counts."""

    def __init__(self, *earned):
        self.earned, self.calls = earned, 0

    def __call__(self, path):
        self.calls += 1
        return self

    def as_dict(self):
        questions = [{"id": f"04-{k}", "earned": e, "possible": 2} for k, e in enumerate(self.earned)]
        return {"earned": sum(self.earned), "possible": 2 * len(self.earned), "questions": questions}


@pytest.fixture
def course(tmp_path):
    for folder in ("exercises", "work/exercises"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "04_gates.ipynb").write_text(folder, encoding="utf-8")
    (tmp_path / "exercises" / "05_lstm_from_scratch.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def test_points_and_the_next_question(course):
    first, second = progress(course, course / "work", Judge(2, 1, 0))
    assert (first.earned, first.possible, first.percent, first.next) == (3, 6, 50, "04-1")
    assert not second.started and second.percent == 0 and second.next is None


def test_all_done_is_the_only_hundred(course):
    assert progress(course, course / "work", Judge(2, 2))[0].percent == 100
    assert module.Progress(None, earned=199, possible=200).percent == 99


def test_judged_again_only_when_something_changed(course, monkeypatch):
    judge = Judge(2)
    copy, original = course / "work/exercises/04_gates.ipynb", course / "exercises/04_gates.ipynb"

    def calls():
        assert progress(course, course / "work", judge)[0].earned == 2
        return judge.calls

    assert (calls(), calls()) == (1, 1)
    copy.write_text("other", encoding="utf-8")
    assert (calls(), calls()) == (2, 2)
    original.write_text("other", encoding="utf-8")
    assert (calls(), calls()) == (3, 3)
    monkeypatch.setattr(module, "package_digest", lambda: "changed")
    assert (calls(), calls()) == (4, 4)


@pytest.mark.parametrize("cache", ["", "[]", '{"04_gates": 1}', '{"04_gates": {"key": "x"}}'])
def test_a_broken_cache_is_no_cache(course, cache):
    (course / "work" / module.CACHE).write_text(cache, encoding="utf-8")
    assert progress(course, course / "work", Judge(1))[0].earned == 1


def test_a_broken_copy_is_said_and_the_rest_goes_on(course):
    def judge(path):
        raise ValueError("it is not a Jupyter notebook")

    first, second = progress(course, course / "work", judge)
    assert first.problem == "it is not a Jupyter notebook" and first.started
    assert not second.started


def test_a_verdict_that_cannot_be_remembered_is_shown_all_the_same(course):
    (course / "work" / module.CACHE).mkdir()  # a folder, where the file should be
    judge = Judge(2, 1)
    assert [progress(course, course / "work", judge)[0].earned for _ in range(2)] == [3, 3]
    assert judge.calls == 2


def test_a_copy_that_cannot_be_read_is_named(course):
    def judge(path):
        raise PermissionError(13, "Permission denied", str(path))

    copy = course / "work/exercises/04_gates.ipynb"
    assert progress(course, course / "work", judge)[0].problem == f"{copy}: Permission denied"


@pytest.mark.slow
def test_copies_as_they_were_handed_out_are_not_judged_but_get_the_same_verdict(tmp_path):
    root, work = lessons.course_root(), tmp_path / "work"
    make_copies(root, work)
    judge = Judge()
    rows = {row.lesson.stem: row for row in progress(root, work, judge)}
    assert judge.calls == 0 and len(rows) == len(lessons.LESSONS)
    for stem in [lesson.stem for lesson in TWO]:
        judged = check_notebook(work / "exercises" / f"{stem}.ipynb")
        next_question = next(verdict.question for verdict in judged.questions if verdict.possible)
        assert (rows[stem].earned, rows[stem].possible, rows[stem].next) == (0, judged.possible, next_question)
    for stem, row in rows.items():
        assert row.possible == sum(question.points for question in questions.of_lesson(stem)), stem

    copy = work / "exercises" / "04_gates.ipynb"
    copy.write_text(copy.read_text(encoding="utf-8").replace("raise NotImplementedError", "return None"), "utf-8")
    progress(root, work, judge)
    assert judge.calls == 1

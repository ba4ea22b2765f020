"""From a file to its verdicts: every other right way earns everything, and every wrong one nothing, side by side."""

import handing_in
import pytest
from two_lessons import on_two_lessons

from lstm_course import lessons, questions
from lstm_course.grading import notebook_file
from lstm_course.grading.bank import Bank
from lstm_course.grading.submission import Bench, check_notebook
from lstm_course.isolation.sandbox import Sandbox

each_lesson = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.stem)


def handed_in(folder, lesson, batch):
    """The file of a notebook with these answers."""

    def first(cells):
        answer = next(k for k, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution"))
        cells.insert(answer, handing_in.with_everything(lesson))

    sources = {name: item.source for name, item in batch.items()}
    return handing_in.write(folder / f"{lesson.stem}.ipynb", lesson, sources, change=first)


def ungraded(lesson):
    """How notes begin about the cells that put answers to use, such as a training run below an exercise."""
    cells = notebook_file.read(lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb").cells
    # The notebooks here have one cell more, before the first answer.
    numbers = [k + 1 for k, cell in enumerate(cells, start=1) if cell.cell_type == "code" and not cell.grade_id]
    return tuple(f"Cell {number} did not run: " for number in numbers)


def misjudged(report, batch, lesson):
    """What a report says wrongly of these answers."""
    assert all(note.startswith(ungraded(lesson)) for note in report.notes)  # wrong answers may stop such a cell
    assert [verdict.question for verdict in report.questions] == list(batch)
    for verdict, item in zip(report.questions, batch.values(), strict=True):
        wanted = questions.find(verdict.question).points if item.verdict == "right" else 0
        as_wanted = verdict.verdict == item.verdict if item.verdict else not verdict.right
        if not as_wanted or verdict.earned != wanted or (item.mistake and verdict.mistake != item.mistake):
            yield f"{verdict.question}, {item.label}, wanted {item.verdict or 'anything but right'}: {verdict}"


@pytest.mark.grading
@each_lesson
def test_right_answers_are_accepted_and_wrong_ones_rejected_whatever_stands_beside_them(lesson, tmp_path):
    said = []
    with Sandbox(preload=["numpy", "torch._dynamo"]) as sandbox:  # some ways use it, and would load it each time
        bench = Bench(Bank().assignment(lesson.stem), sandbox, seed=0)
        for batch in handing_in.batches(lesson):
            report = bench.judge(notebook_file.read(handed_in(tmp_path, lesson, batch)))
            said += misjudged(report, batch, lesson)
    assert said == []


@pytest.mark.slow
@on_two_lessons
def test_so_it_is_for_a_sample_of_them(lesson, tmp_path):
    batch = next(handing_in.batches(lesson))
    assert list(misjudged(check_notebook(handed_in(tmp_path, lesson, batch), seed=0), batch, lesson)) == []


@pytest.mark.slow
@each_lesson
def test_every_item_is_in_some_notebook(lesson):
    whole = list(handing_in.batches(lesson))
    for question in questions.of_lesson(lesson):
        if question.points:
            assert set(handing_in.items(question)) == {batch[question.id] for batch in whole} - {handing_in.LEFT_BLANK}

"""Right answers pass however they are written, from the file on: each notebook here is right in a way of its own."""

import handing_in
import pytest
from right_answers import CELL, FORGET, GATES, WRITTEN

from lstm_course.grading.submission import check_notebook


def first(sources):
    def change(cells):
        place = next(k for k, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution"))
        cells[place:place] = map(handing_in.code, sources)

    return change


def earns_everything(path):
    report = check_notebook(path, seed=0)
    assert [verdict for verdict in report.questions if not verdict.right] == []
    assert report.earned == report.possible > 0
    return report


@pytest.mark.grading
@pytest.mark.parametrize("written", WRITTEN)
def test_a_right_answer_passes_however_it_is_written(written, tmp_path):
    lesson, sources, extra = WRITTEN[written]
    earns_everything(handing_in.write(tmp_path / f"{lesson.stem}.ipynb", lesson, sources, first(extra)))


@pytest.mark.parametrize("written", ["magics and shell commands", "extra cells, some of them broken"])
def test_of_these_two_are_tried_with_every_run(written, tmp_path):
    test_a_right_answer_passes_however_it_is_written(written, tmp_path)


# --- cells elsewhere --------------------------------------------------------------------------------------------


def helper_at_the_end(cells):
    cells.append(handing_in.code("def squashed(z):\n    return 0.5 + 0.5 * np.tanh(0.5 * z)"))


def backwards(cells):
    cells.reverse()


def answers_twice(cells):
    for cell in [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]:
        cells.append({**cell, "id": cell["id"] + "-2"} if "id" in cell else dict(cell))


def without_metadata(cells):
    for cell in cells:
        cell["metadata"] = {}


def with_no_checks(cells):
    cells[:] = [cell for cell in cells if not cell["metadata"].get("nbgrader", {}).get("grade")]


def one_cell_for_all(cells):
    answers = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    answers[0]["source"] = "\n\n".join("".join(cell["source"]) for cell in answers)
    cells[:] = [cell for cell in cells if cell not in answers[1:]]


CALLS_A_HELPER = {FORGET: "def forget_gate(h, x, W_f, b_f):\n    return squashed(np.hstack([h, x]) @ W_f.T + b_f)"}


@pytest.mark.grading
@pytest.mark.parametrize(
    "sources, change",
    [
        (CALLS_A_HELPER, helper_at_the_end),
        ({FORGET: CALLS_A_HELPER[FORGET] + "\nprint(forget_gate(*np.ones((4, 2, 2))))"}, helper_at_the_end),
        (
            {CELL: "next_cell_state = from_below"},
            lambda cells: cells.append(handing_in.code("def from_below(i, f, g, c):\n    return f * c + i * g")),
        ),
        ({}, backwards),
        ({}, answers_twice),
        ({}, without_metadata),
        ({}, with_no_checks),
        ({}, one_cell_for_all),
    ],
    ids=[
        "a helper that is defined further down",
        "a helper that is defined further down, and a call at once",
        "bound to a function that is defined further down",
        "backwards",
        "each answer twice",
        "metadata lost",
        "checks deleted",
        "all answers in one cell",
    ],
)
def test_it_does_not_matter_where_the_cells_stand(sources, change, tmp_path):
    earns_everything(handing_in.write(tmp_path / "04_gates.ipynb", GATES, sources, change))


@pytest.mark.grading
@pytest.mark.parametrize("first, last", [("right", "wrong"), ("wrong", "right"), ("right", "blank")])
def test_of_two_answers_to_a_question_a_right_one_counts_at_its_check_or_at_the_end(first, last, tmp_path):
    source = {
        "right": "def next_cell_state(i, f, g, c):\n    return f * c + i * g",
        "wrong": "def next_cell_state(i, f, g, c):\n    return i * c + f * g",
        "blank": "# next_cell_state: see above",
    }

    def again(cells):
        cells.append(handing_in.code(source[last]))

    path = handing_in.write(tmp_path / "04_gates.ipynb", GATES, {CELL: source[first]}, again)
    report = check_notebook(path, seed=0)
    assert [verdict.question for verdict in report.questions if not verdict.right] == []
    assert len(report.notes) == (last != "blank")  # it says where the two differ

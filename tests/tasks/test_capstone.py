"""The five projects of lesson 20, the preparations with leaks, and the rubric that learner and teacher share."""

import itertools
import re

import numpy as np
import pytest

from lstm_course import lessons, questions
from lstm_course.tasks import capstone, catchment, rubric, seattle_days, series
from lstm_course.tasks.suspects import WAYS, prepare

NAMES = list(capstone.PROJECTS)
IN_ORDER = [name for name in NAMES if capstone.PROJECTS[name].horizon]
by_name = pytest.mark.parametrize("name", NAMES)


# --- the data -----------------------------------------------------------------------------------------------------


@by_name
def test_the_parts_fit_together_and_a_seed_draws_others(name):
    usual, one, again, other = capstone.draw(name), *(capstone.draw(name, seed) for seed in (1, 1, 2))
    for part in (usual, one, other):
        assert part.x.shape[1:] == part.new_x.shape[1:] and part.x.dtype == np.float32
        assert len(part.x) == len(part.y) and 100 <= len(part.new_x) == len(part.new_y)
        assert all(np.isfinite(array).all() for array in part)
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one.new_x, other.new_x)


def test_the_answers_follow_their_windows():
    days, river, months = seattle_days.seattle_days(), catchment.fulda(), series.co2().filled().values
    rain, flow, co2 = (capstone.draw(name) for name in ("rain", "river", "co2"))
    np.testing.assert_array_equal(rain.y[:5], days.features[7:12, 2] > 0)
    np.testing.assert_allclose(rain.new_x[-1], days.features[-8:-1], rtol=1e-6)
    assert rain.new_y[-1] == (days.features[-1, 2] > 0)
    np.testing.assert_allclose(flow.new_y, np.log(river.flow)[-len(flow.new_y) :])
    np.testing.assert_allclose(flow.x[3, :, 0], river.rain[3:17], rtol=1e-6)
    np.testing.assert_allclose(co2.y[:3], months[47:50])  # twelve months after the window of 36
    np.testing.assert_allclose(co2.new_x[-1, :, 0], months[-48:-12], rtol=1e-6)


@pytest.mark.parametrize("name", IN_ORDER)
def test_every_training_answer_is_known_when_the_first_judged_question_is_asked(name, monkeypatch):
    """With rows that are numbered, the place of everything can be read off."""
    project, x = capstone.PROJECTS[name], capstone.draw(name).x
    rows = np.arange(2000.0)
    made = capstone._windows(np.repeat(rows[:, None], x.shape[2], axis=1), rows, x.shape[1], project.horizon)
    monkeypatch.setattr(capstone, "_in_order", lambda name: made)
    part = capstone.draw(name)
    assert part.y.max() == part.new_x[0].max()  # none is left out without need
    np.testing.assert_array_equal(part.new_y, part.new_x[:, -1, 0] + project.horizon)


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_fresh_draw_has_other_units(name):
    usual, fresh = capstone.draw(name), capstone.draw(name, 5)
    factors = fresh.x[0].mean(axis=0) / np.where(usual.x[0].mean(axis=0) == 0, np.nan, usual.x[0].mean(axis=0))
    factors = factors[np.isfinite(factors)]
    assert ((factors > 0.49) & (factors < 2.01)).all() and np.abs(factors - 1).max() > 0.01


@by_name
@pytest.mark.slow
def test_the_simple_method_has_the_best_setting_of_those_that_were_tried(name):
    project, examples = capstone.PROJECTS[name], capstone.draw(name)
    rows = np.arange(len(examples.x)) if project.horizon else np.random.default_rng(0).permutation(len(examples.x))
    k = 3 * len(rows) // 4
    train, held = rows[: k - max(project.horizon - 1, 0)], rows[k:]
    tried = {
        setting: project.errors(
            capstone.simple(name, examples.x[train], examples.y[train], examples.x[held], setting), examples.y[held]
        ).mean()
        for setting in itertools.product(*capstone.TRIED[name].values())
    }
    assert tried[capstone.CHOSEN[name]] == min(tried.values())


@by_name
@pytest.mark.slow
def test_the_trivial_answer_is_never_near_the_simple_method(name):
    project = capstone.PROJECTS[name]
    for seed in range(10):
        part = capstone.draw(name, seed)
        if project.score == "absolute":
            guess = part.new_x[:, -1, -1]
        else:
            guess = np.full(len(part.new_y), part.y.mean() if project.score == "brier" else np.median(part.y))
        errors = [project.errors(each, part.new_y).mean() for each in (guess, capstone.simple(name, *part[:3]))]
        assert errors[0] > (1 + project.slack) * errors[1], seed


def test_scores():
    brier, wrong, absolute = (capstone.PROJECTS[name] for name in ("rain", "names", "river"))
    assert brier.errors([0.5, 1.0], [1, 1]).tolist() == [0.25, 0]
    assert wrong.errors([3, 2], [3, 1]).tolist() == [0, 1]
    assert absolute.errors([1.5], [-1]).tolist() == [2.5]
    with pytest.raises(ValueError, match="name: wanted one of rain"):
        capstone.draw("stocks")


# --- preparations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(WAYS)))
def test_a_preparation_gives_a_window_for_each_row_from_the_fifth_on(number):
    table = np.random.default_rng(0).normal(size=(20, 3))
    assert prepare(number, table, 12).shape == (16, 4, 3)
    with pytest.raises(ValueError, match="number: wanted one from 0 to 7"):
        prepare(8, table, 12)


# --- the rubric ---------------------------------------------------------------------------------------------------


def test_the_page_for_teachers_and_the_lesson_show_the_same_rubric():
    page = (lessons.course_root() / "teaching" / "capstone_rubric.md").read_text(encoding="utf-8")
    assert rubric.table() in page
    for row in rubric.RUBRIC:
        assert len(set(row.levels)) == 3 and all(level.endswith(".") for level in row.levels)
        assert (f"**{row.name}**, in `{row.exercise}`: {row.machine}." in page) == bool(row.machine)


def test_the_points_of_the_exercises_are_those_of_the_rubric():
    asked = [question for question in questions.of_lesson("20") if question.points and "-quiz-" not in question.id]
    rows = [row.exercise for row in rubric.RUBRIC]
    assert {question.id: question.points for question in asked} == {name: 2 * rows.count(name) for name in rows}
    assert sum(question.points for question in asked) == rubric.MOST == 16
    # The page of report carries the rows that no machine checks and whose exercise is the claim.
    by_hand = [row for row in rubric.RUBRIC if row.exercise == "20-claim" and not row.machine]
    card = next(question for question in asked if question.id == "20-claim").explain_right
    assert 2 * len(by_hand) == 8 and re.search("eight of these points", card)


def test_gradings_side_by_side():
    full = {row.key: (2, "yes") for row in rubric.RUBRIC}
    none = {row.key: (0, "no") for row in rubric.RUBRIC}
    text = rubric.graded(first=full, second=none)
    assert "| | **16** | of 16 | **0** | of 16 |" in text and text.count("\n") == len(rubric.RUBRIC) + 2
    with pytest.raises(ValueError, match="second: wanted 0, 1 or 2 points for each row"):
        rubric.graded(first=full, second={**none, "data": (3, "")})

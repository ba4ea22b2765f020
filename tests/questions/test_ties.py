"""Cases in which rounding would decide are not drawn."""

import numpy as np
import pytest

from lstm_course import questions
from lstm_course.grading.check import judge_here
from lstm_course.questions import solved
from lstm_course.questions.translation.repair_beam import REPAIR_BEAM


@pytest.mark.parametrize("seed", [58, 117])  # with which two beginnings with the same factors once competed
def test_the_likeliest_translation_is_one(seed):
    names = {"np": np}
    exec(solved.answer_text(REPAIR_BEAM.id), names)
    for case in REPAIR_BEAM.cases(np.random.default_rng(seed)):
        ours, theirs = REPAIR_BEAM.reference(**case), names[REPAIR_BEAM.name](**case)
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_allclose(ours[1], theirs[1])


@pytest.mark.parametrize("seed", [3190903654, 1841047709])
def test_the_millionth_that_pytorchs_clipping_adds_to_a_norm_does_not_grow(seed):
    names = {"np": np}
    exec(solved.answer_text("11-repair-loop"), names)
    assert judge_here(questions.find("11-repair-loop"), names["train"], seed, names).right

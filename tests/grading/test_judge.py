"""The verdict: what is said of values that were returned, on small questions made for the purpose."""

import dataclasses

import numpy as np
import pytest

from lstm_course.grading.judge import Drawn, judge
from lstm_course.probes import Failure, Returned
from lstm_course.questions import Choice, Mistake, Option, Output, Question

OVER_TIME = ("time step", "unit")


def double(x):
    return 2 * x


def question(**changes):
    """Asks for y = 2 x, unless told otherwise."""
    asked = dict(
        id="99-double",
        name="double",
        points=3,
        outputs=(Output("y", OVER_TIME),),
        cases=lambda rng: [dict(x=rng.normal(size=(1, 1))), dict(x=rng.normal(size=(4, 3)))],
        reference=double,
        mistakes=(),
        hints=("a", "b", "c"),
    )
    return Question(**{**asked, **changes})


def verdict_on(answer, asked=None, **returned):
    """The verdict when each case is answered by `answer`, a function that gives one array or a tuple of them."""
    asked = asked or question()
    drawn, outcomes = Drawn(asked, 7), []
    for arguments in drawn.arguments:
        results = answer(**arguments)
        results = results if isinstance(results, tuple) else (results,)
        outcomes.append(Returned(dict(zip(asked.probe.returns, map(np.asarray, results), strict=True)), **returned))
    return judge(drawn, outcomes)


def off_at(*places, by=1.0):
    """Twice x, but for some entries of the larger case."""

    def answer(x):
        y = 2 * x
        for place in places:
            if len(x) > 1:
                y[place] += by
        return y

    return answer


# --- right and wrong --------------------------------------------------------------------------------------------


def test_right_values_earn_all_points_and_a_word():
    verdict = verdict_on(double, question(explain_right="Well done."))
    assert (verdict.verdict, verdict.earned, verdict.possible, verdict.right) == ("right", 3, 3, True)
    assert verdict.message == "Well done." and verdict.comparison == () and verdict.seed == 7


def test_a_single_wrong_entry_is_found_and_shown_beside_what_was_wanted():
    verdict = verdict_on(off_at((2, 1)))
    assert (verdict.verdict, verdict.earned, verdict.possible, verdict.mistake) == ("wrong", 0, 3, "")
    assert verdict.message.startswith("`y` differs at time step 2, unit 1.")
    ((place, value, wanted),) = verdict.comparison
    assert place == "y[2, 1]" and float(value) == pytest.approx(float(wanted) + 1, rel=1e-4)


def test_going_forward_the_earliest_wrong_step_is_named():
    verdict = verdict_on(off_at((3, 0), (1, 2), (2, 0)))
    assert "differs at time step 1, unit 2." in verdict.message
    assert "The steps before this one agree." in verdict.message
    assert verdict.comparison[0][0] == "y[1, 2]"


def test_of_gradients_the_latest_wrong_step_is_named():
    asked = question(outputs=(Output("y", OVER_TIME, backward=True),))
    verdict = verdict_on(off_at((0, 0), (1, 2), (2, 1)), asked)
    assert "differs at time step 2, unit 1." in verdict.message
    assert "the steps after this one agree" in verdict.message


@pytest.mark.parametrize("backward, step", [(False, 0), (True, 3)])
def test_nothing_is_said_of_other_steps_where_there_are_none(backward, step):
    asked = question(outputs=(Output("y", OVER_TIME, backward=backward),))
    verdict = verdict_on(off_at((step, 0)), asked)
    assert "agree" not in verdict.message


def test_time_steps_are_found_on_whichever_axis_they_are():
    asked = question(outputs=(Output("y", ("sample", "time step"), backward=True),))
    verdict = verdict_on(off_at((0, 1), (3, 0)), asked)
    assert "differs at sample 0, time step 1." in verdict.message


def test_the_block_of_stacked_rows_is_named():
    asked = question(outputs=(Output("y", ("row", "column"), blocks=("i", "f", "g", "o")),))
    assert "differs at row 2 (the block of g), column 1." in verdict_on(off_at((2, 1)), asked).message


def test_a_single_number_has_no_place():
    asked = question(outputs=(Output("loss", ()),), reference=lambda x: np.sum(x))
    verdict = verdict_on(lambda x: np.sum(x) + 1, asked)
    assert verdict.message == "`loss` differs." and verdict.comparison[0][0] == "loss"
    assert "wanted (): one number." in verdict_on(lambda x: x, asked).message


@pytest.mark.parametrize("quality, said", [(0.4, "low"), (0.6, "high")])
def test_of_a_measured_quality_the_card_says_in_which_direction_it_misses(quality, said):
    asked = question(outputs=(Output("share of right answers", ()),), reference=lambda x: np.array(0.5))
    verdict = verdict_on(lambda x: quality, asked)
    assert verdict.message == f"What was measured is too {said}: share of right answers."


@pytest.mark.parametrize("value, said", [(np.nan, "not a number (nan)"), (np.inf, "infinite"), (-np.inf, "infinite")])
def test_numbers_that_are_not_finite_are_explained(value, said):
    verdict = verdict_on(off_at((2, 1), by=value))
    assert verdict.verdict == "wrong" and said in verdict.message and "overflowed" in verdict.message


# --- shapes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer, said",
    [
        (
            lambda x: 2 * x.T,
            "`y` has shape (3, 4); wanted (4, 3): time steps × units. Yours is the transpose.",
        ),
        (lambda x: 2 * x[0], "`y` has shape (1,); wanted (1, 1): time steps × units."),
        (lambda x: 2 * x[:, None], "There is one axis too many, of size 1."),
        (lambda x: 2 * x[:2], "`y` has shape (2, 3); wanted (4, 3)"),
        (lambda x: 0.0, "`y` has shape (); wanted (1, 1)"),
        (lambda x: np.zeros((0, 3)), "`y` has shape (0, 3)"),
    ],
    ids=["transposed", "one axis too few", "one axis too many", "too short", "a number", "empty"],
)
def test_a_wrong_shape_says_what_the_axes_are(answer, said):
    verdict = verdict_on(answer)
    assert verdict.verdict == "wrong" and said in verdict.message and verdict.comparison == ()


def test_an_array_that_would_broadcast_is_not_right():
    asked = question(cases=lambda rng: [dict(x=np.ones((4, 3)))])
    assert verdict_on(lambda x: np.array([[2.0]]), asked).verdict == "wrong"
    assert verdict_on(lambda x: np.full(3, 2.0), asked).verdict == "wrong"


# --- how near is near enough ------------------------------------------------------------------------------------


def test_rounding_is_forgiven_and_more_is_not():
    for size in (1e-6, 1.0, 1e6):
        asked = question(cases=lambda rng, size=size: [dict(x=size * rng.normal(size=(4, 3)))])
        assert verdict_on(lambda x: 2 * x * (1 + 1e-9), asked).right
    assert not verdict_on(lambda x: 2 * x * (1 + 1e-4)).right
    assert verdict_on(lambda x: 2 * x * (1 + 1e-4), question(tolerance=1e-3)).right


def test_float32_is_allowed_its_own_rounding():
    def answer(x):
        return (2 * x * (1 + 5e-5)).astype(np.float32)

    assert verdict_on(answer).right
    assert not verdict_on(lambda x: answer(x).astype(float)).right
    assert not verdict_on(lambda x: (2 * x * (1 + 1e-3)).astype(np.float32)).right


def test_what_is_left_of_larger_numbers_carries_their_rounding():
    asked = question(cases=lambda rng: [dict(x=1e-15 * rng.normal(size=(4, 3)))])
    assert verdict_on(lambda x: (1 + 2 * x) - 1, asked).right


def test_zeros_are_held_against_one():
    asked = question(cases=lambda rng: [dict(x=np.zeros((4, 3)))])
    assert verdict_on(lambda x: x + 1e-7, asked).right
    assert not verdict_on(lambda x: x + 1e-3, asked).right


def test_a_margin_counts_whatever_the_magnitude():
    asked = question(cases=lambda rng: [dict(x=1e-6 * rng.normal(size=(4, 3)))], margin=0.01)
    assert verdict_on(lambda x: 2 * x + 0.009, asked).right
    assert not verdict_on(lambda x: 2 * x + 0.02, asked).right


@pytest.mark.parametrize("dtype", [int, bool, np.uint8])
def test_whole_numbers_are_numbers(dtype):
    asked = question(cases=lambda rng: [dict(x=np.array([[0.0, 0.5]]))])
    assert verdict_on(lambda x: (2 * x).astype(dtype), asked).right


# --- several outputs --------------------------------------------------------------------------------------------

THREE = dict(
    outputs=(Output("a", OVER_TIME), Output("b", OVER_TIME), Output("c", OVER_TIME)),
    reference=lambda x: (x, 2 * x, 3 * x),
)


@pytest.mark.parametrize(
    "answer, said",
    [
        (lambda x: (x, 2 * x, 4 * x), "`a` and `b` are right. `c` differs at"),
        (lambda x: (x + 1, 2 * x, 4 * x), "`b` is right. `a` differs at time step 0, unit 0; so does `c`."),
        (lambda x: (5 * x, 5 * x, 5 * x), "`a` differs at time step 0, unit 0; so do `b` and `c`."),
        (lambda x: (x, 2 * x, x[0]), "`a` and `b` are right. `c` has shape (1,)"),
    ],
    ids=["one", "two", "all", "a shape"],
)
def test_what_is_right_is_said_first(answer, said):
    assert verdict_on(answer, question(**THREE)).message.startswith(said)


# --- mistakes with a name ---------------------------------------------------------------------------------------

TRIPLE = Mistake("three times", "You take it three times.", lambda x: 3 * x)
SQUARE = Mistake("square", "You square it.", lambda x: x**2)


def test_an_answer_that_equals_a_mistake_is_called_by_its_name():
    asked = question(mistakes=(SQUARE, TRIPLE))
    verdict = verdict_on(lambda x: x + x + x, asked)
    assert (verdict.mistake, verdict.message) == ("three times", "You take it three times.")
    assert verdict.comparison, "the numbers are shown beside the name"
    assert verdict_on(lambda x: 4 * x, asked).mistake == ""


def test_a_mistake_must_explain_every_case():
    def answer(x):
        return 3 * x if x.size == 1 else 4 * x

    assert verdict_on(answer, question(mistakes=(TRIPLE,))).mistake == ""


def test_a_mistake_that_changes_nothing_in_a_case_is_found_by_the_others():
    """Transposing an array of one entry, say, is no mistake yet."""
    asked = question(mistakes=(Mistake("transposed", "Turn it round.", lambda x: 2 * x.T),))
    assert verdict_on(lambda x: 2 * x.T, asked).mistake == "transposed"
    assert verdict_on(lambda x: 2 * x[::-1], asked).mistake == ""


def test_a_mistake_that_is_none_is_never_named():
    asked = question(mistakes=(Mistake("harmless", "Nothing.", double),))
    assert verdict_on(double, asked).right
    assert verdict_on(off_at((0, 0)), asked).mistake == ""


def test_of_two_mistakes_the_one_that_explains_more_is_named():
    one = Mistake("c alone", "The third.", lambda x: (x, 2 * x, 9 * x))
    both = Mistake("b and c", "The second and the third.", lambda x: (x, 8 * x, 9 * x))
    for mistakes in ((one, both), (both, one)):
        asked = question(**THREE, mistakes=mistakes)
        assert verdict_on(lambda x: (x, 8 * x, 9 * x), asked).mistake == "b and c"
        assert verdict_on(lambda x: (x, 2 * x, 9 * x), asked).mistake == "c alone"


def test_a_mistake_is_named_with_what_is_wrong_besides():
    asked = question(**THREE, mistakes=(Mistake("c alone", "The third.", lambda x: (x, 2 * x, 9 * x)),))
    verdict = verdict_on(lambda x: (7 * x, 2 * x, 9 * x), asked)
    assert verdict.mistake == "c alone"
    assert verdict.message == "The third. In addition, `a` is wrong."


def test_a_mistake_in_float32_is_recognised():
    asked = question(mistakes=(TRIPLE,))
    assert verdict_on(lambda x: (3 * x).astype(np.float32), asked).mistake == "three times"


def test_a_mistake_that_overflows_is_recognised_quietly(recwarn):
    asked = question(mistakes=(Mistake("overflows", "Too large.", lambda x: np.exp(1000 + 0 * x)),))
    with np.errstate(over="ignore"):
        verdict = verdict_on(lambda x: np.exp(1000 + 0 * x), asked)
    assert verdict.verdict == "wrong" and not recwarn.list


# --- answers that are judged by what they do --------------------------------------------------------------------


def run_the_weight(case, w):
    if w.shape != ():
        raise ValueError(f"`w` has shape {w.shape}; wanted one number.")
    return w * case["x"]


WEIGHT = dict(
    returns=("w",),
    withheld=("x",),
    observe=run_the_weight,
    mistakes=(Mistake("too large", "Less of it.", lambda: 5.0, lambda w: w > 4),),
)


@pytest.mark.parametrize(
    "weight, verdict, mistake", [(2.0, "right", ""), (3.0, "wrong", ""), (5.0, "wrong", "too large")]
)
def test_an_answer_may_be_judged_by_what_it_does(weight, verdict, mistake):
    found = verdict_on(lambda: weight, question(**WEIGHT))
    assert (found.verdict, found.mistake) == (verdict, mistake)


def test_what_cannot_be_put_to_use_says_why():
    verdict = verdict_on(lambda: np.ones(2), question(**WEIGHT))
    assert (verdict.verdict, verdict.earned) == ("form", 0)
    assert verdict.message == "`w` has shape (2,); wanted one number."


# --- answers that gave nothing to compare -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["blank", "form", "error", "slow", "crashed"])
def test_one_failure_decides(kind):
    asked = question()
    drawn = Drawn(asked, 0)
    outcomes = [Returned({"y": 2 * drawn.cases[0]["x"]}), Failure(kind, "It said so.", "printed before")]
    verdict = judge(drawn, outcomes)
    assert (verdict.verdict, verdict.earned, verdict.possible) == (kind, 0, 3)
    assert verdict.message.startswith("It said so.") and verdict.printed == "printed before"


def test_an_error_says_with_which_shapes_it_was_called():
    asked = question()
    drawn = Drawn(asked, 0)
    right = Returned({"y": 2 * drawn.cases[0]["x"]})
    verdict = judge(drawn, [right, Failure("error", "`double` raised ValueError.")])
    assert "`x` (4, 3)" in verdict.message


def test_prints_are_kept_for_the_card():
    assert verdict_on(off_at((0, 0)), printed="so far so good\n").printed == "so far so good\n"


def test_the_call_that_shows_it_can_be_tried_out():
    verdict = verdict_on(off_at((2, 1)))
    names = {"np": np, "array": np.array, "double": double}
    exec(verdict.call, names)
    assert names["x"].shape == (4, 3)
    assert verdict.call.splitlines()[-1] == "double(x)"


def test_a_call_with_many_numbers_is_not_shown():
    asked = question(cases=lambda rng: [dict(x=rng.normal(size=(40, 30)))])
    assert verdict_on(off_at((2, 1)), asked).call == ""
    asked = question(
        cases=lambda rng: [dict(x={"rows": [rng.normal(size=(40, 30))]})],
        reference=lambda x: np.zeros(1),
        outputs=(Output("y", ("row",)),),
    )
    assert verdict_on(lambda x: np.ones(1), asked).call == ""


@pytest.mark.parametrize("answer, verdict", [(double, "borrowed"), (off_at((0, 0)), "wrong")], ids=["right", "wrong"])
def test_right_values_that_are_not_ones_own_earn_nothing(answer, verdict):
    found = verdict_on(answer, borrowed=("lstm_course.scratch:lstm_step",))
    assert (found.verdict, found.earned) == (verdict, 0)
    assert ("`lstm_course.scratch.lstm_step`" in found.message) == (verdict == "borrowed")


# --- choices ----------------------------------------------------------------------------------------------------

CHOICE = Choice(
    id="99-choice",
    name="answer",
    points=1,
    text="Which?",
    options={
        "a": Option("this", "Yes."),
        "b": Option("that", "No, this."),
        "c": Option("none", "One is right."),
    },
    right="a",
)


def choose(answer):
    return judge(Drawn(CHOICE, 0), [Returned({"answer": answer})])


@pytest.mark.parametrize("written", ["a", "A", " a ", "a)", "(a)", "a.", "'a'", '"a"', "(A)."])
def test_a_letter_may_be_written_in_many_ways(written):
    assert choose(written).right and choose(written).message == "Yes."


def test_a_wrong_letter_gets_its_own_reason():
    assert (choose("b").verdict, choose("b").message, choose("c").message) == (
        "wrong",
        "No, this.",
        "One is right.",
    )


@pytest.mark.parametrize("written", ["d", "this", "ab", "1", "a b", "['a']", "x" * 1_000_000])
def test_what_is_no_letter_says_which_there_are(written):
    verdict = choose(written)
    assert verdict.verdict == "form" and verdict.message.endswith("wanted one of a, b, c.")
    assert len(verdict.message) < 200


def test_a_verdict_does_not_depend_on_its_seed():
    one, two = (dataclasses.replace(choose("a"), seed=seed) for seed in (1, 2))
    assert one == two

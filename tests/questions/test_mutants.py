"""Every small change of a solution is judged wrong, except the listed ones that compute the same."""

import functools
import tomllib
import warnings
from pathlib import Path

import mutants
import numpy as np
import pytest

from lstm_course import lessons, questions
from lstm_course.grading.check import judge_here
from lstm_course.grading.solution import solution_text
from lstm_course.questions import edit, solved

# For each question and change, the reason why it computes the same. A change that is accepted but not listed may be a
# wrong answer that the question's cases do not detect.
EQUIVALENT = tomllib.loads((Path(__file__).parent / "equivalent_mutants.toml").read_text(encoding="utf-8"))
# Solutions that train a network for seconds. Many small changes leave such an answer right, another size, seed or
# learning rate for instance, so only changes that have to matter are tried, in the names that the notebook provides.
TRAINED = {
    "05-train-a-switch": {
        "never updated": edit("adam.step()", "pass"),
        "hardly trained": edit("range(200)", "range(6)"),
        "a learning rate far too small": edit("0.05", "0.0005"),
        "uphill": edit("output.backward(dlogits)", "output.backward(-dlogits)"),
        "answers for other letters": edit("layer(new_x)", "layer(new_x[:, :, ::-1])"),
        "the last answer at every step": edit("output(h).argmax", "output(h[:, -1:].repeat(h.shape[1], 1)).argmax"),
        "one step late": edit("layer(new_x)", "layer(np.roll(new_x, 1, axis=1))"),
    },
    "06-last-key": {
        "as PyTorch starts it": edit("initialise.chrono(layer, longest)", "pass"),
        "never trained": edit("fit(layer, output, x, y)", "pass"),
        "started anew after the training": edit(
            "return answers(layer, output, new_x)", "return answers(*network(x, y), new_x)"
        ),
        "answers for reversed strings": edit("new_x)", "new_x[:, ::-1].copy())"),
        "only the symbols after the keys": edit("new_x)", "new_x[:, 24:])"),
    },
    "11-quotes": {
        "at the rate that was given": edit(", learning_rate=0.02", ""),
        "at a rate far too large": edit("0.02", "3.0"),
        "never trained": edit("fit(model, x, y, learning_rate=0.02)", "pass"),
        "trained on strings of another order": edit("fit(model, x, y,", "fit(model, x[::-1].copy(), y,"),
        "answers for reversed strings": edit("answers(model, new_x)", "answers(model, new_x[:, ::-1].copy())"),
    },
}
CODE = [
    question
    for lesson in lessons.LESSONS
    for question in questions.of_lesson(lesson)
    if not isinstance(question, questions.Choice) and question.id not in TRAINED
]
each_question = pytest.mark.parametrize("question", CODE, ids=lambda question: question.id)


@functools.cache
def changed(question_id):
    """Pairs of a change and the changed solution."""
    question, answers = questions.find(question_id), []
    for change, source in mutants.mutants(solution_text(question.id), question.name, name_swaps=60):
        names = {"np": np}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns about some of the changes
            exec(source, names)
        answers.append((change, names[question.name]))
    return answers


@pytest.mark.grading
@each_question
def test_every_changed_solution_is_wrong_unless_it_is_listed_as_equivalent(question):
    accepted = set()
    for change, answer in changed(question.id):
        if any(judge_here(question, answer, seed).right for seed in range(3)):
            accepted.add(change)
            for seed in range(-(-200 // len(question.draw(0)))):  # two hundred cases, in draws
                verdict = judge_here(question, answer, seed)
                assert verdict.right, f"{change}: accepted with other seeds, and with seed {seed} {verdict}"
    assert accepted == set(EQUIVALENT.get(question.id, {}))


@pytest.mark.grading
@pytest.mark.parametrize(
    "question_id, change", [(question_id, change) for question_id in TRAINED for change in TRAINED[question_id]]
)
def test_a_change_that_has_to_matter_makes_a_trained_answer_wrong(question_id, change):
    question, text = questions.find(question_id), solution_text(question_id)
    source = TRAINED[question_id][change].applied_to(text).replace("range(5)", "range(1)")  # no second start
    names = solved.provided_names(question_id, source) | {"np": np}
    exec(source, names)
    verdict = judge_here(question, names[question.name])
    assert verdict.verdict == "wrong", verdict


@each_question
def test_of_a_sample_of_the_changes_all_are_wrong_that_are_not_listed(question):
    listed = EQUIVALENT.get(question.id, {})
    for change, answer in changed(question.id)[::12]:
        assert judge_here(question, answer, seed=0).right == (change in listed), change


def test_there_are_well_over_three_hundred_changes_and_what_is_listed_is_among_them():
    made = {question.id: [change for change, _ in changed(question.id)] for question in CODE}
    assert all(len(set(changes)) == len(changes) > 10 for changes in made.values())
    assert all(set(listed) < set(made[question]) for question, listed in EQUIVALENT.items())
    assert all(reason.endswith(".") for listed in EQUIVALENT.values() for reason in listed.values())
    assert sum(map(len, made.values())) - sum(map(len, EQUIVALENT.values())) >= 1500

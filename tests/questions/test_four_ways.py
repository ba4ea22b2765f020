"""Each question four ways: its solution, the blank, other right ways, and the mistakes that learners make."""

import importlib

import answers
import nbformat
import pytest

from lstm_course import lessons, questions
from lstm_course.grading.cards import Card
from lstm_course.grading.check import judge_here

# The cases of one run a network for every guess of an answer, and answers to the other train one.
SLOW = ("03-start-with-a-factor", "06-last-key", "09-battery", "12-who-speaks")
EVERYTHING = [question for lesson in lessons.LESSONS for question in questions.of_lesson(lesson)]
CHOICES = [question for question in EVERYTHING if isinstance(question, questions.Choice)]
CODE = [question for question in EVERYTHING if not isinstance(question, questions.Choice)]
ASKED = [question for question in EVERYTHING if question.points]


def marks(question):
    return pytest.mark.slow if question.id in SLOW else ()


# A few cases with every run of the tests, and more by `make test-grading`.
on_fresh_cases = pytest.mark.parametrize(
    "seeds", [range(3), pytest.param(range(3, 10), marks=pytest.mark.grading)], ids=["a few", "more"]
)


def by_id(asked):
    return pytest.mark.parametrize("question", [pytest.param(q, id=q.id, marks=marks(q)) for q in asked])


@pytest.fixture(scope="module")
def bound():
    """The value of each name after all cells of a notebook except the checks have run."""
    cache = {}

    def run(folder, question):
        lesson = lessons.find(question.id.partition("-")[0])
        if (folder, lesson.stem) not in cache:
            names = cache[folder, lesson.stem] = {}
            notebook = nbformat.read(lessons.course_root() / folder / f"{lesson.stem}.ipynb", as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
                    exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
        return cache[folder, lesson.stem].get(question.name)

    return run


# --- the four ways ----------------------------------------------------------------------------------------------


@on_fresh_cases
@by_id(ASKED)
def test_the_solution_earns_everything(question, seeds, bound):
    for seed in seeds:
        verdict = judge_here(question, bound("solutions", question), seed)
        assert (verdict.verdict, verdict.earned) == ("right", question.points), (seed, verdict)
    assert verdict.message.strip(" .") not in ("", "Right"), "a right answer deserves a word about what it is good for"


@by_id(ASKED)
@pytest.mark.parametrize("written", ["as in the exercise", "name not bound"])
def test_the_blank_earns_nothing_and_is_told_so_kindly(question, bound, written):
    answer = bound("exercises", question) if written == "as in the exercise" else None
    verdict = judge_here(question, answer)
    assert (verdict.verdict, verdict.earned, verdict.mistake) == ("blank", 0, "")
    said = str(Card(verdict))
    assert "Not written yet" in said and "Write your answer in the cell above" in said
    for harsh in ("raise", "Error", "wrong", "fail", "✗"):
        assert harsh not in said


@on_fresh_cases
@pytest.mark.parametrize(
    "question, way",
    [
        pytest.param(asked, way, id=f"{asked.id}, {way}", marks=marks(asked))
        for asked in ASKED
        for way in answers.ANSWERS[asked.id]
    ],
)
def test_every_other_right_way_earns_everything(question, way, seeds, capfd):
    for seed in seeds:
        verdict = judge_here(question, answers.ANSWERS[question.id][way], seed)
        assert (verdict.verdict, verdict.earned) == ("right", question.points), (seed, verdict)
    assert capfd.readouterr() == ("", ""), "what an answer prints belongs on its card"


@on_fresh_cases
@pytest.mark.parametrize(
    "question, mistake",
    [
        pytest.param(asked, mistake, id=f"{asked.id}, {mistake.name}", marks=marks(asked))
        for asked in CODE
        for mistake in asked.mistakes
    ],
)
def test_every_mistake_earns_nothing_and_is_called_by_its_name(question, mistake, seeds):
    for seed in seeds:
        verdict = judge_here(question, mistake.answer, seed)
        assert (verdict.verdict, verdict.earned) == ("wrong", 0), (seed, verdict)
        assert verdict.mistake == mistake.name, (seed, verdict)
        assert verdict.message == mistake.message


@on_fresh_cases
@pytest.mark.parametrize(
    "question, mistake",
    [
        pytest.param(asked, mistake, id=f"{asked.id}, {mistake.name}", marks=marks(asked))
        for asked in CODE
        for mistake in asked.raising
    ],
)
def test_every_mistake_that_raises_is_called_by_its_name(question, mistake, seeds):
    for seed in seeds:
        verdict = judge_here(question, mistake.answer, seed)
        assert (verdict.verdict, verdict.earned) == ("error", 0), (seed, verdict)
        assert verdict.mistake == mistake.name and verdict.message.startswith(mistake.message)


@by_id([question for question in CHOICES if question.points])
def test_every_wrong_letter_earns_nothing_and_says_why(question):
    for letter, option in question.options.items():
        verdict = judge_here(question, letter)
        assert verdict.right == (letter == question.right)
        assert verdict.message == option.why


# --- what a question needs --------------------------------------------------------------------------------------


def test_ids_are_unique_and_begin_with_the_number_of_their_lesson():
    ids = [question.id for question in EVERYTHING]
    assert len(set(ids)) == len(ids)
    for lesson in lessons.LESSONS:
        asked = questions.of_lesson(lesson)
        assert all(question.id.startswith(f"{lesson.number}-") for question in asked)
        scored = [question for question in asked if question.points]
        quiz = [question for question in scored if "-quiz-" in question.id]
        # Three to five exercises and a short quiz; lesson 01 also judges a forecast, lesson 04 also trains a cell, and
        # the primer covers more subjects.
        assert 3 <= len(scored) - len(quiz) <= (6 if lesson.number in ("00", "01", "04") else 5)
        assert 3 <= len(quiz) <= (7 if lesson.number == "00" else 5)
        assert all(isinstance(question, questions.Choice) for question in quiz)
        names = [question.name for question in asked if question.points]
        assert len(set(names)) == len(names), "two answers bound to one name"
    assert all(questions.find(question.id) is question for question in EVERYTHING)


def test_every_answer_here_belongs_to_a_question():
    assert set(answers.ANSWERS) == {question.id for question in ASKED}
    assert all(len(answers.ANSWERS[question.id]) >= 2 for question in ASKED)


@by_id(ASKED)
def test_a_question_has_points_and_three_hints(question):
    assert isinstance(question.points, int) and question.points > 0
    assert question.name.isidentifier()
    assert len(question.hints) == 3 and all(len(hint) > 20 for hint in question.hints)
    assert len(set(question.hints)) == 3


@by_id(CODE)
def test_a_question_that_asks_for_code_has_mistakes_with_names_of_their_own(question):
    names = [mistake.name for mistake in question.mistakes]
    assert len(names) >= 3 and len(set(names)) == len(names)
    assert all(mistake.message.endswith((".", "?", "!")) for mistake in question.mistakes)


@by_id(CODE)
def test_cases_are_drawn_afresh_and_the_same_for_the_same_seed(question):
    first, again, other = (repr(question.draw(seed)) for seed in (1, 1, 2))
    assert first == again != other


@by_id(CODE)
def test_what_is_named_of_other_modules_is_there(question):
    for path in (*question.forbids, *question.provides.values()):
        module, name = path.split(":")
        assert callable(getattr(importlib.import_module(module), name)), path


@by_id(CHOICES)
def test_a_choice_has_a_right_answer_and_a_reason_for_each(question):
    assert question.right in question.options
    assert len(question.options) >= 3
    assert list(question.options) == sorted(question.options) and all(len(letter) == 1 for letter in question.options)
    assert all(option.text and option.why for option in question.options.values())
    assert len({option.text for option in question.options.values()}) == len(question.options)
    for letter, option in question.options.items():
        assert option.why.startswith("Yes") == (letter == question.right), option.why


def test_the_right_letters_are_spread():
    """Always choosing the same letter should earn little."""
    letters = [question.right for question in CHOICES]
    assert all(letters.count(letter) <= 0.7 * len(letters) for letter in letters)

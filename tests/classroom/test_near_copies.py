"""Near copies: what is planted is found, in most disguises, and those who wrote by themselves are left alone."""

import functools
import itertools
import random

import made_up_class
import pytest
from two_lessons import GATES, SCRATCH, TWO, on_two_lessons

from lstm_course.classroom.copies import near_copies as module
from lstm_course.classroom.copies.near_copies import near_copies
from lstm_course.classroom.copies.token_runs import CellRuns

SEEN_THROUGH = [disguise for disguise in made_up_class.DISGUISES if disguise != "renamed, some statements rewritten"]


def a_class(lesson, count, seed):
    """Submissions by people who write by themselves, with the template and the published answers."""
    submissions, *course = _a_class(lesson, count, seed)
    return dict(submissions), *course


@functools.cache
def _a_class(lesson, count, seed):
    sources = made_up_class.ways(lesson)
    submissions = {
        (f"student {k:04d}", lesson.stem): made_up_class.Writer(f"{seed} {k}").submission(sources) for k in range(count)
    }
    return (
        submissions,
        {lesson.stem: made_up_class.template(lesson)},
        {lesson.stem: made_up_class.published(lesson)},
    )


def copied(submissions, whose, by, disguise, seed=0):
    """The same class, in which `by` hands in what `whose` wrote."""
    stem = next(iter(submissions))[1]
    source = made_up_class.disguised(submissions[whose, stem], disguise, random.Random(seed))
    return {**submissions, (by, stem): source}


def from_each_other(pairs):
    return [pair for pair in pairs if not pair.same_as_solution]


@on_two_lessons
def test_nobody_who_wrote_by_themselves_is_listed(lesson):
    assert from_each_other(near_copies(*a_class(lesson, 12, seed=2))) == []


@pytest.mark.parametrize("disguise", [*SEEN_THROUGH, "reordered"])
def test_a_copy_is_seen_through_its_disguise(disguise):
    submissions, *course = a_class(SCRATCH, 12, seed=2)
    changed = copied(submissions, "student 0004", "student 0007", disguise)
    (pair,) = from_each_other(near_copies(changed, *course))
    assert pair.students == ("student 0004", "student 0007") and pair.assignment == "05_lstm_from_scratch"
    assert 0.6 < pair.share <= 1 and len(pair.cells) >= 2
    assert set(pair.cells) <= {name for name, _ in submissions["student 0004", pair.assignment]}


@pytest.mark.grading
@pytest.mark.parametrize("count", [12, 30, 100])
def test_hardly_a_planted_copy_is_missed_and_nobody_else_is_listed(count, record_property):
    found, planted = dict.fromkeys([*SEEN_THROUGH, "reordered"], 0), 0
    for lesson, seed in itertools.product(TWO, range(3)):
        submissions, *course = a_class(lesson, count, seed=f"{count} {seed}")
        assert from_each_other(near_copies(submissions, *course)) == []
        planted += 1
        for disguise in found:
            changed = copied(submissions, "student 0000", "student 0001", disguise, seed)
            pairs = from_each_other(near_copies(changed, *course))
            assert all(pair.students == ("student 0000", "student 0001") for pair in pairs)
            found[disguise] += len(pairs)
    record_property("found", found)
    for disguise, times in found.items():
        least = 0.95 if "renamed" not in disguise else 0.8 if count <= 30 else 0.4
        assert times >= least * planted, (disguise, times, planted)


def test_five_with_the_same_notebook_make_ten_pairs():
    submissions, *course = a_class(GATES, 30, seed=2)
    group = [f"student {k:04d}" for k in (3, 9, 11, 20, 28)]
    for student in group[1:]:
        submissions = copied(submissions, group[0], student, "identical")
    pairs = near_copies(submissions, *course)
    assert {pair.students for pair in pairs} == set(itertools.combinations(group, 2))
    assert all(pair.share == 1 for pair in pairs)


def test_the_strongest_two_hundred_pairs_are_listed(monkeypatch):
    submissions, *course = a_class(SCRATCH, 12, seed=2)
    changed = copied(submissions, "student 0001", "student 0002", "some statements rewritten")
    changed = copied(changed, "student 0005", "student 0006", "identical")
    assert [pair.students[0] for pair in near_copies(changed, *course)] == ["student 0005", "student 0001"]
    monkeypatch.setattr(module, "MOST_PAIRS", 1)
    assert [pair.students[0] for pair in near_copies(changed, *course)] == ["student 0005"]


def test_the_same_letters_and_the_same_one_liners_say_nothing():
    source = "def next_cell_state(i, f, g, c):\n    return f*c + i*g"
    answers = [("04-main-role", "main_role = 'c'"), ("04-cell-state", source)]
    submissions = {(name, "04_gates"): answers for name in ("ada", "boris", "chen")}
    assert near_copies(submissions, {}, {}) == []


def test_empty_submissions_and_classes_of_one_are_no_trouble():
    submissions, *course = a_class(GATES, 12, seed=2)
    cells = submissions["student 0000", GATES.stem]
    assert near_copies({}, {}, {}) == [] == near_copies({("ada", GATES.stem): cells}, *course)
    some = {("ada", GATES.stem): cells, ("boris", GATES.stem): [], ("chen", GATES.stem): [("cell 1", "")]}
    assert near_copies(some, *course) == [] == near_copies({("ada", "x"): [], ("boris", "x"): []}, {}, {})


def test_copies_of_different_assignments_are_not_compared():
    submissions, *course = a_class(GATES, 12, seed=2)
    cells = submissions["student 0000", GATES.stem]
    assert near_copies({("ada", "one"): cells, ("boris", "another"): cells}, {}, {}) == []


# --- the published solution -------------------------------------------------------------------------------------


def test_two_with_the_published_solution_are_told_apart_from_those_who_copied_from_each_other():
    submissions, templates, solutions = a_class(SCRATCH, 12, seed=2)
    stem, published = SCRATCH.stem, solutions[SCRATCH.stem]
    for student in ("student 0002", "student 0007"):
        submissions[student, stem] = [(name, f"# mine\n{source}") for name, source in published]
    (pair,) = near_copies(submissions, templates, solutions)
    assert pair.students == ("student 0002", "student 0007") and pair.same_as_solution
    # The repair is not counted, since its few own lines are everybody's; all the rest is.
    assert pair.share > 0.7 and "05-coupled-gates" in pair.cells and "05-step-backward" not in pair.cells


def test_a_published_answer_of_one_line_is_nobodys():
    submissions, *course = a_class(GATES, 12, seed=2)
    for student in ("ada", "boris"):
        submissions[student, GATES.stem] = made_up_class.published(GATES)
    (pair,) = [pair for pair in near_copies(submissions, *course) if pair.same_as_solution]
    assert pair.students == ("ada", "boris") and "04-cell-state" not in pair.cells and "04-run-cell" in pair.cells


# --- taking apart -----------------------------------------------------------------------------------------------


def runs(source):
    vocabulary = runs.vocabulary
    return CellRuns("", source, vocabulary)


runs.vocabulary = {}


@pytest.mark.parametrize(
    "one, other",
    [
        ("x = f(a, b) + 0.50 * c", "x=f( a,b )+.5*c"),
        ("x = f('yes', b) + 1_000 * c", 'x = f("yes",\n      b) + 1000*c  \n\n'),
        ("if a:\n    b = c[1] + d\n    e = b", "if a:\n\tb = c[1] + d\n\te = b"),
    ],
)
def test_layout_and_the_spelling_of_numbers_and_texts_do_not_count(one, other):
    assert (runs(one).written == runs(other).written).all() and len(runs(one).written) > 5


def test_names_do_not_count_without_names_and_attributes_do():
    source = "def f(x, y):\n    z = np.tanh(x @ y.T + x[:, 0])\n    return z * (1 - z) + np.exp(z)"
    other = "def g(u, v):\n    w = np.tanh(u @ v.T + u[:, 0])\n    return w * (1 - w) + np.exp(w)"
    swapped = "def g(u, v):\n    w = np.tanh(v @ u.T + u[:, 0])\n    return w * (1 - w) + np.exp(w)"
    assert (runs(source).renamed == runs(other).renamed).all() and len(runs(source).renamed) > 10
    assert not set(runs(source).renamed) <= set(runs(swapped).renamed)
    assert not set(runs(source).renamed) <= set(runs(other.replace("tanh", "sin")).renamed)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x",
        "def f(:\n  'not closed\n  return )(",
        '"""not closed',
        "%timeit f(x)\n!ls -l | grep 'a'\nx?",
        "\ud800 ²³ = '\0'",
        '"' * 50_000,
        '\\"' * 50_000,
        "'''\n\"\"\"" * 10_000,
        "9" * 50_000,
        "(" * 50_000,
        "a." * 10**6,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_anything_can_be_taken_apart(source):
    assert len(runs(source).written) <= 50_000


def test_a_copy_with_a_syntax_error_is_found():
    submissions, *course = a_class(GATES, 12, seed=2)
    broken = [(name, source + "\n    return (") for name, source in submissions["student 0001", GATES.stem]]
    (pair,) = near_copies({**submissions, ("student 0002", GATES.stem): broken}, *course)
    assert pair.students == ("student 0001", "student 0002") and pair.share > 0.9

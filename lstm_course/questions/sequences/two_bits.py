"""01-two-bits: a state machine that remembers two letters."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question

LETTERS = "ABcd"
ENDINGS = ("AA", "AB", "BA", "BB")
STATES = 4


def _letter_cases(rng):
    def case(M, T):
        """M sequences of T letters with at least two A or B each; the longer the sequences, the rarer A and B."""
        symbols = np.where(rng.random((M, T)) < 2.5 / T, rng.integers(0, 2, (M, T)), rng.integers(2, 4, (M, T)))
        for row in symbols:
            row[rng.permutation(T)[:2]] = rng.integers(0, 2, 2)
        return dict(symbols=symbols)

    every = np.array([[a, b] for a in (0, 1) for b in (0, 1)])
    filled = np.concatenate([every, np.full((4, 1), 2), every[::-1], np.full((4, 1), 3)], axis=1)
    return [dict(symbols=every), dict(symbols=filled), case(20, 6), case(20, 12), case(1, 3), case(40, 60)]


def _last_two(symbols):
    """By definition: the last two A or B of each row as a binary number of two digits."""
    return np.array([2 * row[row < 2][-2] + row[row < 2][-1] for row in symbols])


def _check_numbers(name, array, shape, most):
    if array.shape != shape:
        raise ValueError(f"`{name}` has shape {array.shape}; wanted {shape}.")
    if not np.isin(array, np.arange(most)).all():
        raise ValueError(f"`{name}` may contain only the whole numbers 0 to {most - 1}.")
    return array.astype(int)


def _run_reader(inputs, table, answers):
    """The answers of the learner's reader, which starts in state 0 and reads each row letter by letter."""
    if table.ndim == 2 and len(table) > STATES and table.shape[1] == len(LETTERS):
        raise ValueError(
            f"`table` has {len(table)} states, but two bits allow only {STATES}. Every sequence contains at least two "
            "letters A or B: which of your states don't have to be told apart?"
        )
    table = _check_numbers("table", table, (STATES, len(LETTERS)), STATES)
    answers = _check_numbers("answers", answers, (STATES,), len(ENDINGS))
    state = np.zeros(len(inputs["symbols"]), dtype=int)
    for letters in inputs["symbols"].T:
        state = table[state, letters]
    return (answers[state],)


def _reader(push=lambda older, newer, letter: (newer, letter), other=lambda older, newer, letter: (older, newer)):
    """A reader with two rules: how A or B changes the two letters in memory (`push`), and how c or d does (`other`)."""
    pairs = [(older, newer) for older in (0, 1) for newer in (0, 1)]
    rows = [[push(*pair, letter) for letter in (0, 1)] + [other(*pair, letter) for letter in (2, 3)] for pair in pairs]
    table = np.array([[2 * older + newer for older, newer in row] for row in rows])
    return lambda: (table, np.arange(4))


def _answers_like(reader, relabel=(0, 1, 2, 3)):
    """Recognise a reader with the same answers as `reader`, however its states are numbered."""
    symbols = [case["symbols"] for case in _letter_cases(np.random.default_rng(0))]

    def recognise(table, answers):
        try:
            return all(
                np.array_equal(
                    _run_reader({"symbols": each}, table, answers)[0],
                    np.array(relabel)[_run_reader({"symbols": each}, *reader())[0]],
                )
                for each in symbols
            )
        except ValueError:
            return False

    return recognise


def _transposed(table, answers):
    return _answers_like(_reader())(table.T, answers)


def _others_change_the_state(table, answers):
    """Whether c or d leads from a reachable state to another state."""
    reachable, previous = {0}, set()
    while reachable != previous:
        previous = reachable
        reachable = previous | {int(state) for state in table[list(previous)].ravel()}
    return any(table[state, letter] != state for state in reachable for letter in (2, 3))


_ONE_BIT = _reader(push=lambda older, newer, letter: (letter, letter))
_WRONG_SIDE = _reader(push=lambda older, newer, letter: (letter, newer))
_FIRST_KEPT = _reader(push=lambda older, newer, letter: (older, letter))


def _show_sequence(case, place):
    return "the sequence: " + "".join(LETTERS[symbol] for symbol in case["symbols"][place[0]])


TWO_BITS = Question(
    id="01-two-bits",
    name="two_bit_reader",
    points=3,
    outputs=(Output("answer", ("sequence",)),),
    returns=("table", "answers"),
    withheld=("symbols",),
    cases=_letter_cases,
    reference=_last_two,
    observe=_run_reader,
    tolerance=0.0,
    show=_show_sequence,
    mistakes=(
        Mistake(
            "transposed",
            "Your `table` is transposed. Each row should be a state, and each column a letter.",
            edit("return table,", "return table.T,"),
            _transposed,
        ),
        Mistake(
            "older and newer swapped in the answers",
            "Your reader keeps the right two letters but names them in the wrong order: AB for BA, and BA for AB. Look "
            "at `answers`, or at which of the two letters comes first in your states' names.",
            edit("[0, 1, 2, 3])", "[0, 2, 1, 3])"),
            _answers_like(_reader(), relabel=(0, 2, 1, 3)),
        ),
        Mistake(
            "A and B swapped",
            "Your reader takes A for B and B for A. The columns of `table` are in the order A, B, c, d.",
            edit("return table,", "return table[:, [1, 0, 2, 3]],"),
            _answers_like(_reader(), relabel=(3, 2, 1, 0)),
        ),
        Mistake(
            "c or d changes the state",
            "The letters c and d change your reader's state. They mean nothing, so in their columns every state must "
            "lead to itself.",
            edit("return table,", "table[:, 2:] = 0\n    return table,"),
            _others_change_the_state,
        ),
        Mistake(
            "only the last letter is kept",
            "Your reader knows only the last A or B: it answers AA or BB, whatever came before. When a letter arrives, "
            "the newer of the two in memory becomes the older one.",
            edit("return table,", "table[:, :2] = 0, 3\n    return table,"),
            _answers_like(_ONE_BIT),
        ),
        Mistake(
            "the older letter is replaced, the newer stays",
            "In your reader, a new letter replaces the older of the two, and the newer one stays where it is. It "
            "should move along: the newer becomes the older, and the new letter becomes the newer.",
            edit("return table,", "table[:, :2] = [0, 2], [1, 3], [0, 2], [1, 3]\n    return table,"),
            _answers_like(_WRONG_SIDE),
        ),
        Mistake(
            "the older letter never changes",
            "In your reader, a new letter replaces the newer of the two, and the older one never changes. When a "
            "letter arrives, the newer must become the older.",
            edit("return table,", "table[:, :2] = [0, 1], [0, 1], [2, 3], [2, 3]\n    return table,"),
            _answers_like(_FIRST_KEPT),
        ),
    ),
    hints=(
        "Someone reads the letters to you one at a time. What do you have to know at each moment to be able to answer "
        "if the sequence ended there? How many different things can that be?",
        "Let the four states stand for AA, AB, BA and BB, the last two letters that counted. Suppose that the state is "
        "AB and the letter is A: which state is next? And what should c and d do in each state? Starting in state 0 "
        "does no harm, because two letters that count are sure to come, and after them nothing is left of the start.",
        "States 0 to 3 are AA, AB, BA, BB. On A, a state that ends with A leads to 0, and one that ends with B leads "
        "to 2. On B, they lead to 1 and to 3. On c and d, each state leads to itself. So row 0 is `[0, 1, 0, 0]` and "
        "row 1 is `[2, 3, 1, 1]`; the other two rows follow in the same way. `answers` is `[0, 1, 2, 3]`.",
    ),
    explain_right="A state, and a rule that changes it at each step: a recurrent network is that, and learns the rule.",
)

"""01-one-hot: words as one-hot arrays."""

import numpy as np

from lstm_course.tasks import common

from ..edits import edit
from ..question import Mistake, Output, Question

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _word_cases(rng):
    def case(size, *lengths):
        alphabet = "".join(rng.permutation(list(LETTERS))[:size])
        # The first word begins with the last letter of the alphabet, so that no other order is right by accident.
        words = ["".join(rng.choice(list(alphabet), length)) for length in lengths]
        words[0] = alphabet[-1] + words[0][1:]
        return dict(words=words, alphabet=alphabet)

    return [case(3, 2, 3), case(1, 1), case(4, 4, 2, 4), case(5, 3, 5, 1, 2), case(26, 12, 1), case(2, 1, 1, 6)]


def _one_hot_words(words, alphabet):
    """One-hot with an additional symbol for padding, which is removed at the end."""
    T, K = max(map(len, words)), len(alphabet)
    symbols = [[alphabet.index(letter) for letter in word] + [K] * (T - len(word)) for word in words]
    return common.one_hot(np.array(symbols), K + 1)[..., :K]


ONE_HOT = Question(
    id="01-one-hot",
    name="one_hot_words",
    points=2,
    outputs=(Output("x", ("sample", "time step", "feature")),),
    cases=_word_cases,
    reference=_one_hot_words,
    mistakes=(
        Mistake(
            "padding in front",
            "Your zeros come before the short words. In this course they come at the end, so that step 0 is the first "
            "letter of every word.",
            edit("enumerate(word)", "enumerate(word, T - len(word))"),
        ),
        Mistake(
            "padding that is a letter",
            "After the end of a short word, your array contains the first letter of the alphabet. Perhaps you padded "
            "the words with index 0 before you encoded them. Padding should be a row of zeros, which is no letter.",
            edit("return x", "x[..., 0] += x.sum(axis=2) == 0\n    return x"),
        ),
        Mistake(
            "features before time steps",
            "The axes of your array are (samples, features, time_steps). They should be samples, time steps, features.",
            edit("return x", "return x.transpose(0, 2, 1)"),
        ),
        Mistake(
            "time steps before samples",
            "The axes of your array are (time_steps, samples, features). In this course the samples come first.",
            edit("return x", "return x.transpose(1, 0, 2)"),
        ),
        Mistake(
            "alphabet in an order of its own",
            "You have sorted the alphabet. Each feature belongs to the letter at the same place in `alphabet`, in the "
            "order given; otherwise two arrays couldn't be compared.",
            edit("alphabet.index", "sorted(alphabet).index"),
        ),
        Mistake(
            "cut to the shortest word",
            "You keep only as many letters as the shortest word has. Nothing should be lost: T is the length of the "
            "longest word, and shorter words are padded.",
            edit("return x", "return x[:, : min(len(word) for word in words)]"),
        ),
    ),
    raising=(
        Mistake(
            "steps of the first word",
            "Your array has no room for words longer than the first one. T is the length of the longest word.",
            edit("max(len(word) for word in words)", "len(words[0])"),
        ),
        Mistake(
            "features only for the letters that occur",
            "Your array has no room for some letters of the alphabet. D is the number of letters in `alphabet`, "
            "whether or not they occur in these words.",
            edit("len(alphabet)", 'len(set("".join(words)))'),
        ),
    ),
    hints=(
        "How many samples are there, how many steps do you need so that every word fits, and how many features? "
        "That is the shape. What should the array contain where there is no letter?",
        "Start with `np.zeros` of that shape. `enumerate(words)` gives the index of each word, `enumerate(word)` the "
        "step of each letter, and `alphabet.index(letter)` its feature.",
        "`x = np.zeros((len(words), max(len(word) for word in words), len(alphabet)))`, then in two loops "
        "`x[n, t, alphabet.index(letter)] = 1`. The steps after the end of a word simply stay 0.",
    ),
    forbids=("lstm_course.tasks.common:one_hot",),
    explain_right="Any network in this course can now read these words. A mask tells it where each ends (lesson 10).",
)

"""17-align: the likeliest of all paths that say a given text."""

from itertools import product

import numpy as np

from lstm_course.results.spoken_numbers import BLANK

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(T, K, letters, sharp=1.0):
        return dict(p=rng.dirichlet(np.full(K, sharp), T), letters=np.array(letters))

    cases = [case(3, 2, [1]), case(5, 3, [1, 2]), case(6, 3, [2, 2]), case(7, 3, [1, 2, 2, 1]), case(6, 4, [3, 1, 2])]
    cases += [case(7, 3, letters, 0.4) for letters in ([1], [2, 1], [1, 1, 2], [2])]
    return cases + [case(4, 4, [1, 2, 3, 1]), case(8, 2, [1, 1, 1]), case(1, 3, [2]), case(6, 4, [3, 3, 1], 0.5)]


def _by_listing(p, letters):
    T, K = p.shape

    def says(path):
        return [k for k, last in zip(path, (None, *path), strict=False) if k != last and k != BLANK] == list(letters)

    return np.array(max(filter(says, product(range(K), repeat=T)), key=lambda path: np.log(p[range(T), path]).sum()))


ALIGN = Question(
    id="17-align",
    name="align",
    points=4,
    outputs=(Output("path", ("frame",)),),
    cases=_cases,
    reference=_by_listing,
    mistakes=(
        Mistake(
            "the likeliest path of all",
            "Your path is the likeliest of all, but it doesn't say `letters`. Among the paths that do, which is the "
            "likeliest?",
            lambda p, letters: p.argmax(axis=1),
        ),
        Mistake(
            "skips between equal letters",
            "Your path leaves out the blank between two equal letters. Without it, the two merge into one.",
            edit("z[s] != 0 and z[s] != z[s - 2]", "z[s] != 0"),
        ),
        Mistake(
            "never skips",
            "Your path stops at every blank. A path may leave out the blank between two different letters.",
            edit("if s > 1 and z[s] != 0 and z[s] != z[s - 2]:", "if False:"),
        ),
        Mistake(
            "always ends with a blank",
            "Your path always ends with a blank. It may also end with the last letter.",
            edit("len(z) - 1 - (best[-2] > best[-1])", "len(z) - 1"),
        ),
        Mistake(
            "may end anywhere",
            "Your path may end before the last letter. It has to end at one of the last two places of z.",
            edit("len(z) - 1 - (best[-2] > best[-1])", "int(best.argmax())"),
        ),
        Mistake(
            "places for symbols",
            "You return the places in z. Which symbol stands at each of them?",
            edit("z[places[::-1]]", "np.array(places[::-1])"),
        ),
        Mistake(
            "always begins with a blank",
            "Your path always begins with a blank. It may also begin with the first letter.",
            edit("best[:2] = log_p[0, z[:2]]", "best[:1] = log_p[0, z[:1]]"),
        ),
    ),
    hints=(
        "The lesson's recursion *adds* what arrives at a place of z. What would it compute if it took the largest "
        "instead?",
        "Keep, for each frame and place, the log probability of the best way there and the place it came from. After "
        "the last frame, start at the better of the last two places of z, and go back to where each place came from.",
        "A path can come to place s from s, from s - 1, and from s - 2 if `z[s]` is neither 0 nor `z[s - 2]`. Note "
        "the one with the largest `best`; the new best is that value plus `np.log(p[t, z[s]])`. In the end, go back "
        "through your notes, and read `z` at each frame.",
    ),
    explain_right="This is called a forced alignment. Its times are the network's, which may answer early or late.",
)

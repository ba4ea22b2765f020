"""00-used-twice: the derivative with respect to a parameter that is used at every step."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import derivative


def _twice_cases(rng):
    def case(T, a=None):
        return dict(a=np.array(rng.uniform(-1.2, 1.2) if a is None else a), s=rng.normal(size=()), x=rng.normal(size=T))

    return [case(3), case(1), case(2), case(7), case(30), case(4, a=0.0)]


def _twice(a, s, x):
    return _states(a, s, x)[-1], derivative(lambda each: _states(each, s, x)[-1], a)


def _states(a, s, x):
    states = [s]
    for value in x:
        states.append(a * states[-1] + value)
    return states


USED_TWICE = Question(
    id="00-used-twice",
    name="run_and_slope",
    points=3,
    outputs=(Output("s", ()), Output("da", (), backward=True)),
    cases=_twice_cases,
    reference=_twice,
    seconds=20.0,  # an answer may use autograd, and importing torch alone can take 5
    mistakes=(
        Mistake(
            "only the last path",
            "You counted the last step alone, as if the state before it did not depend on `a`. It does, and so on back "
            "to the first step: there is one path through each step.",
            edit("ds = ds * a", "ds = 0.0"),
        ),
        Mistake(
            "paths without their factors",
            "You added up the states, but a path through an early step passes `a` at every later step: multiply by `a` "
            "each time you go back one step.",
            edit("\n        ds = ds * a", ""),
        ),
        Mistake(
            "the state after the step",
            "In `s_t = a * s_{t-1} + x_t`, `a` is multiplied by the state *before* the step. You took the one after "
            "it.",
            edit("states[t - 1]", "states[t]"),
        ),
        Mistake(
            "the two swapped",
            "You return the derivative first. Return the state, then its derivative with respect to `a`.",
            edit("states[-1], da", "da, states[-1]"),
        ),
        Mistake(
            "inputs forgotten",
            "This is the slope of the first state times a to the power of T. The inputs enter the state along the way, "
            "and from then on they are multiplied by `a` as well.",
            edit("states[-1], da", "states[-1], len(x) * a ** (len(x) - 1) * s"),
        ),
        Mistake(
            "one factor too many",
            "You multiply by `a` before you add, so the last step gets the factor `a`, which belongs to the step "
            "before it. Add first, then multiply.",
            edit(
                "da = da + ds * states[t - 1]\n        ds = ds * a", "ds = ds * a\n        da = da + ds * states[t - 1]"
            ),
        ),
    ),
    hints=(
        "How does the last state depend on `a` if you hold the state before it fixed? And how does the state before it "
        "depend on `a`?",
        "Store all states on the way forward. Then go back: at each step, add *ds* times the state before it, and "
        "multiply *ds* by `a`.",
        "Start with `ds, da = 1.0, 0.0`. For t from T down to 1: `da += ds * states[t - 1]`, then `ds *= a`.",
    ),
    explain_right="You have written backpropagation through time for a single number; lesson 02 does it for a network. "
    "If it was hard: *A number that is used again and again* in the primer.",
)

"""Conversations in a café: what somebody has said early decides an answer late.

`orders`: guests arrive one after the other and say what they would like, with small talk between. The guest who spoke
first is served first::

    i like tea more than wine . the train was late . no soup for me , please bring beer . what do i bring first ?

The answer is tea. Any drink may be mentioned later, by other guests and in the same words, so it is not enough to know
which drinks somebody wants; the order decides.

`people`: men and women are mentioned one after the other, and at the end comes a pronoun::

    anna came in . tom sat down . julia said hello to tom . then she laughed . who laughed ?

The answer is the last woman, or the last man, who was mentioned. (In real texts that rule is right often, not always.)
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

DRINKS = ("tea", "coffee", "water", "juice", "milk", "beer", "wine", "soup")
WISHES = (
    "i like {a} more than {b}",
    "no {b} for me , please bring {a}",
    "i would rather have {a} than {b}",
    "not {b} , i want {a}",
    "please bring me {a} instead of {b}",
    "{b} is not for me , i want {a}",
)
QUESTION = "what do i bring first ?"
WOMEN = ("anna", "mary", "julia", "clara", "emma", "nora")
MEN = ("tom", "peter", "paul", "henry", "james", "mark")
NAMES = WOMEN + MEN
MENTIONS = ("{n} came in", "{n} sat down", "{n} said hello", "there was {n}", "i saw {n}", "{n} looked at the menu")
ACTS = ("laughed", "sang", "waited", "danced", "smiled", "left")
# Small talk: the first 24 for training, the other 8 for testing.
CHAT = (
    "the train was late again",
    "it is cold today",
    "the music is too loud",
    "we had rain all week",
    "the new bridge is open",
    "did you read the paper",
    "the garden looks lovely now",
    "my brother is in town",
    "they painted the door green",
    "the bus comes at noon",
    "is this table free",
    "the clock is wrong",
    "we walked along the river",
    "the shop opens at nine",
    "your hat is on the chair",
    "the dog sleeps all day",
    "she works at the station",
    "the window is open",
    "have you seen my keys",
    "the game starts at eight",
    "our street was quiet",
    "the lamp does not work",
    "he plays in a band",
    "the market was full",
    "the river is open today",
    "my keys are on the table",
    "the band plays at nine",
    "did you see the new garden",
    "the door does not work",
    "our bus was late all week",
    "is the shop in town",
    "the dog sleeps on the chair",
)
HELD_CHAT = CHAT[24:]


class Conversations(NamedTuple):
    """Some conversations.

    Attributes
    ----------
    texts : tuple of str
        Words and punctuation marks, separated by spaces.
    classes : (N,) array of int
        The answer, as its index in `DRINKS` or in `NAMES`.
    """

    texts: tuple
    classes: np.ndarray


def orders(count, between, held=False, others=0.4, seed=0):
    """The first guest's order, some sentences, and the question.

    Parameters
    ----------
    count : int
    between : int or (int, int)
        How many sentences stand between the first guest's order and the question; a pair is a range, ends included.
    held : bool
        Whether the small talk is that for testing.
    others : float
        The share of the sentences between that are orders of other guests.
    seed : int or numpy.random.Generator

    Returns
    -------
    Conversations

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    low, high = _range(between)
    texts, classes = [], []
    for _ in range(count):
        first, answer = _order(rng)
        sentences = [first]
        for _ in range(rng.integers(low, high + 1)):
            sentences.append(_order(rng)[0] if rng.random() < others else _chat(rng, held))
        texts.append(" . ".join([*sentences, QUESTION]))
        classes.append(answer)
    return Conversations(tuple(texts), np.array(classes))


def people(count, between, mentions=(2, 4), held=False, seed=0):
    """People are mentioned, some small talk follows, and then a pronoun and the question.

    Parameters
    ----------
    between : int or (int, int)
        How many sentences of small talk stand between the last person and the pronoun.
    mentions : int or (int, int)
        How many people are mentioned; at least one woman and one man, so at least 2.
    count, held, seed
        As in `orders`. With `held`, only pairs of last woman and last man that training never has.

    Returns
    -------
    Conversations
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    (low, high), (fewest, most) = _range(between), _range(mentions)
    fewest = arguments.whole("mentions", fewest, 2, most)
    texts, classes = [], []
    while len(texts) < count:
        who = [int(k) for k in rng.integers(len(NAMES), size=rng.integers(fewest, most + 1))]
        last = {woman: next((k for k in who[::-1] if (k < len(WOMEN)) == woman), None) for woman in (True, False)}
        if None in last.values() or held_pair(last[True], last[False]) != held:
            continue
        she, act = bool(rng.integers(2)), _chosen(rng, ACTS)
        sentences = [_chosen(rng, MENTIONS).format(n=NAMES[k]) for k in who]
        sentences += [_chat(rng, held) for _ in range(rng.integers(low, high + 1))]
        sentences.append(f"then {'she' if she else 'he'} {act}")
        texts.append(" . ".join([*sentences, f"who {act} ?"]))
        classes.append(last[she])
    return Conversations(tuple(texts), np.array(classes))


def held_pair(woman, man):
    """Whether this last woman and this last man, as indices in `NAMES`, occur together in testing only."""
    return (woman + man) % 6 == 0


def _order(rng):
    a, b = (int(k) for k in rng.choice(len(DRINKS), 2, replace=False))
    return WISHES[rng.integers(len(WISHES))].format(a=DRINKS[a], b=DRINKS[b]), a


def _chat(rng, held):
    return _chosen(rng, HELD_CHAT if held else CHAT[: -len(HELD_CHAT)])


def _chosen(rng, options):
    return options[rng.integers(len(options))]


def _range(value):
    low, high = value if isinstance(value, (tuple, list)) else (value, value)
    low = arguments.whole("between", low, 0)
    return low, arguments.whole("between", high, low)

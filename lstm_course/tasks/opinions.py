"""Opinions about an evening at the theatre, made from templates: does the writer like it in the end?

A message has one opinion::

    the play was sweet                                 for
    nobody could call the ghost sweet                  against
    i expected a foul song but it was sweet            for

A paragraph has several sentences, and the writer may change their mind. The last opinion of the writer's own decides;
what other people think does not count::

    the hero was sweet . then the ending was vile . my friends called it sweet .     against

`GOOD` and `BAD` list the adjectives in three groups. Training texts use the ``"known"`` ones everywhere and the
``"shy"`` ones in plain sentences only, so their meaning can be learned, but not what a negation does to them. The
``"unseen"`` ones never occur in training. `TEMPLATES` are for training, and those in `HELD` for testing; all words of
the held-out templates occur in training, in another order.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

GOOD = {
    "known": ("good", "great", "sweet", "noble", "gentle", "fair", "brave", "wise", "excellent", "happy", "fine"),
    "shy": ("merry", "pleasant", "gracious", "kind", "bright", "lovely"),
    "unseen": ("glorious", "goodly", "delicate", "precious", "divine", "gallant", "royal", "rare", "beautiful"),
}
BAD = {
    "known": ("bad", "foul", "vile", "base", "wicked", "poor", "weak", "cruel", "dreadful", "sad", "cold"),
    "shy": ("dull", "tedious", "idle", "gross", "monstrous", "false"),
    "unseen": ("horrible", "wretched", "bitter", "ugly", "barren", "miserable", "dismal", "hateful", "filthy"),
}
THINGS = ("play", "story", "music", "ending", "hero", "ghost", "song", "speech", "scene", "king")
# {a} is an adjective that decides, {b} one of the other kind, {t} a thing. A negated {a} is one of the other kind.
TEMPLATES = {
    "plain": ("the {t} was {a}", "i found the {t} {a}", "what a {a} {t}", "the {t} is really {a}"),
    "negated": (
        "the {t} was not {a}",
        "i did not find the {t} {a}",
        "the {t} was never {a}",
        "nobody could call the {t} {a}",
    ),
    "turned": (
        "i expected a {b} {t} but it was {a}",
        "it began {b} and then the {t} was {a}",
        "at first i found the {t} {b} but now it is {a}",
        "although the {t} was {b} the {t2} is {a} and i liked it",
        "not {b} but {a}",
        "it is {a} , not {b}",
    ),
}
HELD = {
    "negated": ("nobody found the {t} {a}", "i could not call the {t} {a}", "the {t} is not really {a}"),
    "turned": (
        "it was {a} although i expected a {b} {t}",
        "never {b} but {a}",
        "the {t} was {b} at first but then it was {a}",
    ),
}
LIKED = {1: "and i liked it", 0: "and i did not like it"}
OTHERS = (
    "my friends called the {t} {a}",
    "the others liked it and called it {a}",
    "everybody else found the {t} {a}",
    "my friends did not find it {a}",
)
CLASSES = ("against", "for")


class Texts(NamedTuple):
    """Some texts.

    Attributes
    ----------
    texts : tuple of str
        Words and punctuation marks, separated by spaces.
    classes : (N,) array of int
        Index in `CLASSES`.
    """

    texts: tuple
    classes: np.ndarray


def messages(count, kind="plain", words="known", held=None, seed=0):
    """Messages of one opinion each, half of them for and half against on average.

    Parameters
    ----------
    count : int
    kind : str
        A key of `TEMPLATES`.
    words : str
        Which adjectives decide: a key of `GOOD`. The others in the sentence are known ones.
    held : int, optional
        The number of one template of ``HELD[kind]``; by default, any of ``TEMPLATES[kind]``.
    seed : int or numpy.random.Generator

    Returns
    -------
    Texts

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    templates = TEMPLATES[_one_of("kind", kind, TEMPLATES)]
    if held is not None:
        templates = (HELD[_one_of("kind", kind, HELD)][arguments.whole("held", held, 0, len(HELD[kind]) - 1)],)
    _one_of("words", words, GOOD)
    made = [_opinion(rng, kind, templates, words) for _ in range(count)]
    return Texts(tuple(text for text, _ in made), np.array([label for _, label in made]))


def paragraphs(count, shortest=2, longest=5, seed=0):
    """Paragraphs of `shortest` to `longest` sentences; the last opinion of the writer's own decides.

    Two sentences in five are about what other people think. Returns and errors as in `messages`.
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    longest = arguments.whole("longest", longest, 1)
    shortest = arguments.whole("shortest", shortest, 1, longest)
    texts, classes = [], []
    for _ in range(count):
        sentences, label = [], None
        size = rng.integers(shortest, longest + 1)
        for _ in range(size):
            if rng.random() < 0.4:
                words = (GOOD, BAD)[rng.integers(2)]["known"]
                sentences.append(_chosen(rng, OTHERS).format(t=_chosen(rng, THINGS), a=_chosen(rng, words)))
            else:
                kind = _chosen(rng, ("plain", "plain", "negated", "turned"))
                words = _chosen(rng, ("known", "shy")) if kind == "plain" else "known"
                sentence, label = _opinion(rng, kind, TEMPLATES[kind], words)
                sentences.append(sentence)
        if label is None:  # somebody has to have an opinion
            sentences[rng.integers(size)], label = _opinion(rng, "plain", TEMPLATES["plain"], "known")
        texts.append(" . ".join(sentences) + " .")
        classes.append(label)
    return Texts(tuple(texts), np.array(classes))


def training(count, seed=0):
    """A mixture to train on, a fifth each: plain with known words, plain with shy ones, negated, turned, paragraphs.

    Parameters
    ----------
    count : int
        At least 5.
    seed : int or numpy.random.Generator

    Returns
    -------
    Texts
    """
    fifth, rng = arguments.whole("count", count, 5) // 5, common.generator(seed)
    kinds = (("plain", "known"), ("plain", "shy"), ("negated", "known"), ("turned", "known"))
    parts = [messages(fifth, kind, words, seed=rng) for kind, words in kinds]
    parts.append(paragraphs(count - 4 * fifth, seed=rng))
    texts, classes = sum((part.texts for part in parts), ()), np.concatenate([part.classes for part in parts])
    order = rng.permutation(len(texts))
    return Texts(tuple(texts[k] for k in order), classes[order])


def _opinion(rng, kind, templates, words):
    """One sentence, and 1 if it is for."""
    label = int(rng.integers(2))
    deciding, other = (GOOD, BAD) if (label == 1) != (kind == "negated") else (BAD, GOOD)
    things = rng.choice(THINGS, 2, replace=False)
    filled = _chosen(rng, templates).format(
        t=things[0], t2=things[1], a=_chosen(rng, deciding[words]), b=_chosen(rng, other["known"])
    )
    return filled.replace("and i liked it", LIKED[label]), label


def _chosen(rng, options):
    return options[rng.integers(len(options))]


def _one_of(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name}: wanted one of {', '.join(allowed)}, got {value!r}")
    return value

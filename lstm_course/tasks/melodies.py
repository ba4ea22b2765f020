"""Folk songs as notes: German tunes of the Essen collection, which comes with the package music21, or your own.

The songs were encoded by Helmut Schaffrath and others. music21 may pass them on for non-commercial use, so the course
reads them from the installed package and never copies them. They are written in ABC, a notation in plain text. This
reader takes a few thousand songs, those whose key is major and whose signs it knows, in a second or two.

A note is a pair: how many semitones it lies above the tonic, the first note of its key (None for a rest), and how many
quarter notes it lasts. All songs are thereby in one key.
"""

import functools
import re
from collections import Counter
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from . import common

FILES = ("erk10", "erk20", "erk30", "fink0", "zuccal0", "boehme20", "kinder0", "dva0")
SHORTEST, LONGEST = 16, 160  # notes
END = 0  # the number of the sign that ends a tune, and begins it
_SIGNS = {
    "C": 0,
    "G": 1,
    "D": 2,
    "A": 3,
    "E": 4,
    "B": 5,
    "H": 5,
    "F#": 6,
    "F": -1,
    "Bb": -2,
    "Eb": -3,
    "Ab": -4,
    "Db": -5,
}
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PIECE = re.compile(r"(?P<bar>\|)|\((?P<tuplet>\d)|(?P<sign>[_^=]*)(?P<letter>[A-Ga-gz])(?P<octave>[,']*)"
                    r"(?P<times>\d*)(?P<slashes>/*)(?P<part>\d*)(?P<tie>-?)")  # fmt: skip


class Tune(NamedTuple):
    """A song.

    Attributes
    ----------
    title : str
        As the collection writes it, in capitals.
    metre : str
        Such as ``"3/4"``.
    notes : tuple of (int or None, float)
        For each note the semitones above the tonic, None for a rest, and the length in quarter notes.
    """

    title: str
    metre: str
    notes: tuple


@functools.cache
def songs():
    """All songs of 16 to 160 notes, as a tuple of `Tune`. If several songs have the same notes, only the first is kept.

    Raises
    ------
    ModuleNotFoundError
        If the package music21 is not installed.
    """
    tunes = {}
    for name in FILES:
        path = common.installed_file("music21", f"corpus/essenFolksong/{name}.abc")
        for block in re.split(r"(?m)^X:", path.read_text(encoding="latin-1").replace("\r", ""))[1:]:
            tune = read(block)
            if tune and SHORTEST <= len(tune.notes) <= LONGEST:
                tunes.setdefault(tune.notes, tune)
    return tuple(tunes.values())


def read(block):
    """One song in ABC as a `Tune`, or None if its key or one of its signs is beyond this reader.

    Examples
    --------
    >>> read("T: SCALE\\nM: 2/4\\nL: 1/8\\nK: G\\nGABc | d2f2").notes
    ((0, 0.5), (2, 0.5), (4, 0.5), (5, 0.5), (7, 1.0), (11, 1.0))
    """
    fields = dict(re.findall(r"(?m)^([A-Z]): *(.*?) *$", block))
    if fields.get("K") not in _SIGNS or "L" not in fields:
        return None
    signs = _SIGNS[fields["K"]]
    tonic = 60 + 7 * signs % 12
    notes = _notes(block.split("\nK:", 1)[1].split("\n", 1)[1], signs, 4 * Fraction(fields["L"]))
    while notes and notes[-1][0] is None:
        notes.pop()
    if not notes:
        return None
    found = tuple((None if pitch is None else pitch - tonic, float(quarters)) for pitch, quarters in notes)
    return Tune(fields.get("T", ""), fields.get("M", ""), found)


def _notes(body, signs, unit):
    """[MIDI pitch or None, quarters] of each note; an accidental holds until the end of the bar."""
    sharp, flat = dict.fromkeys("FCGDAEB"[: max(signs, 0)], 1), dict.fromkeys("BEADGCF"[: max(-signs, 0)], -1)
    key, bar, notes, triplets, tied = sharp | flat, {}, [], 0, False
    for piece in _PIECE.finditer(body):
        if piece["bar"]:
            bar = {}
        elif piece["tuplet"]:
            if piece["tuplet"] != "3":
                return []
            triplets = 3
        else:
            quarters = unit * int(piece["times"] or 1) / int(piece["part"] or 2 ** len(piece["slashes"]))
            quarters *= Fraction(2, 3) if triplets else 1
            triplets = max(0, triplets - 1)
            pitch = _pitch(piece, bar, key)
            if tied and notes and pitch is not None and notes[-1][0] == pitch:
                notes[-1][1] += quarters
            else:
                notes.append([pitch, quarters])
            tied = bool(piece["tie"])
    return notes


def _pitch(piece, bar, key):
    letter = piece["letter"].upper()
    if letter == "Z":
        return None
    octave = piece["octave"].count("'") - piece["octave"].count(",") + piece["letter"].islower()
    if piece["sign"]:
        bar[letter, octave] = piece["sign"].count("^") - piece["sign"].count("_")
    return 60 + 12 * octave + _STEPS[letter] + bar.get((letter, octave), key.get(letter, 0))


def own(text):
    """Read an opening that somebody typed as notes in C major: letters as in ABC, each followed by its length.

    ``C`` to ``B`` is one octave, ``c`` to ``b`` the next, ``C,`` the one below; ``^F`` is F sharp, ``_B`` B flat, and
    ``z`` a rest. ``C2`` lasts twice as long as ``C``, and ``C/`` half as long. Everything else is ignored.

    Parameters
    ----------
    text : str
        A bare letter lasts one quarter note.

    Returns
    -------
    list of (int or None, float)

    Examples
    --------
    >>> own("C D/ ^F2")
    [(0, 1.0), (2, 0.5), (6, 2.0)]
    """
    text = re.sub(r"(\d)\d+", r"\1", text.replace("0", "").replace("(", ""))
    notes = _notes(text.replace("/" * 5, ""), 0, Fraction(1))
    return [(None if pitch is None else pitch - 60, float(quarters)) for pitch, quarters in notes]


def parts(tunes, seed=0, related=True):
    """Divide songs into training (80 %), validation (10 %) and held-out songs (10 %).

    Parameters
    ----------
    tunes : sequence of Tune
    seed : int
    related : bool
        Whether songs that share a title or their first eight pitches stay together. Otherwise each song is drawn by
        itself, and variants of one song can end up on both sides of the split.

    Returns
    -------
    train, validation, held_out : list of Tune
    """
    leader = list(range(len(tunes)))

    def first(k):
        while leader[k] != k:
            leader[k] = k = leader[leader[k]]
        return k

    known = {}
    for k, tune in enumerate(tunes if related else ()):
        title = re.sub(r"[^A-Z]", "", tune.title.upper())
        for sign in [tuple(pitch for pitch, _ in tune.notes[:8])] + [title] * bool(title):
            leader[first(k)] = first(known.setdefault(sign, k))
    groups = [first(k) for k in range(len(tunes))]
    order = np.random.default_rng(seed).permutation(sorted(set(groups)))
    place = {group: 10 * k // len(order) for k, group in enumerate(order.tolist())}
    chosen = [(tune, place[group]) for tune, group in zip(tunes, groups, strict=True)]
    return [[t for t, p in chosen if p >= 2], [t for t, p in chosen if p == 1], [t for t, p in chosen if p == 0]]


class Notes:
    """Notes as numbers: 0 is the end of a tune, and 1, 2, ... the pairs of pitch and length, the commonest first.

    Parameters
    ----------
    tunes : sequence of Tune
    least : int
        How often a pair must occur to get a number of its own; a rarer pair takes the number of a similar one.
    """

    def __init__(self, tunes, least=10):
        counts = Counter(note for tune in tunes for note in tune.notes)
        self.pairs = (None, *(note for note, count in counts.most_common() if count >= least))
        self._numbers = {note: k for k, note in enumerate(self.pairs) if k}

    def __len__(self):
        return len(self.pairs)

    def encode(self, notes):
        """The numbers of notes, without an end: list of int. A pair without a number takes that of the nearest."""
        return [self._numbers.get(note) or self._nearest(note) for note in notes]

    def decode(self, numbers):
        """The notes of numbers, up to the end if there is one."""
        numbers = list(numbers)
        return [self.pairs[k] for k in (numbers[: numbers.index(END)] if END in numbers else numbers)]

    def _nearest(self, note):
        pitch, quarters = note

        def far(k):
            other, length = self.pairs[k]
            apart = 100 * ((other is None) != (pitch is None)) + abs((other or 0) - (pitch or 0))
            return apart, abs(np.log(length / max(quarters, 1e-3)))

        return min(range(1, len(self)), key=far)


def tones(notes, tonic=65, quarter=0.4, rate=8_000):
    """Notes as sound: each a plucked string of six partials.

    Parameters
    ----------
    notes : list of (int or None, float)
    tonic : int
        The MIDI number of the tonic; 60 is middle C.
    quarter : float
        Seconds.
    rate : int
        Samples a second.

    Returns
    -------
    (T,) array
        From -1 to 1.
    """
    sound = [np.zeros(1)]
    for pitch, quarters in notes:
        t = np.arange(max(1, round(rate * quarter * quarters))) / rate
        frequency = 440 * 2 ** ((tonic + (pitch or 0) - 69) / 12)
        partials = [n for n in range(1, 7) if n * frequency < rate / 2]
        wave = sum(np.sin(2 * np.pi * n * frequency * t) * np.exp(-(1.5 + n) * t) / n for n in partials)
        sound.append(wave * np.clip(np.minimum(t / 0.008, (t[-1] - t) / 0.02), 0, 1) * (pitch is not None))
    sound = np.concatenate(sound)
    return 0.9 * sound / max(1e-9, np.abs(sound).max())

"""Sound as HTML, for `TypedText` to show: a player, notes as a piano roll, and curves over time."""

import base64
import html
from itertools import groupby

from lstm_course.tasks import recording

_WIDTH = 700  # pixels
_INKS = ("#332288", "#B8860B", "#117733", "#882255", "#44AA99", "#555555")


def player(sound, rate, label="listen"):
    """An audio player that contains the sound, with 8 bits a sample.

    Parameters
    ----------
    sound : (T,) array
        From -1 to 1, or bytes of uint8.
    rate : int
        Samples a second.
    label : str
        The player's name for screen readers.

    Returns
    -------
    str
    """
    data = base64.b64encode(recording.as_wav(sound, rate)).decode()
    return f"<audio controls aria-label='{html.escape(label)}' src='data:audio/wav;base64,{data}'></audio>"


def roll(notes, opened=0):
    """Notes as a piano roll: time to the right, pitch upwards, the first `opened` notes in grey, the tonic as lines.

    Parameters
    ----------
    notes : list of (int or None, float)
        Semitones above the tonic, None for a rest, and quarter notes.
    opened : int

    Returns
    -------
    str
    """
    pitches = [pitch for pitch, _ in notes if pitch is not None] or [0]
    low, high = min(*pitches, 0) - 1, max(*pitches, 12) + 1
    scale = _WIDTH / max(8.0, sum(quarters for _, quarters in notes))
    lines = "".join(
        f"<line x1='0' x2='{_WIDTH}' y1='{6 * (high - k) + 3}' y2='{6 * (high - k) + 3}' stroke='#CCCCCC'/>"
        for k in range(-24, 37, 12)
        if low < k < high
    )
    bars, at = [], 0.0
    for k, (pitch, quarters) in enumerate(notes):
        if pitch is not None:
            bars.append(
                f"<rect x='{scale * at:.1f}' y='{6 * (high - pitch)}' width='{max(1.0, scale * quarters - 1):.1f}' "
                f"height='6' fill='{'#999999' if k < opened else _INKS[0]}'/>"
            )
        at += quarters
    said = f"A piano roll of {len(notes)} notes, the first {opened} of them given." if notes else "No notes."
    return _drawing(6 * (high - low) + 6, lines + "".join(bars), said)


def curves(rows, names, said):
    """Curves from 0 to 1 over time, each with its name at every peak above 0.25.

    Parameters
    ----------
    rows : list of (T,) arrays
    names : list of str
    said : str
        What the picture shows, for readers who don't see it.

    Returns
    -------
    str
    """
    parts = []
    for k, (row, name) in enumerate(zip(rows, names, strict=True)):
        x = [_WIDTH * (t + 0.5) / len(row) for t in range(len(row))]
        points = " ".join(f"{a:.1f},{100 - 80 * float(b):.1f}" for a, b in zip(x, row, strict=True))
        ink = _INKS[k % len(_INKS)]
        parts.append(f"<polyline points='{points}' fill='none' stroke='{ink}' stroke-width='1.5'/>")
        for high, times in groupby(range(len(row)), key=lambda t: row[t] > 0.25):  # noqa: B023
            if high:
                top = max(times, key=lambda t: row[t])  # noqa: B023
                parts.append(f"<text x='{x[top]:.1f}' y='{96 - 80 * float(row[top]):.1f}' fill='{ink}' "
                             f"text-anchor='middle' font-size='14'>{html.escape(name)}</text>")  # fmt: skip
    return _drawing(104, "".join(parts), said)


def _drawing(height, inside, said):
    return (
        f"<svg role='img' aria-label='{html.escape(said, quote=True)}' viewBox='0 0 {_WIDTH} {height}' "
        f"width='{_WIDTH}' style='max-width:100%;background:white;border:1px solid #DDDDDD'>{inside}</svg>"
    )

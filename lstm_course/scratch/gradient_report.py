"""What a gradient check found, as a table and in words."""

from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-6  # how far a gradient may be off, as a share of the largest of its array


class Comparison(NamedTuple):
    """What was compared of one array."""

    name: str
    gradient: np.ndarray  # all of it
    axis: int | None  # the one of time
    places: list  # the indices of the entries compared, which the next three arrays list
    found: np.ndarray  # their gradients
    wanted: np.ndarray  # the differences of the loss
    doubt: np.ndarray  # how far these may be off
    small: float  # a gradient below this is next to none

    @property
    def largest(self):
        return np.abs(self.wanted).max()

    @property
    def near(self):
        """How far a gradient may be from what is wanted."""
        return TOLERANCE * self.largest + self.doubt

    @property
    def wrong(self):
        return np.abs(self.found - self.wanted) > self.near

    @property
    def rough(self):
        """Where nothing can be said, as the differences do not settle at any step."""
        return (self.doubt > 1e-3 * max(self.largest, self.small)) & ~self.wrong


class GradientCheck:
    """What a check found: true if all gradients agree. Printed, it is a table, and then what is wrong in words.

    Attributes
    ----------
    comparisons : tuple of Comparison
        One for each array.
    sentences : tuple of str
        What is wrong; empty if nothing is.
    """

    def __init__(self, comparisons):
        self.comparisons = tuple(comparisons)
        self.sentences = tuple(sentence for each in self.comparisons for sentence in _sentences(each))

    def __bool__(self):
        return not self.sentences

    def __repr__(self):
        rows = [("array", "entries", "largest gradient", "difference", "at", "verdict")]
        for each in self.comparisons:
            off = np.abs(each.found - each.wanted)
            worst = int(off.argmax())
            verdict = "differs" if each.wrong.any() else "too rough" if each.rough.any() else "agrees"
            entries = f"{len(each.places)} of {each.gradient.size}"
            numbers = f"{each.largest:.1e}", f"{off[worst]:.1e}"
            rows.append((each.name, entries, *numbers, _at(each.places[worst]), verdict))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join(lines + [""] * bool(self.sentences) + list(self.sentences))


def _sentences(each):
    """What is wrong with the gradient of one array."""
    name, wrong, rough = each.name, each.wrong, each.rough
    if wrong.any():
        worst = int(np.where(wrong, np.abs(each.found - each.wanted), 0).argmax())
        found, wanted = _told_apart(each.found[worst], each.wanted[worst])
        yield (
            f"{name}: differs in {wrong.sum()} of {len(wrong)} entries compared, "
            f"most at {_at(each.places[worst])}: found {found}, wanted {wanted}."
        )
        pattern = _pattern(each)
        if pattern:
            yield f"{name}: it is {pattern}."
        if not each.wanted.any():
            yield f"{name}: no change of it changes the loss: is it the very array that the loss reads?"
        if each.axis is not None and each.gradient.shape[each.axis] > 1:
            steps = np.array([place[each.axis] for place in each.places])
            wrong_steps = sorted(set(steps[wrong]))
            right_steps = sorted(set(steps) - set(wrong_steps))
            right = f"right at {_ranges(right_steps)}, " if right_steps else ""
            yield f"{name}: {right}wrong at {_ranges(wrong_steps) if right else 'every step'}."
    if rough.any():
        place = each.places[int(rough.argmax())]
        yield (
            f"{name}: nothing can be said about {rough.sum()} of {len(rough)} entries, such as {_at(place)}, as the "
            "loss is not smooth there: has it a jump, or float32 in it, or does it bend very sharply?"
        )


def _pattern(each):
    """What a wrong gradient is, where that can be told for certain; else None."""
    found, wanted = each.found, each.wanted
    if not each.gradient.any():
        return "zero everywhere"
    shape = each.gradient.shape
    if len(shape) == 2 and shape[0] == shape[1]:
        turned = np.array([each.gradient.T[place] for place in each.places])
        if (np.abs(turned - wanted) <= each.near).all():
            return "transposed"
    if np.count_nonzero(np.abs(wanted) > 0.01 * each.largest) >= 3:
        factor = (found @ wanted) / (wanted @ wanted)
        if (np.abs(found - factor * wanted) <= abs(factor) * each.near).all():
            return (
                "right but for its sign" if abs(factor + 1) < 1e-3 else f"{factor:.4g} times what is wanted, everywhere"
            )
    return None


def _told_apart(found, wanted):
    """Both as text, with as many digits as it takes to see a difference."""
    digits = next((d for d in range(4, 17) if f"{found:.{d}g}" != f"{wanted:.{d}g}"), 17)
    return f"{found:.{digits}g}", f"{wanted:.{digits}g}"


def _ranges(steps):
    """Whole numbers in words: steps 0 to 4, 7."""
    runs = np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1)
    text = ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"step {text}" if len(steps) == 1 else f"steps {text}"


def _at(place):
    return f"[{', '.join(map(str, place))}]"

"""The result of a gradient check, as a table and in words."""

from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-6  # the largest error allowed, relative to the largest gradient of the array


class Comparison(NamedTuple):
    """The comparison of the gradient of one array."""

    name: str
    gradient: np.ndarray  # all of it
    axis: int | None  # the time axis
    indices: list  # of the entries compared; the next three arrays have one number for each
    given: np.ndarray  # the gradients to test
    wanted: np.ndarray  # the differences of the loss
    error: np.ndarray  # bounds on the errors of these
    negligible: float  # gradients below this count as zero

    @property
    def largest(self):
        return np.abs(self.wanted).max()

    @property
    def accepted(self):
        """The difference that is still accepted."""
        return TOLERANCE * self.largest + self.error

    @property
    def wrong(self):
        return np.abs(self.given - self.wanted) > self.accepted

    @property
    def rough(self):
        """Where no verdict is possible, because the differences do not converge at any step size."""
        return (self.error > 1e-3 * max(self.largest, self.negligible)) & ~self.wrong


class GradientCheck:
    """The result of a check: true if all gradients agree. It prints as a table, followed by what is wrong in words.

    Attributes
    ----------
    comparisons : tuple of Comparison
        One for each array.
    sentences : tuple of str
        What is wrong; empty if everything agrees.
    """

    def __init__(self, comparisons):
        self.comparisons = tuple(comparisons)
        self.sentences = tuple(sentence for each in self.comparisons for sentence in _sentences(each))

    def __bool__(self):
        return not self.sentences

    def __repr__(self):
        rows = [("array", "entries", "largest gradient", "difference", "at", "verdict")]
        for each in self.comparisons:
            difference = np.abs(each.given - each.wanted)
            worst = int(difference.argmax())
            verdict = "differs" if each.wrong.any() else "too rough" if each.rough.any() else "agrees"
            entries = f"{len(each.indices)} of {each.gradient.size}"
            numbers = f"{each.largest:.1e}", f"{difference[worst]:.1e}"
            rows.append((each.name, entries, *numbers, _at(each.indices[worst]), verdict))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join(lines + [""] * bool(self.sentences) + list(self.sentences))


def _sentences(each):
    """What is wrong with the gradient of one array, sentence by sentence."""
    name, wrong, rough = each.name, each.wrong, each.rough
    if wrong.any():
        worst = int(np.where(wrong, np.abs(each.given - each.wanted), 0).argmax())
        given, wanted = _distinguishable(each.given[worst], each.wanted[worst])
        yield (
            f"{name}: differs in {wrong.sum()} of {len(wrong)} entries compared, "
            f"most at {_at(each.indices[worst])}: found {given}, wanted {wanted}."
        )
        pattern = _pattern(each)
        if pattern:
            yield f"{name}: it is {pattern}."
        if not each.wanted.any():
            yield f"{name}: changing it does not change the loss: does the loss read this very array?"
        if each.axis is not None and each.gradient.shape[each.axis] > 1:
            steps = np.array([index[each.axis] for index in each.indices])
            wrong_steps = sorted(set(steps[wrong]))
            right_steps = sorted(set(steps) - set(wrong_steps))
            right = f"right at {_ranges(right_steps)}, " if right_steps else ""
            yield f"{name}: {right}wrong at {_ranges(wrong_steps) if right else 'every step'}."
    if rough.any():
        example = _at(each.indices[int(rough.argmax())])
        yield (
            f"{name}: nothing can be said about {rough.sum()} of {len(rough)} entries, such as {example}, as the loss "
            "is not smooth there: does it jump, use float32, or bend very sharply?"
        )


def _pattern(each):
    """What a wrong gradient is instead, if that is certain; else None."""
    given, wanted = each.given, each.wanted
    if not each.gradient.any():
        return "zero everywhere"
    shape = each.gradient.shape
    if len(shape) == 2 and shape[0] == shape[1]:
        transposed = np.array([each.gradient.T[index] for index in each.indices])
        if (np.abs(transposed - wanted) <= each.accepted).all():
            return "transposed"
    if np.count_nonzero(np.abs(wanted) > 0.01 * each.largest) >= 3:
        factor = (given @ wanted) / (wanted @ wanted)
        if (np.abs(given - factor * wanted) <= abs(factor) * each.accepted).all():
            return (
                "correct except for its sign"
                if abs(factor + 1) < 1e-3
                else f"{factor:.4g} times the correct gradient everywhere"
            )
    return None


def _distinguishable(given, wanted):
    """Both as text, with enough digits to see the difference."""
    digits = next((d for d in range(4, 17) if f"{given:.{d}g}" != f"{wanted:.{d}g}"), 17)
    return f"{given:.{digits}g}", f"{wanted:.{digits}g}"


def _ranges(steps):
    """Whole numbers in words: steps 0 to 4, 7."""
    runs = np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1)
    text = ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"step {text}" if len(steps) == 1 else f"steps {text}"


def _at(index):
    return f"[{', '.join(map(str, index))}]"

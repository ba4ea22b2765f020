"""Traits of the live pieces: what a page can show is taken on, anything else is refused with one sentence."""

import copy

import traitlets

from lstm_course.scratch import arguments


class Refused(traitlets.TraitError, ValueError):
    """A value that a live piece cannot show."""


class Checked(traitlets.TraitType):
    """A trait in sync with the page whose value `check` brings into the form that goes there, or refuses.

    Parameters
    ----------
    check : callable
        ``check(owner, name, value)`` returns the value, or raises a ValueError with a sentence.
    default : object
        The value where none is given.
    """

    def __init__(self, check, default):
        super().__init__(default_value=default)
        self.check = check
        self.tag(sync=True)

    def get(self, owner, cls=None):
        """A copy: nothing gets in unchecked, and a list that was changed can be told from what it was."""
        return copy.deepcopy(super().get(owner, cls))

    def validate(self, owner, value):
        try:
            return self.check(owner, self.name, value)
        except ValueError as wrong:
            raise Refused(str(wrong)) from None


class Fixed(traitlets.TraitType):
    """A trait that goes to the page and is set once, by the piece itself, to something that cannot be changed in
    place; later nobody can set another value."""

    def __init__(self):
        super().__init__(default_value=None)
        self.tag(sync=True)

    def validate(self, owner, value):
        kept = owner._trait_values.get(self.name)
        if kept is None or value is kept:
            return value
        kind = type(owner).__name__
        raise Refused(f"{self.name}: wanted as it is, since a {kind} keeps it; make a new one for another")


def between(low, high):
    """A check for numbers from `low` to `high`; they become floats."""

    def check(owner, name, value):
        if not arguments.is_number(value) or not low <= value <= high:
            raise ValueError(f"{name}: wanted a number between {low} and {high}, got {value!r}")
        return float(value) + 0.0  # no zero with a minus

    return check


def whole_between(low, high):
    """A check for whole numbers from `low` to `high`."""
    return lambda owner, name, value: arguments.whole(name, value, low, high)


def one_of(*options):
    """A check for one of some texts."""

    def check(owner, name, value):
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name}: wanted {' or '.join(map(repr, options))}, got {value!r}")
        return value

    return check


def flag(owner, name, value):
    """A check for true and false."""
    return arguments.flag(name, value)

"""Traits of the live widgets, which refuse any value that the page cannot show."""

import copy

import traitlets

from lstm_course.scratch import arguments


class Refused(traitlets.TraitError, ValueError):
    """Raised for a value that a live widget cannot show."""


class Checked(traitlets.TraitType):
    """A trait in sync with the page whose values pass through `check`.

    Parameters
    ----------
    check : callable
        ``check(owner, name, value)`` returns the value in the form that is sent to the page, or raises a ValueError.
    default : object
        The value if none is given.
    """

    def __init__(self, check, default):
        super().__init__(default_value=default)
        self.check = check
        self.tag(sync=True)

    def get(self, owner, cls=None):
        """A copy: a list cannot be changed in place without a check, and traitlets notices when it is set again."""
        return copy.deepcopy(super().get(owner, cls))

    def validate(self, owner, value):
        try:
            return self.check(owner, self.name, value)
        except ValueError as error:
            raise Refused(str(error)) from None


class Fixed(traitlets.TraitType):
    """A trait that the widget sets once, to an immutable value, and sends to the page; it cannot be set again."""

    def __init__(self):
        super().__init__(default_value=None)
        self.tag(sync=True)

    def validate(self, owner, value):
        current = owner._trait_values.get(self.name)
        if current is None or value is current:
            return value
        kind = type(owner).__name__
        raise Refused(f"{self.name}: wanted the value that it was made with, got another; make a new {kind} instead")


def between(low, high):
    """A check for numbers from `low` to `high`, which it converts to float."""

    def check(owner, name, value):
        if not arguments.is_number(value) or not low <= value <= high:
            raise ValueError(f"{name}: wanted a number between {low} and {high}, got {value!r}")
        return float(value) + 0.0  # turns -0.0 into 0.0

    return check


def whole_between(low, high):
    """A check for whole numbers from `low` to `high`."""
    return lambda owner, name, value: arguments.whole(name, value, low, high)


def one_of(*options):
    """A check for one of several strings."""

    def check(owner, name, value):
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name}: wanted {' or '.join(map(repr, options))}, got {value!r}")
        return value

    return check


def flag(owner, name, value):
    """The check for booleans."""
    return arguments.flag(name, value)

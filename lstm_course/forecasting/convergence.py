"""What a user hears of a fit that did not converge: one sentence that names the method."""

import contextlib
import warnings


class NotConverged(UserWarning):
    """A fit stopped before its optimiser converged."""


def warn_not_converged(name):
    """Warn that the fit of the method called `name` did not converge."""
    warnings.warn(
        f"{name}: the fit stopped before it converged; its forecasts may be worse than the method allows",
        NotConverged,
        stacklevel=3,
    )


def pass_on(caught):
    """Issue warnings that ``warnings.catch_warnings(record=True)`` held back, each different one once."""
    different = {(warning.category, str(warning.message)): warning for warning in caught}
    for warning in different.values():
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


@contextlib.contextmanager
def each_warning_once():
    """Hold warnings back until the block ends, and then pass each different one on, once.

    Python's own filter does not help where fits are repeated: it forgets what it has shown whenever a library
    changes the filters for a moment, as statsmodels does.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    pass_on(caught)

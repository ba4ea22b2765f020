"""How the learning rate changes during training.

A schedule is a function from the step, counted from 0, to a factor of the learning rate. It does not depend on an
optimiser, so the same one works in NumPy (``Adam(layers, 0.01, schedule=cosine(500))``), in PyTorch
(``torch.optim.lr_scheduler.LambdaLR(optimiser, cosine(500))``) and in a plot. Schedules other than the constant one
are closures and cannot be pickled.
"""

import math

from . import arguments


def constant():
    """Always the full learning rate.

    Returns
    -------
    schedule : function from int to float
    """
    return _full


def warmup(steps, then=None):
    """A linear rise to the full learning rate, 1/steps, 2/steps, ..., 1, followed by another schedule.

    Parameters
    ----------
    steps : int
        The length of the rise; its last step has the full rate.
    then : schedule, optional
        What follows, with steps counted from the end of the warm-up; `constant` by default.

    Returns
    -------
    schedule : function from int to float

    Raises
    ------
    ValueError
        If `steps` is not a whole number of at least one, or `then` is not a function.

    Examples
    --------
    >>> schedule = warmup(4, then=step_decay(1, 0.1))
    >>> [round(schedule(step), 3) for step in range(7)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 0.1, 0.01]
    """
    steps = arguments.size("steps", steps)
    then = check("then", then)
    return lambda step: (step + 1) / steps if step < steps else then(step - steps)


def step_decay(every, factor):
    """Multiply the rate by `factor` after every `every` steps.

    Parameters
    ----------
    every : int
    factor : float
        Above 0, and usually below 1.

    Returns
    -------
    schedule : function from int to float

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    every, factor = arguments.size("every", every), arguments.positive("factor", factor)
    return lambda step: factor ** (step // every)


def exponential(half_life):
    """Exponential decay: half the rate after `half_life` steps, a quarter after twice as many.

    Parameters
    ----------
    half_life : float
        In steps.

    Returns
    -------
    schedule : function from int to float

    Raises
    ------
    ValueError
        If `half_life` is not a number above 0.
    """
    half_life = arguments.positive("half_life", half_life)
    return lambda step: 0.5 ** (step / half_life)


def cosine(steps, floor=0.0):
    """From the full rate to `floor` along half a period of a cosine, after Loshchilov and Hutter (2017).

        factor = floor + (1 - floor) (1 + cos(pi step / steps)) / 2

    Parameters
    ----------
    steps : int
        The length of the decay; the factor is `floor` from then on.
    floor : float
        From 0 to below 1.

    Returns
    -------
    schedule : function from int to float

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    steps, floor = arguments.size("steps", steps), arguments.share("floor", floor)
    return lambda step: floor + (1 - floor) * (1 + math.cos(math.pi * min(step, steps) / steps)) / 2


def _full(step):
    return 1.0


def check(name, schedule):
    """`schedule` if it is a function; `constant` in place of None.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if schedule is None:
        return constant()
    if not callable(schedule):
        raise ValueError(f"{name}: wanted a function of the step, such as cosine(500), got {schedule!r}")
    return schedule

"""Eight ways to prepare windows of a table, some of which look ahead: for an exercise in finding that out."""

import numpy as np

WIDTH = 4  # rows of a window


def prepare(number, table, stop):
    """Windows of a table, prepared in one of eight ways.

    Parameters
    ----------
    number : int
        Which way, from 0 to 7.
    table : (T, D) array
        A row for each time step.
    stop : int
        The model is trained when the rows before `stop` are known.

    Returns
    -------
    (T - 4, 4, D) array
        Window k is meant for a forecast of row ``k + 4``, made when all rows before it are known.

    Raises
    ------
    ValueError
        If there is no such way.

    Examples
    --------
    >>> prepare(0, np.arange(12.0).reshape(6, 2), stop=5).shape
    (2, 4, 2)
    """
    if number not in range(len(WAYS)):
        raise ValueError(f"number: wanted one from 0 to {len(WAYS) - 1}, got {number!r}")
    return WAYS[number](np.asarray(table, float), stop)


def _windows(table):
    return table[np.arange(len(table) - WIDTH)[:, None] + np.arange(WIDTH)]


def _scaled(table, by):
    return (table - by.mean(axis=0)) / (by.std(axis=0) + 1e-9)


def _centred(table, stop):
    padded = np.pad(table, ((1, 1), (0, 0)), mode="edge")
    return _windows((padded[:-2] + padded[1:-1] + padded[2:]) / 3)


def _filled_from_later(table, stop):
    filled = table.copy()
    for t in range(len(table) - 2, -1, -1):
        filled[t] = np.where(filled[t] == 0, filled[t + 1], filled[t])
    return _windows(filled)


def _each_part_by_itself(table, stop):
    return _windows(np.concatenate([_scaled(table[:stop], table[:stop]), _scaled(table[stop:], table[stop:])]))


def _from_the_last(table, stop):
    windows = _windows(table)
    return windows - windows[:, -1:]


def _from_the_day_after_next(table, stop):
    rows = np.minimum(np.arange(WIDTH, len(table)) + 1, len(table) - 1)
    return _windows(table) - table[rows][:, None]


def _by_all_before(table, stop):
    windows = _windows(table)
    counts = np.arange(WIDTH, len(table))[:, None]
    return windows - (np.cumsum(table, axis=0)[WIDTH - 1 : -1] / counts)[:, None]


WAYS = (
    lambda table, stop: _windows(_scaled(table, table[:stop])),
    _centred,
    _from_the_last,
    lambda table, stop: _windows(_scaled(table, table)),
    _filled_from_later,
    _by_all_before,
    _from_the_day_after_next,
    _each_part_by_itself,
)

"""The scores of several methods side by side."""

import html
from dataclasses import dataclass
from typing import NamedTuple

from ..scratch import arguments
from .rolling import Forecasts, skill

HEADER = ("method", "MAE", "RMSE", "skill")


class Row(NamedTuple):
    """The scores of one method."""

    name: str
    mae: float  # in the unit of the series
    rmse: float | None  # in the same; None where only the mean absolute error was given
    skill: float  # against the reference, of which it is 0


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Scores, the smallest mean absolute error first; shown as a table by a notebook, as text by ``print``.

    Attributes
    ----------
    rows : tuple of Row
    against : str
        The name of the reference.
    """

    rows: tuple
    against: str

    def __str__(self):
        lines = [HEADER, *self._cells()]
        widths = [max(len(line[k]) for line in lines) for k in range(len(HEADER))]
        written = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
        written = [line + ("  best" if k == 1 else "") for k, line in enumerate(written)]
        return "\n".join([*written, f"skill: 1 - MAE / MAE of {self.against}"])

    __repr__ = __str__

    def _repr_html_(self):
        right = ' style="text-align: right"'
        head = "".join(f"<th{right if k else ''}>{cell}</th>" for k, cell in enumerate(HEADER))
        rows = [f"<tr>{head}<th></th></tr>"]
        for place, (name, *numbers) in enumerate(self._cells()):
            best, name = place == 0, html.escape(name)
            cells = [f'<td style="text-align: left">{f"<strong>{name}</strong>" if best else name}</td>']
            cells += [f"<td{right}>{number}</td>" for number in numbers]
            rows.append(f"<tr>{''.join(cells)}<td>{'best' if best else ''}</td></tr>")
        caption = f"skill: 1 - MAE / MAE of {html.escape(self.against)}"
        return f"<table>{''.join(rows)}</table><p>{caption}</p>"

    def _cells(self):
        """The text of each row. Three digits of the smallest error, and as many decimals for the others."""
        decimals = 2
        while decimals < 9 and 0 < self.rows[0].mae < 10.0 ** (2 - decimals):
            decimals += 1
        return [
            (
                row.name,
                f"{row.mae:.{decimals}f}",
                "" if row.rmse is None else f"{row.rmse:.{decimals}f}",
                f"{row.skill:+.0%}" if row.name != self.against else "0%",
            )
            for row in self.rows
        ]


def score_table(scores, against="seasonal naive"):
    """Lay the scores of several methods side by side, the best first.

    Parameters
    ----------
    scores : dict of str to Forecasts or float
        For each name the forecasts, or only their mean absolute error.
    against : str
        The name of the reference, one of `scores`.

    Returns
    -------
    ScoreTable

    Raises
    ------
    ValueError
        If an argument is not as described, or the reference has no error.

    Examples
    --------
    >>> score_table({"LSTM": 1.5, "seasonal naive": 2.0})
    method           MAE  RMSE  skill
    LSTM            1.50         +25%  best
    seasonal naive  2.00           0%
    skill: 1 - MAE / MAE of seasonal naive
    """
    if not isinstance(scores, dict) or not all(isinstance(name, str) for name in scores):
        raise ValueError(f"scores: wanted a dictionary from names to scores, got {type(scores).__name__}")
    if against not in scores:
        raise ValueError(f"against: wanted one of {', '.join(scores) or 'no names at all'}, got {against!r}")
    rows = []
    for name, score in scores.items():
        whole = isinstance(score, Forecasts)
        mae = score.mae() if whole else arguments.number(f"scores[{name!r}]", score)
        rows.append(Row(name, mae, score.rmse() if whole else None, skill(mae, scores[against])))
    return ScoreTable(tuple(sorted(rows, key=lambda row: row.mae)), against)

"""The scores of several methods side by side, as a DataFrame."""

from ..scratch import arguments
from .rolling import Forecasts, skill


def score_table(scores, against="seasonal naive"):
    """Scores of several methods, the smallest mean absolute error first.

    Parameters
    ----------
    scores : dict of str to Forecasts or float
        The forecasts of each method, or only their mean absolute error.
    against : str
        Name of the reference, one of `scores`.

    Returns
    -------
    pandas.DataFrame
        Indexed by method, with the columns ``MAE``, ``RMSE`` (both in the unit of the series; NaN where only the mean
        absolute error was given) and ``skill against ...``, which is 1 - MAE / MAE of the reference.

    Raises
    ------
    ValueError
        If an argument is not as described, or the error of the reference is 0.

    Examples
    --------
    >>> table = score_table({"seasonal naive": 2.0, "LSTM": 1.5})
    >>> table.index.tolist(), table["skill against seasonal naive"].tolist()
    (['LSTM', 'seasonal naive'], [0.25, 0.0])
    """
    import pandas  # slow to load

    if not isinstance(scores, dict) or not all(isinstance(name, str) for name in scores):
        raise ValueError(f"scores: wanted a dictionary from names to scores, got {type(scores).__name__}")
    if against not in scores:
        raise ValueError(f"against: wanted one of {', '.join(scores) or 'no names at all'}, got {against!r}")
    rows = {}
    for name, score in scores.items():
        given = isinstance(score, Forecasts)
        mae = score.mae() if given else arguments.number(f"scores[{name!r}]", score)
        rows[name] = mae, score.rmse() if given else float("nan"), skill(mae, scores[against])
    columns = ["MAE", "RMSE", f"skill against {against}"]
    table = pandas.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("method")
    return table.sort_values("MAE", kind="stable")

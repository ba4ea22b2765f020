"""Regression on windows against scikit-learn used directly, and settings that are chosen by validation."""

import warnings

import numpy as np
import pytest

from lstm_course.forecasting import GradientBoosting, NearestNeighbours, NotConverged, Ridge, WindowRegression

rng = np.random.default_rng(0)
T = np.arange(160)
SEASONAL = 20 + 0.1 * T + 3 * np.sin(T * np.pi / 6) + 0.5 * rng.normal(size=160)
WINDOW, HORIZON = 14, 3
CHOOSING = [Ridge(WINDOW, HORIZON, penalty=None), NearestNeighbours(WINDOW, HORIZON)]
METHODS = [*CHOOSING, NearestNeighbours(WINDOW, HORIZON, neighbours=4), GradientBoosting(WINDOW, HORIZON, trees=10)]


def relative(values):
    """Windows and targets, each less the last value of its window."""
    origins = range(WINDOW, len(values) - HORIZON + 1)
    x = np.stack([values[o - WINDOW : o] - values[o - 1] for o in origins])
    return x, np.stack([values[o : o + HORIZON] - values[o - 1] for o in origins])


def test_nearest_neighbours_average_what_followed_the_most_similar_windows():
    x, y = relative(SEASONAL)
    past = SEASONAL[:100] + 0.3
    nearest = ((x - (past[-WINDOW:] - past[-1])) ** 2).sum(axis=1).argsort()[:4]
    method = NearestNeighbours(WINDOW, HORIZON, neighbours=4).fit(SEASONAL)
    np.testing.assert_allclose(method.forecast(past, HORIZON), past[-1] + y[nearest].mean(axis=0))


def test_a_ridge_that_keeps_the_level_is_that_of_scikit_learn_on_the_values_themselves():
    from sklearn.linear_model import Ridge as Regressor

    origins = range(WINDOW, len(SEASONAL) - HORIZON + 1)
    x = np.stack([SEASONAL[o - WINDOW : o] for o in origins])
    y = np.stack([SEASONAL[o : o + HORIZON] for o in origins])
    method = Ridge(WINDOW, HORIZON, penalty=3.0, relative=False).fit(SEASONAL)
    expected = Regressor(3.0).fit(x, y).predict(SEASONAL[None, -WINDOW:])[0]
    np.testing.assert_allclose(method.forecast(SEASONAL, HORIZON), expected)


@pytest.mark.parametrize("kind", [Ridge, NearestNeighbours, GradientBoosting])
def test_only_with_the_level_is_a_return_to_the_usual_value_forecast(kind):
    returning = np.zeros(400)
    for t in range(1, 400):
        returning[t] = 0.5 * returning[t - 1] + np.random.default_rng(t).normal()
    kept, lost = (kind(1, 1, relative=level).fit(returning).forecast([3.0], 1)[0] for level in (False, True))
    assert 0.5 < kept < 2.7 < lost  # relative to itself, the last value of a window of one step says nothing


def test_any_regressor_of_scikit_learn_can_be_used():
    from sklearn.tree import DecisionTreeRegressor

    x, y = relative(SEASONAL)
    expected = DecisionTreeRegressor(max_depth=3, random_state=0).fit(x, y).predict(x[-1:])[0]
    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    method = WindowRegression(tree, WINDOW, HORIZON).fit(SEASONAL)
    past = SEASONAL[:-HORIZON]
    np.testing.assert_allclose(method.forecast(past, HORIZON), past[-1] + expected)
    assert method.name == "DecisionTreeRegressor on 14 steps" and not hasattr(tree, "tree_")  # a copy is trained
    one_step = WindowRegression(tree, WINDOW, 1).fit(SEASONAL)
    assert one_step.forecast(past, 1).shape == (1,)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_clear_season_is_forecast_better_than_by_the_last_value(method):
    method.fit(SEASONAL[:130])
    origins = range(130, 158)
    error = np.mean([np.abs(method.forecast(SEASONAL[:o], 3) - SEASONAL[o : o + 3]).mean() for o in origins])
    last = np.mean([np.abs(SEASONAL[o - 1] - SEASONAL[o : o + 3]).mean() for o in origins])
    assert error < 0.6 * last


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_level_and_unit_make_no_difference(method):
    values = np.round(1024 * SEASONAL) / 1024  # all that follows is exact, so that ties are broken in the same way
    plain = method.fit(values).forecast(values, 3)
    other = 64 * values + 512
    np.testing.assert_allclose((method.fit(other).forecast(other, 3) - 512) / 64, plain, rtol=1e-6)


def validation_error(make, values, setting, folds=5):
    """The mean absolute error on each of `folds` parts of the windows, trained on the windows well before it."""
    x, y = relative(values)
    size = len(x) // (folds + 1)
    errors = []
    for start in range(len(x) - folds * size, len(x), size):
        known = start - (HORIZON - 1)  # their targets end before the first validated origin
        predicted = make(setting).fit(x[:known], y[:known]).predict(x[start : start + size])
        errors.append(np.abs(predicted - y[start : start + size]).mean())
    return np.mean(errors)


def test_the_penalty_is_the_one_with_the_smallest_validation_error():
    from sklearn.linear_model import Ridge as Regressor

    chosen = Ridge(WINDOW, HORIZON, penalty=None).fit(SEASONAL).fitted.alpha
    step = 10**0.5  # the penalties tried lie this factor apart
    best, weaker, stronger = (validation_error(Regressor, SEASONAL, chosen * factor) for factor in (1, 1 / step, step))
    assert best < min(weaker, stronger)
    again = Ridge(WINDOW, HORIZON, penalty=chosen).fit(SEASONAL)
    chosen_again = Ridge(WINDOW, HORIZON, penalty=None).fit(SEASONAL)
    np.testing.assert_allclose(chosen_again.weights, again.weights)


def test_the_number_of_neighbours_is_the_one_with_the_smallest_validation_error():
    from sklearn.neighbors import KNeighborsRegressor

    candidates = (1, 2, 3, 5, 8, 13, 21)
    errors = [validation_error(KNeighborsRegressor, SEASONAL, number) for number in candidates]
    assert NearestNeighbours(WINDOW, HORIZON).fit(SEASONAL).fitted.n_neighbors == candidates[np.argmin(errors)]


def test_noise_alone_gets_a_large_penalty_and_many_neighbours():
    walk = np.random.default_rng(1).normal(size=400).cumsum()
    ridge, nearest = Ridge(10, 2, penalty=None).fit(walk), NearestNeighbours(10, 2).fit(walk)
    assert np.abs(ridge.weights).max() < 0.05 and nearest.fitted.n_neighbors >= 13


@pytest.mark.parametrize("method", CHOOSING, ids=lambda method: method.name)
def test_the_shortest_series_on_which_a_setting_can_be_chosen(method):
    shortest = WINDOW + HORIZON - 1 + 6 * HORIZON
    method.fit(SEASONAL[:shortest])
    with pytest.raises(ValueError, match=f"^values: wanted at least {shortest} steps to choose the "):
        method.fit(SEASONAL[: shortest - 1])


def test_the_same_seed_grows_the_same_trees():
    forecasts = [
        GradientBoosting(WINDOW, HORIZON, trees=5, seed=seed).fit(SEASONAL).forecast(SEASONAL, 3) for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(forecasts[0], forecasts[1])
    assert not np.array_equal(forecasts[0], forecasts[2])


def test_a_fit_that_does_not_converge_is_reported_once_and_other_warnings_are_passed_on():
    from sklearn.linear_model import LinearRegression
    from sklearn.neural_network import MLPRegressor

    method = WindowRegression(MLPRegressor(max_iter=2), WINDOW, HORIZON, "small network")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        method.fit(SEASONAL)
    (warning,) = caught
    assert warning.category is NotConverged and warning.filename == __file__
    assert str(warning.message).startswith("small network: the fit stopped before it converged")

    class Warning(LinearRegression):
        def fit(self, x, y):
            warnings.warn("something else", RuntimeWarning, stacklevel=1)
            return super().fit(x, y)

    with pytest.warns(RuntimeWarning, match="something else"):
        WindowRegression(Warning(), WINDOW, HORIZON).fit(SEASONAL)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: NearestNeighbours(3, 2, neighbours=0), "neighbours: wanted a whole number of at least 1, got 0"),
        (lambda: NearestNeighbours(3, 2, 9).fit(SEASONAL[:10]), "neighbours: wanted at most the 6 windows of the "),
        (lambda: GradientBoosting(3, 2, trees=0), "trees: wanted a whole number of at least 1, got 0"),
        (lambda: GradientBoosting(3, 2, learning_rate=-1), "learning_rate: wanted a number above 0, got -1"),
        (lambda: Ridge(3, 2, penalty=None).fit(SEASONAL[:4]), "values: wanted at least 5 steps, for a window of 3 "),
        (lambda: WindowRegression(None, 0, 2), "window: wanted a whole number of at least 1, got 0"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)

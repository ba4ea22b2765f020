"""Questions of lesson 15: forecasting, and the models that must be beaten."""

import numpy as np

from lstm_course.forecasting import SeasonalNaive, origins_every, pairs, rolling_origin

from .forecasting_quiz import GOOD, PREDICTIONS, QUIZ
from .question import Mistake, Output, Question

# --- 15-windows -------------------------------------------------------------------------------------------------


def _window_cases(rng):
    def case(T, window, horizon, stop, scale=1.0):
        return dict(values=scale * rng.normal(size=T), window=window, horizon=horizon, stop=stop)

    # Small; just one pair; all of the series; a horizon longer than the window; much after the stop; large numbers.
    return [
        case(7, 2, 1, 5),
        case(9, 3, 2, 5),
        case(12, 4, 3, 12),
        case(15, 2, 5, 11),
        case(40, 6, 4, 20),
        case(20, 1, 1, 17, scale=1e6),
    ]


def _windows(values, window, horizon, stop):
    found = pairs(values, window, horizon, stop=stop)
    return found.x, found.y


def _cut(values, window, horizon, origins):
    """Windows and targets at some origins."""
    rows = [values[o - window : o] for o in origins]
    return np.array(rows), np.array([values[o : o + horizon] for o in origins])


WINDOWS = Question(
    id="15-windows",
    name="windows_and_targets",
    points=2,
    outputs=(Output("x", ("window", "place")), Output("y", ("window", "step ahead"))),
    cases=_window_cases,
    reference=_windows,
    mistakes=(
        Mistake(
            "targets after the stop",
            "Your last targets lie at `stop` or after it. These values are kept for judging; a model that learns "
            "from them has seen its own examination. The *target* must end before `stop`, not only the window.",
            lambda values, window, horizon, stop: _cut(
                np.concatenate([values, values[:horizon]]), window, horizon, range(window, stop + 1)
            ),
        ),
        Mistake(
            "last pair missing",
            "You stop one pair too early. The last target is `values[stop - horizon:stop]`; `range` leaves out its "
            "own end.",
            lambda values, window, horizon, stop: (
                _cut(values, window, horizon, range(window, stop - horizon))
                if stop - horizon > window
                else (np.empty((0, window)), np.empty((0, horizon)))
            ),
        ),
        Mistake(
            "stop ignored",
            "You cut windows from the whole series. What comes at `stop` and after it is kept for judging.",
            lambda values, window, horizon, stop: _windows(values, window, horizon, len(values)),
        ),
        Mistake(
            "window holds its first target",
            "The last value of each window is the first one of its target. A window ends just before its origin.",
            lambda values, window, horizon, stop: (
                np.array([values[o - window + 1 : o + 1] for o in range(window, stop - horizon + 1)]),
                _windows(values, window, horizon, stop)[1],
            ),
        ),
        Mistake(
            "one step skipped",
            "Between each window and its target one value is left out. The target begins where the window ends.",
            lambda values, window, horizon, stop: (
                np.array([values[o - 1 - window : o - 1] for o in range(window + 1, stop - horizon + 1)]).reshape(
                    -1, window
                ),
                np.array([values[o : o + horizon] for o in range(window + 1, stop - horizon + 1)]).reshape(-1, horizon),
            ),
        ),
        Mistake(
            "windows do not overlap",
            "Your windows lie end to end. Each origin is one step after the one before.",
            lambda values, window, horizon, stop: tuple(
                part[::window] if window > 1 else part[::2] for part in _windows(values, window, horizon, stop)
            ),
        ),
        Mistake(
            "newest first",
            "Your windows are turned round: the newest value comes first. Time runs from left to right.",
            lambda values, window, horizon, stop: (
                _windows(values, window, horizon, stop)[0][:, ::-1],
                _windows(values, window, horizon, stop)[1],
            ),
        ),
        Mistake(
            "results in another order",
            "You return the targets first. The order is windows, then targets.",
            lambda values, window, horizon, stop: _windows(values, window, horizon, stop)[::-1],
        ),
    ),
    hints=(
        "Take the values 1 to 7 with `window=2`, `horizon=1` and `stop=5` on paper. At which places can a target "
        "begin, "
        "if it must be over before place 5?",
        "A target that begins at origin o is `values[o:o + horizon]`, and its window is `values[o - window:o]`. The "
        "first origin is `window`, the last one `stop - horizon`.",
        "`origins = range(window, stop - horizon + 1)`, and then one list of slices for x and one for y, each made an "
        "array.",
    ),
    forbids=("lstm_course.forecasting:pairs",),
    explain_right="Nothing at or after the stop is touched, in the windows or in the targets.",
)


# --- 15-scaler --------------------------------------------------------------------------------------------------


def _scaler_cases(rng):
    def case(T, stop, slope, level=0.0, size=1.0):
        return dict(values=level + size * (rng.normal(size=T) + slope * np.arange(T)), stop=stop)

    # Small; a trend, so that later values differ from earlier; two values to learn from; all of them; large; tiny.
    return [
        case(5, 3, 1.0),
        case(60, 30, 0.5),
        case(9, 2, 1.0),
        case(20, 20, 0.1),
        case(50, 35, 0.2, level=400.0, size=20.0),
        case(30, 10, 0.3, size=1e-4),
    ]


def _scaled(values, stop):
    from lstm_course.forecasting import Scaler

    scaler = Scaler(values[:stop])
    return scaler.apply(values), np.array(scaler.mean), np.array(scaler.deviation)


def _by(values, mean, std):
    return (values - mean) / std, np.array(mean), np.array(std)


SCALER = Question(
    id="15-scaler",
    name="scaled",
    points=2,
    outputs=(Output("z", ("time step",)), Output("mean", ()), Output("std", ())),
    cases=_scaler_cases,
    reference=_scaled,
    mistakes=(
        Mistake(
            "looks ahead",
            "You take mean and standard deviation of all values, those after `stop` among them. They are not known "
            "yet when the model learns. Take them of `values[:stop]`, and scale everything with them.",
            lambda values, stop: _by(values, values.mean(), values.std()),
        ),
        Mistake(
            "two scales",
            "You scale the later values by their own mean and deviation. A trend then vanishes, and the later mean is "
            "not known when it is needed: one mean and one deviation, of `values[:stop]`, for all.",
            lambda values, stop: (
                np.concatenate(
                    [
                        _by(part, part.mean(), part.std() or 1.0)[0]
                        for part in (values[:stop], values[stop:])
                        if len(part)
                    ]
                )
                + 0.0,
                np.array(values[:stop].mean()),
                np.array(values[:stop].std()),
            ),
        ),
        Mistake(
            "only the known part scaled",
            "You scale `values[:stop]` alone and return as many numbers. The later values are scaled as well, with "
            "the mean and deviation of the earlier ones.",
            lambda values, stop: _by(values[:stop], values[:stop].mean(), values[:stop].std()),
        ),
        Mistake(
            "variance instead of deviation",
            "You divide by the variance. Its root, the standard deviation (`np.std`), is what brings values to size 1.",
            lambda values, stop: _by(values, values[:stop].mean(), values[:stop].var()),
        ),
        Mistake(
            "one value too few",
            "You take mean and deviation of `values[:stop - 1]`. The value at place `stop - 1` is known as well: a "
            "slice leaves out its end by itself.",
            lambda values, stop: _by(values, values[: stop - 1].mean(), values[: stop - 1].std() or 1.0),
        ),
        Mistake(
            "mean not taken off",
            "You divide by the deviation and do not take off the mean, so that the numbers lie where the series lies.",
            lambda values, stop: (
                values / values[:stop].std(),
                np.array(values[:stop].mean()),
                np.array(values[:stop].std()),
            ),
        ),
        Mistake(
            "divided by one less",
            "Your deviation divides by one less than the number of values (`ddof=1`). Asked for is `np.std` as it is.",
            lambda values, stop: _by(values, values[:stop].mean(), values[:stop].std(ddof=1)),
        ),
        Mistake(
            "scaled by lowest and highest",
            "You bring the lowest value to 0 and the highest to 1. Asked for are mean and standard deviation; lowest "
            "and highest hang on two single values.",
            lambda values, stop: _by(values, values[:stop].min(), values[:stop].max() - values[:stop].min()),
        ),
    ),
    hints=(
        "On the day on which the model learns, `values[:stop]` has come and nothing else. From which values can a mean "
        "be taken that day?",
        "`known = values[:stop]` gives mean and standard deviation; with these two numbers *all* values are scaled.",
        "`mean, std = known.mean(), known.std()`, and return `(values - mean) / std, mean, std`.",
    ),
    forbids=("lstm_course.forecasting:Scaler",),
    explain_right="A later value may now lie far from 0. That is honest: the model has not seen such values.",
)


# --- 15-rolling-score -------------------------------------------------------------------------------------------


def _rolling_cases(rng):
    def case(T, season, first, horizon, stride):
        return dict(values=rng.normal(size=T).cumsum(), season=season, first=first, horizon=horizon, stride=stride)

    # Small; one origin; a horizon longer than the season; origins that just fit, and just do not; every step.
    return [
        case(8, 2, 4, 2, 2),
        case(12, 3, 9, 3, 5),
        case(40, 4, 12, 9, 3),
        case(30, 7, 14, 5, 4),
        case(31, 6, 10, 6, 5),
        case(25, 1, 1, 1, 1),
    ]


def _rolling(values, season, first, horizon, stride):
    origins = origins_every(len(values), max(first, season), horizon, stride)
    return rolling_origin(values, SeasonalNaive(season), origins, horizon).mae_by_step()


def _by_hand(values, season, first, horizon, stride, last=0, forecast=None, error=np.abs):
    """The score written out, with places to go wrong at: how far the last origin may lie, what is forecast, what an
    error is."""
    rows = []
    for o in range(first, len(values) - horizon + 1 + last, stride):
        steps = np.arange(horizon)
        said = values[o - season + steps % season] if forecast is None else forecast(values, season, o, steps)
        rows.append(error(values[o : o + horizon] - said))
    return np.mean(rows, axis=0) if rows else np.zeros(horizon)


def _wrong_score(**changes):
    """The score written out, with a change."""

    def answer(values, season, first, horizon, stride):
        given = dict(values=values, season=season, first=first, horizon=horizon, stride=stride)
        return _by_hand(**{**given, **changes})

    return answer


def _knows_what_comes(values, season, o, steps):
    return values[o - season + steps]


ROLLING = Question(
    id="15-rolling-score",
    name="rolling_error",
    points=3,
    outputs=(Output("error", ("step ahead",)),),
    cases=_rolling_cases,
    reference=_rolling,
    mistakes=(
        Mistake(
            "looks ahead",
            "From one season ahead on you repeat values that have not come yet at the origin: `values[o + h - season]` "
            "lies at or after the origin when h is a season or more. Repeat the *last known* season, again and again.",
            _wrong_score(forecast=_knows_what_comes),
        ),
        Mistake(
            "forecast made once",
            "You make one forecast, at the first origin, and compare it with what came after each. At each origin a "
            "new forecast is made, from what is known by then.",
            lambda values, season, first, horizon, stride: _by_hand(
                values,
                season,
                first,
                horizon,
                stride,
                forecast=lambda values, season, o, steps: values[first - season + steps % season],
            ),
        ),
        Mistake(
            "last origin missing",
            "You leave out the last origin. The one at T - horizon still has all its values after it.",
            _wrong_score(last=-1),
        ),
        Mistake(
            "sign of the error kept",
            "You average errors with their signs, so that too high and too low cancel each other. Take the absolute "
            "value of each first.",
            _wrong_score(error=lambda errors: errors),
        ),
        Mistake(
            "squared error",
            "You average squares. Asked for is the mean of absolute errors.",
            _wrong_score(error=np.square),
        ),
        Mistake(
            "one number for all steps",
            "You average over the steps as well and give one number. Each step ahead keeps an error of its own: "
            "average "
            "over the origins alone (`axis=0`).",
            lambda values, season, first, horizon, stride: np.array(
                _rolling(values, season, first, horizon, stride).mean()
            ),
        ),
        Mistake(
            "last value instead of a season ago",
            "You repeat the last value. Asked for is the seasonal forecast: what was a season ago.",
            _wrong_score(forecast=lambda values, season, o, steps: values[o - 1] + 0.0 * steps),
        ),
        Mistake(
            "stride ignored",
            "You forecast at every step. The origins are `first`, `first + stride` and so on.",
            _wrong_score(stride=1),
        ),
        Mistake(
            "a season too early",
            "You repeat the season before the last. The last known one begins at `o - season`.",
            _wrong_score(
                forecast=lambda values, season, o, steps: values[max(o - 2 * season, 0) + steps % season],
            ),
        ),
    ),
    hints=(
        "Stand at one origin o. What is known are the values before it. What does the seasonal forecast say for step "
        "h, counted from 0, when the season is shorter than the horizon?",
        "Step h of the forecast is `values[o - season + h % season]`. The origins run from `first` in steps of "
        "`stride`, as long as `o + horizon <= len(values)`.",
        "Collect `np.abs(values[o:o + horizon] - forecast)` for each origin in a list, and return the mean of the list "
        "with `axis=0`.",
    ),
    forbids=("lstm_course.forecasting:rolling_origin", "lstm_course.baselines:error_by_horizon"),
    explain_right="Every forecast was made from what was known at its origin, and from nothing else.",
)


# --- 15-coverage ------------------------------------------------------------------------------------------------


def _coverage_cases(rng):
    def case(V, N, horizon, level, drift=0.0):
        # Errors that grow with the step, as those of forecasts do, and lie more on one side.
        size = np.sqrt(np.arange(1, horizon + 1))
        errors = size * (rng.normal(size=(V, horizon)) + 0.4 * rng.exponential(size=(V, horizon)))
        forecast = rng.normal(size=(N, horizon)).cumsum(axis=1)
        actual = forecast + drift + size * (rng.normal(size=(N, horizon)) + 0.4 * rng.exponential(size=(N, horizon)))
        return dict(errors=errors, forecast=forecast, actual=actual, level=level)

    # Small; one step; many; a level near 1; one forecast; a world that has changed.
    return [
        case(5, 2, 2, 0.5),
        case(30, 12, 1, 0.8),
        case(60, 40, 6, 0.8),
        case(41, 25, 3, 0.95),
        case(20, 1, 4, 0.9),
        case(25, 30, 5, 0.6, drift=2.0),
    ]


def _interval(errors, forecast, actual, level, tails=None, axis=0):
    """Bounds from the quantiles of errors at each step ahead, and the share of values within them."""
    below, above = tails or ((1 - level) / 2, (1 + level) / 2)
    low, high = (forecast + np.quantile(errors, share, axis=axis) for share in (below, above))
    return low, high, ((low <= actual) & (actual <= high)).mean(axis=0)


def _with_bounds(low, high, actual):
    return low, high, ((low <= actual) & (actual <= high)).mean(axis=0)


COVERAGE = Question(
    id="15-coverage",
    name="interval",
    points=3,
    outputs=(
        Output("low", ("forecast", "step ahead")),
        Output("high", ("forecast", "step ahead")),
        Output("covered", ("step ahead",)),
    ),
    cases=_coverage_cases,
    reference=_interval,
    mistakes=(
        Mistake(
            "tails of the wrong size",
            "You cut off 1 - level at each end. Both ends together are 1 - level, so that each is half of it.",
            lambda errors, forecast, actual, level: _interval(
                errors, forecast, actual, level, tails=(1 - level, max(level, 1 - level))
            ),
        ),
        Mistake(
            "one width for all steps",
            "You take the quantiles over all steps ahead together. Errors grow with the step: each has quantiles of "
            "its "
            "own (`axis=0`).",
            lambda errors, forecast, actual, level: _interval(errors, forecast, actual, level, axis=None),
        ),
        Mistake(
            "same width up and down",
            "You take one quantile of the absolute errors and go as far up as down. These errors lie more on one side: "
            "take the two quantiles of the errors with their signs.",
            lambda errors, forecast, actual, level: _with_bounds(
                forecast - np.quantile(np.abs(errors), level, axis=0),
                forecast + np.quantile(np.abs(errors), level, axis=0),
                actual,
            ),
        ),
        Mistake(
            "errors the other way round",
            "You take the quantiles off the forecast. The errors are actual less forecast, so that they are added.",
            lambda errors, forecast, actual, level: _interval(-errors, forecast, actual, level),
        ),
        Mistake(
            "share of all steps together",
            "Your share is one number for all. Each step ahead has a share of its own: the mean over the forecasts.",
            lambda errors, forecast, actual, level: (
                *_interval(errors, forecast, actual, level)[:2],
                np.array(_interval(errors, forecast, actual, level)[2].mean()),
            ),
        ),
        Mistake(
            "share outside instead of inside",
            "You count how many values lie outside. Asked for is the share that lies within.",
            lambda errors, forecast, actual, level: (
                *_interval(errors, forecast, actual, level)[:2],
                1 - _interval(errors, forecast, actual, level)[2],
            ),
        ),
        Mistake(
            "low and high swapped",
            "You return the upper bound first, or have added the upper quantile to the lower bound.",
            lambda errors, forecast, actual, level: (lambda low, high, covered: (high, low, covered))(
                *_interval(errors, forecast, actual, level)
            ),
        ),
    ),
    hints=(
        "At a level of 0.8, one tenth of the past errors is to lie below the interval and one tenth above. Which two "
        "quantiles of the errors are these?",
        "`np.quantile(errors, (1 - level) / 2, axis=0)` has one number for each step ahead; added to the forecast it "
        "is "
        "the lower bound. For the upper one take `(1 + level) / 2`.",
        "A value is covered if `(low <= actual) & (actual <= high)`; the mean of that over the forecasts (`axis=0`) is "
        "the share for each step.",
    ),
    explain_right="What was promised is the level; what was kept is the share. Always print both.",
)


# --- 15-beat-the-season (blank page) ----------------------------------------------------------------------------

HELD, SEASON, HORIZON, ORIGINS = 96, 12, 12, 15
MUST_BE = 0.9  # of the error of seasonal naive, at most


def monthly(rng, years=22):
    """A simulated monthly series: a level that grows, a season, and deviations that last for some months."""
    T = 12 * years
    t, noise = np.arange(T), rng.normal(size=T)
    deviation = np.zeros(T)
    for k in range(1, T):
        deviation[k] = 0.7 * deviation[k - 1] + 0.4 * noise[k]
    phase, size = rng.uniform(0, 2 * np.pi), rng.uniform(2, 4)
    season = size * np.sin(2 * np.pi * t / 12 + phase) + 0.4 * size * np.sin(4 * np.pi * t / 12 + rng.uniform(0, 6))
    return rng.uniform(50, 400) + rng.uniform(0.12, 0.25) * t + season + deviation


def _beat_cases(rng):
    def case(years):
        values = monthly(rng, years)
        first = len(values) - HELD
        origins = np.arange(first, len(values) - HORIZON + 1, 6)
        return dict(
            values=values[:first],
            past=np.stack([values[o - 36 : o] for o in origins]),
            future=np.stack([values[o : o + HORIZON] for o in origins]),
        )

    return [case(20), case(26)]


def _ratio(forecast, past, future):
    """The error of a forecast over that of seasonal naive."""
    naive = past[:, -SEASON:][:, np.arange(HORIZON) % SEASON]
    return np.abs(forecast - future).mean() / np.abs(naive - future).mean()


def _beaten(inputs, forecast):
    past, future = inputs["past"], inputs["future"]
    if forecast.shape != future.shape:
        raise ValueError(
            f"`forecast` has shape {forecast.shape}; wanted {future.shape}: a row for each past, a column for each of "
            "the next 12 months."
        )
    if not np.isfinite(forecast).all():
        raise ValueError("`forecast` holds a number that is not finite.")
    return (np.array(max(_ratio(forecast, past, future), MUST_BE)),)


BEAT = Question(
    id="15-beat-the-season",
    name="forecast",
    points=4,
    outputs=(Output("error as a share of seasonal naive's", ()),),
    returns=("forecast",),
    seconds=20.0,
    withheld=("future",),
    cases=_beat_cases,
    reference=lambda values, past, future: np.array(MUST_BE),
    observe=_beaten,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "last year again",
            "You repeat the last year, which is seasonal naive itself and cannot beat itself. In these series the "
            "level "
            "grows from year to year.",
            lambda values, past: past[:, -SEASON:],
        ),
        Mistake(
            "mean of the past",
            "You forecast the mean of the past for each month. It knows neither the season nor the growth.",
            lambda values, past: np.repeat(past.mean(axis=1, keepdims=True), HORIZON, axis=1),
        ),
        Mistake(
            "end of the known part for all",
            "Every row of your forecast is the same: it goes on from the end of `values`. Each row of `past` ends at a "
            "moment of its own; go on from there.",
            lambda values, past: np.tile(values[-SEASON:], (len(past), 1)),
        ),
    ),
    hints=(
        "What does seasonal naive leave? In these series the level grows: a year later every month lies higher. What "
        "would you add to each value of the last year?",
        "Seasonal naive with drift adds the last known value less the one a season before. A ridge on windows of 36, "
        "each less its last value, does better; so does a small LSTM on what is left.",
        "With `pairs(values, 36, 12)` the windows and targets are rows x and y. Take the last value off both, solve "
        "`(x.T @ x + 10 * np.eye(36)) @ w = x.T @ y` for w, and forecast `(past - last) @ w + last`.",
    ),
    explain_right="Better than the season by a tenth at least, on years that your code has never seen.",
)

QUESTIONS = (*PREDICTIONS, WINDOWS, SCALER, ROLLING, COVERAGE, BEAT, GOOD, *QUIZ)

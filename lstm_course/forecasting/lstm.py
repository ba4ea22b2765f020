"""Networks that forecast a series from a window of it: an LSTM in three ways, and a feedforward network."""

import numpy as np
import torch

from .. import nets
from ..scratch import arguments
from .methods import SeasonalNaive, check_fitted
from .windows import pairs

WAYS = {
    "direct": "LSTM, all steps at once",
    "feedback": "LSTM, fed back",
    "residual": "LSTM on what seasonal naive leaves",
}
SCALE = 5  # standard deviations of the change per step: even a seasonal swing then stays where tanh is nearly linear
VALIDATE_EVERY, PATIENCE = 20, 15  # steps between evaluations, and evaluations without a new best


class LSTMForecast:
    """A `Forecaster`: an LSTM reads a window, and a linear layer maps its last hidden state to the forecast.

    The window is taken relative to its last value, so that a trend does not lead to inputs the network has never
    seen, and divided by a scale: five times the standard deviation of the changes per step in the training part.
    With ``"residual"`` the scale is the root mean square of what the simple forecast misses, which is smaller. If the
    level itself tells what follows, as with a temperature that returns to its usual value, ``relative=False`` keeps it:
    windows are then standardised by the mean and the standard deviation of the training part.

    Parameters
    ----------
    window, horizon : int
        How many steps it reads, and how many it forecasts.
    hidden_size : int
    way : {"direct", "feedback", "residual"}
        ``"direct"`` predicts all steps of the horizon at once. ``"feedback"`` learns to predict the next step and
        feeds its forecasts back as inputs. ``"residual"`` predicts, for all steps at once, the error of seasonal
        naive with drift; its window should cover a season, so that the network can know that forecast.
    season : int
        Length in steps; needed for ``"residual"``.
    seed : int
    steps, batch_size, learning_rate
        Of the training with `lstm_course.nets.train`.
    validation_share : float
        The share of the values, from the end, that is held out. Validation on them chooses the best weights and stops
        the training.
    relative : bool
        False only with ``"direct"``.

    Attributes
    ----------
    name : str
    history : lstm_course.nets.History
        Of the training; None before `fit`.
    model : torch.nn.Module
        Maps (N, window, 1) to (N, horizon, 1); None before `fit`.
    scale : float
        In the unit of the series; None before `fit`.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Notes
    -----
    The same seed gives the same forecasts if PyTorch uses one thread (``torch.set_num_threads(1)``).

    Examples
    --------
    >>> wave = np.sin(np.arange(120) / 3)
    >>> method = LSTMForecast(window=12, horizon=3, hidden_size=8, steps=20).fit(wave)
    >>> method.forecast(wave, horizon=3).shape
    (3,)
    """

    def __init__(
        self,
        window,
        horizon,
        hidden_size=32,
        way="direct",
        season=0,
        seed=0,
        steps=600,
        batch_size=64,
        learning_rate=0.005,
        validation_share=0.15,
        relative=True,
    ):
        self.window, self.horizon = arguments.size("window", window), arguments.size("horizon", horizon)
        self.hidden_size = arguments.size("hidden_size", hidden_size)
        if not isinstance(way, str) or way not in WAYS:
            raise ValueError(f"way: wanted one of {', '.join(WAYS)}, got {way!r}")
        self.way, self.name = way, WAYS[way]
        self.season = arguments.whole("season", season, 1 if way == "residual" else 0)
        self.seed, self.steps = arguments.seed("seed", seed), arguments.size("steps", steps)
        self.batch_size = arguments.size("batch_size", batch_size)
        self.learning_rate = arguments.positive("learning_rate", learning_rate)
        share = arguments.share("validation_share", validation_share)
        self.validation_share = arguments.positive("validation_share", share)
        self.relative = arguments.flag("relative", relative)
        if not relative and way != "direct":
            raise ValueError(f"relative: wanted True unless all steps are predicted at once, got False with {way!r}")
        self.history = self.model = self.scale = None

    def fit(self, values):
        """Train from new initial weights; see `Forecaster`.

        Raises
        ------
        ValueError
            Also if the training or the validation part is too short for a window with its target.
        lstm_course.nets.Diverged
            If the training diverges.
        """
        values = arguments.array("values", values, T=None)
        stop = len(values) - round(self.validation_share * len(values))
        self._center = values[:stop].mean()
        training, validation = self._parts(values, stop)
        if self.way == "residual":
            scale = np.sqrt(np.mean(training[1] ** 2))
        elif not self.relative:
            scale = values[:stop].std()
        else:
            scale = SCALE * np.std(np.diff(values[:stop]))
        self.scale = float(scale) or 1.0  # it is 0 on a straight line
        training, validation = (
            [torch.tensor(part / self.scale, dtype=torch.float32) for part in both] for both in (training, validation)
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            self.model = self._untrained(training[1].shape[1])
        self.history = nets.train(
            self.model,
            self._batches(*training),
            lambda model, batch: _mean_squared_error(model, *batch),
            self.steps,
            self.learning_rate,
            seed=self.seed,
            progress=False,
            validate=lambda model: _mean_squared_error(model, *validation),
            validate_every=VALIDATE_EVERY,
            patience=PATIENCE,
            device="cpu",
        )
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` holds at least a window, and for ``"residual"`` a season and one step.

        With ``"feedback"`` the horizon may be any number of steps.
        """
        past = arguments.array("past", past, T=None)
        most = None if self.way == "feedback" else self.horizon
        horizon = arguments.whole("horizon", horizon, 1, most)
        return self._forecast(past, [len(past)], horizon)[0]

    def forecast_many(self, values, origins):
        """Forecasts from many origins in one call; each uses only the values before its origin.

        Parameters
        ----------
        values : (T,) array
        origins : (O,) array of int
            Up to T; each has as many values before it as `forecast` needs.

        Returns
        -------
        (O, horizon) array
        """
        values = arguments.array("values", values, T=None)
        origins = arguments.integers("origins", origins, len(values) + 1, O=None)
        return self._forecast(values, origins, self.horizon)

    def _untrained(self, steps):
        """A new network with a horizon of `steps`."""
        return nets.Forecaster(1, 1, self.hidden_size, horizon=steps)

    def _parts(self, values, stop):
        """Inputs (N, window) and targets (N, K) for training, before `stop`, and for validation."""
        steps = 1 if self.way == "feedback" else self.horizon
        reach = self._reach()
        if len(values) - stop < steps or stop < reach + steps:
            wanted = f"at least {reach + steps} steps to train on and {steps} to validate"
            raise ValueError(f"values: wanted {wanted}, got {stop} and {len(values) - stop}")
        # Validation windows may begin in the training part: only targets must not be shared.
        return [
            self._relative(values, pairs(values, reach, steps, start, end).origins, steps)
            for start, end in ((0, stop), (stop - reach, len(values)))
        ]

    def _relative(self, values, origins, steps):
        """Inputs (N, window) before each origin and their targets (N, steps), in the unit of the series."""
        inputs, reference = self._inputs(values, origins)
        following = np.stack([values[origin : origin + steps] for origin in origins])
        return inputs, following - reference(steps)

    def _inputs(self, values, origins):
        """Inputs (N, window), and a function that returns the forecast (N, steps) that the network corrects."""
        windows = np.stack([values[origin - self.window : origin] for origin in origins])
        if self.way == "residual":
            simple = SeasonalNaive(self.season, drift=True)
            return windows - windows[:, -1:], lambda steps: np.stack(
                [simple.forecast(values[:origin], steps) for origin in origins]
            )
        level = windows[:, -1:] if self.relative else np.full((len(windows), 1), self._center)
        return windows - level, lambda steps: level

    def _reach(self):
        """How many values before an origin are used."""
        return max(self.window, self.season + 1) if self.way == "residual" else self.window

    def _batches(self, x, y):
        rng = np.random.default_rng(self.seed)
        for _ in range(self.steps):
            drawn = rng.integers(len(x), size=self.batch_size)
            yield x[drawn], y[drawn]

    def _forecast(self, values, origins, horizon):
        check_fitted(self, self.model)
        reach = self._reach()
        if min(origins) < reach:
            raise ValueError(f"past: wanted at least {reach} steps before each origin, got {min(origins)}")
        inputs, reference = self._inputs(values, origins)
        if self.way != "feedback":
            return reference(horizon) + self._outputs(inputs)[:, :horizon]
        outputs = []
        for _ in range(horizon):  # in the unit of the series, relative to the last value before the origin
            outputs.append(inputs[:, -1:] + self._outputs(inputs - inputs[:, -1:]))
            inputs = np.concatenate([inputs[:, 1:], outputs[-1]], axis=1)
        return reference(horizon) + np.concatenate(outputs, axis=1)

    def _outputs(self, inputs):
        x = torch.tensor(inputs / self.scale, dtype=torch.float32)
        with torch.no_grad():
            return self.model(x[:, :, None])[:, :, 0].double().numpy() * self.scale


class WindowNetworkForecast(LSTMForecast):
    """A `Forecaster`: a feedforward network on a window, all steps at once, trained exactly as `LSTMForecast` is.

    It has one hidden layer of tanh units. What the LSTM does better or worse is due to its recurrence alone.

    Parameters
    ----------
    window, horizon, hidden_size, **training
        As for `LSTMForecast`, without `way` and `season`.
    """

    def __init__(self, window, horizon, hidden_size=32, **training):
        super().__init__(window, horizon, hidden_size, **training)
        self.name = f"window network on {window} steps"

    def _untrained(self, steps):
        return torch.nn.Sequential(
            torch.nn.Flatten(),
            torch.nn.Linear(self.window, self.hidden_size),
            torch.nn.Tanh(),
            torch.nn.Linear(self.hidden_size, steps),
            torch.nn.Unflatten(1, (steps, 1)),
        )


def _mean_squared_error(model, x, y):
    return torch.nn.functional.mse_loss(model(x[:, :, None])[:, :, 0], y)

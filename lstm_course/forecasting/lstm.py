"""An LSTM that forecasts a series from a window of it, in three ways."""

import numpy as np
import torch

from .. import nets
from ..scratch import arguments
from .methods import SeasonalNaive
from .windows import pairs

WAYS = {
    "direct": "LSTM, all steps at once",
    "feedback": "LSTM, fed back",
    "residual": "LSTM on what seasonal naive leaves",
}
SCALE = 5  # in standard deviations of a step's change: a season, too, stays where tanh is nearly straight
VALIDATE_EVERY, PATIENCE = 20, 15  # steps between evaluations, and evaluations without a new best


class LSTMForecast:
    """An LSTM reads a window, and from its last state a linear layer says what follows.

    The window is taken relative to its last value, so that a trend takes the numbers nowhere that the network has
    not been, and divided by a scale: five times the standard deviation of the changes from step to step in the
    training part. What a simple forecast leaves is smaller; there the scale is the root of its mean square.

    Parameters
    ----------
    window, horizon : int
        Steps that it reads, and steps that it says.
    hidden_size : int
    way : str
        ``"direct"``: all steps of the horizon at once. ``"feedback"``: it learns the next step only, and its
        forecasts are fed back as if they had come. ``"residual"``: all steps at once, and not what
        comes but by how much seasonal naive with drift will be wrong. It should see a season at least, to know
        what that says.
    season : int
        In steps; needed for ``"residual"``.
    seed : int
    steps, batch_size, learning_rate
        Of the training with `lstm_course.nets.train`.
    validation_share : float
        The share of the values, the last of them, that is not trained on. They say which weights are best, and
        when to stop.

    Attributes
    ----------
    name : str
    history : lstm_course.nets.History
        Of the training; after `fit`.
    model : lstm_course.nets.Forecaster
    scale : float
        In the unit of the series.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Notes
    -----
    The same seed gives the same forecasts where PyTorch uses one thread (``torch.set_num_threads(1)``).

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
        self.history = self.model = self.scale = None

    def fit(self, values):
        """Train anew on (T,) values without gaps.

        Returns
        -------
        LSTMForecast
            This one.

        Raises
        ------
        ValueError
            If `values` is not as described, or one of the two parts is too short for a window with its target.
        lstm_course.nets.Diverged
            If the training does.
        """
        values = arguments.array("values", values, T=None)
        stop = len(values) - round(self.validation_share * len(values))
        training, validation = self._parts(values, stop)
        if self.way == "residual":
            scale = np.sqrt(np.mean(training[1] ** 2))
        else:
            scale = SCALE * np.std(np.diff(values[:stop]))
        self.scale = float(scale) or 1.0  # of a straight line nothing is left
        training, validation = (
            [torch.tensor(part / self.scale, dtype=torch.float32) for part in both] for both in (training, validation)
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            self.model = nets.Forecaster(1, 1, self.hidden_size, horizon=training[1].shape[1])
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
        """The (horizon,) values that follow `past`; fed back any number, else no more than were learned.

        Parameters
        ----------
        past : (T,) array
            At least a window, and for ``"residual"`` a season and one step.
        horizon : int

        Returns
        -------
        (horizon,) array
        """
        past = arguments.array("past", past, T=None)
        most = None if self.way == "feedback" else self.horizon
        horizon = arguments.whole("horizon", horizon, 1, most)
        return self._forecast(past, [len(past)], horizon)[0]

    def forecast_many(self, values, origins):
        """Forecasts from many origins in one go; each sees only what lies before it.

        Parameters
        ----------
        values : (T,) array
        origins : (O,) array of int
            Up to T; before each at least as many values as `forecast` needs.

        Returns
        -------
        (O, horizon) array
        """
        values = arguments.array("values", values, T=None)
        origins = arguments.integers("origins", origins, len(values) + 1, O=None)
        return self._forecast(values, origins, self.horizon)

    def _parts(self, values, stop):
        """What is read and what is said (N, window), (N, K) in training, before `stop`, and in validation."""
        steps = 1 if self.way == "feedback" else self.horizon
        reach = self._reach()
        if len(values) - stop < steps or stop < reach + steps:
            wanted = f"at least {reach + steps} steps to train on and {steps} to validate"
            raise ValueError(f"values: wanted {wanted}, got {stop} and {len(values) - stop}")
        # The windows of the validation may begin in the training part: only targets must not be shared.
        return [
            self._relative(values, pairs(values, reach, steps, start, end).origins, steps)
            for start, end in ((0, stop), (stop - reach, len(values)))
        ]

    def _relative(self, values, origins, steps):
        """What is read (N, window) before each origin, and what is to be said (N, steps), in the series' unit."""
        read, reference = self._read(values, origins)
        said = np.stack([values[origin : origin + steps] for origin in origins])
        return read, said - reference(steps)

    def _read(self, values, origins):
        """What is read (N, window), and a function that gives the forecast (N, steps) to be corrected."""
        seen = np.stack([values[origin - self.window : origin] for origin in origins])
        if self.way == "residual":
            simple = SeasonalNaive(self.season, drift=True)
            return seen - seen[:, -1:], lambda steps: np.stack([simple.forecast(values[:o], steps) for o in origins])
        return seen - seen[:, -1:], lambda steps: seen[:, -1:]

    def _reach(self):
        """How many steps before an origin are looked at."""
        return max(self.window, self.season + 1) if self.way == "residual" else self.window

    def _batches(self, x, y):
        rng = np.random.default_rng(self.seed)
        for _ in range(self.steps):
            drawn = rng.integers(len(x), size=self.batch_size)
            yield x[drawn], y[drawn]

    def _forecast(self, values, origins, horizon):
        if self.model is None:
            raise RuntimeError(f"forecast: {self.name} has not been fitted yet; call fit(values) first")
        reach = self._reach()
        if min(origins) < reach:
            raise ValueError(f"past: wanted at least {reach} steps before each origin, got {min(origins)}")
        read, reference = self._read(values, origins)
        if self.way != "feedback":
            return reference(horizon) + self._say(read)[:, :horizon]
        said = []
        for _ in range(horizon):  # in the unit of the series, relative to the last value that came
            said.append(read[:, -1:] + self._say(read - read[:, -1:]))
            read = np.concatenate([read[:, 1:], said[-1]], axis=1)
        return reference(horizon) + np.concatenate(said, axis=1)

    def _say(self, read):
        x = torch.tensor(read / self.scale, dtype=torch.float32)
        with torch.no_grad():
            return self.model(x[:, :, None])[:, :, 0].double().numpy() * self.scale


def _mean_squared_error(model, x, y):
    return torch.nn.functional.mse_loss(model(x[:, :, None])[:, :, 0], y)

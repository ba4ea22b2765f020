"""An LSTM that turns the weather into the flow of a river, and what one may ask of it afterwards."""

import numpy as np
import torch

from .. import nets
from ..nets.models.parts import make_lstm
from ..scratch import arguments, schedules
from .methods import check_fitted

VALIDATE_EVERY = 20  # steps


class RunoffLSTM:
    """An LSTM reads rain and temperature day by day, and a linear layer maps each hidden state to the flow of that day.

    It is trained on chunks of a year drawn at random. A chunk starts from a state of zeros, so its first half serves
    only to fill the state, and the loss counts the other half. Inputs and flow are standardised by the training days.

    Parameters
    ----------
    hidden_size : int
    forget_bias : float
        Of the forget gates at the start. With 3 they keep 95 % of the cell from day to day, half of it for two weeks.
    chunk, warm_up : int
        Days in a chunk, and days at its beginning that the loss leaves out.
    steps, batch_size : int
    learning_rate : float
        The highest; it rises for a tenth of the steps and then falls to zero along a cosine.
    seed : int

    Attributes
    ----------
    history : lstm_course.nets.History
        Of the training; None before `fit`.
    model : torch.nn.Module
        Maps (N, T, 2), standardised, to (N, T); None before `fit`.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Notes
    -----
    The same seed gives the same flow if PyTorch uses one thread (``torch.set_num_threads(1)``). Chunks of a year, the
    forget bias of 3 and the size are in the manner of Kratzert et al. (2018).

    Examples
    --------
    >>> from lstm_course.tasks import catchment
    >>> river = catchment.simulated(years=3)
    >>> network = RunoffLSTM(hidden_size=4, steps=3).fit(river.weather, river.flow, river.years(2001, 2002))
    >>> network.predict(river.weather).shape, network.cells(river.weather).shape
    ((1095,), (1095, 4))
    """

    name = "LSTM"

    def __init__(
        self,
        hidden_size=32,
        forget_bias=3.0,
        chunk=365,
        warm_up=180,
        steps=500,
        batch_size=32,
        learning_rate=0.01,
        seed=0,
    ):
        self.hidden_size = arguments.size("hidden_size", hidden_size)
        self.forget_bias = arguments.number("forget_bias", forget_bias)
        self.chunk = arguments.size("chunk", chunk)
        self.warm_up = arguments.whole("warm_up", warm_up, 0, self.chunk - 1)
        self.steps, self.batch_size = arguments.size("steps", steps), arguments.size("batch_size", batch_size)
        self.learning_rate = arguments.positive("learning_rate", learning_rate)
        self.seed = arguments.seed("seed", seed)
        self.history = self.model = None

    def untrained(self, weather, flow, training):
        """Set new initial weights and the scales of the training days, without training.

        Parameters
        ----------
        weather : (T, 2) array
        flow : (T,) array
        training : slice
            The days to train on.

        Returns
        -------
        RunoffLSTM
            The network itself.
        """
        weather, flow = _series(weather, flow)
        known, target = weather[training], flow[training]
        if len(known) < 2 or known.std(axis=0).min() == 0 or target.std() == 0:
            raise ValueError(f"training: wanted days on which weather and flow differ, got {len(known)} days")
        self._center, self._scale = known.mean(axis=0), known.std(axis=0)
        self._flow_center, self._flow_scale = target.mean(), target.std()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            self.model = _Runoff(weather.shape[1], self.hidden_size, self.forget_bias)
        return self

    def fit(self, weather, flow, training, validation=None, progress=False):
        """Train from new initial weights.

        Parameters
        ----------
        weather : (T, 2) array
            Rain and temperature.
        flow : (T,) array
            In mm a day.
        training : slice
            The days that the loss counts. The days before them may fill the state, without their flow.
        validation : slice, optional
            Days whose error chooses the best weights; by default the last weights are kept.
        progress : bool
            Whether to show a progress bar.

        Returns
        -------
        RunoffLSTM
            The network itself.

        Raises
        ------
        ValueError
            If an argument is not as described, or the days to train on are fewer than a chunk counts.
        lstm_course.nets.Diverged
            If the training diverges.
        """
        self.untrained(weather, flow, training)
        weather, flow = _series(weather, flow)
        start, stop, _ = training.indices(len(flow))
        first = max(0, start - self.warm_up)
        if stop - first < self.chunk:
            raise ValueError(f"training: wanted at least {self.chunk} days with those before it, got {stop - first}")
        x, y = self._scaled(weather), torch.tensor((flow - self._flow_center) / self._flow_scale, dtype=torch.float32)
        validate = None
        if validation is not None:
            begin, end, _ = validation.indices(len(flow))
            before = max(0, begin - self.chunk)

            def validate(model):
                return torch.nn.functional.mse_loss(model(x[None, before:end])[0, begin - before :], y[begin:end])

        rise = max(1, self.steps // 10)
        self.history = nets.train(
            self.model,
            self._chunks(x, y, first, stop),
            lambda model, batch: torch.nn.functional.mse_loss(
                model(batch[0])[:, self.warm_up :], batch[1][:, self.warm_up :]
            ),
            self.steps,
            self.learning_rate,
            seed=self.seed,
            progress=progress,
            schedule=schedules.warmup(rise, schedules.cosine(max(1, self.steps - rise))),
            validate=validate,
            validate_every=VALIDATE_EVERY,
            device="cpu",
        )
        return self

    def predict(self, weather):
        """The flow on each day, from a state of zeros on the first.

        Parameters
        ----------
        weather : (T, 2) array

        Returns
        -------
        (T,) array
            In mm a day; a linear layer may fall a little below zero.

        Raises
        ------
        ValueError
            If `weather` is not as described.
        RuntimeError
            If `fit` has not been called.
        """
        return self._run(self._scaled(arguments.array("weather", weather, T=None, D=2))[None])[0]

    def predict_reading(self, weather, days, read):
        """The flow on some days if the network reads only the last days, from a state of zeros.

        Parameters
        ----------
        weather : (T, 2) array
        days : (K,) array of int
            For which days, from read - 1 to T - 1.
        read : int
            How many days it reads, the day itself included.

        Returns
        -------
        (K,) array
        """
        x, read = self._scaled(arguments.array("weather", weather, T=None, D=2)), arguments.size("read", read)
        days = arguments.integers("days", days, len(x), K=None)
        if days.min() < read - 1:
            raise ValueError(f"days: wanted at least {read - 1} days before each, got {days.min()}")
        parts = np.array_split(days, max(1, len(days) // 256))
        rows = [torch.tensor(part[:, None] - np.arange(read)[::-1]) for part in parts]
        return np.concatenate([self._run(x[row])[:, -1] for row in rows])

    def cells(self, weather):
        """(T, H): the cell state after each day, from zeros before the first; see `predict`."""
        x = self._scaled(arguments.array("weather", weather, T=None, D=2))
        state, kept = None, []
        with torch.no_grad():
            for day in x:
                _, state = self.model.lstm(day[None, None], state)
                kept.append(state[1][0, 0])
        return torch.stack(kept).double().numpy()

    def _scaled(self, weather):
        check_fitted(self, self.model)
        return torch.tensor((weather - self._center) / self._scale, dtype=torch.float32)

    def _run(self, x):
        with torch.no_grad():
            return self.model(x).double().numpy() * self._flow_scale + self._flow_center

    def _chunks(self, x, y, first, stop):
        rng = np.random.default_rng(self.seed)
        for _ in range(self.steps):
            starts = rng.integers(first, stop - self.chunk, size=self.batch_size, endpoint=True)
            days = torch.tensor(starts[:, None] + np.arange(self.chunk))
            yield x[days], y[days]


class _Runoff(torch.nn.Module):
    """A number for each step of a series."""

    def __init__(self, features, hidden_size, forget_bias):
        super().__init__()
        self.lstm = make_lstm(features, hidden_size, 1, forget_bias=forget_bias)
        self.output = torch.nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.output(self.lstm(x)[0])[:, :, 0]


def _series(weather, flow):
    weather = arguments.array("weather", weather, T=None, D=2)
    return weather, arguments.array("flow", flow, T=len(weather))

"""A pulse on a bedside monitor that readers disturb, and a small LSTM that raises the alarm."""

import numpy as np

from lstm_course import plots
from lstm_course.baselines import surprise
from lstm_course.convert import to_scratch
from lstm_course.scratch import LSTM, arguments
from lstm_course.tasks import vital_signs

from .checked import Checked, Fixed, between
from .live import Live

VIEW = 8  # seconds on the screen
ROOM = 1.2  # standard deviations that the screen shows beyond the limits
PATIENT = ("recording", "rate", "limits", "weights", "readout", "window", "noise")  # what stays as it was made
MARGIN = 5  # seconds that a recording must go on after an event
LABELS = {
    "burst": "noise burst",
    "frozen": "frozen sensor",
    "missed": "missed beat",
    "reversed": "reversed beat",
    "weak": "weak pulse",
    "early": "early beat",
}


def _events(owner, name, value):
    """The check for the events: pairs of a kind and the second in which it is set off."""
    last = owner.seconds - MARGIN
    wanted = f"pairs of one of {', '.join(LABELS)} and a time from 0 to {last:g} seconds"
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name}: wanted a list of {wanted}, got {value!r}")
    for each in value:
        pair = isinstance(each, (list, tuple)) and len(each) == 2 and isinstance(each[0], str) and each[0] in LABELS
        if not pair or not arguments.is_number(each[1]) or not 0 <= each[1] <= last:
            raise ValueError(f"{name}: wanted {wanted}, got {each!r}")
    return [[kind, float(time)] for kind, time in value]


class PatientMonitor(Live):
    """A pulse on a bedside monitor, buttons that disturb the patient, and two alarms.

    A small LSTM predicts each sample from those before. Its alarm sounds when the mean absolute error of the last few
    predictions is above the threshold; the other one sounds when the pulse is outside fixed limits. As in
    `tasks.vital_signs.alarms` and `outcome`, an alarm stays quiet for two seconds after it has sounded, and an alarm
    up to a second after an event still belongs to it. Nothing counts in the first second.

    Parameters
    ----------
    recording : (T,) array
        The standardised pulse, `tasks.vital_signs.RATE` samples a second, from 15 to 60 seconds of it.
    lstm : torch.nn.LSTM or scratch.LSTM
        One layer, one direction, one input, at most 32 units.
    readout : torch.nn.Linear
        From the hidden state to the change from one sample to the next.
    threshold : float
        From 0 to 0.5.
    window : int
        The number of errors in the mean, from 1 to 200.
    limits : (float, float)
        The lowest and the highest value that the other alarm accepts.
    events : list of [str, float]
        The events so far: a kind, one of `tasks.vital_signs.EVENTS`, and the second at which its
        button was pressed. Events of a whole beat begin at the next trough.
    time : float
        The right edge of the screen, in seconds; the screen shows the eight seconds before.

    Attributes
    ----------
    weights : tuple of tuples, (4H, H + 2)
        A row for each unit of each gate, in the order i, f, g, o: the weight of the input, those of the hidden state,
        and the bias.
    readout : tuple of float, (H + 1,)
        Weights and bias.
    noise : tuple of float
        Standard normal numbers, the same for each event, so that the page and Python agree.

    Raises
    ------
    ValueError
        If a value is not as described, now or when it is set later; the old value then stays. Only `threshold`,
        `events` and `time` can be set later.
    """

    module = "patient_monitor.js"
    heading = "A patient on the monitor"
    styles = ("live.css", "small.css")
    names = (*PATIENT, "threshold", "events", "time")

    recording = Fixed()
    rate = Fixed()
    limits = Fixed()
    weights = Fixed()
    readout = Fixed()
    window = Fixed()
    noise = Fixed()
    threshold = Checked(between(0, 0.5), 0.1)
    time = Checked(between(0, 60), float(VIEW))
    events = Checked(_events, [])

    def __init__(self, recording, lstm, readout, threshold, window, limits, events=(), time=VIEW):
        x = arguments.array("recording", recording, T=None)
        rate = vital_signs.RATE
        if not 15 * rate <= len(x) <= 60 * rate:
            raise ValueError(f"recording: wanted from {15 * rate} to {60 * rate} samples, got {len(x)}")
        low, high = arguments.shaped("limits", limits, (2,))
        if not low < high:
            raise ValueError(f"limits: wanted the lowest value before the highest, got {limits!r}")
        weights, readout = _network(lstm, readout)
        self.seconds = len(x) / rate
        super().__init__(
            recording=tuple(x.round(3).tolist()),
            rate=rate,
            limits=(float(low), float(high)),
            weights=weights,
            readout=readout,
            window=arguments.whole("window", window, 1, 200),
            noise=tuple(np.random.default_rng(0).normal(size=2 * rate).round(3).tolist()),
            threshold=threshold,
            events=list(events),
            time=time,
        )

    @property
    def values(self):
        """The numbers on the page.

        ``pulse``: the disturbed pulse, (T,). ``score``: the mean error of the last predictions, (T,). ``places``: the
        first sample of each event and the first one after it. ``alarms``: the samples at which the LSTM's alarm has
        sounded so far. ``delays``, ``limit_delays``: for each event, the seconds until the LSTM's alarm and that of
        the fixed limits sounded, or None if it hasn't so far. ``false_alarms``, ``limit_false_alarms``: how many alarms
        belong to no event.
        """
        rate, (low, high) = self.rate, self.limits
        x, places = self._disturbed()
        score = surprise.smoothed(_errors(self.weights, self.readout, x), self.window)
        now = min(len(x) - 1, int(self.time * rate))
        sounded, delays, false_alarms = _judged(score - self.threshold, places, now, rate)
        _, limit_delays, limit_false_alarms = _judged(np.maximum(x - high, low - x), places, now, rate)
        return {
            "pulse": x,
            "score": score,
            "places": places,
            "alarms": sounded,
            "delays": delays,
            "limit_delays": limit_delays,
            "false_alarms": false_alarms,
            "limit_false_alarms": limit_false_alarms,
        }

    def figure(self):
        values, rate = self.values, self.rate
        fig, (pulse, error) = plots.figure(6.5, 3.0, rows=2)
        seconds = np.arange(len(values["pulse"])) / rate
        seen = (seconds >= self.time - VIEW) & (seconds <= self.time)
        pulse.plot(seconds[seen], values["pulse"][seen], color=plots.TEXT)
        for limit in self.limits:
            pulse.axhline(limit, color=plots.TEXT, linestyle="--", linewidth=1)
        low, high = self.limits
        pulse.set(ylim=(low - ROOM, high + ROOM))
        for (kind, _), (start, end) in zip(self.events, values["places"], strict=True):
            if start / rate <= self.time and end / rate >= self.time - VIEW:
                pulse.axvspan(start / rate, min(end / rate, self.time), color="#dddddd", linewidth=0)
                pulse.text(
                    max(start / rate, self.time - VIEW), low - ROOM, f" {LABELS[kind]}", color=plots.TEXT, va="bottom"
                )
        error.plot(seconds[seen], values["score"][seen], color=plots.TEXT)
        error.axhline(self.threshold, color=plots.TEXT, linestyle=":")
        top = max(values["score"][rate:].max(), self.threshold) * 1.25
        for sample in values["alarms"]:
            if sample / rate >= self.time - VIEW:
                error.axvline(sample / rate, color=plots.TEXT, linewidth=1)
                error.text(sample / rate, top, " alarm", color=plots.TEXT, va="top")
        pulse.set(ylabel="pulse, in SD")
        error.set(ylabel="mean error", xlabel="time, in seconds", xlim=(self.time - VIEW, self.time), ylim=(0, top))
        return fig

    @property
    def alt(self):
        return f"The last {VIEW} seconds of a pulse at second {self.time:g}. {self._in_words()}"

    def text(self):
        rows = [
            f"{LABELS[kind]:<14} at {start / self.rate:6.2f} s: "
            f"LSTM's alarm {_after(own)}, limits' alarm {_after(other)}"
            for (kind, _), (start, _), own, other in self._verdicts()
        ]
        return "\n".join([super().text(), *rows])

    def __repr__(self):
        return f"<PatientMonitor at second {self.time:g} with {len(self.events)} events>"

    def _disturbed(self):
        x, places, rate = np.array(self.recording), [], self.rate
        for kind, time in self.events:
            start = round(time * rate)
            if kind in vital_signs.FROM_A_TROUGH:
                start += vital_signs.trough(x[start:], rate)
            samples = vital_signs.EVENTS[kind](x[start:], _Noise(self.noise), rate)
            x[start : start + len(samples)] = samples
            places.append((start, start + len(samples)))
        return x, places

    def _verdicts(self):
        values = self.values
        return zip(self.events, values["places"], values["delays"], values["limit_delays"], strict=True)

    def _in_words(self):
        values, words = self.values, []
        for (kind, _), (start, _), own, other in self._verdicts():
            words.append(f"{LABELS[kind].capitalize()} at {start / self.rate:.1f} s: the LSTM's alarm {_after(own)}, ")
            words.append(f"that of the fixed limits {_after(other)}. ")
        return "".join(words) + f"False alarms of the LSTM so far: {values['false_alarms']}."


class _Noise:
    """Gives the noise that the page has, too, in place of a random generator."""

    def __init__(self, noise):
        self._noise = np.array(noise)

    def normal(self, size):
        return self._noise[:size]


def _after(delay):
    return "is silent so far" if delay is None else f"sounds after {delay:.2f} s"


def _network(lstm, readout):
    """The weights in the form that the page has: a row for each unit of each gate, and the readout."""
    lstm = to_scratch(lstm)
    fits = isinstance(lstm, LSTM) and lstm.num_layers == 1 and not lstm.bidirectional and lstm.input_size == 1
    if not fits or lstm.hidden_size > 32:
        raise ValueError(f"lstm: wanted one layer and direction, one input and at most 32 units, got {lstm!r}")
    H = lstm.hidden_size
    weights = getattr(readout, "weight", None)
    if weights is None or tuple(weights.shape) != (1, H):
        raise ValueError(f"readout: wanted a linear layer from {H} units to 1, got {readout!r}")
    of = {name: np.asarray(value, float) for name, value in lstm.parameters.items()}
    bias = of["bias_ih_l0"] + of["bias_hh_l0"]
    rows = np.concatenate([of["weight_ih_l0"], of["weight_hh_l0"], bias[:, None]], axis=1)
    out = np.append(weights.detach().numpy().astype(float)[0], float(readout.bias.detach()[0]))
    return tuple(map(tuple, rows.round(5).tolist())), tuple(out.round(5).tolist())


def _errors(weights, readout, x):
    """The absolute error of the prediction of each sample, (T,); 0 at the first, which nothing predicts."""
    rows, readout = np.array(weights), np.array(readout)
    H = len(readout) - 1
    lstm = LSTM(1, H)
    lstm.parameters["weight_ih_l0"][:] = rows[:, :1]
    lstm.parameters["weight_hh_l0"][:] = rows[:, 1:-1]
    lstm.parameters["bias_ih_l0"][:], lstm.parameters["bias_hh_l0"][:] = rows[:, -1], 0
    hidden = lstm(x[None, :, None])[0][0]
    return np.abs(np.append(0, np.diff(x) - (hidden @ readout[:-1] + readout[-1])[:-1]))


def _judged(above, places, now, rate):
    """The alarms up to now, the seconds until each event is noticed (or None), and how many alarms belong to none."""
    heard = np.append(np.zeros(rate), above[rate : now + 1])
    sounded = vital_signs.alarms(heard, 0.0, 2 * rate)
    onsets, ends = np.array(places, int).reshape(-1, 2).T
    events = vital_signs.Disturbed(x=None, event=None, judged=None, onsets=onsets, ends=ends)
    delays, false_alarms = vital_signs.outcome(sounded, events, rate)
    return sounded, [None if np.isnan(delay) else delay / rate for delay in delays], false_alarms

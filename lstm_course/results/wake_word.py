"""A wake word in a stream of synthetic words: LSTMs with carried state, and networks that see a window.

Both kinds give a probability at each frame of 20 ms. They are trained to give 1 from three frames before the end of
the word "computer" to twelve after it. Ten voices are kept for judging; the validation stream has the voices of the
training. All seeds share these three streams, which only the package espeakng-loader can make.

Arrays, for each of ``lstm`` and ``window``:

    lstm_tried        (3, ...)       loss of the first seed on the validation stream, by learning rate, for the windows
                                     also by width; the best is taken
    lstm_validation   (5, 40, 2)    misses and false alarms an hour at each of `LEVELS`, on the validation stream
    lstm_judged       (5, 40, 2)    the same on the stream with new voices
    lstm_alike        (5, 40)       share of those false alarms that fall on words that sound like the wake word
    lstm_delay        (5,)          median seconds from the end of the word to the alarm, at the level for at most
                                     SETTINGS["allowed"] false alarms an hour on the validation stream
    dropped           (5, 4, 2)     the same as `lstm_judged` for the LSTM whose state is dropped every 25, 50, 100 and
                                     200 frames, at the level that the whole LSTM takes
    dropped_own       (5, 4, 2)     the same at the level that it takes itself on the validation stream
    words             (2,)           wake words in the validation and the judged stream
    frames, wakes, alikes            a further minute with the new voices, in which the wake word is commoner, bytes
    sound                            five seconds of synthetic speech in noise, 8,000 samples a second, bytes
    lstm_network_*, window_network_* the parameters of the first seed's networks, in half precision
"""

import functools

import numpy as np
import torch
from torch import nn

from ..nets import train
from ..scratch import schedules
from ..tasks import speech
from . import MissingFiles, load

SETTINGS = {
    "minutes": [40, 20, 40],
    "share": 0.3,
    "hidden_size": 32,
    "window": [25, 50],
    "lanes": 16,
    "piece": 125,
    "epochs": 30,
    "rates": [0.005, 0.01, 0.02],
    "positive_weight": 3.0,
    "hold": [3, 12],
    "deaf": 50,
    "late": 25,
    "allowed": 12,
    "drops": [25, 50, 100, 200],
    "seeds": list(range(5)),
}
LEVELS = 1 / (1 + np.exp(-np.linspace(-3, 8, 40)))


class Ear(nn.Module):
    """Frames (N, T, 24) to logits (N, T), with the state handed in and out."""

    def __init__(self, hidden_size=SETTINGS["hidden_size"]):
        super().__init__()
        self.lstm, self.output = nn.LSTM(speech.BANDS, hidden_size, batch_first=True), nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        h, state = self.lstm(x, state)
        return self.output(h)[..., 0], state


class Window(nn.Module):
    """The same from the last `width` frames, through 32 hidden units; its state is the frames that it has to keep."""

    def __init__(self, width):
        super().__init__()
        self.width = width
        self.hidden, self.output = nn.Conv1d(speech.BANDS, 32, width), nn.Conv1d(32, 1, 1)

    def forward(self, x, past=None):
        past = x.new_zeros(len(x), self.width - 1, x.shape[2]) if past is None else past
        x = torch.cat([past, x], dim=1)
        return self.output(self.hidden(x.transpose(1, 2)).relu())[:, 0], x[:, x.shape[1] - self.width + 1 :]


def scaled(frames):
    """Bytes (T, 24) as the networks read them."""
    return torch.as_tensor((speech.unpacked(frames) + 1.5) / 3)


def targets(stream):
    """(T,) tensor: 1 around the end of each wake word."""
    y, (before, after) = torch.zeros(len(stream.frames)), SETTINGS["hold"]
    for _, end in stream.wakes:
        y[end - before : end + after] = 1
    return y


def fit(model, stream, seed, learning_rate, epochs=SETTINGS["epochs"], progress=False):
    """Train on a stream, cut into lanes, with the state carried from piece to piece; returns the model."""
    lanes, piece = SETTINGS["lanes"], SETTINGS["piece"]
    T = len(stream.frames) // lanes
    x = scaled(stream.frames[: lanes * T]).view(lanes, T, -1)
    y, carried = targets(stream)[: lanes * T].view(lanes, T), {}
    weight = torch.tensor(SETTINGS["positive_weight"])

    def loss(model, t):
        if t == 0:
            carried.clear()
        logits, state = model(x[:, t : t + piece], carried.get("state"))
        carried["state"] = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        return nn.functional.binary_cross_entropy_with_logits(logits, y[:, t : t + piece], pos_weight=weight)

    begins = list(range(0, T - piece + 1, piece))
    updates = max(1, round(epochs * len(begins)))
    schedule = schedules.warmup(20, then=schedules.cosine(max(1, updates - 20), floor=0.02))
    train(model, begins, loss, updates, learning_rate, seed=seed, schedule=schedule, progress=progress, device="cpu")
    return model.eval()


@torch.no_grad()
def probabilities(model, frames, drop=None):
    """The probability at each frame (T,), in one pass; the state is dropped after every `drop` frames, if any."""
    x = scaled(frames)
    if drop is None:
        return model(x[None])[0][0].sigmoid().numpy()
    T = -(-len(x) // drop) * drop
    pieces = torch.cat([x, x[-1:].expand(T - len(x), -1)]).view(-1, drop, x.shape[1])
    return model(pieces)[0].sigmoid().flatten()[: len(x)].numpy()


def alarms(p, level, deaf):
    """The frames at which an alarm is raised: where p exceeds the level, but not within `deaf` frames of the last."""
    raised, free = [], 0
    for frame in np.flatnonzero(p > level):
        if frame >= free:
            raised.append(frame)
            free = frame + deaf
    return np.array(raised, int)


def judge(p, stream, level, settings=SETTINGS):
    """Share of wake words missed, false alarms an hour, the share of those on similar words, and the median delay."""
    raised, late = alarms(p, level, settings["deaf"]), settings["late"]

    def within(spans):
        return (raised[:, None] >= spans[:, 0]) & (raised[:, None] <= spans[:, 1] + late)

    right = within(stream.wakes)
    false = ~right.any(axis=1)
    hours = len(p) / speech.FRAMES_A_SECOND / 3600
    fooled = within(stream.alikes).any(axis=1)[false]
    heard = right.any(axis=0)
    delay = (raised[right.argmax(axis=0)] - stream.wakes[:, 1])[heard] if len(raised) else np.zeros(0)
    seconds = np.median(delay) / speech.FRAMES_A_SECOND if len(delay) else np.nan
    return 1 - heard.mean(), false.sum() / hours, fooled.mean() if len(fooled) else 0.0, seconds


def curve(p, stream):
    """(levels, 4): `judge` at each of `LEVELS`."""
    return np.array([judge(p, stream, level) for level in LEVELS])


def taken(rows):
    """The index of the lowest level with at most the allowed false alarms an hour; rows (levels, 2 or more)."""
    good = np.flatnonzero(rows[:, 1] <= SETTINGS["allowed"])
    return int(good[0]) if len(good) else len(rows) - 1


def network(kind):
    """The trained network of the first seed, ``"lstm"`` or ``"window"``, as it was stored."""
    stored = load("wake_word")
    names = {
        name.removeprefix(f"{kind}_network_"): name for name in stored.arrays if name.startswith(f"{kind}_network_")
    }
    model = Ear() if kind == "lstm" else Window(stored[names["hidden.weight"]].shape[2])
    model.load_state_dict({name: torch.tensor(stored[each]).float() for name, each in names.items()})
    return model.eval()


def minute():
    """The stored minute, as a `speech.Stream`."""
    stored = load("wake_word")
    return speech.Stream(stored["frames"], stored["wakes"], stored["alikes"])


@functools.cache
def streams():
    """For training, validation and judging."""
    try:
        speech.speak("one")
    except ModuleNotFoundError as error:
        raise MissingFiles(str(error)) from None
    rng = np.random.default_rng(17)
    voices, (first, second, third) = rng.permutation(speech.VOICES), SETTINGS["minutes"]
    training = speech.stream(first, rng, voices[10:], share=SETTINGS["share"], alike=0.2)
    return training, speech.stream(second, rng, voices[10:]), speech.stream(third, rng, voices[:10])


def further_minute():
    """The arrays of the minute that is stored."""
    voices = np.random.default_rng(17).permutation(speech.VOICES)[:10]
    return speech.stream(1, 18, voices, share=0.3, alike=0.2)._asdict()


def started(kind, seed, width=None):
    torch.manual_seed(seed)
    return Ear() if kind == "lstm" else Window(width)


def make():
    """Train all networks; returns the arrays and the settings."""
    training, validation, judged = streams()
    arrays = {"words": np.array([len(validation.wakes), len(judged.wakes)])} | further_minute()
    for kind, widths in (("lstm", [None]), ("window", SETTINGS["window"])):
        tried = []
        for rate in SETTINGS["rates"]:
            models = [fit(started(kind, 0, width), training, 0, rate) for width in widths]
            p = [torch.tensor(probabilities(model, validation.frames)) for model in models]
            tried.append([nn.functional.binary_cross_entropy(each, targets(validation)).item() for each in p])
        arrays[f"{kind}_tried"] = np.array(tried)
        rate, width = np.unravel_index(arrays[f"{kind}_tried"].argmin(), arrays[f"{kind}_tried"].shape)
        rows = {"validation": [], "judged": [], "alike": [], "delay": []}
        dropped = {"dropped": [], "dropped_own": []}
        for seed in SETTINGS["seeds"]:
            model = fit(started(kind, seed, widths[width]), training, seed, SETTINGS["rates"][rate])
            on_validation, on_judged = (curve(probabilities(model, s.frames), s) for s in (validation, judged))
            level = taken(on_validation)
            for name, row in (("validation", on_validation[:, :2]), ("judged", on_judged[:, :2])):
                rows[name].append(row)
            rows["alike"].append(on_judged[:, 2])
            rows["delay"].append(on_judged[level, 3])
            print(kind, seed, level, on_judged[level], flush=True)
            if seed == SETTINGS["seeds"][0]:
                arrays |= {f"{kind}_network_{name}": w.half().numpy() for name, w in model.state_dict().items()}
            if kind == "lstm":
                short = [
                    [curve(probabilities(model, s.frames, n), s) for s in (validation, judged)]
                    for n in SETTINGS["drops"]
                ]
                dropped["dropped"].append([on[level, :2] for _, on in short])
                dropped["dropped_own"].append([on[taken(own), :2] for own, on in short])
        arrays |= {f"{kind}_{name}": np.array(row) for name, row in rows.items()}
        arrays |= {name: np.array(row) for name, row in dropped.items() if row}
    rng = np.random.default_rng(5)
    words = ("open", "computer", "tomorrow", "commuter")
    sound = np.concatenate([speech.utterance(word, rng, speech.VOICES[:8], decibels=(20, 25)) for word in words])
    sound = speech.resample_poly(sound, 1, 2)
    arrays["sound"] = np.round(127.5 + 120 * sound / np.abs(sound).max()).astype(np.uint8)
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS

"""Actions in clips: an LSTM, networks that see a few frames at a time, and training from pixels to actions.

All clips come from `lstm_course.tasks.clips`. An *eye*, a small convolutional network, learns to say the pose in single
frames and is then frozen; each seed trains an eye of its own. These networks read the eye's 32 features:

    lstm        an LSTM, asked at every frame
    windows_1   a network that looks at each frame, and averages over the frames: their order makes no difference to it
    windows_2   the same with two neighbouring frames side by side, averaged over the eleven pairs
    windows_4   with four frames
    windows_12  with all twelve frames side by side, so nothing is left to average

The learning rate of each is chosen on validation clips (two seeds), and for the windows also whether to train for twice
as many updates. `single` has the network of windows_1, but sees one frame of a clip and nothing else.

Arrays:

    lstm_hits        (10, 12)   share of the 1,000 test clips named right, by seed and frame
    lstm_sure        (10, 12)   mean probability of the action that it names
    lstm_backwards   (10,)      share of reversed clips named as the action with the motions exchanged
    lstm_shuffled    (10,)      share of right clips when the frames are shuffled
    lstm_named       (10, T, 3) by threshold of `thresholds`: share of clips that are named before or at the last frame,
                                mean frame (from 1) of the naming, share of those that are right
    lstm_bins        (10, 10, 3) by tenths of the probability of the named action, all frames together: count, mean
                                probability, share right
    windows_2_right  (10,)      share of test clips named right; also for the other windows
    single_right     (10,)      likewise, mean over the frames
    end_to_end_right (3,)       eye and LSTM trained together from random weights; `longer`: with three times the
                                updates; `from_pose`: started with an eye that knows the pose, and all trained
    lstm_tried       (2, 3)     validation share by validation seed and learning rate; for the windows (2, 2, 3), first
                                axis the updates; end_to_end_tried (1, 3)
    seeds            (10,)
"""

import copy
from functools import lru_cache

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..nets import initialise
from ..tasks import clips as task

SETTINGS = {
    "clips": {"training": 3000, "validation": 600, "test": 1000},
    "eye": {"updates": 800, "batch": 128, "learning_rate": 0.005},
    "units": 48,
    "hidden": 64,
    "batch": 64,
    "updates": 600,
    "longer": 1200,
    "rates": [0.005, 0.01, 0.02],
    "window_rates": [0.001, 0.003, 0.01],
    "widths": [1, 2, 4, 12],
    "end_to_end_longer": 1800,
    "thresholds": [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
    "seeds": list(range(10)),
}


def new_eye():
    """Convolutions that wrap round the edges, as the world of the clips does; 32 features for a frame."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2, padding_mode="circular"),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1, padding_mode="circular"),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(288, 32),
    )


def look(eye, frames):
    """The features (N, T, 32) of frames (N, T, 12, 12)."""
    frames = torch.as_tensor(frames)
    return eye(frames.reshape(-1, 1, task.SIZE, task.SIZE)).reshape(*frames.shape[:2], -1)


class Actions(nn.Module):
    """An LSTM that says at every frame which action it sees: logits (N, T, 6) for features (N, T, D)."""

    def __init__(self, D=32, H=SETTINGS["units"]):
        super().__init__()
        self.lstm = nn.LSTM(D, H, batch_first=True)
        self.output = nn.Linear(H, len(task.ACTIONS))
        initialise.forget_bias(self.lstm, 1.0)

    def forward(self, z):
        return self.output(self.lstm(z)[0])


class Windows(nn.Module):
    """Looks at `width` neighbouring frames side by side, and averages over all places; logits (N, 1, 6)."""

    def __init__(self, width, D=32, H=SETTINGS["hidden"]):
        super().__init__()
        self.width = width
        self.look = nn.Sequential(nn.Linear(width * D, H), nn.ReLU(), nn.Linear(H, H), nn.ReLU())
        self.output = nn.Sequential(nn.Linear(H, H), nn.ReLU(), nn.Linear(H, len(task.ACTIONS)))

    def forward(self, z):
        return self.output(self.look(z.unfold(1, self.width, 1).flatten(2)).mean(dim=1, keepdim=True))


def train_eye(clips, seed):
    """An eye that has learned the pose in single frames, frozen."""
    setting = SETTINGS["eye"]
    torch.manual_seed(seed)
    eye, pose = new_eye(), nn.Linear(32, 6)
    frames, poses = torch.tensor(clips.frames).reshape(-1, 1, 12, 12), torch.tensor(clips.poses).reshape(-1, 6)
    adam = torch.optim.Adam([*eye.parameters(), *pose.parameters()])
    for update in range(setting["updates"]):
        adam.param_groups[0]["lr"] = setting["learning_rate"] * max(0.03, 1 - update / setting["updates"])
        rows = torch.randint(len(frames), (setting["batch"],))
        adam.zero_grad()
        F.mse_loss(pose(eye(frames[rows])), poses[rows]).backward()
        adam.step()
    return eye.requires_grad_(False)


def fit(model, x, y, learning_rate, updates, seed):
    """Train on inputs (N, T, ...) and actions (N,), with the same target at each step of the output."""
    torch.manual_seed(100 + seed)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    adam, y = torch.optim.Adam(parameters), torch.tensor(y)
    for update in range(updates):
        adam.param_groups[0]["lr"] = learning_rate * min(1, (update + 1) / 20) * max(0.03, 1 - update / updates)
        rows = torch.randint(len(x), (SETTINGS["batch"],))
        logits = model(x[rows])
        adam.zero_grad()
        F.cross_entropy(logits.flatten(0, 1), y[rows].repeat_interleave(logits.shape[1])).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
    return model


@torch.no_grad()
def probabilities(model, x):
    return torch.cat([model(part) for part in x.split(500)]).softmax(dim=2).numpy()


def right(p, y):
    """Share of right clips at each step of the output."""
    return (p.argmax(axis=2) == np.asarray(y)[:, None]).mean(axis=0)


def named(p, y, threshold):
    """Share of clips whose probability ever passes the threshold, mean frame at which it does, share of those right."""
    sure = p.max(axis=2) > threshold
    ever, first = sure.any(axis=1), sure.argmax(axis=1)
    hits = p.argmax(axis=2)[np.arange(len(p)), first] == y
    return ever.mean(), first[ever].mean() + 1, hits[ever].mean()


def bins(p, y):
    """By tenths of the probability of the named action: count, mean probability, share right."""
    top, hits = p.max(axis=2).ravel(), (p.argmax(axis=2) == np.asarray(y)[:, None]).ravel()
    which = np.minimum((top * 10).astype(int), 9)
    counts = np.bincount(which, minlength=10)
    sums = [np.bincount(which, values, minlength=10) for values in (top, hits)]
    return np.stack([counts, *(each / np.maximum(counts, 1) for each in sums)], axis=1)


def start(kind, seed):
    torch.manual_seed(seed)
    return Actions() if kind == "lstm" else Windows(int(kind.split("_")[1]))


def data(seed):
    """Training, validation and test clips of a seed."""
    return [task.clips(count, 3 * seed + part + 1000 * part) for part, count in enumerate(SETTINGS["clips"].values())]


@lru_cache(maxsize=2)
def with_features(seed):
    """Clips of a seed, its eye, and the eye's features of each part."""
    parts = data(seed)
    eye = train_eye(parts[0], seed)
    with torch.no_grad():
        return parts, eye, [torch.cat([look(eye, each) for each in np.array_split(p.frames, 6)]) for p in parts]


def tune(kind):
    """Validation shares, (seeds, rates) for the LSTM and (updates, seeds, rates) for windows."""
    rates = SETTINGS["rates" if kind == "lstm" else "window_rates"]
    lengths = [SETTINGS["updates"]] if kind == "lstm" else [SETTINGS["updates"], SETTINGS["longer"]]
    tried = np.empty((len(lengths), 2, len(rates)))
    for s, seed in enumerate((20, 21)):
        (train, held, _), _, (z, z_held, _) = with_features(seed)
        for u, updates in enumerate(lengths):
            for r, rate in enumerate(rates):
                model = fit(start(kind, seed), z, train.actions, rate, updates, seed)
                tried[u, s, r] = right(probabilities(model, z_held), held.actions)[-1]
    u, r = np.unravel_index(tried.mean(axis=1).argmax(), (len(lengths), len(rates)))
    return (tried[0] if kind == "lstm" else tried), rates[r], lengths[u]


def judge_lstm(model, z, test, seed):
    p, y = probabilities(model, z), test.actions
    shuffled = z[:, torch.randperm(task.FRAMES, generator=torch.Generator().manual_seed(seed))]
    return {
        "hits": right(p, y),
        "sure": p.max(axis=2).mean(axis=0),
        "backwards": right(probabilities(model, z.flip(1)), task.BACKWARDS[y])[-1],
        "shuffled": right(probabilities(model, shuffled), y)[-1],
        "named": np.array([named(p, y, threshold) for threshold in SETTINGS["thresholds"]]),
        "bins": bins(p, y),
    }


def end_to_end(seed, rate, updates, eye=None):
    """Train eye and LSTM together; share of right test clips."""
    train, _, test = data(seed)
    torch.manual_seed(seed)
    eye = new_eye() if eye is None else copy.deepcopy(eye).requires_grad_(True)

    class Whole(nn.Module):
        def __init__(self):
            super().__init__()
            self.eye, self.actions = eye, Actions()

        def forward(self, frames):
            return self.actions(look(self.eye, frames))

    model = fit(Whole(), torch.tensor(train.frames), train.actions, rate, updates, seed)
    return right(probabilities(model, torch.tensor(test.frames)), test.actions)[-1]


def make():
    """The arrays described in the module's docstring, and the settings."""
    kinds = ["lstm", *(f"windows_{width}" for width in SETTINGS["widths"])]
    arrays, chosen = {}, {}
    for kind in kinds:
        arrays[f"{kind}_tried"], *chosen[kind] = tune(kind)
    measured = {}
    for seed in SETTINGS["seeds"]:
        (train, _, test), eye, (z, _, z_test) = with_features(seed)
        for kind in kinds:
            model = fit(start(kind, seed), z, train.actions, *chosen[kind], seed)
            if kind == "lstm":
                for name, value in judge_lstm(model, z_test, test, seed).items():
                    measured.setdefault(f"lstm_{name}", []).append(value)
                continue
            measured.setdefault(f"{kind}_right", []).append(right(probabilities(model, z_test), test.actions)[-1])
        alone, alone_test = (part.flatten(0, 1)[:, None] for part in (z, z_test))  # each frame a clip of its own
        y, y_test = (np.repeat(part.actions, task.FRAMES) for part in (train, test))
        single = fit(start("windows_1", seed), alone, y, *chosen["windows_1"], seed)
        measured.setdefault("single_right", []).append(right(probabilities(single, alone_test), y_test)[-1])
    U = SETTINGS["updates"]
    tried = [end_to_end(20, rate, U) for rate in SETTINGS["rates"]]
    rate = SETTINGS["rates"][int(np.argmax(tried))]
    arrays["end_to_end_tried"] = np.array([tried])
    for seed in SETTINGS["seeds"][:3]:
        eye = train_eye(data(seed)[0], seed)
        for name, options in {
            "end_to_end": {"updates": U},
            "longer": {"updates": SETTINGS["end_to_end_longer"]},
            "from_pose": {"updates": U, "eye": eye},
        }.items():
            measured.setdefault(f"{name}_right", []).append(end_to_end(seed, rate, **options))
    arrays |= {name: np.array(values) for name, values in measured.items()}
    arrays["seeds"] = np.array(SETTINGS["seeds"])
    return arrays, SETTINGS | {"chosen": chosen, "end_to_end_rate": rate}

"""Letters from synthetic speech: bidirectional LSTMs trained with CTC, on number words from 0 to 99.

For each seed, ten voices and 18 numbers are drawn and kept out of the training. The network reads the frames of
`tasks.speech`, from which the utterance's own mean is subtracted. Repeating the run needs the package
espeakng-loader. Its program doesn't repeat its sounds exactly, so the figures differ slightly.

Arrays, for each condition in SETTINGS["conditions"], 120 utterances by seed:

    wrong        (5, 6)  edits per letter (insertions, deletions and substitutions), greedy decoding
    exact        (5, 6)  share of utterances spelled without a mistake
    beam         (5, 6)  the same with prefix beam search
    template     (3, 6)   the same for the text of the training utterance that is nearest by dynamic time warping, for
                          the first three seeds, and the first 60 utterances of each condition
    tried        (3, 2)   edits per letter of the first seed on other utterances, of seen and of new voices, by learning
                          rate; the one with the best mean is taken

And of the first seed, so that the lesson runs without the package:

    frames, lengths       the bytes of 60 utterances side by side, and the number of frames of each
    texts, which          what they say, as a place in `speech.NUMBERS`, and the number of their condition
    sound                 "forty two" in a voice that may be a new one, 16,000 samples a second, bytes
    network_*             the parameters of its network, in half precision
"""

import numpy as np
import torch
from torch import nn

from ..nets import train
from ..scratch import schedules
from ..tasks import speech
from . import MissingFiles, load

SETTINGS = {
    "hidden_size": 80,
    "utterances": 2400,
    "batch_size": 24,
    "updates": 800,
    "rates": [0.008, 0.016, 0.03],
    "dropout": 0.2,
    "noise": 0.3,
    "judged": 120,
    "beam": 8,
    "templates": 800,
    "template_seeds": 3,
    "shown": 10,
    "conditions": ["seen voices", "unheard numbers", "new voices", "both new", "Scottish accent", "noise at 0 dB"],
    "seeds": list(range(5)),
}
BLANK = 0
CODE = {letter: k + 1 for k, letter in enumerate(speech.LETTERS)}


class Speller(nn.Module):
    """Frames (N, T, 24) to log probabilities (N, T, K) of the blank, number 0, and the letters."""

    def __init__(self, hidden_size=SETTINGS["hidden_size"]):
        super().__init__()
        self.lstm = nn.LSTM(speech.BANDS, hidden_size, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(SETTINGS["dropout"])
        self.output = nn.Linear(2 * hidden_size, 1 + len(speech.LETTERS))

    def forward(self, x):
        return self.output(self.dropout(self.lstm(x)[0])).log_softmax(dim=2)


def prepared(frames):
    """Frames (T, 24) as the network reads them: without the utterance's mean, in units of 3; a tensor (T, 24)."""
    return torch.as_tensor(frames - frames.mean(axis=0)) / 3


def collated(examples):
    """Padded frames (N, T, 24), their lengths (N,), and the letters of all texts with their lengths.

    The last frame is repeated, so that no mask is needed: every utterance ends with background noise anyway.
    """
    T = max(len(frames) for frames, _ in examples)
    x = torch.stack([torch.cat([frames, frames[-1:].expand(T - len(frames), -1)]) for frames, _ in examples])
    letters = torch.tensor([CODE[letter] for _, text in examples for letter in text])
    return x, torch.tensor([len(f) for f, _ in examples]), letters, torch.tensor([len(t) for _, t in examples])


def collapse(path):
    """The text of a path: repeats merged, then blanks dropped."""
    return "".join(
        speech.LETTERS[k - 1] for k, last in zip(path, [BLANK, *path], strict=False) if k not in (BLANK, last)
    )


def greedy(log_p):
    """The text of the likeliest path of log probabilities (T, K)."""
    return collapse(log_p.argmax(dim=1).tolist())


def beam_search(log_p, width=SETTINGS["beam"]):
    """Prefix beam search: texts with the sum of the probabilities of all their paths, the likeliest first.

    For each prefix it keeps the probability of the paths that end with a blank and of those that end with its last
    letter, because a repeated letter continues only the first kind.
    """
    beams = {(): (1.0, 0.0)}
    for p in log_p.exp().tolist():
        longer = {}
        for prefix, (blank, letter) in beams.items():
            again = letter * p[prefix[-1]] if prefix else 0.0
            ways = [(prefix, (blank + letter) * p[BLANK], again)]
            for k in range(1, len(p)):
                ways.append(((*prefix, k), 0.0, (blank if prefix[-1:] == (k,) else blank + letter) * p[k]))
            for after, with_blank, with_letter in ways:
                old = longer.get(after, (0.0, 0.0))
                longer[after] = old[0] + with_blank, old[1] + with_letter
        beams = dict(sorted(longer.items(), key=lambda item: -sum(item[1]))[:width])
    return {"".join(speech.LETTERS[k - 1] for k in prefix): sum(both) for prefix, both in beams.items()}


def edits(a, b):
    """The least number of insertions, deletions and substitutions that turn `a` into `b`."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, row = row, [i]
        for j, other in enumerate(b, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other)))
    return row[-1]


def fit(examples, seed, updates=SETTINGS["updates"], learning_rate=0.016, progress=False):
    """A trained `Speller`; `examples` is a list of (frames, text)."""
    torch.manual_seed(seed)
    model, rng = Speller(), np.random.default_rng(seed)
    ctc = nn.CTCLoss(zero_infinity=True)
    order = sorted(range(len(examples)), key=lambda k: len(examples[k][0]))
    groups = [order[k : k + SETTINGS["batch_size"]] for k in range(0, len(order), SETTINGS["batch_size"])]

    def batches():
        for k in range(updates):
            if k % len(groups) == 0:
                rng.shuffle(groups)
            yield collated([examples[k] for k in groups[k % len(groups)]])

    def loss(model, batch):
        x, lengths, letters, sizes = batch
        return ctc(model(x + SETTINGS["noise"] * torch.randn_like(x)).transpose(0, 1), letters, lengths, sizes)

    schedule = schedules.warmup(20, then=schedules.cosine(max(1, updates - 20), floor=0.02))
    train(model, batches(), loss, updates, learning_rate, seed=seed, schedule=schedule, progress=progress, device="cpu")
    return model.eval()


def data(seed):
    """Training examples, and a list of examples for each condition and for validation; frames are as bytes."""
    try:
        speech.speak("one")
    except ModuleNotFoundError as error:
        raise MissingFiles(str(error)) from None
    rng = np.random.default_rng(seed)
    voices, pairs = rng.permutation(speech.VOICES), [each for each in speech.NUMBERS if " " in each]
    unheard = sorted(rng.choice(pairs, 18, replace=False))
    heard = [each for each in speech.NUMBERS if each not in unheard]
    new, seen = voices[:10], voices[10:]

    def record(texts, voices, count, **settings):
        texts = rng.choice(texts, count)
        return [
            (speech.packed(speech.log_mel(speech.utterance(text, rng, voices, **settings))), str(text))
            for text in texts
        ]

    n = SETTINGS["judged"]
    conditions = [(heard, seen, n), (unheard, seen, n), (heard, new, n), (unheard, new, n)]
    judged = [record(*each) for each in conditions]
    judged += [record(heard, seen, n, accents=("en-gb-scotland",)), record(heard, seen, n, decibels=(0, 0))]
    return record(heard, seen, SETTINGS["utterances"]), judged, (record(heard, seen, 2 * n), record(heard, new, 2 * n))


def ready(examples):
    """Examples whose frames are bytes, for `collated`."""
    return [(prepared(speech.unpacked(frames)), text) for frames, text in examples]


@torch.no_grad()
def heard(model, examples, decode=greedy):
    """The text that the network spells for each example."""
    return [decode(model(frames[None])[0]) for frames, _ in examples]


def judge(spelled, examples):
    """Edits per letter, and the share that is exact."""
    texts = [text for _, text in examples]
    wrong = sum(map(edits, spelled, texts)) / sum(map(len, texts))
    return wrong, np.mean([a == b for a, b in zip(spelled, texts, strict=True)])


def nearest(examples, templates):
    """For each example, the text of the template with the least distance by dynamic time warping, per step."""
    sizes = np.array([len(frames) for frames, _ in templates])
    bank = np.zeros((len(templates), sizes.max(), speech.BANDS), np.float32)
    for row, (frames, _) in zip(bank, templates, strict=True):
        row[: len(frames)] = frames
    texts = []
    for frames, _ in examples:
        frames = frames.numpy()
        cost = np.sqrt(((bank**2).sum(2)[:, :, None] + (frames**2).sum(1) - 2 * bank @ frames.T).clip(0))
        total = np.full((bank.shape[1] + 1, len(frames) + 1, len(bank)), np.inf, np.float32)
        total[0, 0] = 0
        for i in range(bank.shape[1]):
            for j in range(len(frames)):
                least = np.minimum(np.minimum(total[i, j], total[i, j + 1]), total[i + 1, j])
                total[i + 1, j + 1] = cost[:, i, j] + least
        per_step = total[sizes, len(frames), np.arange(len(bank))] / (sizes + len(frames))
        texts.append(templates[int(per_step.argmin())][1])
    return texts


def network():
    """The trained network of the first seed, as it was stored."""
    stored, model = load("spoken_numbers"), Speller()
    model.load_state_dict({name: torch.tensor(stored[f"network_{name}"]).float() for name in model.state_dict()})
    return model.eval()


def examples(stored):
    """The stored utterances: a list of (frames, text), with the frames as `log_mel` gives them."""
    ends = np.cumsum(stored["lengths"])
    return [
        (speech.unpacked(part), speech.NUMBERS[text])
        for part, text in zip(np.split(stored["frames"], ends[:-1]), stored["texts"], strict=True)
    ]


def shown(judged):
    """The arrays of the utterances that are stored, the same number of each condition."""
    some = [each for part in judged for each in part[: SETTINGS["shown"]]]
    return {
        "frames": np.concatenate([frames for frames, _ in some]),
        "lengths": np.array([len(frames) for frames, _ in some]),
        "texts": np.array([speech.NUMBERS.index(text) for _, text in some]),
        "which": np.repeat(np.arange(len(judged)), SETTINGS["shown"]),
    }


def make():
    """Train all networks; returns the arrays and the settings."""
    rows, arrays = {"wrong": [], "exact": [], "beam": [], "template": []}, {}
    for seed in SETTINGS["seeds"]:
        train_part, judged, (validation, validation_new) = data(seed)
        train_part, ready_parts = ready(train_part), [ready(part) for part in judged]
        if not arrays:
            tried = [fit(train_part, seed, learning_rate=rate) for rate in SETTINGS["rates"]]
            parts = ready(validation), ready(validation_new)
            arrays["tried"] = np.array([[judge(heard(each, part), part)[0] for part in parts] for each in tried])
            best = int(arrays["tried"].mean(axis=1).argmin())
            model = tried[best]
            arrays |= shown(judged) | {f"network_{k}": v.half().numpy() for k, v in model.state_dict().items()}
        else:
            model = fit(train_part, seed, learning_rate=SETTINGS["rates"][best])
        results = [judge(heard(model, part), part) for part in ready_parts]
        rows["wrong"].append([wrong for wrong, _ in results])
        rows["exact"].append([exact for _, exact in results])
        by_beam = [heard(model, part, lambda log_p: next(iter(beam_search(log_p)))) for part in ready_parts]
        rows["beam"].append([judge(spelled, part)[1] for spelled, part in zip(by_beam, ready_parts, strict=True)])
        if len(rows["template"]) < SETTINGS["template_seeds"]:
            templates = train_part[: SETTINGS["templates"]]
            rows["template"].append([judge(nearest(part[:60], templates), part[:60])[1] for part in ready_parts])
        print(
            seed,
            np.round(rows["wrong"][-1], 3),
            np.round(rows["exact"][-1], 2),
            np.round(rows["beam"][-1], 2),
            flush=True,
        )
    rng = np.random.default_rng(0)
    sound = speech.noisy(np.pad(speech.speak("forty two", "f2", words_a_minute=150), 1600), 25, rng)
    arrays["sound"] = np.round(127.5 + 120 * sound / np.abs(sound).max()).astype(np.uint8)
    arrays |= {name: np.array(row) for name, row in rows.items()}
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS

"""16-watch (blank page): patients whose early symptom decides, to be learned from three hundred of them."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.85  # the share of new patients that has to be judged correctly
T, SIGNS = 80, 5


def draw(rng, N, order, size):
    """Patients x (N, T, 5) and whether they are at risk, y (N,): two of the five signs rise, one soon after the other.

    In patients at risk they rise in the given order, in the others in reverse. The other three signs rise twice each,
    at any time, which means nothing.
    """
    x = np.zeros((N, T, SIGNS))
    for t in range(1, T):
        x[:, t] = 0.7 * x[:, t - 1] + rng.normal(0, 0.4, (N, SIGNS))
    y = rng.permutation(np.arange(N) % 2)
    for n in range(N):
        first, second = (order[0], order[1]) if y[n] else (order[1], order[0])
        start = rng.integers(3, 60)
        x[n, start : start + 3, first] += size
        x[n, start + 4 : start + 7, second] += size
        for sign in (*order[2:], *order[2:]):
            decoy = rng.integers(3, T - 4)
            x[n, decoy : decoy + 3, sign] += size
    return x.astype(np.float32), y


def _cases(rng):
    order = rng.permutation(SIGNS)
    (x, y), (new_x, new_y) = (draw(rng, N, order, 3.0) for N in (300, 400))
    return [dict(x=x, y=y, new_x=new_x, new_y=new_y)]


def _nearest(x, y, new_x):
    flat, new = x.reshape(len(x), -1), new_x.reshape(len(new_x), -1)
    distance = (flat**2).sum(axis=1) - 2 * new @ flat.T
    return (y[np.argsort(distance, axis=1)[:, :15]].mean(axis=1) > 0.5).astype(int)


def _last_hours(x, y, new_x):
    return _linear(x[:, -16:], y, new_x[:, -16:])


def _linear(x, y, new_x):
    flat, new = x.reshape(len(x), -1), new_x.reshape(len(new_x), -1)
    weights = np.linalg.solve(flat.T @ flat + 100 * np.eye(flat.shape[1]), flat.T @ (2 * y - 1.0))
    return (new @ weights > 0).astype(int)


WATCH = Question(
    id="16-watch",
    name="who_is_at_risk",
    points=5,
    seconds=150.0,
    **share_of_right(
        BAR,
        "0 or 1 for each of the patients in `new_x`",
        (0, 1),
        "Logits and probabilities have to be turned into verdicts.",
        what="share of patients judged rightly",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "the same for all",
            "You give the same verdict on every patient. If you trained a network, its loss probably never left 0.69: "
            "it hasn't learned the symptom. At which steps did you ask, and what was the forget bias?",
            lambda x, y, new_x: np.ones(len(new_x), int),
            recognise=lambda answers: answers.ndim == 1 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "the most similar patients",
            "You take the verdict of the most similar patients. The symptom comes at a different time in each of them, "
            "so similar charts needn't have the same symptom.",
            _nearest,
        ),
        Mistake(
            "only the last hours",
            "You look only at the last steps. In most patients, the symptom is over by then.",
            _last_hours,
        ),
        Mistake(
            "a weighted sum",
            "You add up weighted signs, with a weight for each sign and step. Which sign rose first depends on pairs "
            "of steps, and a sum doesn't compare them.",
            _linear,
        ),
    ),
    hints=(
        "Train an LSTM that is asked after the last step, and look at its loss. Does it fall below 0.69?",
        "Give the network the same target at every step, as in the lesson: an output (N, T), and the mean loss over "
        "all steps. Judge new patients by the last step.",
        "`logits = readout(lstm(x)[0])[..., 0]` and "
        "`binary_cross_entropy_with_logits(logits, y[:, None].expand(-1, 80))`, with Adam at 0.01, batches of 32, 600 "
        "updates, and a learning rate that falls to nearly 0.",
    ),
    explain_right="Your function tells which sign rose first, in patients whom it has never seen.",
)

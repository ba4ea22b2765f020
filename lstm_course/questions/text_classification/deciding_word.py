"""13-deciding-word: how the answer of an LSTM changes when one word is left out."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(T, D, H, scale=1.0):
        return dict(
            x=rng.normal(size=(T, D)),
            W_x=scale * rng.normal(size=(4 * H, D)),
            W_h=scale * rng.normal(size=(4 * H, H)),
            b=rng.normal(size=4 * H),
            v=rng.normal(size=H),
        )

    return [case(2, 2, 1), case(5, 3, 4), case(4, 4, 4), case(9, 2, 3, 2.0), case(6, 5, 2)]


def _by_torch(x, W_x, W_h, b, v):
    (T, D), H = x.shape, len(v)
    lstm = torch.nn.LSTM(D, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for parameter, array in zip(lstm.parameters(), (W_x, W_h, b, np.zeros_like(b)), strict=True):
            parameter.copy_(torch.as_tensor(array))
        whole = lstm(torch.tensor(x)[None])[0][0, -1].numpy() @ v
        left_out = np.stack([np.delete(x, t, axis=0) for t in range(T)])
        return whole - lstm(torch.tensor(left_out))[0][:, -1].numpy() @ v


DECIDING_WORD = Question(
    id="13-deciding-word",
    name="changes_without",
    points=3,
    outputs=(Output("changes", ("word",)),),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "a zero in place of the word",
            "You put zeros in place of the word. The LSTM still takes a step there, with its biases, so the state "
            "changes. Delete the step instead.",
            edit("np.delete(x, t, axis=0)", "np.where(np.arange(len(x))[:, None] == t, 0.0, x)"),
        ),
        Mistake(
            "the other way round",
            "Your differences have the wrong sign: the score of the whole text comes first.",
            edit("score(x) - score", "-score(x) + score"),
        ),
        Mistake(
            "the word alone",
            "You let the LSTM read one word by itself. The question is how the score of the text changes without it.",
            edit("score(x) - score(np.delete(x, t, axis=0))", "score(x[t : t + 1])"),
        ),
        Mistake(
            "the words so far",
            "You compare the score after a word with the score before it. But later words can build on a "
            "word or erase it. Read to the end, without the word.",
            edit("score(x) - score(np.delete(x, t, axis=0))", "score(x[: t + 1]) - score(x[:t])"),
        ),
        Mistake(
            "the state goes on",
            "You start a reading from the state that the last one ended with. Each reading starts from zeros.",
            lambda x, W_x, W_h, b, v: _carried(x, W_x, W_h, b, v),
        ),
        Mistake(
            "gates in another order",
            "Your blocks are in another order. The rows are stacked as i, f, g, o.",
            edit("i, f, g, o = np.split", "i, f, o, g = np.split"),
        ),
    ),
    hints=(
        "How would you find out what one word contributes, with nothing but a way to score any text?",
        "Write `score(x)`: an LSTM from zeros over the rows of `x`, then $v \\cdot h$. For each word, the change is "
        "the score of the whole text minus that of the text with this row deleted.",
        "`changes = [score(x) - score(np.delete(x, t, axis=0)) for t in range(len(x))]`. In `score`: "
        "`i, f, g, o = np.split(W_x @ step + W_h @ h + b, 4)`, then `c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)` and "
        "`h = sigmoid(o) * np.tanh(c)`.",
    ),
    explain_right="You can leave words out of any model's input without looking inside, and it tells you what an open "
    "gate can't.",
)


def _carried(x, W_x, W_h, b, v):
    H = len(v)
    h, c, scores = np.zeros(H), np.zeros(H), []
    for rows in [x, *(np.delete(x, t, axis=0) for t in range(len(x)))]:
        for step in rows:
            i, f, g, o = np.split(W_x @ step + W_h @ h + b, 4)
            i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
            c = f * c + i * np.tanh(g)
            h = o * np.tanh(c)
        scores.append(h @ v)
    return scores[0] - np.array(scores[1:])

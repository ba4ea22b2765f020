"""A network that sees one step at a time, on a question about order and on two about counts.

Each sequence has eleven letters: one A, one B, and c or d elsewhere. A network of 16 tanh units reads each letter
separately, one-hot, and outputs a vote for each of two answers; the votes of all steps are averaged. Training takes 200
updates of Adam with a learning rate of 0.02 on the cross-entropy of all 2,000 sequences. Accuracy is measured on 1,000
new sequences before the first update and after every tenth. There are five tasks, with ten seeds each:

    order     which of A and B comes first
    count     whether there are more d than c
    numbered  which of A and B comes first, with the number of the step (0, 0.1, ... 1) as a fifth feature
    band      whether d occurs 4 or 5 times
    shares    the same, but the letters are averaged before the network instead of the votes behind it

Arrays:

    order_accuracy, and so on for each task    (10, 21)  accuracy on the new sequences
    updates                                    (21,)
    seeds                                      (10,)
"""

import numpy as np

SETTINGS = {
    "length": 11,
    "sequences": 2000,
    "judged": 1000,
    "hidden_size": 16,
    "learning_rate": 0.02,
    "updates": 200,
    "every": 10,
    "seeds": list(range(10)),
}
TASKS = ("order", "count", "numbered", "band", "shares")


def sequences(N, rng):
    """Random letters, and which of A and B comes first among them.

    Parameters
    ----------
    N : int
    rng : numpy.random.Generator

    Returns
    -------
    letters : (N, 11) array of int
        Indices into "ABcd".
    first : (N,) array of int
        0 if A comes first, 1 if B does.
    """
    T = SETTINGS["length"]
    letters = rng.integers(2, 4, (N, T))
    first = rng.integers(0, 2, N)
    positions = np.sort(rng.random((N, T)).argsort(axis=1)[:, :2], axis=1)
    letters[np.arange(N), positions[:, 0]] = first
    letters[np.arange(N), positions[:, 1]] = 1 - first
    return letters, first


def examples(task, N, rng):
    """Inputs (N, T, D) and answers (N,), 0 or 1, of one of the `TASKS`.

    D is 4, or 5 with the number of the step. T is 11, or 1 for the shares of the letters.
    """
    letters, answers = sequences(N, rng)
    x = np.eye(4)[letters]
    if task == "count":
        answers = ((letters == 3).sum(axis=1) > (letters == 2).sum(axis=1)).astype(int)
    if task in ("band", "shares"):
        answers = np.isin((letters == 3).sum(axis=1), (4, 5)).astype(int)
    if task == "shares":
        x = x.mean(axis=1, keepdims=True)
    if task == "numbered":
        number = np.linspace(0, 1, SETTINGS["length"])
        x = np.concatenate([x, np.broadcast_to(number[None, :, None], (N, len(number), 1))], axis=2)
    return x, answers


def train(task, seed):
    """One run.

    Parameters
    ----------
    task : {"order", "count", "numbered", "band", "shares"}
    seed : int
        Of the initial parameters and of the sequences.

    Returns
    -------
    (21,) array
        Accuracy on new sequences, before the first update and after every tenth.

    Raises
    ------
    ValueError
        If there is no such task.
    """
    import torch

    if task not in TASKS:
        raise ValueError(f"task: wanted one of {', '.join(TASKS)}, got {task!r}")
    rng = np.random.default_rng(seed)
    (x, y), (new_x, new_y) = (
        [torch.tensor(array) for array in examples(task, SETTINGS[count], rng)] for count in ("sequences", "judged")
    )
    with torch.random.fork_rng():  # the lesson's own random state is left alone
        torch.manual_seed(seed)
        network = torch.nn.Sequential(
            torch.nn.Linear(x.shape[2], SETTINGS["hidden_size"]),
            torch.nn.Tanh(),
            torch.nn.Linear(SETTINGS["hidden_size"], 2),
        ).double()
    adam = torch.optim.Adam(network.parameters(), lr=SETTINGS["learning_rate"])

    def accuracy():
        with torch.no_grad():
            return (network(new_x).mean(dim=1).argmax(dim=1) == new_y).double().mean().item()

    accuracies = [accuracy()]
    for update in range(1, SETTINGS["updates"] + 1):
        loss = torch.nn.functional.cross_entropy(network(x).mean(dim=1), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        if update % SETTINGS["every"] == 0:
            accuracies.append(accuracy())
    return np.array(accuracies)


def make():
    """All runs, as described in `lstm_course.results`; takes a minute."""
    arrays = {f"{task}_accuracy": np.stack([train(task, seed) for seed in SETTINGS["seeds"]]) for task in TASKS}
    arrays["updates"] = np.arange(0, SETTINGS["updates"] + 1, SETTINGS["every"])
    arrays["seeds"] = np.array(SETTINGS["seeds"])
    return arrays, SETTINGS

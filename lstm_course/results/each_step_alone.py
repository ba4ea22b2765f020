"""A network that sees each step alone, on a question of order and on one of counting.

Eleven letters, one A, one B, the others c or d. A network of 16 tanh units looks at each letter by itself, one-hot,
and gives a vote for each of two answers; the votes of all steps are averaged. Adam at a rate of 0.02, cross-entropy,
2,000 sequences at once, 200 updates; judged on 1,000 new sequences before the first update and after each tenth.
Three tasks, ten seeds each:

    order     which of A and B came first
    count     whether there are more d than c
    numbered  which of A and B came first, with the number of the step (0, 0.1, ... 1) as a fifth feature

Arrays:

    order_accuracy, count_accuracy, numbered_accuracy    (10, 21)  share right of the new sequences
    updates                                              (21,)
    seeds                                                (10,)
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
TASKS = ("order", "count", "numbered")


def sequences(N, rng):
    """Letters and which of A and B comes first in them.

    Parameters
    ----------
    N : int
    rng : numpy.random.Generator

    Returns
    -------
    letters : (N, 11) array of int
        Places in "ABcd".
    first : (N,) array of int
        0 where A comes first, 1 where B does.
    """
    T = SETTINGS["length"]
    letters = rng.integers(2, 4, (N, T))
    first = rng.integers(0, 2, N)
    places = np.sort(rng.random((N, T)).argsort(axis=1)[:, :2], axis=1)
    letters[np.arange(N), places[:, 0]] = first
    letters[np.arange(N), places[:, 1]] = 1 - first
    return letters, first


def examples(task, N, rng):
    """Inputs (N, 11, D) and answers (N,), 0 or 1, of one of the `TASKS`; D is 4, or 5 with the number of the step."""
    letters, answers = sequences(N, rng)
    x = np.eye(4)[letters]
    if task == "count":
        answers = ((letters == 3).sum(axis=1) > (letters == 2).sum(axis=1)).astype(int)
    if task == "numbered":
        number = np.linspace(0, 1, SETTINGS["length"])
        x = np.concatenate([x, np.broadcast_to(number[None, :, None], (N, len(number), 1))], axis=2)
    return x, answers


def train(task, seed):
    """One run.

    Parameters
    ----------
    task : {"order", "count", "numbered"}
    seed : int
        Of the initial parameters and of the sequences.

    Returns
    -------
    (21,) array
        Share right of new sequences, before the first update and after each tenth.

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
    with torch.random.fork_rng():  # the seeds of a lesson stay its own
        torch.manual_seed(seed)
        network = torch.nn.Sequential(
            torch.nn.Linear(x.shape[2], SETTINGS["hidden_size"]),
            torch.nn.Tanh(),
            torch.nn.Linear(SETTINGS["hidden_size"], 2),
        ).double()
    adam = torch.optim.Adam(network.parameters(), lr=SETTINGS["learning_rate"])

    def share_right():
        with torch.no_grad():
            return (network(new_x).mean(dim=1).argmax(dim=1) == new_y).double().mean().item()

    looks = [share_right()]
    for update in range(1, SETTINGS["updates"] + 1):
        loss = torch.nn.functional.cross_entropy(network(x).mean(dim=1), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        if update % SETTINGS["every"] == 0:
            looks.append(share_right())
    return np.array(looks)


def make():
    """The arrays and the settings; half a minute."""
    arrays = {f"{task}_accuracy": np.stack([train(task, seed) for seed in SETTINGS["seeds"]]) for task in TASKS}
    arrays["updates"] = np.arange(0, SETTINGS["updates"] + 1, SETTINGS["every"])
    arrays["seeds"] = np.array(SETTINGS["seeds"])
    return arrays, SETTINGS

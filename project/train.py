"""Train networks from several seeds, compare them with simple methods, and draw the forecasts.

python train.py --help lists the settings. Everything is written to the folder results/.
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from data import HORIZON, TARGETS, WINDOW, load
from model import Network, predict
from plot import plot
from sklearn.linear_model import Ridge
from tqdm import tqdm

RESULTS = Path(__file__).with_name("results")


def train(network, data, epochs=40, learning_rate=0.003, batch=32, clip=1.0, patience=8, seed=0, progress=True):
    """Train with Adam on the mean squared error, and end with the weights of the best epoch on the validation part.

    Returns a table with a row for each epoch: `training`, the mean loss of its mini-batches, with dropout, and
    `validation`, the loss after it.
    """
    shuffle = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(network.parameters(), learning_rate)
    history, best, since_best = [], None, 0
    with tqdm(range(epochs), desc=f"seed {seed}", disable=not progress) as bar:
        for _ in bar:
            network.train()
            losses = []
            for chosen in torch.randperm(len(data.train.x), generator=shuffle).split(batch):
                loss = torch.nn.functional.mse_loss(network(data.train.x[chosen]), data.train.y[chosen])
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
                optimiser.step()
                losses.append(loss.item())
            validation = float((predict(network, data.validation.x) - data.validation.y).square().mean())
            history.append({"training": np.mean(losses), "validation": validation})
            bar.set_postfix(history[-1])
            if best is None or validation < best[0]:
                best, since_best = (validation, copy.deepcopy(network.state_dict())), 0
            else:
                since_best += 1
                if since_best == patience:
                    break
    network.load_state_dict(best[1])
    return pd.DataFrame(history, index=pd.RangeIndex(1, len(history) + 1, name="epoch"))


def ridge(data):
    """Ridge regression on the last rows of the window; how many, and the penalty, are chosen on the validation part."""

    def fitted(rows, penalty):
        regression = Ridge(alpha=penalty).fit(data.train.x[:, -rows:].flatten(1), data.train.y)
        return lambda x: regression.predict(x[:, -rows:].flatten(1)).reshape(len(x), -1)

    def error(forecast):
        return np.square(forecast(data.validation.x) - data.validation.y.numpy()).mean()

    lengths = sorted({min(rows, WINDOW) for rows in (1, 3, 7, 14, WINDOW)})
    fits = [fitted(rows, penalty) for rows in lengths for penalty in 10.0 ** np.arange(-1, 5)]
    return min(fits, key=error)(data.test.x)


def main():
    parser = argparse.ArgumentParser(description="Train, judge and draw.")
    parser.add_argument("--seeds", type=int, default=3, help="how many networks to train (default 3)")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--learning-rate", type=float, default=0.003)
    parser.add_argument("--hidden", type=int, default=32)
    settings = parser.parse_args()

    torch.set_num_threads(1)  # for a small network one thread is faster, and repeats itself exactly
    RESULTS.mkdir(exist_ok=True)
    data = load()
    forecasts, histories = {"last value": data.test.known, "ridge regression": ridge(data)}, {}
    networks = []
    for seed in range(settings.seeds):
        torch.manual_seed(seed)
        network = Network(data.train.x.shape[-1], data.train.y.shape[-1], settings.hidden)
        histories[seed] = train(network, data, settings.epochs, settings.learning_rate, seed=seed)
        torch.save(network.state_dict(), RESULTS / f"weights_{seed}.pt")
        networks.append(predict(network, data.test.x))
        forecasts[f"LSTM, seed {seed}"] = networks[-1]
    forecasts["LSTMs averaged"] = torch.stack(networks).mean(0)

    truth = data.in_units(data.test.y)
    forecasts = {name: data.in_units(y) for name, y in forecasts.items()}
    scores = pd.DataFrame({name: np.abs(y - truth).mean(0) for name, y in forecasts.items()}, index=TARGETS).T
    scores.to_csv(RESULTS / "scores.csv", index_label="method")
    pd.concat(histories, names=["seed"]).to_csv(RESULTS / "history.csv")
    plot(data, truth, forecasts, histories, RESULTS / "forecast.png")
    print(f"mean absolute error, {HORIZON} ahead, on {len(truth)} test rows\n")
    print(scores.round(3).to_string())
    print(f"\nWeights, scores and a picture are in {RESULTS}. If a simple method is as good, use the simple method.")


if __name__ == "__main__":
    main()

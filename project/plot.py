"""One picture: how the training went, and the forecasts beside what happened."""

import matplotlib

matplotlib.use("Agg")  # draws into a file; no window is needed
import matplotlib.pyplot as plt
from data import TARGETS
from matplotlib.dates import ConciseDateFormatter


def plot(data, truth, forecasts, histories, file, rows=90):
    """Draw the losses and the last `rows` test rows of the first target.

    `forecasts` maps the name of a method to an array like `truth`, (N, K), in the units of the table.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=(1, 2), layout="constrained")
    for seed, history in histories.items():
        first = seed == min(histories)
        left.plot(history["training"], color="0.6", linestyle="--", label="training" if first else None)
        left.plot(history["validation"], color="#0072B2", label="validation" if first else None)
    left.set(xlabel="epoch", ylabel="mean squared error, scaled", title="Training, one line for each seed", ylim=0)
    left.legend()

    times = data.times[data.test.rows][-rows:]
    right.plot(times, truth[-rows:, 0], color="black", linewidth=1.5, label="what happened")
    styles = {"last value": (":", "0.5"), "ridge regression": ("-.", "#D55E00"), "LSTMs averaged": ("-", "#0072B2")}
    for name, (line, color) in styles.items():
        right.plot(times, forecasts[name][-rows:, 0], line, color=color, linewidth=1.2, label=name)
    right.set(ylabel=TARGETS[0], title=f"The last {len(times)} test rows")
    right.legend(ncols=2, fontsize="small")
    right.xaxis.set_major_formatter(ConciseDateFormatter(right.xaxis.get_major_locator()))
    figure.savefig(file, dpi=150)
    plt.close(figure)

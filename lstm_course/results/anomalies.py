"""Events in a pulse, patients, movements and payments: how well LSTMs and their rivals do on them.

Settings were chosen on held-out data, never on the judged data. The arrays have S = 10 seeds. A seed decides the
weights of a network, and also where the events are, and which patients, payments and movements there are to learn
from.

    pulse_auc      (M, 6, S)  area under the ROC curve, for `METHODS` and for the `vital_signs.EVENTS`
    pulse_found    (M, 6, S)  share of the events during which there is an alarm, with the threshold of `cheapest`
    pulse_delay    (M, 6, S)  the median seconds until the alarm, of those found; NaN where none is
    pulse_false    (M, S)     alarms on the judged stretch as it was recorded, without events
    pulse_tried_M  (C, W)     mean area on the held-out stretch, by candidate and width of the mean
    pulse_errors_lstm  (C, 3) mean prediction error there, without events, by candidate and tuning seed
    ward_NAME      (S,)       area under the ROC curve at the pattern, for the `WARD` networks
    ward_rivals    (2, S)     the same for boosting that sees the last four hours, and the whole past
    ward_tried_NAME (R, 3)    on further patients, for each learning rate, with three other seeds
    seen           (3, B, S)  share of right movements after so many samples, for `WATCHERS`
    movements_tried_lstm, movements_tried_summaries  (R, 3)  on half of the training recordings
    cards_ap       (K, 4, S)  average precision for both kinds of fraud and the `DETECTORS`
    cards_alarms, cards_lost  (K, 4, 2, S, 60)  with each of 60 thresholds, chosen on the held-out cards: payments that
                              are stopped, and euros lost with those that are not; on the held-out and the judged cards
    cards_frauds   (K, 2, S, 2)  the number of frauds there, and their sum in euros
    cards_tried_NAME  (K, R, 2)  average precision on the held-out cards
"""

import numpy as np
import torch

from . import anomaly_cards, anomaly_movements, anomaly_networks, anomaly_pulse, anomaly_ward

SETTINGS = {
    "pulse": anomaly_pulse.SETTING,
    "costs": anomaly_pulse.COSTS,
    "ward": anomaly_ward.SETTING,
    "movements": anomaly_movements.SETTING,
    "cards": anomaly_cards.SETTING,
    "seeds": anomaly_networks.SEEDS,
    "tuning_seeds": anomaly_networks.TUNING_SEEDS,
}


def make():
    """The stored arrays and the settings."""
    torch.set_num_threads(1)
    arrays = anomaly_pulse.run() | anomaly_ward.run() | anomaly_movements.run() | anomaly_cards.run()
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS

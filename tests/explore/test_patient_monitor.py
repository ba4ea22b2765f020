"""The patient monitor in Python: its numbers, its verdicts, and the values it refuses."""

import json

import numpy as np
import pytest
import torch
from a_monitor import ALL_EVENTS, a_monitor, made_up_parts

from lstm_course.explore import PatientMonitor
from lstm_course.explore.checked import Refused


def test_the_score_is_the_mean_error_of_the_predictions_of_pytorch():
    pulse, lstm, readout = made_up_parts()
    with torch.no_grad():
        predicted = readout(lstm(torch.tensor(pulse, dtype=torch.float32)[None, :, None])[0])[0, :, 0].numpy()
    errors = np.abs(np.diff(pulse) - predicted[:-1])
    for window in (1, 10, 200):
        score = a_monitor(window=window).values["score"]
        wanted = [errors[max(0, t - window) : t].mean() for t in (window, 500, len(pulse) - 1)]
        np.testing.assert_allclose(
            score[[window, 500, -1]], wanted, rtol=0, atol=2e-3
        )  # the pulse and the weights are rounded


def test_each_event_changes_the_pulse_in_its_place_and_nowhere_else():
    calm, monitor = a_monitor().values["pulse"], a_monitor(events=ALL_EVENTS)
    values = monitor.values
    elsewhere = np.ones(len(calm), bool)
    for (kind, time), (start, end) in zip(ALL_EVENTS, values["places"], strict=True):
        assert 0 <= start / 100 - time <= 0.8 and not np.array_equal(values["pulse"][start:end], calm[start:end]), kind
        elsewhere[start:end] = False
    np.testing.assert_array_equal(values["pulse"][elsewhere], calm[elsewhere])
    start, end = values["places"][1]
    assert monitor.events[1][0] == "frozen" and np.ptp(values["pulse"][start:end]) == 0 and end - start == 50


@pytest.mark.parametrize(
    "spike, delay, false_alarms", [(1030, 0.3, 0), (1113, 1.13, 0), (1120, None, 1), (990, None, 1)]
)
def test_an_alarm_is_credited_to_the_event_it_touches_once_the_clock_has_reached_it(spike, delay, false_alarms):
    """A noise burst from sample 1000 to 1014, and one sample beyond the limits: up to a second after, it belongs."""
    pulse, lstm, readout = made_up_parts()
    pulse[spike] = 9.0
    monitor = PatientMonitor(pulse, lstm, readout, 0.2, 10, (-5, 5), events=[["burst", 10.0]], time=15)
    assert monitor.values["limit_delays"] == [delay] and monitor.values["limit_false_alarms"] == false_alarms
    monitor.time = spike / 100 - 0.02
    assert monitor.values["limit_delays"] == [None] and monitor.values["limit_false_alarms"] == 0


def test_an_alarm_that_belongs_to_no_event_is_false_and_sounds_again_after_two_seconds():
    always = a_monitor(limits=(8, 9), time=20)
    assert always.values["limit_false_alarms"] == 10  # at 1, 3, ..., 19 seconds
    assert a_monitor(limits=(8, 9), time=0.5).values["limit_false_alarms"] == 0
    assert a_monitor(limits=(-9, 9), time=20).values["limit_false_alarms"] == 0
    assert a_monitor(threshold=0, time=20).values["alarms"].tolist() == list(range(100, 2001, 200))


BAD = [
    ("threshold", 0.6, "a number between 0 and 0.5"),
    ("threshold", None, "a number between 0 and 0.5"),
    ("time", -1, "a number between 0 and 60"),
    ("events", "frozen", "a list of pairs of one of burst, "),
    ("events", [["asleep", 3]], "pairs of one of burst, "),
    ("events", [["frozen"]], "pairs of one of burst, "),
    ("events", [["frozen", 20]], "a time from 0 to 19 seconds"),
    ("events", [["frozen", np.nan]], "a time from 0 to 19 seconds"),
]


@pytest.mark.parametrize("name, wrong, sentence", BAD)
def test_a_bad_value_is_refused_with_a_sentence_and_the_old_one_stays(name, wrong, sentence):
    monitor = a_monitor()
    before = monitor.state()
    with pytest.raises(Refused, match=rf"^{name}: wanted .*{sentence}"):
        setattr(monitor, name, wrong)
    assert monitor.state() == before


@pytest.mark.parametrize(
    "change, sentence",
    [
        (dict(recording=np.zeros(1499)), "recording: wanted from 1500 to 6000 samples, got 1499"),
        (dict(recording=np.zeros((2, 1500))), "recording: wanted"),
        (dict(lstm=torch.nn.LSTM(2, 4)), "lstm: wanted one layer and direction, one input"),
        (dict(lstm=torch.nn.LSTM(1, 33)), "lstm: wanted .* at most 32 units"),
        (dict(lstm=torch.nn.LSTM(1, 4, num_layers=2)), "lstm: wanted one layer"),
        (dict(readout=torch.nn.Linear(6, 2)), "readout: wanted a linear layer from 6 units to 1"),
        (dict(limits=(1, 1)), "limits: wanted the lowest value before the highest"),
        (dict(window=0), "window: wanted a whole number from 1 to 200, got 0"),
    ],
)
def test_a_monitor_that_cannot_be_made_is_refused(change, sentence):
    recording, lstm, readout = made_up_parts()
    parts = dict(recording=recording, lstm=lstm, readout=readout, threshold=0.4, window=10, limits=(-2, 2)) | change
    with pytest.raises(ValueError, match=f"^{sentence}"):
        PatientMonitor(**parts)


def test_the_patient_stays_as_it_was_made():
    monitor = a_monitor()
    for name in ("recording", "weights", "readout", "noise", "limits"):
        with pytest.raises(Refused, match=f"^{name}: wanted the value that it was made with"):
            setattr(monitor, name, [])


def test_the_words_tell_the_verdicts_and_the_state_is_json():
    monitor = a_monitor(events=ALL_EVENTS, time=20, threshold=0.0)
    assert json.loads(json.dumps(monitor.state()))["events"] == ALL_EVENTS
    for words in ("Frozen sensor at 4.5 s", "the LSTM's alarm sounds after", "early beat", "LSTM's alarm sounds after"):
        assert words in str(monitor)
    bundle, metadata = monitor._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == monitor.alt and "data-lstm-live" in bundle["text/html"]

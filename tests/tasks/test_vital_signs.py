"""The pulse and the heartbeat: known values of the files; events, alarms and what they are worth, on small signals."""

import subprocess
import sys

import numpy as np
import pytest

from lstm_course.tasks import common, vital_signs

WAVE = np.sin(2 * np.pi * np.arange(4000) / 80)  # a beat in 0.8 s, with its trough at 60, 140, ...


def test_the_recordings_are_those_of_the_files():
    pulse, (ecg, marked) = vital_signs.pulse(), vital_signs.heartbeat()
    assert len(pulse) == 68_476 and pulse[:3].tolist() == [326, 327, 352]
    assert len(ecg) == 7_500 and ecg[:2].tolist() == [-0.195, -0.21]
    assert np.flatnonzero(np.diff(marked.astype(int))).tolist() == [6935, 7287]


def test_the_three_stretches_don_t_overlap_and_the_calm_one_is_the_unit():
    parts = sorted((part.start, part.stop) for part in (vital_signs.CALM, vital_signs.HELD, vital_signs.JUDGED))
    assert all(a[1] <= b[0] for a, b in zip(parts, parts[1:], strict=False))
    calm = vital_signs.standardised(vital_signs.pulse())[vital_signs.CALM]
    assert abs(calm.mean()) < 1e-9 and calm.std() == pytest.approx(1)


@pytest.mark.parametrize("kind", vital_signs.EVENTS)
def test_an_event_changes_the_signal_where_it_says_and_nowhere_else(kind):
    made = vital_signs.disturb(WAVE, kind, 5, seed=1)
    changed = np.flatnonzero(made.x != WAVE)
    assert set(changed) <= set(np.flatnonzero(made.event))
    assert len(changed) > 0.7 * made.event.sum() > 0
    for onset, end in zip(made.onsets, made.ends, strict=True):
        assert made.event[onset:end].all() and not made.event[end] and made.judged[onset:end].all()
        assert not made.judged[end : end + 100].any()
        if kind in vital_signs.FROM_A_TROUGH:
            assert onset % 80 == 60


def test_each_event_is_what_its_name_says():
    rng, x = np.random.default_rng(0), WAVE[60:]
    assert np.ptp(vital_signs.frozen(x, rng)) == 0 and len(vital_signs.frozen(x, rng)) == 50
    np.testing.assert_array_equal(vital_signs.backwards(x, rng), x[:80][::-1])
    assert vital_signs.missed(x, rng).max() < -0.8 and len(vital_signs.missed(x, rng)) == 80
    assert np.abs(vital_signs.burst(x, rng) - x[:15]).max() > 0.3
    weak = vital_signs.weak(x, rng)
    assert np.abs(weak[80:120]).max() < 0.5 and weak[1] == pytest.approx(x[1], abs=1e-2)
    early = vital_signs.early(x, rng)
    assert len(early) == 160 and early[:60].argmax() < 30  # the first peak comes before its time, 40
    np.testing.assert_array_equal(
        vital_signs.disturb(WAVE, "burst", 3, 7).x, vital_signs.disturb(WAVE, "burst", 3, 7).x
    )


def test_alarms_repeat_only_after_a_silence_and_belong_to_events():
    made = vital_signs.disturb(WAVE, "frozen", 2, seed=0)
    score = np.zeros(len(WAVE))
    score[made.onsets[0] + 20 : made.onsets[0] + 30] = 5
    score[made.ends[1] + 150] = 5
    sounded = vital_signs.alarms(score, 1)
    assert sounded.tolist() == [made.onsets[0] + 20, made.ends[1] + 150]
    delays, false = vital_signs.outcome(sounded, made)
    assert delays[0] == 20 and np.isnan(delays[1]) and false == 1
    assert len(vital_signs.alarms(np.ones(1000), 0.5)) == 5
    delays, false = vital_signs.outcome([], made)
    assert np.isnan(delays).all() and false == 0


@pytest.mark.parametrize("change", [{"kind": "loud"}, {"count": 0}, {"count": 10}, {"x": [np.nan] * 4000}])
def test_wrong_arguments_are_refused_with_their_name(change):
    with pytest.raises(ValueError, match=f"^{next(iter(change))}: wanted"):
        vital_signs.disturb(**({"x": WAVE, "kind": "weak", "count": 2, "seed": 0} | change))


def test_the_packages_with_the_files_are_not_imported():
    script = "import sys\nfrom lstm_course.tasks import vital_signs as v\nv.pulse(), v.heartbeat()\n"
    script += "print({'sktime', 'heartpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="^wanted the package heartpy, .*pip install heartpy$"):
        vital_signs.pulse()

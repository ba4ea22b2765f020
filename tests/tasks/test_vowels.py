"""The vowels: known values of the files, the division into speakers, and the scaling."""

import subprocess
import sys

import numpy as np
import pytest

from lstm_course.tasks import common, vowels


@pytest.fixture(scope="module")
def parts():
    return vowels.speech(scaled=False)


def test_the_recordings_are_those_of_the_files(parts):
    train, test = parts
    assert [len(part.frames) for part in parts] == [270, 370]
    assert np.bincount(train.speakers).tolist() == [30] * 9
    assert np.bincount(test.speakers).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    assert (train.lengths.min(), train.lengths.max(), test.lengths.min(), test.lengths.max()) == (7, 26, 7, 29)
    assert train.frames[0].shape == (20, 12)
    np.testing.assert_allclose(train.frames[0][:2, :2], [[1.860936, -0.207383], [1.891651, -0.193249]])


def test_both_parts_are_sorted_by_speaker(parts):
    for part in parts:
        assert (np.diff(part.speakers) >= 0).all()


def test_the_features_are_scaled_by_the_training_frames_alone(parts):
    scaled, also = vowels.speech()
    together = np.concatenate(scaled.frames)
    np.testing.assert_allclose(together.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(together.std(axis=0), 1, atol=1e-5)
    raw = np.concatenate(parts[0].frames)
    expected = (parts[1].frames[5] - raw.mean(axis=0)) / raw.std(axis=0)
    np.testing.assert_allclose(also.frames[5], expected, atol=1e-5)
    assert also.frames[5].dtype == np.float32 and not also.frames[5].flags.writeable


def test_the_package_with_the_files_is_not_imported():
    script = "import sys\nfrom lstm_course.tasks import vowels\nvowels.speech()\nprint('sktime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="^wanted the package sktime, .*pip install sktime$"):
        vowels.speech()

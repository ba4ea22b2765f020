"""A recording of one's own: every kind of WAV file, and one sentence for everything else."""

import wave

import numpy as np
import pytest
from scipy.io import wavfile

from lstm_course.tasks import recording

RATE = 22_050
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)


def written(path, sound, width, rate=RATE):
    """A WAV file of whole numbers with `width` bytes, by Python's own module."""
    sound = np.atleast_2d(sound.T).T
    whole = np.round(sound * (2 ** (8 * width - 1) - 1)).astype("<i8") + (128 if width == 1 else 0)
    data = whole[..., None].view(np.uint8).reshape(*whole.shape, 8)[..., :width].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return path


def pitch(sound):
    return np.abs(np.fft.rfft(sound * np.hanning(len(sound)))).argmax() * recording.RATE / len(sound)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_whole_numbers_of_every_width(tmp_path, width, channels):
    sound = recording.read(written(tmp_path / "a.wav", np.stack([TONE] * channels, axis=1), width))
    assert sound.dtype == np.float32 and len(sound) == recording.RATE
    assert abs(pitch(sound) - 440) < 1.5 and abs(np.abs(sound[500:-500]).max() - 0.5) < 0.02


def test_floats_and_other_rates(tmp_path):
    wavfile.write(tmp_path / "a.wav", 48_000, 0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000).astype("f4"))
    sound = recording.read(tmp_path / "a.wav")
    assert len(sound) == recording.RATE and abs(pitch(sound) - 440) < 1.5


def test_channels_are_averaged(tmp_path):
    sound = recording.read(written(tmp_path / "a.wav", np.stack([TONE, np.zeros(RATE)], axis=1), 2))
    assert abs(np.abs(sound[500:-500]).max() - 0.25) < 0.02


def test_only_the_first_minute_is_read(tmp_path):
    path = written(tmp_path / "a.wav", np.tile(TONE, 70)[: 61 * 8000], 2, 8000)
    assert len(recording.read(path)) == 60 * recording.RATE


def test_each_bad_file_gets_one_sentence(tmp_path):
    empty, text, short, silent, cut = (tmp_path / f"{name}.wav" for name in ("empty", "text", "short", "silent", "cut"))
    empty.write_bytes(b"")
    text.write_text("this is no sound")
    written(short, TONE[:500], 2)
    written(silent, np.zeros(RATE), 2)
    cut.write_bytes(written(tmp_path / "whole.wav", TONE, 2).read_bytes()[:30])
    wanted = {tmp_path / "none.wav": "cannot be read", empty: "empty", text: "another kind", short: "0.02 s"}
    for path, words in (wanted | {silent: "heard", cut: "damaged", tmp_path: "cannot be read"}).items():
        with pytest.raises(ValueError, match=words) as error:
            recording.read(path)
        assert str(path) in str(error.value) and str(error.value).startswith("path: wanted")


def test_what_is_written_can_be_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(recording.as_wav(TONE, RATE))
    again = recording.read(path, RATE)
    assert np.abs(again - TONE).max() < 2 / 2**8 + 1e-3

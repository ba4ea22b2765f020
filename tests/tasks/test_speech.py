"""Frames, bytes, and the synthetic voices, which not every machine has."""

import numpy as np
import pytest

from lstm_course.tasks import common, speech


@pytest.fixture(scope="module")
def spoken():
    pytest.importorskip("espeakng_loader", reason="not made for this machine")
    return speech.speak("seven", "f2")


def test_a_tone_appears_in_the_band_that_its_frequency_belongs_to():
    t = np.arange(speech.RATE) / speech.RATE
    mel = 2595 * np.log10(1 + np.array([80, 7600]) / 700)
    for frequency in (300, 1000, 4000):
        frames = speech.log_mel(np.sin(2 * np.pi * frequency * t))
        place = (2595 * np.log10(1 + frequency / 700) - mel[0]) / (mel[1] - mel[0]) * (speech.BANDS + 1) - 1
        assert frames.shape == (49, speech.BANDS)
        assert (np.abs(frames.argmax(axis=1) - place) < 1).all()


def test_a_frame_depends_on_its_own_samples_only():
    rng = np.random.default_rng(0)
    sound, changed = rng.normal(size=4000), rng.normal(size=4000)
    changed[:2000] = sound[:2000]
    a, b = speech.log_mel(sound), speech.log_mel(changed)
    inside = (2000 - speech.WIDTH) // speech.HOP + 1
    assert np.array_equal(a[:inside], b[:inside]) and not np.allclose(a[inside + 1], b[inside + 1])


def test_too_short_a_sound_is_refused():
    with pytest.raises(ValueError, match="sound: wanted at least 400 samples"):
        speech.log_mel(np.zeros(399))


def test_bytes_keep_the_frames():
    frames = np.random.default_rng(0).uniform(-6.9, 7.9, (30, speech.BANDS))
    assert np.abs(speech.unpacked(speech.packed(frames)) - frames).max() < 0.031
    assert np.array_equal(speech.packed(np.array([[-99.0, 99.0]])), [[0, 255]])


def test_noise_has_the_power_that_was_asked_for():
    sound = np.sin(np.arange(60_000)).astype(np.float32)
    noise = speech.noisy(sound, 10, 0) - sound
    assert abs(10 * np.log10((sound**2).mean() / (noise**2).mean()) - 10) < 1.5


def test_the_numbers():
    assert len(speech.NUMBERS) == 100 == len(set(speech.NUMBERS)) and speech.NUMBERS[42] == "forty two"
    assert set("".join(speech.NUMBERS)) == set(speech.LETTERS)


def test_a_voice_speaks(spoken):
    assert 0.2 < len(spoken) / speech.RATE < 1.5 and 0.01 < np.abs(spoken).max() <= 1.2
    slow = speech.speak("seven", "f2", words_a_minute=90)
    assert len(slow) > 1.2 * len(spoken)


def test_what_cannot_be_spoken(spoken):
    for arguments, words in (("", "m3"), "text"), (("one", "nobody"), "voice"), (("one", "m3", "xx"), "accent"):
        with pytest.raises(ValueError, match=f"^{words}: wanted"):
            speech.speak(*arguments)


def test_without_the_package_one_sentence_says_so(monkeypatch):
    speech._program.cache_clear()
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="espeakng-loader.*not installed"):
        speech.speak("seven")


def test_a_stream_marks_its_wake_words(spoken):
    stream = speech.stream(1, 3, share=0.5, alike=0.3)
    assert stream.frames.shape == (3000, speech.BANDS) and stream.frames.dtype == np.uint8
    assert len(stream.wakes) > 5 and (np.diff(stream.wakes, axis=1) > 10).all()
    marks = np.concatenate([stream.wakes, stream.alikes])
    assert marks.min() >= 0 and marks.max() < 3000
    energy = speech.unpacked(stream.frames)[:, :12].mean(axis=1)
    inside = np.concatenate([energy[a:b] for a, b in marks])
    assert inside.mean() > energy.mean()

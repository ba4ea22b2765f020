"""Read a recording of your own from a WAV file, and write sound as a small WAV file that a notebook can play."""

import io
import warnings
import wave
from math import gcd
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from ..scratch import arguments

RATE = 16_000  # samples a second
SHORTEST, LONGEST = 0.1, 60  # seconds


def read(path, rate=RATE):
    """Read a WAV file: any number of channels, which are averaged, any sample rate, whole numbers or floats.

    Parameters
    ----------
    path : str or pathlib.Path
        Only the first minute of a longer recording is read.
    rate : int
        The samples a second to which the sound is resampled.

    Returns
    -------
    (T,) array of float32
        From -1 to 1.

    Raises
    ------
    ValueError
        If the file is missing, empty, too short or silent, or isn't a readable WAV file. The message names the file.
    """
    rate = arguments.size("rate", rate)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ValueError(f"path: wanted a WAV file, got {path}, which cannot be read ({reason})") from None
    if not data:
        raise ValueError(f"path: wanted a WAV file, got {path}, which is empty")
    if data[:4] not in (b"RIFF", b"RIFX", b"RF64") or data[8:12] != b"WAVE":
        raise ValueError(f"path: wanted a WAV file, got {path}, which is of another kind: save it as WAV (PCM)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that hold no sound
            own_rate, samples = wavfile.read(io.BytesIO(data))
        channels = samples.reshape(len(samples), -1)
    except Exception:  # scipy raises errors of many kinds for what is cut off or compressed
        raise ValueError(
            f"path: wanted a WAV file, got {path}, which is damaged or compressed: save it as WAV (PCM)"
        ) from None
    sound = _scaled(channels[: LONGEST * own_rate]).mean(axis=1)
    if len(sound) < SHORTEST * own_rate:
        seconds = len(sound) / max(1, own_rate)
        raise ValueError(f"path: wanted at least {SHORTEST} s of sound, got {path}, which has {seconds:.2f} s")
    if not np.isfinite(sound).all() or np.ptp(sound) == 0:
        raise ValueError(f"path: wanted a recording, got {path}, in which nothing can be heard")
    common = gcd(rate, own_rate)
    return np.clip(resample_poly(sound, rate // common, own_rate // common), -1, 1).astype(np.float32)


def _scaled(samples):
    """Samples of any kind as float64 from -1 to 1. Eight bits are stored from 0 to 255, and 24 bits come as 32."""
    if samples.dtype == np.uint8:
        return (samples.astype(float) - 128) / 128
    if samples.dtype.kind == "i":
        return samples / float(-np.iinfo(samples.dtype).min)
    return samples.astype(float)


def as_wav(sound, rate):
    """Sound as the bytes of a WAV file with one channel and 8 bits a sample, for `IPython.display.Audio(data=...)`.

    Parameters
    ----------
    sound : (T,) array
        From -1 to 1, or already bytes (uint8).
    rate : int
        Samples a second.

    Returns
    -------
    bytes
    """
    if getattr(sound, "dtype", None) != np.uint8:
        sound = np.round(128 + 127 * np.clip(arguments.array("sound", sound, T=None), -1, 1)).astype(np.uint8)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(arguments.size("rate", rate))
        writer.writeframes(sound.tobytes())
    return file.getvalue()

"""Synthetic speech, made by the program eSpeak NG, and sound as frames.

The voices are computed, not recorded, so they are far more alike and far cleaner than those of people, and results on
them say little about real speech. The program comes with the package espeakng-loader, which isn't available for every
machine. So the course stores the sounds and frames of its lesson, and only new words need the package.

All sound here has `RATE` samples a second, as numbers from -1 to 1.
"""

import ctypes
import functools
import sys
from typing import NamedTuple

import numpy as np
from scipy.signal import resample_poly

from ..scratch import arguments
from . import common

RATE = 16_000  # samples a second
WIDTH, HOP, BANDS = 400, 320, 24  # samples in a frame (25 ms), samples from one frame to the next (20 ms), bands
FRAMES_A_SECOND = RATE / HOP
_FLOOR, _CEILING = -7.0, 8.0  # the range of `log_mel` that `packed` keeps

ONES = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
NUMBERS = ONES + tuple(ten if k == 0 else f"{ten} {ONES[k]}" for ten in TENS for k in range(10))
LETTERS = " " + "".join(sorted(set("".join(ONES + TENS))))

VOICES = tuple(
    "f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 Alex Alicia Andrea Andy Annie Gene Hugo Lee Mario Michael Mike Reed adam "
    "anika antonio aunty belinda benjamin boris david ed edward grandma grandpa ian john linda max michel paul pedro "
    "quincy rob robert sandro shelby steph travis victor zac".split()
)
ACCENTS = ("en", "en-us", "en-029", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd")


def speak(text, voice="f2", accent="en", words_a_minute=160, pitch=50):
    """A text, spoken by a synthetic voice.

    The program doesn't repeat itself exactly: a second call in the same process gives slightly different samples.

    Parameters
    ----------
    text : str
    voice : str
        One of `VOICES`.
    accent : str
        One of `ACCENTS`, or another of the program's languages, such as ``"en-gb-scotland"``.
    words_a_minute : int
        From 80 to 450.
    pitch : int
        From 0 to 99.

    Returns
    -------
    (T,) array of float32
        Without the silence before and after.

    Raises
    ------
    ModuleNotFoundError
        If the package espeakng-loader is not installed.
    ValueError
        If there is no such voice, or nothing to say.
    """
    library, pieces = _program()
    if voice not in VOICES:
        raise ValueError(f"voice: wanted one of VOICES, got {voice!r}")
    if library.espeak_SetVoiceByName(f"{accent}+{voice}".encode()) != 0:
        raise ValueError(f"accent: wanted a language of eSpeak NG, got {accent!r}")
    rate, pitch = arguments.whole("words_a_minute", words_a_minute, 80, 450), arguments.whole("pitch", pitch, 0, 99)
    library.espeak_SetParameter(1, rate, 0)
    library.espeak_SetParameter(3, pitch, 0)
    pieces.clear()
    raw = text.encode() + b"\0"
    library.espeak_Synth(raw, len(raw), 0, 1, 0, 1, None, None)
    x = np.concatenate([np.zeros(1, np.int16), *pieces]).astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(x) > 0.01 * np.abs(x).max())
    if not len(loud):
        raise ValueError(f"text: wanted something that can be spoken, got {text!r}")
    return resample_poly(x[max(0, loud[0] - 300) : loud[-1] + 300], 320, 441).astype(np.float32)


@functools.cache
def _program():
    """The library, and the list that it puts pieces of sound into; its 22,050 samples a second are checked here."""
    name = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}.get(sys.platform, "libespeak-ng.so")
    path = common.installed_file("espeakng_loader", name)
    library, pieces = ctypes.CDLL(str(path)), []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    @kind
    def collect(samples, count, _):
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    if library.espeak_Initialize(2, 0, str(path.parent / "espeak-ng-data").encode(), 0x8000) != 22_050:
        raise OSError(f"the program in {path} doesn't start, or has another number of samples a second")
    library.espeak_SetSynthCallback(collect)
    library.kept = collect  # as long as the library may call it
    sizes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint]
    library.espeak_Synth.argtypes = [*sizes, ctypes.c_void_p, ctypes.c_void_p]
    return library, pieces


def log_mel(sound):
    """The logarithm of the energy in 24 bands of frequency, for each frame of 25 ms, one every 20 ms.

    The bands are equally wide on the mel scale, which follows our hearing: narrow at 80 Hz, wide at 7,600 Hz. A frame
    depends only on its own 400 samples.

    Parameters
    ----------
    sound : (samples,) array
        At least 400 samples.

    Returns
    -------
    (T, 24) array of float32
    """
    sound = arguments.array("sound", sound, T=None).astype(np.float32)
    if len(sound) < WIDTH:
        raise ValueError(f"sound: wanted at least {WIDTH} samples, got {len(sound)}")
    frames = np.lib.stride_tricks.sliding_window_view(sound, WIDTH)[::HOP]
    window = np.hanning(WIDTH).astype(np.float32)
    energies = [
        np.abs(np.fft.rfft(part * window, 512)) ** 2 @ _bank()
        for part in np.array_split(frames, 1 + len(frames) // 4096)
    ]
    return np.log(np.concatenate(energies) + 1e-3).astype(np.float32)


@functools.cache
def _bank():
    """(257, 24) weights: triangles whose corners are equally spaced in mel."""
    mel = np.linspace(*(2595 * np.log10(1 + np.array([80, 7600]) / 700)), BANDS + 2)
    corners, frequency = 700 * (10 ** (mel / 2595) - 1), np.fft.rfftfreq(512, 1 / RATE)[:, None]
    up = (frequency - corners[:-2]) / (corners[1:-1] - corners[:-2])
    down = (corners[2:] - frequency) / (corners[2:] - corners[1:-1])
    return np.maximum(0, np.minimum(up, down)).astype(np.float32)


def packed(frames):
    """Frames (T, 24) as bytes, a tenth of the size: steps of 0.06 from -7 to 8."""
    return np.round(255 * (np.clip(frames, _FLOOR, _CEILING) - _FLOOR) / (_CEILING - _FLOOR)).astype(np.uint8)


def unpacked(data):
    """Frames (T, 24) of float32 from bytes."""
    return data.astype(np.float32) / 255 * np.float32(_CEILING - _FLOOR) + np.float32(_FLOOR)


@functools.cache
def _pink():
    """Half a minute of noise whose power falls with frequency, of mean square 1."""
    n = 2**19
    spectrum = np.fft.rfft(np.random.default_rng(99).standard_normal(n)) / np.sqrt(50 + np.fft.rfftfreq(n, 1 / RATE))
    shaped = np.fft.irfft(spectrum, n)
    return (shaped / shaped.std()).astype(np.float32)


def noisy(sound, decibels, seed):
    """The sound in pink noise: `decibels` is how far the noise's mean power lies below that of the sound."""
    begin = int(common.generator(seed).integers(len(_pink()) - len(sound)))
    power = np.mean(sound**2) * 10 ** (-decibels / 10)
    return sound + _pink()[begin : begin + len(sound)] * np.float32(np.sqrt(power))


def utterance(text, seed, voices=VOICES, accents=ACCENTS, decibels=(10, 30)):
    """A text whose voice, accent, speed, pitch, loudness and noise are drawn at random: (T,) samples."""
    rng = common.generator(seed)
    spoken = speak(
        text,
        voices[rng.integers(len(voices))],
        accents[rng.integers(len(accents))],
        int(rng.integers(120, 221)),
        int(rng.integers(20, 81)),
    )
    sound = np.pad(spoken, rng.integers(400, 3000, 2))
    return noisy(sound / np.abs(sound).max() * np.float32(rng.uniform(0.2, 0.9)), rng.uniform(*decibels), rng)


WAKE = "computer"
ALIKE = tuple("commuter,compute,commute,computing,pewter,complete her,come here,competed,commune,a scooter".split(","))
OTHERS = tuple(
    "about after again always answer before better between bottle bread butter button camera centre church coffee "
    "conquer consider contain corner cousin dinner doctor door early evening every family father flower garden happy "
    "hello house kitchen lamp later letter light listen little market minute money morning mother music never number "
    "office open paper people picture please question radio ready remember river second server sister start stop "
    "summer table teacher thank thunder today tomorrow water weather window winter wonder yesterday yellow".split()
)


class Stream(NamedTuple):
    """The frames of a stream, and the places of its wake words.

    Attributes
    ----------
    frames : (T, 24) array of uint8
        As `packed` makes them.
    wakes, alikes : (n, 2) array of int
        The first and the last frame of each wake word, and of each word that sounds like it.
    """

    frames: np.ndarray
    wakes: np.ndarray
    alikes: np.ndarray


def stream(minutes, seed, voices=VOICES, share=0.12, alike=0.12, decibels=(5, 25)):
    """Synthetic words in noise, minute after minute, each in a voice drawn at random, with pauses between them.

    Parameters
    ----------
    minutes : int
    seed : int or numpy.random.Generator
    voices : sequence of str
    share, alike : float
        The probability that the next word is the wake word, or one that sounds like it; otherwise one to three other
        words follow.
    decibels : (float, float)
        The range of the signal-to-noise ratio.

    Returns
    -------
    Stream
    """
    rng, frames, marks = common.generator(seed), [], {"wake": [], "alike": []}
    for minute in range(minutes):
        sound = np.zeros(0, np.float32)
        while len(sound) < 60 * RATE:
            kind = rng.choice(["wake", "alike", "other"], p=[share, alike, 1 - share - alike])
            some = {"wake": [WAKE], "alike": [rng.choice(ALIKE)], "other": rng.choice(OTHERS, rng.integers(1, 4))}[kind]
            voice, accent = voices[rng.integers(len(voices))], ACCENTS[rng.integers(len(ACCENTS))]
            word = speak(" ".join(some), voice, accent, int(rng.integers(130, 211)), int(rng.integers(20, 81)))
            word = word / np.abs(word).max() * np.float32(rng.uniform(0.2, 0.9))
            pause = int(RATE * rng.uniform(0.15, 1.2))
            begin = len(sound) + pause
            if kind in marks and begin + len(word) < 59 * RATE:
                marks[kind].append(60 * FRAMES_A_SECOND * minute + np.array([begin, begin + len(word)]) // HOP)
            elif kind in marks:
                break  # no marked word at the end of a minute, where it might be cut
            piece = noisy(word, rng.uniform(*decibels), rng)
            begin = int(rng.integers(len(_pink()) - pause))
            quiet = _pink()[begin : begin + pause] * np.float32((piece - word).std())
            sound = np.concatenate([sound, quiet, piece])
        sound = np.concatenate([sound, 0.01 * _pink()[: 61 * RATE]])[: 60 * RATE + WIDTH - HOP]
        frames.append(packed(log_mel(sound)))
    places = [np.array(marks[kind], int).reshape(-1, 2) for kind in ("wake", "alike")]
    return Stream(np.concatenate(frames), *places)

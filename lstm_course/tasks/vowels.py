"""Real speech: nine men each say the Japanese vowels "ae", and the task is to tell who is speaking.

An utterance has 7 to 29 frames, short slices of the sound, and each frame holds 12 cepstrum coefficients, numbers that
describe the shape of the vocal tract. The recordings were made by Kudo, Toyama and Shimbo (1999). The utterances have
different lengths, so they come as a list of arrays; to put them into one batch is what lesson 10 teaches.
"""

from typing import NamedTuple

import numpy as np

from . import common

SPEAKERS, FEATURES = 9, 12
_FOLDER = "datasets/data/JapaneseVowels"


class Utterances(NamedTuple):
    """What `speech` returns.

    Attributes
    ----------
    frames : tuple of (T, 12) arrays
        One frozen float32 array for each of N utterances, with its own number of frames T.
    speakers : (N,) array of int
        Who speaks, from 0 to 8.
    """

    frames: tuple
    speakers: np.ndarray

    @property
    def lengths(self):
        """(N,) array of int: the number of frames of each utterance."""
        return np.array([len(each) for each in self.frames])


def speech(scaled=True):
    """The recordings, as the data set divides them: 270 utterances for training and 370 for testing.

    Both parts are sorted by speaker. The training part has 30 utterances of each, the test part 24 to 88.

    Parameters
    ----------
    scaled : bool
        Whether each of the 12 features is shifted and scaled to mean 0 and standard deviation 1 over all frames of the
        *training* part.

    Returns
    -------
    train, test : Utterances

    Raises
    ------
    ModuleNotFoundError
        If the package sktime, whose files are read, is not installed.

    Examples
    --------
    >>> train, test = speech()
    >>> len(train.frames), len(test.frames), train.frames[0].shape
    (270, 370, (20, 12))
    """
    train, test = (_read(part) for part in ("TRAIN", "TEST"))
    if scaled:
        together = np.concatenate(train.frames)
        mean, deviation = together.mean(axis=0), together.std(axis=0)
        train, test = (
            part._replace(frames=tuple(((each - mean) / deviation).astype(np.float32) for each in part.frames))
            for part in (train, test)
        )
    for part in (train, test):
        for array in (*part.frames, part.speakers):
            array.flags.writeable = False
    return train, test


def _read(part):
    """One of the two files. After the line ``@data`` there is one utterance a line: 12 features, then the speaker."""
    path = common.installed_file("sktime", f"{_FOLDER}/JapaneseVowels_{part}.ts")
    lines = path.read_text(encoding="utf-8").split("@data")[1].split()
    rows = [line.split(":") for line in lines]
    frames = tuple(np.array([column.split(",") for column in row[:-1]], np.float64).T.copy() for row in rows)
    return Utterances(frames, np.array([int(row[-1]) - 1 for row in rows]))

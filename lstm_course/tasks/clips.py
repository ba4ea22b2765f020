"""Actions in short clips: a dumbbell moves in one way and then in another, and the task is to name both, in order.

Everything is simulated. A frame has 12 by 12 pixels, and the world has no edges: whatever leaves on one side comes back
on the other. There are three motions: sideways (to the left or to the right), up or down, and turning (either way). An
action is one motion followed by another, so there are six. Played backwards, a clip of one action is a clip of the
action with the two motions exchanged: the same frames in the opposite order.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

MOTIONS = ("sideways", "up or down", "turning")
ORDERS = tuple((a, b) for a in range(3) for b in range(3) if a != b)
ACTIONS = tuple(f"{MOTIONS[a]}, then {MOTIONS[b]}" for a, b in ORDERS)
BACKWARDS = np.array([ORDERS.index((b, a)) for a, b in ORDERS])  # the action of a clip that is played backwards
FRAMES, SIZE = 12, 12
SHORTEST = 3  # each motion lasts for at least three steps, from one frame to the next
_TURN = 0.5  # radians for each pixel that a sliding dumbbell would move


class Clips(NamedTuple):
    """What `clips` returns.

    Attributes
    ----------
    frames : (N, 12, 12, 12) array of float32
        Twelve frames for each clip, each of 12 rows and 12 columns.
    actions : (N,) array of int
        Index into `ACTIONS`.
    poses : (N, 12, 6) array of float32
        Cosine and sine of three angles: the place from left to right and from top to bottom, as angles on a circle,
        and the direction in which the dumbbell points.
    switches : (N,) array of int
        The index of the first frame that shows the second motion, 4 to 9.
    """

    frames: np.ndarray
    actions: np.ndarray
    poses: np.ndarray
    switches: np.ndarray


def clips(count, seed):
    """Draw clips.

    Parameters
    ----------
    count : int
    seed : int or numpy.random.Generator

    Returns
    -------
    Clips

    Raises
    ------
    ValueError
        If `count` is not a positive whole number.

    Examples
    --------
    >>> clips(5, seed=0).frames.shape
    (5, 12, 12, 12)
    """
    N, rng = arguments.size("count", count), common.generator(seed)
    actions = rng.integers(0, len(ACTIONS), N)
    first = rng.integers(SHORTEST, FRAMES - SHORTEST, N)  # steps of the first motion, of eleven
    speeds = rng.uniform(1.0, 1.6, (N, 2)) * rng.choice([-1, 1], (N, 2))
    steps = np.zeros((N, FRAMES, 3))
    later = np.arange(1, FRAMES) > first[:, None]
    for motion in (0, 1):
        which = np.array(ORDERS)[actions, motion]
        steps[np.arange(N), 1:, which] += np.where(later == bool(motion), speeds[:, [motion]], 0)
    start = rng.uniform(0, SIZE, (N, 1, 3))
    x, y, turn = np.moveaxis(start + steps.cumsum(axis=1), 2, 0)
    angles = np.stack([x * 2 * np.pi / SIZE, y * 2 * np.pi / SIZE, turn * _TURN + start[..., 2] * (np.pi / 6)], axis=2)
    poses = np.stack([np.cos(angles), np.sin(angles)], axis=3).reshape(N, FRAMES, 6)
    frames = _drawn(x, y, angles[..., 2], rng).astype(np.float32)
    return Clips(frames, actions, poses.astype(np.float32), first + 1)


def _drawn(x, y, angle, rng):
    """A large ball and a small one at the ends of a bar that isn't drawn, with noise, (N, T, rows, columns)."""
    N = len(x)
    reach = rng.uniform(1.6, 2.4, (N, 1))
    frames = 0
    for side, width, height in ((1, 1.5, 1.0), (-1, 0.7, 0.8)):
        across, down = (
            (np.arange(SIZE) - (centre + side * reach * along)[..., None] + SIZE / 2) % SIZE - SIZE / 2
            for centre, along in ((x, np.cos(angle)), (y, np.sin(angle)))
        )
        ball = [np.exp(-(distance**2) / (2 * width)) for distance in (down, across)]
        frames = frames + height * ball[0][..., :, None] * ball[1][..., None, :]
    return frames * rng.uniform(0.7, 1.2, (N, 1, 1, 1)) + rng.normal(0, 0.05, frames.shape)

"""Clips of two motions: shapes, what each motion changes, and the symmetry that the lesson rests on."""

import numpy as np
import pytest

from lstm_course.tasks import clips as task


@pytest.fixture(scope="module")
def drawn():
    return task.clips(600, seed=0)


def angles(poses):
    """The three angles (N, 12, 3) of poses, unwrapped along the frames."""
    pairs = poses.reshape(*poses.shape[:2], 3, 2)
    return np.unwrap(np.arctan2(pairs[..., 1], pairs[..., 0]), axis=1)


def test_shapes_and_classes(drawn):
    assert drawn.frames.shape == (600, 12, 12, 12) and drawn.frames.dtype == np.float32
    assert drawn.poses.shape == (600, 12, 6) and set(drawn.actions) == set(range(6))
    assert set(drawn.switches) == set(range(4, 10)) and len(task.ACTIONS) == len(set(task.ACTIONS)) == 6


def test_each_motion_changes_one_angle_and_they_switch_where_it_says(drawn):
    moved = np.abs(np.diff(angles(drawn.poses), axis=1)) > 0.01
    for n in range(len(moved)):
        a, b = task.ORDERS[drawn.actions[n]]
        expected = np.zeros((11, 3), bool)
        expected[: drawn.switches[n] - 1, a] = expected[drawn.switches[n] - 1 :, b] = True
        np.testing.assert_array_equal(moved[n], expected)


def test_backwards_exchanges_the_motions():
    assert (task.BACKWARDS[task.BACKWARDS] == np.arange(6)).all() and (task.BACKWARDS != np.arange(6)).all()
    for name, back in zip(task.ACTIONS, task.BACKWARDS, strict=True):
        assert name.split(", then ") == task.ACTIONS[back].split(", then ")[::-1]


def test_a_reversed_clip_could_have_been_drawn_as_the_other_action(drawn):
    """The steps until the switch, and the speeds with their signs, have the same distribution read from either end."""
    many = task.clips(6000, seed=1)
    forwards = np.bincount(many.switches - 1, minlength=12)[3:9] / 6000
    assert np.abs(forwards - forwards[::-1]).max() < 0.03 and np.abs(forwards - 1 / 6).max() < 0.02
    steps = np.diff(angles(many.poses), axis=1)
    first, last = steps[:, 0][np.abs(steps[:, 0]) > 0.01], -steps[:, -1][np.abs(steps[:, -1]) > 0.01]
    np.testing.assert_allclose(
        np.quantile(first, [0.1, 0.3, 0.7, 0.9]), np.quantile(last, [0.1, 0.3, 0.7, 0.9]), atol=0.05
    )


def test_the_picture_shows_the_pose(drawn):
    """The heavier ball lies on the side to which the pose points, found without the drawing code."""
    for n in range(40):
        frame, pose = drawn.frames[n, 0], drawn.poses[n, 0]
        row, column = np.unravel_index(frame.argmax(), frame.shape)
        centre = [np.arctan2(pose[k + 1], pose[k]) * 12 / (2 * np.pi) for k in (0, 2)]
        off = [(at - mid + 6) % 12 - 6 for at, mid in zip((column, row), centre, strict=True)]
        assert np.dot(off, pose[4:]) > 0.3


def test_a_seed_repeats_and_bad_counts_are_refused():
    np.testing.assert_array_equal(task.clips(3, 5).frames, task.clips(3, 5).frames)
    with pytest.raises(ValueError, match="^count"):
        task.clips(0, 5)

"""The level of isolation on a machine, and the messages if it lacks parts."""

import os
import sys

import pytest

from lstm_course.classroom import grade as classroom
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import Sandbox

LANDLOCK, CALLS, SPACES = (support.Missing(part, support.WHY[part], "it is not there") for part in support.PARTS)


@pytest.fixture
def lacking(monkeypatch):
    """A machine that lacks some parts."""
    return lambda *parts: monkeypatch.setattr(support, "missing", lambda: parts)


@pytest.mark.parametrize(
    ("parts", "best", "refused"),
    [
        ((), "full", ()),
        ((SPACES,), "process", ("full",)),
        ((LANDLOCK,), "limits", ("full", "process")),
        ((CALLS,), "limits", ("full", "process")),
        ((LANDLOCK, CALLS, SPACES), "limits", ("full", "process")),
    ],
)
def test_auto_takes_the_strictest_level_and_stricter_ones_are_refused_with_the_missing_parts(
    parts, best, refused, lacking
):
    lacking(*parts)
    assert support.level("auto") == best and support.level("limits") == "limits"
    for wish in ("full", "process"):
        if wish not in refused:
            assert support.level(wish) == wish
            continue
        with pytest.raises(
            OSError, match=f"^isolation: {wish} is not available on this machine, which lacks "
        ) as error:
            support.level(wish)
        assert all(f"{each.part} (it is not there)" in str(error.value) for each in parts)
        with pytest.raises(OSError, match=f"^isolation: {wish} is not"):
            Sandbox(wish)


@pytest.mark.parametrize("wish", ["", "none", "FULL", None])
def test_an_unknown_level_is_refused(wish):
    with pytest.raises(ValueError, match="^isolation: wanted auto, full, process or limits, got "):
        support.level(wish)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is nothing better")
@pytest.mark.parametrize("wish", ["auto", "limits"])
def test_a_class_is_not_graded_with_limits_alone_unless_it_is_forced(wish, lacking, tmp_path):
    lacking(LANDLOCK)
    with pytest.raises(OSError, match="^isolation: submissions could only be held to limits here. landlock ") as caught:
        classroom.grade(tmp_path, tmp_path / "out", isolation=wish)
    assert support.WHY["landlock"] in str(caught.value) and "--force" in str(caught.value)
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="contains no notebooks"):  # it goes on to look for notebooks
        classroom.grade(tmp_path, tmp_path / "out", isolation=wish, force=True)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is nothing better")
def test_limits_on_request_are_refused_without_force_even_if_the_machine_supports_more(lacking, tmp_path):
    lacking()
    with pytest.raises(OSError, match="limits here. That was asked for. With --force"):
        classroom.grade(tmp_path, tmp_path / "out", isolation="limits")


@pytest.mark.skipif(sys.platform != "linux", reason="tries parts of Linux")
def test_a_trial_that_ends_without_output_lacks_everything(tmp_path, monkeypatch):
    (tmp_path / "pyseccomp.py").write_text("import os\nos._exit(7)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    assert [each.error for each in support.missing.__wrapped__()] == ["the test process ended with status 7"] * 3


@pytest.mark.skipif(sys.platform != "linux", reason="tries parts of Linux")
def test_without_pyseccomp_system_calls_are_missing(tmp_path, monkeypatch):
    (tmp_path / "pyseccomp.py").write_text("raise ImportError('no libseccomp')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    errors = {each.part: each.error for each in support.missing.__wrapped__()}
    assert errors["system calls"] == "no libseccomp"


def test_on_other_systems_than_linux_all_parts_are_missing(monkeypatch):
    monkeypatch.setattr(support.sys, "platform", "darwin")
    assert [(each.part, each.error) for each in support.missing.__wrapped__()] == [
        (part, "not available on darwin") for part in support.PARTS
    ]

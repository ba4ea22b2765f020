"""The trial of the parts of the isolation, on Linux, the only system whose C library has them."""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("tries parts of Linux", allow_module_level=True)

from lstm_course.isolation import kernel, landlock, namespaces, support, system_calls  # noqa: E402


def _fails(message):
    def fail(*arguments):
        raise OSError(message)

    return fail


@pytest.mark.parametrize(
    ("module", "name", "part"),
    [
        (namespaces, "leave", "namespaces"),
        (namespaces, "unshare_mounts", "namespaces"),
        (kernel, "mount_memory", "namespaces"),
        (landlock, "restrict", "landlock"),
        (system_calls, "program", "system calls"),
    ],
)
def test_the_trial_reports_which_part_the_system_refused(module, name, part, monkeypatch):
    # In this process everything else would take effect.
    for other, function in (
        (namespaces, "leave"),
        (namespaces, "unshare_mounts"),
        (kernel, "mount_memory"),
        (kernel, "unmount"),
        (kernel, "prctl"),
        (kernel, "filter_system_calls"),
        (landlock, "restrict"),
    ):
        monkeypatch.setattr(other, function, lambda *arguments: None)
    monkeypatch.setattr(module, name, _fails("not on this machine"))
    problems = support._trial()
    assert {each: message for each, message in problems.items() if message} == {part: "not on this machine"}

"""A file is replaced whole or not at all, and nothing is left beside it."""

import errno
import os
import stat
import subprocess
import sys

import numpy as np
import pytest

from lstm_course import files

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, pipes and limits are of POSIX")


@pytest.mark.parametrize(
    "content, stored",
    [
        ("a line\nähnlich 猫\n", "a line\nähnlich 猫\n".encode()),
        ("", b""),
        (b"\r\n\x00\xff", b"\r\n\x00\xff"),
        (lambda file: file.write(b"by hand"), b"by hand"),
    ],
)
@pytest.mark.parametrize("old", [None, b"what was there before, and longer than what comes"])
def test_the_content_is_what_was_given(tmp_path, content, stored, old):
    path = tmp_path / "some.txt"
    if old is not None:
        path.write_bytes(old)
    files.write(str(path), content)
    assert path.read_bytes() == stored
    assert os.listdir(tmp_path) == ["some.txt"]


def test_a_callable_may_move_about_in_its_file(tmp_path):
    files.write(tmp_path / "some.npz", lambda file: np.savez_compressed(file, one=np.arange(5)))
    with np.load(tmp_path / "some.npz") as stored:
        assert stored["one"].tolist() == [0, 1, 2, 3, 4]


def test_a_path_without_a_folder_is_in_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.write("some.txt", "new")
    assert (tmp_path / "some.txt").read_text() == "new"


@POSIX
@pytest.mark.parametrize("name", ["a" * 255, "猫" * 85])
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path, name):
    files.write(tmp_path / name, "new")
    assert os.listdir(tmp_path) == [name]


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_permissions_are_kept(tmp_path, mode):
    path = tmp_path / "some.txt"
    path.write_text("old")
    path.chmod(mode)
    files.write(path, "new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (mode, "new")


@POSIX
def test_a_new_file_has_the_permissions_of_any_other(tmp_path):
    (tmp_path / "another.txt").write_text("")
    files.write(tmp_path / "some.txt", "")
    assert (tmp_path / "some.txt").stat().st_mode == (tmp_path / "another.txt").stat().st_mode


@POSIX
def test_a_link_is_followed(tmp_path):
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "some.txt"
    target.write_text("old")
    first, second, nowhere = (tmp_path / name for name in ("first", "second", "nowhere"))
    os.symlink("folder/some.txt", first)
    os.symlink(first, second)
    os.symlink(tmp_path / "folder" / "made.txt", nowhere)
    files.write(second, "new")
    files.write(nowhere, "made")
    assert first.is_symlink() and second.is_symlink() and nowhere.is_symlink()
    assert (target.read_text(), (tmp_path / "folder" / "made.txt").read_text()) == ("new", "made")
    assert sorted(os.listdir(tmp_path / "folder")) == ["made.txt", "some.txt"]


@POSIX
@pytest.mark.parametrize(
    "make",
    [
        os.mkdir,
        getattr(os, "mkfifo", None),
        lambda path: os.symlink("/dev/null", path),
        lambda path: os.symlink(path.parent, path),
    ],
    ids=["folder", "pipe", "device", "link to a folder"],
)
def test_only_a_file_is_replaced(tmp_path, make):
    path = tmp_path / "some.txt"
    make(path)
    before = path.stat()
    with pytest.raises(FileExistsError, match="something other than a file is there") as raised:
        files.write(path, "new")
    assert raised.value.filename == str(path)
    assert os.path.samestat(path.stat(), before) and os.listdir(tmp_path) == ["some.txt"]


BELOW_A_FILE = NotADirectoryError if os.name == "posix" else FileNotFoundError  # Windows makes no difference


@pytest.mark.parametrize("name, kind", [("none/some.txt", FileNotFoundError), ("file/some.txt", BELOW_A_FILE)])
def test_a_folder_that_is_not_there_is_said(tmp_path, name, kind):
    (tmp_path / "file").write_text("")
    with pytest.raises(kind) as raised:
        files.write(tmp_path / name, "new")
    assert raised.value.filename == str(tmp_path / name)
    assert os.listdir(tmp_path) == ["file"]


def broken(file):
    file.write(b"half of it")
    raise ValueError("no more")


def stopped(file):
    file.write(b"half of it")
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "content, kind",
    [(broken, ValueError), (stopped, KeyboardInterrupt), ("\udcff", UnicodeEncodeError), (3, TypeError)],
)
@pytest.mark.parametrize("old", [None, "old"])
def test_what_fails_half_way_changes_nothing(tmp_path, content, kind, old):
    path = tmp_path / "some.txt"
    if old:
        path.write_text(old)
    with pytest.raises(kind):
        files.write(path, content)
    assert [each.read_text() for each in tmp_path.iterdir()] == ([old] if old else [])


def test_an_error_without_a_number_keeps_its_words(tmp_path):
    def fails(file):
        raise OSError("the archive is broken")

    with pytest.raises(OSError, match="the archive is broken") as raised:
        files.write(tmp_path / "some.txt", fails)
    assert raised.value.filename == str(tmp_path / "some.txt")


FULL = """
import resource, signal, sys
import numpy as np
from lstm_course import files

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
contents = {
    "text": "x" * 1001,
    "large": b"x" * 1_000_000,
    "archive": lambda file: np.savez(file, many=np.random.default_rng(0).normal(size=5000)),
}
try:
    files.write(sys.argv[1], contents[sys.argv[2]])
except OSError as error:
    print(error.errno, error.filename)
"""


@POSIX
@pytest.mark.parametrize("content", ["text", "large", "archive"])
def test_a_full_disk_names_the_file_and_leaves_the_old_one(tmp_path, content):
    path = tmp_path / "some.txt"
    path.write_text("old")
    ended = subprocess.run([sys.executable, "-c", FULL, path, content], capture_output=True, text=True)
    assert ended.stdout.split() == [str(errno.EFBIG), str(path)], ended.stderr
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


TWENTY_TIMES = """
import sys
from lstm_course import files

for _ in range(20):
    files.write(sys.argv[1], sys.argv[2] * 300_000)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows refuses to replace a file that somebody reads")
def test_readers_see_the_old_or_the_new_while_several_write(tmp_path):
    path = tmp_path / "some.txt"
    contents = [letter * 300_000 for letter in "abc"]
    path.write_text(contents[0])
    writers = [subprocess.Popen([sys.executable, "-c", TWENTY_TIMES, path, letter]) for letter in "bc"]
    try:
        while any(writer.poll() is None for writer in writers):
            assert path.read_text() in contents
    finally:
        ends = [writer.wait() for writer in writers]
    assert ends == [0, 0] and path.read_text() in contents[1:]
    assert os.listdir(tmp_path) == ["some.txt"]

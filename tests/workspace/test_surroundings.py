"""Modules that come from the wrong place, folders that cannot be written, and who is to blame."""

import errno
import os
import sys

import pytest

from lstm_course.workspace import surroundings
from lstm_course.workspace.surroundings import remedy, shadow_remedy, shadows, unwritable, variable_behind


def put(folder, *names):
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("numpy/__init__.py", "numpy"),  # a package
        ("random.py", "random"),  # of Python itself
        ("rich.py", "rich"),
        ("traitlets/__init__.py", "traitlets"),  # needed by what is needed
        ("_json.py", "_json"),
    ],
)
def test_a_module_that_stands_in_for_another_is_found(tmp_path, file, module):
    put(tmp_path, file)
    assert shadows([tmp_path]) == [(module, str(tmp_path / file), str(tmp_path))]


def test_what_stands_in_for_nothing_is_left_alone(tmp_path):
    harmless = ("mine.py", "numpy.txt", "numpy.ipynb", "random.py.bak", "test/__init__.py", "torch/weights.npz")
    put(tmp_path, *harmless)
    put(tmp_path, "sys.py", "os.py", "_imp.py")  # built into Python, or frozen: never taken from a folder
    assert shadows([tmp_path, tmp_path / "none", tmp_path / "mine.py"]) == []


def test_only_folders_searched_before_pythons_own_count(tmp_path, monkeypatch):
    early, late = put(tmp_path / "early", "json.py"), put(tmp_path / "late", "json.py")
    usual = [path for path in sys.path if path]
    monkeypatch.setattr(sys, "path", [str(early), *usual, str(late)])
    assert [folder for _, _, folder in shadows()].count(str(early)) == 1
    assert str(late) not in [folder for _, _, folder in shadows()]
    monkeypatch.setattr(sys, "path", ["", *usual])  # as Python has it for the current folder
    monkeypatch.chdir(early)
    assert ("json", str(early / "json.py"), str(early)) in shadows()


def test_packages_where_they_belong_are_no_shadows(monkeypatch):
    packages = next(iter(folder for folder in surroundings.package_folders() if os.path.isdir(folder)))
    monkeypatch.setattr(sys, "path", [packages, os.path.dirname(os.__file__)])
    assert shadows() == []


def test_the_remedy_is_the_variable_or_another_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(tmp_path / ".")]))
    assert shadow_remedy(str(tmp_path), []).startswith("set PYTHONPATH=" if os.name == "nt" else "unset PYTHONPATH")
    monkeypatch.delenv("PYTHONPATH")
    files = [str(tmp_path / "numpy" / "__init__.py"), str(tmp_path / "random.py")]
    assert shadow_remedy(str(tmp_path), files) == f"Rename {tmp_path / 'numpy'}, {tmp_path / 'random.py'}"
    assert shadow_remedy(str(tmp_path), files * 3).endswith("and others there")


def test_a_folder_that_can_be_made_is_writable_and_is_not_made(tmp_path):
    assert unwritable(tmp_path) is None
    assert unwritable(tmp_path / "one" / "two") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="makes a link, which Windows does not allow everybody")
def test_a_folder_below_a_file_or_a_dangling_link_is_not_writable(tmp_path):
    put(tmp_path, "file")
    os.symlink(tmp_path / "nowhere", tmp_path / "link")
    for place in ("file", "file/folder", "link"):
        error = unwritable(tmp_path / place)
        assert isinstance(error, OSError) and error.filename == str(tmp_path / place), place


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for a limit")
def test_a_folder_into_which_nothing_fits_is_not_writable(tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        assert unwritable(tmp_path).errno == errno.EFBIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_variable_behind_a_path_is_the_closest_one_that_is_wrong(tmp_path, monkeypatch):
    put(tmp_path, "file")
    wrong = tmp_path / "file" / "home"
    monkeypatch.setenv("OUTER", str(wrong))
    monkeypatch.setenv("INNER", str(wrong / "jupyter"))
    monkeypatch.setenv("ALIKE", str(wrong) + "_of_another")
    assert variable_behind(wrong / "jupyter" / "runtime") == "INNER"
    assert variable_behind(wrong / "other") == "OUTER"
    monkeypatch.setenv("RIGHT", str(tmp_path / "right"))
    assert variable_behind(tmp_path / "right" / "file") is None


def test_a_remedy_names_the_variable_unless_the_disk_is_full(tmp_path, monkeypatch):
    put(tmp_path, "file")
    wrong = str(tmp_path / "file" / "home")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", wrong)
    assert "unset JUPYTER_RUNTIME_DIR" in remedy(OSError(errno.ENOENT, "", wrong))
    assert "disk is full" in remedy(OSError(errno.ENOSPC, "", wrong))
    assert remedy(OSError(errno.EHOSTDOWN, "", None)) == ""
    for known in surroundings.REMEDIES:
        assert hasattr(errno, known) and remedy(OSError(getattr(errno, known), "", None))

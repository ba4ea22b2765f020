"""Folders and zips made to hang, lead astray or fill the memory: one problem each, and the others unharmed."""

import os
import socket
import stat
import zipfile

import pytest
from notebooks_of_a_class import GATES, folder_of, notebook, pairs, zip_of

from lstm_course.classroom.collecting import collect as collecting
from lstm_course.classroom.collecting import files as listing
from lstm_course.classroom.collecting.collect import collect
from lstm_course.grading.without_outputs import LARGEST_FILE

WORK = notebook(GATES)
OTHERS = {f"boris/{GATES}.ipynb": WORK, f"chen/{GATES}.ipynb": WORK}
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and links are POSIX")


def adas(found):
    """The one submission that has a problem, the others being as they should."""
    assert pairs(found) == [("ada", GATES), ("boris", GATES), ("chen", GATES)]
    assert all(one.content == WORK and not one.problem for one in found[1:])
    assert found[0].content is None
    return found[0]


# --- folders ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A class of two, and Ada's folder, still empty."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    return folder_of(tmp_path / "class", OTHERS)


@POSIX
def test_a_link_that_leads_out_is_not_read(folder, tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(WORK)
    (folder / "ada" / f"{GATES}.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert adas(collect(folder)).problem.startswith("It is a link")


@POSIX
def test_a_folder_that_is_a_link_is_not_looked_into(folder, tmp_path):
    folder_of(tmp_path / "elsewhere", {f"{GATES}.ipynb": WORK})
    (folder / "ada" / GATES).symlink_to(tmp_path / "elsewhere")
    assert adas(collect(folder)).problem.startswith("It is a link")
    (folder / "dora").symlink_to(tmp_path / "elsewhere")
    (folder / "round").symlink_to(folder)
    found = {one.student: one for one in collect(folder)}
    assert found["dora"].problem == found["round"].problem == listing.A_LINK


@POSIX
def test_a_link_beside_the_work_costs_nothing_and_is_said(folder, tmp_path):
    folder_of(folder, {"ada/work.ipynb": WORK})
    (folder / "ada" / "z.ipynb").symlink_to(tmp_path / "nowhere")
    found = collect(folder)[0]
    assert found.content == WORK and not found.problem
    assert found.notes == (f"Another file, `ada/z.ipynb`, could not be read. {listing.A_LINK}",)


@POSIX
def test_pipes_and_sockets_do_not_hang(folder):
    os.mkfifo(folder / "ada" / f"{GATES}.ipynb")
    assert "pipe" in adas(collect(folder)).problem
    os.unlink(folder / "ada" / f"{GATES}.ipynb")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(folder / "ada", os.O_RDONLY)
        try:
            bound.bind(f"/proc/self/fd/{here}/{GATES}.ipynb")  # the whole path may be too long for a socket
        except OSError:
            pytest.skip("no socket can be made here")
        finally:
            os.close(here)
        assert adas(collect(folder)).problem


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_said(folder):
    folder_of(folder, {f"ada/{GATES}.ipynb": WORK})
    (folder / "ada" / f"{GATES}.ipynb").chmod(0)
    assert "Permission denied" in adas(collect(folder)).problem


def test_a_file_that_cannot_be_opened_is_said(folder, monkeypatch):
    folder_of(folder, {f"ada/{GATES}.ipynb": WORK})
    opened = os.open

    def refusing(path, *rest, **options):
        if "ada" in str(path):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **options)

    monkeypatch.setattr(listing.os, "open", refusing)
    assert adas(collect(folder)).problem == "It cannot be read (Permission denied)."


def test_a_file_that_is_too_large_is_not_read(folder):
    with open(folder / "ada" / f"{GATES}.ipynb", "wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert adas(collect(folder)).problem == listing.TOO_LARGE


def test_a_folder_of_too_many_files_costs_its_owner_alone(folder, monkeypatch):
    monkeypatch.setattr(listing, "MOST_IN_FOLDER", 5)
    folder_of(folder, {f"ada/{GATES}/{k}/{GATES}.ipynb": WORK for k in range(20)})
    monkeypatch.setattr(listing, "MOST_FILES", 30)
    found = collect(folder)
    assert pairs(found) == [("ada", GATES), ("boris", GATES), ("chen", GATES)]
    assert any(listing.TOO_MANY in note for note in found[0].notes)
    assert [one.notes for one in found[1:]] == [(), ()]


def test_the_depth_is_bounded(folder):
    deep = folder / "ada" / GATES
    for _ in range(listing.DEEPEST + 20):
        deep = deep / "x"
    folder_of(deep, {f"{GATES}.ipynb": WORK})
    assert adas(collect(folder)).problem == listing.TOO_MANY


def test_of_one_students_notebooks_only_so_many_are_looked_at(folder, monkeypatch):
    monkeypatch.setattr(collecting, "MOST_NOTEBOOKS", 5)
    folder_of(folder, {f"ada/{k:02d}.ipynb": notebook(GATES, text=str(k)) for k in range(9)})
    found = collect(folder)[0]
    assert found.source == "ada/08.ipynb"
    assert found.notes[0] == "There are 9 notebooks; only the last 5 were looked at."
    monkeypatch.setattr(collecting, "MOST_BYTES", 2 * len(WORK))
    assert collect(folder)[0].notes[0] == "There are 9 notebooks; only the last 2 were looked at."


def test_hidden_files_and_checkpoints_are_passed_over(folder):
    names = (".ipynb_checkpoints/04_gates-checkpoint.ipynb", "._04_gates.ipynb", ".hidden.ipynb", "__MACOSX/x.ipynb")
    files = {f"ada/{name}": WORK for name in names} | dict.fromkeys(names, WORK) | {f"ada/{GATES}.ipynb": WORK}
    for path in (folder_of(folder, files), zip_of(folder.parent / "class.zip", OTHERS | files)):
        found = collect(path)
        assert len(found) == 3 and found[0].notes == ()


@POSIX
def test_a_name_that_is_no_utf8_is_shown_and_stays_apart(folder):
    (folder / "ada").rmdir()
    for name in (b"d\xff", b"d\xfe"):
        path = os.fsencode(folder) + b"/" + name
        try:
            os.mkdir(path)
        except OSError:
            pytest.skip("this file system takes no such names")
        with open(path + b"/04_gates.ipynb", "wb") as file:
            file.write(WORK)
    found = collect(folder)
    assert len({one.student.encode() for one in found}) == 4
    assert sum("\ufffd" in one.student and "\ufffd" in one.source for one in found) == 2


# --- zips -------------------------------------------------------------------------------------------------------


def zipped(tmp_path, content=WORK, name=f"ada/{GATES}.ipynb", **options):
    """The path of a zip of three, of whom Ada's member is out of the ordinary."""
    return zip_of(tmp_path / "class.zip", {name: content, **OTHERS}, **options)


def with_bytes(path, change):
    path.write_bytes(change(path.read_bytes()))
    return path


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = zipped(tmp_path, bytes(30 * 1024**2))
    assert path.stat().st_size < 100_000
    assert adas(collect(path)).problem == listing.TOO_LARGE


@pytest.mark.parametrize("said", [10, len(WORK) * 1000])
def test_a_member_that_lies_about_its_size_is_not_believed(tmp_path, said):
    def lying(data):
        start = data.index(b"PK\x01\x02") + 24  # the first member in the central directory
        return data[:start] + said.to_bytes(4, "little") + data[start + 4 :]

    path = with_bytes(zipped(tmp_path, bytes(30 * 1024**2)), lying)
    assert "damaged" in adas(collect(path)).problem


def test_an_encrypted_and_a_damaged_member(tmp_path):
    def encrypted(data):
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = data.index(mark) + place
            data = data[:start] + bytes([data[start] | 1]) + data[start + 1 :]
        return data

    assert adas(collect(with_bytes(zipped(tmp_path), encrypted))).problem == "It is encrypted."
    damaged = with_bytes(zipped(tmp_path), lambda data: data[:60] + bytes(12) + data[72:])
    assert "damaged" in adas(collect(damaged)).problem
    lost = with_bytes(zipped(tmp_path), lambda data: b"XXXX" + data[4:])
    assert "damaged" in adas(collect(lost)).problem


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_cannot_be_unpacked_in_parts_are_refused(tmp_path, method):
    path = zipped(tmp_path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in OTHERS.items():
            archive.writestr(name, content)
        archive.writestr(f"ada/{GATES}.ipynb", bytes(30 * 1024**2), compress_type=method)
    assert "compressed by a method" in adas(collect(path)).problem


def test_a_link_in_a_zip_is_a_link(tmp_path):
    link = zipfile.ZipInfo(f"ada/{GATES}.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    path = zip_of(tmp_path / "class.zip", {link: b"/etc/passwd", **OTHERS})
    assert adas(collect(path)).problem == listing.A_LINK


@pytest.mark.parametrize(
    "name",
    ["../boris/04_gates.ipynb", "/boris/04_gates.ipynb", "C:\\boris\\04_gates.ipynb", "boris/../../04_gates.ipynb"],
)
def test_a_name_that_leads_out_is_nobodys_and_never_used(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    found = collect(zipped(tmp_path, notebook(GATES, text="forged"), name))
    good = [one for one in found if not one.problem]
    assert pairs(good) == [("boris", GATES), ("chen", GATES)] and all(one.content == WORK for one in good)
    (bad,) = [one for one in found if one.problem]
    assert bad.problem == "Its name points outside the zip." and bad.content is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.zip"]


def test_backslashes_control_characters_and_reserved_names(tmp_path):
    files = {f"ada\\work\\{GATES}.ipynb": WORK, f"con/{GATES}.ipynb": WORK, f"nul\x07/{GATES}.ipynb": WORK}
    assert [one.student for one in collect(zip_of(tmp_path / "class.zip", files))] == ["ada", "con", "nul"]


def test_names_in_utf8_that_does_not_say_so_are_read_as_utf8(tmp_path):
    def unmarked(data):
        return data.replace(b"zo?e", "zoé".encode()[:4])

    files = {f"zo?e/{GATES}.ipynb": WORK, f"boris/{GATES}.ipynb": WORK}
    assert [one.student for one in collect(with_bytes(zip_of(tmp_path / "c.zip", files), unmarked))] == ["boris", "zoé"]


def test_a_member_listed_twice_is_one_submission(tmp_path):
    path = zipped(tmp_path)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"boris/{GATES}.ipynb", WORK)
    found = collect(path)
    assert pairs(found) == [("ada", GATES), ("boris", GATES), ("chen", GATES)]


def test_too_many_members_and_damaged_zips_are_said_in_a_sentence(tmp_path, monkeypatch):
    path = zipped(tmp_path)
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    with pytest.raises(ValueError, match="it has 3 members; wanted at most 2"):
        collect(path)
    with_bytes(path, lambda data: data[:-30])
    with pytest.raises(ValueError, match="not a readable zip file"):
        collect(path)


@POSIX
def test_a_pipe_for_a_class_is_refused(tmp_path):
    os.mkfifo(tmp_path / "class.zip")
    with pytest.raises(ValueError, match="neither a folder nor a file"):
        collect(tmp_path / "class.zip")

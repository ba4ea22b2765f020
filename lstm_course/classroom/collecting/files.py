"""The files in a folder or a zip: listed without following links, read within bounds, never written anywhere.

The outputs of a notebook count for nothing and are left out while it is read, so that neither one file of several
hundred megabytes nor a whole class of them fills the memory.

A file's name is kept as the tuple of its parts and never made into a path again, except below the folder that it was
found in.
"""

import contextlib
import itertools
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lstm_course.grading import without_outputs as notebooks
from lstm_course.grading.without_outputs import LARGEST_FILE, TooLarge, without_outputs

MOST_FILES = 200_000  # in all
MOST_IN_FOLDER = 20_000
DEEPEST = 12

A_LINK = "It is a link; links are not followed."
TOO_LARGE = f"I{notebooks.TOO_LARGE[1:]}."
TOO_MANY = "The folder holds too many files or folders; not all of them were looked at."
EMPTY = "The folder is empty."
# Without these, a pipe that somebody put in a file's place would hang us, and a link would lead out.
CAREFULLY = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)  # fmt: skip


class UnreadableFile(Exception):
    """A file cannot be read; the message says why, in one sentence."""


@dataclass(frozen=True)
class File:
    """One file of those listed.

    Attributes
    ----------
    parts : tuple of str
        Folders and file name, from the outermost; the name is empty where the entry stands for a folder that could
        not be looked into, or is empty.
    read : callable
        Gives what a function makes of the open file, by default its content as `without_outputs` reads it, or raises
        UnreadableFile.
    time : tuple of int
        When it was changed; to be compared within one listing.
    size : int
        Bytes that it is said to have.
    astray : bool
        Whether its name, all of which is then its one part, leads out of the zip.
    empty : bool
        Whether it is an empty folder.
    """

    parts: tuple
    read: Callable
    time: tuple = ()
    size: int = 0
    astray: bool = False
    empty: bool = False


@contextlib.contextmanager
def files_in(path):
    """The files below a folder or in a zip, as a list; their `read` works inside the ``with`` block.

    Hidden files and folders (with them ``.ipynb_checkpoints`` and ``._*``), ``__MACOSX`` and ``__pycache__`` are passed
    over. Of a folder, at most `MOST_FILES` entries are looked at, the outermost first.

    Raises
    ------
    FileNotFoundError
        If there is no such path.
    ValueError
        If it is neither a folder nor a zip that can be read, or a zip of more than `MOST_FILES` members.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such folder or zip file.")
    if path.is_dir():
        yield _in_folder(path)
        return
    if not path.is_file():
        raise ValueError(f"{path}: it is neither a folder nor a file; wanted a folder of submissions, or a zip of one.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error) as problem:
        raise ValueError(
            f"{path}: it is no zip file that can be read ({problem}); wanted a folder of submissions, or a zip of one."
        ) from None
    with archive:
        yield _in_zip(archive, path)


def _in_folder(root):
    """Breadth first, so that one who hands in a million files deep down hides nobody else's."""
    files, waiting, seen = [], deque([()]), 0
    while waiting:
        parts = waiting.popleft()
        room = min(MOST_IN_FOLDER if parts else MOST_FILES, MOST_FILES - seen)
        try:
            with os.scandir(root.joinpath(*parts)) as found:
                entries = sorted(itertools.islice(found, room + 1), key=lambda entry: entry.name)
        except OSError as problem:
            if not parts:
                raise ValueError(f"{root}: it cannot be read ({problem.strerror}).") from None
            files.append(File((*parts, ""), _refusing(f"The folder cannot be read ({problem.strerror}).")))
            continue
        if len(entries) > room:
            files.append(File((*parts, ""), _refusing(TOO_MANY)))
            del entries[room:]
        seen += len(entries)
        entries = [entry for entry in entries if not _is_passed_over(entry.name)]
        if parts and not entries:
            files.append(_empty_folder(parts))
        for entry in entries:
            here = (*parts, entry.name)
            if entry.is_symlink() or getattr(entry, "is_junction", bool)():
                files.append(File((*here, "") if entry.is_dir() else here, _refusing(A_LINK)))
            elif not entry.is_dir():
                files.append(File(here, partial(_read_file, entry.path), *_time_and_size(entry)))
            elif len(here) < DEEPEST:
                waiting.append(here)
            else:
                files.append(File((*here, ""), _refusing(TOO_MANY)))
    return files


def _time_and_size(entry):
    try:
        found = entry.stat(follow_symlinks=False)
        return (found.st_mtime_ns,), found.st_size
    except OSError:
        return (0,), 0


def _read_file(path, take=without_outputs):
    try:
        handle = os.open(path, CAREFULLY)
    except OSError as problem:
        raise UnreadableFile(f"It cannot be read ({problem.strerror}).") from None
    with open(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableFile("It is no regular file (a pipe, a socket or a device).")
        if found.st_size > LARGEST_FILE:
            raise UnreadableFile(TOO_LARGE)
        try:
            return take(file)
        except TooLarge as problem:
            raise UnreadableFile(_sentence(problem)) from None
        except OSError as problem:
            raise UnreadableFile(f"It cannot be read ({problem.strerror}).") from None


def _in_zip(archive, path):
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise ValueError(f"{path}: it has {len(members)} members; wanted at most {MOST_FILES}.")
    files, folders = [], set()
    for member in members:
        name = _member_name(member)
        parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
        if ".." in parts or re.match(r"[/\\]|[A-Za-z]:", name):
            if not any(_is_passed_over(part) for part in parts if part != ".."):
                files.append(File((name,), _refusing("Its name leads out of the zip."), member.date_time, astray=True))
            continue
        visible = tuple(itertools.takewhile(lambda part: not _is_passed_over(part), parts))
        if name.endswith(("/", "\\")) or visible != parts or not parts:
            folders.add(visible)
        else:
            files.append(File(parts, partial(_read_member, archive, member), member.date_time, member.file_size))
    return files + _empty_folders(files, folders)


def _empty_folders(files, folders):
    """Those in which there is neither a file nor another folder."""
    named = {parts for parts in folders if 0 < len(parts) <= DEEPEST}
    used = {file.parts[:depth] for file in files for depth in range(1, min(len(file.parts), DEEPEST + 1))}
    used |= {parts[:depth] for parts in named for depth in range(1, len(parts))}
    return [_empty_folder(parts) for parts in sorted(named - used)]


def _member_name(member):
    """As it was meant: many programs write UTF-8 without saying so, which `zipfile` takes for code page 437."""
    if not member.flag_bits & 0x800:
        try:
            return member.orig_filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return member.orig_filename


def _read_member(archive, member, take=without_outputs):
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableFile(A_LINK)
    if member.flag_bits & 0x1:
        raise UnreadableFile("It is encrypted.")
    # Of the other methods, `zipfile` cannot unpack a bounded part.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile("It is packed by a method that is not read here; wanted the common one, deflate.")
    if member.file_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with archive.open(member) as file:
            return take(file)
    except TooLarge as problem:
        raise UnreadableFile(_sentence(problem)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, struct.error):
        raise UnreadableFile("It is damaged: the zip does not hold what it says.") from None


def _is_passed_over(name):
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def _empty_folder(parts):
    return File((*parts, ""), _refusing(EMPTY), empty=True)


def _sentence(problem):
    text = str(problem)
    return f"{text[:1].upper()}{text[1:]}."


def _refusing(sentence):
    def read():
        raise UnreadableFile(sentence)

    return read

"""The files in a folder or a zip: listed without following links, read within limits, never unpacked to the disk.

The outputs of a notebook do not count and are dropped while it is read, so that neither a file of several hundred
megabytes nor a whole class of them fills the memory.

A file's name is kept as the tuple of its parts and never becomes a path again, except inside the folder in which it was
found.
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

from lstm_course.grading.without_outputs import LARGEST_FILE, TooLarge, without_outputs
from lstm_course.grading.without_outputs import TOO_LARGE as TOO_LARGE_CLAUSE

MOST_FILES = 200_000  # in all
MOST_IN_FOLDER = 20_000
DEEPEST = 12


def sentence(clause):
    """A clause such as "it is too large" as a sentence."""
    return f"{clause[:1].upper()}{clause[1:]}."


A_LINK = "It is a link; links are not followed."
TOO_LARGE = sentence(TOO_LARGE_CLAUSE)
TOO_MANY = "The folder contains too many files or folders; not all of them were looked at."
EMPTY = "The folder is empty."
# Without these flags, opening a pipe in a file's place would block, and a link would be followed out of the folder.
OPEN_FLAGS = (
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
        Folders and file name, from the outermost; the name is empty if the entry stands for a folder that could not be
        read, or is empty.
    read : callable
        Applies a function to the open file, by default `without_outputs`, and returns the result, or raises
        UnreadableFile.
    time : tuple of int
        Of the last change; comparable within one listing.
    size : int
        In bytes, as the folder or zip says.
    astray : bool
        Whether its name, which is then its only part, points outside the zip.
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
    """The files in a folder, at any depth, or in a zip, as a list; their `read` works inside the ``with`` block.

    Hidden files and folders (such as ``.ipynb_checkpoints`` and ``._*``), ``__MACOSX`` and ``__pycache__`` are skipped.
    At most `MOST_FILES` entries of a folder are listed, the outermost first.

    Raises
    ------
    FileNotFoundError
        If there is no such path.
    ValueError
        If it is neither a folder nor a readable zip, or a zip of more than `MOST_FILES` members.
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
            f"{path}: it is not a readable zip file ({problem}); wanted a folder of submissions, or a zip of one."
        ) from None
    with archive:
        yield _in_zip(archive, path)


def _in_folder(root):
    """Breadth first, so that a million files deep in one student's folder do not hide anybody else's."""
    files, waiting, seen = [], deque([()]), 0
    while waiting:
        parts = waiting.popleft()
        room = min(MOST_IN_FOLDER if parts else MOST_FILES, MOST_FILES - seen)
        try:
            with os.scandir(root.joinpath(*parts)) as scan:
                entries = sorted(itertools.islice(scan, room + 1), key=lambda entry: entry.name)
        except OSError as problem:
            if not parts:
                raise ValueError(f"{root}: it cannot be read ({problem.strerror}).") from None
            files.append(File((*parts, ""), _refusing(f"The folder cannot be read ({problem.strerror}).")))
            continue
        if len(entries) > room:
            files.append(File((*parts, ""), _refusing(TOO_MANY)))
            del entries[room:]
        seen += len(entries)
        entries = [entry for entry in entries if not _is_skipped(entry.name)]
        if parts and not entries:
            files.append(empty_folder(parts))
        for entry in entries:
            path = (*parts, entry.name)
            if entry.is_symlink() or getattr(entry, "is_junction", bool)():
                files.append(File((*path, "") if entry.is_dir() else path, _refusing(A_LINK)))
            elif not entry.is_dir():
                files.append(File(path, partial(_read_file, entry.path), *_time_and_size(entry)))
            elif len(path) < DEEPEST:
                waiting.append(path)
            else:
                files.append(File((*path, ""), _refusing(TOO_MANY)))
    return files


def _time_and_size(entry):
    try:
        status = entry.stat(follow_symlinks=False)
        return (status.st_mtime_ns,), status.st_size
    except OSError:
        return (0,), 0


def _read_file(path, function=without_outputs):
    try:
        handle = os.open(path, OPEN_FLAGS)
    except OSError as problem:
        raise UnreadableFile(f"It cannot be read ({problem.strerror}).") from None
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile("It is not a regular file, but a pipe, a socket or a device.")
        if status.st_size > LARGEST_FILE:
            raise UnreadableFile(TOO_LARGE)
        try:
            return function(file)
        except TooLarge as problem:
            raise UnreadableFile(sentence(str(problem))) from None
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
            if not any(_is_skipped(part) for part in parts if part != ".."):
                files.append(
                    File((name,), _refusing("Its name points outside the zip."), member.date_time, astray=True)
                )
            continue
        visible = tuple(itertools.takewhile(lambda part: not _is_skipped(part), parts))
        if name.endswith(("/", "\\")) or visible != parts or not parts:
            folders.add(visible)
        else:
            files.append(File(parts, partial(_read_member, archive, member), member.date_time, member.file_size))
    return files + _empty_folders(files, folders)


def _empty_folders(files, folders):
    """Entries for the folders that contain neither a file nor another folder."""
    folders = {parts for parts in folders if 0 < len(parts) <= DEEPEST}
    used = {file.parts[:depth] for file in files for depth in range(1, min(len(file.parts), DEEPEST + 1))}
    used |= {parts[:depth] for parts in folders for depth in range(1, len(parts))}
    return [empty_folder(parts) for parts in sorted(folders - used)]


def _member_name(member):
    """The intended name: many programs write UTF-8 without its flag, and `zipfile` then assumes code page 437."""
    if not member.flag_bits & 0x800:
        try:
            return member.orig_filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return member.orig_filename


def _read_member(archive, member, function=without_outputs):
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableFile(A_LINK)
    if member.flag_bits & 0x1:
        raise UnreadableFile("It is encrypted.")
    # With the other methods, `zipfile` cannot limit how much it unpacks.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile("It is compressed by a method that is not supported; wanted the usual one, deflate.")
    if member.file_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with archive.open(member) as file:
            return function(file)
    except TooLarge as problem:
        raise UnreadableFile(sentence(str(problem))) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, struct.error):
        raise UnreadableFile("It is damaged: its content is not what the zip says.") from None


def _is_skipped(name):
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def empty_folder(parts):
    """The entry for a folder with this path that contains nothing."""
    return File((*parts, ""), _refusing(EMPTY), empty=True)


def _refusing(problem):
    def read():
        raise UnreadableFile(problem)

    return read

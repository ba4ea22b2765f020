"""Atomic writing: at any time a file has either all of its old content or all of its new content."""

import contextlib
import errno
import os
from pathlib import Path


def write(path, content):
    """Write `content` to a file.

    Parameters
    ----------
    path : str or pathlib.Path
        An existing file is replaced and keeps its permissions; a link is followed.
    content : str, bytes, or callable
        Text is stored in UTF-8 with ``\\n`` as its line ending. A callable is given a binary file to write to.

    Raises
    ------
    OSError
        If the file cannot be written, or something other than a file has that name, such as a folder or a device. The
        error's ``filename`` is `path`, and the old file is unchanged.
    """
    target = Path(os.path.realpath(path))
    # The name is unique, so that two programs may write at once, and short, as `target` may be as long as possible.
    temporary = target.with_name(f".{os.urandom(8).hex()}.new")
    try:
        if target.exists() and not target.is_file():
            raise OSError(errno.EEXIST, "something other than a file is there")
        with temporary.open("xb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())  # otherwise a system crash could leave an empty file
        if target.exists():
            os.chmod(temporary, target.stat().st_mode)
        os.replace(temporary, target)
    except OSError as problem:  # the error for a full disk names no file
        raise OSError(problem.errno, problem.strerror or str(problem), str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(folder):
    """Remove the temporary files that programs killed during `write` have left in a folder and its subfolders.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder to which no other program is writing now.
    """
    for path in Path(folder).rglob(".????????????????.new"):
        with contextlib.suppress(OSError):
            path.unlink()

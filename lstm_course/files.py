"""Writing a file in one go: whoever looks finds all of the old content or all of the new."""

import contextlib
import errno
import os
from pathlib import Path


def write(path, content):
    """Put `content` into a file.

    Parameters
    ----------
    path : str or pathlib.Path
        A file that is there is replaced and keeps its permissions; a link is followed.
    content : str, bytes, or callable
        Text is stored as UTF-8 with ``\\n`` at the ends of its lines. A callable is handed a binary file to write to.

    Raises
    ------
    OSError
        If the file cannot be written, or something other than a file has that name, such as a folder or a device. Its
        ``filename`` is `path`, and what was there before is still there.
    """
    target = Path(os.path.realpath(path))
    # Its name is new, so that two programs may write at once, and short, since `target` may have the longest possible.
    beside = target.with_name(f".{os.urandom(8).hex()}.new")
    try:
        if target.exists() and not target.is_file():
            raise OSError(errno.EEXIST, "something other than a file is there")
        with beside.open("xb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())  # otherwise a crash of the machine could leave a file without content
        if target.exists():
            os.chmod(beside, target.stat().st_mode)
        os.replace(beside, target)
    except OSError as problem:  # a full disk names no file
        raise OSError(problem.errno, problem.strerror or str(problem), str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def sweep(folder):
    """Remove what programs that were killed in the middle of `write` have left in a folder and below it.

    Parameters
    ----------
    folder : str or pathlib.Path
        In which nobody else writes now.
    """
    for path in Path(folder).rglob(".????????????????.new"):
        with contextlib.suppress(OSError):
            path.unlink()

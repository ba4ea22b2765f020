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
        If it cannot be written, or something other than a file goes by that name, such as a folder or a device. What
        was there is still there then.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "something other than a file is there", str(path))
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())  # otherwise a crash of the machine could leave a file without content
        if path.exists():
            os.chmod(beside, path.stat().st_mode)
        os.replace(beside, path)
    except OSError as problem:  # a full disk names no file
        raise OSError(problem.errno, problem.strerror, str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)

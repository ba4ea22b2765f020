"""The pictures of the README: taken on every run, stored when one asks for it with UPDATE_PICTURES=1."""

import io
import os

from lstm_course import lessons

LARGEST = 200_000  # bytes; the README is to open at once


def keep(image, name):
    """Check that a picture shows something and is small, and store it in ``assets/`` when asked to."""
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    assert len(image.getcolors()) > 8, f"{name} would be empty"
    assert file.tell() < LARGEST, f"{name} would have {file.tell()} bytes"
    if os.environ.get("UPDATE_PICTURES"):
        folder = lessons.course_root() / "assets"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(file.getvalue())

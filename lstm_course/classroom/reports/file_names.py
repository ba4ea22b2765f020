"""File names for the pages about a student: readable, valid on every system, and different for different students."""

import hashlib
import json
import re
import unicodedata

MOST_BYTES = 100
# Neither occurs in a name that is used unchanged, so nobody can choose a name that collides with somebody else's.
JOINT, MARK = "--", "~"
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def file_name(student, assignment, ending):
    """The name of a file about one submission, for a folder on any system.

    A name in lower-case letters, digits, ``-``, ``_`` and single dots is used unchanged. In any other name, each
    character that is not a letter or digit of some script becomes ``-``, and a hash of the original is appended. Two
    students therefore never share a file, even on a system that ignores case or the Unicode normal form.

    Parameters
    ----------
    student, assignment : str
        Any text; `assignment` may be empty.
    ending : str
        The extension with its dot, such as ``".html"``: ASCII, at most 20 characters.

    Returns
    -------
    str
        ``"ada--04_gates.html"``, ``"Ada-L~0c2b3d4e5f--04_gates.html"``: at most 100 bytes in UTF-8.
    """
    parts = [part for part in (student, assignment) if part]
    name = JOINT.join(parts) + ending
    if student and all(map(_is_safe, parts)) and len(name.encode()) <= MOST_BYTES:
        return name
    digest = hashlib.sha256(json.dumps([student, assignment]).encode()).hexdigest()[:10]
    tail = MARK + digest + (JOINT + _replaced(assignment, 40) if assignment else "") + ending
    return _replaced(student, MOST_BYTES - len(tail.encode())) + tail


def _is_safe(text):
    """Whether a name can be used unchanged: every character is allowed, and no system confuses it with another."""
    kinds = [unicodedata.category(letter)[0] for letter in text]
    return (
        all(kind in "LMN" or letter in "-_." for kind, letter in zip(kinds, text, strict=True))
        and kinds[0] in "LN"
        and kinds[-1] in "LMN"
        and JOINT not in text
        and ".." not in text
        and not RESERVED.match(text)
        and text == unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    )


def _replaced(text, most_bytes):
    letters = (letter if unicodedata.category(letter)[0] in "LMN" or letter == "_" else "-" for letter in text)
    short = re.sub("-+", "-", "".join(letters)).strip("-").encode()[:most_bytes].decode(errors="ignore")
    return short.strip("-") or "x"

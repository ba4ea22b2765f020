"""Names for the files that are written about a student: readable, safe everywhere, and never shared by two."""

import hashlib
import json
import re
import unicodedata

MOST_BYTES = 100
# Neither is ever part of a name that is used as it is, so nobody can choose a name that equals another's.
JOINT, MARK = "--", "~"
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def file_name(student, assignment, ending):
    """The name of a file about one submission, for a folder on any system.

    A name in small letters, digits, ``-``, ``_`` and single dots is used as it is; in any other, what is not a letter
    or digit of some script becomes ``-``, and a hash of the original follows. Two students therefore never share a
    file, even where a system ignores capitals or the Unicode form.

    Parameters
    ----------
    student, assignment : str
        Of any length and content; `assignment` may be empty.
    ending : str
        With its dot, ``".html"``: ASCII, at most 20 characters.

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
    """Whether a name stands for itself: nothing to replace, and no other name that a system takes for the same."""
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

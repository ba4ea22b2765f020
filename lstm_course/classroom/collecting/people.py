"""What students are called in lists, so that two are never taken for one."""

import hashlib
import re
import unicodedata
from collections import defaultdict

MOST_CHARACTERS = 100
# Marks that turn the direction of writing, and blanks of no width: they let one name look like another.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def cleaned(text, most=MOST_CHARACTERS):
    """A name from outside, for display: without control characters, trimmed, of at most `most` characters.

    What was no valid UTF-8 shows as the replacement character.
    """
    text = INVISIBLE.sub("", re.sub("[\ud800-\udfff]", "\ufffd", text))
    text = "".join(" " if letter.isspace() else letter for letter in text)
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cc").strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def told_apart(people):
    """A name for each person, no two the same.

    Parameters
    ----------
    people : set of (str, str)
        Names as they were found, and ids where a platform gives any.

    Returns
    -------
    dict of (str, str) to str
        The cleaned name; where several would have it, with the id or a part of a hash.
    """
    alike = defaultdict(list)
    for person in people:
        alike[cleaned(person[0])].append(person)
    names = {}
    for name, those in alike.items():
        for raw, number in those:
            if len(those) == 1 or (raw == name and not number):
                names[raw, number] = name or "(no name)"
            else:
                names[raw, number] = _marked(name, cleaned(number, 40) or _hash(raw, number))
    taken = defaultdict(list)
    for person, name in names.items():
        taken[name].append(person)
    for name, those in taken.items():
        names |= {person: _marked(name, _hash(*person)) for person in those} if len(those) > 1 else {}
    return names


def look_alikes(names):
    """Sentences on names that differ in nothing but capitals, Unicode form or blanks, by the name.

    Parameters
    ----------
    names : dict of (str, str) to str
        As `told_apart` gave it.
    """
    alike = defaultdict(set)
    for (raw, _), name in names.items():
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cleaned(raw)).casefold())
        alike[" ".join(folded.split())].add(name)
    sentences = {}
    for those in alike.values():
        for name in those if len(those) > 1 else ():
            others = ", ".join(sorted(those - {name})[:5])
            sentences[name] = f"Another student is called almost the same: {others}."
    return sentences


def _marked(name, mark):
    return f"{name[: MOST_CHARACTERS - len(mark) - 3]} ({mark})"


def _hash(*texts):
    whole = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:6]

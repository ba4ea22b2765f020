"""The names of students in lists, so that two students are never taken for one."""

import hashlib
import re
import unicodedata
from collections import defaultdict

MOST_CHARACTERS = 100
# Marks that change the direction of writing, and spaces of zero width: they make one name look like another.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def cleaned(text, most=MOST_CHARACTERS):
    """A name from outside, for display: without control characters, trimmed, of at most `most` characters.

    Bytes that were not valid UTF-8 become the replacement character.
    """
    text = INVISIBLE.sub("", re.sub("[\ud800-\udfff]", "\ufffd", text))
    text = "".join(" " if letter.isspace() else letter for letter in text)
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cc").strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def distinct_names(people):
    """A name for each person, no two the same.

    Parameters
    ----------
    people : set of (str, str)
        Names as they were found, and the platform's ids where there are any.

    Returns
    -------
    dict of (str, str) to str
        The cleaned name; where several people would have it, with the id or a part of a hash.
    """
    by_cleaned_name = defaultdict(list)
    for person in people:
        by_cleaned_name[cleaned(person[0])].append(person)
    names = {}
    for name, namesakes in by_cleaned_name.items():
        for raw, number in namesakes:
            if len(namesakes) == 1 or (raw == name and not number):
                names[raw, number] = name or "(no name)"
            else:
                names[raw, number] = _marked(name, cleaned(number, 40) or _hash(raw, number))
    by_name = defaultdict(list)
    for person, name in names.items():
        by_name[name].append(person)
    for name, namesakes in by_name.items():
        if len(namesakes) > 1:
            names |= {person: _marked(name, _hash(*person)) for person in namesakes}
    return names


def similar_names(names):
    """Warnings about names that differ only in capitals, Unicode form or spaces, by name.

    Parameters
    ----------
    names : dict of (str, str) to str
        As `distinct_names` returned it.
    """
    by_folded_name = defaultdict(set)
    for (raw, _), name in names.items():
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cleaned(raw)).casefold())
        by_folded_name[" ".join(folded.split())].add(name)
    warnings = {}
    for similar in by_folded_name.values():
        for name in similar if len(similar) > 1 else ():
            others = ", ".join(sorted(similar - {name})[:5])
            warnings[name] = f"Another student has almost the same name: {others}."
    return warnings


def _marked(name, mark):
    return f"{name[: MOST_CHARACTERS - len(mark) - 3]} ({mark})"


def _hash(*texts):
    whole = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:6]

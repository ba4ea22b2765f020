"""Who is behind each folder of a Gradescope export, as its own file beside the folders tells."""

import io
import json
import re

SUBMITTERS = "submission_metadata.yml"


def read_submitters(file):
    """The people behind each folder of a Gradescope export.

    Of the file, only the few lines are understood that are needed: the rest holds every earlier result, and the file
    may be very long.

    Parameters
    ----------
    file : binary file
        ``submission_metadata.yml``, open.

    Returns
    -------
    dict of str to dict of str to list of str
        By folder, the submitters' ``name``, ``sid`` and ``email``, in that file's order.
    """
    submitters, folder, listed = {}, None, False
    for line in io.TextIOWrapper(file, "utf-8", errors="replace"):
        line = line.rstrip("\r\n")
        if found := re.fullmatch(r"['\"]?(submission_\d+)['\"]?:\s*", line):
            folder, listed = submitters.setdefault(found[1], {}), False
        elif re.match(r"  :\w", line):  # a key of the submission itself; deeper ones belong to earlier results
            listed = line.strip() == ":submitters:"
        elif listed and folder is not None and (found := re.match(r"[ -]+:(name|sid|email):\s+(\S.*)", line)):
            if (value := _scalar(found[2].strip())) not in ("", "~", "null"):
                folder.setdefault(found[1], []).append(value)
    return submitters


def _scalar(text):
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text[1:-1].replace("''", "'") if text.startswith("'") else text

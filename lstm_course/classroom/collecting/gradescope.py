"""The people behind each folder of a Gradescope export, from the file that Gradescope writes beside the folders."""

import io
import json
import re

SUBMITTERS = "submission_metadata.yml"


def read_submitters(file):
    """The people behind each folder of a Gradescope export.

    Only the few lines that are needed are parsed: the rest contains all earlier results and may be very long.

    Parameters
    ----------
    file : binary file
        ``submission_metadata.yml``, open.

    Returns
    -------
    dict of str to dict of str to list of str
        By folder, the submitters' ``name``, ``sid`` and ``email``, in the order of the file.
    """
    submitters, folder, in_list = {}, None, False
    for line in io.TextIOWrapper(file, "utf-8", errors="replace"):
        line = line.rstrip("\r\n")
        if match := re.fullmatch(r"['\"]?(submission_\d+)['\"]?:\s*", line):
            folder, in_list = submitters.setdefault(match[1], {}), False
        elif re.match(r"  :\w", line):  # a key of the submission itself; deeper ones belong to earlier results
            in_list = line.strip() == ":submitters:"
        elif in_list and folder is not None and (match := re.match(r"[ -]+:(name|sid|email):\s+(\S.*)", line)):
            if (value := _scalar(match[2].strip())) not in ("", "~", "null"):
                folder.setdefault(match[1], []).append(value)
    return submitters


def _scalar(text):
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text[1:-1].replace("''", "'") if text.startswith("'") else text

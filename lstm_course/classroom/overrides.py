"""The teacher's points and comments in ``overrides.csv``, which grading reads and never changes."""

import csv
from pathlib import Path

from lstm_course import files

NAME = "overrides.csv"
COLUMNS = ("student", "assignment", "question", "points", "comment")


def read(folder):
    """Points and comments by student, assignment and question.

    Parameters
    ----------
    folder : path
        The folder of the grades. If it has no such file, one with only the names of the columns is written.

    Returns
    -------
    dict of (str, str, str) to (float or None, str)

    Raises
    ------
    ValueError
        If the file is not as described; the message names the line.
    """
    path = Path(folder) / NAME
    if not path.exists():
        files.write(path, ",".join(COLUMNS) + "\n")
        return {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, strict=True)
            names = table.fieldnames or COLUMNS
            rows = [(table.line_num, row) for row in table]
    except UnicodeDecodeError as problem:
        raise ValueError(f"{path}: the file is not in UTF-8 ({problem})") from None
    except csv.Error as problem:
        raise ValueError(f"{path}: line {table.reader.line_num}: this is not CSV ({problem})") from None
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise ValueError(f"{path}: wanted the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}")
    overrides = {}
    for number, row in rows:
        if any(row.get(None, ())):
            raise ValueError(f"{path}: line {number}: there are too many columns; a comment with a comma needs quotes")
        text = {name: (row[name] or "").strip() for name in COLUMNS}
        if any(text.values()):
            key = text["student"], text["assignment"], text["question"]
            overrides[key] = _points(text["points"], f"{path}: line {number}"), text["comment"]
    return overrides


def _points(text, where):
    if not text:
        return None
    try:
        points = float(text.replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e6:
        raise ValueError(f"{where}: wanted points of 0 or more, got {text!r}")
    return points


def merged(older, newer):
    """Both dictionaries of overrides as one, in which the points and comments of `newer` take precedence."""
    overrides = dict(older)
    for key, (points, comment) in newer.items():
        older_points, older_comment = overrides.get(key, (None, ""))
        overrides[key] = older_points if points is None else points, comment or older_comment
    return overrides


def unmatched(overrides, grades):
    """A sentence about each row of ``overrides.csv`` that matches no answer."""
    known = {(grade.student, grade.assignment, question.id) for grade in grades for question in grade.questions}
    return [
        f"{NAME}: there is no answer to {question or 'a question'} by {student!r} in {assignment!r}"
        for student, assignment, question in overrides
        if (student, assignment, question) not in known
    ]

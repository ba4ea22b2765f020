"""The teacher's own word: points and comments in ``overrides.csv``, which grading reads and never changes."""

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
        Of the grades. Where it has no such file, one with nothing but the names of the columns is made.

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
        raise ValueError(f"{path}: it is not in UTF-8 ({problem})") from None
    except csv.Error as problem:
        raise ValueError(f"{path}: line {table.reader.line_num}: it is not CSV ({problem})") from None
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise ValueError(f"{path}: wanted the columns {', '.join(COLUMNS)}, and {', '.join(missing)} is not there")
    found = {}
    for number, row in rows:
        if any(row.get(None, ())):
            raise ValueError(f"{path}: line {number}: it has too many columns; a comment with a comma needs quotes")
        text = {name: (row[name] or "").strip() for name in COLUMNS}
        if not any(text.values()):
            continue
        found[text["student"], text["assignment"], text["question"]] = _points(text, path, number), text["comment"]
    return found


def _points(text, path, number):
    if not text["points"]:
        return None
    try:
        points = float(text["points"].replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e6:
        raise ValueError(f"{path}: line {number}: wanted points of 0 or more, got {text['points']!r}")
    return points


def merged(older, newer):
    """Two such dictionaries as one: where both give points, or both a comment, those of `newer` count."""
    words = dict(older)
    for key, (points, comment) in newer.items():
        before, said = words.get(key, (None, ""))
        words[key] = before if points is None else points, comment or said
    return words


def strangers(overrides, grades):
    """Sentences about rows of ``overrides.csv`` that belong to no answer."""
    known = {
        (grade.student, grade.assignment, question.id): question for grade in grades for question in grade.questions
    }
    return [
        f"{NAME}: there is no answer to {question or 'a question'} by {student!r} in {assignment!r}"
        for student, assignment, question in overrides
        if (student, assignment, question) not in known
    ]

"""Who handed something in, by the names that learning platforms give to folders and files.

What each writes, and where that is laid down:

Moodle
    A folder ``Name_123_assignsubmission_file_`` a person, or files ``Name_123_assignsubmission_file_x.ipynb``: its
    ``mod/assign/classes/downloader.php``, which has since dropped the folder's last underscore. In `Name`, underscores
    have become blanks; a group has its own name and number, and people in no group have no number. The number is the
    "Participant 123" of Moodle's grading worksheet.
Canvas
    Files ``lovelaceada_LATE_34093_208490_x.ipynb``: its ``lib/content_zipper.rb``. The first number is the person's,
    the second that of the uploaded file, which grows with time. Without names: ``anon_a1b2c_208490_x.ipynb``. A second
    upload of one name becomes ``x-1.ipynb``.
Blackboard
    Files ``Assignment_username_attempt_2026-11-20-10-00-00_x.ipynb``, as nbgrader's documentation of ``zip_collect``
    and many scripts read them; the word for "attempt" follows the server's language. Both the assignment and the
    username may contain underscores.
Gradescope
    A folder ``submission_123`` a submission, and beside them ``submission_metadata.yml`` with the submitters' names,
    numbers and addresses, as scripts read it (otter-grader's among them). Gradescope documents no format.
"""

import json
import os.path
import re
from collections import defaultdict
from dataclasses import dataclass, field

from .assignments import STEMS, contained

MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_file(?:_(?P<file>.*))?", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?:anon_(?P<anonymous>[^\W_]+)|(?P<id>\d{1,20}))_(?P<upload>\d{1,20})_(?P<file>.+)",
    re.DOTALL,
)
BLACKBOARD = re.compile(r"(?P<head>.+?)_[^\W\d_]+_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.*)|\.\w+)", re.DOTALL)
GRADESCOPE = re.compile(r"submission_(\d+)")
SUBMITTERS = "submission_metadata.yml"


@dataclass(frozen=True)
class Owner:
    """Who handed a file in.

    Attributes
    ----------
    name : str
        As the folder, the file or the platform has it.
    id : str
        What tells people of one name apart; empty where nothing does.
    identity : dict of str to str
        As in `lstm_course.classroom.records.Submission`.
    attempt : int
        Grows from one upload to the next, where the platform tells; else 0.
    file : str
        What the person called the file, where the platform put something before it.
    assignment : str
        What the platform calls the assignment, where it tells.
    note : str
        What the teacher should know of how the name was found.
    platform : bool
        Whether a learning platform wrote the name.
    """

    name: str
    id: str = ""
    identity: dict = field(default_factory=dict, compare=False)
    attempt: int = 0
    file: str = ""
    assignment: str = ""
    note: str = ""
    platform: bool = True


def of_folder(name, submitters):
    """The owner that a platform means by a folder's name, or None.

    Parameters
    ----------
    name : str
    submitters : dict
        As `read_submitters` gave it.
    """
    if GRADESCOPE.fullmatch(name):
        number = GRADESCOPE.fullmatch(name)[1]
        people = {key: "; ".join(values) for key, values in submitters.get(name, {}).items()}
        names = people.get("name") or people.get("email") or name
        return Owner(names, people.get("email") or number, {"gradescope_id": number, **people})
    found = MOODLE.fullmatch(name)
    return _moodle(found) if found and not found["file"] else None


def of_file(name, usernames):
    """The owner that a platform means by a file's name, or None.

    Parameters
    ----------
    name : str
    usernames : dict of str to str
        As `blackboard_usernames` gave it.
    """
    if (found := MOODLE.fullmatch(name)) and found["file"]:
        return _moodle(found)
    if found := BLACKBOARD.fullmatch(name):
        username = usernames.get(found["head"], found["head"])
        title = found["head"].removesuffix(username)
        attempt = int(found["time"].replace("-", ""))
        return Owner(username, "", {"blackboard_id": username}, attempt, found["file"] or name, title)
    if found := CANVAS.fullmatch(name):
        number = found["id"] or found["anonymous"]
        identity = {"canvas_id": number} if found["id"] else {"canvas_anonymous_id": number}
        identity |= {"name": found["name"]} if found["name"] else {}
        identity |= {"late": "yes"} if found["late"] else {}
        who = found["name"] or f"anon_{number}"
        note = "Canvas marks it as late." if found["late"] else ""
        return Owner(who, number, identity, int(found["upload"]), found["file"], note=note)
    return None


def is_canvas(name):
    """Whether a file's name has the form that Canvas writes."""
    return bool(CANVAS.fullmatch(name))


def blackboard_usernames(names):
    """Usernames by what stands before the attempt in Blackboard's file names, ``"Assignment_username"``.

    Nothing marks where one ends and the other begins, except that the assignment is the same for all: two heads never
    give one username, unless they contain the names of two lessons.
    """
    exports = defaultdict(set)
    for found in filter(None, map(BLACKBOARD.fullmatch, names)):
        exports[contained(found["head"])].add(found["head"])
    usernames = {}
    for stem, heads in exports.items():
        common = os.path.commonprefix(list(heads))
        lesson = STEMS[stem].search(common) if stem else None
        start = lesson.end() + 1 if lesson and common[lesson.end() :][:1] == "_" else common.rfind("_") + 1
        usernames |= {head: head[start:] for head in heads}
    return usernames


def read_submitters(content):
    """The people behind each folder of a Gradescope export.

    Of the file, only the few lines are understood that are needed: the rest holds every earlier result, and the file
    may be very long.

    Parameters
    ----------
    content : bytes
        Of ``submission_metadata.yml``.

    Returns
    -------
    dict of str to dict of str to list of str
        By folder, the submitters' ``name``, ``sid`` and ``email``, in that file's order.
    """
    submitters, folder, listed = {}, None, False
    for line in content.decode(errors="replace").splitlines():
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


def _moodle(found):
    identity = {"name": found["name"]} | ({"moodle_id": found["id"]} if found["id"] else {})
    return Owner(found["name"], found["id"] or "", identity, file=found["file"] or "")

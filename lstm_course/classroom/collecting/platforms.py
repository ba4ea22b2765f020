"""Who submitted something, by the names that learning platforms give to folders and files.

What each platform writes, and where that is defined:

Moodle
    A folder ``Name_123_assignsubmission_file_`` for each person, or files
    ``Name_123_assignsubmission_file_x.ipynb``: its ``mod/assign/classes/downloader.php``, which has since dropped the
    folder's last underscore. A typed text has ``onlinetext`` in place of ``file``. In `Name`, underscores have become
    spaces; a group has its own name and number, and people in no group have no number. The number is that of
    "Participant 123" in Moodle's grading worksheet.
Canvas
    Files ``lovelaceada_LATE_34093_208490_x.ipynb``: its ``lib/content_zipper.rb``. The first number is the person's,
    the second that of the uploaded file, which increases with time. A typed text or web address is
    ``lovelaceada_34093_text.html`` or ``…_link.html``. Without names: ``anon_a1b2c_208490_x.ipynb``. A second upload
    with the same name becomes ``x-1.ipynb``.
Blackboard
    Files ``Assignment_username_attempt_2026-11-20-10-00-00_x.ipynb``, as nbgrader's documentation of ``zip_collect``
    and many scripts read them; the word for "attempt" follows the server's language. Both the assignment and the
    username may contain underscores. The same name with ``.txt`` and no file is Blackboard's own note on the attempt.
Gradescope
    A folder ``submission_123`` for each submission; a file beside the folders tells whose it is (see `gradescope`).
Brightspace (D2L)
    A folder or file ``1234-567 - Ada L - Nov 29, 2026 547 PM`` for each submission (see `brightspace`).
nbgrader's exchange
    A folder ``ada+04_gates+2026-11-29 17:47:00.000000 UTC+random`` for each submission: its
    ``exchange/default/submit.py``.
"""

import os.path
import re
from collections import defaultdict
from dataclasses import dataclass, field

from . import brightspace

MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<plugin>[a-z0-9]+)(?:_(?P<file>.*)|(?P<ending>\.\w+))?",
    re.DOTALL,
)
CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?:anon_(?P<anonymous>[^\W_]+)|(?P<id>\d{1,20}))_"
    r"(?:(?P<upload>\d{1,20})_(?P<file>.+)|(?P<typed>text|link)(?:-\d+)?\.html)",
    re.DOTALL,
)
BLACKBOARD = re.compile(
    r"(?P<head>.+?)_[^\W\d_]+_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.*)|(?P<note>\.\w+))?", re.DOTALL
)
GRADESCOPE = re.compile(r"submission_(\d+)")
EXCHANGE = re.compile(
    r"(?P<name>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d[ _T]\d\d.\d\d.\d\d)[^+]*(?:\+[^+]*)?", re.DOTALL
)
TYPED = {"text": "a text typed into Canvas", "link": "the address of a web page"}
BLACKBOARDS_NOTE = "at most a text typed into Blackboard"


@dataclass(frozen=True)
class Owner:
    """Who submitted a file, and what else a platform's name for the file tells.

    Attributes
    ----------
    name : str
        As in the name of the folder or file, or as the platform gives it.
    id : str
        Distinguishes people of the same name; empty where nothing does.
    identity : dict of str to str
        As in `lstm_course.classroom.records.Submission`.
    attempt : int
        Increases from one attempt to the next, where the platform numbers or dates them; else 0.
    upload : int
        Increases from one file to the next, within an attempt as well, where the platform numbers them; else 0.
    file : str
        What the owner called the file, where the platform changed its name.
    assignment : str
        What the platform calls the assignment, where the name contains it.
    note : str
        What the teacher should know about where the owner's name comes from.
    platform : bool
        Whether a learning platform or nbgrader named the owner.
    typed : str
        What was typed on the platform, such as "an online text"; empty for a file.
    """

    name: str
    id: str = ""
    identity: dict = field(default_factory=dict, compare=False)
    attempt: int = 0
    upload: int = 0
    file: str = ""
    assignment: str = ""
    note: str = ""
    platform: bool = True
    typed: str = ""


@dataclass(frozen=True)
class Export:
    """What can be told only from all the names of an export together.

    Attributes
    ----------
    submitters : dict
        Gradescope's, as `lstm_course.classroom.collecting.gradescope.read_submitters` returned it.
    canvas : bool
        Whether names that have Canvas's form are indeed from Canvas.
    usernames : dict of str to str
        Blackboard's, by the part of the name before the attempt.
    shared : frozenset
        Numbers of Brightspace that are nobody's own.
    """

    submitters: dict = field(default_factory=dict)
    canvas: bool = True
    usernames: dict = field(default_factory=dict)
    shared: frozenset = frozenset()

    @classmethod
    def of(cls, folders, files, submitters, exercises):
        """What the names of the outermost folders and files tell."""
        notebooks = [name for name in files if ".ipynb" in name.lower()] or files
        canvas = 2 * sum(bool(CANVAS.fullmatch(name)) for name in notebooks) >= len(notebooks)
        brightspace_names = [brightspace.parse(name, True) for name in folders]
        brightspace_names += [brightspace.parse(name, False) for name in files]
        return cls(
            submitters,
            canvas,
            blackboard_usernames([*folders, *files], exercises),
            brightspace.shared_numbers(filter(None, brightspace_names)),
        )

    def of_folder(self, name):
        """The owner in a folder's name, or None where no platform wrote it."""
        if match := GRADESCOPE.fullmatch(name):
            people = {key: "; ".join(values) for key, values in self.submitters.get(name, {}).items()}
            names = people.get("name") or people.get("email") or name
            return Owner(names, people.get("email") or match[1], {"gradescope_id": match[1], **people})
        if match := EXCHANGE.fullmatch(name):
            return Owner(match["name"], attempt=_digits(match["time"]), assignment=match["assignment"])
        if parts := brightspace.parse(name, True):
            return self._brightspace(parts)
        if (match := BLACKBOARD.fullmatch(name)) and not (match["file"] or match["note"]):
            return self._blackboard(match, "")
        match = MOODLE.fullmatch(name)
        return _moodle(match) if match and not (match["file"] or match["ending"]) else None

    def of_file(self, name):
        """The owner in a file's name, or None where no platform wrote it."""
        if (match := MOODLE.fullmatch(name)) and (match["file"] or match["ending"]):
            return _moodle(match)
        if (match := BLACKBOARD.fullmatch(name)) and (match["file"] or match["note"]):
            return self._blackboard(match, name)
        if parts := brightspace.parse(name, False):
            return self._brightspace(parts)
        if self.canvas and (match := CANVAS.fullmatch(name)):
            return _canvas(match)
        return None

    def _blackboard(self, match, name):
        username = self.usernames.get(match["head"], match["head"])
        return Owner(
            username,
            "",
            {"blackboard_id": username},
            _digits(match["time"]),
            file=match["file"] or name,
            assignment=match["head"].removesuffix(username),
            typed=BLACKBOARDS_NOTE if match["note"] == ".txt" else "",
        )

    def _brightspace(self, parts):
        number = parts.number(self.shared)
        identity = {"name": parts.owner} | ({"brightspace_id": number} if number else {})
        return Owner(parts.owner, number, identity, parts.attempt, file=parts.file)


def _canvas(match):
    number = match["id"] or match["anonymous"]
    identity = {"canvas_id": number} if match["id"] else {"canvas_anonymous_id": number}
    identity |= {"name": match["name"]} if match["name"] else {}
    identity |= {"late": "yes"} if match["late"] else {}
    return Owner(
        match["name"] or f"anon_{number}",
        number,
        identity,
        upload=int(match["upload"] or 0),
        file=match["file"] or f"{match['typed']}.html",
        note="Canvas marks it as late." if match["late"] else "",
        typed=TYPED.get(match["typed"], ""),
    )


def _moodle(match):
    name, number = match["name"], match["id"] or ""
    if not number and (participant := re.fullmatch(r"Participant (\d+)", name)):
        number = participant[1]
    identity = {"name": name} | ({"moodle_id": number} if number else {})
    file = match["file"] or (match["plugin"] + match["ending"] if match["ending"] else "")
    typed = "an online text" if match["plugin"] == "onlinetext" else ""
    return Owner(name, number, identity, file=file, typed=typed)


def _digits(time):
    return int(re.sub(r"\D", "", time))


def blackboard_usernames(names, exercises):
    """Usernames by the part of Blackboard's file names before the attempt, ``"Assignment_username"``.

    Nothing marks where one ends and the other begins, except that everybody's assignment is the same. Two such parts
    never give the same username, unless they contain the names of two exercises.
    """
    heads_by_exercise = defaultdict(set)
    for match in filter(None, map(BLACKBOARD.fullmatch, names)):
        heads_by_exercise[exercises.contained(match["head"])].add(match["head"])
    usernames = {}
    for stem, heads in heads_by_exercise.items():
        common = os.path.commonprefix(list(heads))
        end = exercises.end_in(common, stem)
        start = end + 1 if end and common[end : end + 1] == "_" else common.rfind("_") + 1
        usernames |= {head: head[start:] for head in heads}
    return usernames

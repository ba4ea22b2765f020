"""Who handed something in, by the names that learning platforms give to folders and files.

What each writes, and where that is laid down:

Moodle
    A folder ``Name_123_assignsubmission_file_`` a person, or files ``Name_123_assignsubmission_file_x.ipynb``: its
    ``mod/assign/classes/downloader.php``, which has since dropped the folder's last underscore. A text that was typed
    has ``onlinetext`` in place of ``file``. In `Name`, underscores have become blanks; a group has its own name and
    number, and people in no group have no number. The number is the "Participant 123" of Moodle's grading worksheet.
Canvas
    Files ``lovelaceada_LATE_34093_208490_x.ipynb``: its ``lib/content_zipper.rb``. The first number is the person's,
    the second that of the uploaded file, which grows with time. A text that was typed, or an address, is
    ``lovelaceada_34093_text.html`` or ``…_link.html``. Without names: ``anon_a1b2c_208490_x.ipynb``. A second upload of
    one name becomes ``x-1.ipynb``.
Blackboard
    Files ``Assignment_username_attempt_2026-11-20-10-00-00_x.ipynb``, as nbgrader's documentation of ``zip_collect``
    and many scripts read them; the word for "attempt" follows the server's language. Both the assignment and the
    username may contain underscores. The same name with ``.txt`` and no file is Blackboard's own note on the attempt.
Gradescope
    A folder ``submission_123`` a submission; who that is, stands in a file beside them (see `gradescope`).
Brightspace (D2L)
    A folder or file ``1234-567 - Ada L - Nov 29, 2026 547 PM`` a submission (see `brightspace`).
nbgrader's exchange
    A folder ``ada+04_gates+2026-11-29 17:47:00.000000 UTC+random`` a submission: its ``exchange/default/submit.py``.
"""

import os.path
import re
from collections import defaultdict
from dataclasses import dataclass, field

from . import brightspace
from .assignments import STEMS, contained

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
BLACKBOARDS_NOTE = "at most a text that was typed into Blackboard"


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
        Grows from one attempt to the next, where the platform tells; else 0.
    upload : int
        Grows from one file to the next, also of one attempt, where the platform tells; else 0.
    file : str
        What the person called the file, where the platform put something before it.
    assignment : str
        What the platform calls the assignment, where it tells.
    note : str
        What the teacher should know of how the name was found.
    platform : bool
        Whether a learning platform wrote the name.
    typed : str
        What it is that was typed on the platform, such as "an online text"; empty for a file.
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
    """What only all the names of an export together tell.

    Attributes
    ----------
    submitters : dict
        Of Gradescope, as `lstm_course.classroom.collecting.gradescope.read_submitters` gave it.
    canvas : bool
        Whether names of the form that Canvas writes are from Canvas.
    usernames : dict of str to str
        Blackboard's, by what stands before the attempt.
    shared : frozenset
        Numbers of Brightspace that are nobody's own.
    """

    submitters: dict = field(default_factory=dict)
    canvas: bool = True
    usernames: dict = field(default_factory=dict)
    shared: frozenset = frozenset()

    @classmethod
    def of(cls, folders, files, submitters):
        """What the names of the outermost folders and files tell."""
        notebooks = [name for name in files if ".ipynb" in name.lower()] or files
        canvas = 2 * sum(bool(CANVAS.fullmatch(name)) for name in notebooks) >= len(notebooks)
        numbered = [brightspace.parsed(name, True) for name in folders]
        numbered += [brightspace.parsed(name, False) for name in files]
        return cls(
            submitters,
            canvas,
            blackboard_usernames([*folders, *files]),
            brightspace.shared(filter(None, numbered)),
        )

    def of_folder(self, name):
        """The owner that a platform means by a folder's name, or None."""
        if found := GRADESCOPE.fullmatch(name):
            people = {key: "; ".join(values) for key, values in self.submitters.get(name, {}).items()}
            names = people.get("name") or people.get("email") or name
            return Owner(names, people.get("email") or found[1], {"gradescope_id": found[1], **people})
        if found := EXCHANGE.fullmatch(name):
            return Owner(found["name"], attempt=_digits(found["time"]), assignment=found["assignment"])
        if found := brightspace.parsed(name, True):
            return self._brightspace(found)
        if (found := BLACKBOARD.fullmatch(name)) and not (found["file"] or found["note"]):
            return self._blackboard(found, "")
        found = MOODLE.fullmatch(name)
        return _moodle(found) if found and not (found["file"] or found["ending"]) else None

    def of_file(self, name):
        """The owner that a platform means by a file's name, or None."""
        if (found := MOODLE.fullmatch(name)) and (found["file"] or found["ending"]):
            return _moodle(found)
        if (found := BLACKBOARD.fullmatch(name)) and (found["file"] or found["note"]):
            return self._blackboard(found, name)
        if found := brightspace.parsed(name, False):
            return self._brightspace(found)
        if self.canvas and (found := CANVAS.fullmatch(name)):
            return _canvas(found)
        return None

    def _blackboard(self, found, name):
        username = self.usernames.get(found["head"], found["head"])
        typed = BLACKBOARDS_NOTE if found["note"] == ".txt" else ""
        return Owner(
            username,
            "",
            {"blackboard_id": username},
            _digits(found["time"]),
            file=found["file"] or name,
            assignment=found["head"].removesuffix(username),
            typed=typed,
        )

    def _brightspace(self, found):
        number = found.number(self.shared)
        identity = {"name": found.name} | ({"brightspace_id": number} if number else {})
        return Owner(found.name, number, identity, found.attempt, file=found.file)


def _canvas(found):
    number = found["id"] or found["anonymous"]
    identity = {"canvas_id": number} if found["id"] else {"canvas_anonymous_id": number}
    identity |= {"name": found["name"]} if found["name"] else {}
    identity |= {"late": "yes"} if found["late"] else {}
    who = found["name"] or f"anon_{number}"
    return Owner(
        who,
        number,
        identity,
        upload=int(found["upload"] or 0),
        file=found["file"] or f"{found['typed']}.html",
        note="Canvas marks it as late." if found["late"] else "",
        typed=TYPED.get(found["typed"], ""),
    )


def _moodle(found):
    name, number = found["name"], found["id"] or ""
    if not number and (participant := re.fullmatch(r"Participant (\d+)", name)):
        number = participant[1]
    identity = {"name": name} | ({"moodle_id": number} if number else {})
    file = found["file"] or (found["plugin"] + found["ending"] if found["ending"] else "")
    typed = "an online text" if found["plugin"] == "onlinetext" else ""
    return Owner(name, number, identity, file=file, typed=typed)


def _digits(time):
    return int(re.sub(r"\D", "", time))


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

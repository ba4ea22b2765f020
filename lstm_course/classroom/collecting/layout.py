"""Who a file belongs to, by where it lies: nbgrader's folders, a learning platform's, or none.

A person chooses the names below the folder that their work is put into, so these never say whose it is: the owner is
always told at one depth, the outermost that can be.
"""

import re
from dataclasses import dataclass

from .assignments import contained, left_of
from .files import EMPTY, File, UnreadableFile
from .gradescope import SUBMITTERS, read_submitters
from .people import cleaned
from .platforms import Export, Owner

NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # the last two are what browsers make of the first
SUBMITTED, INBOUND = "submitted", "inbound"  # of nbgrader: what was collected, and what the exchange holds
BESIDE_SUBMITTED = {"source", "release", "autograded", "feedback"}
BESIDE_INBOUND = {"outbound", "feedback"}
# What people hand in instead of a notebook: what it can be exported to, or packed into.
INSTEAD = (".py", ".html", ".htm", ".pdf", ".docx", ".doc", ".odt", ".zip", ".tar.gz", ".tar", ".rar", ".7z")
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".yml", ".yaml", ".db", ".log")
WRITTEN_BY_US = {"grading.jsonl", "grades.json", "report.html"}  # grading puts all of them into one folder
FOLDERS_BY_US = ("feedback", "gradescope", "moodle")


@dataclass(frozen=True)
class Handed:
    """A file, and who handed it in.

    Attributes
    ----------
    file : File
    owner : Owner
    name : str
        What its owner called it.
    folders : tuple of str
        In the owner's folder, those that it lies in, the nearest first.
    around : tuple of str
        What else may name the assignment: what the platform calls it, and the folders around the owner's.
    """

    file: File
    owner: Owner
    name: str
    folders: tuple
    around: tuple

    @property
    def is_notebook(self):
        """Whether it is a notebook, or a folder in which there may be one but that could not be looked into."""
        return is_notebook(self.name) or not (self.name or self.file.empty)

    @property
    def said(self):
        """What it is, in words for the teacher."""
        return "an empty folder" if self.file.empty else self.owner.typed or f"`{cleaned(self.name)}`"


def is_notebook(name):
    """Whether a file's name is that of a notebook, perhaps as a browser changed it."""
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def stem_of(name):
    """A file's name without its ending."""
    endings = (*NOTEBOOK_ENDINGS, ".tar.gz")
    ending = next((ending for ending in endings if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)] if ending else re.sub(r"(?<=.)\.\w{1,8}$", "", name)


def handed_in(files, root):
    """Who handed in which of the files.

    Every file counts if a platform or nbgrader names its owner. Where people chose the names of folders and files, a
    file that is not a notebook counts if it has the same form as the notebooks: it lies in a folder beside the folders
    of others, or is called ``ada_04_gates.py`` beside ``boris_04_gates.ipynb``. So nobody is forgotten who handed in
    something other than a notebook.

    Parameters
    ----------
    files : list of File
    root : pathlib.Path
        The folder or zip that they are in.

    Returns
    -------
    list of Handed
    """
    root = root.resolve()
    files = _without_ours(files)
    known = [file.parts for file in files if not file.astray]
    notebooks = [parts for parts in known if is_notebook(parts[-1])] or known
    base, strict = _base(notebooks, known)
    outside = _outside(root, notebooks)
    if outside is not None:
        base, strict = (), True
    placed = list(_placed(files, base, strict, outside or (), root))
    firsts = {folders[0] for _, folders, *_ in placed if folders}
    export = Export.of(firsts, [name for _, folders, name, _ in placed if not folders], _submitters(placed))
    placed += [(_missing(folder), [folder], "", []) for folder in sorted(export.submitters.keys() - firsts)]

    handed, others, forms = [], [], set()
    for file, folders, name, around in placed:
        if file.astray:
            owner = Owner(name, platform=False)
        elif folders:
            owner = None if strict else export.of_folder(folders[0])
            owner = owner or Owner(folders[0], platform=strict)
        else:
            owner = export.of_file(name) or _by_file_name(stem_of(name), root)
        found = Handed(file, owner, owner.file or name, tuple(folders[:0:-1]), (owner.assignment, *around))
        form = "folders" if folders else "files"
        if owner.platform or found.is_notebook:
            handed.append(found)
            if not (owner.platform or file.astray or owner.note):
                forms.add(form)
        elif not file.astray and file.parts[: len(base)] == base and (folders or _is_instead(name)):
            others.append((form, found))
    return handed + [found for form, found in others if form in forms]


def _placed(files, base, strict, outside, root):
    """Each file with the folders from its owner's on, its name, and the folders around, the nearest first."""
    alone = strict or base[-1:] == (INBOUND,)
    inside = [file for file in files if file.parts[: len(base)] == base]
    beside = [] if alone else [file for file in files if file.parts[: len(base)] != base]
    for those, start in ((inside, len(base)), (beside, 0)):
        for file in those:
            *folders, name = file.parts[start:]
            folders = [*outside, *folders]
            around = [*base[::-1], root.name if root.is_dir() else root.stem]
            if not strict and folders and _is_lesson(folders[0]):
                around.insert(0, folders.pop(0))
            yield file, folders, name, around


def _by_file_name(stem, root):
    if left := left_of(stem):
        return Owner(left, platform=False)
    note = (
        f"The file's name holds no student; it is listed under the name of the {'folder' if root.is_dir() else 'zip'}."
    )
    return Owner(root.name if root.is_dir() else root.stem, note=note, platform=False)


def _is_instead(name):
    """Whether a file beside the notebooks of a class looks like what somebody handed in, and not like the teacher's."""
    if contained(stem_of(name)):
        return bool(left_of(stem_of(name))) and not name.lower().endswith(TABLES)
    return name.lower().endswith(INSTEAD)


def _without_ours(files):
    """The files without what an earlier grading wrote among them."""
    here = {file.parts for file in files if file.parts[-1] in WRITTEN_BY_US}
    ours = {parts[:-1] for parts in here if all((*parts[:-1], name) in here for name in WRITTEN_BY_US)}
    if not ours:
        return files
    if () in ours:  # they were written right into the folder of the submissions
        ours |= {(folder,) for folder in FOLDERS_BY_US}
    return [
        file
        for file in files
        if is_notebook(file.parts[-1]) or not any(file.parts[:depth] in ours for depth in range(1, len(file.parts)))
    ]


def _missing(folder):
    """Stands for a submission that Gradescope names and of which its export holds no file."""

    def read():
        raise UnreadableFile(EMPTY)

    return File((folder, ""), read, empty=True)


def _outside(root, notebooks):
    """The owner's folder and the assignment's, where `root` is one of these in nbgrader's layout; else None."""
    if not root.is_dir():
        return None
    if root.name == SUBMITTED:
        return ()
    if root.parent.name == SUBMITTED and all(len(parts) > 1 and _is_lesson(parts[0]) for parts in notebooks):
        return (root.name,)
    if root.parent.parent.name == SUBMITTED and _is_lesson(root.name):
        return (root.parent.name, root.name)
    return None


def _base(notebooks, known):
    """The folders around the owners' folders or files, and whether these are nbgrader's."""
    base = ()
    while True:
        below = [parts[len(base) :] for parts in notebooks if parts[: len(base)] == base]
        firsts = {parts[0] for parts in below if len(parts) > 1}
        folders = {parts[len(base)] for parts in known if parts[: len(base)] == base and len(parts) > len(base) + 1}
        if SUBMITTED in folders and (firsts == {SUBMITTED} or folders & BESIDE_SUBMITTED):
            return (*base, SUBMITTED), True
        if INBOUND in folders and folders & BESIDE_INBOUND:
            return (*base, INBOUND), False
        if len(firsts) != 1 or any(len(parts) == 1 for parts in below):
            return base, False
        if not _is_wrapper(*firsts, [parts[1:] for parts in below]):
            return base, False
        base = (*base, *firsts)


def _is_wrapper(folder, below):
    """Whether the only folder there is lies around those of several people, and is not one person's."""
    if _is_lesson(folder) or _is_owners(folder):
        return False
    names = [parts[0] for parts in below if len(parts) == 1]
    if names:
        told = [contained(stem_of(name)) or Export().of_file(name) for name in names]
        return all(left_of(stem_of(name)) for name in names) and (len(names) > 1 or any(told))
    inner = {parts[0] for parts in below}
    if any(map(_is_lesson, inner)):
        return False
    return (
        len(inner) > 1
        or inner in ({SUBMITTED}, {INBOUND})
        or any(map(_is_owners, inner))
        or any(len(parts) > 2 and _is_lesson(parts[1]) for parts in below)
    )


def _is_lesson(folder):
    return contained(folder) != "" and not left_of(folder)


def _is_owners(folder):
    return Export().of_folder(folder) is not None


def _submitters(placed):
    """Read from Gradescope's own file beside the submissions; one of that name inside a submission is somebody's."""
    for file, folders, name, _ in placed:
        if not folders and name == SUBMITTERS:
            try:
                return file.read(read_submitters)
            except UnreadableFile:
                break
    return {}

"""Who submitted a file, by the folder that it is in: nbgrader's, a learning platform's, or any other.

Students choose the names inside the folder that their work is put into, so these names never tell whose work it is: the
owner is always named at one depth, the outermost possible.
"""

import re
from dataclasses import dataclass

from .files import File, UnreadableFile, empty_folder
from .gradescope import SUBMITTERS, read_submitters
from .people import cleaned
from .platforms import Export, Owner

NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # browsers save the first as one of the others
SUBMITTED, INBOUND = "submitted", "inbound"  # nbgrader's folders: what was collected, and what the exchange received
BESIDE_SUBMITTED = {"source", "release", "autograded", "feedback"}
BESIDE_INBOUND = {"outbound", "feedback"}
# What people submit instead of a notebook: what it can be exported to, or packed into.
INSTEAD = (".py", ".html", ".htm", ".pdf", ".docx", ".doc", ".odt", ".zip", ".tar.gz", ".tar", ".rar", ".7z")
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".yml", ".yaml", ".db", ".log")
WRITTEN_BY_US = {"grading.jsonl", "grades.json", "report.html"}  # grading writes all of them into one folder
FOLDERS_BY_US = ("feedback", "gradescope", "moodle")


@dataclass(frozen=True)
class SubmittedFile:
    """A file, and who submitted it.

    Attributes
    ----------
    entry : File
        As it is listed in the folder or zip.
    owner : Owner
    name : str
        The owner's name for the file.
    folders : tuple of str
        The folders around the file inside the owner's folder, the innermost first.
    outer_names : tuple of str
        Other names that may identify the exercise: the platform's name for it, and the folders around the owner's.
    """

    entry: File
    owner: Owner
    name: str
    folders: tuple
    outer_names: tuple

    @property
    def time(self):
        """Increases from one file of the owner to the next, as far as platform and file system tell."""
        return self.owner.attempt, self.owner.upload, self.entry.time

    @property
    def is_notebook(self):
        """Whether it is a notebook, or a folder that may contain one but could not be read."""
        return is_notebook(self.name) or not (self.name or self.entry.empty)

    @property
    def description(self):
        """What it is, in words for the teacher."""
        return "an empty folder" if self.entry.empty else self.owner.typed or f"`{cleaned(self.name)}`"


def is_notebook(name):
    """Whether a file's name is that of a notebook, perhaps as a browser changed it."""
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def stem_of(name):
    """A file's name without its ending."""
    endings = (*NOTEBOOK_ENDINGS, ".tar.gz")
    ending = next((ending for ending in endings if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)] if ending else re.sub(r"(?<=.)\.\w{1,8}$", "", name)


def submitted_files(files, root, exercises):
    """The files that were submitted, each with its owner.

    Every file counts if a platform or nbgrader names its owner. Where people chose the names of folders and files, a
    file that is not a notebook counts if it is stored as the notebooks are: in a folder beside other students' folders,
    or as ``ada_04_gates.py`` beside ``boris_04_gates.ipynb``. So nobody is forgotten who submitted something other than
    a notebook.

    Parameters
    ----------
    files : list of File
    root : pathlib.Path
        The folder or zip that contains them.
    exercises : Exercises

    Returns
    -------
    list of SubmittedFile
    """
    return _Layout(files, root.resolve(), exercises).submitted_files()


@dataclass(frozen=True)
class _Placed:
    """A file with its path, split at the folder that names the owner."""

    entry: File
    folders: list  # the owner's folder and those inside it, the outermost first; empty if the file names the owner
    name: str
    outer_names: list  # the folders around the owner's, the innermost first


class _Layout:
    """How the files of a class are stored: which folders are around the owners' folders or files."""

    def __init__(self, files, root, exercises):
        self._root, self._exercises = root, exercises
        self._root_name = root.name if root.is_dir() else root.stem
        self._files = _without_our_own(files)
        self._paths = [file.parts for file in self._files if not file.astray]
        self._notebooks = [path for path in self._paths if is_notebook(path[-1])] or self._paths
        self._base, self._is_nbgraders = self._find_base()
        outside = self._nbgrader_folders_outside()
        if outside is not None:
            self._base, self._is_nbgraders = (), True
        self._outside = outside or ()

    def submitted_files(self):
        placed = list(self._placed())
        owner_folders = {each.folders[0] for each in placed if each.folders}
        single_files = [each.name for each in placed if not each.folders]
        export = Export.of(owner_folders, single_files, _gradescope_submitters(placed), self._exercises)
        without_files = sorted(export.submitters.keys() - owner_folders)
        placed += [_Placed(empty_folder((name,)), [name], "", []) for name in without_files]

        submitted, others, ways_of_storing = [], [], set()
        for each in placed:
            owner = self._owner(each, export)
            submitted_file = SubmittedFile(
                entry=each.entry,
                owner=owner,
                name=owner.file or each.name,
                folders=tuple(each.folders[:0:-1]),
                outer_names=(owner.assignment, *each.outer_names),
            )
            in_folder = bool(each.folders)
            if owner.platform or submitted_file.is_notebook:
                submitted.append(submitted_file)
                if not (owner.platform or each.entry.astray or owner.note):
                    ways_of_storing.add(in_folder)
            elif not each.entry.astray and self._is_in_base(each.entry) and (in_folder or self._is_instead(each.name)):
                others.append((in_folder, submitted_file))
        return submitted + [file for in_folder, file in others if in_folder in ways_of_storing]

    def _placed(self):
        """Each file that may have been submitted, those in the base first."""
        for inside in (True, False):
            start = len(self._base) if inside else 0
            for file in self._files:
                if self._is_in_base(file) != inside:
                    continue
                if not inside and (self._is_nbgraders or self._base[-1:] == (INBOUND,)):
                    continue  # it was not submitted
                *folders, name = file.parts[start:]
                folders = [*self._outside, *folders]
                outer_names = [*self._base[::-1], self._root_name]
                if not self._is_nbgraders and folders and self._exercises.is_name(folders[0]):
                    outer_names.insert(0, folders.pop(0))
                yield _Placed(file, folders, name, outer_names)

    def _is_in_base(self, file):
        return file.parts[: len(self._base)] == self._base

    def _owner(self, placed, export):
        if placed.entry.astray:
            return Owner(placed.name, platform=False)
        if placed.folders:
            owner = None if self._is_nbgraders else export.of_folder(placed.folders[0])
            return owner or Owner(placed.folders[0], platform=self._is_nbgraders)
        return export.of_file(placed.name) or self._owner_in_name(stem_of(placed.name))

    def _owner_in_name(self, stem):
        if name := self._exercises.left_of(stem):
            return Owner(name, platform=False)
        kind = "folder" if self._root.is_dir() else "zip"
        note = f"The file's name does not contain a student's name, so it is listed under the name of the {kind}."
        return Owner(self._root_name, note=note, platform=False)

    def _is_instead(self, name):
        """Whether a file beside the notebooks of a class was probably submitted, and is not the teacher's own."""
        stem = stem_of(name)
        if self._exercises.contained(stem):
            return bool(self._exercises.left_of(stem)) and not name.lower().endswith(TABLES)
        return name.lower().endswith(INSTEAD)

    def _nbgrader_folders_outside(self):
        """If the root is in nbgrader's folder of submissions, the owner's folder and the assignment's; else None."""
        root, is_exercise = self._root, self._exercises.is_name
        if not root.is_dir():
            return None
        if root.name == SUBMITTED:
            return ()
        if root.parent.name == SUBMITTED and all(len(path) > 1 and is_exercise(path[0]) for path in self._notebooks):
            return (root.name,)
        if root.parent.parent.name == SUBMITTED and is_exercise(root.name):
            return (root.parent.name, root.name)
        return None

    def _find_base(self):
        """The folders around the owners' folders or files, and whether they are nbgrader's."""
        base = ()
        while True:
            below = [path[len(base) :] for path in self._notebooks if path[: len(base)] == base]
            with_notebooks = {path[0] for path in below if len(path) > 1}
            folders = {
                path[len(base)] for path in self._paths if path[: len(base)] == base and len(path) > len(base) + 1
            }
            if SUBMITTED in folders and (with_notebooks == {SUBMITTED} or folders & BESIDE_SUBMITTED):
                return (*base, SUBMITTED), True
            if INBOUND in folders and folders & BESIDE_INBOUND:
                return (*base, INBOUND), False
            if len(with_notebooks) != 1 or any(len(path) == 1 for path in below):
                return base, False
            if not self._is_around_owners(*with_notebooks, [path[1:] for path in below]):
                return base, False
            base = (*base, *with_notebooks)

    def _is_around_owners(self, folder, below):
        """Whether a folder that contains all notebooks, at these paths, is the class's and not one person's."""
        if self._exercises.is_name(folder) or _is_platforms(folder):
            return False
        names = [path[0] for path in below if len(path) == 1]
        if names:
            if not all(self._exercises.left_of(stem_of(name)) for name in names):
                return False
            return len(names) > 1 or bool(self._exercises.contained(stem_of(names[0])) or Export().of_file(names[0]))
        inner = {path[0] for path in below}
        if any(map(self._exercises.is_name, inner)):
            return False
        return (
            len(inner) > 1
            or inner in ({SUBMITTED}, {INBOUND})
            or any(map(_is_platforms, inner))
            or any(len(path) > 2 and self._exercises.is_name(path[1]) for path in below)
        )


def _is_platforms(folder):
    return Export().of_folder(folder) is not None


def _without_our_own(files):
    """The files without what an earlier grading wrote among them."""
    marks = {file.parts for file in files if file.parts[-1] in WRITTEN_BY_US}
    ours = {path[:-1] for path in marks if all((*path[:-1], name) in marks for name in WRITTEN_BY_US)}
    if not ours:
        return files
    if () in ours:  # they were written into the folder of the submissions itself
        ours |= {(folder,) for folder in FOLDERS_BY_US}
    return [
        file
        for file in files
        if is_notebook(file.parts[-1]) or not any(file.parts[:depth] in ours for depth in range(1, len(file.parts)))
    ]


def _gradescope_submitters(placed):
    """From Gradescope's file beside the submissions; a file of that name inside a submission is a student's."""
    for each in placed:
        if not each.folders and each.name == SUBMITTERS:
            try:
                return each.entry.read(read_submitters)
            except UnreadableFile:
                break
    return {}

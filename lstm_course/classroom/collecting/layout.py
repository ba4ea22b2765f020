"""Who a file belongs to, by where it lies: nbgrader's folders, a learning platform's, or none.

A person chooses the names below the folder that their work is put into, so these never say whose it is: the owner is
always told at one depth, the outermost that can be.
"""

from dataclasses import dataclass

from . import platforms
from .assignments import contained, left_of
from .files import File, UnreadableFile
from .platforms import Owner

NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # the last two are what browsers make of the first
SUBMITTED = "submitted"
BESIDE_SUBMITTED = {"source", "release", "autograded", "feedback"}


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
        return is_notebook(self.name)


def is_notebook(name):
    """Whether a file's name is that of a notebook, perhaps as a browser changed it."""
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def stem_of(name):
    """A notebook's name without its ending."""
    ending = next((ending for ending in NOTEBOOK_ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def handed_in(files, root):
    """Who handed in which of the files.

    Files that are no notebooks are among them only where their owner is certain, so that somebody who handed in
    something else is not forgotten.

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
    notebooks = [file.parts for file in files if is_notebook(file.parts[-1]) and not file.astray]
    base, strict = _base(notebooks)
    outside = _outside(root, notebooks)
    if outside is not None:
        base, strict = (), True
    inside = [(file, file.parts[len(base) :]) for file in files if file.parts[: len(base)] == base]
    beside = [] if strict else [(file, file.parts) for file in files if file.parts[: len(base)] != base]
    flat = [parts[0] for _, parts in inside if len(parts) == 1 and is_notebook(parts[0])]
    usernames = platforms.blackboard_usernames(flat)
    canvas = 2 * sum(map(platforms.is_canvas, flat)) >= len(flat)
    submitters = _submitters(inside)
    whole = root.name if root.is_dir() else root.stem

    handed = []
    for file, (*folders, name) in inside + beside:
        folders = [*(outside or ()), *folders]
        around = [*base[::-1], whole]
        if not strict and folders and _is_lesson(folders[0]):
            around.insert(0, folders.pop(0))
        if file.astray:
            owner = Owner(name, platform=False)
        elif folders:
            owner = None if strict else platforms.of_folder(folders[0], submitters)
            owner = owner or Owner(folders[0], platform=strict)
        else:
            owner = platforms.of_file(name, usernames) if canvas or not platforms.is_canvas(name) else None
            owner = owner or _by_file_name(stem_of(name), root)
        own_name = owner.file or name
        if owner.platform or is_notebook(own_name) or not name:
            handed.append(Handed(file, owner, own_name, tuple(folders[:0:-1]), (owner.assignment, *around)))
    return handed


def _by_file_name(stem, root):
    if left := left_of(stem):
        return Owner(left, platform=False)
    note = (
        f"The file's name holds no student; it is listed under the name of the {'folder' if root.is_dir() else 'zip'}."
    )
    return Owner(root.name if root.is_dir() else root.stem, note=note, platform=False)


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


def _base(notebooks):
    """The folders around the owners' folders or files, and whether these are nbgrader's."""
    base = ()
    while True:
        below = [parts[len(base) :] for parts in notebooks if parts[: len(base)] == base]
        firsts = {parts[0] for parts in below if len(parts) > 1}
        if SUBMITTED in firsts and (firsts == {SUBMITTED} or firsts & BESIDE_SUBMITTED):
            return (*base, SUBMITTED), True
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
        told = [contained(stem_of(name)) or platforms.of_file(name, {}) for name in names]
        return all(left_of(stem_of(name)) for name in names) and (len(names) > 1 or any(told))
    inner = {parts[0] for parts in below}
    if any(map(_is_lesson, inner)):
        return False
    return (
        len(inner) > 1
        or inner == {SUBMITTED}
        or any(map(_is_owners, inner))
        or any(len(parts) > 2 and _is_lesson(parts[1]) for parts in below)
    )


def _is_lesson(folder):
    return contained(folder) != "" and not left_of(folder)


def _is_owners(folder):
    return platforms.of_folder(folder, {}) is not None


def _submitters(inside):
    """Read from Gradescope's own file beside the submissions; one of that name inside a submission is somebody's."""
    for file, parts in inside:
        if parts == (platforms.SUBMITTERS,):
            try:
                return platforms.read_submitters(file.read())
            except UnreadableFile:
                break
    return {}

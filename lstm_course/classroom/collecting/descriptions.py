"""What the teacher is told about files of a submission that are not judged."""

from .people import cleaned
from .platforms import BLACKBOARDS_NOTE

NO_EXERCISE = (
    "It could not be identified as an exercise of this course by its metadata, its folder, its name or its cells."
)
MOST_LISTED = 5


def not_judged(passed_over, stem):
    """Notes on the notebooks of a student that do not count for an exercise.

    Parameters
    ----------
    passed_over : list of (SubmittedFile, str)
        Each with the reason why it could not be read, or an empty one.
    stem : str
        Of the exercise, or empty.
    """
    readable = [file for file, problem in passed_over if not problem]
    if stem and readable:
        yield f"Of {len(readable) + 1} notebooks for {stem} this one counts; not judged: {_paths(readable)}."
    yield from unreadable(passed_over)


def unreadable(passed_over):
    """Notes on the notebooks among these that could not be read."""
    problems = [(file, problem) for file, problem in passed_over if problem]
    for file, problem in problems[:MOST_LISTED]:
        yield f"Another file, {_paths([file])}, could not be read. {problem}"


def no_notebook(files):
    """The problem of a submission that consists of these files."""
    return f"No notebook (.ipynb) was submitted, only {_listed(files)}."


def attempts_without_notebook(counted, files, notebooks):
    """Notes on attempts that contain no notebook.

    Parameters
    ----------
    counted : int
        The attempt that counts.
    files, notebooks : list of SubmittedFile
    """
    with_notebook = {file.owner.attempt for file in notebooks}
    files = [file for file in files if file.owner.attempt not in with_notebook]
    later = [file for file in files if file.owner.attempt > counted]
    earlier = [file for file in files if file.owner.attempt < counted]
    if later:
        yield f"A later attempt contains {_listed(later)}, but no notebook."
    if earlier:
        yield f"An earlier attempt contains {_listed(earlier)}, but no notebook."


def typed_texts(files):
    """A remark if a text was typed on the platform besides the notebook; it may be meant for the teacher."""
    typed = [file for file in files if file.owner.typed not in ("", BLACKBOARDS_NOTE)]
    if typed:
        yield f"Besides the notebook there is {_listed(typed)}, which is not judged."


def _listed(files):
    """The files in words, typed texts last. Blackboard's note comes with every attempt; it is named only if alone."""
    typed = {file.description: bool(file.owner.typed) for file in files}
    listed = sorted(typed, key=lambda description: (typed[description], description))
    listed = [description for description in listed if description != BLACKBOARDS_NOTE] or listed
    if len(listed) > MOST_LISTED:
        listed[MOST_LISTED:] = [f"{len(listed) - MOST_LISTED} more"]
    return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))


def _paths(files):
    shown = ", ".join(f"`{cleaned('/'.join(file.entry.parts), 200)}`" for file in files[:MOST_LISTED])
    return shown + (f" and {len(files) - MOST_LISTED} more" if len(files) > MOST_LISTED else "")

"""The course's own answer to a question, read from the solved notebook so that it is written only once."""

import json
import re

from lstm_course import lessons, questions


def solution_text(question_id):
    """The course's own answer.

    Parameters
    ----------
    question_id : str

    Returns
    -------
    str
        Python code, or for a choice its letter with the reason.

    Raises
    ------
    ValueError
        If there is no such question.
    FileNotFoundError
        If the course's notebooks are not beside the package.
    """
    question = questions.find(question_id)
    if isinstance(question, questions.Choice):
        option = question.options[question.right]
        return f"{question.right}: {option.text}\n\n{option.why}"
    lesson = lessons.find(question.id.partition("-")[0])
    path = lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == question.id:
            source = "".join(cell["source"])
            return re.sub(r"^[ \t]*### (BEGIN|END) SOLUTION\n?", "", source, flags=re.MULTILINE).strip()
    raise ValueError(f"question: the solved notebook {path.name} has no answer to {question_id!r}")

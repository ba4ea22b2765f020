"""Writing the judged submissions to where nbgrader's formgrader looks for them, so that they can be marked there.

Formgrader shows a submission, and generates feedback for it, only if its notebook is in ``autograded/``. The notebook
written here is the course's own exercise with the learner's code and, below each check, the judge's verdict. Nothing is
run, and the notebook contains none of the learner's outputs, pictures or texts, which a browser would show as HTML.
Beside it lies what nbgrader's exchange put into the submission, so that it can return the feedback to its owner.
"""

import json
from functools import cache

from lstm_course import files, lessons
from lstm_course.grading import cards

from .gradebook import gradebook_file, session_of, unfit
from .gradebook_rows import CHECK, GradebookError

# What a submission through the exchange holds besides notebooks: when it was made, and under which name its feedback
# is released.
OF_THE_EXCHANGE = ("timestamp.txt", "submission_secret.txt")


def lay_out(submissions, grades, path):
    """Write a notebook for each grade into ``autograded/`` beside the gradebook, replacing any earlier one.

    Parameters
    ----------
    submissions : iterable of Submission
    grades : iterable of Grade
        The grades of these submissions, in the same order. They have already been written to the gradebook.
    path : str or pathlib.Path
        As for `write_gradebook`.

    Returns
    -------
    int
        How many notebooks were written. There is none for a grade that the gradebook could not store.

    Raises
    ------
    GradebookError
        If the gradebook cannot be read, or a notebook cannot be written.
    """
    file = gradebook_file(path)
    folders, count = _folders(file), 0
    for submission, grade in zip(submissions, grades, strict=True):
        if unfit(grade) or grade.assignment not in folders:
            continue
        page = file.parent / "autograded" / grade.student / folders[grade.assignment] / f"{grade.assignment}.ipynb"
        try:
            page.parent.mkdir(parents=True, exist_ok=True)
            files.write(page, _page(submission.notebook, grade))
            submitted = file.parent / "submitted" / grade.student / folders[grade.assignment]
            for name in OF_THE_EXCHANGE:
                note = submitted / name
                if note.is_file() and not note.is_symlink() and note.stat().st_size < 1000:
                    files.write(page.parent / name, note.read_bytes())
        except OSError as problem:
            raise GradebookError(f"{page}: the notebook for formgrader cannot be written ({problem}).") from None
        count += 1
    return count


def _folders(file):
    """The name of the folder, which is nbgrader's name of the assignment, for each exercise."""
    with session_of(file) as session:
        from nbgrader import api

        pairs = session.query(api.Notebook.name, api.Assignment.name).select_from(api.Notebook).join(api.Assignment)
        pairs = {tuple(pair) for pair in pairs}
    return {stem: stem if (stem, stem) in pairs else name for stem, name in pairs}


def _page(submitted, grade):
    """The text of the notebook to write."""
    notebook = json.loads(_exercise(grade.assignment))
    questions = {question.id: question for question in grade.questions}
    provided = {_roles(cell)["grade_id"] for cell in notebook["cells"] if _roles(cell).get("locked")}
    answers, other_code = _written(submitted, provided, {_roles(cell).get("grade_id") for cell in notebook["cells"]})

    cells, answer = [], ""
    for cell in notebook["cells"]:
        name = _roles(cell).get("grade_id", "")
        if _roles(cell).get("solution"):
            cell["source"] = answers.pop(name, cell["source"])
        elif _roles(cell).get("grade"):
            cell["outputs"] = _verdict_output(questions.get(name.removeprefix(CHECK)), grade)
        cells.append(cell)
        if cell["cell_type"] == "code":
            answer = name or answer
            cells += [_code(source) for source in other_code.pop(answer, [])]
    for name, question in questions.items():  # of a teacher's own exercise, which has no cells yet
        if name in answers or not any(_roles(cell).get("grade_id") == CHECK + name for cell in cells):
            cells.append(_code(answers.pop(name, ""), grade_id=name, solution=True, locked=False))
            check = _code("", grade_id=CHECK + name, grade=True, points=question.possible)
            cells.append(check | {"outputs": _verdict_output(question, grade)})
    cells += [_code(source) for rest in (*other_code.values(), answers.values()) for source in rest]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return json.dumps(notebook | {"cells": cells}, indent=1)


@cache
def _exercise(stem):
    if any(lesson.stem == stem for lesson in lessons.LESSONS):
        return (lessons.course_root() / "exercises" / f"{stem}.ipynb").read_text(encoding="utf-8")
    return json.dumps({"cells": [], "metadata": {"kernelspec": lessons.KERNEL}, "nbformat": 4, "nbformat_minor": 5})


def _written(submitted, provided, known):
    """The learner's code: answers by question, and other cells in a list by the cell of the exercise before them."""
    answers, other_code, preceding = {}, {}, ""
    for cell in submitted.cells if submitted else ():  # where there is none, the grade says why
        if cell.cell_type != "code" or cell.is_check:
            continue
        if cell.grade_id in known:
            preceding = cell.grade_id
        if cell.grade_id in provided:
            continue
        # JSON can hold lone surrogates, which cannot be written in UTF-8.
        source = cell.source.encode("utf-8", "replace").decode("utf-8")
        if cell.grade_id and cell.grade_id not in answers:
            answers[cell.grade_id] = source
        else:
            other_code.setdefault(preceding, []).append(source)
    return answers, other_code


def _roles(cell):
    return cell["metadata"].get("nbgrader", {})


def _verdict_output(question, grade):
    """The verdict as printed output, which every front end shows as plain text."""
    if question is None:
        text = f"Could not be judged. {' '.join(grade.notes)}"
    else:
        heading = cards.HEADINGS.get(question.verdict, ("", "Could not be judged"))[1]
        text = f"{heading} · {question.judged:g} of {question.possible:g} points\n{cards.plain(question.message)}"
    return [{"output_type": "stream", "name": "stdout", "text": text.rstrip() + "\n"}]


def _code(source, **roles):
    """A code cell, with nbgrader's metadata if roles are given."""
    metadata = {}
    if roles:
        no_role = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3}
        metadata = {"nbgrader": no_role | roles}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}

"""The rows of nbgrader's gradebook: exercises and their cells, submissions, scores and comments.

All functions use the session they are given and commit nothing. They read and write thousands of rows at a time,
because a class has tens of thousands.
"""

import json
from collections import Counter

from lstm_course import lessons

from ..records import REVIEW, UNJUDGED, UNREADABLE

CHECK = "check-"  # a check cell is named after its question with this prefix, and the answer's cell without it
OWN_COURSE = "default_course"  # nbgrader's name for a course that has none


class GradebookError(ValueError):
    """The gradebook cannot be read or written; the message gives the reason in one sentence."""


def notebook_of(session, stem, grades, notes):
    """The exercise in the gradebook, with a cell for each question that was judged.

    Points that have changed are updated, as ``nbgrader generate_assignment`` would do.
    """
    from nbgrader import api

    notebooks = session.query(api.Notebook).filter_by(name=stem).all()
    notebooks = [notebook for notebook in notebooks if notebook.assignment.name == stem] or notebooks
    if len(notebooks) > 1:
        names = ", ".join(sorted(notebook.assignment.name for notebook in notebooks))
        raise GradebookError(f"{stem}: the gradebook has this notebook in several assignments ({names}); wanted one.")
    notebook = notebooks[0] if notebooks else _add_notebook(session, stem)
    cells = {cell.name.removeprefix(CHECK): cell for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    for question, points in _points(grades).items():
        if question not in cells:
            session.add(api.GradeCell(name=CHECK + question, notebook=notebook, max_score=points, cell_type="code"))
        elif cells[question].max_score != points:
            if notebooks:
                previous = cells[question].max_score
                notes.append(
                    f"{stem}: {question} is now worth {points:g} points; in the gradebook it was {previous:g}."
                )
            cells[question].max_score = points
        if question not in answers:
            session.add(api.SolutionCell(name=question, notebook=notebook))
    session.flush()
    return notebook


def _points(grades):
    """The points of each question. Versions of an exercise may disagree, but nbgrader has one number for all."""
    possible = {}
    for grade in grades:
        for question in grade.questions:
            possible.setdefault(question.id, []).append(float(question.possible))
    return {question: Counter(points).most_common(1)[0][0] for question, points in possible.items()}


def _add_notebook(session, stem):
    """The exercise as ``nbgrader generate_assignment`` enters it from the solved notebook.

    For a teacher's own assignment no solved notebook is known, so its cells are made from the questions that were
    judged.
    """
    import nbformat
    from nbgrader import api, preprocessors, utils

    if any(lesson.stem == stem for lesson in lessons.LESSONS):
        source = nbformat.read(lessons.course_root() / "solutions" / f"{stem}.ipynb", as_version=4)
    else:
        source = nbformat.v4.new_notebook(metadata={"kernelspec": lessons.KERNEL})
    for step in ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums"):
        source, _ = getattr(preprocessors, step)().preprocess(source, {})

    assignment = session.query(api.Assignment).filter_by(name=stem).one_or_none()
    if assignment is None:
        course = session.query(api.Course.id).filter(api.Course.id != OWN_COURSE).limit(1).scalar()
        assignment = api.Assignment(name=stem, course_id=course or OWN_COURSE)
    notebook = api.Notebook(name=stem, assignment=assignment, kernelspec=json.dumps(source.metadata.kernelspec))
    session.add(notebook)
    for cell in source.cells:
        roles, kind = cell.metadata.get("nbgrader", {}), cell.cell_type
        name = roles.get("grade_id")
        if utils.is_grade(cell):
            session.add(api.GradeCell(name=name, notebook=notebook, max_score=float(roles["points"]), cell_type=kind))
        if utils.is_solution(cell):
            session.add(api.SolutionCell(name=name, notebook=notebook))
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
            details = {"locked": utils.is_locked(cell), "source": cell.source, "checksum": roles.get("checksum")}
            session.add(api.SourceCell(name=name, notebook=notebook, cell_type=kind, **details))
    session.flush()
    return notebook


# --- submissions and scores -------------------------------------------------------------------------------------


def add_submissions(session, notebook, students, submitted):
    """Add the rows that the gradebook lacks for each student's submission, for all notebooks of the assignment, as
    nbgrader expects; returns how many submissions are new."""
    from nbgrader import api

    assignment = notebook.assignment
    known = {name for (name,) in session.query(api.Student.id)}
    _insert(session, api.Student, [{"id": student} for student in students if student not in known])

    existing = dict(_rows(session, api.SubmittedAssignment, "student_id", "id", assignment_id=assignment.id))
    new = {student: api.new_uuid() for student in students if student not in existing}
    rows = [{"id": key, "student_id": student, "assignment_id": assignment.id} for student, key in new.items()]
    _insert(session, api.SubmittedAssignment, rows)
    keys = {student: (existing | new)[student] for student in students}
    _set_timestamps(session, keys, submitted, assignment.name)

    for one in assignment.notebooks:
        pages = dict(_rows(session, api.SubmittedNotebook, "assignment_id", "id", notebook_id=one.id))
        rows = [
            {"id": api.new_uuid(), "assignment_id": submission, "notebook_id": one.id}
            for submission in keys.values()
            if submission not in pages
        ]
        _insert(session, api.SubmittedNotebook, rows)
        pages |= {row["assignment_id"]: row["id"] for row in rows}
        for model, cells in (
            (api.Grade, [*one.grade_cells, *one.task_cells]),
            (api.Comment, [*one.solution_cells, *one.task_cells]),
        ):
            present = session.query(model.notebook_id, model.cell_id)
            present = set(map(tuple, present.filter(model.cell_id.in_([cell.id for cell in cells]))))
            wanted = {(pages[submission], cell.id) for submission in keys.values() for cell in cells}
            rows = [{"id": api.new_uuid(), "notebook_id": page, "cell_id": cell} for page, cell in wanted - present]
            _insert(session, model, rows)
    return len(new)


def _set_timestamps(session, submissions, submitted, assignment):
    """Set when each was handed in, if nbgrader's folder says so. Without this, formgrader would treat a submission that
    came through the exchange as not graded."""
    from nbgrader import api, utils

    rows = []
    for student, key in submissions.items():
        try:
            written = (submitted / student / assignment / "timestamp.txt").read_text(encoding="utf-8").strip()
            rows.append({"id": key, "timestamp": utils.parse_utc(written)})
        except (OSError, ValueError, OverflowError):  # most have no such file, and its content is nbgrader's own
            continue
    _update(session, api.SubmittedAssignment, rows)


def set_scores(session, notebook, grades, notes):
    """Write the judge's points, and the teacher's unless other points were entered in nbgrader, which is noted."""
    from nbgrader import api

    changed = []
    for student, name, row in _marks(session, api.Grade, notebook):
        grade = grades.get(student)
        question = grade and _question(grade, name)
        if not question and not (grade and grade.status == UNREADABLE):
            continue  # another student's, or a cell that a person must mark
        auto = None if not question or question.verdict == UNJUDGED else float(question.judged)
        manual, needs = row.manual_score, auto is None or grade.status == REVIEW
        if manual is not None:  # somebody has marked it, but the answer may have changed since then
            needs = row.needs_manual_grade or auto != row.auto_score
        override = question.override if question else None
        if override is not None and manual is None:
            manual, needs = float(override), False
        elif override is not None and manual != override:
            notes.append(
                f"{_answer_name(grade, name)}: the {manual:g} points entered in nbgrader by hand are kept, "
                f"not replaced by {override:g}."
            )
        values = {"auto_score": auto, "manual_score": manual, "needs_manual_grade": needs}
        changed.append({"id": row.id, **values})
    _update(session, api.Grade, changed)


def set_comments(session, notebook, grades, notes):
    """Write the teacher's comments unless other comments were entered in nbgrader, which is noted."""
    from nbgrader import api

    changed = []
    for student, name, row in _marks(session, api.Comment, notebook):
        grade = grades.get(student)
        question = grade and _question(grade, name)
        if not question:
            continue
        manual = row.manual_comment
        if question.comment and not manual:
            manual = question.comment
        elif question.comment and manual != question.comment:
            notes.append(
                f"{_answer_name(grade, name)}: the comment entered in nbgrader by hand is kept, "
                "not replaced by the one given here."
            )
        # nbgrader's own wording for a blank. The judge's message is left out because nbgrader would show it as HTML.
        auto = "No response." if question.verdict == "blank" else None
        changed.append({"id": row.id, "auto_comment": auto, "manual_comment": manual})
    _update(session, api.Comment, changed)


def _marks(session, model, notebook):
    """The rows of a notebook's grades or comments, with the student and the name of the question.

    They are joined here, because SQLite would scan all grades once for each submission.
    """
    from nbgrader import api

    names = dict(_rows(session, api.BaseCell, "id", "name", notebook_id=notebook.id))
    handed_in = dict(_rows(session, api.SubmittedAssignment, "id", "student_id", assignment_id=notebook.assignment_id))
    pages = dict(_rows(session, api.SubmittedNotebook, "id", "assignment_id", notebook_id=notebook.id))
    rows = session.query(*model.__table__.columns).filter(model.cell_id.in_(list(names))).all()
    marks = [(handed_in[pages[row.notebook_id]], names[row.cell_id].removeprefix(CHECK), row) for row in rows]
    return sorted(marks, key=lambda mark: mark[:2])


def _question(grade, name):
    return next((question for question in grade.questions if question.id == name), None)


def _answer_name(grade, question):
    return f"{grade.student}, {grade.assignment}, {question}"


def _rows(session, model, *columns, **filters):
    return map(tuple, session.query(*(getattr(model, name) for name in columns)).filter_by(**filters))


def _insert(session, model, rows):
    from sqlalchemy import insert

    if rows:
        session.execute(insert(model), rows)


def _update(session, model, rows):
    from sqlalchemy import update

    if rows:
        session.execute(update(model), rows)

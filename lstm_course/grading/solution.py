"""The course's own answer to a question, read from the solved notebook, where it is written only once."""

from lstm_course import questions
from lstm_course.questions import solved


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
        If the folder of the course is not beside the package.
    """
    question = questions.find(question_id)
    if isinstance(question, questions.Choice):
        option = question.options[question.right]
        return f"{question.right}: {option.text}\n\n{option.why}"
    return solved.answer_text(question.id)

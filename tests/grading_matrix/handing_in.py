"""Answers of every kind, as the source text of a notebook that somebody hands in."""

import ast
import json
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

import answers
import mutants

from lstm_course import lessons, questions
from lstm_course.grading.solution import solution_text

LISTED = tomllib.loads((Path(mutants.__file__).parent / "equivalent_mutants.toml").read_text(encoding="utf-8"))
MUTANTS = 8  # of each question


@dataclass(frozen=True)
class Item:
    """One answer: what to write into its cell, and what should come of it.

    `verdict` is the one wanted, or empty for any but right; `mistake` the name by which it should be called.
    """

    label: str
    source: str
    verdict: str = ""
    mistake: str = ""


def items(question):
    """Right ways, known mistakes and mutants of one question, or its letters; always in the same, mixed order."""
    found = [Item("the course's own", _solution(question), "right")]
    ways, name = answers.ANSWERS[question.id], question.name
    if isinstance(question, questions.Choice):
        found += [Item(way, f"{name} = {letter!r}", "right") for way, letter in ways.items()]
        wrong = [letter for letter in question.options if letter != question.right]
        found += [Item(f"letter {letter}", f"{name} = {letter!r}", "wrong") for letter in wrong]
    else:
        found += [Item(way, f"{name} = WAYS[{question.id!r}][{way!r}]", "right") for way in ways]
        for k, mistake in enumerate((*question.mistakes, *question.raising)):
            verdict = "wrong" if k < len(question.mistakes) else "error"
            found.append(
                Item(f"{verdict}: {mistake.name}", f"{name} = MISTAKES[{question.id!r}][{k}]", verdict, mistake.name)
            )
        changed = list(mutants.mutants(solution_text(question.id), name, name_swaps=60))
        changed = [each for each in changed if each[0] not in LISTED.get(question.id, {})]
        found += [Item(change, source) for change, source in random.Random(question.id).sample(changed, MUTANTS)]
    random.Random(question.id).shuffle(found)
    return found


def _solution(question):
    if isinstance(question, questions.Choice):
        return f"{question.name} = {question.right!r}"
    return solution_text(question.id)


def batches(lesson):
    """As few notebooks as hold every item once: for each, an item by question, right and wrong ones side by side."""
    by_question = {question.id: items(question) for question in questions.of_lesson(lesson) if question.points}
    for k in range(max(map(len, by_question.values()))):
        yield {name: found[k % len(found)] for name, found in by_question.items()}


def write(path, lesson, sources, change=None):
    """A solved exercise with these sources in its answer cells; `change` gets the notebook before it is written."""
    file = lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell["source"] = sources[name]
    if change:
        change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def code(source):
    """A code cell that somebody put in."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def with_everything(lesson):
    """A cell that defines WAYS and MISTAKES: the tests and questions of a lesson, as text, since nobody who hands in
    a notebook can read them. They stand apart from the names of the notebook, as some are the same."""
    folder = Path(answers.__file__).parent
    ways = _text(folder / "ways.py") + _text(folder / f"{lesson.slug}.py")
    package = Path(questions.__file__).parent
    parts = [package / "question.py", *package.glob(f"{lesson.slug}_quiz.py"), package / f"{lesson.slug}.py"]
    asked = "".join(map(_text, parts))
    return code(
        f"ways = {{**globals()}}\nexec(compile({ways!r}, '<ways>', 'exec'), ways)\n"
        f"asked = {{**globals()}}\nexec(compile({asked!r}, '<questions>', 'exec'), asked)\n"
        "WAYS = ways['ANSWERS']\n"
        "MISTAKES = {\n"
        "    question.id: [mistake.answer for mistake in (*question.mistakes, *question.raising)]\n"
        "    for question in asked['QUESTIONS'] if hasattr(question, 'mistakes')\n"
        "}"
    )


def _text(path):
    """A module without its imports from its own package, which are other parts of the same text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and (node.level or node.module.startswith("lstm_course.questions")))
    ]
    return ast.unparse(tree) + "\n"

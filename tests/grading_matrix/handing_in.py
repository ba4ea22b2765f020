"""Answers of every kind, as the source text of a notebook that somebody hands in."""

import ast
import functools
import json
import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import answers
import mutants
from trained_mutants import TRAINED

from lstm_course import lessons, questions
from lstm_course.grading.solution import solution_text
from lstm_course.questions.edits import Edited

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


LEFT_BLANK = Item("left blank", "", "blank")


def items(question):
    """Right ways, known mistakes and mutants of one question, or its letters; always in the same, mixed order."""
    return _items(question.id)


@functools.cache
def _items(question_id):
    question = questions.find(question_id)
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
            source = f"{name} = MISTAKES[{question.id!r}][{k}]"
            if isinstance(mistake.answer, Edited):
                source = mistake.answer.source
            found.append(Item(f"{verdict}: {mistake.name}", source, verdict, mistake.name))
        text = solution_text(question.id)
        if question.id in TRAINED:
            changed = [(change, edit.applied_to(text)) for change, edit in TRAINED[question.id].items()]
        else:
            changed = list(mutants.mutants(text, name, name_swaps=60))
            changed = [each for each in changed if each[0] not in LISTED.get(question.id, {})]
        found += [
            Item(change, source)
            for change, source in random.Random(question.id).sample(changed, min(MUTANTS, len(changed)))
        ]
    random.Random(question.id).shuffle(found)
    return found


def _solution(question):
    if isinstance(question, questions.Choice):
        return f"{question.name} = {question.right!r}"
    return solution_text(question.id)


def batches(lesson):
    """As few notebooks as hold every item once: for each, an item by question, right and wrong ones side by side.

    A question with fewer items than notebooks gets them again from the first; or, if they take seconds to train, none.
    """
    by_question = {question.id: items(question) for question in questions.of_lesson(lesson) if question.points}
    for k in range(max(map(len, by_question.values()))):
        yield {
            name: LEFT_BLANK if name in TRAINED and k >= len(tried) else tried[k % len(tried)]
            for name, tried in by_question.items()
        }


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
    return code(
        f"ways = {{**globals()}}\nexec(compile({ways!r}, '<ways>', 'exec'), ways)\n"
        "WAYS = ways['ANSWERS']\n"
        "import sys, types\n"
        f"for name, text in {_modules(lesson)!r}.items():\n"
        "    asked = sys.modules[name] = types.ModuleType(name)\n"
        "    package, _, own = name.rpartition('.')\n"
        "    asked.__package__ = package\n"
        "    if package:\n"
        "        setattr(sys.modules[package], own, asked)\n"
        "    exec(compile(text, f'<{name}>', 'exec'), vars(asked))\n"
        "MISTAKES = {\n"
        "    question.id: [mistake.answer for mistake in (*question.mistakes, *question.raising)]\n"
        "    for name, asked in list(sys.modules.items()) if name.startswith('asked')\n"
        "    for question in vars(asked).values() if hasattr(question, 'mistakes') and hasattr(question, 'id')\n"
        "}"
    )


def _modules(lesson):
    """The modules with the questions of a lesson, as text by name, each after those that it imports; in a package
    called `asked`, since an answer cannot import the course's own. Solutions stay out."""
    package = Path(questions.__file__).parent
    modules = {"asked": "", f"asked.{lesson.slug}": "", "asked.solved": ""}

    def add(path):
        name = ".".join(("asked", *path.relative_to(package).with_suffix("").parts))
        if name not in modules:
            text = path.read_text(encoding="utf-8")
            for dots, used in re.findall(r"^from (\.+)(\w+) import", text, re.MULTILINE):
                add(path.parents[len(dots) - 1] / f"{used}.py")
            modules[name] = text

    for path in (package / lesson.slug).glob("[!_]*.py"):
        add(path)
    return modules


def _text(path):
    """A module without its imports from its own package, which are other parts of the same text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and (node.level or node.module.startswith("lstm_course.questions")))
    ]
    return ast.unparse(tree) + "\n"

"""Classes that were never taught: right answers in many handwritings, and copies in many disguises.

An answer starts from one of the right ways in ``tests/questions/answers`` or from the course's own, and is written
over in a hand of its own: names, order of the terms, steps in between, comments. It is compared as text and never
run.
"""

import ast
import importlib
import inspect
import random
import re
import sys
import textwrap
import types
from pathlib import Path

from lstm_course import lessons, questions
from lstm_course.grading.solution import solution_text

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "questions"))

NAMES = (
    "a acc after all_rows amount arr at_t b_all back before belt block both cand cell chunk col combined cur current d "
    "data delta deriv done each elem err ex fac first flow fwd gate grad h_new h_old hid hidden idx inner inp inputs "
    "item j k2 keep kept last left lin line m mat mem mix mul n_rows nb new_c new_h next_val now num old one_step out "
    "outp outs p1 part parts pos pre prev prod q rem res result ret right row rows run s s1 s2 seq sig slope "
    "sq state states step_out t0 temp term tmp tot total tt u1 upd v val vals vec w_all w_sum weights x_t xs "
    "y_hat y_out z_all zed zs"
).split()
SAID = (
    "this that now first then we need the old new value gate state step input output sum of over all rows each sample "
    "weights bias multiply add shape checked twice see lecture slope chain rule because belt keep forget stack axis "
    "important careful order here back forward only one same as above from notes squash between zero and"
).split()


def ways(lesson):
    """By question, the sources of its right answers, the published one first."""
    answers = importlib.import_module("answers").ANSWERS
    found = {}
    for question in questions.of_lesson(lesson):
        if question.points and not isinstance(question, questions.Choice):
            functions = [
                way for way in answers[question.id].values() if isinstance(way, types.FunctionType) and _is_plain(way)
            ]
            sources = [textwrap.dedent(inspect.getsource(way)) for way in functions]
            heads = zip(sources, functions, strict=True)
            named = [re.sub(rf"\bdef {way.__name__}\b", f"def {question.name}", source) for source, way in heads]
            found[question.id] = [solution_text(question.id), *named]
    return found


def _is_plain(way):
    return way.__name__ != "<lambda>" and not way.__closure__


def template(lesson):
    """Sources of the code cells of the blank exercise."""
    import nbformat

    notebook = nbformat.read(lessons.course_root() / "exercises" / f"{lesson.stem}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def published(lesson):
    """Names and sources of the published answers."""
    return [(name, sources[0]) for name, sources in ways(lesson).items()]


class Writer:
    """Somebody who writes answers by themselves, always in the same hand."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.renames = self.rng.uniform(0.3, 0.9)
        self.rewrites = self.rng.uniform(0.2, 0.7)
        self.comments = self.rng.choice([0.0, 0.1, 0.4])

    def submission(self, sources):
        """Name and source of each answer, each from one of the ways there are."""
        return [(name, self.written(self.rng.choice(ways))) for name, ways in sources.items()]

    def written(self, source):
        """The same answer in this hand."""
        tree = ast.parse(source)
        tree = ast.fix_missing_locations(_Rewritten(self.rng, self.rewrites).visit(tree))
        return commented(renamed(ast.unparse(tree), self.rng, self.renames), self.rng, self.comments)


class _Rewritten(ast.NodeTransformer):
    """Terms in another order, squares as products, steps in between, other functions that do the same."""

    def __init__(self, rng, share):
        self.rng, self.share, self.made = rng, share, 0

    def _now(self):
        return self.rng.random() < self.share

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Add, ast.Mult)) and self._now():
            return ast.BinOp(node.right, node.op, node.left)
        if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Name) and self._now():
            return ast.BinOp(node.left, ast.Mult(), node.left)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        other = {"concatenate": "hstack", "zeros": "empty", "stack": "array", "range": "range", "array": "asarray"}
        if isinstance(node.func, ast.Attribute) and node.func.attr in other and self._now():
            node.func.attr = other[node.func.attr]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in ("sum", "mean", "reshape") and self._now():
            value = node.func.value
            node.func = ast.Attribute(ast.Name("np", ast.Load()), node.func.attr, ast.Load())
            node.args.insert(0, value)
        return node

    def _with_a_step(self, node):
        """``x = a + b`` as two statements."""
        self.generic_visit(node)
        value = node.value
        part = value.left if isinstance(value, ast.BinOp) else None
        if part is None or isinstance(part, (ast.Name, ast.Constant)) or not self._now():
            return node
        self.made += 1
        name = f"part_{self.made}"
        node.value = ast.BinOp(ast.Name(name, ast.Load()), value.op, value.right)
        return [ast.Assign([ast.Name(name, ast.Store())], part), node]

    visit_Assign = visit_Return = _with_a_step


def renamed(source, rng, share=1.0):
    """With other names for this share of the arguments and variables."""
    tree = ast.parse(source)
    chosen = sorted(
        {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )
    pool = [name for name in NAMES if name not in chosen]
    new = {name: pool.pop(rng.randrange(len(pool))) for name in chosen if rng.random() < share}
    return re.sub(r"(?<![.\w])[A-Za-z_]\w*", lambda match: new.get(match[0], match[0]), source)


def commented(source, rng, share):
    """With comments of nobody's making over this share of the lines."""
    lines = []
    for line in source.splitlines():
        if lines and line.strip() and not line.strip().startswith(('"""', "else", "elif")) and rng.random() < share:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# {' '.join(rng.choices(SAID, k=rng.randint(3, 7)))}")
        lines.append(line)
    return "\n".join(lines)


def without_comments(source, rng):
    return ast.unparse(ast.parse(source))


def other_comments(source, rng):
    return commented(without_comments(source, rng), rng, 0.5)


def rewritten(source, rng):
    """Some of the statements written otherwise."""
    return ast.unparse(ast.fix_missing_locations(_Rewritten(rng, 0.25).visit(ast.parse(source))))


DISGUISES = {
    "identical": lambda source, rng: source,
    "comments removed": without_comments,
    "other comments": other_comments,
    "renamed": renamed,
    "some statements rewritten": rewritten,
    "renamed, without comments": lambda source, rng: renamed(without_comments(source, rng), rng),
    "renamed, some statements rewritten": lambda source, rng: renamed(rewritten(source, rng), rng),
}


def disguised(submission, disguise, rng):
    """Somebody else's submission, made to look like one's own."""
    if disguise == "reordered":
        return rng.sample(submission, len(submission))
    return [(name, DISGUISES[disguise](source, rng)) for name, source in submission]

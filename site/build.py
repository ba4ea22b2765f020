"""Build the website from what is stored in the course: ``python site/build.py``, or ``make site``.

Nothing is run. The pages are the lessons with their stored outputs, the teacher's pages, and a reference of the
package; the exercises are files to download. Sphinx reads a folder of its own, ``build/site/source``, into which
everything is copied, because the course's folders hold much that is no page.
"""

import importlib
import re
import shutil
import sys
import types
from pathlib import Path

import lstm_course
from lstm_course import lessons
from lstm_course.authoring import notebooks

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "site"
SOURCE, OUTPUT = ROOT / "build" / "site" / "source", ROOT / "build" / "site" / "html"
FILES = ROOT / "build" / "site" / "files"  # copied beside the pages as they are
# Links to files of the course that are no pages: [words](../exercises/04_gates.ipynb)
LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(((?:\.\./)?(?:exercises|solutions|lstm_course|tests)/[^)\s]+)\)")
PAGES = {"glossary": "Glossary", "equations": "Equations", "published": "Published results"}  # beside the lessons
COMPANIONS = {"The cell": [("notebooks/05_speed", "05 What makes the layer fast")]}
# The parts of the package that lessons use, in the order of the reference.
REFERENCE = {
    "scratch": "The equations in NumPy",
    "nets": "Networks in PyTorch",
    "convert": "Between NumPy, PyTorch and Keras",
    "tasks": "What is to be learned",
    "baselines": "What a network must beat",
    "forecasting": "Windows, origins and intervals",
    "plots": "Pictures",
    "explore": "What moves under the hand",
}


# Modules whose names a package does not offer itself, and that lessons, exercises and solutions import by their path.
BY_PATH = {
    "nets": ["beyond", "families"],
    "explore": ["aligned", "moving_figure"],
    "forecasting": ["bootstrap", "lstm", "runoff"],
    "baselines": ["ngram"],
    "convert": ["keras_stacks"],
}


def assemble():
    """Copy everything that becomes a page, or hangs on one, to `SOURCE`."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    (SOURCE / "reference").mkdir(parents=True)
    for folder in ("notebooks", "teaching"):
        shutil.copytree(ROOT / folder, SOURCE / folder, ignore=shutil.ignore_patterns(".*", "start.ipynb"))
    shutil.copytree(ROOT / "assets", SOURCE / "assets")
    shutil.rmtree(FILES, ignore_errors=True)
    shutil.copytree(ROOT / "exercises", FILES / "exercises", ignore=shutil.ignore_patterns(".*"))
    readme = SOURCE / "teaching" / "README.md"
    pages = sorted(path for path in readme.parent.glob("*.md") if path != readme)
    titles = [path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for path in pages]
    tree = toctree("For teachers", [(path.stem, title) for path, title in zip(pages, titles, strict=True)])
    readme.write_text(readme.read_text(encoding="utf-8") + "\n" + tree, encoding="utf-8")
    (SOURCE / "index.md").write_text(index(), encoding="utf-8")
    (SOURCE / "lessons.md").write_text(lesson_list(), encoding="utf-8")
    (SOURCE / "reference" / "index.md").write_text(reference_index(), encoding="utf-8")
    for part, title in REFERENCE.items():
        (SOURCE / "reference" / f"{part}.md").write_text(reference(part, title), encoding="utf-8")
    for path in SOURCE.rglob("*.md"):
        path.write_text(with_files(path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in SOURCE.rglob("*.ipynb"):
        notebook = notebooks.read(path)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = with_files(cell.source)
            elif cell.metadata.get("jupyter", {}).get("source_hidden"):  # folded here as in JupyterLab
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        notebooks.write(notebook, path)


def with_files(text):
    """Markdown in which links to files that are no pages lead to the file if it can be downloaded here."""
    return LINK.sub(lambda match: _link(*match.groups()), text)


def _link(words, target):
    """A link to a file of the course that is no page: an exercise is downloaded, anything else is only named."""
    if "exercises/" in target:
        return f'<a href="{target}" download>{words}</a>'
    return words


def toctree(caption, entries):
    lines = [f"{title} <{path}>" for path, title in entries]
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *lines, "```", ""])


def index():
    """The first page: the text of ``index.md`` in this folder, and the tree of all pages."""
    text = (HERE / "index.md").read_text(encoding="utf-8")
    pages = [("lessons", "Lessons"), *((f"notebooks/{stem}", title) for stem, title in PAGES.items())]
    return text + toctree("Pages", [*pages, ("teaching/README", "For teachers"), ("reference/index", "Reference")])


def lesson_list():
    """The page with all lessons, part by part."""
    text = ["# Lessons", ""]
    for part in lessons.PARTS.values():
        inside = [lesson for lesson in lessons.LESSONS if lesson.part == part]
        if inside:
            text += [
                f"## {part}",
                "",
                "| | lesson | afterwards you can | minutes | exercises |",
                "|---|---|---|---|---|",
            ]
            text += [
                f"| {lesson.number} | [{lesson.title}](notebooks/{lesson.stem}.ipynb) | {lesson.promise} | "
                f"{lesson.minutes} | [download](exercises/{lesson.stem}.ipynb) |"
                for lesson in inside
            ]
            entries = [(f"notebooks/{lesson.stem}", f"{lesson.number} {lesson.title}") for lesson in inside]
            entries += COMPANIONS.get(part, [])
            text += ["", toctree(part, entries)]
    return "\n".join(text)


def reference_index():
    rows = [f"- [`lstm_course.{part}`]({part}.md): {title[0].lower() + title[1:]}" for part, title in REFERENCE.items()]
    tree = toctree("Reference", [(part, f"lstm_course.{part}") for part in REFERENCE])
    own = [directive("autofunction", f"lstm_course.{name}") for name in lstm_course.__all__]
    text = "# Reference\n\nThe parts of the package that lessons and exercises use.\n\n"
    return text + "\n".join([*rows, "", "In the package itself:", "", *own, tree])


def reference(part, title):
    """The page of one part: every public name of its package or modules."""
    name = f"lstm_course.{part}"
    package, modules = importlib.import_module(name), sorted((ROOT / "lstm_course" / part).glob("[a-z]*.py"))
    lines = [f"# {name}", "", f"{title}.", ""]
    if not hasattr(package, "__all__"):
        return "\n".join([*lines, *(directive("automodule", f"{name}.{path.stem}", "members") for path in modules)])
    offered = {each: getattr(package, each) for each in package.__all__}
    below = [each for each, value in offered.items() if isinstance(value, types.ModuleType)] + BY_PATH.get(part, [])
    constants = [each for each, value in offered.items() if not (callable(value) or each in below)]
    lines.append(
        directive("automodule", name, "members", "imported-members", f"exclude-members: {','.join(constants)}")
    )
    for each in constants:
        value = offered[each]
        shown = f"a dictionary of {', '.join(value)}" if isinstance(value, dict) else repr(value)
        lines.append(directive("py:data", f"{name}.{each}", f"value: {shown}"))
    for each in below:
        known = [inner for inner in vars(importlib.import_module(f"{name}.{each}")) if inner in offered]
        lines.append(directive("automodule", f"{name}.{each}", "members", f"exclude-members: {','.join(known)}"))
    return "\n".join(lines)


def directive(kind, name, *options):
    """A directive of reStructuredText in a page of Markdown."""
    options = (f"   :{option if ':' in option else option + ':'}" for option in options)
    return "\n".join(["```{eval-rst}", f".. {kind}:: {name}", *options, "```", ""])


def main():
    from sphinx.cmd.build import build_main

    assemble()
    # Warnings are errors: a link that leads nowhere, a docstring that Sphinx cannot read.
    arguments = ["-b", "html", "-c", str(HERE), "-W", "--keep-going", "-j", "2", str(SOURCE), str(OUTPUT)]
    return build_main([*arguments, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

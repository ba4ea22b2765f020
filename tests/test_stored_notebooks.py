"""What is stored in notebooks/, exercises/ and solutions/: normal form, size, alt text, measure, links."""

import ast
import builtins
import re
from html.parser import HTMLParser

import pytest

from lstm_course import lessons
from lstm_course.authoring import notebooks
from lstm_course.explore.modules import joined

ROOT = lessons.course_root()
FOLDERS = ("notebooks", "exercises", "solutions")
ALL = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb"))
LESSONS = [(lesson, ROOT / "notebooks" / f"{lesson.stem}.ipynb") for lesson in lessons.LESSONS]
LARGEST = 600 << 10  # bytes of a file
LIVE = ("live_cell.js", "saturation.js", "memory_horizon.js", "spectral_radius.js", "patient_monitor.js")

every_notebook = pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
every_lesson = pytest.mark.parametrize("lesson, path", LESSONS, ids=[lesson.stem for lesson, _ in LESSONS])


def cells(path, kind):
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == kind]


def outputs(path):
    return [(cell.id, output) for cell in cells(path, "code") for output in cell.outputs]


class Tags(HTMLParser):
    """The start tags of some HTML, as pairs of name and attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))


def without_code(text):
    """Markdown without its code: what is left is prose, formulas and HTML."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text)


def test_every_lesson_has_its_three_notebooks():
    for lesson in lessons.LESSONS:
        for folder in FOLDERS:
            assert (ROOT / folder / f"{lesson.stem}.ipynb") in ALL


# --- form -------------------------------------------------------------------------------------------------


@every_notebook
def test_it_is_stored_in_the_normal_form(path):
    assert path.read_text(encoding="utf-8") == notebooks.to_text(notebooks.read(path))


@every_notebook
def test_it_is_small(path):
    assert path.stat().st_size < LARGEST


@every_notebook
def test_no_error_is_stored(path):
    assert [cell_id for cell_id, output in outputs(path) if output.output_type == "error"] == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_is_stored_as_it_ran(path):
    counts = [cell.execution_count for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", sorted((ROOT / "exercises").glob("*.ipynb")), ids=lambda path: path.stem)
def test_an_exercise_is_stored_blank(path):
    for cell in cells(path, "code"):
        assert cell.execution_count is None and cell.outputs == []
        assert "SOLUTION" not in cell.source


# --- pictures ---------------------------------------------------------------------------------------------


@every_notebook
def test_no_object_of_matplotlib_is_shown_as_text(path):
    """The last call of a cell that draws returns one, and without a name for it the page shows its type and address."""
    shown = [
        output["data"].get("text/plain", "") for _, output in outputs(path) if output.output_type == "execute_result"
    ]
    assert [text for text in shown if re.match(r"<matplotlib|\[<matplotlib|\[?Text\(|<Figure", text)] == []


@every_notebook
def test_every_stored_picture_has_words(path):
    for cell_id, output in outputs(path):
        data = output.get("data", {})
        if "image/png" in data:
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert len(alt.split()) >= 3, f"{cell_id}: a picture without alt text"
        assert "image/svg+xml" not in data, f"{cell_id}: an SVG has no place for alt text; use plots.show"


@every_notebook
def test_every_img_element_has_words(path):
    texts = [(cell_id, output.get("data", {}).get("text/html", "")) for cell_id, output in outputs(path)]
    texts += [(cell.id, without_code(cell.source)) for cell in cells(path, "markdown")]
    for cell_id, text in texts:
        for name, attributes in Tags(text).found:
            assert name != "img" or len(attributes.get("alt", "").split()) >= 3, f"{cell_id}: <img> without alt"
        for alt in re.findall(r"!\[([^]]*)\]\(", text):
            assert len(alt.split()) >= 3, f"{cell_id}: a picture in Markdown without alt text"


def test_stored_live_pieces_are_those_of_today():
    modules = [joined(name) for name in LIVE]
    pieces = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell_id, output in outputs(path):
            page = output.get("data", {}).get("text/html", "")
            if "data-lstm-live" in page:
                pieces += 1
                scripts = [module.split("export default")[0].replace("</", "<\\/") for module in modules]
                assert any(script in page for script in scripts), f"{path.stem}, {cell_id}: run `make notebooks` again"
    assert pieces


# --- measure ----------------------------------------------------------------------------------------------


@every_notebook
def test_code_cells_are_short(path):
    lengths = {cell.id: sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in cells(path, "code")}
    assert {cell_id: length for cell_id, length in lengths.items() if length > 25} == {}
    assert sum(length < 8 for length in lengths.values()) >= len(lengths) / 2


@every_notebook
def test_code_fits_the_page(path):
    """JupyterLab cuts what is wider, in a window of 1280 pixels."""
    long = [line for cell in cells(path, "code") for line in cell.source.splitlines() if len(line) > 100]
    assert long == []


@every_lesson
def test_prose_between_two_code_cells_is_short(lesson, path):
    words, since = 0, []
    for cell in notebooks.read(path).cells:
        if cell.cell_type == "code":
            words, since = 0, []
            continue
        prose = re.sub(r"<details>.*?</details>|\$\$.*?\$\$", "", cell.source, flags=re.DOTALL)
        words += len(re.findall(r"[\w$\\]\S*", prose))
        since.append(cell.id)
        assert words < 160, f"{words} words without code: {', '.join(since)}"


@every_lesson
def test_the_first_cell_says_what_to_expect(lesson, path):
    first = notebooks.read(path).cells[0].source
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (.+) \|$", first, flags=re.MULTILINE))
    assert list(rows) == ["aims", "minutes", "needs", "run time", "look up"]
    assert first.startswith(f"# {lesson.number} · {lesson.title}\n")
    minutes = [int(number) for number in re.findall(r"\d+", rows["minutes"])]
    assert minutes == [lesson.minutes, lesson.exercise_minutes]
    assert re.findall(r"\d+", rows["run time"]) == [str(lesson.run_seconds)]


@every_lesson
def test_the_reader_is_asked_at_least_twice(lesson, path):
    asked = [question for cell in cells(path, "code") for question in re.findall(r'^ask\("(.+?)"\)', cell.source, re.M)]
    assert len(asked) >= 2 and len(set(asked)) == len(asked)


# --- text -------------------------------------------------------------------------------------------------


@every_notebook
def test_links_lead_to_files_that_are_there(path):
    for cell in cells(path, "markdown"):
        text = without_code(cell.source)
        links = re.findall(r"\]\(<?([^)>\s]+)", text)
        links += [attributes.get("href") or attributes.get("src") for _, attributes in Tags(text).found]
        for link in filter(None, links):
            target = link.partition("#")[0]
            if target and not re.match(r"[a-z]+:", link):
                assert (path.parent / target).exists(), f"{cell.id} links to {link}, which is not there"


@every_notebook
def test_formulas_and_code_in_the_text_are_whole(path):
    for cell in cells(path, "markdown"):
        # "\tanh" in an ordinary string is a tab and "anh"; it shows as a sign that no text has.
        assert not re.search(r"[^\n\x20-\x7e\x80-\uffff]", cell.source), f"{cell.id}: a control character"
        assert cell.source.count("```") % 2 == 0, f"{cell.id}: a code block without its end"
        prose = without_code(cell.source)
        assert "`" not in prose, f"{cell.id}: a backtick without its other one"
        displayed = re.split(r"\$\$", prose)
        assert len(displayed) % 2 == 1, f"{cell.id}: $$ without its other one"
        for paragraph in re.split(r"\n\s*\n", "\n\n".join(displayed[::2])):
            assert len(re.findall(r"(?<!\\)\$", paragraph)) % 2 == 0, f"{cell.id}: $ without its other one: {paragraph}"
        formulas = displayed[1::2] + re.findall(r"(?<!\\)\$([^$]+)(?<!\\)\$", "\n\n".join(displayed[::2]))
        for formula in formulas:
            assert formula.strip(), f"{cell.id}: an empty formula"
            braces = re.sub(r"\\[{}]", "", formula)
            assert braces.count("{") == braces.count("}"), f"{cell.id}: braces do not match in {formula}"
            left, right = (len(re.findall(rf"\\{side}(?![a-z])", formula)) for side in ("left", "right"))
            assert left == right, f"{cell.id}: \\left without \\right in {formula}"


# --- sliders ----------------------------------------------------------------------------------------------


def bound(tree):
    """The names that some code binds outside its functions and comprehensions."""
    if isinstance(tree, (ast.FunctionDef, ast.ClassDef)):
        return {tree.name}
    if isinstance(tree, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return set()
    own = {tree.id} if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store) else set()
    return own.union(*map(bound, ast.iter_child_nodes(tree)))


def borrowed(function):
    """The names that a function takes from the notebook."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)} | {each.arg for each in function.args.args}
    return {node.id for node in names} - own - set(dir(builtins))


@every_lesson
def test_no_later_cell_takes_a_name_away_from_a_slider(lesson, path):
    """A slider calls its function whenever it is moved, also when the whole lesson has been run."""
    trees = [ast.parse(cell.source) for cell in cells(path, "code")]
    for k, tree in enumerate(trees):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        moved = [call for call in calls if getattr(call.func, "id", "") == "MovingFigure"]
        functions = {each.name: each for before in trees[: k + 1] for each in before.body if hasattr(each, "args")}
        for call in moved:
            needed = borrowed(functions[call.args[2].id])
            assert not needed & set().union(*map(bound, trees[k + 1 :]))

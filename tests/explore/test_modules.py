"""Joining JavaScript files: checks of the text only. The tests in tests/browser run the result."""

import json
import re

import pytest

from lstm_course.explore.modules import JS, joined

ENTRIES = ["live_cell.js", "state.js", "equations.js", "code.js", "stand_in.js"]
AN_EXPORT = re.compile(r"^export (?:async )?(?:const|let|function|class|default)\b ?([\w$]*)", re.MULTILINE)


@pytest.fixture
def files(tmp_path):
    """Write files and return the joined text of the first."""

    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/").replace("_js", ".js").replace("_json", ".json")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        first = next(iter(texts))
        return joined(str(tmp_path / f"{first.removesuffix('_js')}.js"))

    return write


def blocks(text):
    """The lines of the files that precede the entry in a joined text, by the name of their scope."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        if start := re.fullmatch(r"const (\w+) = \(\(\) => \{", line):
            assert start[1] not in found, "one name for two scopes"
            found[start[1]] = []
            for inside in lines:
                if inside == "})();":
                    break
                found[start[1]].append(inside)
    return found


def entry_of(text):
    """The lines outside of any scope."""
    whole = re.sub(r"^const \w+ = \(\(\) => \{\n.*?^\}\)\(\);\n?", "", text, flags=re.MULTILINE | re.DOTALL)
    return whole.splitlines()


# --- the pieces of the course -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_exports_what_its_file_exports(name):
    wanted = AN_EXPORT.findall((JS / name).read_text(encoding="utf-8"))
    assert AN_EXPORT.findall(joined(name)) == wanted and wanted
    assert len(re.findall(r"^\s*export\b", joined(name), re.MULTILINE)) == len(wanted)


@pytest.mark.parametrize("name", ENTRIES)
def test_no_import_is_left(name):
    text = joined(name)
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert not re.search(r"\bimport\(|\brequire\(", text)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_name_that_is_taken_from_a_scope_is_handed_out_there_and_before(name):
    text, handed_out = joined(name), {}
    for line in text.splitlines():
        if opened := re.fullmatch(r"const (\w+) = \(\(\) => \{", line):
            scope = opened[1]
        elif returned := re.fullmatch(r"return \{ (.*) \};", line):
            handed_out[scope] = set(returned[1].split(", "))
        elif taken := re.fullmatch(r"const \{ ([\w, ]+) \} = (\w+_js);", line):
            assert set(taken[1].split(", ")) <= handed_out[taken[2]], line


@pytest.mark.parametrize("name", ENTRIES)
def test_each_file_is_in_the_text_once(name):
    text = joined(name)
    scopes = blocks(text)
    assert len(scopes) == len(re.findall(r"^const \w+_js = ", text, re.MULTILINE))
    assert len(re.findall(r"^const live_cell_json = ", text, re.MULTILINE)) == (
        name in ("live_cell.js", "state.js", "code.js")
    )
    tops = re.findall(
        r"^(?:export )?(?:const|let|function|class|async function) (\w+)", "\n".join(entry_of(text)), re.M
    )
    assert len({*tops, *scopes}) == len([*tops, *scopes]), "a name twice in one scope"


def test_the_live_cell_is_all_of_its_files():
    text = joined("live_cell.js")
    for needed in ("cell_panel.js", "timeline_panel.js", "gradient_panel.js", "equations_panel.js", "equations.js"):
        middle = [line for line in (JS / needed).read_text(encoding="utf-8").splitlines() if line.startswith("  ")]
        assert "\n".join(middle[:3]) in text


# --- how files are joined ---------------------------------------------------------------------------------


def test_names_of_different_files_do_not_clash(files):
    text = files(
        main_js='import { a } from "./one.js";\nimport { b } from "./two.js";\nlet hidden;\nexport const c = a + b;',
        one_js="const hidden = 1;\nexport const a = hidden;",
        two_js="const hidden = 2;\nexport const b = hidden;",
    )
    assert blocks(text) == {
        "one_js": ["const hidden = 1;", "const a = hidden;", "return { a };"],
        "two_js": ["const hidden = 2;", "const b = hidden;", "return { b };"],
    }
    assert entry_of(text) == [
        "const { a } = one_js;",
        "const { b } = two_js;",
        "let hidden;",
        "export const c = a + b;",
    ]


def test_a_shared_file_is_there_once_and_before_those_that_use_it(files):
    text = files(
        main_js='import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const d = b + c;',
        b_js='import { a } from "./a.js";\nexport const b = a;',
        c_js='import { a } from "./a.js";\nimport { b } from "./b.js";\nexport const c = a + b;',
        a_js="export const a = 1;",
    )
    assert list(blocks(text)) == ["a_js", "b_js", "c_js"]


def test_two_files_of_one_name_are_refused(files):
    """Their scopes would have the same name."""
    with pytest.raises(ValueError, match=r"^same\.js: wanted .+, got "):
        files(
            main_js='import { a } from "./same.js";\nimport { b } from "./deeper/same.js";\nexport const c = a + b;',
            same_js="export const a = 1;",
            deeper__same_js="export const b = 2;",
        )


def test_json_comes_in_as_a_value(files):
    content = {"text": 'quoted "so", <b> & \u00e9', "numbers": [1, 2.5, -3e-7], "nothing": None}
    text = files(
        main_js='import D from "./data.json" with { type: "json" };\nimport { a } from "./a.js";\nexport const b = D;',
        data_json=json.dumps(content),
        a_js='import AGAIN from "./data.json" with { type: "json" };\nexport const a = AGAIN;',
    )
    (literal,) = re.findall(r"^const data_json = (.*);$", text, re.MULTILINE)
    assert json.loads(literal) == content
    assert text.splitlines()[-3:] == ["const D = data_json;", "const { a } = a_js;", "export const b = D;"]
    assert "const AGAIN = data_json;" in blocks(text)["a_js"]


@pytest.mark.parametrize(
    "line",
    [
        "export const a = 1;",
        "export let a = 1;",
        "export function a() {}",
        "export async function a() {}",
        "export class a {}",
    ],
)
def test_each_known_kind_of_export_is_kept_in_an_entry_and_taken_from_a_file(files, line):
    entry = re.sub(r"\ba\b", "z", line)
    text = files(main_js=f'import {{ a }} from "./one.js";\n{entry}', one_js=line)
    assert blocks(text)["one_js"] == [line.removeprefix("export "), "return { a };"]
    assert entry_of(text)[-1] == entry


def test_a_name_that_is_handed_on_is_exported(files):
    """Both from an intermediate file and from the entry."""
    one, two = "export const a = 1;", 'import { a } from "./one.js";\n\nexport { a };'
    text = files(main_js='import { a } from "./two.js";\nexport const b = a;', two_js=two, one_js=one)
    assert blocks(text)["two_js"][-1] == "return { a };"
    assert "export { a };" in entry_of(files(again_js=two, one_js=one))


@pytest.mark.parametrize(
    "line",
    [
        'import "./one.js";',
        'import * as one from "./one.js";',
        'import one from "./one.js";',  # a file of JavaScript has no default here
        'import one, { a } from "./one.js";',
        'import { a as b } from "./one.js";',
        "import { a } from './one.js';",
        'import { a } from "./one.js"',
        'import { a } from "./one.js"; // it is needed',
        'import { a } from "one";',
        'import { a } from "https://example.org/one.js";',
        'import {\n  a,\n} from "./one.js";',
    ],
)
def test_an_import_of_another_form_is_refused(files, line):
    with pytest.raises(ValueError, match=r"^main\.js: wanted .+, got "):
        files(main_js=f"{line}\nexport const z = 1;", one_js="export const a = 1;")


@pytest.mark.parametrize("place", ["entry", "file"])
@pytest.mark.parametrize(
    "line",
    [
        'export * from "./other.js";',
        'export { a } from "./other.js";',
        "export { a as b };",
        "export {\n  a,\n};",
        "export const { a } = {};",
        "export var a = 1;",
        "export function* a() {}",
    ],
)
def test_an_export_of_another_form_is_refused(files, line, place):
    with pytest.raises(ValueError, match=r"^one\.js: wanted .+, got "):
        if place == "entry":
            files(one_js=line)
        else:
            files(main_js='import { a } from "./one.js";\nexport const z = a;', one_js=line)


def test_a_default_belongs_to_an_entry_only(files):
    assert entry_of(files(one_js="export default { render };")) == ["export default { render };"]
    with pytest.raises(ValueError, match=r"^one\.js: wanted .+, got "):
        files(main_js='import { a } from "./one.js";', one_js="export default { a };")


def test_a_missing_file_is_named(files):
    with pytest.raises(OSError, match=r"nowhere\.js"):
        files(main_js='import { a } from "./nowhere.js";')

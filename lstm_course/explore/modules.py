"""Joins several JavaScript files into the single ES module that a widget needs.

The files are ES modules that import each other by relative names, each import on a line of its own; JSON files can be
imported too. The joined text contains every file once, after the files that it imports, and has no imports left.
"""

import json
import re
from functools import cache
from pathlib import Path

JS = Path(__file__).with_name("js")
_IMPORT = re.compile(
    r'import (\{ \w+(?:, \w+)* \}|\w+(?= from "[^"]+\.json")) from "(\.[\w./]+)"(?: with \{ type: "json" \})?;'
)
_EXPORT = re.compile(r"export (?:async )?(?:const|let|function|class) (\w+)")
_REEXPORT = re.compile(r"export \{ (\w+(?:, \w+)*) \};")


@cache
def joined(name):
    """The text of an ES module with everything that it imports.

    Parameters
    ----------
    name : str
        A file in ``explore/js``, such as ``"live_cell.js"``; the result has the same exports.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a file uses another form of import or export than the ones that are joined here.
    """
    path, texts = (JS / name).resolve(), {}
    entry, _ = _with_imports(path, texts, is_entry=True)
    return "\n".join([*texts.values(), *entry])


def _collect(path, texts):
    """Append a file to `texts` after the files it imports, and return the name of the constant with its exports."""
    scope = re.sub(r"\W", "_", path.name)
    if path in texts:
        return scope
    if any(each.name == path.name for each in texts):
        raise ValueError(f"{path.name}: wanted one file of that name, got two")
    if path.suffix == ".json":
        content = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
        texts[path] = f"const {scope} = {content};"
        return scope
    lines, exported = _with_imports(path, texts)
    body = "\n".join(line.removeprefix("export ") for line in lines)
    texts[path] = f"const {scope} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"
    return scope


def _with_imports(path, texts, is_entry=False):
    """The lines of a file, with constants in place of imports, and the names that the file exports."""
    lines, exported = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("import "):
            match = _IMPORT.fullmatch(line)
            if not match:
                raise ValueError(f"{path.name}: wanted imports of relative files, each in one line, got {line!r}")
            line = f"const {match[1]} = {_collect((path.parent / match[2]).resolve(), texts)};"
        elif match := _REEXPORT.fullmatch(line):
            exported += match[1].split(", ")
            if not is_entry:
                continue
        elif match := _EXPORT.match(line):
            exported.append(match[1])
        elif line.startswith("export ") and not (is_entry and line.startswith("export default ")):
            raise ValueError(f"{path.name}: wanted exports of constants, functions and classes, got {line!r}")
        lines.append(line)
    return lines, exported

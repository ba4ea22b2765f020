"""Several files of JavaScript as the one ES module that a widget is.

The files are plain ES modules which import each other by relative names, one line an import; JSON counts as a
module, too. Joining puts each file once, after those it imports, into one text without these imports.
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
_HANDED_ON = re.compile(r"export \{ (\w+(?:, \w+)*) \};")


@cache
def joined(name):
    """The text of one ES module, which imports nothing.

    Parameters
    ----------
    name : str
        A file in ``explore/js``, such as ``"live_cell.js"``; what it exports is what the result exports.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a line imports or exports in another way than is known here.
    """
    path, texts = (JS / name).resolve(), {}
    entry, _ = _with_imports(path, texts, is_entry=True)
    return "\n".join([*texts.values(), *entry])


def _collect(path, texts):
    """Put a file after those it imports, in a scope of its own, and return the name of what it exports."""
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
    """The lines of a file, each import replaced by constants, and the names that the file exports."""
    lines, exported = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("import "):
            found = _IMPORT.fullmatch(line)
            if not found:
                raise ValueError(f"{path.name}: wanted imports of relative files, each in one line, got {line!r}")
            line = f"const {found[1]} = {_collect((path.parent / found[2]).resolve(), texts)};"
        elif found := _HANDED_ON.fullmatch(line):
            exported += found[1].split(", ")
            if not is_entry:
                continue
        elif found := _EXPORT.match(line):
            exported.append(found[1])
        elif line.startswith("export ") and not (is_entry and line.startswith("export default ")):
            raise ValueError(f"{path.name}: wanted exports of constants, functions and classes, got {line!r}")
        lines.append(line)
    return lines, exported

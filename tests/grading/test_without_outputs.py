"""Outputs count for nothing, however large they are; the judge of what must be left is JSON itself."""

import io
import itertools
import json
import random
import tracemalloc

import nbformat
import pytest

from lstm_course.grading import without_outputs as reading
from lstm_course.grading.notebook_file import UnreadableNotebook, parse, read
from lstm_course.grading.without_outputs import LARGEST, LARGEST_FILE, SMALL, TooLarge, without_outputs

LEFT_OUT = ("outputs", "attachments", "widgets")
MEGABYTE = 1 << 20


def code(source, *outputs):
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source, "outputs": list(outputs)}


def written(*cells, **metadata):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}).encode()


def kept(content):
    return json.loads(without_outputs(io.BytesIO(content)))


class Lazy(io.RawIOBase):
    """A file that is made while it is read: a beginning, a part again and again, and an end."""

    def __init__(self, begin, part, times, end):
        self._pieces = itertools.chain([begin], itertools.repeat(part, times), [end])
        self._left = b""

    def read(self, size=-1):
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        piece, self._left = self._left[:size], self._left[size:]
        return piece


# --- what is left -------------------------------------------------------------------------------------------------


def test_a_small_file_is_handed_on_as_it_is():
    for content in (b"", b"no notebook", written(code("a = 1", {"text": "x"})), b" " * SMALL):
        assert without_outputs(io.BytesIO(content)) == content


FLOOD = {"output_type": "stream", "name": "stdout", "text": ["step 0.1\n"] * 200_000}
PICTURE = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo/+=" * 200_000}, "metadata": {}}
PLOT = {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": {"x": [[1.5, {"y": []}]] * 60_000}}}
ERROR = {"output_type": "error", "ename": "E", "evalue": '"outputs": [\\', "traceback": ['\x1b[0m\\"]}'] * 200_000}


@pytest.mark.parametrize("output", [FLOOD, PICTURE, PLOT, ERROR], ids=["stream", "picture", "plot", "traceback"])
@pytest.mark.parametrize("indent", [None, 1])
def test_large_outputs_of_every_kind_leave_nothing_but_the_cells(output, indent):
    cells = [code("a = 1\n"), code('print("outputs")', output), code(["x = '[{'\n", 'y = "\\\\"'], output, output)]
    cells.append({"cell_type": "markdown", "metadata": {"tags": ["outputs", "widgets"]}, "source": '"outputs": ['})
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"lstm_course": {"exercise": "04_gates"}}, "cells": cells}
    content = json.dumps(whole, indent=indent).encode()
    assert len(content) > SMALL
    for cell in cells:
        if "outputs" in cell:
            cell["outputs"] = []
    assert kept(content) == whole
    assert [cell.source for cell in parse(content).cells][:3] == [
        "a = 1\n",
        'print("outputs")',
        "x = '[{'\ny = \"\\\\\"",
    ]


def test_attachments_widgets_and_pasted_pictures_are_left_out_and_no_text():
    data = "iVBORw0KGgo/+=" * 200_000
    text = ["Look ![a](attachment:a.png)\n", f"and ![b](data:image/png;base64,{data}) here\n", "`![](data:image/png`"]
    cell = {"cell_type": "markdown", "metadata": {}, "source": text, "attachments": {"a.png": {"image/png": data}}}
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"m": {"state": {"value": [data, "]}"]}}}}}
    left = kept(written(cell, code("a = 1"), widgets=state, kernelspec={"name": "python3"}))
    assert left["metadata"] == {"widgets": {}, "kernelspec": {"name": "python3"}}
    assert left["cells"][0]["attachments"] == {} and left["cells"][1] == code("a = 1")
    assert left["cells"][0]["source"] == [text[0], "and ![b](data:,) here\n", text[2]]


def test_a_large_notebook_of_an_old_format_is_read():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {"cells": [{"cell_type": "code", "language": "python", "input": ["a = 1"], "outputs": [FLOOD]}]}
        ],
    }
    assert parse(json.dumps(old).encode()).cells[0].source == "a = 1"


def test_what_nbformat_writes_stays_a_valid_notebook():
    output = nbformat.from_dict(PICTURE)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1", outputs=[output])])
    left = nbformat.reads(without_outputs(io.BytesIO(nbformat.writes(notebook).encode())).decode(), as_version=4)
    nbformat.validate(left)
    assert left.cells[0].source == "a = 1" and left.cells[0].outputs == []


# --- against JSON -------------------------------------------------------------------------------------------------

TEXTS = ['"', "\\", '\\"', *LEFT_OUT, '"outputs": [', "[{", "]}", "\n", "é", "\\\\", ":", "", "a" * 30, "\u2028"]
KEYS = [*LEFT_OUT, "source", 'a"b', "output", "x\\", 'outputs"', " outputs", "outputs "]


def anything(draw, depth):
    kind = draw.randrange(9 if depth else 6)
    if kind < 3:
        return "".join(draw.choice(TEXTS) for _ in range(draw.randrange(4)))
    if kind == 3:
        return draw.choice([1, None, True, 1.5, float("inf")])
    if kind == 4:
        return draw.choice(LEFT_OUT)
    if kind == 5:
        return draw.choice([[], {}])
    if kind < 8:
        return {draw.choice(KEYS): anything(draw, depth - 1) for _ in range(draw.randrange(4))}
    return [anything(draw, depth - 1) for _ in range(draw.randrange(4))]


def emptied(value):
    if isinstance(value, dict):
        return {
            key: type(each)() if key in LEFT_OUT and isinstance(each, (list, dict)) else emptied(each)
            for key, each in value.items()
        }
    return [emptied(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64, 1000])
def test_any_json_in_pieces_of_any_size_is_left_as_json_says(monkeypatch, piece):
    monkeypatch.setattr(reading, "SMALL", 0)
    monkeypatch.setattr(reading, "PIECE", piece)
    draw = random.Random(piece)
    for _ in range(1500):
        value = [anything(draw, 6) for _ in range(3)]
        indent, separators = draw.choice([None, 1]), draw.choice([None, (",", ":"), (" , ", " : ")])
        text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=draw.random() < 0.5)
        assert kept(text.encode()) == emptied(value), text


@pytest.mark.parametrize(
    "end", [b'"outputs', b'"outputs"', b'"outputs" : ', b'"outputs": [1, "', b'"a\\', b'"outputs": ["\\']
)
def test_a_file_that_breaks_off_is_no_notebook(end):
    with pytest.raises(UnreadableNotebook, match="^it is not a Jupyter notebook"):
        parse(written(code("x" * 2 * MEGABYTE))[:-3] + b", {" + end)


# --- bounds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b" " * (LARGEST + 1),
        bytes(LARGEST + 1),
        b'{"a": "' + b"x" * LARGEST,
        written(code("x" * LARGEST)),
        written(*[{"cell_type": "markdown", "metadata": {}, "source": "x" * MEGABYTE}] * 21),
    ],
    ids=["blanks", "zeros", "a string without end", "a large source", "many sources"],
)
def test_the_size_of_what_counts_is_bounded(content, tmp_path):
    with pytest.raises(TooLarge, match="20 MB without its outputs$"):
        without_outputs(io.BytesIO(content))
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(UnreadableNotebook, match="x.ipynb: it is too large"):
        read(tmp_path / "x.ipynb")


def test_the_size_of_a_file_is_bounded(monkeypatch):
    assert LARGEST_FILE >= 300 * MEGABYTE
    monkeypatch.setattr(reading, "LARGEST_FILE", 30 * MEGABYTE)
    endless = Lazy(b'{"cells": [{"outputs": ["', b"x" * MEGABYTE, 1 << 30, b"")
    with pytest.raises(TooLarge, match="^it is too large: "):
        without_outputs(endless)


@pytest.mark.parametrize("part", [b"x" * MEGABYTE, b'"a",' * 200_000, b"[]," * 300_000, b"[" * 1000, b"\\" * MEGABYTE])
def test_memory_does_not_grow_with_the_outputs(part):
    def peak(times):
        file = Lazy(b'{"cells": [{"outputs": [' + (b'"' if part[0] in b"x\\" else b""), part, times, b"")
        tracemalloc.start()
        without_outputs(file)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(40) < peak(10) + 2 * MEGABYTE


def test_brackets_that_never_close_are_refused():
    with pytest.raises(UnreadableNotebook, match="not a Jupyter notebook"):
        parse(b'{"nbformat": 4, "metadata": {}, "cells": [{"outputs": ' + b"[" * 2 * MEGABYTE)
    with pytest.raises(UnreadableNotebook, match=r"not a Jupyter notebook \(RecursionError\)"):
        parse(b"[" * 4 * MEGABYTE)


def test_the_number_of_outputs_is_bounded(monkeypatch):
    monkeypatch.setattr(reading, "MOST_OUTPUTS", 100)
    assert without_outputs(io.BytesIO(b'{"outputs":[1]},' * 100 + b" " * SMALL)).count(b"[]") == 100
    with pytest.raises(TooLarge, match="outputs in more than 100 places"):
        without_outputs(io.BytesIO(b'{"outputs":[1]},' * 101 + b" " * SMALL))

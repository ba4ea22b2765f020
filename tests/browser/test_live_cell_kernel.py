"""The live cell and its kernel in a real JupyterLab: what Python sets, what may not reach it, linked sliders."""

from unittest.mock import ANY

import pytest
from live_lab import MODEL, Live, live_notebook, python
from playwright.sync_api import expect

BUSY_UNTIL = """import pathlib, time
while not pathlib.Path("go").exists():
    time.sleep(0.02)
"""
# An update as the page sends it: past the model, so that the page has the old values, or by way of it.
SEND = f"""async ([id, state, past_the_model]) => {{
    const model = await ({MODEL})(id);
    if (past_the_model) {{
        await new Promise(done => model.comm.send({{ method: "update", state, buffer_paths: [] }}, {{
            iopub: {{ status: ({{ content }}) => content.execution_state === "idle" && done() }},
        }}));
    }} else {{
        model.set(state);
        model.save_changes();
    }}
}}"""

# Moves a slider as fast as the kernel answers, and looks at it all the time.
MOVES_SEEN = """async (input, moves) => {
    const seen = [];
    for (let move = 0; move < moves; move++) {
        input.stepUp();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        for (let look = 0; look < 5; look++) {
            seen.push(Number(input.value));
            await new Promise(done => setTimeout(done, 4));
        }
    }
    return seen;
}"""


@pytest.fixture(scope="module")
def notebook(server, context):
    with live_notebook(server, context, sliders="sliders = cell.sliders()\nsliders", other="") as lab:
        yield lab


@pytest.fixture
def live(notebook):
    yield Live(notebook, "shown")
    assert notebook.complaints == []


FROM_PYTHON = [
    *(("hand", gate, value) for gate, value in (("f", 0.9), ("i", 0), ("o", 1))),
    ("hand", "drawn", {"i": [0.0] * 20 + [1.0] * 20, "f": [0.25] * 40}),
    ("hand", "x", [0.5] * 40),
    ("hand", "x", [1, -1, 0.5, 0.25, 2, -2, 0]),  # cursor and loss come along to the end
    ("hand", "x", [5] * 500),
    ("hand", "c0", -1.5),
    ("hand", "plain", True),
    ("hand", "plain_u", -0.4),
    ("hand", "step", 0),
    ("hand", "loss_step", 3),
    ("hand", "title", "A cell <of> one's own"),
    ("hand", "projector", True),
    ("hand", "mode", "weights"),
    *(("weights", name, [0.1, -0.2, 3.5, 12]) for name in "wub"),
    ("weights", "h0", 0.5),
    ("weights", "rest", [[0.5, -0.5, 0.1, 0]] * 40),
]


@pytest.mark.parametrize("mode, name, value", FROM_PYTHON)
def test_the_page_follows_python(live, mode, name, value):
    live.reset(mode=mode)
    setattr(live.twin, name, value)
    python(live.lab, f"cell.{name} = {value!r}")
    live.follow()
    live.check()


@pytest.mark.parametrize("name", ["leaky", "write once", "forget bias 1"])
def test_the_page_follows_a_preset(live, name):
    live.reset()
    live.twin.set(name)
    python(live.lab, f"cell.set({name!r})")
    live.follow()
    live.check()


@pytest.mark.parametrize("weights", [[1.25, 0.437, -3.14159, 0.05], [0.004, -0.004, 20.5, -33]])
def test_a_slider_says_the_true_value_also_between_its_steps(live, weights):
    live.reset(mode="weights")
    python(live.lab, f"cell.b = {weights}")
    live.twin.b = weights
    live.follow(sliders=ANY)  # where a handle can stand is another matter
    for name, weight in zip(("input gate", "forget gate", "candidate", "output gate"), weights, strict=False):
        said = live.slider(f"bias b of the {name}").get_attribute("aria-valuetext")
        assert float(said.replace("\N{MINUS SIGN}", "-")) == pytest.approx(weight, abs=0.00501)


@pytest.mark.parametrize(
    "line, sentence",
    [
        ("cell.f = 1.5", "f: wanted a number between 0 and 1, got 1.5"),
        ("cell.x = [0.1, float('nan')]", "x: wanted"),
        ("cell.w = [1, 2, 3]", "w: wanted"),
        ("cell.drawn = {'i': [0.5]}", "i in drawn: wanted 40 steps, as many as x has, got 1"),
    ],
)
def test_a_bad_value_raises_a_sentence_in_the_notebook(live, line, sentence):
    live.reset()
    live.lab.write("other", line)
    live.lab.run("other")
    (error,) = live.lab.errors()
    live.lab.write("other", "")
    live.lab.run("other")
    assert error.startswith(f"other: Refused: {sentence}") and "\n" not in error
    live.check()


BAD = [
    {"f": 1.5},
    {"f": None},
    {"x": [0.1, None, 0.3]},
    {"x": 3},
    {"x": []},
    {"drawn": {"i": [0.5]}},
    {"drawn": {"g": [0.5] * 40}},
    {"drawn": {"i": None}},
    {"drawn": [1]},
    {"rest": 5},
    {"rest": [[1, 2]] * 40},
    {"w": [1, 2, 3]},
    {"c0": None},
    {"c0": "0.9"},
    {"mode": "both"},
    {"mode": ["hand"]},
    {"plain": 1},
    {"step": 99},
    {"loss_step": 0},
    {"title": 3},
    {"f": 0.9, "i": 7},
    {"i": 7, "f": 0.9},
    {"f": 0.9, "rest": 5},
    {"f": 0.9, "step": 41},
    {"x": [1] * 7, "step": 7},
]


@pytest.mark.parametrize("past_the_model", [True, False], ids=["a message", "the model"])
def test_bad_values_of_the_page_never_reach_python(live, past_the_model):
    live.reset(drawn={"o": [0.5] * 39 + [0.25]})
    for state in BAD:
        live.lab.page.evaluate(SEND, [live.model, state, past_the_model])
        assert live.state() == live.twin.state(), state
        live.follow()  # the page shows what Python has
    live.twin.i = 0.51
    live.press(live.slider("input gate"), "ArrowRight")
    live.check()


def test_no_move_is_taken_back_by_the_answer_to_an_earlier_one(live):
    live.reset()
    live.twin.f = 0.9
    seen = live.slider("forget gate").evaluate(MOVES_SEEN, 40)
    assert seen == sorted(seen)
    live.check()


def linked(lab, name):
    return lab.cell("sliders").locator(".widget-slider", has_text=name).get_by_role("slider")


@pytest.mark.parametrize("name, gate", [("forget gate", "f"), ("input gate", "i"), ("output gate", "o")])
def test_the_sliders_of_ipywidgets_and_the_live_cell_move_each_other(live, name, gate):
    live.reset(drawn={gate: [0.25] * 40})
    live.twin.set_state({gate: 0.51, "drawn": {}})
    live.press(linked(live.lab, name), "ArrowRight")
    live.check()
    setattr(live.twin, gate, 0.52)
    live.press(live.slider(name), "ArrowRight")
    expect(linked(live.lab, name)).to_have_attribute("aria-valuetext", "0.52")
    live.check()
    values = python(live.lab, "", "[slider.value for slider in sliders.children[:3]]")
    assert values == [getattr(live.twin, each) for each in "fio"]


def test_the_page_moves_while_the_kernel_is_busy(live, server):
    live.reset()
    prompt = live.lab.cell("other").locator(".jp-InputPrompt")
    try:
        live.lab.write("other", BUSY_UNTIL)
        live.lab.select("other")
        live.lab.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
        expect(prompt).to_have_text("[*]:")
        for at in (0.51, 0.52, 0.53):
            live.twin.f = at
            live.press(linked(live.lab, "forget gate"), "ArrowRight")
            live.check_page()
        for at in (0.49, 0.48, 0.47):
            live.twin.i = at
            live.press(live.slider("input gate"), "ArrowLeft")
            expect(linked(live.lab, "input gate")).to_have_attribute("aria-valuetext", str(at))
            live.check_page()
        expect(prompt).to_have_text("[*]:")
    finally:
        (server.folder / "go").touch()
    live.check()
    (server.folder / "go").unlink()
    live.lab.write("other", "")

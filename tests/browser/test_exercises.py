"""The exercises as learners have them: blank, wrong, right; and the cards that they read."""

import re

import pytest
from lab_page import code_cells, lab_page
from pictures import keep
from playwright.sync_api import expect

from lstm_course import lessons

# One exercise stands for all of them: nbval runs each of the others, blank and solved.
PATH = lessons.course_root() / "exercises" / "04_gates.ipynb"
SOLVED = lessons.course_root() / "solutions" / PATH.name
WRONG = """def forget_gate(h, x, W_f, b_f):
    z = np.concatenate([h, x], axis=1) @ W_f.T + b_f
    return np.tanh(z)"""
RIGHT = WRONG.replace("np.tanh(z)", "1 / (1 + np.exp(-z))")

# The contrast of each piece of text with what lies behind it, by the formula of WCAG 2.
CONTRASTS = """card => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const over = (colour, share, ground) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        const alpha = share * a / 255;
        return [r, g, b].map((value, k) => alpha * value + (1 - alpha) * ground[k]);
    };
    const light = colour => colour.map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, k) => sum + [0.2126, 0.7152, 0.0722][k] * value, 0);
    const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        if (!texts.currentNode.data.trim()) continue;
        const around = [];
        for (let element = texts.currentNode.parentElement; element; element = element.parentElement)
            around.unshift(getComputedStyle(element));
        const white = [255, 255, 255];
        const ground = around.reduce((below, style) => over(style.backgroundColor, 1, below), white);
        const share = around.reduce((product, style) => product * style.opacity, 1);
        const pair = [light(over(around.at(-1).color, share, ground)), light(ground)].sort((a, b) => b - a);
        found.push([texts.currentNode.data.trim(), (pair[0] + 0.05) / (pair[1] + 0.05)]);
    }
    return found;
}"""


def cards(lab):
    return lab.outputs('section[aria-label^="Check of"]')


def checks():
    """The questions that the exercise checks, in their order."""
    found = [re.match(r'check\("([\w-]+)"', "".join(cell["source"])) for cell in code_cells(PATH)]
    return [match[1] for match in found if match]


@pytest.mark.runs_notebook(PATH)
def test_a_blank_exercise_says_so_kindly(lab):
    lab.open(f"exercises/{PATH.name}")
    lab.run_all()
    assert lab.errors() == []
    expect(cards(lab)).to_have_count(len(checks()))
    for card, question in zip(cards(lab).all(), checks(), strict=False):
        expect(card).to_have_attribute("aria-label", f"Check of {question}")
        expect(card).to_contain_text("Not written yet")
    expect(lab.outputs("").filter(has_text="Traceback")).to_have_count(0)


@pytest.mark.runs_notebook(SOLVED)
def test_a_solved_exercise_is_right_throughout(lab):
    lab.open(f"solutions/{SOLVED.name}")
    lab.run_all()
    assert lab.errors() == []
    expect(cards(lab)).to_have_count(len(checks()))
    for card in cards(lab).all():
        expect(card.locator("strong").first).to_have_text(re.compile(r"^✓ Right · (\d) of \1 points?$"))


@pytest.fixture(scope="module")
def forget_gate(server, context):
    """The exercise of lesson 04, in which one question after the other is answered."""
    with lab_page(server, context) as lab:
        lab.open("exercises/04_gates.ipynb")
        lab.run("04-setup")
        yield lab


def answer(lab, text):
    """Write an answer to the first question, run it and its check, and return the card."""
    lab.write("04-forget-gate", text)
    lab.run("04-forget-gate")
    lab.run("check-04-forget-gate")
    card = lab.cell("check-04-forget-gate").get_by_role("region", name="Check of 04-forget-gate")
    expect(card).to_have_count(1)
    return card


def test_a_wrong_answer_is_told_its_mistake_and_a_right_one_that_it_is_right(forget_gate):
    card = answer(forget_gate, WRONG)
    expect(card).to_contain_text("Not yet: tanh instead of sigmoid · 0 of 2 points")
    expect(card).to_contain_text("use the sigmoid")
    expect(card).to_contain_text("open hint 1")
    keep(picture_of_the_card(forget_gate), "card.png")
    card = answer(forget_gate, RIGHT)
    expect(card).to_contain_text("Right · 2 of 2 points")
    assert forget_gate.errors() == []


def test_a_typed_answer_is_judged(forget_gate):
    """By the keys alone, as a learner does it: into the cell, an answer, and on to the check."""
    forget_gate.write("04-main-role", "")
    forget_gate.show(forget_gate.cell("04-main-role"))
    forget_gate.cell("04-main-role").locator(".cm-content").focus()
    forget_gate.page.keyboard.type('main_role = "b"')
    forget_gate.press("Shift+Enter", "Shift+Enter")
    card = forget_gate.cell("check-04-main-role").get_by_role("region", name="Check of 04-main-role")
    expect(card).to_contain_text("Not yet")
    expect(card).to_contain_text("That is the hidden state")


def test_a_hint_is_opened_with_the_keyboard(forget_gate):
    hints = forget_gate.cell("hints-04-forget-gate")
    forget_gate.show(hints)
    hints.locator("summary").first.focus()
    before = forget_gate.state()
    forget_gate.press("Enter")
    expect(hints.locator("details").first).to_have_attribute("open", "")
    assert forget_gate.state() == before


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_a_card_is_readable_in_this_theme(forget_gate, theme):
    card = answer(forget_gate, WRONG)
    forget_gate.use_theme(theme)
    try:
        contrasts = card.evaluate(CONTRASTS)
        assert len(contrasts) > 5
        assert not [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < 4.5]
        assert len(forget_gate.screenshot().getcolors()) > 8
    finally:
        forget_gate.use_theme("JupyterLab Light")


def picture_of_the_card(lab):
    """The answer, its check and the card, cut out of the page."""
    lab.select("title")  # the selected cell has a frame and buttons, which say nothing here
    lab.show(lab.cell("check-04-forget-gate"))
    first, last = (lab.cell(name).bounding_box() for name in ("04-forget-gate", "check-04-forget-gate"))
    clip = {"x": first["x"], "y": first["y"], "width": first["width"]}
    return lab.screenshot({**clip, "height": last["y"] + last["height"] - first["y"]})

"""The pointer on the live cell's pictures: drawing, clicking and pointing; and the code that can be copied."""

import numpy as np
import pytest
from plain_page import plain_page
from playwright.sync_api import expect
from shown_cell import ShownCell

from lstm_course.explore import LiveCell
from lstm_course.palette import INKS

LIMITS = {"x": (-3, 3), "i": (0, 1), "f": (0, 1), "o": (0, 1)}
DRAWABLE = [("hand", row) for row in LIMITS] + [("weights", "x")]


@pytest.fixture
def cell(plain):
    return ShownCell(plain)


def path_of(state, row):
    return state["x"] if row == "x" else state["drawn"].get(row, [state[row]] * len(state["x"]))


# --- drawing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin, end", [((3, 0.25), (9, 0.75)), ((30, 0.9), (12, 0.1))], ids=["right", "left"])
@pytest.mark.parametrize("mode, row", DRAWABLE)
def test_a_stroke_sets_every_step_that_it_passes(plain, mode, row, begin, end):
    cell = ShownCell(plain, mode=mode)
    before, shown = cell.state(), cell.everything()
    cell.click(cell.spot(row, *begin), cell.spot(row, *end))
    low, high = LIMITS[row]
    path, old = path_of(cell.state(), row), path_of(before, row)
    first, last = sorted((begin[0], end[0]))
    assert (path[: first - 1], path[last:]) == (old[: first - 1], old[last:])
    drawn = np.array(path[first - 1 : last])
    pixel = (high - low) / cell.row(row)[3]
    for step, share in (begin, end):
        assert path[step - 1] == pytest.approx(low + (high - low) * share, abs=1.5 * pixel)
    assert (np.diff(drawn) * np.sign((end[1] - begin[1]) * (end[0] - begin[0])) >= 0).all()
    assert (drawn == drawn.round(2)).all()
    cell.expect(**({"x": path} if row == "x" else {"drawn": {row: path}}), step=end[0])
    expect(cell.slider("step")).to_be_focused()
    cell.press("Control+z")  # the whole stroke
    cell.expect(**before)
    assert cell.everything() == shown


def test_a_fast_stroke_skips_no_step(cell):
    begin, end = cell.spot("i", 5, 0.9), cell.spot("i", 35, 0.9)
    cell.page.mouse.move(*begin)
    cell.page.mouse.down()
    cell.page.mouse.move(*end, steps=1)
    cell.page.mouse.up()
    path = cell.state()["drawn"]["i"]
    assert path == [0.5] * 4 + [path[4]] * 31 + [0.5] * 5
    assert path[4] == pytest.approx(0.9, abs=0.05)


def test_a_stroke_ends_at_the_ends_of_its_row(cell):
    (x, y), (left, top, width, height) = cell.spot("x", 38), cell.row("x")
    cell.click((x, y), (left + width + 200, top - 100))
    path = cell.state()["x"]
    assert path[39] == 3
    cell.expect(x=LiveCell().x[:37] + path[37:], step=40)
    cell.click(cell.spot("o", 2), (left - 300, top + 20 * height))
    path = cell.state()["drawn"]["o"]
    assert path[0] == 0
    cell.expect(drawn={"o": path[:2] + [0.5] * 38}, step=1)
    cell.page.mouse.move(*cell.spot("o", 20))  # the button is up: nothing is drawn any more
    cell.expect()


def test_two_strokes_are_undone_one_by_one(cell):
    states = [cell.state()]
    for row, step in (("f", 3), ("f", 8), ("x", 8)):
        cell.click(cell.spot(row, step, 0.9))
        states.append(cell.state())
    for state in states[-2::-1]:
        cell.press("Control+z")
        cell.expect(**state)


def test_a_finger_draws(browser, tmp_path):
    """Also where it begins on what is drawn already; and the page does not scroll away under it."""
    with plain_page(browser, tmp_path, has_touch=True, viewport={"width": 800, "height": 500}) as plain:
        cell = ShownCell(plain)
        fingers = plain.page.context.new_cdp_session(plain.page)
        for row in LIMITS:
            begin, end = cell.spot(row, 5, 0.2), cell.spot(row, 9, 0.9)
            for kind, at in (("Start", begin), *(("Move", np.array(begin) * (1 - k) + np.array(end) * k) for k in
                             (0.2, 0.4, 0.6, 0.8, 1)), ("End", None)):  # fmt: skip
                points = [] if at is None else [{"x": float(at[0]), "y": float(at[1])}]
                fingers.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
            path, (low, high) = path_of(cell.state(), row), LIMITS[row]
            assert path[8] == pytest.approx(low + 0.9 * (high - low), abs=0.1 * (high - low)), row
            assert cell.state()["step"] == 9


@pytest.mark.parametrize("mode, row", [("hand", row) for row in "gch"] + [("weights", row) for row in "ifgo"])
def test_a_click_elsewhere_goes_to_that_step(plain, mode, row):
    cell = ShownCell(plain, mode=mode)
    before, shown = cell.state(), cell.everything()
    for step, aside in ((17, -0.4), (0, 0.4), (40, 0.4)):  # anywhere in a column is that step
        cell.click(cell.spot(row, step + aside), cell.spot(row, 30))  # to draw is of no use there
        cell.expect(step=step)
        expect(cell.slider("step")).to_be_focused()
    cell.press("Control+z")
    if cell.state() != before:  # the moves are undone together unless the machine was slow
        cell.press("Control+z", "Control+z")
    cell.expect(**before)
    assert cell.everything() == shown


@pytest.mark.parametrize("mode", ["hand", "weights"])
def test_a_click_in_the_gradient_sets_the_loss_step(plain, mode):
    cell = ShownCell(plain, mode=mode)
    left, _, width, _ = cell.row("x")
    gradient = cell.root.locator("svg.gradient")
    gradient.scroll_into_view_if_needed()
    y = gradient.bounding_box()["y"] + 40
    for at, loss in ((12.1, 12), (0.5, 1), (39.9, 39)):
        cell.click((left + width * at / 41, y))
        cell.expect(loss_step=loss)
        expect(cell.slider("loss at step")).to_be_focused()


def test_a_click_beside_the_columns_changes_nothing(cell):
    for picture, y in (("svg.timeline", 30), ("svg.gradient", 40)):
        place = cell.root.locator(picture)
        place.scroll_into_view_if_needed()
        cell.click((place.bounding_box()["x"] + 20, place.bounding_box()["y"] + y))
        cell.expect()


def test_only_the_main_button_draws(cell):
    for button in ("right", "middle"):
        cell.page.mouse.move(*cell.spot("x", 10, 0.9))
        cell.page.mouse.down(button=button)
        cell.page.mouse.move(*cell.spot("x", 15, 0.9))
        cell.page.mouse.up(button=button)
    cell.expect()


# --- what belongs together --------------------------------------------------------------------------------

# The middle of an edge in the cell, in the window.
ON_THE_EDGE = """edge => {
    const { x, y } = edge.getPointAtLength(edge.getTotalLength() * 0.3);
    const at = new DOMPoint(x, y).matrixTransform(edge.getScreenCTM());
    return [at.x, at.y];
}"""
LIT = """root => [...root.querySelectorAll("button.symbol")]
    .filter((each, _, all) => getComputedStyle(each).backgroundColor !== root.dataset.unlit)
    .map(each => each.dataset.symbol)"""
# How much of each part is seen; words stay readable, and boxes keep what is behind them covered.
PICTURED = """root => [...root.querySelectorAll("svg:is(.cell, .timeline) [data-symbol]")].flatMap(each =>
    (each.matches("g") ? [...each.children] : [each]).filter(part => !part.matches("text, .hollow")).map(part =>
        [each.dataset.symbol.split(" "),
            getComputedStyle(part)[part.matches(".box, .node") ? "strokeOpacity" : "opacity"]]))"""


@pytest.fixture
def lit(cell):
    """The cell, and which buttons are lit; in its pictures just what belongs to them must stand out."""
    cell.root.evaluate("""root => {
        root.dataset.unlit = getComputedStyle(root.querySelector("button.symbol")).backgroundColor;
    }""")

    def look():
        buttons = cell.root.evaluate(LIT)
        for symbols, opacity in cell.root.evaluate(PICTURED):
            assert opacity == ("1" if not buttons or set(symbols) & set(buttons) else "0.3"), symbols
        return buttons

    assert look() == []
    return cell, look


@pytest.mark.parametrize("symbol", "ifgoch")
def test_pointing_at_an_edge_or_a_curve_lights_its_equation_and_the_other_way_round(lit, symbol):
    cell, look = lit
    before = cell.state()
    edge = cell.root.locator(f"svg.cell [data-symbol='{symbol}'] path").first
    cell.page.mouse.move(*edge.evaluate(ON_THE_EDGE))
    assert look() == [symbol]
    cell.page.mouse.move(*cell.spot(symbol, 20))
    assert look() == [symbol]
    number = cell.root.locator(f"svg.cell text.value[data-symbol='{symbol}']").first
    button = cell.root.locator(f"button.symbol[data-symbol='{symbol}']")
    slider = cell.root.locator(f".equations-panel .slider[data-symbol='{symbol}']").first
    for place in [number, button, *([slider] if symbol in "ifoc" else [])]:
        place.hover()
        assert look() == [symbol]
    cell.page.mouse.move(2, 2)
    assert look() == []
    assert cell.state() == before


@pytest.mark.parametrize("key", ["Enter", "Space", None])
def test_a_symbols_button_keeps_the_light_on(lit, key):
    cell, look = lit
    for pressed in ("f", "g", "g"):
        button = cell.root.locator(f"button.symbol[data-symbol='{pressed}']")
        was_on = button.get_attribute("aria-pressed") == "true"
        if key:
            button.press(key)
        else:
            button.click()
        cell.slider("step").focus()
        cell.page.mouse.move(2, 2)
        assert look() == ([] if was_on else [pressed])
        for symbol in "ifgoch":
            on = str(symbol == pressed and not was_on).lower()
            expect(cell.button(f"{INKS[symbol].name} {symbol}: highlight")).to_have_attribute("aria-pressed", on)
    assert look() == []
    cell.expect()


# --- the code that can be copied --------------------------------------------------------------------------


@pytest.mark.parametrize("library, name", [("numpy", "NumPy"), ("torch", "PyTorch")])
@pytest.mark.parametrize("allowed", [True, False])
def test_the_setting_is_copied_as_code(browser, tmp_path, library, name, allowed):
    permissions = ["clipboard-read", "clipboard-write"] if allowed else []
    with plain_page(browser, tmp_path, permissions=permissions) as plain:
        if not allowed:  # as on a page that no one has clicked on, or in a frame
            plain.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))")
        cell = ShownCell(plain, "write once")
        code = cell.root.get_by_label("The current state as code")
        expect(code).to_be_hidden()
        cell.button(f"copy as {name}").click()
        plain.load("code.js")
        text = plain.call("asCode", cell.state(), library)
        expect(code).to_have_value(text)
        if allowed:
            expect(cell.root.get_by_role("status")).to_have_text("The code is on the clipboard.")
            assert plain.page.evaluate("navigator.clipboard.readText()") == text
        else:
            expect(cell.root.get_by_role("status")).to_contain_text("The code is selected")
            expect(code).to_be_focused()
            assert code.evaluate("code => code.value.slice(code.selectionStart, code.selectionEnd)") == text
        cell.expect()
        cell.slider("step").focus()
        cell.press("ArrowRight")
        expect(code).to_be_hidden()  # it was that of another state
        cell.expect(step=9)


def test_the_code_stays_when_the_window_changes(cell):
    """A scroll bar that comes with the code is such a change, too."""
    cell.button("copy as NumPy").click()
    code = cell.root.get_by_label("The current state as code")
    expect(code).to_be_visible()
    cell.page.set_viewport_size({"width": 1265, "height": 900})
    cell.page.wait_for_function("() => document.querySelector('.timeline').getAttribute('width') < 1240")
    expect(code).to_be_visible()

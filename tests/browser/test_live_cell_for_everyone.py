"""The live cell for those who hear it, who work it with keys alone, who read it large, narrow or dark, who want no
motion."""

import re

import pytest
from plain_page import plain_page
from playwright.sync_api import expect
from shown_cell import ShownCell

from lstm_course.explore import LiveCell

MODES = ["hand", "weights"]
# A setting with all there can be: a title, the plain unit, gates from weights or drawn.
RICH = {
    "hand": LiveCell("write once", title="A title", plain=True),
    "weights": LiveCell("forget bias 1", title="A title", plain=True, u=[0.5, -0.5, 0.3, 0.1], rest=[[0.1] * 4] * 40),
}

# Everything that can be worked, and the box that a finger can meet for it: its label counts, too.
TARGETS = """root => [...root.querySelectorAll("button, select, input, textarea")]
    .filter(each => each.checkVisibility()).map(each => {
        const boxes = [each, ...each.labels ?? []].map(part => part.getBoundingClientRect());
        return [each.ariaLabel || each.textContent || each.parentElement.textContent,
            Math.max(...boxes.map(box => box.width)), Math.max(...boxes.map(box => box.height))];
    })"""

# Two targets must not cover one another.
OVERLAPS = """root => {
    const all = [...root.querySelectorAll("button, select, input")].filter(each => each.checkVisibility());
    const boxes = all.map(each => each.getBoundingClientRect());
    const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    return all.flatMap((one, k) => all.slice(k + 1).filter((_, l) => overlap(boxes[k], boxes[k + 1 + l]))
        .map(other => [one.outerHTML, other.outerHTML]));
}"""

# Each piece of text with its contrast to what is behind it, both as the pixels that the browser makes of them.
CONTRASTS = """root => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const paint = (...colours) => {
        context.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
        }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = pixel => pixel.map(part => part / 255)
        .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
    const behind = element =>
        element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : [];
    const found = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility() || element.matches("style, option, :disabled")) continue;
        const style = getComputedStyle(element);
        const colour = element.closest("svg") ? style.fill : style.color;
        const ground = behind(element);
        const [a, b] = [paint(...ground, colour), paint(...ground)].map(light);
        found.push([node.data, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
    }
    return found;
}"""


# --- what is said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_every_control_has_a_name_of_its_own_and_every_slider_says_its_value(plain, mode):
    cell = ShownCell(plain, **RICH[mode].state())
    sliders = cell.root.get_by_role("slider").all()
    assert len(sliders) == {"hand": 8, "weights": 17}[mode]
    names = []
    for slider in sliders:
        expect(slider).to_have_accessible_name(re.compile(r"[a-z]{4}"))
        assert re.search(r"\d", slider.get_attribute("aria-valuetext"))
        names.append(slider.get_attribute("aria-label"))
    for role in ("button", "checkbox", "radio", "combobox"):
        for control in cell.root.get_by_role(role).all():
            expect(control).to_have_accessible_name(re.compile(r"\S"))
            names.append(control.evaluate("control => control.ariaLabel || control.parentElement.textContent"))
    assert len(names) >= len(sliders) + 12
    assert len(set(names[: len(sliders)])) == len(sliders)


def test_a_slider_of_a_gate_says_what_it_does(plain):
    cell = ShownCell(plain, "leaky")
    for gate, words in {
        "forget gate": "0.90: this share of the cell state is kept",
        "input gate": "0.00: this share of the candidate is written",
        "output gate": "1.00: this share of the cell state is shown",
    }.items():
        expect(cell.slider(gate)).to_have_attribute("aria-valuetext", words)


@pytest.mark.parametrize("mode", MODES)
def test_the_pictures_are_described_and_one_voice_speaks(plain, mode):
    cell = ShownCell(plain, **RICH[mode].state())
    pictures = cell.root.locator("svg:not([aria-hidden=true])").all()
    shown = [picture for picture in pictures if picture.is_visible()]
    assert len(shown) == {"hand": 3, "weights": 7}[mode]
    for picture in shown:
        expect(picture).to_have_role("img")
        expect(picture).to_have_accessible_name(re.compile(r"(\w+\W+){5}"))
    voice = cell.root.get_by_role("status")
    expect(voice).to_have_count(1)
    assert cell.root.locator("[aria-live], [role=alert], [role=log]").count() == 1
    expect(voice).to_have_attribute("aria-live", "polite")


def test_the_voice_waits_until_the_hand_rests_and_then_says_the_state_once(plain):
    plain.page.clock.install()
    cell = ShownCell(plain)
    plain.page.clock.pause_at(plain.page.evaluate("Date.now() + 1000"))
    voice = cell.root.get_by_role("status")
    voice.evaluate("""voice => {
        window.spoken = [];
        new MutationObserver(() => window.spoken.push(voice.textContent)).observe(voice, { childList: true });
    }""")
    cell.slider("forget gate").focus()
    for _ in range(20):
        cell.press("ArrowRight")
        plain.page.clock.run_for(30)  # as when the key is held
    assert plain.page.evaluate("spoken") == []
    plain.page.clock.run_for(400)
    cell.expect(f=0.7)
    c, h = (cell.twin.values[symbol] for symbol in "ch")
    said = f"At step 1: cell state {c[0]:.2f}, hidden state {h[0]:.2f}. "
    said += f"After 40 steps: cell state {c[-1]:.2f}, hidden state {h[-1]:.2f}."
    assert plain.page.evaluate("spoken") == [said.replace("-", "\N{MINUS SIGN}")]


# --- what is reached --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_tab_comes_to_every_control_in_the_order_of_the_page_and_each_shows_its_focus(plain, mode):
    cell = ShownCell(plain, **RICH[mode].state())
    cell.button("step").click()  # so that there is something to undo
    cell.page.evaluate("document.activeElement.blur()")
    cell.page.mouse.click(2, 2)
    controls = cell.root.locator("button, select, textarea, input:not([type=radio]), input:checked, [tabindex='0']")
    wanted = controls.evaluate_all("""all => {
        window.reached = [];
        return all.map((each, k) => [each, k]).filter(([each]) => each.checkVisibility()).map(([each, k]) => {
            each.addEventListener("focus", () => window.reached.push([k, getComputedStyle(each).outlineStyle,
                parseFloat(getComputedStyle(each).outlineWidth), each.hasAttribute("data-lm-suppress-shortcuts")]));
            return k;
        });
    }""")
    for _ in wanted:
        cell.press("Tab")
    reached = cell.page.evaluate("reached")
    assert [k for k, *_ in reached] == wanted
    for k, style, width, keeps_its_keys in reached:
        assert style != "none" and width >= 2, controls.nth(k).evaluate("each => each.outerHTML")
        assert keeps_its_keys
    cell.press("Tab")  # and out of the cell again
    assert not cell.root.evaluate("root => root.contains(document.activeElement)")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("width", [1280, 400])
def test_every_target_is_large_enough_for_a_finger(browser, tmp_path, mode, width):
    with plain_page(browser, tmp_path, viewport={"width": width, "height": 900}) as plain:
        cell = ShownCell(plain, **RICH[mode].state())
        cell.menu.select_option("leaky")  # the answers are buttons, too
        targets = cell.root.evaluate(TARGETS)
        assert len(targets) > 25
        assert [each for each in targets if min(each[1:]) < 24] == []
        assert cell.root.evaluate(OVERLAPS) == []


# --- how it looks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["write once", "forget bias 1"])  # gates by hand and from weights
@pytest.mark.parametrize("width", [1920, 1600])
def test_the_projector_view_fits_the_height_of_a_screen(browser, tmp_path, preset, width):
    with plain_page(browser, tmp_path, viewport={"width": width, "height": 1080}) as plain:
        cell = ShownCell(plain, preset, projector=True)
        cell.root.get_by_label("table", exact=True).uncheck()
        assert cell.root.bounding_box()["height"] <= 1080


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "window",
    [
        {"viewport": {"width": 400, "height": 900}},
        {"viewport": {"width": 320, "height": 640}},
        {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},  # 1280 at 200 %
    ],
    ids=["narrow", "narrowest", "200 %"],
)
@pytest.mark.parametrize("projector", [False, True])
def test_nothing_reaches_beyond_the_page(browser, tmp_path, mode, window, projector):
    with plain_page(browser, tmp_path, **window) as plain:
        cell = ShownCell(plain, **{**RICH[mode].state(), "projector": projector})
        for name in ("copy as NumPy", "preset"):
            if name == "preset":
                cell.menu.select_option("forget bias 1")
            else:
                cell.button(name).click()
            assert plain.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            beyond = cell.root.evaluate("""root => [...root.querySelectorAll("*")].filter(each =>
                each.checkVisibility() && !each.closest(".table-panel table, .status, svg.cell")
                && each.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
                .map(each => each.outerHTML.slice(0, 200))""")
            assert beyond == []
            under = cell.root.locator(".slider").evaluate_all("""all => all.filter(each => each.checkVisibility())
                .filter(each => {
                    const words = document.createRange();
                    words.selectNodeContents(each.querySelector(".name"));
                    const [a, b] = [words, each.querySelector("input")].map(part => part.getBoundingClientRect());
                    return a.right > b.left + 1 && a.bottom > b.top + 1 && a.top < b.bottom - 1;
                }).map(each => each.textContent)""")
            assert under == []  # words under a slider


@pytest.mark.parametrize("width", [400, 1280])
def test_the_longest_sequence_fits_into_the_pictures(browser, tmp_path, width):
    with plain_page(browser, tmp_path, viewport={"width": width, "height": 900}) as plain:
        cell = ShownCell(plain, x=[0.5] * 500, step=500)
        for picture in ("svg.timeline", "svg.gradient"):
            inside = cell.root.locator(picture).evaluate("""picture => {
                const { left, right } = picture.getBoundingClientRect();
                const boxes = [...picture.querySelectorAll("rect, path, text")]
                    .map(each => each.getBoundingClientRect());
                return boxes.every(box => !box.width || (box.left >= left - 1 && box.right <= right + 1));
            }""")
            assert inside, picture
        cell.click(cell.spot("c", 250))
        assert abs(cell.state()["step"] - 250) <= 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, tmp_path, mode, scheme):
    with plain_page(browser, tmp_path, color_scheme=scheme) as plain:
        cell = ShownCell(plain, **RICH[mode].state())
        cell.menu.select_option("leaky")
        cell.button("copy as NumPy").click()
        found = cell.root.evaluate(CONTRASTS)
        assert len(found) > 200
        assert [each for each in found if each[1] < 4.5] == []
        dark = plain.page.evaluate("""() => {
            const ground = getComputedStyle(document.querySelector(".live-cell")).backgroundColor;
            return ground.match(/\\d+/g).slice(0, 3).every(part => part < 128);
        }""")
        assert dark == (scheme == "dark")


# --- motion -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_step_moves_through_the_cell_unless_motion_is_unwanted(browser, tmp_path, motion):
    with plain_page(browser, tmp_path, reduced_motion=motion) as plain:
        # Counted as they begin: on a busy machine one may be over before the test looks.
        plain.page.add_init_script("""
            window.begun = 0;
            const animate = Element.prototype.animate;
            Element.prototype.animate = function (...given) {
                window.begun += 1;
                return animate.apply(this, given);
            };
        """)
        cell = ShownCell(plain)
        begun = "() => { const count = window.begun; window.begun = 0; return count; }"
        assert plain.page.evaluate(begun) == 0
        ways = {
            "button": lambda: cell.button("step").click(),
            "key": lambda: cell.slider("forget gate").press("Space"),
            "cursor": lambda: cell.slider("step").press("ArrowRight"),
            "pointer": lambda: cell.click(cell.spot("c", 20)),
        }
        for way, go in ways.items():
            go()
            assert (plain.page.evaluate(begun) > 0) == (motion == "no-preference"), way
        cell.slider("forget gate").press("ArrowRight")
        assert plain.page.evaluate(begun) == 0  # only a step is sent
        transitions = cell.root.evaluate("""root => [...root.querySelectorAll("*")].filter(each =>
            parseFloat(getComputedStyle(each).transitionDuration) || getComputedStyle(each).animationName !== "none")
            .map(each => each.outerHTML.slice(0, 100))""")
        assert transitions == []

"""Text that lies over curves, bars or shades, measured in the pixels of the page, which auditors do not look at."""

import io

import numpy as np
import pytest
from a_monitor import ALL_EVENTS, a_monitor
from PIL import Image
from plain_page import plain_page

from lstm_course.explore import LiveCell
from lstm_course.explore.live import PAGE
from lstm_course.explore.memory_horizon import MemoryHorizon
from lstm_course.explore.saturation import SaturationSlider
from lstm_course.explore.spectral_radius import SpectralRadius

SCALE = 2  # pixels of the screen for one of CSS
PIECES = {
    # The cursor and the loss stand where the words are; at the end, the curve of the plain unit runs through its name.
    "hand": [LiveCell("write once", plain=True, loss_step=39, step=40)],
    "weights": [LiveCell("forget bias 1", plain=True, loss_step=20, step=22)],
    "small pieces": [
        a_monitor(events=ALL_EVENTS, time=14, threshold=0.1),
        SpectralRadius(1.2),
        SpectralRadius(2, input_scale=0),
        MemoryHorizon(4, 39),
        SaturationSlider(z=0.2),
    ],
}

TEXTS = """() => [...document.querySelectorAll("svg text")]
    .filter(each => each.checkVisibility() && each.textContent.trim())
    .map(each => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return [each.textContent, left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
    })"""


def pixels(page, fill):
    """The whole page with the texts of its drawings painted so; their rims stay."""
    page.evaluate("fill => { document.getElementById('paint').textContent = `svg text { ${fill} }`; }", fill)
    shot = page.screenshot(full_page=True, animations="disabled", caret="hide")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def luminance(colour):
    share = np.asarray(colour) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def grown(mask):
    """The mask and all pixels beside it."""
    wide = np.pad(mask, 1)
    return mask | wide[2:, 1:-1] | wide[:-2, 1:-1] | wide[1:-1, 2:] | wide[1:-1, :-2]


def contrasts(page):
    """Each text with its smallest contrast to any pixel up to one CSS pixel away from its letters."""
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), { id: 'paint' }))")
    shown, behind = pixels(page, ""), pixels(page, "fill-opacity: 0 !important")
    magenta, green = (pixels(page, f"fill: {colour} !important; opacity: 1 !important") for colour in ("#f0f", "#0f0"))
    found = []
    for text, *box in page.evaluate(TEXTS):
        left, top, right, bottom = (round(SCALE * each) for each in box)
        place = np.s_[max(0, top - SCALE) : bottom + SCALE, max(0, left - SCALE) : right + SCALE]
        letters = np.abs(magenta[place] - green[place]).max(axis=2)  # 255 where they cover a pixel wholly
        if letters.max(initial=0) < 128:  # outside of the axes
            continue
        colour = np.median(shown[place][letters > 0.9 * letters.max()], axis=0)
        around = letters > 128
        for _ in range(SCALE):
            around = grown(around)
        ground = luminance(behind[place][around & (letters < 250)])
        bright, dark = np.maximum(ground, luminance(colour)), np.minimum(ground, luminance(colour))
        found.append((text, ((bright + 0.05) / (dark + 0.05)).min()))
    return found


def test_the_measure_sees_a_line_behind_a_word_unless_the_word_has_a_rim(browser, tmp_path):
    with plain_page(browser, tmp_path, device_scale_factor=SCALE) as plain:
        drawing = """<svg width="300" height="60"><path d="M0 25H300" stroke="#444" stroke-width="3"/>
            <text x="9" y="30">{}</text><text x="150" y="30" style="paint-order: stroke" stroke="#fff"
            stroke-width="4">rim</text><text x="220" y="30" fill="#999">grey</text>
            <text x="9" y="55">free</text></svg>"""
        plain.open(f"<!doctype html><title>A drawing</title>{drawing.format('bare')}")
        found = dict(contrasts(plain.page))
        assert found["bare"] < 3 and found["grey"] < 3 and found["rim"] > 15 and found["free"] > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", PIECES)
def test_every_word_stands_out_from_all_that_is_behind_it(browser, tmp_path, which, scheme):
    look = {"viewport": {"width": 800, "height": 600}, "device_scale_factor": SCALE, "color_scheme": scheme}
    with plain_page(browser, tmp_path, **look) as plain:
        body = "\n".join(piece.fragment() for piece in PIECES[which])
        plain.open(PAGE.format(title="pieces", body=body))
        plain.page.wait_for_function(f"document.querySelectorAll('.lstm-live').length === {len(PIECES[which])}")
        found = contrasts(plain.page)
        assert len(found) > 80
        assert [(text, round(ratio, 1)) for text, ratio in found if ratio < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_steps_back_behind_the_symbol_in_hand_can_still_be_read(browser, tmp_path, scheme):
    look = {"viewport": {"width": 800, "height": 600}, "device_scale_factor": SCALE, "color_scheme": scheme}
    with plain_page(browser, tmp_path, **look) as plain:
        plain.show(PIECES["hand"][0])
        plain.page.get_by_role("slider", name="forget gate").focus()
        dimmed = plain.page.locator("svg.cell [data-symbol=h] path").first
        assert dimmed.evaluate("each => getComputedStyle(each).opacity") == "0.3"
        assert [(text, round(ratio, 1)) for text, ratio in contrasts(plain.page) if ratio < 4.5] == []

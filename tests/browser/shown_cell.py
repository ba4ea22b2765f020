"""A live cell on a page without a kernel, beside its twin in Python: what it must show, and what it shows."""

import re

import numpy as np
import pytest

from lstm_course.explore import LiveCell
from lstm_course.explore.cell_values import plain_values
from lstm_course.palette import INKS

GATES = "ifgo"  # the order of w, u and b
PARTS = {"w": "input weight w", "u": "recurrent weight u", "b": "bias b"}
COLUMNS = ("x", "i", "f", "g", "o", "c", "h", "direct", "full", "plainH", "plainPath")

READ = """root => {
    const all = selector => [...root.querySelectorAll(selector)].filter(each => each.checkVisibility());
    const text = selector => root.querySelector(selector).textContent;
    const label = selector => root.querySelector(selector).getAttribute("aria-label");
    return {
        sliders: Object.fromEntries(all("input[type=range]").map(each =>
            [each.ariaLabel, { value: Number(each.value), step: Number(each.step), spoken: each.ariaValueText,
                readout: each.nextElementSibling.textContent }])),
        checked: all("input:checked").map(each => each.parentElement.textContent),
        preset: root.querySelector("select").value,
        title: all("h3").map(each => each.textContent),
        headings: [...root.querySelectorAll("h4")].map(each => each.textContent),
        formulas: Object.fromEntries([...root.querySelectorAll(".line")].map(each =>
            [each.querySelector("button").dataset.symbol, each.querySelector(".formula").textContent])),
        curves: all(".gate-curve").map(each => each.ariaLabel),
        cell: label("svg.cell"), timeline: label("svg.timeline"), gradient: label("svg.gradient"),
        at_the_cursor: Object.fromEntries([...root.querySelectorAll(".timeline > g[data-symbol]")].map(each =>
            [each.dataset.symbol, each.querySelector(".value").textContent])),
        table: [...root.querySelectorAll("tbody tr")].map(row => [...row.children].map(each => each.textContent)),
        current: [...root.querySelectorAll("tbody tr.current th")].map(each => each.textContent),
    };
}"""

# All that can be seen or heard, piece by piece, but for what a hand leaves behind: the last sentence that was said,
# what can be undone, and which symbol is lit.
EVERYTHING = """root => {
    const copy = root.cloneNode(true);
    for (const each of copy.querySelectorAll("[hidden], .status")) each.remove();
    for (const each of copy.querySelectorAll("button")) each.removeAttribute("disabled");
    copy.removeAttribute("data-lit");
    const controls = [...root.querySelectorAll("input, select")].filter(each => each.checkVisibility())
        .map(each => `${each.ariaLabel} ${each.value} ${each.checked}`);
    return [...copy.outerHTML.split(/(?=<)/), ...controls];
}"""


def parse(text):
    """The number that a text of the page stands for."""
    text = text.replace("\N{MINUS SIGN}", "-")
    if not text or text == "\N{EN DASH}":
        return np.nan
    digits, _, power = text.partition(" \N{MULTIPLICATION SIGN} 10")
    raised = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return float(digits) * 10.0 ** int(raised or 0)


def numbers(text):
    """Every number in a sentence."""
    return [parse(each) for each in re.findall(r"−?\d+(?:\.\d+)?(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?", text)]


def rounded(value, decimals=2):
    """A number as it is shown, give or take its last digit: from 100 on whole, from 100,000 on with two digits."""
    size = abs(value)
    off = 0.051 * size if size > 99_999 else 0.5 if size > 99.9 else 0.501 * 10**-decimals
    return pytest.approx(value, abs=off, rel=0, nan_ok=True)


class ShownCell:
    """A live cell that is shown with its table.

    Attributes
    ----------
    twin : LiveCell
        What the page must show; tests change it as they change the page.
    root : playwright.sync_api.Locator
    """

    def __init__(self, plain, /, preset="halfway", **values):
        twin = LiveCell(preset, **values)
        plain.show(twin)
        self._is(plain, twin, 0)

    @classmethod
    def on(cls, plain, twin, place=0):
        """The one in this place of those on a page that is open."""
        cell = cls.__new__(cls)
        cell._is(plain, twin, place)
        return cell

    def _is(self, plain, twin, place):
        self.plain, self.page, self.twin, self.place = plain, plain.page, twin, place
        self.root = self.page.locator(".live-cell").nth(place)
        self.menu = self.root.get_by_label("preset", exact=True)
        self.root.get_by_label("table", exact=True).check()

    def slider(self, name):
        return self.root.get_by_role("slider", name=name, exact=True)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, spot, *more):
        """Click, or press the button on the first spot and draw from there to the others."""
        self.page.mouse.move(*spot)
        self.page.mouse.down()
        for each in more:
            self.page.mouse.move(*each, steps=4)
        self.page.mouse.up()

    def row(self, symbol):
        """Where the row of a symbol is in the window: left, top, width, height."""
        band = self.root.locator(f'.timeline > g[data-symbol="{symbol}"] .band')
        band.scroll_into_view_if_needed()
        return tuple(band.bounding_box()[side] for side in ("x", "y", "width", "height"))

    def spot(self, symbol, step, share=0.5):
        """A place in the row of a symbol: in the column of a step, so far up."""
        left, top, width, height = self.row(symbol)
        return left + width * (step + 0.5) / (len(self.twin.x) + 1), top + height * (1 - share)

    def state(self):
        return self.plain.states()[self.place]

    def everything(self):
        return self.root.evaluate(EVERYTHING)

    def expect(self, **changes):
        """The page has made just these changes, and shows all that follows from them."""
        self.twin.set_state(changes)
        assert self.state() == self.twin.state()
        self.expect_shown()

    def expect_shown(self):
        """Every number on the page is that of the twin."""
        twin, shown, T = self.twin, self.root.evaluate(READ), len(self.twin.x)
        by_hand, values, paths, t = twin.mode == "hand", twin.values, twin.paths, max(1, twin.step)
        c, h = np.append(twin.c0, values["c"]), np.append(np.nan if by_hand else twin.h0, values["h"])
        now = {symbol: values[symbol][t - 1] for symbol in values}

        for name, value in self._sliders().items():
            slider = shown["sliders"].pop(name)
            assert slider["value"] == pytest.approx(value, abs=slider["step"] / 2 + 1e-9), name
            assert numbers(slider["readout"]) == [rounded(value)], name
            spoken = slider["spoken"].replace("before the first step", "step 0")
            assert numbers(spoken)[:1] == [rounded(value)], name
        assert not shown["sliders"]
        checked = [mode for mode in ("hand on the gates", "weights") if (mode != "weights") == by_hand]
        checked += ["plain unit beside it"] * twin.plain + ["table"] + ["projector"] * twin.projector
        assert [each for each in shown["checked"] if not each.startswith("gate sliders")] == checked
        assert shown["preset"] == twin.preset
        assert shown["title"] == [twin.title] * bool(twin.title)

        assert [numbers(each) for each in shown["headings"]] == [[t], [], [], [twin.loss_step]]
        f, i, g, o = (now[gate] for gate in "figo")
        wanted = [c[t - 1], t, f, f * c[t - 1], i, i * g, g, c[t], o, h[t]]
        assert numbers(shown["cell"]) == [rounded(each) for each in wanted]
        assert numbers(shown["timeline"])[:4] == [rounded(each) for each in (T, c[0], c[T], h[T])]
        for symbol, text in shown["at_the_cursor"].items():
            at = {"c": c, "h": h}.get(symbol, np.append(np.nan, values[symbol]))[twin.step]
            assert parse(text) == rounded(at), symbol
        for symbol, text in shown["formulas"].items():
            assert numbers(text)[-1] == rounded(now[symbol]), f"{symbol} {text}"
        assert len(shown["curves"]) == 4 * (not by_hand)

        since = min(twin.step, twin.loss_step)
        said = numbers(shown["gradient"])
        wanted = [since, twin.loss_step, twin.loss_step - since, paths["direct"][since]]
        wanted += [paths["full"][since]] * (not by_hand) + [paths["plain"][since]]
        assert said == pytest.approx(wanted, rel=0.051, abs=1e-290)
        self._expect_table(
            shown["table"], {**{s: np.append(np.nan, values[s]) for s in "xifgo"}, "c": c, "h": h}, paths
        )
        assert shown["current"] == [str(twin.step)]

    def _sliders(self):
        """The sliders that can be seen, by the names they are called with, and their values."""
        twin, t = self.twin, max(1, self.twin.step)
        sliders = {
            f"input x at step {t}": twin.x[t - 1],
            "cell state before the first step": twin.c0,
            "step": twin.step,
            "loss at step": twin.loss_step,
            "recurrent weight u of the plain unit": twin.plain_u,
        }
        if twin.mode == "hand":
            if self.root.get_by_label("gate sliders change this step only").is_checked():
                return sliders | {f"{INKS[gate].name} at step {t}": twin.values[gate][t - 1] for gate in "fio"}
            return sliders | {INKS[gate].name: getattr(twin, gate) for gate in "fio"}
        return sliders | {
            f"{part} of the {INKS[gate].name}": getattr(twin, letter)[k]
            for letter, part in PARTS.items()
            for k, gate in enumerate(GATES)
        }

    def _expect_table(self, table, run, paths):
        T = len(self.twin.x)
        steps = np.array([int(row[0]) for row in table])
        assert steps.tolist() == list(range(T + 1))
        found = {name: np.array([parse(row[k]) for row in table]) for k, name in enumerate(COLUMNS, 1)}
        for name in "xifgoch":
            assert found[name].tolist() == [rounded(each, 3) for each in run[name].tolist()], name
        after = np.full(T - self.twin.loss_step, np.nan)
        full = np.full(T + 1, np.nan) if self.twin.mode == "hand" else np.append(paths["full"], after)
        for name, path in {"direct": np.append(paths["direct"], after), "full": full}.items():
            np.testing.assert_allclose(found[name], path, rtol=0.051, atol=1e-290, err_msg=name)
        np.testing.assert_allclose(found["plainPath"], np.append(paths["plain"], after), rtol=0.051, atol=1e-290)
        plain, _ = plain_values(self.twin.x, self.twin.plain_u, self.twin.loss_step)
        np.testing.assert_allclose(found["plainH"], np.append(0, plain), rtol=0, atol=0.000501)

"""What the tests of the small live pieces share: all that a page shows, and a model that a test can reach."""

import json

# Every element, but not what is spoken a little later.
SHOWN = """() => Array.from(document.querySelectorAll(".lstm-live *:not(.status)"), each => [
    each.tagName, each.value, each.checked, Array.from(each.attributes, ({ name, value }) => [name, value]),
    Array.from(each.childNodes, node => node.data)])"""


def state_of(piece):
    """The state of a piece as a page has it."""
    return json.loads(json.dumps(piece.state()))


def show_with_model(plain, module, state):
    """Render a piece with a model that the test can reach."""
    plain.open("<!doctype html><html lang='en'><title>piece</title><body></body></html>")
    plain.load("stand_in.js", module)
    plain.page.evaluate(
        """state => {
            window.model = standIn(state);
            window.saved = 0;
            model.save_changes = () => { window.saved += 1; };
            window.end = window.default.render({ model, el: document.body });
        }""",
        state,
    )
    plain.page.wait_for_selector(".chart text")


def set_in_model(plain, name, value):
    """Set a value as Python would; `value` is JavaScript."""
    plain.page.evaluate(f"([name]) => model.set(name, {value})", [name])


def text_of(plain, selector):
    return plain.page.locator(selector).text_content()

"""A page without JupyterLab and without a kernel: what a live piece does by itself, and what it asks for."""

import json
from contextlib import contextmanager

from lab_page import PATIENCE_MS

from lstm_course.explore.modules import joined

# The model that stands in for Jupyter's begins as a clone of the state in the page, and nothing else there is cloned.
KEEP_THE_MODELS = """
    window.models = [];
    const clone = window.structuredClone;
    window.structuredClone = value => {
        const made = clone(value);
        window.models.push(made);
        return made;
    };
"""

# An array of the page is none that JSON knows; what is not finite goes as null.
AS_JSON = """value => JSON.parse(JSON.stringify(value, (_, part) =>
    ArrayBuffer.isView(part) ? Array.from(part) : part))"""

SAVED = {}  # pages by what they show; the picture in each takes half a second to draw


class PlainPage:
    """A page in a window of its own.

    Attributes
    ----------
    page : playwright.sync_api.Page
    folder : pathlib.Path
        Where its files are.
    complaints : list of str
        Uncaught errors and warnings of the page, and what it asked of another place than its own file.
    """

    def __init__(self, page, folder):
        self.page, self.folder, self.complaints = page, folder, []
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(KEEP_THE_MODELS)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self._note_warnings)
        page.on("request", lambda request: self._note_strangers(request.url))
        page.on("websocket", lambda socket: self._note_strangers(socket.url))

    def open(self, text):
        """Open a page of HTML from a file of its own."""
        path = self.folder / "page.html"
        path.write_text(text, encoding="utf-8")
        self.page.goto(path.as_uri())

    def show(self, piece):
        """Open the page that a live piece saves, and wait until it runs."""
        path, what = self.folder / "piece.html", f"{type(piece).__name__} {json.dumps(piece.state())}"
        if what not in SAVED:
            piece.save(path)
            SAVED[what] = path.read_bytes()
        path.write_bytes(SAVED[what])
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".lstm-live")

    def load(self, *names):
        """Make what files of ``explore/js`` export known to the page, by their names."""
        for name in names:
            self.page.evaluate(
                """async source => {
                    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                    Object.assign(window, await import(address));
                }""",
                joined(name),
            )

    def call(self, function, *arguments):
        """What a function of the page returns."""
        return self.page.evaluate(f"arguments => ({AS_JSON})(({function})(...arguments))", list(arguments))

    def states(self):
        """The state of each live piece of the page, as its model has it: what Python would be told."""
        return self.page.evaluate("() => window.models")

    def _note_warnings(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type} on the console: {message.text}")

    def _note_strangers(self, url):
        if not url.startswith(("file:", "data:", "blob:", "about:")):
            self.complaints.append(f"asked another place: {url}")


@contextmanager
def plain_page(browser, folder, **options):
    """A page in a fresh window; `options` are those of Playwright's ``new_context``."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 1600}} | options)
    plain = PlainPage(context.new_page(), folder)
    try:
        yield plain
    finally:
        context.close()
    assert not plain.complaints, plain.complaints

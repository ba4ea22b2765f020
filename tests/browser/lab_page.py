"""One notebook in one JupyterLab page: what the tests do to it, and what they ask of it."""

import hashlib
import io
import json
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

from PIL import Image

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# Milliseconds. Every limit here and in conftest.py is only there to end a test that hangs: on a machine that is busy
# with ten other things, JupyterLab takes a minute to open and a lesson several minutes to run.
PATIENCE_MS, RUN_MS = 300_000, 900_000

# Cells carry no name in the page; with one, a test can say which cell it means.
NAME_THE_CELLS = """() => {
    for (const cell of jupyterapp.shell.currentWidget.content.widgets) cell.node.dataset.cell = cell.model.id;
}"""

# Everything that a key could change by being taken for one of JupyterLab's commands.
STATE = """() => {
    const { content } = jupyterapp.shell.currentWidget;
    return {
        active: content.activeCell.model.id,
        mode: content.mode,
        dialogs: document.querySelectorAll(".jp-Dialog").length,
        cells: content.widgets.map(({ model, isHidden }) => [
            model.id, model.type, model.sharedModel.source, isHidden, JSON.stringify(model.metadata)]),
    };
}"""

# The pixels are hashed, not the address: that is a new one each time, whatever the picture.
# Decoding is refused while the picture gives way to the next one; then the next one is waited for.
PIXELS = """async image => {
    const given_up = performance.now() + 60_000;
    for (;;) {
        try {
            await image.decode();
            break;
        } catch (refused) {
            if (performance.now() > given_up) throw refused;
            await new Promise(requestAnimationFrame);
        }
    }
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join("");
}"""

# By way of its cell: Chromium may lose an image for good that is scrolled to and measured before it is drawn.
SCROLL = """async ([element, block]) => {
    const frame = () => new Promise(requestAnimationFrame);
    element.closest(".jp-Cell").scrollIntoView({ block });
    await frame();
    await frame();
    element.scrollIntoView({ block });
    await frame();
    const before = element.getBoundingClientRect();
    await frame();
    const { top, bottom } = element.getBoundingClientRect();
    return Math.abs(top - before.top) < 1 && bottom > 0 && top < innerHeight;
}"""


class LabPage:
    """A notebook that is open in JupyterLab.

    Attributes
    ----------
    page : playwright.sync_api.Page
    complaints : list of str
        Uncaught errors of the page, and what it asked of other machines.
    """

    def __init__(self, page, server):
        self.page, self.server, self.complaints = page, server, []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("request", lambda request: self._note_strangers(request.url))
        page.on("websocket", lambda socket: self._note_strangers(socket.url))

    def open(self, path):
        """Open a notebook of the server's folder as it is stored, and wait until its kernel can run cells."""
        workspace = uuid.uuid4().hex[:8]  # a fresh one: no tabs of an earlier test
        url = f"{self.server.url}lab/workspaces/{workspace}/tree/{path}?token={self.server.token}"
        self.page.goto(url)
        self.page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        ready = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(ready)
        self.page.evaluate(NAME_THE_CELLS)

    def run_all(self):
        """Run all cells and wait for the last."""
        self._command("notebook:run-all-cells")

    def select(self, cell_id):
        """Make one cell the active one."""
        self.page.evaluate(
            """id => {
                const { content } = jupyterapp.shell.currentWidget;
                content.activeCellIndex = content.widgets.findIndex(cell => cell.model.id === id);
            }""",
            cell_id,
        )

    def run(self, cell_id):
        """Select one cell, run it and wait."""
        self.select(cell_id)
        self._command("notebook:run-cell")

    def write(self, cell_id, source):
        """Put other text into a cell."""
        self.page.evaluate(
            """([id, source]) => jupyterapp.shell.currentWidget.content.widgets
                .find(cell => cell.model.id === id).model.sharedModel.setSource(source)""",
            [cell_id, source],
        )

    def use_theme(self, name):
        """Change JupyterLab's theme and wait until its colours are there."""
        self._command("apputils:change-theme", {"theme": name})
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def show(self, element, place="center"):
        """Scroll to an element until it stays there.

        JupyterLab draws only what is near the view: cells grow when one comes by, and what was scrolled to
        moves away. Playwright's own way of scrolling takes what is not drawn for invisible.
        """
        self.page.wait_for_function(SCROLL, arg=[element.element_handle(), place])

    def cell(self, cell_id):
        return self.page.locator(f'{PANEL} [data-cell="{cell_id}"]')

    def outputs(self, selector):
        """Elements in the outputs of all cells."""
        return self.page.locator(f"{PANEL} .jp-OutputArea {selector}")

    def printed(self):
        """What each code cell printed, by its name."""
        return self.page.evaluate(
            """() => Object.fromEntries(jupyterapp.shell.currentWidget.content.widgets
                .filter(cell => cell.model.type === "code")
                .map(cell => [cell.model.id, cell.model.outputs.toJSON().filter(output => output.name === "stdout")
                    .map(output => [output.text].flat().join("")).join("")]))"""
        )

    def errors(self):
        """What cells raised, as sentences."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === "code")
                .flatMap(cell => cell.model.outputs.toJSON().filter(output => output.output_type === "error")
                .map(output => `${cell.model.id}: ${output.ename}: ${output.evalue}`))"""
        )

    def state(self):
        """What a key must leave alone: the cells, which of them is active, whether one is being edited."""
        return self.page.evaluate(STATE)

    def wait_for_picture(self, image, png):
        """Wait until the page shows just this picture, decoded, pixel by pixel, and gives it a place."""
        wanted = hashlib.sha256(Image.open(io.BytesIO(png)).convert("RGBA").tobytes()).hexdigest()
        self.page.wait_for_function(
            f"async ([image, wanted]) => await ({PIXELS})(image) === wanted && image.clientHeight > 100",
            arg=[image.element_handle(), wanted],
        )

    def screenshot(self, clip=None):
        """The page, or a part of it, as an image with few colours, so that its file is small."""
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip, animations="disabled", caret="hide")))
        return shot.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)

    def _command(self, name, arguments=None):
        self.page.evaluate(
            """([name, options]) => {
                window.ended = false;
                jupyterapp.commands.execute(name, options).finally(() => { window.ended = true; });
            }""",
            [name, arguments or {}],
        )
        self.page.wait_for_function("() => window.ended", timeout=RUN_MS)

    def _note_strangers(self, url):
        address = urlsplit(url)
        if address.scheme not in ("data", "blob") and address.hostname not in ("127.0.0.1", "localhost"):
            self.complaints.append(f"asked another machine: {url}")


@contextmanager
def lab_page(server, context):
    """A page of its own; its kernels are ended afterwards."""
    lab = LabPage(context.new_page(), server)
    try:
        yield lab
    finally:
        lab.page.evaluate("async () => { await window.jupyterapp?.serviceManager.sessions.shutdownAll(); }")
        lab.page.close()
    assert not lab.complaints, lab.complaints


def code_cells(path):
    """The code cells of a notebook file, as its JSON has them."""
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]

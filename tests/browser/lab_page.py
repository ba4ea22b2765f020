"""One notebook in one JupyterLab page: what the tests do to it, and what they ask of it."""

import io
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

HERE = ("127.0.0.1", "localhost")
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
START_MS, RUN_MS = 60_000, 120_000

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
        cells: content.widgets.map(({ model, isHidden }) => [
            model.id, model.type, model.sharedModel.source, isHidden, JSON.stringify(model.metadata)]),
        dialogs: document.querySelectorAll(".jp-Dialog").length,
    };
}"""

# The pixels are hashed rather than the address: an address is new each time, the same picture or another.
PICTURE = """async image => {
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return {
        src: image.src, alt: image.alt, width: image.naturalWidth,
        pixels: Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join(""),
    };
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
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.context.on("request", lambda request: self._note_strangers(request.url))
        page.on("websocket", lambda socket: self._note_strangers(socket.url))

    def open(self, path):
        """Open a notebook of the server's folder as it is stored, and wait until its kernel can run cells."""
        workspace = uuid.uuid4().hex[:8]  # a fresh one: no tabs of an earlier test
        url = f"{self.server.url}lab/workspaces/{workspace}/tree/{path}?token={self.server.token}"
        self.page.goto(url, timeout=START_MS)
        self.page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell", timeout=START_MS)
        self.page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=START_MS)
        ready = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(ready, timeout=START_MS)
        self.page.evaluate(NAME_THE_CELLS)

    def run_all(self):
        """Run all cells and wait for the last."""
        self._command("notebook:run-all-cells")

    def run(self, cell_id):
        """Select one cell and run it."""
        self.page.evaluate(
            """id => { const { content } = jupyterapp.shell.currentWidget;
                content.activeCellIndex = content.widgets.findIndex(cell => cell.model.id === id); }""",
            cell_id,
        )
        self._command("notebook:run-cell")

    def write(self, cell_id, source):
        """Put other text into a cell."""
        self.page.evaluate(
            """([id, source]) => { jupyterapp.shell.currentWidget.content.widgets
                .find(cell => cell.model.id === id).model.sharedModel.setSource(source); }""",
            [cell_id, source],
        )

    def use_theme(self, name):
        """Change JupyterLab's theme and wait until its colours are there."""
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def cell(self, cell_id):
        return self.page.locator(f'{PANEL} [data-cell="{cell_id}"]')

    def outputs(self, selector):
        """Elements of the outputs of all cells."""
        return self.page.locator(f"{PANEL} .jp-OutputArea-output {selector}")

    def errors(self):
        """What cells raised, as sentences."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === "code")
                .flatMap(cell => cell.model.outputs.toJSON().filter(output => output.output_type === "error")
                .map(output => `${cell.model.id}: ${output.ename}: ${output.evalue}`))"""
        )

    def state(self):
        """What a key must leave alone: the cells, which of them is active, and whether one is being edited."""
        return self.page.evaluate(STATE)

    def screenshot(self, path, clip=None):
        """A picture of the page with few colours, so that it is small."""
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip, animations="disabled")))
        colours = shot.convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        colours.save(path, "PNG", optimize=True)
        return colours

    def _command(self, name):
        self.page.evaluate(
            """name => { window.commandEnded = false;
                jupyterapp.commands.execute(name).finally(() => { window.commandEnded = true; }); }""",
            name,
        )
        self.page.wait_for_function("() => window.commandEnded", timeout=RUN_MS)

    def _note_strangers(self, url):
        if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname not in HERE:
            self.complaints.append(f"asked another machine: {url}")


def picture(image):
    """What an image shows: its address, its text, its width in pixels, and a hash of the pixels."""
    return image.evaluate(PICTURE)


@contextmanager
def lab_page(server, chromium, **options):
    """A page of its own, with its kernels ended afterwards."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    lab = LabPage(context.new_page(), server)
    try:
        yield lab
    finally:
        lab.page.evaluate("async () => { await window.jupyterapp?.serviceManager.sessions.shutdownAll(); }")
        context.close()
    assert not lab.complaints, lab.complaints

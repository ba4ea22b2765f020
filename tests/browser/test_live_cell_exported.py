"""Pages that have live cells in them: an exported notebook, and one page with two of them."""

import nbformat
import pytest
from nbconvert import HTMLExporter
from plain_page import plain_page
from playwright.sync_api import expect
from shown_cell import ShownCell

from lstm_course.authoring.notebooks import WIDGET_VIEW, to_text
from lstm_course.explore import LiveCell
from lstm_course.explore.live import PAGE

# --- exported ---------------------------------------------------------------------------------------------


def exported(*pieces):
    """A notebook with live pieces, stored in its normal form, and exported by nbconvert."""
    cells = []
    for piece in pieces:
        bundle, metadata = piece._repr_mimebundle_()
        output = nbformat.v4.new_output("display_data", bundle, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell("cell", execution_count=1, outputs=[output]))
    stored = nbformat.reads(to_text(nbformat.v4.new_notebook(cells=cells)), as_version=4)
    assert all(WIDGET_VIEW not in cell.outputs[0].data for cell in stored.cells)
    return HTMLExporter().from_notebook_node(stored)[0]


@pytest.fixture
def offline(browser, tmp_path):
    """Opens pages with the network cut, and tells what they complained of and asked for."""
    with plain_page(browser, tmp_path) as plain:
        plain.page.route("http*://**", lambda route: route.abort())

        def open_page(text):
            plain.open(text)
            plain.page.wait_for_load_state()
            asked, plain.complaints[:] = {each for each in plain.complaints if "ERR_FAILED" not in each}, []
            return asked

        yield plain, open_page


@pytest.mark.parametrize("mode", ["hand", "weights"])
def test_an_exported_notebook_has_a_cell_that_moves_without_kernel_and_network(offline, mode):
    plain, open_page = offline
    without = open_page(exported())
    twin = LiveCell("leaky", mode=mode)
    assert open_page(exported(twin)) == without  # nbconvert's page asks for things of its own; ours for nothing
    expect(plain.page.locator(".live-cell")).to_have_count(1)
    expect(plain.page.locator("[data-lstm-live] > img")).to_have_count(0)  # the cell stands in its place
    cell = ShownCell.on(plain, twin)
    cell.expect()
    if mode == "hand":
        cell.slider("forget gate").press("Shift+ArrowLeft")
        cell.expect(f=0.8)
        cell.click(cell.spot("c", 17))
        cell.expect(step=17)
    else:
        cell.slider("bias b of the forget gate").press("Shift+ArrowRight")
        cell.expect(b=[0, 1, 0, 0])
    cell.menu.select_option("remember")
    cell.button("still at 1").click()
    cell.expect(**LiveCell("remember").state())


def test_where_scripts_are_not_allowed_there_is_the_picture(browser, tmp_path):
    with plain_page(browser, tmp_path, java_script_enabled=False) as plain:
        plain.page.route("http*://**", lambda route: route.abort())
        twin = LiveCell("leaky")
        plain.open(exported(twin))
        picture = plain.page.get_by_role("img", name=twin.alt)
        expect(picture).to_be_visible()
        assert picture.bounding_box()["width"] > 300
        plain.complaints[:] = [each for each in plain.complaints if "http" not in each and "ERR_" not in each]


# --- two on one page --------------------------------------------------------------------------------------


def page_with(*pieces):
    return PAGE.format(title="several", body="\n".join(piece.fragment() for piece in pieces))


TWO = {
    "different ones": [LiveCell("leaky"), LiveCell("write once", title="another")],
    "the very same": [LiveCell("leaky"), LiveCell("leaky")],
}


@pytest.mark.parametrize("moved", [0, 1])
@pytest.mark.parametrize("which", TWO)
def test_two_on_one_page_do_not_disturb_each_other(plain, which, moved):
    plain.page.add_init_script("Date.now = () => 1_700_000_000_000;")  # both may start in the same millisecond
    plain.open(page_with(*TWO[which]))
    expect(plain.page.locator(".live-cell")).to_have_count(2)
    cells = [ShownCell.on(plain, LiveCell(**twin.state()), place) for place, twin in enumerate(TWO[which])]
    one, other = cells[moved], cells[1 - moved]
    for cell in cells:
        cell.expect()
    before, start = other.everything(), one.state()
    one.slider("forget gate").press("Home")
    one.expect(f=0)
    one.slider("forget gate").press("Space")
    one.expect(step=one.twin.step + 1)
    one.click(one.spot("x", 20, 0.9))
    one.expect(x=one.state()["x"], step=20)
    one.root.get_by_role("radio", name="weights").check()
    one.expect(mode="weights")
    one.menu.select_option("counter")
    one.button("both near 9").click()
    one.expect(**LiveCell("counter").state())
    one.root.locator("button.symbol").first.click()
    assert not other.root.evaluate("root => root.hasAttribute('data-lit')")
    assert other.everything() == before
    other.expect()
    other.button("step").click()
    other.expect(step=other.twin.step + 1)
    while one.button("undo").is_enabled():
        one.button("undo").click()
    one.expect(**start)
    other.expect()

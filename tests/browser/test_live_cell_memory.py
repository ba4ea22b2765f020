"""A thousand moves of the live cell leave nothing behind."""

from shown_cell import ShownCell

# One move of each kind after the other, so that each is remembered by itself, as fast as the page takes them.
MOVES = """async (root, [first, last]) => {
    const slide = (name, value) => {
        const input = root.querySelector(`input[aria-label^="${name}"]`);
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const named = (selector, text) => [...root.querySelectorAll(selector)].find(each => each.textContent === text);
    const point = (kind, symbol, share) => {
        const { left, width, top, height } = root.querySelector(`.timeline > [data-symbol=${symbol}] .band`)
            .getBoundingClientRect();
        root.querySelector(".timeline").dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: 1,
            clientX: left + width * share, clientY: top + height * share }));
    };
    const moves = [
        k => slide("forget gate", (k % 97) / 96),
        k => slide("input x", (k % 59) / 10 - 3),
        k => slide("loss at step", 1 + (k % 40)),
        k => slide("bias b of the forget gate", (k % 80) / 10),
        k => root.querySelectorAll("input[type=radio]")[Math.floor(k / 10) % 2].click(),
        k => named("button", "step").click(),
        k => slide("cell state before", (k % 41) / 10 - 2),
        k => { point("pointerdown", "c", (k % 89) / 88); point("pointerup", "c", 0.5); },
        k => named("label", "plain unit beside it").click(),
        k => slide("recurrent weight u of the plain", (k % 57) / 10 - 3),
    ];
    for (let k = first; k < last; k++) {
        moves[k % moves.length](k);
        if (k % 10 === 9) await new Promise(requestAnimationFrame);
    }
}"""


def test_a_thousand_moves_leave_the_memory_flat(plain):
    """The first 200 moves fill what can be undone; from there on everything that is made has to go again.

    The browser still compiles what it runs often, at times of its own choosing. Whatever a move left behind, be it a
    state, a listener or a node, would take a hundred bytes or more in each round; so the round that grew least counts.
    """
    cell = ShownCell(plain)
    session = plain.page.context.new_cdp_session(plain.page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")

    def measured():
        plain.page.wait_for_function("() => document.getAnimations().every(each => each.playState === 'finished')")
        for _ in range(3):  # what one collection lets go may set more free
            session.send("HeapProfiler.collectGarbage")
        counts = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return session.send("Runtime.getHeapUsage")["usedSize"], counts["Nodes"], counts["JSEventListeners"]

    found = []
    for first, last in ((0, 200), (200, 700), (700, 1200), (1200, 1700), (1700, 2200)):
        cell.root.evaluate(MOVES, [first, last])
        cell.twin.set_state(cell.state())
        cell.expect()
        found.append(measured())
    heap, nodes, listeners = zip(*found, strict=True)
    assert min(after - before for before, after in zip(heap, heap[1:], strict=False)) < 500 * 60, heap
    assert max(nodes) - min(nodes) < 50, nodes
    assert len(set(listeners)) == 1, listeners

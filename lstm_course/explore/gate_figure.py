"""The figure of the gate explorer: drawn once, so that a move changes its lines and areas and nothing else."""

import io

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS

STEPS = 40


class GateFigure:
    """The figure, drawn once; a move only changes its lines and areas, over a background that is kept."""

    STRIPS = ("f", "i", "o", "g")

    def __init__(self):
        self.figure, (gates, self.cell, hidden) = plots.figure(7.5, 5.2, rows=3, heights=[1.5, 1.1, 0.9])
        edges = np.arange(STEPS + 1) + 0.5
        self.strips = {}
        for row, symbol in enumerate(reversed(self.STRIPS)):
            gates.axhspan(row, row + 0.8, color="#E6E6E6", linewidth=0)  # the gate wide open
            base = self._base(symbol)
            gates.axhline(base, color="#999999", linewidth=0.6)
            self.strips[symbol] = gates.stairs(
                np.full(STEPS, base), edges, baseline=base, fill=True, color=INKS[symbol].colour, animated=True
            )
            low = "0" if symbol != "g" else "-1"
            for height, text in ((row, low), (row + 0.8, "1")):
                va = "bottom" if text == low else "top"
                gates.text(STEPS + 0.9, height, text, va=va, color=plots.TEXT, size=plots.SIZE - 2)
        names = [f"{INKS[symbol].name}  ${symbol}$" for symbol in reversed(self.STRIPS)]
        gates.set_yticks(np.arange(4) + 0.4, names)
        gates.set(xlim=(0, STEPS + 0.5), ylim=(-0.1, 4))
        gates.grid(False)
        gates.tick_params(left=False, bottom=False)
        gates.spines[["left", "bottom"]].set_visible(False)

        c, h = INKS["c"], INKS["h"]
        steps = np.arange(STEPS + 1)
        (self.c,) = self.cell.plot(steps, steps * 0.0, color=c.colour, marker=c.marker, markersize=3, animated=True)
        (self.h,) = hidden.plot(steps[1:], steps[1:] * 0.0, color=h.colour, marker=h.marker, animated=True)
        (self.tanh,) = hidden.plot(
            steps[1:], steps[1:] * 0.0, color=c.colour, linewidth=1, linestyle=(0, (4, 3)), animated=True
        )
        self.cell.set_ylabel("cell state $c$", color=c.colour)
        hidden.set(xlabel="time step", ylim=(-1.15, 1.15), yticks=(-1, 0, 1))
        hidden.set_ylabel("hidden state $h$")
        hidden.text(
            0.995,
            0.06,
            "dashed: tanh($c$), shown whole at $o$ = 1",
            transform=hidden.transAxes,
            ha="right",
            color=c.colour,
            size=9,
        )
        for ax in (self.cell, hidden):
            ax.axhline(0, color="#999999", linewidth=0.8)
        self.moving = [(gates, strip) for strip in self.strips.values()]
        self.moving += [(self.cell, self.c), (hidden, self.tanh), (hidden, self.h)]
        self.background = None

    def update(self, values, c0):
        """Bring the artists to `values` and redraw them."""
        for symbol, strip in self.strips.items():
            base = self._base(symbol)
            strip.set_data(base + self._height(symbol) * values[symbol])
        c = np.concatenate([[c0], values["c"]])
        self.c.set_ydata(c)
        self.h.set_ydata(values["h"])
        self.tanh.set_ydata(np.tanh(values["c"]))
        limits = self._cell_limits(c)
        canvas = self.figure.canvas
        if self.background is None or limits != self.cell.get_ylim():
            self.cell.set_ylim(limits)
            canvas.draw()
            self.figure.set_layout_engine("none")  # laid out once: nothing jumps while a slider moves
            self.background = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self.background)
        for ax, artist in self.moving:
            ax.draw_artist(artist)

    def quick_png(self):
        """The picture for a moving slider: quickly packed."""
        file = io.BytesIO()
        plots.pixels(self.figure).save(file, "PNG", compress_level=1)
        return file.getvalue()

    def small_png(self):
        """The picture for a stored notebook: tightly packed."""
        return plots.packed(plots.pixels(self.figure))

    def _base(self, symbol):
        row = self.STRIPS[::-1].index(symbol)
        return row + (0.4 if symbol == "g" else 0.0)  # the candidate may be negative: its zero is in the middle

    @staticmethod
    def _height(symbol):
        return 0.4 if symbol == "g" else 0.8

    @staticmethod
    def _cell_limits(c):
        """Between -1.15 and 1.15 as long as that is enough, then in steps, so that the axis seldom changes."""

        def reach(most):
            return 1.15 if most <= 1.1 else 1.1 * next(top for top in (2, 5, 10, 20, 40, 100) if top >= most)

        return (-reach(max(-c.min(), 0)), reach(max(c.max(), 0)))

"""The spectral radius of a recurrent matrix, and how far the gradient of a plain network then reaches."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import RNN, arguments
from lstm_course.scratch.diagnostics import factor_per_step, gate_activations, gradient_norms

from .checked import Checked, Fixed, between
from .live import Live

UNITS, STEPS = (8, 64), (20, 200)  # fewer say little, more take long in the page
HOLDS = (0.98, 1.02)  # factors a step between which the gradient about holds


class SpectralRadius(Live):
    """A plain recurrent network h' = tanh(W h + x) under a slider for the spectral radius of W.

    W is a random matrix, scaled. The page shows its eigenvalues, and the norm of the gradient of the last state
    against the lag, as `gradient_norms` defines it; beside it radius^lag, which the norm would follow without tanh.
    Where neither tanh nor a small radius tames it, the network is chaotic: the last digits of two computations grow
    apart step by step, and a late state in the page need not be that in Python.

    Parameters
    ----------
    radius : float
        The spectral radius of W, from 0.1 to 2.
    hidden_size : int
        H, the units, from 8 to 64.
    steps : int
        The longest lag, from 20 to 200.
    seed : int
        Of the matrix, the inputs and the direction in which the last state is looked at.
    input_scale : float
        The standard deviation of the inputs, from 0 to 2.

    Attributes
    ----------
    matrix : tuple of tuples, (H, H)
        W at a spectral radius of one.
    eigenvalues : tuple of tuples, (H, 2)
        Its eigenvalues, real and imaginary part.
    inputs : tuple of tuples, (steps + 1, H)
        The inputs at a scale of one.
    direction : tuple of float, (H,)
        Of length one.

    Raises
    ------
    ValueError
        If a value is none of these; a radius or scale that is set later is refused in the same way, and the old one
        stays. Everything else is kept as it was made.

    Examples
    --------
    >>> network = SpectralRadius(radius=0.9)
    >>> network.norms.shape
    (101,)
    >>> round(network.factor, 3)
    0.868
    """

    module = "spectral_radius.js"
    heading = "The spectral radius, and how far a gradient reaches"
    styles = ("live.css", "small.css")
    names = ("radius", "input_scale", "matrix", "eigenvalues", "inputs", "direction")

    radius = Checked(between(0.1, 2), 1.0)
    input_scale = Checked(between(0, 2), 0.1)
    matrix = Fixed()
    eigenvalues = Fixed()
    inputs = Fixed()
    direction = Fixed()

    def __init__(self, radius=1.0, hidden_size=32, steps=100, seed=0, input_scale=0.1):
        H = arguments.whole("hidden_size", hidden_size, *UNITS)
        T = arguments.whole("steps", steps, *STEPS) + 1
        self._seed = arguments.seed("seed", seed)
        rng = np.random.default_rng([self._seed, 1])  # another stream than that of the direction
        W = rng.normal(size=(H, H))
        W /= np.abs(np.linalg.eigvals(W)).max()
        values = np.linalg.eigvals(W)
        u = np.random.default_rng(self._seed).normal(size=H)  # the one that gradient_norms draws
        super().__init__(
            radius=radius,
            input_scale=input_scale,
            matrix=_tuples(W),
            eigenvalues=_tuples(np.stack([values.real, values.imag], axis=1)),
            inputs=_tuples(rng.normal(size=(T, H))),
            direction=tuple((u / np.linalg.norm(u)).tolist()),
        )

    @property
    def norms(self):
        """The norm of the gradient at each lag, (steps + 1,)."""
        return gradient_norms(self._layer(), self._inputs(), seed=self._seed)

    @property
    def factor(self):
        """By how much the norm shrinks or grows with each step of lag."""
        norms = self.norms
        return factor_per_step(norms, last=len(norms) - 1)

    @property
    def mean_slope(self):
        """The slope of the tanh, its mean over all units and steps."""
        return float(np.mean(1 - gate_activations(self._layer(), self._inputs())["h"] ** 2))

    def picture(self):
        """What the page shows now, as a picture that needs no front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
        fig, (ax,) = plots.figure(7.5, 3.2)
        grid = fig.add_gridspec(1, 2, width_ratios=[1, 1.4])
        ax.set_subplotspec(grid[1])
        plane = fig.add_subplot(grid[0], aspect="equal")
        plane.grid(True, color=plots.GRID, linewidth=0.6)
        plane.set_axisbelow(True)
        plane.spines[["top", "right"]].set_visible(False)
        plane.tick_params(labelsize=plots.SIZE - 1, colors=plots.TEXT)

        angles = np.linspace(0, 2 * np.pi, 200)
        plane.plot(np.cos(angles), np.sin(angles), color=plots.TEXT, linewidth=1)
        real, imaginary = self.radius * np.transpose(self.eigenvalues)
        plane.plot(real, imaginary, "o", color=plots.TEXT, markerfacecolor="white", markersize=4)
        plane.set(xlim=(-2.1, 2.1), ylim=(-2.1, 2.1), xlabel="real part", ylabel="imaginary part", title="eigenvalues")

        lags = np.arange(len(self.norms))
        ax.semilogy(lags, self.norms, color=INKS["h"].colour, linewidth=2, label="the network")
        ax.semilogy(lags, self.radius**lags, ":", color=INKS["x"].colour, label="radius$^\\mathregular{lag}$: no tanh")
        ax.set(xlabel="lag, in steps", title="norm of the gradient", xlim=(0, len(lags) - 1))
        ax.legend(frameon=False, fontsize=plots.SIZE - 1)
        for each in (plane, ax):
            each.title.set(fontsize=plots.SIZE + 1, color=plots.TEXT)
        return plots.Picture(plots.png(fig), self.alt)

    @property
    def alt(self):
        """The picture in words."""
        factor, norms = self.factor, self.norms
        what = "explodes" if factor > HOLDS[1] else "about holds" if factor >= HOLDS[0] else "vanishes"
        return (
            f"A plain recurrent network of {len(self.matrix)} units with spectral radius {self.radius:.4g} and inputs "
            f"of size {self.input_scale:.4g}: the gradient {what}, by a factor of about {factor:.3f} a step. Its norm "
            f"is {norms[0]:.2g} at lag 0 and {norms[-1]:.2g} at lag {len(norms) - 1}."
        )

    def text(self):
        """What the picture shows, as lines of text."""
        norms = self.norms
        lags = range(0, len(norms), max(1, len(norms) // 8))
        return "\n".join(
            [
                f"SpectralRadius. {self.alt}",
                f"{'lag':<22}" + "".join(f"{lag:>10}" for lag in lags),
                f"{'norm of the gradient':<22}" + "".join(f"{norms[lag]:>10.2g}" for lag in lags),
            ]
        )

    def __repr__(self):
        return f"<SpectralRadius of {len(self.matrix)} units at radius {self.radius:g}>"

    def __str__(self):
        return self.text()

    def _layer(self):
        H = len(self.matrix)
        layer = RNN(H, H)
        layer.parameters["weight_ih_l0"][:] = np.eye(H)
        layer.parameters["weight_hh_l0"][:] = self.radius * np.array(self.matrix)
        layer.parameters["bias_ih_l0"][:] = layer.parameters["bias_hh_l0"][:] = 0
        return layer

    def _inputs(self):
        return self.input_scale * np.array(self.inputs)[None]


def _tuples(array):
    """The rows of a matrix as something that nobody can change in place."""
    return tuple(map(tuple, array.tolist()))

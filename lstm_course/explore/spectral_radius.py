"""The spectral radius of a recurrent matrix, and how far the gradient of a plain network reaches back with it."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import RNN, arguments
from lstm_course.scratch.diagnostics import factor_per_step, gate_activations, gradient_norms

from .checked import Checked, Fixed, between
from .live import Live

UNITS, STEPS = (8, 64), (20, 200)  # the ranges: smaller networks show little, larger ones are slow in the page
HOLDS = (0.98, 1.02)  # factors per step between which the gradient roughly keeps its size


class SpectralRadius(Live):
    """A plain recurrent network h' = tanh(W h + x) with a slider for the spectral radius of W.

    W is a scaled random matrix. The page shows its eigenvalues and the norm of the gradient of the last state against
    the lag, as `gradient_norms` defines it, together with radius^lag, which the norm would follow without tanh. With a
    large radius and small inputs the network is chaotic: rounding differences grow step by step, so that a late state
    in the page may differ from the one in Python.

    Parameters
    ----------
    radius : float
        The spectral radius of W, from 0.1 to 2.
    hidden_size : int
        H, the number of units, from 8 to 64.
    steps : int
        The longest lag, from 20 to 200.
    seed : int
        For drawing the matrix, the inputs and the direction.
    input_scale : float
        The standard deviation of the inputs, from 0 to 2.

    Attributes
    ----------
    matrix : tuple of tuples, (H, H)
        W at spectral radius 1.
    eigenvalues : tuple of tuples, (H, 2)
        Real and imaginary parts of the eigenvalues of `matrix`.
    inputs : tuple of tuples, (steps + 1, H)
        The inputs at scale 1.
    direction : tuple of float, (H,)
        A unit vector: the gradient is that of the last state's component along it.

    Raises
    ------
    ValueError
        If a value is out of range, now or when it is set later; the old value then stays. Only the radius and the
        scale can be set later.

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
        rng = np.random.default_rng([self._seed, 1])  # a different stream from that of the direction
        W = rng.normal(size=(H, H))
        W /= np.abs(np.linalg.eigvals(W)).max()
        values = np.linalg.eigvals(W)
        u = np.random.default_rng(self._seed).normal(size=H)  # the direction that gradient_norms draws
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
        """Norm of the gradient at each lag, (steps + 1,)."""
        return gradient_norms(self._layer(), self._inputs(), seed=self._seed)

    @property
    def factor(self):
        """The factor by which the norm changes per step of lag."""
        norms = self.norms
        return factor_per_step(norms, last=len(norms) - 1)

    @property
    def mean_slope(self):
        """Mean slope of the tanh over all units and steps."""
        return float(np.mean(1 - gate_activations(self._layer(), self._inputs())["h"] ** 2))

    def figure(self):
        fig, (plane, gradient) = plots.figure(7.5, 3.2, columns=2, widths=[1, 1.4], share=False)
        self._draw_eigenvalues(plane)
        self._draw_norms(gradient)
        for ax in (plane, gradient):
            ax.title.set(fontsize=plots.SIZE + 1, color=plots.TEXT)
        return fig

    def _draw_eigenvalues(self, ax):
        angles = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(angles), np.sin(angles), color=plots.TEXT, linewidth=1)
        real, imaginary = self.radius * np.transpose(self.eigenvalues)
        ax.plot(real, imaginary, "o", color=plots.TEXT, markerfacecolor="white", markersize=4)
        ax.set(xlabel="real part", ylabel="imaginary part", title="eigenvalues")
        ax.set(xlim=(-2.1, 2.1), ylim=(-2.1, 2.1), aspect="equal")

    def _draw_norms(self, ax):
        norms = self.norms
        lags = np.arange(len(norms))
        ax.semilogy(lags, norms, color=INKS["h"].colour, linewidth=2, label="the network")
        ax.semilogy(lags, self.radius**lags, ":", color=INKS["x"].colour, label="radius$^\\mathregular{lag}$: no tanh")
        ax.set(xlabel="lag, in steps", title="norm of the gradient", xlim=(0, len(lags) - 1))
        ax.legend(frameon=False, fontsize=plots.SIZE - 1)

    @property
    def alt(self):
        factor, norms = self.factor, self.norms
        verb = "explodes" if factor > HOLDS[1] else "roughly keeps its size" if factor >= HOLDS[0] else "vanishes"
        return (
            f"A plain recurrent network of {len(self.matrix)} units with spectral radius {self.radius:.4g} and inputs "
            f"of size {self.input_scale:.4g}: the gradient {verb}, with a factor of about {factor:.3f} per step. Its "
            f"norm is {norms[0]:.2g} at lag 0 and {norms[-1]:.2g} at lag {len(norms) - 1}."
        )

    def text(self):
        norms = self.norms
        lags = range(0, len(norms), max(1, len(norms) // 8))
        return "\n".join(
            [
                super().text(),
                f"{'lag':<22}" + "".join(f"{lag:>10}" for lag in lags),
                f"{'norm of the gradient':<22}" + "".join(f"{norms[lag]:>10.2g}" for lag in lags),
            ]
        )

    def __repr__(self):
        return f"<SpectralRadius of {len(self.matrix)} units at radius {self.radius:g}>"

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
    """The rows of a matrix as immutable tuples."""
    return tuple(map(tuple, array.tolist()))

"""How parameters follow their gradients: Adam, and clipping by norm."""

import numpy as np

from . import arguments


class Adam:
    """Adam, after Kingma and Ba (2015); equal to ``torch.optim.Adam``.

        m = beta1 m + (1 - beta1) gradient          its running mean
        v = beta2 v + (1 - beta2) gradient^2        and that of its square
        parameter -= learning_rate * m' / (sqrt(v') + epsilon)

    where m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t) make up for both starting at zero, t counting the
    steps from 1.

    Parameters
    ----------
    layers : list of layers
        Anything with dictionaries `parameters` and `gradients` of the same names.
    learning_rate : float
        May be changed between steps.
    betas : pair of float
        Each from 0 up to, but not including, 1.
    epsilon : float

    Raises
    ------
    ValueError
        If an argument is none of these.
    """

    def __init__(self, layers, learning_rate=0.001, betas=(0.9, 0.999), epsilon=1e-8):
        self.layers = _layers(layers)
        self.learning_rate = arguments.positive("learning_rate", learning_rate)
        self.betas = _betas(betas)
        self.epsilon = arguments.positive("epsilon", epsilon)
        self.steps = 0
        self._m = [{name: np.zeros_like(p) for name, p in layer.parameters.items()} for layer in self.layers]
        self._v = [{name: np.zeros_like(p) for name, p in layer.parameters.items()} for layer in self.layers]

    def step(self):
        """Change every layer's parameters, in place, by what their gradients say.

        Raises
        ------
        ValueError
            If a layer has no gradients yet, or one that is not finite; then nothing is changed.
        """
        for layer in self.layers:
            _finite_gradients(layer)
        self.steps += 1
        beta1, beta2 = self.betas
        for layer, ms, vs in zip(self.layers, self._m, self._v, strict=True):
            for name, gradient in layer.gradients.items():
                m, v = ms[name], vs[name]
                m *= beta1
                m += (1 - beta1) * gradient
                v *= beta2
                v += (1 - beta2) * gradient**2
                m_hat = m / (1 - beta1**self.steps)
                v_hat = v / (1 - beta2**self.steps)
                layer.parameters[name] -= self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


def clip_by_norm(layers, max_norm):
    """Shorten the gradients, taken together as one vector, to at most `max_norm`; their direction is kept.

    Equal to ``torch.nn.utils.clip_grad_norm_``. Changes the gradients in place.

    Parameters
    ----------
    layers : list of layers
    max_norm : float

    Returns
    -------
    norm : float
        The length of that vector before it was shortened.

    Raises
    ------
    ValueError
        If a layer has no gradients yet, or one that is not finite, or `max_norm` is not above zero.
    """
    max_norm = arguments.positive("max_norm", max_norm)
    layers = _layers(layers)
    for layer in layers:
        _finite_gradients(layer)
    gradients = [gradient for layer in layers for gradient in layer.gradients.values()]
    # In float64, as the square of a large float32 gradient would overflow.
    norm = float(np.sqrt(sum(np.sum(gradient.astype(np.float64) ** 2) for gradient in gradients)))
    scale = max_norm / (norm + 1e-6)  # PyTorch's guard against a norm of zero
    if scale < 1:
        for gradient in gradients:
            gradient *= scale
    return norm


def _layers(layers):
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(f"layers: wanted a list of at least one layer, got {_came(layers)}")
    for layer in layers:
        if not (hasattr(layer, "parameters") and hasattr(layer, "gradients")):
            raise ValueError(f"layers: wanted layers with parameters and gradients, got {type(layer).__name__}")
    return list(layers)


def _came(layers):
    return "an empty one" if isinstance(layers, (list, tuple)) else type(layers).__name__


def _betas(betas):
    pair = isinstance(betas, (tuple, list)) and len(betas) == 2
    if not pair or not all(isinstance(beta, (int, float)) and 0 <= beta < 1 for beta in betas):
        raise ValueError(f"betas: wanted a pair of numbers from 0 to below 1, got {betas!r}")
    return tuple(betas)


def _finite_gradients(layer):
    kind = type(layer).__name__
    if not layer.gradients:
        raise ValueError(f"layers: wanted layers whose backward has run, got a {kind} without gradients")
    for name, gradient in layer.gradients.items():
        if not np.isfinite(gradient).all():
            raise ValueError(f"layers: wanted finite gradients, got a NaN or an infinity in {name} of a {kind}")

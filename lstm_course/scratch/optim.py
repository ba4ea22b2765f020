"""Optimisers: SGD, Adam, and two ways of clipping gradients."""

import numpy as np

from . import arguments, schedules


class _Optimiser:
    """What optimisers share: their layers, the learning rate with its schedule, and the number of steps taken."""

    def __init__(self, layers, learning_rate, schedule):
        self.layers = _layers(layers)
        self.learning_rate = arguments.positive("learning_rate", learning_rate)
        self.schedule = schedules.check("schedule", schedule)
        self.steps = 0
        self._shapes = [_shapes(layer) for layer in self.layers]

    def step(self):
        """Update the parameters of every layer in place, from their gradients.

        Raises
        ------
        ValueError
            If a layer has no gradients yet, a gradient is not finite or does not fit its parameter, the parameters are
            not those of the start, or the learning rate or its factor is not a number of at least 0. In that case
            nothing has changed.
        """
        for layer, shapes in zip(self.layers, self._shapes, strict=True):
            if _shapes(layer) != shapes:
                raise ValueError(f"layers: wanted the parameters of the start, got others in a {type(layer).__name__}")
            _check_gradients(layer)
        rate = arguments.number("learning_rate", self.learning_rate) * _factor(self.schedule, self.steps)
        if rate < 0:
            raise ValueError(f"learning_rate: wanted a number of at least 0, got {self.learning_rate}")
        self.steps += 1
        for k, layer in enumerate(self.layers):
            for name, gradient in layer.gradients.items():
                layer.parameters[name] -= self._change(k, name, gradient, rate)

    def _zeros(self):
        """An array of zeros for each parameter, in one dict for each layer."""
        return [{name: np.zeros_like(p) for name, p in layer.parameters.items()} for layer in self.layers]


class SGD(_Optimiser):
    """Stochastic gradient descent with momentum, after Polyak (1964); equal to ``torch.optim.SGD``.

        v = momentum v + gradient
        parameter -= learning_rate * v

    Parameters
    ----------
    layers : list of layers
        Any objects with dicts `parameters` and `gradients` under the same names.
    learning_rate : float
        May be changed between steps.
    momentum : float
        From 0 to below 1. With 0 only the current gradient counts.
    schedule : function from int to float, optional
        From the number of steps taken so far to a factor of the learning rate; see `schedules`.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """

    def __init__(self, layers, learning_rate, momentum=0.0, schedule=None):
        super().__init__(layers, learning_rate, schedule)
        self.momentum = arguments.share("momentum", momentum)
        self._v = self._zeros()

    def _change(self, k, name, gradient, rate):
        v = self._v[k][name]
        v *= self.momentum
        v += gradient
        return rate * v


class Adam(_Optimiser):
    """Adam, after Kingma and Ba (2015); equal to ``torch.optim.Adam``.

        m = beta1 m + (1 - beta1) gradient          running mean of the gradient
        v = beta2 v + (1 - beta2) gradient^2        and of its square
        parameter -= learning_rate * m' / (sqrt(v') + epsilon)

    where m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t) compensate for both starting at zero; t counts the steps
    from 1.

    Parameters
    ----------
    layers : list of layers
        Any objects with dicts `parameters` and `gradients` under the same names.
    learning_rate : float
        May be changed between steps.
    betas : pair of float
        Each from 0 to below 1.
    epsilon : float
    schedule : function from int to float, optional
        From the number of steps taken so far to a factor of the learning rate; see `schedules`.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """

    def __init__(self, layers, learning_rate=0.001, betas=(0.9, 0.999), epsilon=1e-8, schedule=None):
        super().__init__(layers, learning_rate, schedule)
        self.betas = _betas(betas)
        self.epsilon = arguments.positive("epsilon", epsilon)
        self._m, self._v = self._zeros(), self._zeros()

    def _change(self, k, name, gradient, rate):
        m, v = self._m[k][name], self._v[k][name]
        beta1, beta2 = self.betas
        m *= beta1
        m += (1 - beta1) * gradient
        v *= beta2
        v += (1 - beta2) * gradient**2
        m_hat = m / (1 - beta1**self.steps)
        v_hat = v / (1 - beta2**self.steps)
        return rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


def clip_by_norm(layers, max_norm):
    """Scale down all gradients, as one vector, to a norm of at most `max_norm`; their direction does not change.

    Equal to ``torch.nn.utils.clip_grad_norm_``. Changes the gradients in place.

    Parameters
    ----------
    layers : list of layers
    max_norm : float

    Returns
    -------
    norm : float
        The norm of that vector before clipping.

    Raises
    ------
    ValueError
        If a layer has no gradients yet, a gradient is not finite or does not fit its parameter, or `max_norm` is not
        above zero.
    """
    max_norm = arguments.positive("max_norm", max_norm)
    gradients = _gradients(layers)
    # In float64 and in units of the largest entry, because the square of a large number would overflow.
    largest = max((float(np.abs(gradient).max()) for gradient in gradients), default=0.0) or 1.0
    norm = largest * float(np.sqrt(sum(np.sum((gradient.astype(np.float64) / largest) ** 2) for gradient in gradients)))
    scale = max_norm / (norm + 1e-6)  # PyTorch's guard against a norm of zero
    if scale < 1:
        for gradient in gradients:
            gradient *= scale
    return norm


def clip_by_value(layers, limit):
    """Clip every number of the gradients to the interval from -limit to limit.

    Equal to ``torch.nn.utils.clip_grad_value_``. Changes the gradients in place, and with them their direction.

    Parameters
    ----------
    layers : list of layers
    limit : float

    Raises
    ------
    ValueError
        If a layer has no gradients yet, a gradient is not finite or does not fit its parameter, or `limit` is not above
        zero.
    """
    limit = arguments.positive("limit", limit)
    for gradient in _gradients(layers):
        np.clip(gradient, -limit, limit, out=gradient)


def _layers(layers):
    if not isinstance(layers, (list, tuple)) or not layers:
        got = "an empty one" if isinstance(layers, (list, tuple)) else type(layers).__name__
        raise ValueError(f"layers: wanted a list of at least one layer, got {got}")
    for layer in layers:
        if not (hasattr(layer, "parameters") and hasattr(layer, "gradients")):
            raise ValueError(f"layers: wanted layers with parameters and gradients, got {type(layer).__name__}")
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError("layers: wanted each layer once, got one of them twice")
    return list(layers)


def _shapes(layer):
    return {name: np.shape(parameter) for name, parameter in layer.parameters.items()}


def _betas(betas):
    pair = isinstance(betas, (tuple, list)) and len(betas) == 2
    if not pair or not all(arguments.is_number(beta) and 0 <= beta < 1 for beta in betas):
        raise ValueError(f"betas: wanted a pair of numbers from 0 to below 1, got {betas!r}")
    return tuple(float(beta) for beta in betas)


def _factor(schedule, step):
    try:
        factor = schedule(step)
    except OverflowError:
        factor = np.inf
    if not arguments.is_number(factor) or not 0 <= factor < np.inf:
        raise ValueError(f"schedule: wanted a factor of at least 0 from it, got {factor!r} at step {step}")
    return float(factor)


def _gradients(layers):
    """All gradients of all layers in one list."""
    layers = _layers(layers)
    for layer in layers:
        _check_gradients(layer)
    return [gradient for layer in layers for gradient in layer.gradients.values()]


def _check_gradients(layer):
    kind, parameters, gradients = type(layer).__name__, layer.parameters, layer.gradients
    if parameters and not gradients:
        raise ValueError(f"layers: wanted layers whose backward has run, got a {kind} without gradients")
    if parameters.keys() != gradients.keys():
        unpaired = sorted(parameters.keys() ^ gradients.keys())
        raise ValueError(
            f"layers: wanted one gradient for each parameter, got only one of the two for {unpaired} of a {kind}"
        )
    for name, gradient in gradients.items():
        shape = np.shape(parameters[name])
        if np.shape(gradient) != shape:
            raise ValueError(
                f"layers: wanted gradients of shape {shape} for {name} of a {kind}, got {np.shape(gradient)}"
            )
        if not np.isfinite(gradient).all():
            raise ValueError(f"layers: wanted finite gradients, got a NaN or an infinity in {name} of a {kind}")

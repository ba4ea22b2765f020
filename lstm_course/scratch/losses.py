"""What is made small: the loss, with its gradient."""

import numpy as np

from . import arguments


def softmax_cross_entropy(logits, targets, mask=None):
    """Cross-entropy between the softmax of the logits and the targets, averaged over the steps that count.

        p = exp(logits) / sum(exp(logits))
        loss = mean of -log p[target],    dlogits = (p - [1 at the target]) / number of steps

    Parameters
    ----------
    logits : (N, T, K) array
        float32 stays float32; everything else is computed in float64.
    targets : (N, T) array of int
        The right class of each step, from 0 to K - 1; anything where the mask is false.
    mask : (N, T) array, optional
        True where a step counts.

    Returns
    -------
    loss : float
        In nats a step.
    dlogits : (N, T, K) array
        Gradient of the loss with respect to the logits; zero where a step does not count.

    Raises
    ------
    ValueError
        If a shape does not fit the others, a logit is not finite, a target that counts is no class, or no
        step counts.

    Examples
    --------
    >>> loss, dlogits = softmax_cross_entropy([[[0.0, 0.0]]], [[1]])
    >>> round(loss, 6), dlogits
    (0.693147, array([[[ 0.5, -0.5]]]))
    """
    dtype = np.float32 if getattr(logits, "dtype", None) == np.float32 else np.float64
    logits = arguments.array("logits", logits, dtype, N=None, T=None, K=None)
    N, T, K = logits.shape
    mask = arguments.mask("mask", mask, N, T)
    if mask is None:
        mask = np.ones((N, T), bool)
    if not mask.any():
        raise ValueError("mask: wanted at least one step that counts, got none")
    targets = arguments.integers("targets", targets, K, where=mask, N=N, T=T)

    # Softmax does not change when all logits of a step are shifted; shifted so that the largest is zero, no
    # exponential overflows, and the sum, which is then at least 1, has a logarithm.
    shifted = logits - logits.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    at_target = np.expand_dims(targets, 2)
    count = int(mask.sum())
    loss = -float(np.take_along_axis(log_p, at_target, axis=2)[mask].sum()) / count

    dlogits = np.exp(log_p)
    np.put_along_axis(dlogits, at_target, np.take_along_axis(dlogits, at_target, axis=2) - 1, axis=2)
    dlogits *= mask[:, :, None] / dtype(count)
    return loss, dlogits

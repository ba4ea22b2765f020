"""Losses with their gradients: cross-entropy for classes, squared error for numbers."""

import numpy as np

from . import arguments


def softmax_cross_entropy(logits, targets, mask=None):
    """Cross-entropy between the softmax of the logits and the targets, averaged over the steps that count.

        p = exp(logits) / sum(exp(logits))
        loss = mean of -log p[target],    dlogits = (p - [1 at the target]) / number of steps

    Parameters
    ----------
    logits : (N, T, K) array
        Or (N, K), with one prediction for each sequence, or with any other axes before the last. float32 stays float32;
        everything else is computed in float64.
    targets : (N, T) array of int
        The correct class of each step, from 0 to K - 1; anything where the mask is false. The axes are those of the
        logits before the last.
    mask : (N, T) array, optional
        True where a step counts; in the shape of the targets.

    Returns
    -------
    loss : float
        In nats per step.
    dlogits : (N, T, K) array
        Gradient of the loss with respect to the logits; zero where a step does not count.

    Raises
    ------
    ValueError
        If a shape does not fit the others, a logit is not finite, a target that counts is not a class, or no step
        counts.

    Examples
    --------
    >>> loss, dlogits = softmax_cross_entropy([[[0.0, 0.0]]], [[1]])
    >>> round(loss, 6), dlogits
    (0.693147, array([[[ 0.5, -0.5]]]))
    """
    logits = arguments.array("logits", logits, _float_type(logits), leading=True, K=None)
    *before, K = logits.shape
    mask = arguments.mask_shaped("mask", mask, tuple(before))
    targets = arguments.shaped("targets", targets, tuple(before))
    # Samples and steps are treated alike: from here on each row is one step.
    mask, rows = mask.reshape(-1), logits.reshape(-1, K)
    targets = arguments.integers("targets", targets.reshape(-1), K, where=mask, N=len(rows))

    # Shifting all logits of a step does not change the softmax. With the largest shifted to zero no exponential
    # overflows, and the sum is at least 1, so that its logarithm is finite.
    shifted = rows - rows.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    at_target = (np.arange(len(rows)), targets)
    count = int(mask.sum())
    loss = -float(log_p[at_target][mask].sum()) / count

    drows = np.exp(log_p)
    drows[at_target] -= 1
    drows *= mask[:, None] / rows.dtype.type(count)
    return loss, drows.reshape(logits.shape)


def squared_error(outputs, targets, mask=None):
    """Mean squared error over all numbers that count.

        loss = mean of (outputs - targets)^2,    doutputs = 2 (outputs - targets) / number of numbers

    Parameters
    ----------
    outputs : (N, T, K) array
        Or (N, K), with one prediction for each sequence, or with any other axes before the last. float32 stays float32;
        everything else is computed in float64.
    targets : (N, T, K) array
        In the shape of the outputs; anything, even NaN, where the mask is false.
    mask : (N, T) array, optional
        True where a step counts; its axes are those of the outputs before the last.

    Returns
    -------
    loss : float
    doutputs : (N, T, K) array
        Gradient of the loss with respect to the outputs; zero where a step does not count.

    Raises
    ------
    ValueError
        If a shape does not fit the others, an output, or a target that counts, is not finite, or no step counts.

    Examples
    --------
    >>> loss, doutputs = squared_error([[1.0], [5.0]], [[0.0], [2.0]])
    >>> loss, doutputs.tolist()
    (5.0, [[1.0], [3.0]])
    """
    outputs = arguments.array("outputs", outputs, _float_type(outputs), leading=True, K=None)
    *before, K = outputs.shape
    mask = arguments.mask_shaped("mask", mask, tuple(before))
    targets = arguments.shaped("targets", targets, outputs.shape).copy()
    targets[~mask] = 0
    targets = arguments.array("targets", targets, outputs.dtype, leading=True, K=K)

    error = np.where(mask[..., None], outputs - targets, 0)
    count = int(mask.sum()) * K
    # The sum in float64, because the square of a large float32 error would overflow.
    loss = float(np.sum(error.astype(np.float64) ** 2)) / count
    return loss, error * outputs.dtype.type(2 / count)


def _float_type(value):
    return np.float32 if getattr(value, "dtype", None) == np.float32 else np.float64

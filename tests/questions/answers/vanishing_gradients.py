"""Other right ways of writing the answers of lesson 03."""

import math

import numpy as np
import torch

from lstm_course.questions.vanishing_gradients.start_with_a_factor import measured

from .ways import as_lists, in_float32, spoiling, talking, tensors, with_a_graph

# --- 03-leaky-jacobian ------------------------------------------------------------------------------------------


def jacobian(x, h, W_x, W_h, b, leak):
    slopes = 1 - np.tanh(np.concatenate([W_h, W_x], axis=1) @ np.concatenate([h, x]) + b) ** 2
    return np.diag(leak * slopes) @ W_h + np.diag(np.full(len(h), 1 - leak))


def jacobian_in_loops(x, h, W_x, W_h, b, leak):
    J = []
    for i in range(len(h)):
        z = sum(w * s for w, s in zip(W_h[i], h)) + sum(w * s for w, s in zip(W_x[i], x)) + b[i]
        J.append([leak * (1 - math.tanh(z) ** 2) * w for w in W_h[i]])
        J[i][i] += 1 - leak
    return J


def jacobian_by_autograd(x, h, W_x, W_h, b, leak):
    x, h, W_x, W_h, b = tensors(x, h, W_x, W_h, b)
    return torch.autograd.functional.jacobian(lambda h: (1 - leak) * h + leak * torch.tanh(W_h @ h + W_x @ x + b), h)


def jacobian_by_differences(x, h, W_x, W_h, b, leak):
    def step(h):
        return (1 - leak) * h + leak * np.tanh(W_h @ h + W_x @ x + b)

    return np.stack([(step(h + 1e-6 * e) - step(h - 1e-6 * e)) / 2e-6 for e in np.eye(len(h))], axis=1)


def jacobian_in_place(x, h, W_x, W_h, b, leak):
    b += W_x @ x
    b += W_h @ h
    np.tanh(b, out=b)
    W_h *= leak * (1 - b * b).reshape(-1, 1)
    W_h[np.diag_indices(len(h))] += 1 - leak
    return W_h


LEAKY_JACOBIAN = {
    "diagonal matrices": jacobian,
    "loops over numbers": jacobian_in_loops,
    "autograd": jacobian_by_autograd,
    "finite differences": jacobian_by_differences,
    "in place": jacobian_in_place,
    "slopes along the columns of the transpose": lambda x, h, W_x, W_h, b, leak: (
        leak * ((1 - np.tanh(W_h @ h + W_x @ x + b) ** 2) * W_h.T).T + (1 - leak) * np.identity(len(h))
    ),
    "float32": in_float32(jacobian),
    "lists": as_lists(jacobian),
    "a tuple of one": lambda *arguments: (jacobian(*arguments),),
    "prints and warns": talking(jacobian),
    "spoils its arguments": spoiling(jacobian),
}


# --- 03-recent-share --------------------------------------------------------------------------------------------


def recent(states, W_h, u):
    lengths = np.zeros(len(states))
    for k in range(len(states)):
        lengths[k] = np.sqrt(u @ u)
        u = W_h.T @ (u * (1 - states[len(states) - 1 - k] ** 2))
    return lengths.cumsum() / lengths.sum()


def recent_by_the_whole_product(states, W_h, u):
    product, lengths = np.eye(len(u)), [np.linalg.norm(u)]
    for h in states[:0:-1]:
        product = product @ (np.diag(1 - h**2) @ W_h)
        lengths.append(np.linalg.norm(u @ product))
    return [sum(lengths[: k + 1]) / sum(lengths) for k in range(len(states))]


def recent_by_what_is_left(states, W_h, u):
    def lengths(states, g):
        first = [math.sqrt(sum(v * v for v in g))]
        return first if len(states) == 1 else first + lengths(states[:-1], ((1 - states[-1] ** 2) * g) @ W_h)

    lags = np.array(lengths(states, u)) / sum(lengths(states, u))
    return 1 - (lags[::-1].cumsum()[::-1] - lags)


def recent_in_torch(states, W_h, u):
    states, W_h, g = tensors(states, W_h, u)
    lengths = []
    for h in states.flip(0):
        lengths.append(g.norm())
        g = (g * (1 - h**2)) @ W_h
    lengths = torch.stack(lengths)
    return lengths.cumsum(0) / lengths.sum()


RECENT_SHARE = {
    "filled array": recent,
    "the whole product": recent_by_the_whole_product,
    "recursive, by what is left": recent_by_what_is_left,
    "torch": recent_in_torch,
    "float32": in_float32(recent),
    "lists": as_lists(recent),
    "prints and warns": talking(recent),
    "spoils its arguments": spoiling(recent),
}


# --- 03-scale-to-radius -----------------------------------------------------------------------------------------


def scaled(W, radius):
    real_and_imaginary = np.linalg.eig(W)[0]
    return radius / max(math.hypot(value.real, value.imag) for value in real_and_imaginary) * W


def scaled_in_place(W, radius):
    W /= max(map(abs, np.linalg.eigvals(W)))
    W *= radius
    return W


SCALE_TO_RADIUS = {
    "real and imaginary parts": scaled,
    "in place": scaled_in_place,
    "torch": lambda W, radius: torch.tensor(W) * (radius / torch.linalg.eigvals(torch.tensor(W)).abs().max()),
    "by the transpose": lambda W, radius: (W.T * (radius / np.abs(np.linalg.eigvals(W.T)).max())).T,
    "complex type": lambda W, radius: (W / np.sort(np.abs(np.linalg.eigvals(W.astype(complex))))[-1]) * radius,
    "float32": in_float32(scaled_in_place),
    "lists": as_lists(scaled),
    "prints and warns": talking(scaled),
    "spoils its arguments": spoiling(scaled),
}


# --- 03-clip-by-norm --------------------------------------------------------------------------------------------


def clipped(dW_x, dW_h, db, max_norm):
    length = np.linalg.norm(np.concatenate([array.ravel() for array in (dW_x, dW_h, db)]))
    if length <= max_norm:
        return dW_x, dW_h, db
    return tuple(array / length * max_norm for array in (dW_x, dW_h, db))


def clipped_by_the_norm_of_norms(dW_x, dW_h, db, max_norm):
    arrays = [dW_x, dW_h, db]
    length = np.linalg.norm([np.linalg.norm(array) for array in arrays])
    return [array * min(1.0, max_norm / (length + 1e-12)) for array in arrays]


def clipped_in_loops(dW_x, dW_h, db, max_norm):
    total = 0.0
    for array in (dW_x, dW_h, db):
        for number in array.ravel():
            total += number * number
    length = math.sqrt(total)
    share = max_norm / length if length > max_norm else 1
    return (
        [[number * share for number in row] for row in dW_x],
        [[number * share for number in row] for row in dW_h],
        [number * share for number in db],
    )


def clipped_in_place(dW_x, dW_h, db, max_norm):
    length = (np.sum(dW_x**2) + np.sum(dW_h**2) + db @ db) ** 0.5
    for array in (dW_x, dW_h, db):
        array /= max(1, length / max_norm)
    return dW_x, dW_h, db


def clipped_by_torch(dW_x, dW_h, db, max_norm):
    parameters = []
    for array in (dW_x, dW_h, db):
        parameters.append(torch.nn.Parameter(torch.zeros(array.shape, dtype=torch.float64)))
        parameters[-1].grad = torch.tensor(array)
    torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad for parameter in parameters]


CLIP_BY_NORM = {
    "one long row": clipped,
    "norm of the norms": clipped_by_the_norm_of_norms,
    "loops over numbers": clipped_in_loops,
    "in place": clipped_in_place,
    "torch": clipped_by_torch,
    "float32": in_float32(clipped),
    "lists": as_lists(clipped),
    "tensors with a graph": with_a_graph(clipped),
    "prints and warns": talking(clipped),
    "spoils its arguments": spoiling(clipped),
}


# --- 03-start-with-a-factor -------------------------------------------------------------------------------------


def start(x, W_x, target):
    H = len(W_x)
    Q, _ = np.linalg.qr(np.random.default_rng(7).normal(size=(H, H)))
    gains = np.linspace(0.2, 4, 25)
    for narrower in range(4):
        factors = np.array([measured(x, W_x, gain * Q) for gain in gains])
        above = max(int(np.argmax(factors >= target)), 1)
        gains = np.linspace(gains[above - 1], gains[above], 8)
    return gains[4] * Q


def start_by_correcting(x, W_x, target):
    """A gain that is corrected by the ratio of wanted and measured factor, ever more carefully: the factor does not
    always grow with the gain, and full corrections may go to and fro for ever."""
    Q, _ = torch.linalg.qr(torch.randn(len(W_x), len(W_x), dtype=torch.float64, generator=torch.manual_seed(3)))
    gain = target
    for correction in range(200):
        found = measured(x, W_x, gain * Q.numpy())
        if abs(found - target) < 0.002:
            break
        gain *= (target / found) ** (0.7 / (1 + correction / 10))
    return gain * Q


def start_from_a_random_matrix(x, W_x, target):
    W = np.random.default_rng(5).normal(size=(len(W_x), len(W_x))) / np.sqrt(len(W_x))
    low, high = 0.05, 4.0
    for halving in range(25):
        gain = (low + high) / 2
        low, high = (gain, high) if measured(x, W_x, gain * W) < target else (low, gain)
    return gain * W


def start_from_an_even_matrix(x, W_x, target):
    """Entries between -1 and 1, as PyTorch draws them, but scaled until the factor is right."""
    W = np.random.default_rng(11).uniform(-1, 1, (len(W_x), len(W_x)))
    low, high = 0.0, 3.0
    for halving in range(30):
        gain = (low + high) / 2
        low, high = (gain, high) if measured(x, W_x, gain * W) < target else (low, gain)
    return gain * W


START = {
    "a grid, ever finer": start,
    "an evenly drawn matrix": start_from_an_even_matrix,
    "correcting the gain": start_by_correcting,
    "a random matrix": start_from_a_random_matrix,
    "lists": as_lists(start),
    "prints and warns": talking(start),
    "spoils its arguments": spoiling(start),
}


ANSWERS = {
    "03-leaky-jacobian": LEAKY_JACOBIAN,
    "03-recent-share": RECENT_SHARE,
    "03-scale-to-radius": SCALE_TO_RADIUS,
    "03-clip-by-norm": CLIP_BY_NORM,
    "03-start-with-a-factor": START,
    "03-quiz-share": {"upper case": "D", "with its bracket": "d)"},
    "03-quiz-clipping": {"upper case": "B", "in brackets": "(b)"},
    "03-quiz-radius": {"with spaces": " a ", "upper case": "A"},
    "03-quiz-product": {"upper case": "C", "in bold": "(C)."},
}

"""18-step-cost: what a step of a stacked LSTM costs, and the context at which a transformer block costs more."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    sizes = [(2, 3, 1, 4), (1, 1, 1, 1), (16, 16, 1, 2)]
    sizes += [(int(rng.integers(3, 90)), int(rng.integers(2, 80)), int(rng.integers(2, 6)), 4) for _ in range(3)]
    sizes += [(int(rng.integers(100, 900)), int(rng.integers(4, 40)), 3, 1), (8, 64, 1, 4), (40, 20, 2, 2)]
    return [dict(zip(("D", "H", "layers", "size"), each, strict=True)) for each in sizes]


def _by_torch(D, H, layers, size):
    """The parameters of the layer that PyTorch would make, and a search for the context."""
    parameters = dict(torch.nn.LSTM(D, H, layers, device="meta").named_parameters())
    products = sum(each.numel() for name, each in parameters.items() if name.startswith("weight"))
    biases = sum(each.numel() for name, each in parameters.items() if name.startswith("bias_ih"))
    T = 1
    while 12 * H * H + 2 * T * H <= products:
        T += 1
    return np.array(products), np.array(size * (products + biases)), np.array(size * 2 * layers * H), np.array(T)


STEP_COST = Question(
    id="18-step-cost",
    name="step_cost",
    points=2,
    outputs=(Output("products", ()), Output("weights", ()), Output("state", ()), Output("context", ())),
    cases=_cases,
    reference=_by_torch,
    tolerance=1e-9,
    mistakes=(
        Mistake(
            "every layer reads the input",
            "Your upper layers read D inputs. They read the H outputs of the layer below.",
            edit("(layers - 1) * 4 * H * 2 * H", "(layers - 1) * 4 * H * (D + H)"),
        ),
        Mistake(
            "one layer",
            "You count a single layer. The network has `layers` of them.",
            edit("+ (layers - 1) * 4 * H * 2 * H", ""),
        ),
        Mistake(
            "no biases",
            "The biases are read at each step as well: 4H numbers in each layer.",
            edit("products + layers * 4 * H", "products"),
        ),
        Mistake(
            "both of PyTorch's biases",
            "You count two bias vectors in each layer. On a device they are added up once, into one.",
            edit("products + layers * 4 * H", "products + layers * 8 * H"),
        ),
        Mistake(
            "only the hidden state",
            "Your state is h alone. The cell state has to be carried as well.",
            edit("2 * layers * H", "layers * H"),
        ),
        Mistake(
            "the state of the top layer alone",
            "You count the state of the top layer. Every layer has a state that has to be carried.",
            edit("2 * layers * H", "2 * H"),
        ),
        Mistake(
            "numbers, not bytes",
            "You return how many weights there are. Each of them takes `size` bytes.",
            edit("size * (products", "(products"),
        ),
        Mistake(
            "numbers of the state, not bytes",
            "You return how many numbers the state has. Each of them takes `size` bytes.",
            edit("size * 2 * layers * H", "2 * layers * H"),
        ),
        Mistake(
            "biases as products",
            "You count the biases among the products. They are added, not multiplied.",
            edit("return products,", "return products + layers * 4 * H,"),
        ),
        Mistake(
            "equal counts as more",
            "At your context, the block can cost exactly as much as the LSTM. It has to cost more.",
            edit("excess // (2 * H) + 1", "-(-excess // (2 * H))"),
        ),
        Mistake(
            "a context below one",
            "Your context can be less than 1. A block always sees at least the present step.",
            edit("max(1, excess // (2 * H) + 1)", "excess // (2 * H) + 1"),
        ),
    ),
    hints=(
        "How many inputs does the second layer have?",
        "The first layer makes 4H(D + H) products, and each further one makes 4H(H + H). There is one weight for each "
        "product, and each layer has 4H biases. For which T is 12H² + 2TH larger than the products?",
        "`excess = products - 12 * H * H`, and the context is `max(1, excess // (2 * H) + 1)`. The state is "
        "`size * 2 * layers * H` bytes.",
    ),
    explain_right="PyTorch's own layers have exactly these weights.",
)

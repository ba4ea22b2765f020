"""What the live cell computes in the page, against NumPy and PyTorch: values, gradients, and the code it hands out."""

import subprocess

import numpy as np
import pytest
import torch
from plain_page import plain_page

from lstm_course.explore import PRESETS, LiveCell

EXACT = {"rtol": 1e-9, "atol": 1e-9}
LENGTHS = (1, 2, 7, 40, 500)


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """A page that knows the equations, the state and the code of the live cell, and shows nothing."""
    with plain_page(browser, tmp_path_factory.mktemp("numbers")) as page:
        page.load("state.js", "code.js")
        yield page


def draw_cell(seed, mode, T):
    """A setting with everything in it that may be there: gates over time, `rest`, states before the first step."""
    rng = np.random.default_rng([seed, T])
    largest = rng.choice([1, 5, 50])
    drawn = {gate: rng.uniform(size=T) for gate in "fio" if seed % 2 and rng.uniform() < 0.7}
    return LiveCell(
        mode=mode,
        x=rng.normal(scale=rng.choice([0.5, 3]), size=T),
        **dict(zip("fio", rng.uniform(size=3), strict=True)),
        drawn=drawn,
        c0=rng.normal(scale=2),
        h0=rng.uniform(-1, 1),
        **{name: rng.uniform(-largest, largest, 4) for name in "wub"},
        rest=rng.normal(scale=largest, size=(T, 4)) if seed % 3 else [],
        plain_u=rng.uniform(-3, 3),
        step=rng.integers(T + 1),
        loss_step=rng.integers(1, T + 1),
    )


def in_the_page(page, cell):
    """Everything that the page computes of a setting, as arrays; what is left open is NaN."""
    computed = page.call("compute", cell.state())
    return {name: part if name == "T" or part is None else np.array(part, float) for name, part in computed.items()}


CASES = [(seed, mode, T) for mode in ("hand", "weights") for T in LENGTHS for seed in range(7)]


# --- values and gradients ---------------------------------------------------------------------------------


def assert_equal(cell, shown):
    loss, full = cell.loss_step, shown["full"]
    for symbol, wanted in cell.values.items():
        assert shown[symbol].shape == (len(cell.x) + 1,)
        np.testing.assert_allclose(shown[symbol][1:], wanted, **EXACT, err_msg=symbol)
    before = {"c": cell.c0, "h": np.nan if cell.mode == "hand" else cell.h0}
    for symbol in "xifgoch":
        np.testing.assert_equal(shown[symbol][0], before.get(symbol, np.nan), err_msg=symbol)
    assert (full is None) == (cell.mode == "hand")
    paths = {"direct": shown["direct"], "full": shown["direct"] if full is None else full, "plain": shown["plainPath"]}
    for name, wanted in cell.paths.items():
        path = paths[name]
        np.testing.assert_allclose(path[: loss + 1], wanted, **EXACT, err_msg=name)
        assert np.isnan(path[loss + 1 :]).all(), f"{name}: nothing after the loss step depends on it"


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_computes_every_preset_as_python_does(page, preset):
    assert_equal(LiveCell(preset), in_the_page(page, LiveCell(preset)))


@pytest.mark.parametrize("seed, mode, T", CASES)
def test_the_page_computes_any_setting_as_python_does(page, seed, mode, T):
    cell = draw_cell(seed, mode, T)
    assert_equal(cell, in_the_page(page, cell))


def tensor(values):
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def torch_cell(cell):
    """torch.nn.LSTMCell with the weights of a setting, and its inputs; what else arrives is four more features."""
    unit = torch.nn.LSTMCell(5 if cell.rest else 1, 1, dtype=torch.float64)
    with torch.no_grad():
        unit.weight_ih[:, 0], unit.weight_hh[:, 0] = tensor(cell.w), tensor(cell.u)
        unit.weight_ih[:, 1:] = torch.eye(4)[:, : 4 * bool(cell.rest)]
        unit.bias_ih[:], unit.bias_hh[:] = tensor(cell.b), 0
    return unit, torch.cat([tensor(cell.x)[:, None], *([tensor(cell.rest)] if cell.rest else [])], dim=1)


@torch.no_grad()
@pytest.mark.parametrize("seed, T", [(seed, T) for T in LENGTHS for seed in range(7)])
def test_the_page_computes_as_torch_does_from_weights(page, seed, T):
    cell = draw_cell(seed, "weights", T)
    shown, (unit, inputs) = in_the_page(page, cell), torch_cell(cell)
    state = tensor([[cell.h0]]), tensor([[cell.c0]])
    for t in range(T):
        z = unit.weight_ih @ inputs[t] + unit.weight_hh @ state[0][0] + unit.bias_ih
        state = unit(inputs[t : t + 1], state)
        assert (shown["h"][t + 1], shown["c"][t + 1]) == pytest.approx((state[0].item(), state[1].item()), 1e-9, 1e-9)
        np.testing.assert_allclose([path[t + 1] for path in shown["z"]], z, **EXACT)


@pytest.mark.parametrize("seed, T", [(seed, T) for T in LENGTHS for seed in range(7)])
def test_the_gradient_over_all_paths_is_that_of_autograd(page, seed, T):
    cell = draw_cell(seed, "weights", T)
    unit, inputs = torch_cell(cell)
    h, c = tensor([cell.h0]), tensor([cell.c0]).requires_grad_()  # before the first step h does not follow from c
    states = [c]
    for t in range(cell.loss_step):
        i, f, g, o = unit.weight_ih @ inputs[t] + unit.weight_hh @ h + unit.bias_ih
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)  # of this very c, so that a change of c goes on through h
        states.append(c)
    wanted = torch.cat(torch.autograd.grad(c, states))
    np.testing.assert_allclose(in_the_page(page, cell)["full"][: cell.loss_step + 1], wanted, **EXACT)


@pytest.mark.parametrize("mode", ["hand", "weights"])
@pytest.mark.parametrize("T", LENGTHS)
def test_the_direct_path_is_the_product_of_the_forget_gates(page, mode, T):
    cell = draw_cell(1, mode, T)
    shown = in_the_page(page, cell)
    wanted = [np.prod(shown["f"][t + 1 : cell.loss_step + 1]) for t in range(cell.loss_step + 1)]
    np.testing.assert_allclose(shown["direct"][: cell.loss_step + 1], wanted, **EXACT)


@pytest.mark.parametrize("T", LENGTHS)
def test_the_plain_unit_is_that_of_torch_and_its_gradient_that_of_autograd(page, T):
    cell = draw_cell(1, "hand", T)
    h = tensor(0.0).requires_grad_()
    states = [h]
    for x in cell.x:
        h = torch.tanh(x + cell.plain_u * h)
        states.append(h)
    shown = in_the_page(page, cell)
    np.testing.assert_allclose(shown["plainH"], [each.item() for each in states], **EXACT)
    wanted = torch.stack(torch.autograd.grad(states[cell.loss_step], states[: cell.loss_step + 1]))
    np.testing.assert_allclose(shown["plainPath"][: cell.loss_step + 1], wanted, **EXACT)


@pytest.mark.parametrize("mode", ["hand", "weights"])
def test_the_gradients_are_what_a_nudge_of_the_cell_state_does(page, mode):
    T, nudge = 7, 1e-5
    cell = draw_cell(0, mode, T)
    cell.w, cell.u, cell.b = np.array([cell.w, cell.u, cell.b]) / 10  # far from saturation: something is to be seen
    cell.loss_step, cell.drawn = T, {"f": np.linspace(0.3, 0.9, T)}
    shown = in_the_page(page, cell)
    for t in range(T):
        ends = []
        for c in shown["c"][t] + np.array([nudge, -nudge]):
            h = shown["o"][t] * np.tanh(c) if t else cell.h0
            later = {"c0": c, "h0": h, "x": cell.x[t:], "rest": cell.rest[t:], "drawn": {"f": cell.drawn["f"][t:]}}
            ends.append(page.call("compute", {**cell.state(), **later, "loss_step": T - t})["c"][-1])
        path = shown["direct" if mode == "hand" else "full"]
        assert path[t] == pytest.approx((ends[0] - ends[1]) / (2 * nudge), rel=1e-7, abs=1e-9)


# --- the state ---------------------------------------------------------------------------------------------

READ = "(...models) => models.reduce((before, model) => readState({ get: name => model[name] }, before), undefined)"
KEPT = {
    "mode": "weights", "x": [0.1, 0.2, 0.3], "f": 0.9, "i": 0.8, "o": 0.7, "drawn": {"i": [0, 1, 0]},
    "c0": 2, "h0": 0.5, "w": [1, 2, 3, 4], "u": [5, 6, 7, 8], "b": [9, 10, 11, 12], "rest": [[1, 1, 1, 1]] * 3,
    "plain": True, "plain_u": 0.4, "step": 2, "loss_step": 3, "title": "kept", "projector": True,
}  # fmt: skip
NO_NUMBERS = (None, "0.5", "a", [0.5], {}, True, 1e7, -1e7)
NO_FOURS = (None, 1, [], [1, 2, 3], [1, 2, 3, 4, 5], [1, 2, None, 4], [1, 2, "3", 4], [1, 2, 3, 1e7], "1234", {"0": 1})
WRONG = {
    "mode": (None, "", "Hand", "both", 1, ["hand"]),
    "x": (None, 3, "0.1", [], [0.1, None], [0.1, "0.2"], [0.1, 1e7], [[0.1], [0.2], [0.3]], [0.0] * 501, {"length": 3}),
    **dict.fromkeys("fio", (*NO_NUMBERS, 1.5, -0.1)),
    "drawn": (None, 1, "i", [], {"i": [0, 1]}, {"i": [0, 1.5, 0]}, {"i": [0, None, 0]}, {"g": [0] * 3}, {"f": None}),
    **dict.fromkeys(("c0", "h0", "plain_u"), NO_NUMBERS),
    **dict.fromkeys("wub", NO_FOURS),
    "rest": (None, 1, "rest", [[1, 1, 1, 1]], [[1, 1, 1]] * 3, [[1, 1, 1, None]] * 3, [1, 1, 1], {"length": 0}),
    **dict.fromkeys(("plain", "projector"), (None, 0, 1, "true", [])),
    "step": (None, -1, 4, 1.5, "1", [1], True),
    "loss_step": (None, 0, 4, 1.5, "1", [1], True),
    "title": (None, 1, ["a"], {}),
}


def test_the_page_keeps_the_same_things_as_python(page):
    assert set(WRONG) == set(KEPT) == set(LiveCell.names) == set(page.call("() => NAMES"))
    assert page.call("(models) => readState({ get: name => models[name] })", KEPT) == KEPT
    assert page.call("() => DEFAULTS") == {name: LiveCell().state()[name] for name in LiveCell.names}


@pytest.mark.parametrize("name", WRONG)
def test_of_a_wrong_value_in_the_model_the_last_right_one_stays(page, name):
    for wrong in WRONG[name]:
        assert page.call(READ, KEPT, {**KEPT, name: wrong}) == KEPT, wrong
    missing = {other: value for other, value in KEPT.items() if other != name}
    assert page.call(READ, KEPT, missing) == KEPT
    for unequal in ("NaN", "Infinity", "-Infinity", "undefined", "() => 1", "new Float64Array(3)"):
        assert page.call(f"kept => ({READ})(kept, {{ ...kept, {name}: {unequal} }})", KEPT) == KEPT, unequal


def test_of_several_values_the_right_ones_are_taken(page):
    model = {**KEPT, "f": 0.2, "i": 7, "w": [1, 2], "b": [0, 0, 0, 0], "step": 0}
    assert page.call(READ, KEPT, model) == {**KEPT, "f": 0.2, "b": [0, 0, 0, 0], "step": 0}


@pytest.mark.parametrize("T", [1, 2, 5])
def test_with_another_length_everything_fits_it(page, T):
    """Python refuses an x that fits nothing else; a page that is handed one goes on."""
    state = page.call(READ, KEPT, {**KEPT, "x": [0.5] * T})
    assert state == {
        **KEPT, "x": [0.5] * T, "drawn": {}, "rest": [], "step": min(2, T), "loss_step": min(3, T),
    }  # fmt: skip
    assert_equal(LiveCell(**state), in_the_page(page, LiveCell(**state)))


@pytest.mark.parametrize("model", [{}, dict.fromkeys(KEPT), {"x": None, "drawn": {"f": [0.5]}, "rest": [[1, 1, 1, 1]]}])
def test_of_nothing_right_the_defaults_are_left(page, model):
    assert page.call(READ, model) == LiveCell().state()
    assert page.call(READ, KEPT, model) == KEPT


def test_the_page_names_a_preset_when_python_does(page):
    for preset in PRESETS:
        cell = LiveCell(preset)
        assert page.call("presetOf", cell.state()) == preset
        changes = {"step": 3, "loss_step": 20, "projector": True, "title": "mine"}
        for name, value in changes.items():
            setattr(cell, name, value)
        assert page.call("presetOf", cell.state()) == cell.preset == preset
        cell.c0 += 0.01
        assert page.call("presetOf", cell.state()) == cell.preset == ""


# --- the code ----------------------------------------------------------------------------------------------

CODE = {
    **{preset: LiveCell(preset) for preset in ("halfway", "write once", "saturated", "forget bias 1")},
    **{f"{mode}, {T} steps": draw_cell(5, mode, T) for mode in ("hand", "weights") for T in LENGTHS},
    "weights, rest": draw_cell(4, "weights", 7),
    "weights, no rest": draw_cell(3, "weights", 7),
    "tiny and large": LiveCell(x=[1e-30, -1e6, 0], c0=-1e-9, h0=-0.5, mode="weights", w=[1e-7, -1e-7, 0.5, 0]),
    "by hand, tiny and large": LiveCell(x=[1e-30, -123456.789], c0=-1e6, f=1e-8),
}


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("name", CODE)
def test_the_code_gives_the_values_that_the_page_shows(page, name, library, capsys):
    cell = CODE[name]
    code = page.call("asCode", cell.state(), library)
    run = {"__name__": "__main__"}
    exec(compile(code, name, "exec"), run)
    np.testing.assert_allclose(run["cell_states"], cell.values["c"], **EXACT)
    np.testing.assert_allclose(run["hidden_states"], cell.values["h"], **EXACT)
    assert type(run["cell_states"]) is type(run["hidden_states"]) is list
    c, h = (cell.values[symbol][-1] for symbol in "ch")
    assert capsys.readouterr().out == f"after {len(cell.x)} steps: c = {c:.4f}, h = {h:.4f}\n"


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_the_code_is_clean(page, library):
    ruff = pytest.importorskip("ruff").find_ruff_bin()
    for name, cell in CODE.items():
        code = page.call("asCode", cell.state(), library)
        checked = subprocess.run(
            [ruff, "check", "--isolated", "--select", "E,F", "--ignore", "E501", "--quiet", "-"],
            input=code, capture_output=True, text=True,
        )  # fmt: skip
        assert checked.returncode == 0, f"{name}:\n{checked.stdout}{checked.stderr}"
        assert not code.startswith("\n") and code.endswith(")\n")
        assert not any(line != line.rstrip() for line in code.splitlines())

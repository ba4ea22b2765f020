"""The training loop: what it minimises, what it reports, and how it stops."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from regression import Regression, model, options, squared_error, sums
from tqdm import tqdm

from lstm_course import nets, scratch
from lstm_course.nets import training

torch.set_num_threads(1)


def test_learns_and_remembers():
    history = nets.train(model(), sums(), squared_error, 200, learning_rate=0.02, progress=False)
    assert history.losses.shape == history.gradient_norms.shape == (200,)
    assert history.losses[:5].mean() > 1 and history.losses[-20:].mean() < 0.05
    assert (history.gradient_norms > 0).all()


def test_a_step_is_that_of_adam_on_clipped_gradients():
    ours, reference = model(), model()
    batches = list(sums(5))
    history = nets.train(ours, batches, squared_error, 10, learning_rate=0.01, clip=0.5, progress=False)
    adam, norms = torch.optim.Adam(reference.parameters(), lr=0.01), []
    for batch in batches * 2:  # a list begins again
        adam.zero_grad()
        squared_error(reference, batch).backward()
        norms.append(torch.nn.utils.clip_grad_norm_(reference.parameters(), 0.5).item())
        adam.step()
    np.testing.assert_allclose(history.gradient_norms, norms)
    assert max(norms) > 0.5  # it did clip, and reports the norm before
    for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_same_seed_same_run_and_the_callers_generator_is_untouched():
    def run(seed):
        loader = torch.utils.data.DataLoader(list(zip(torch.rand(32, 5, 1), range(32), strict=True)), 8, shuffle=True)
        return nets.train(
            model(dropout=0.5), loader, lambda m, b: m(b[0]).square().mean(), 8, seed=seed, progress=False
        )

    torch.manual_seed(1)
    data = torch.get_rng_state()
    first = run(3)
    after = torch.get_rng_state()
    torch.set_rng_state(data)
    np.testing.assert_array_equal(run(3).losses, first.losses)
    torch.set_rng_state(data)
    assert not np.array_equal(run(4).losses, first.losses)
    torch.set_rng_state(data)
    torch.rand(32, 5, 1)  # all that the caller itself drew
    assert torch.equal(torch.get_rng_state(), after)


def test_mode_is_training_and_then_as_before():
    net, modes = model().eval(), []

    def loss(model, batch):
        modes.append(model.training)
        return squared_error(model, batch)

    nets.train(net, sums(), loss, 2, progress=False)
    assert modes == [True, True] and not net.training


def test_every_part_is_afterwards_in_its_own_mode_and_no_gradient_is_left():
    net = model(dropout=0.5).train()
    net.dropout.eval()
    nets.train(net, sums(), squared_error, 4, validate=lambda model: 1.0, validate_every=2, progress=False)
    assert net.training and net.lstm.training and not net.dropout.training
    assert all(parameter.grad is None for parameter in net.parameters())
    with pytest.raises(nets.Diverged) as raised:
        nets.train(net, sums(), lambda model, batch: squared_error(model, batch) * float("nan"), 4, progress=False)
    assert all(parameter.grad is None for parameter in net.parameters())
    again = pickle.loads(pickle.dumps(raised.value))
    assert str(again) == str(raised.value) and again.history.losses.shape == (0,)


def test_frozen_parameters_stay():
    net = model()
    net.lstm.requires_grad_(False)
    before = net.lstm.weight_hh_l0.clone()
    nets.train(net, sums(), squared_error, 3, progress=False)
    torch.testing.assert_close(net.lstm.weight_hh_l0, before, rtol=0, atol=0)


@pytest.mark.parametrize("value, clip", [(float("nan"), 1.0), (float("inf"), None)])
def test_stops_with_a_sentence_when_the_loss_is_no_number(value, clip):
    net, calls = model().eval(), []

    def loss(model, batch):
        calls.append(1)
        return squared_error(model, batch) * (value if len(calls) == 4 else 1)

    with pytest.raises(nets.Diverged, match=f"^training stopped at step 3, where the loss became {value}") as raised:
        nets.train(net, sums(), loss, 10, clip=clip, progress=False)
    assert "\n" not in str(raised.value)
    assert raised.value.history.losses.shape == (3,)
    assert all(torch.isfinite(parameter).all() for parameter in net.parameters())
    assert not net.training


def test_stops_when_only_the_gradient_is_no_number():
    net = model()

    def loss(model, batch):  # the root of zero: a fine number with an infinite slope
        return (model(batch[0]) * 0).square().sum().sqrt()

    with pytest.raises(nets.Diverged, match="step 0, where the norm of the gradients became nan"):
        nets.train(net, sums(), loss, 10, progress=False)
    assert all(torch.isfinite(parameter).all() for parameter in net.parameters())


def test_the_learning_rate_follows_the_schedule():
    ours, reference = model(), model()
    schedule = scratch.schedules.warmup(3, then=scratch.schedules.cosine(5))
    batches = list(sums(4))
    history = nets.train(ours, batches, squared_error, 8, **options(clip=None, schedule=schedule))
    adam = torch.optim.Adam(reference.parameters(), lr=0.01)
    rates = torch.optim.lr_scheduler.LambdaLR(adam, schedule)
    for batch, rate in zip(batches * 2, history.learning_rates, strict=True):
        assert rates.get_last_lr() == [pytest.approx(rate)]
        adam.zero_grad()
        squared_error(reference, batch).backward()
        adam.step()
        rates.step()
    for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_without_a_schedule_the_learning_rate_stays():
    history = nets.train(model(), sums(), squared_error, 3, **options())
    np.testing.assert_array_equal(history.learning_rates, [0.01] * 3)
    assert history.validation.steps.shape == history.validation.values.shape == (0,)
    assert history.best_step is None and not history.stopped_early


class Elsewhere(Regression):
    """A model that only pretends to move, since PyTorch's meta device, which every machine has, holds no numbers."""

    def __init__(self):
        super().__init__()
        self.places = []

    def to(self, device):
        self.places.append(torch.device(device).type)
        return self


def test_training_is_elsewhere_and_the_model_comes_back():
    net, seen = Elsewhere(), []

    def look(model, *batch):
        seen.append([*(tensor.device.type for tensor in batch[0]), torch.zeros(1).device.type])
        return model.output.weight.sum()

    nets.train(net, sums(), look, 2, **options(device="meta", validate=lambda model: look(model, [])))
    assert seen == [["meta"] * 3, ["meta"] * 3, ["meta"]]  # batches, and tensors that are made on the way
    assert net.places == ["meta", "cpu"]
    assert torch.zeros(1).device.type == "cpu"


def test_the_model_comes_back_when_training_fails():
    net = Elsewhere()
    with pytest.raises(ZeroDivisionError):
        nets.train(net, sums(), lambda model, batch: 1 / 0, 2, **options(device="meta"))
    assert net.places == ["meta", "cpu"]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_on_cuda_it_learns_the_same():
    here, there = model(), model()
    wanted = nets.train(here, sums(), squared_error, 20, **options(device="cpu"))
    found = nets.train(there, sums(), squared_error, 20, **options())
    np.testing.assert_allclose(found.losses, wanted.losses, rtol=1e-3)
    assert next(there.parameters()).device.type == "cpu"


@pytest.mark.parametrize(
    "changes, name, came",
    [
        ({"model": "net"}, "model", "str"),
        ({"model": torch.nn.Dropout()}, "model", "none"),
        ({"batches": 3}, "batches", "int"),
        ({"batches": []}, "batches", "0"),
        ({"batches": sums(2)}, "batches", "2"),
        ({"loss": None}, "loss", "NoneType"),
        ({"loss": lambda model, batch: 1.0}, "loss", "float"),
        ({"loss": lambda model, batch: model(batch[0])}, "loss", "(16,)"),
        ({"loss": lambda model, batch: squared_error(model, batch).detach()}, "loss", "without a gradient"),
        ({"steps": 0}, "steps", "0"),
        ({"learning_rate": -1}, "learning_rate", "-1"),
        ({"clip": 0}, "clip", "0"),
        ({"seed": "lucky"}, "seed", "'lucky'"),
        ({"schedule": 0.5}, "schedule", "0.5"),
        ({"schedule": lambda step: -1.0}, "schedule", "-1.0"),
        ({"schedule": lambda step: float("nan")}, "schedule", "nan"),
        ({"schedule": lambda step: None}, "schedule", "NoneType"),
        ({"validate": [1.0]}, "validate", "list"),
        ({"validate": lambda model: "good"}, "validate", "str"),
        ({"validate": lambda model: torch.ones(2)}, "validate", "(2,)"),
        ({"validate": lambda model: 1.0, "validate_every": 0}, "validate_every", "0"),
        ({"validate": lambda model: 1.0, "patience": 0}, "patience", "0"),
        ({"patience": 3}, "patience", "3"),
        ({"device": "gpu"}, "device", "'gpu'"),
    ],
)
def test_bad_input_is_said_in_one_sentence(changes, name, came):
    given = {
        "model": model(),
        "batches": sums(),
        "loss": squared_error,
        "steps": 3,
        "progress": False,
    } | changes
    with pytest.raises(ValueError) as raised:
        nets.train(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence


def test_the_bar_shows_vanishes_and_can_be_hidden(capsys):
    nets.train(model(), sums(), squared_error, 3, progress=False)
    assert capsys.readouterr() == ("", "")
    nets.train(model(), sums(), squared_error, 3)
    out, err = capsys.readouterr()
    assert out == "" and "training" in err and err.endswith("\r")  # wiped: nothing is left of it


def test_the_bar_says_the_loss_and_the_validation(monkeypatch):
    said = []

    class Bar(tqdm):
        def set_postfix_str(self, s, refresh=True):
            said.append(s)

    monkeypatch.setattr(training, "tqdm", Bar)
    history = nets.train(model(), sums(), squared_error, 3, validate=lambda model: 0.25, validate_every=2)
    first, second, third = (f"{loss:.3g}" for loss in history.losses)
    assert said == [f"loss {first}", f"loss {second}, validation 0.25", f"loss {third}, validation 0.25"]


@pytest.mark.slow
def test_the_environment_hides_the_bar():
    script = (
        "import torch; from lstm_course.nets import train; "
        "train(torch.nn.Linear(1, 1), [torch.ones(1, 1)], lambda m, b: m(b).sum(), 2)"
    )
    environment = os.environ | {"TQDM_DISABLE": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == done.stderr == ""

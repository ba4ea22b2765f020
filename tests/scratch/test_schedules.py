"""Schedules against those of PyTorch."""

import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, SequentialLR, StepLR

from lstm_course.scratch.schedules import constant, cosine, exponential, step_decay, warmup


def torch_factors(scheduler, steps):
    """The learning rates that a PyTorch scheduler makes from 1."""
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    made, factors = scheduler(optimiser), []
    for _ in range(steps):
        factors.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        made.step()
    return factors


def factors(schedule, steps):
    return [schedule(step) for step in range(steps)]


def warm_cosine(optimiser):
    first = LinearLR(optimiser, start_factor=1 / 5, total_iters=4)
    return SequentialLR(optimiser, [first, CosineAnnealingLR(optimiser, 30)], [5])


@pytest.mark.parametrize(
    "schedule, scheduler",
    [
        (step_decay(10, 0.3), lambda optimiser: StepLR(optimiser, 10, 0.3)),
        (step_decay(1, 0.9), lambda optimiser: StepLR(optimiser, 1, 0.9)),
        (exponential(8), lambda optimiser: ExponentialLR(optimiser, 0.5 ** (1 / 8))),
        (cosine(35), lambda optimiser: CosineAnnealingLR(optimiser, 35)),
        (cosine(50, floor=0.2), lambda optimiser: CosineAnnealingLR(optimiser, 50, eta_min=0.2)),
        (warmup(8), lambda optimiser: LinearLR(optimiser, start_factor=1 / 8, total_iters=7)),
        (warmup(5, then=cosine(30)), warm_cosine),
    ],
)
def test_schedule_equals_torch(schedule, scheduler):
    assert factors(schedule, 35) == pytest.approx(torch_factors(scheduler, 35), abs=1e-12)


def test_constant():
    assert factors(constant(), 3) == [1.0, 1.0, 1.0]


def test_cosine_stays_at_its_floor():
    schedule = cosine(10, floor=0.1)
    assert schedule(0) == 1.0 and schedule(5) == pytest.approx(0.55)
    assert min(factors(schedule, 10)) > 0.1
    assert [schedule(step) for step in (10, 11, 25, 1000)] == pytest.approx([0.1] * 4)


def test_half_life():
    schedule = exponential(2.5)
    assert [schedule(step) for step in (0, 5, 10)] == [1.0, 0.25, 0.0625]


@pytest.mark.parametrize("then", [step_decay(3, 0.5), exponential(4), cosine(20), warmup(2), lambda step: 7.0])
def test_warmup_goes_before_any_other(then):
    schedule = warmup(4, then)
    assert factors(schedule, 14) == [0.25, 0.5, 0.75, 1.0, *factors(then, 10)]


def test_steps_may_be_drawn_out_of_order():
    schedule = warmup(3, then=cosine(10))
    assert [schedule(step) for step in (9, 0, 4)] == [factors(schedule, 10)[step] for step in (9, 0, 4)]

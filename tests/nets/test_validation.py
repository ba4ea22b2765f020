"""The training loop with a validation: the best weights, patience, divergence and the stop button."""

import numpy as np
import pytest
import torch
from regression import model, options, squared_error, sums

from lstm_course import nets

torch.set_num_threads(1)


def scripted(values, seen):
    """A `validate` that returns the given values in turn, and records the weights at each call."""

    def validate(model):
        seen.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        return values[len(seen) - 1]

    return validate


def assert_weights(model, wanted):
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, wanted[name]), name


@pytest.mark.parametrize(
    "values, best",
    [
        ([3.0, 1.0, 2.0, 4.0], 1),
        ([3.0, 2.0, 1.0, 0.0], 3),
        ([5.0, 6.0, 7.0, 8.0], 0),
        ([2.0, 1.0, 1.0, 1.0], 1),  # the first of equals
    ],
)
def test_ends_with_the_weights_of_the_best_evaluation(values, best):
    net, seen = model(), []
    history = nets.train(net, sums(), squared_error, 10, **options(validate=scripted(values, seen), validate_every=3))
    np.testing.assert_array_equal(history.validation.steps, [3, 6, 9, 10])  # the last step is not left out
    np.testing.assert_array_equal(history.validation.values, values)
    assert history.best_step == history.validation.steps[best] and not history.stopped_early
    assert_weights(net, seen[best])
    assert not torch.equal(seen[0]["output.weight"], seen[1]["output.weight"])


def test_the_first_evaluation_sees_the_weights_after_its_step():
    net, reference, seen = model(), model(), []
    nets.train(net, sums(), squared_error, 4, **options(validate=scripted([1.0, 0.0], seen), validate_every=3))
    nets.train(reference, sums(), squared_error, 3, **options())
    for name, tensor in reference.state_dict().items():
        torch.testing.assert_close(seen[0][name], tensor)


@pytest.mark.parametrize(
    "values, taken, best",
    [
        ([3.0, 2.0, 4.0, 2.0, 1.0], 8, 4),
        ([1.0, 2.0, 2.0], 6, 2),
        ([3.0, 4.0, 2.0, 4.0, 4.0], 10, 6),  # a new best makes it patient again
    ],
)
def test_patience(values, taken, best):
    net, seen = model(), []
    history = nets.train(
        net, sums(), squared_error, 100, **options(validate=scripted(values, seen), validate_every=2, patience=2)
    )
    assert len(history.losses) == len(history.learning_rates) == taken and history.stopped_early
    assert history.best_step == best
    assert_weights(net, seen[best // 2 - 1])


def test_patience_that_runs_out_with_the_last_step_is_not_early():
    given = options(validate=scripted([1.0, 2.0], []), validate_every=1, patience=1)
    assert not nets.train(model(), sums(), squared_error, 2, **given).stopped_early


def test_an_evaluation_is_in_eval_mode_without_gradients_and_leaves_the_random_numbers_alone():
    found = []

    def validate(net):
        found.append((net.training, net.dropout.training, torch.is_grad_enabled(), torch.rand(1).item()))
        return 1.0

    def run(**more):
        given = options(seed=5, **more)
        return nets.train(model(dropout=0.5), sums(), squared_error, 6, **given).losses

    np.testing.assert_array_equal(run(validate=validate, validate_every=2), run())
    assert found == [(False, False, False, found[0][3])] * 3  # the same random number each time


@pytest.mark.parametrize("when", [3, 7])
def test_when_it_diverges_the_best_weights_stay(when):
    net, seen, calls = model(), [], []

    def loss(model, batch):
        calls.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        return squared_error(model, batch) * (float("nan") if len(calls) == when + 1 else 1)

    with pytest.raises(nets.Diverged) as raised:
        given = options(validate=scripted([1.0, 2.0], seen), validate_every=4)
        nets.train(net, sums(), loss, 20, **given)
    history = raised.value.history
    assert len(history.losses) == when and history.stopped_early
    if when == 3:  # nothing was evaluated yet
        assert history.best_step is None
        assert_weights(net, calls[-1])
    else:
        assert history.best_step == 4
        assert_weights(net, seen[0])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_stops_when_the_validation_is_no_number(value):
    net, seen = model(), []
    with pytest.raises(nets.Diverged, match=f"^training stopped at step 4, where the validation became {value}"):
        given = options(validate=scripted([1.0, value], seen), validate_every=2)
        nets.train(net, sums(), squared_error, 9, **given)
    assert_weights(net, seen[0])


@pytest.mark.parametrize("value", [1, np.float32(1), np.array([1.0]), torch.tensor(1.0), torch.ones(1, 1)])
def test_a_validation_is_any_one_number(value):
    history = nets.train(model(), sums(), squared_error, 1, **options(validate=lambda net: value))
    assert history.validation.values.tolist() == [1.0]


@pytest.mark.parametrize("when", [0, 2, 5])
@pytest.mark.parametrize("with_validation", [False, True])
def test_the_stop_button_keeps_what_was_learned(when, with_validation):
    net, reference, seen, calls = model().eval(), model(), [], []

    def loss(model, batch):
        calls.append(1)
        if len(calls) == when + 1:
            raise KeyboardInterrupt
        return squared_error(model, batch)

    state = torch.get_rng_state()
    more = {"validate": scripted([2.0, 1.0], seen), "validate_every": 4} if with_validation else {}
    history = nets.train(net, sums(), loss, 20, **options(**more))
    assert len(history.losses) == len(history.gradient_norms) == when and history.stopped_early
    assert not net.training and torch.equal(torch.get_rng_state(), state)
    if seen:
        assert history.best_step == 4
        assert_weights(net, seen[0])
    else:
        if when:
            nets.train(reference, sums(), squared_error, when, **options())
        for mine, theirs in zip(net.parameters(), reference.parameters(), strict=True):
            torch.testing.assert_close(mine, theirs)


def test_the_stop_button_during_an_evaluation():
    net, seen = model(), []

    def validate(model):
        if seen:
            raise KeyboardInterrupt
        return scripted([1.0], seen)(model)

    history = nets.train(net, sums(), squared_error, 20, **options(validate=validate, validate_every=2))
    assert len(history.losses) == 4 and history.best_step == 2 and history.stopped_early
    assert net.training and torch.is_grad_enabled()
    assert_weights(net, seen[0])

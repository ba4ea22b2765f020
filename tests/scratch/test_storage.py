"""Layers in a file: what is read back, and how every kind of damage is refused."""

import errno
import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest

from lstm_course import scratch
from lstm_course.scratch import GRU, LSTM, RNN, VARIANTS, Dropout, Embedding, Linear, VariantLSTM, load, save
from lstm_course.scratch.storage import FORMAT, LAYERS

MODELS = {
    "lstm": LSTM(3, 4, seed=7),
    "deep": LSTM(3, 4, num_layers=2, bidirectional=True, dropout=0.25, locked=True, dtype=np.float32, seed=1),
    "gru": GRU(3, 4, recurrent_dropout=0.5),
    "rnn": RNN(3, 4, nonlinearity="relu"),
    "linear": Linear(3, 4),
    "embedding": Embedding(5, 4, dtype=np.float32),
    "dropout": Dropout(0.5, locked=True, seed=3),
} | {f"variant_{name}": VariantLSTM(3, 4, variant=name) for name in VARIANTS}


def small(path):
    save(path, {"output": Linear(2, 1), "history": {"losses": np.array([2.0, 1.0])}})
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


def test_every_layer_of_the_package_can_be_kept():
    public = {name: getattr(scratch, name) for name in scratch.__all__}
    kinds = {name for name, kind in public.items() if isinstance(kind, type) and hasattr(kind, "backward")}
    assert kinds == set(LAYERS)
    assert {type(layer).__name__ for layer in MODELS.values()} == set(LAYERS)


@pytest.mark.parametrize("name", MODELS)
def test_the_same_layer_comes_back(name, path):
    layer = MODELS[name]
    for parameter in layer.parameters.values():  # not what the seed gives
        parameter += np.random.default_rng(0).normal(size=parameter.shape).astype(parameter.dtype)
    before = {part: parameter.copy() for part, parameter in layer.parameters.items()}
    save(path, {name: layer})
    (same,) = load(path).values()
    assert type(same) is type(layer) and same.options == layer.options and same.dtype == layer.dtype
    assert list(same.parameters) == list(layer.parameters) and same.gradients == {}
    for part, parameter in same.parameters.items():
        assert parameter.dtype == before[part].dtype
        np.testing.assert_array_equal(parameter, before[part])
        np.testing.assert_array_equal(layer.parameters[part], before[part])
        assert not np.shares_memory(parameter, layer.parameters[part])
    x = [[0, 4, 1]] if name == "embedding" else np.random.default_rng(1).normal(size=(1, 3, 3))
    for each in (same, layer):
        each.training = False
    one, other = same(x), layer(x)
    np.testing.assert_array_equal(*((one, other) if name in ("linear", "embedding") else (one[0], other[0])))


def test_several_layers_and_arrays(path):
    history = {"losses": np.array([1.0, np.nan, -0.0]), "steps": np.arange(3), "best": 2, "done": True}
    history |= {"half": np.float16([1.5]), "none": np.zeros((0, 3)), "turned": np.ones((2, 3)).T}
    save(path, {"b": Linear(1, 2), "a": Linear(1, 2, seed=1), "history": history, "nothing": {}})
    loaded = load(path)
    assert list(loaded) == ["b", "a", "history", "nothing"] and loaded["nothing"] == {}
    assert not np.array_equal(loaded["a"].parameters["weight"], loaded["b"].parameters["weight"])
    for name, value in history.items():
        array = loaded["history"][name]
        assert array.dtype == np.asarray(value).dtype and array.shape == np.shape(value)
        np.testing.assert_array_equal(array, value)


def test_training_goes_on_where_it_stopped(path):
    layer = LSTM(2, 3)
    save(str(path), {"lstm": layer})  # a name as text
    same = load(str(path))["lstm"]
    x = np.random.default_rng(0).normal(size=(2, 4, 2))
    for each in (layer, same):
        each(x)
        each.backward(np.ones((2, 4, 3)))
        scratch.Adam([each]).step()
    for name, parameter in layer.parameters.items():
        np.testing.assert_array_equal(same.parameters[name], parameter)


def test_the_name_is_used_as_it_is(tmp_path):
    for name in ("model", "model.weights", "modèle 1.npz.old"):
        save(tmp_path / name, {"output": Linear(2, 1)})
        assert load(tmp_path / name)["output"].output_size == 1
    assert sorted(os.listdir(tmp_path)) == ["model", "model.weights", "modèle 1.npz.old"]


def test_the_file_is_plain_npz_and_json(path):
    with np.load(small(path), allow_pickle=False) as file:
        assert sorted(file.files) == ["description", "history/losses", "output/bias", "output/weight"]
        description = json.loads(file["description"].item())
    options = {"input_size": 2, "output_size": 1, "dtype": "float64", "seed": 0}
    assert description["layers"] == {"output": ["Linear", options], "history": [None, None]}


def test_what_cannot_be_written_leaves_the_old_file(path, monkeypatch):
    before = small(path).read_bytes()

    def fails(file, **arrays):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(ValueError, match=r"^path: wanted .* \(No space left"):
        patched.setattr(np, "savez", fails)
        save(path, {"output": Linear(2, 2)})
    assert path.read_bytes() == before and os.listdir(path.parent) == [path.name]

    def stops(file, **arrays):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(np, "savez", stops)
        save(path, {"output": Linear(2, 2)})
    assert path.read_bytes() == before and os.listdir(path.parent) == [path.name]
    save(path, {"output": Linear(2, 2)})
    assert load(path)["output"].output_size == 2 and os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("name", ["nowhere/model.npz", ".", "nul\0"])
def test_places_that_cannot_be_written(tmp_path, name):
    with pytest.raises(ValueError, match="^path: wanted a file that can be written, got ") as raised:
        save(tmp_path / name, {"output": Linear(2, 1)})
    assert ".new" not in str(raised.value)
    assert os.listdir(tmp_path) == []


class OwnLSTM(LSTM):
    pass


def with_nan():
    layer = Linear(2, 1)
    layer.parameters["bias"][0] = np.nan
    return layer


@pytest.mark.parametrize(
    "layers, reason",
    [
        (Linear(2, 1), "Linear"),
        ({}, "an empty one"),
        ({"own": OwnLSTM(1, 1)}, "a OwnLSTM as own"),
        ({"x": np.ones(3)}, "a ndarray as x"),
        ({"x": None}, "a NoneType as x"),
        ({"bad": with_nan()}, "NaN or an infinity in bias of bad"),
        ({"a/b": Linear(1, 1)}, "'a/b'"),
        ({"": Linear(1, 1)}, "''"),
        ({3: Linear(1, 1)}, "3"),
        ({"history": {"a.npy": np.ones(1)}}, "'a.npy'"),
        ({"history": {"objects": [{}, None]}}, "object values in objects of history"),
        ({"history": {"text": "abc"}}, "<U3 values in text of history"),
    ],
)
def test_what_cannot_be_kept(path, layers, reason):
    with pytest.raises(ValueError, match="^layers: wanted ") as raised:
        save(path, layers)
    assert reason in str(raised.value).partition(", got ")[2]
    assert os.listdir(path.parent) == []


@pytest.mark.parametrize("function", [load, lambda path: save(path, {"output": Linear(1, 1)})])
def test_names_that_are_none(function):
    for path in (None, 3, b"model"):
        with pytest.raises(ValueError, match="^path: wanted the name of a file, got "):
            function(path)


def refused(path):
    """The reason in the one sentence with which a file is refused."""
    with pytest.raises(ValueError) as raised:
        load(path)
    sentence = str(raised.value)
    wanted, got, reason = sentence.partition(f", got {path}, ")
    assert wanted == "path: wanted a file written by save" and got and "\n" not in sentence
    return reason


def test_missing(path):
    assert refused(path) == f"which cannot be read ({os.strerror(errno.ENOENT)})"
    assert refused(path.parent).startswith("which cannot be read (")


def npy():
    file = io.BytesIO()
    np.save(file, np.ones(3))
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


FOREIGN = {
    "empty": b"",
    "text": b"weights: 1, 2, 3\n",
    "npy": npy(),
    "npz": npz(weight=np.ones(3)),
    "npz with another description": npz(description=np.array('{"layers": {}}')),
    "npz of a later version": npz(description=np.array('{"format": "lstm_course.scratch 2", "layers": {}}')),
    "npz with a description that is none": npz(description=np.ones(3)),
    "npz with a deep description": npz(description=np.array("[" * 100_000)),
    "pickle": pickle.dumps({"weight": 1}),
    "npz with a pickle": npz(description=np.array([{"format": FORMAT}], object)),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign(path, name):
    path.write_bytes(FOREIGN[name])
    assert refused(path) == "which is another file or a damaged one"


def test_every_truncation(path):
    whole = small(path).read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert refused(path) == "which is another file or a damaged one"


def test_every_byte_flipped(path):
    """All damage is noticed, unless it changes nothing that is read, such as a date."""
    whole = small(path).read_bytes()
    right, refusals = load(path), 0
    for k in range(len(whole)):
        path.write_bytes(whole[:k] + bytes([whole[k] ^ 0xFF]) + whole[k + 1 :])
        try:
            loaded = load(path)
        except ValueError as error:
            assert str(error).startswith("path: wanted a file written by save, got ")
            refusals += 1
            continue
        assert list(loaded) == list(right)
        np.testing.assert_array_equal(loaded["history"]["losses"], right["history"]["losses"])
        for name, parameter in right["output"].parameters.items():
            np.testing.assert_array_equal(loaded["output"].parameters[name], parameter)
    assert refusals > 0.8 * len(whole)


class Alarm:
    """An object whose pickle runs code when it is opened."""

    def __reduce__(self):
        return (pytest.fail, ("the pickle was opened",))


def tampered(path, described=None, listed=True, **changes):
    """A file with changed parts, but with correct checksums and list; None removes a part."""
    with np.load(small(path)) as file:
        parts = {name: file[name] for name in file.files}
    description = json.loads(parts.pop("description").item())
    description["layers"] |= described or {}
    parts |= {name.replace("__", "/"): array for name, array in changes.items()}
    parts = {name: array for name, array in parts.items() if array is not None}
    if listed:
        description["arrays"] = list(parts)
    with open(path, "wb") as file:
        np.savez(file, description=np.array(json.dumps(description)), **parts)
    return path


OPTIONS = {"input_size": 2, "output_size": 1, "dtype": "float64", "seed": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {"output__weight": np.ones((1, 3))},
        {"output__weight": np.ones(2)},
        {"output__weight": np.ones((1, 2), np.float32)},
        {"output__weight": np.full((1, 2), np.nan)},
        {"output__bias": np.array(["a"])},
        {"output__bias": None},
        {"output__more": np.ones(1)},
        {"history__losses": None, "listed": False},
        {"history__more": np.ones(1), "listed": False},
        {"other__weight": np.ones(1)},
        {"weight": np.ones(1)},
        {"output__weight": np.array([Alarm()], object)},
        {"described": {"output": ["Popen", OPTIONS]}},
        {"described": {"output": [["LSTM"], OPTIONS]}},
        {"described": {"output": ["LSTM", OPTIONS]}},
        {"described": {"output": ["Linear", OPTIONS | {"input_size": -1}]}},
        {"described": {"output": ["Linear", OPTIONS | {"dtype": "object"}]}},
        {"described": {"output": ["Linear", OPTIONS | {"input_size": 3}]}},
        {"described": {"output": ["Linear", [2, 1]]}},
        {"described": {"output": "Linear"}},
        {"described": {"output": None}},
    ],
)
def test_tampered(path, changes):
    assert refused(tampered(path, **changes)) == "which is another file or a damaged one"


def test_an_entry_that_is_no_array(path):
    with zipfile.ZipFile(small(path), "a") as archive:
        archive.writestr("output/more", b"\x80\x04K\x01.")
    assert refused(path) == "which is another file or a damaged one"


def test_a_header_that_promises_too_much(path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
    with zipfile.ZipFile(small(path), "a") as archive:
        archive.writestr("history/more.npy", header.getvalue())
    assert refused(path) == "which is another file or a damaged one"


@pytest.mark.parametrize("wrong", [np.zeros((5, 5)), np.zeros((4, 3), np.float32)])
def test_what_could_not_be_loaded_is_not_saved_over_what_can(path, wrong):
    small(path)
    before, layer = path.read_bytes(), Linear(3, 4)
    layer.parameters["weight"] = wrong
    with pytest.raises(ValueError, match=r"^layers: wanted .*'weight': 'float64 of shape \(4, 3\)'.* in output, got "):
        save(path, {"output": layer})
    assert path.read_bytes() == before

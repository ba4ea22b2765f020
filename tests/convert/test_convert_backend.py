"""When Keras is loaded, and the errors if it is missing or runs on another backend."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from lstm_course.convert import to_keras, to_scratch
from lstm_course.scratch import LSTM


def forget_keras(monkeypatch, **environment):
    """Make it look as if Keras were not loaded yet."""
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_not_installed(monkeypatch):
    forget_keras(monkeypatch)
    monkeypatch.setitem(sys.modules, "keras", None)  # import keras then fails as if it were not there
    with pytest.raises(ImportError, match="^keras: wanted an installed package, got none: pip install keras$"):
        to_keras(LSTM(3, 4))
    assert to_scratch(LSTM(3, 4)).hidden_size == 4  # who does not need Keras need not have it


def test_another_backend_in_the_environment(monkeypatch):
    forget_keras(monkeypatch, KERAS_BACKEND="tensorflow")
    with pytest.raises(RuntimeError, match="^KERAS_BACKEND: wanted torch, got tensorflow, "):
        to_keras(LSTM(3, 4))
    assert "keras" not in sys.modules and os.environ["KERAS_BACKEND"] == "tensorflow"


def test_another_backend_is_running(monkeypatch):
    class Layer:
        pass

    forget_keras(monkeypatch)
    running = SimpleNamespace(
        backend=SimpleNamespace(backend=lambda: "jax"), layers=SimpleNamespace(Layer=Layer), Sequential=Layer
    )
    monkeypatch.setitem(sys.modules, "keras", running)
    for convert, layer in ((to_keras, LSTM(3, 4)), (to_scratch, Layer())):
        with pytest.raises(RuntimeError, match="^KERAS_BACKEND: wanted torch, got jax, "):
            convert(layer)
    assert "KERAS_BACKEND" not in os.environ


def run(script, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=inherited | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_importing_is_light():
    script = "import sys, lstm_course.convert; print(*({'torch', 'keras'} & set(sys.modules)))"
    assert run(script) == []


@pytest.mark.slow
def test_pytorch_alone_does_not_load_keras():
    script = (
        "import sys, os; from lstm_course import convert, scratch; convert.to_torch(scratch.LSTM(3, 4));"
        "print('keras' in sys.modules, 'KERAS_BACKEND' in os.environ)"
    )
    assert run(script) == ["False", "False"]


@pytest.mark.slow
def test_the_backend_is_torch_whatever_the_settings_file_says(tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "tensorflow"}')
    script = (
        "from lstm_course import convert, scratch; convert.to_keras(scratch.LSTM(3, 4));"
        "import keras; print(keras.backend.backend())"
    )
    assert run(script, KERAS_HOME=str(tmp_path), KERAS_BACKEND="") == ["torch"]  # empty is as good as not set

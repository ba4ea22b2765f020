"""The examples in docstrings, run as they stand."""

import doctest
import importlib
from pathlib import Path

import numpy as np
import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "lstm_course"
MODULES = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]
SLOW = pytest.param("lstm_course.convert.layers", marks=pytest.mark.slow)  # loads Keras


@pytest.mark.parametrize("name", [SLOW if name == "lstm_course.convert.layers" else name for name in MODULES])
def test_the_examples_of_a_module_are_right(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them writes a file
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    from lstm_course import scratch

    names = {name: getattr(scratch, name) for name in scratch.__all__} | {"np": np, "scratch": scratch}
    if "nets" in name or "convert" in name:
        import torch

        names["torch"] = torch
    if "convert" in name:
        import keras

        names["keras"] = keras
    module = importlib.import_module(name)
    assert doctest.testmod(module, extraglobs=names | vars(module)) == doctest.TestResults(0, _examples(module))


def _examples(module):
    found = doctest.DocTestFinder().find(module)
    count = sum(len(test.examples) for test in found)
    assert count
    return count


def test_there_are_examples():
    assert len(MODULES) > 20

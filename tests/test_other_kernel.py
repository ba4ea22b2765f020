"""`make test-kernels` really computes with other code, and says how its command ended."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "tools" / "other_kernel.py"
SPEC = importlib.util.spec_from_file_location("other_kernel", SCRIPT)
kernels = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(kernels)

pytestmark = pytest.mark.slow  # loads NumPy and PyTorch several times


def test_every_part_that_is_named_computes_with_other_code():
    environment = kernels.other_kernel()
    parts = {
        "OPENBLAS_CORETYPE": kernels.OWN_BLAS,
        "NPY_DISABLE_CPU_FEATURES": kernels.OWN_LOOPS,
        "ATEN_CPU_CAPABILITY": kernels.OWN_TORCH,
    }
    assert set(environment) <= set(parts)
    for name in environment:
        assert kernels.output_of(parts[name], **environment) != kernels.output_of(parts[name]) != "", name


def test_a_processor_that_cannot_be_imitated_is_passed_over(monkeypatch):
    answers = {"": "SkylakeX", "Prescott": "", "Haswell": "SkylakeX", "ARMV8": "ARMV8"}  # the first one crashes
    monkeypatch.setattr(
        kernels,
        "output_of",
        lambda code, OPENBLAS_CORETYPE="": answers[OPENBLAS_CORETYPE] if code == kernels.OWN_BLAS else "",
    )
    assert kernels.other_kernel() == {"OPENBLAS_CORETYPE": "ARMV8"}


@pytest.mark.parametrize("environment, wanted", [({"OF_ANOTHER": "1"}, 3), ({}, 0)])
def test_the_command_runs_in_that_environment_and_its_status_is_handed_on(monkeypatch, environment, wanted):
    monkeypatch.setattr(kernels, "other_kernel", lambda: environment)
    code = "import os, sys; sys.exit(3 if os.environ['OF_ANOTHER'] == '1' else 4)"
    assert kernels.main([sys.executable, "-c", code]) == wanted

"""Run a command as if on another processor: ``python tools/other_kernel.py COMMAND ...``.

NumPy's OpenBLAS, NumPy's own loops and PyTorch each choose their code by the processor, and the last digits of a sum
depend on it. This chooses code other than this machine's own, says which, and runs the command with it.
"""

import os
import subprocess
import sys

# For x86, with an old processor first, whose code every newer one can run; and for Arm.
CORES = ("Prescott", "Haswell", "ARMV8", "NEOVERSEN1")
OWN_BLAS = """
import numpy, threadpoolctl
numpy.ones((2, 2)) @ numpy.ones((2, 2))
print(*{each["architecture"] for each in threadpoolctl.threadpool_info() if each.get("internal_api") == "openblas"})
"""
OWN_LOOPS = "import numpy; print(*numpy.show_config('dicts')['SIMD Extensions'].get('found', []))"
OWN_TORCH = "import torch; print(torch.backends.cpu.get_cpu_capability())"


def output_of(code, **environment):
    """What some Python code prints in a process of its own; empty if this processor cannot run it."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def other_kernel():
    """Environment variables that make libraries compute with code other than this machine's own."""
    variables = {}
    own = output_of(OWN_BLAS)
    for core in CORES:
        if own and output_of(OWN_BLAS, OPENBLAS_CORETYPE=core) not in ("", own):
            variables["OPENBLAS_CORETYPE"] = core
            break
    if loops := output_of(OWN_LOOPS):
        variables["NPY_DISABLE_CPU_FEATURES"] = loops
    if output_of(OWN_TORCH) not in ("", "DEFAULT"):
        variables["ATEN_CPU_CAPABILITY"] = "default"
    return variables


def main(command):
    environment = other_kernel()
    if not environment:
        print("This machine cannot imitate another processor: nothing to run.")
        return 0
    print("Computing as on another processor:", *(f"{name}={value}" for name, value in environment.items()), flush=True)
    return subprocess.run(command, env=os.environ | environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run a command as if on another processor: ``python tools/other_kernel.py COMMAND ...``.

NumPy's OpenBLAS, NumPy's own loops and PyTorch each choose their code by the processor, and sums come out a little
different in each. This chooses code that is not this machine's own, says so, and runs the command with it.
"""

import os
import subprocess
import sys

# For x86, of an old processor first, which every newer one can imitate; and for Arm.
CORES = ("Prescott", "Haswell", "ARMV8", "NEOVERSEN1")
OWN_BLAS = """
import numpy, threadpoolctl
numpy.ones((2, 2)) @ numpy.ones((2, 2))
print(*{each["architecture"] for each in threadpoolctl.threadpool_info() if each.get("internal_api") == "openblas"})
"""
OWN_LOOPS = "import numpy; print(*numpy.show_config('dicts')['SIMD Extensions'].get('found', []))"
OWN_TORCH = "import torch; print(torch.backends.cpu.get_cpu_capability())"


def said(code, **environment):
    """What some Python code prints in a process of its own; nothing where this processor cannot run it."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def other_kernel():
    """Environment variables under which numbers are computed with other code than this machine's own."""
    found = {}
    own = said(OWN_BLAS)
    for core in CORES:
        if own and said(OWN_BLAS, OPENBLAS_CORETYPE=core) not in ("", own):
            found["OPENBLAS_CORETYPE"] = core
            break
    if loops := said(OWN_LOOPS):
        found["NPY_DISABLE_CPU_FEATURES"] = loops
    if said(OWN_TORCH) not in ("", "DEFAULT"):
        found["ATEN_CPU_CAPABILITY"] = "default"
    return found


def main(command):
    environment = other_kernel()
    if not environment:
        print("This machine knows no other way to compute than its own: nothing to run.")
        return 0
    print("As another processor computes:", *(f"{name}={value}" for name, value in environment.items()), flush=True)
    return subprocess.run(command, env=os.environ | environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the measured times depend on: the machine, the libraries, and their settings."""

import os
import platform
import sys

import numpy as np

# OpenBLAS reads these; they can make NumPy's products several times faster or slower.
TUNING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def show():
    """Print all of it."""
    import torch

    torch.set_num_threads(1)
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, PyTorch {torch.__version__}")
    print(f"processor: {_processor()}, {os.cpu_count()} cores")
    for line in _blas():
        print(line)
    print(f"threads: torch {torch.get_num_threads()}, " + _settings(THREADS))
    print(_settings(TUNING), flush=True)


def _settings(names):
    return ", ".join(f"{name} {os.environ.get(name, 'not set')}" for name in names)


def _processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _blas():
    """NumPy's library for matrix products, with the kernel that it has chosen if that can be found out."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        yield f"BLAS: {built['name']} {built['version']} (threadpoolctl would name its kernel)"
        return
    for library in threadpool_info():
        if library["user_api"] == "blas":
            kernel = library.get("architecture", "unknown")
            name = f"{library['internal_api']} {library['version']}"
            yield f"BLAS: {name}, kernel {kernel}, threads {library['num_threads']}"

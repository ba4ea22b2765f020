"""Run every benchmark and print its tables; this takes under three minutes on two cores."""

import os
import subprocess
import sys

# One thread for everything, set before NumPy is loaded.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from . import commands, environment, layers, sliders  # noqa: E402


def main(arguments):
    environment.show()
    layers.show()
    if arguments == ["layers"]:
        return
    tuned = [name for name in environment.TUNING if name in os.environ]
    if tuned:
        print(f"\nThe same again, without {' and '.join(tuned)}:\n", flush=True)
        without = {name: value for name, value in os.environ.items() if name not in tuned}
        subprocess.run([sys.executable, "-m", "benchmarks", "layers"], env=without, check=True)
    sliders.show()
    commands.show()


if __name__ == "__main__":
    main(sys.argv[1:])

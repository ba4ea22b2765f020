"""``python -m lstm_course.results [NAME ...]`` makes the stored runs again: those named, or all."""

import sys
import time

from . import NAMES, known, rebuild


def main(names):
    for name in names:
        known(name)  # all of them, before the first takes its minutes
    for name in names or NAMES:
        began = time.perf_counter()
        rebuild(name)
        print(f"{name}: made again in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))

"""``python -m lstm_course.results [NAME ...]`` rebuilds the stored runs of these names, or all of them."""

import sys
import time

from . import NAMES, check_name, rebuild


def main(names):
    for name in names:
        check_name(name)  # before the first run takes its minutes
    for name in names or NAMES:
        start = time.perf_counter()
        rebuild(name)
        print(f"{name}: rebuilt in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))

"""``python -m lstm_course.results [NAME ...]`` rebuilds the stored runs of these names, or all of them.

Of all of them, a run whose files nobody has downloaded stays as it is; one that was named ends with the reason.
"""

import sys
import time

from . import NAMES, MissingFiles, check_name, rebuild


def main(names):
    for name in names:
        check_name(name)  # before the first run takes its minutes
    for name in names or NAMES:
        start = time.perf_counter()
        try:
            rebuild(name)
        except MissingFiles as error:
            if names:
                raise
            print(f"{name}: left as it is, because files are missing. {error}")
            continue
        print(f"{name}: rebuilt in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))

"""``python -P -m lstm_course.isolation.start_server LEVEL``: the fork server, with a socket as its standard input.

Apart from `fork_server` because a process must enter its namespaces before it loads a library with threads.
"""

import json
import os
import socket
import sys

from . import namespaces

LARGEST_CONFIG = 64 << 10


def main(level):
    """Read the configuration, leave for namespaces where the level asks for it, and serve."""
    control = socket.socket(fileno=os.dup(0))
    config = json.loads(control.recv(LARGEST_CONFIG))
    try:
        if level == "full":
            namespaces.leave()
        from . import fork_server

        fork_server.serve(control, level, config)
    except Exception as problem:
        control.sendall(json.dumps({"failed": f"{type(problem).__name__}: {problem}"}).encode())


if __name__ == "__main__":
    main(sys.argv[1])

"""``python -P -m lstm_course.isolation.start_server LEVEL``: the fork server, with a socket as its standard input.

Separate from `fork_server` because a process must enter its namespaces before it loads a library that starts threads.
"""

import fcntl
import json
import os
import select
import signal
import socket
import sys

from . import namespaces

LARGEST_CONFIG = 64 << 10


def main(level):
    """Read the configuration, enter new namespaces if the level demands it, and serve."""
    control = socket.socket(fileno=os.dup(0))
    config = json.loads(control.recv(LARGEST_CONFIG))
    try:
        if level == "full":
            namespaces.leave()
        _exit_with_the_judge(control)
        from . import fork_server

        fork_server.serve(control, level, config)
    except Exception as problem:
        control.sendall(json.dumps({"failed": f"{type(problem).__name__}: {problem}"}).encode())


def _exit_with_the_judge(control):
    """End this process when the judge closes its end of the socket, until `fork_server.serve` reads from it: a judge
    that is killed while the libraries load must not leave a process behind."""
    signal.signal(signal.SIGIO, lambda *_: os._exit(1))
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([control], [], [], 0)[0]:  # closed already; the judge sends no orders before the server is ready
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])

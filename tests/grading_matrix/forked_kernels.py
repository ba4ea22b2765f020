"""Fresh kernels in a fraction of a second: each is forked from a process that has imported what kernels import.

A kernel of its own for each of a hundred notebooks takes two seconds, most of it for importing IPython, NumPy and
PyTorch. Here they are imported once. A forked kernel is as fresh as another: nothing has run in it.
"""

import json
import subprocess
import sys
from contextlib import contextmanager

KERNEL = "forked"
# Forks a kernel for each request, which is a line of JSON; the kernel keeps the connection open for as long as it runs.
# It ends when its standard input is closed, as when the tests end in whichever way.
SERVER = """
import json, os, select, signal, socket, sys, threading
import numpy, torch, sqlite3, IPython, ipykernel.debugger, lstm_course.grading.check
from ipykernel.kernelapp import IPKernelApp
from lstm_course import questions
questions.of_lesson("04")
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the kernels
print("ready", flush=True)
while server in select.select([server, sys.stdin], [], [])[0]:
    connection, _ = server.accept()
    connection_file, folder = json.loads(connection.makefile().readline())
    if os.fork() == 0:
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.close()
            os.chdir(folder)
            # A kernel ends with the process that asked for it, whatever becomes of Jupyter's message to end.
            threading.Thread(target=lambda: (connection.recv(1), os._exit(0)), daemon=True).start()
            IPKernelApp.launch_instance(argv=["-f", connection_file])
        finally:
            os._exit(0)
    connection.close()
"""
# What Jupyter starts in place of a kernel: it asks for one and waits for its end.
REQUEST = """
import json, os, signal, socket, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter interrupts a kernel before it asks it to end
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(json.dumps([sys.argv[2], os.getcwd()]).encode() + b"\\n")
connection.recv(1)
"""


@contextmanager
def forked_kernels(folder, environment):
    """Run a server that forks kernels, and describe them to Jupyter by the name `KERNEL`.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder. ``JUPYTER_PATH`` must name it, so that Jupyter finds the kernel.
    environment : dict of str to str
        The environment of the kernels.
    """
    address = str(folder / "socket")
    description = folder / "kernels" / KERNEL / "kernel.json"
    description.parent.mkdir(parents=True)
    argv = [sys.executable, "-I", "-S", "-c", REQUEST, address, "{connection_file}"]
    description.write_text(json.dumps({"argv": argv, "display_name": KERNEL, "language": "python"}), encoding="utf-8")
    command = [sys.executable, "-c", SERVER, address]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as server:
        try:
            assert server.stdout.readline() == "ready\n", "the server of kernels did not start"
            yield
        finally:
            server.stdin.close()

"""A clean process with the libraries loaded, which forks one child a submission and shuts it in.

`start_server` starts it, and `processes.ForkServer` speaks to it over a socket. It knows inputs and how answers are
called, and never a reference; each child starts from the same clean state, and what one does reaches neither the
server nor another child.

Orders, as JSON, with a file descriptor where one is named:

    {"do": "prepare", "key", "bytes"} + file     an assignment, for `runner.prepare`
    {"do": "run", "id", "key", "bytes", "memory_mb", "seconds"} + socket
                                                 fork a child, which reads its job of so many bytes from the socket
    {"do": "kill", "id"}

Answers: {"ready", ...} once, {"prepared": key, "problem"}, and {"ended": id, "status"}.
"""

import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile

from . import confine, kernel, landlock, limits, readable, runner, shell, system_calls, wire

LARGEST_ORDER = 64 << 10
LOOK_EVERY = 0.05  # seconds between looks at how much the children have written


def serve(control, level, config):
    """Load the libraries and serve until the other side goes away.

    Parameters
    ----------
    control : socket.socket
    level : {"full", "process"}
    config : dict
        ``preload``, names of modules; ``secrets``, paths that no submission may read.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the judge decides when it is over
    for name in config["preload"]:
        importlib.import_module(name)
    runner.stand_in_for_the_judge()
    cage = confine.Cage(
        level,
        landlock.opened(readable.readable(config["secrets"])),
        landlock.opened(readable.DEVICES),
        system_calls.program(),
    )
    with tempfile.TemporaryDirectory(prefix="lstm-course-") as folder:
        shell.start()
        control.sendall(json.dumps({"ready": True}).encode())
        _Server(control, cage, folder).serve()


class _Server:
    def __init__(self, control, cage, folder):
        self._control, self._cage, self._folder = control, cage, folder
        self._assignments, self._children = {}, {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        # A child needs a process namespace of its own, and this process must stay in its own one.
        self._own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY) if cage.level == confine.FULL else None

    def serve(self):
        try:
            while self._serve_once():
                pass
        finally:
            for child in self._children.values():
                os.kill(child["pid"], signal.SIGKILL)
                os.waitpid(child["pid"], 0)
                _remove(child["box"])

    def _serve_once(self):
        for key, _ in self._selector.select(LOOK_EVERY if self._children else None):
            if key.fileobj is not self._control:
                self._bury(key.data)
            elif not self._obey():
                return False
        if self._cage.level == confine.PROCESS:
            self._end_those_that_fill_the_disk()
        return True

    def _obey(self):
        text, descriptors, _, _ = socket.recv_fds(self._control, LARGEST_ORDER, 1)
        if not text:
            return False
        order = json.loads(text)
        if order["do"] == "prepare":
            self._prepare(order, descriptors[0])
        elif order["do"] == "run":
            self._run(order, descriptors[0])
        elif order["id"] in self._children:
            os.kill(self._children[order["id"]]["pid"], signal.SIGKILL)
        return True

    def _prepare(self, order, descriptor):
        problem = ""
        try:
            with open(descriptor, "rb") as file:
                content, arrays = wire.receive(file.read, order["bytes"])
            self._assignments[order["key"]] = runner.prepare(content, arrays)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        gc.collect()
        gc.freeze()  # children then share these pages and do not copy them
        self._say(prepared=order["key"], problem=problem[:1000])

    def _run(self, order, descriptor):
        assignment = self._assignments[order["key"]]
        box = os.path.join(self._folder, str(order["id"]))
        os.mkdir(box)
        if self._own_processes is not None:
            kernel.unshare(kernel.CLONE_NEWPID)
        child = os.fork()
        if not child:
            _be_the_child(self._cage, assignment, order, descriptor, box)
        if self._own_processes is not None:
            kernel.call("setns", self._own_processes, kernel.CLONE_NEWPID)
        os.close(descriptor)
        handle = os.pidfd_open(child)
        self._children[order["id"]] = {"pid": child, "handle": handle, "box": box}
        self._selector.register(handle, selectors.EVENT_READ, order["id"])

    def _bury(self, number):
        child = self._children.pop(number)
        self._selector.unregister(child["handle"])
        os.close(child["handle"])
        _, status = os.waitpid(child["pid"], 0)
        _remove(child["box"])
        self._say(ended=number, status=os.waitstatus_to_exitcode(status))

    def _end_those_that_fill_the_disk(self):
        for child in self._children.values():
            if _is_full(child["box"]):
                os.kill(child["pid"], signal.SIGKILL)

    def _say(self, **what):
        self._control.sendall(json.dumps(what).encode())


def _is_full(box):
    size, count, folders = 0, 0, [box]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    if size > limits.FOLDER_BYTES or count > limits.FOLDER_FILES:
                        return True
        except FileNotFoundError:
            continue
        except OSError:  # folders in folders, beyond what a path can name
            return True
    return False


def _remove(box):
    try:
        shutil.rmtree(box)
    except (OSError, RecursionError):  # folders in folders, thousands of them, or one that its maker may not read
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, "--", box], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _be_the_child(cage, assignment, order, descriptor, box):
    """Run one submission and end; never returns."""
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        for number in (1, 2):
            os.dup2(0, number)
        link = os.dup(descriptor)
        os.environ.update(HOME=box, MPLCONFIGDIR=box, IPYTHONDIR=box, TMPDIR=box)
        tempfile.tempdir = box
        job, _ = wire.receive(lambda size: os.read(link, size), order["bytes"])
        confine.shut_in(cage, box, order["memory_mb"], order["seconds"])
        os.dup2(link, 3)
        os.closerange(4, limits.OPEN_FILES * 16)

        def say(content, arrays):
            message = memoryview(wire.encode(content, arrays))
            while message:
                message = message[os.write(3, message) :]

        runner.run(assignment, job, say)
        os._exit(0)
    except BaseException:
        os._exit(1)

"""A clean process with the libraries loaded, which forks and confines one child for each submission.

`start_server` starts it, and `processes.ForkServer` talks to it over a socket. It knows the inputs and how answers are
called, but never a reference. Every child starts from the same clean state, and nothing that a child does reaches the
server or another child.

Orders are JSON, accompanied by a file descriptor where one is named:

    {"do": "prepare", "key", "bytes"} + file     an assignment for `runner.prepare`
    {"do": "run", "id", "key", "bytes", "memory_mb", "seconds"} + socket
                                                 fork a child, which reads a job of this many bytes from the socket
    {"do": "kill", "id"}

Answers are {"ready": true} once, {"prepared": key, "problem"}, and {"ended": id, "status"}.
"""

import fcntl
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
from dataclasses import dataclass

from . import confine, kernel, landlock, limits, readable, runner, shell, system_calls, wire

LARGEST_ORDER = 64 << 10
DISK_CHECK_SECONDS = 0.05  # between checks of how much the children have written


def serve(control, level, config):
    """Load the libraries and serve until the judge closes its end of the socket.

    Parameters
    ----------
    control : socket.socket
    level : {"full", "process"}
    config : dict
        ``preload``, names of modules; ``secrets``, paths that no submission may read.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the judge decides when the server ends
    for name in config["preload"]:
        importlib.import_module(name)
    runner.stand_in_for_the_judge()
    policy = confine.Policy(
        level,
        landlock.opened(readable.readable(config["secrets"])),
        landlock.opened(readable.DEVICES),
        system_calls.program(),
    )
    shell.start()
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) & ~os.O_ASYNC)
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with tempfile.TemporaryDirectory(prefix="lstm-course-") as folder:
        control.sendall(json.dumps({"ready": True}).encode())
        _Server(control, policy, folder).serve()


@dataclass
class _Child:
    pid: int
    handle: int  # a pidfd
    folder: str  # its own


class _Server:
    def __init__(self, control, policy, folder):
        self._control, self._policy, self._folder = control, policy, folder
        self._assignments, self._children = {}, {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        # Each child gets a process namespace of its own, and this process must return to its own one.
        self._own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if policy.level == confine.FULL else None

    def serve(self):
        try:
            while self._serve_once():
                pass
        finally:
            for child in self._children.values():
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
                _remove(child.folder)

    def _serve_once(self):
        for key, _ in self._selector.select(DISK_CHECK_SECONDS if self._children else None):
            if key.fileobj is not self._control:
                self._reap(key.data)
            elif not self._take_order():
                return False
        if self._policy.level == confine.PROCESS:
            self._kill_those_that_fill_the_disk()
        return True

    def _take_order(self):
        text, descriptors, _, _ = socket.recv_fds(self._control, LARGEST_ORDER, 1)
        if not text:
            return False
        order = json.loads(text)
        if order["do"] == "prepare":
            self._prepare(order, descriptors[0])
        elif order["do"] == "run":
            self._run(order, descriptors[0])
        elif order["id"] in self._children:
            os.kill(self._children[order["id"]].pid, signal.SIGKILL)
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
        gc.freeze()  # keeps the children from copying these pages
        self._answer(prepared=order["key"], problem=problem[:1000])

    def _run(self, order, descriptor):
        assignment = self._assignments[order["key"]]
        folder = os.path.join(self._folder, str(order["id"]))
        os.mkdir(folder)
        parent = os.getpid()
        if self._own_namespace is not None:
            kernel.unshare(kernel.CLONE_NEWPID)
            parent = 0  # what the child sees from within its own namespace
        pid = os.fork()
        if not pid:
            _be_the_child(self._policy, assignment, order, descriptor, folder, parent)
        if self._own_namespace is not None:
            kernel.call("setns", self._own_namespace, kernel.CLONE_NEWPID)
        os.close(descriptor)
        child = self._children[order["id"]] = _Child(pid, os.pidfd_open(pid), folder)
        self._selector.register(child.handle, selectors.EVENT_READ, order["id"])

    def _reap(self, number):
        child = self._children.pop(number)
        self._selector.unregister(child.handle)
        os.close(child.handle)
        _, status = os.waitpid(child.pid, 0)
        _remove(child.folder)
        self._answer(ended=number, status=os.waitstatus_to_exitcode(status))

    def _kill_those_that_fill_the_disk(self):
        for child in self._children.values():
            if _is_full(child.folder):
                os.kill(child.pid, signal.SIGKILL)

    def _answer(self, **answer):
        self._control.sendall(json.dumps(answer).encode())


def _is_full(folder):
    size, count, folders = 0, 0, [folder]
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
        except (FileNotFoundError, NotADirectoryError):  # removed or replaced in the meantime
            continue
        except OSError:  # folders nested so deeply that no path can name them, or one that cannot be read
            return True
    return False


def _remove(folder):
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):  # thousands of nested folders, or one that its maker made unreadable
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, "--", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _be_the_child(policy, assignment, order, descriptor, folder, parent):
    """Run one submission and exit; never returns."""
    try:
        kernel.die_with_parent(parent)
        os.setsid()
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        for number in (1, 2):
            os.dup2(0, number)
        link = os.dup(descriptor)
        os.environ.update(HOME=folder, MPLCONFIGDIR=folder, IPYTHONDIR=folder, TMPDIR=folder)
        tempfile.tempdir = folder
        job, _ = wire.receive(lambda size: os.read(link, size), order["bytes"])
        confine.confine(policy, folder, order["memory_mb"], order["seconds"])
        os.dup2(link, 3)
        os.closerange(4, limits.OPEN_FILES * 16)

        def send(content, arrays):
            message = memoryview(wire.encode(content, arrays))
            while message:
                message = message[os.write(3, message) :]

        runner.run(assignment, job, send)
        os._exit(0)
    except BaseException:
        os._exit(1)

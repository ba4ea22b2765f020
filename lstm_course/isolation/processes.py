"""Starting and ending the processes that run learners' cells: forks of one server, or a fresh process for each."""

import contextlib
import itertools
import json
import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from . import wire
from .children import PIECE, Child, PipedChild, end_group

START_SECONDS = 120  # for loading the libraries from a slow disk
KEPT_VARIABLES = "PATH PYTHONPATH SYSTEMROOT LANG LC_ALL VIRTUAL_ENV HOME TMPDIR MPLCONFIGDIR LD_LIBRARY_PATH".split()


class ServerGone(OSError):
    """The fork server ended or could not start; the message gives the reason if it is known."""


class ForkServer:
    """The judge's side of `lstm_course.isolation.fork_server`. Several threads may use it at once.

    Parameters
    ----------
    level : {"full", "process"}
    preload : iterable of str
        Modules that are loaded before any submission runs.
    secrets : iterable of path
        Files and folders that no submission may read.

    Raises
    ------
    ServerGone
        If it does not start.
    """

    def __init__(self, level, preload=(), secrets=()):
        self._numbers, self._answers = itertools.count(), {}
        self._lock, self._ended = threading.Lock(), False
        self._control, server_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with server_end:
            self._process = _start("start_server", level, stdin=server_end, environment=_environment())
        # The server runs in another folder, so it needs whole paths.
        config = {"preload": list(preload), "secrets": [str(Path(path).resolve()) for path in secrets]}
        try:
            self._control.sendall(json.dumps(config).encode())
            self._control.settimeout(START_SECONDS)
            answer = json.loads(self._control.recv(PIECE) or b'{"failed": "it ended while it was starting"}')
        except ConnectionError:
            answer = {"failed": "it ended while it was starting"}
        except (OSError, ValueError) as problem:
            answer = {"failed": str(problem)}
        if "ready" not in answer:
            self.close()
            raise ServerGone(f"the process that starts submissions could not start: {answer['failed']}")
        self._control.settimeout(None)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def prepare(self, key, content, arrays):
        """Hand over an assignment. Raises RuntimeError if the cells that the course provides do not run."""
        message = wire.encode(content, arrays)
        with tempfile.TemporaryFile() as file:
            file.write(message)
            file.seek(0)
            order = {"do": "prepare", "key": key, "bytes": len(message)}
            answers = self._order(order, ("prepared", key), file.fileno())
            problem = _answer(answers)["problem"]
        if problem:
            raise RuntimeError(problem)

    def launch(self, key, job, memory_mb, seconds):
        """Start one submission and return its `Child`."""
        limits = {"memory_mb": memory_mb, "seconds": seconds}
        message = wire.encode({**job, **limits})
        judge_end, child_end = socket.socketpair()
        number = next(self._numbers)
        order = {"do": "run", "id": number, "key": key, "bytes": len(message), **limits}
        with child_end:
            try:
                answers = self._order(order, ("ended", number), child_end.fileno())
            except ServerGone:
                judge_end.close()
                raise

        def end():
            with contextlib.suppress(OSError):
                self._order({"do": "kill", "id": number})
            return _answer(answers)["status"]

        return Child(judge_end, message, end)

    def close(self):
        """End the server and everything that it started."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            end_group(self._process)
        if hasattr(self, "_listener"):
            self._listener.join()
        self._control.close()

    def _order(self, order, event=None, *descriptors):
        """Send an order, and return the queue in which the answer, named by `event`, will arrive."""
        answers = queue.SimpleQueue()
        with self._lock:
            if self._ended:
                raise ServerGone("the fork server ended")
            if event is not None:
                self._answers[event] = answers
            try:
                socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)
            except OSError as problem:
                raise ServerGone(f"the fork server ended ({problem})") from None
        return answers

    def _listen(self):
        while True:
            try:
                answer = json.loads(self._control.recv(PIECE) or "{}")
            except OSError:
                answer = {}
            event = next(((kind, answer[kind]) for kind in ("prepared", "ended") if kind in answer), None)
            if event is None:  # the server has ended, or announces that it will
                break
            self._answers.pop(event).put(answer)
        with self._lock:
            self._ended = True
        for answers in self._answers.values():
            answers.put(None)


def _answer(answers):
    answer = answers.get()
    if answer is None:
        raise ServerGone("the fork server ended")
    return answer


class FreshProcesses:
    """A new process for each submission. Works wherever Python does, but loads nothing in advance and hides nothing."""

    def __init__(self):
        self._assignments = {}

    def prepare(self, key, content, arrays):
        self._assignments[key] = wire.encode(content, arrays)

    def launch(self, key, job, memory_mb, seconds):
        message = self._assignments[key] + wire.encode({**job, "memory_mb": memory_mb, "seconds": seconds})
        folder = tempfile.TemporaryDirectory(prefix="lstm-course-", ignore_cleanup_errors=True)
        homes = ("HOME", "USERPROFILE", "TMPDIR", "IPYTHONDIR")  # the second is Windows's name for the first
        environment = _environment() | dict.fromkeys(homes, folder.name)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = _start("fresh", folder=folder.name, environment=environment, **pipes)
        return PipedChild(process, message, folder, memory_mb)

    def close(self):
        self._assignments.clear()


def _start(module, *arguments, folder=None, environment=None, **streams):
    return subprocess.Popen(
        [sys.executable, "-P", "-m", f"lstm_course.isolation.{module}", *arguments],
        cwd=folder or Path(sys.executable).anchor,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **{"stdout": subprocess.DEVNULL, **streams},
    )


def _environment():
    """Only those of the judge's variables that Python needs to start, and one thread for every library."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "MPLBACKEND": "Agg", "KERAS_BACKEND": "torch"}

"""Starting the processes that run learners' cells, and ending them: a fork server, or a fresh process for each."""

import contextlib
import itertools
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from . import wire

START_SECONDS = 120  # for the libraries to be loaded, on a slow disk
PIECE = 1 << 18


class ServerGone(OSError):
    """The fork server ended, or could not start; the message says why, as far as it is known."""


class ForkServer:
    """The other side of `lstm_course.isolation.fork_server`. May be used by several threads at once.

    Parameters
    ----------
    level : {"full", "process"}
    preload : iterable of str
        Modules that are loaded before anybody's cells run.
    secrets : iterable of path
        Files and folders that no submission may read.

    Raises
    ------
    ServerGone
        If it does not start.
    """

    def __init__(self, level, preload=(), secrets=()):
        self._numbers, self._waiting, self._lock = itertools.count(), {}, threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = _start("start_server", level, stdin=theirs, environment=_environment())
        config = {"preload": list(preload), "secrets": [str(path) for path in secrets]}
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
        """Hand over an assignment; raises RuntimeError if the course's own cells do not run."""
        message = wire.encode(content, arrays)
        with tempfile.TemporaryFile() as file:
            file.write(message)
            file.seek(0)
            answer = self._expect(("prepared", key))
            self._order({"do": "prepare", "key": key, "bytes": len(message)}, file.fileno())
            problem = self._answer(answer)["problem"]
        if problem:
            raise RuntimeError(problem)

    def launch(self, key, job, memory_mb, seconds):
        """Start one submission; a `Child`."""
        message = wire.encode({**job, "memory_mb": memory_mb, "seconds": seconds})
        ours, theirs = socket.socketpair()
        with theirs:
            number = next(self._numbers)
            ended = self._expect(("ended", number))
            order = {"do": "run", "id": number, "key": key, "bytes": len(message)}
            try:
                self._order({**order, "memory_mb": memory_mb, "seconds": seconds}, theirs.fileno())
            except ServerGone:
                ours.close()
                raise

        def end():
            with contextlib.suppress(OSError):
                self._order({"do": "kill", "id": number})
            return self._answer(ended)["status"]

        return Child(ours, message, end)

    def close(self):
        """End the server and all that it started."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            end_group(self._process)
        if hasattr(self, "_listener"):
            self._listener.join()
        self._control.close()

    def _order(self, order, *descriptors):
        text = json.dumps(order).encode()
        try:
            with self._lock:
                socket.send_fds(self._control, [text], descriptors)
        except OSError as problem:
            raise ServerGone(f"the fork server ended ({problem})") from None

    def _expect(self, event):
        box = self._waiting[event] = queue.SimpleQueue()
        return box

    def _answer(self, box):
        answer = box.get()
        if answer is None:
            raise ServerGone("the fork server ended")
        return answer

    def _listen(self):
        while True:
            try:
                text = self._control.recv(PIECE)
            except OSError:
                text = b""
            answer = json.loads(text or "{}")
            kind = next((kind for kind in ("prepared", "ended") if kind in answer), None)
            if kind is None:  # it has gone, or says why it goes
                break
            self._waiting.pop((kind, answer[kind])).put(answer)
        self._waiting, waiting = _AlwaysGone(), self._waiting
        for box in list(waiting.values()):
            box.put(None)


class _AlwaysGone(dict):
    """Whoever waits for a server that has ended is told so."""

    def __setitem__(self, event, box):
        box.put(None)


class FreshProcesses:
    """One new process for each submission; works wherever Python does.

    Nothing is loaded beforehand, and nothing is hidden.
    """

    def __init__(self):
        self._assignments = {}

    def prepare(self, key, content, arrays):
        self._assignments[key] = wire.encode(content, arrays)

    def launch(self, key, job, memory_mb, seconds):
        message = self._assignments[key] + wire.encode({**job, "memory_mb": memory_mb, "seconds": seconds})
        folder = tempfile.TemporaryDirectory(prefix="lstm-course-", ignore_cleanup_errors=True)
        apart = dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR"), folder.name)
        process = _start(
            "fresh", stdin=subprocess.PIPE, stdout=subprocess.PIPE, folder=folder.name, environment=_environment(apart)
        )

        def end():
            end_group(process)
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()
            folder.cleanup()
            return process.returncode

        return PipedChild(process, message, end)

    def close(self):
        self._assignments.clear()


class Child:
    """A running submission, at the other end of a socket."""

    def __init__(self, link, message, end):
        self._link, self._end = link, end
        link.setblocking(False)
        self._unsent = memoryview(message)

    def read(self, seconds):
        """Bytes that came within `seconds`; b"" at the end, None when nothing came."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            if left <= 0:
                return None
            wanted = select.poll()  # not select.select, which ends at descriptor 1023
            wanted.register(self._link, select.POLLIN | (select.POLLOUT if self._unsent else 0))
            came = sum(event for _, event in wanted.poll(1000 * left))
            try:
                if came & select.POLLOUT:
                    self._unsent = self._unsent[self._link.send(self._unsent) :]
                if came & ~select.POLLOUT:
                    return self._link.recv(PIECE)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError:
                return b""

    def end(self):
        """End it, if it has not ended; its exit status, a signal's number as a negative."""
        with self._link:
            return self._end()


class PipedChild:
    """A running submission, at the other end of two pipes; threads read and write, as Windows cannot wait for pipes."""

    def __init__(self, process, message, end):
        self._process, self._end, self._pieces = process, end, queue.Queue(maxsize=64)
        self._stopped = False
        for work in (lambda: self._write(message), self._read):
            threading.Thread(target=work, daemon=True).start()

    def _write(self, message):
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(message)
            self._process.stdin.close()

    def _read(self):
        piece = b"?"
        while piece and not self._stopped:
            try:
                piece = os.read(self._process.stdout.fileno(), PIECE)
            except (OSError, ValueError):
                piece = b""
            while not self._stopped:
                with contextlib.suppress(queue.Full):
                    self._pieces.put(piece, timeout=0.2)
                    break

    def read(self, seconds):
        """As `Child.read`."""
        try:
            return self._pieces.get(timeout=max(seconds, 0))
        except queue.Empty:
            return None

    def end(self):
        """As `Child.end`."""
        self._stopped = True
        return self._end()


def end_group(process):
    """End a process and what it started in its own session, and nothing else."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _start(module, *arguments, folder=None, environment=None, **streams):
    return subprocess.Popen(
        [sys.executable, "-P", "-m", f"lstm_course.isolation.{module}", *arguments],
        cwd=folder or Path(sys.executable).anchor,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **{"stdout": subprocess.DEVNULL, **streams},
    )


def _environment(more=None):
    """Nothing of the judge's own but what Python needs to start; one thread for every library."""
    keep = (
        "PATH",
        "PYTHONPATH",
        "SYSTEMROOT",
        "LANG",
        "LC_ALL",
        "VIRTUAL_ENV",
        "HOME",
        "TMPDIR",
        "MPLCONFIGDIR",
        "LD_LIBRARY_PATH",
    )
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "MPLBACKEND": "Agg", "KERAS_BACKEND": "torch", **(more or {})}

"""The judge's end of the connection to a running submission: a socket, or two pipes on systems without such sockets."""

import contextlib
import os
import queue
import select
import signal
import threading
import time

import psutil

PIECE = 1 << 18  # bytes to read at once
LOOK_SECONDS = 0.05  # between one look at a process's memory and the next


class TooLarge(Exception):
    """A process takes more memory than it may."""


class Child:
    """A running submission at the other end of a socket."""

    def __init__(self, link, message, end):
        self._link, self._end = link, end
        link.setblocking(False)
        self._unsent = memoryview(message)

    def read(self, seconds):
        """Wait at most `seconds` for data. Returns b"" when the process has ended, None when nothing arrived."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            poller = select.poll()  # not select.select, which cannot handle descriptors above 1023
            poller.register(self._link, select.POLLIN | (select.POLLOUT if self._unsent else 0))
            events = sum(event for _, event in poller.poll(1000 * left))
            try:
                if events & select.POLLOUT:
                    self._unsent = self._unsent[self._link.send(self._unsent) :]
                if events & ~select.POLLOUT:
                    return self._link.recv(PIECE)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError:
                return b""

    def end(self):
        """Kill the process if it still runs. Returns its exit status, or the negative number of the signal."""
        with self._link:
            return self._end()


class PipedChild:
    """A running submission at the other end of two pipes, each with a thread, as Windows cannot wait for pipes.

    Neither macOS nor Windows limits the memory of a process, so the judge looks at it now and then.
    """

    def __init__(self, process, message, folder, memory_mb):
        self._process, self._folder = process, folder
        self._memory_mb, self._most = memory_mb, None  # the latter in bytes, once the first cell begins
        self._pieces, self._stopped = queue.Queue(maxsize=64), threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=(message,), daemon=True),
            threading.Thread(target=self._receive, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _send(self, message):
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            pipe.write(message)
            pipe.flush()
            self._stopped.wait()  # the process ends itself when this pipe is closed, as it is when the judge is killed

    def _receive(self):
        with self._process.stdout as pipe:
            while not self._stopped.is_set():
                piece = pipe.read1(PIECE)
                while not self._stopped.is_set():
                    with contextlib.suppress(queue.Full):
                        self._pieces.put(piece, timeout=0.2)
                        break
                if not piece:
                    break

    def read(self, seconds):
        """As `Child.read`. Raises `TooLarge` when the process takes more memory than it may."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            piece = None
            with contextlib.suppress(queue.Empty):
                piece = self._pieces.get(timeout=min(max(left, 0), LOOK_SECONDS))
            self._check_memory(begun=piece is not None)
            if piece is not None or left <= 0:
                return piece

    def _check_memory(self, begun):
        try:
            size = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:  # it has ended
            return
        if self._most is None and begun:
            self._most = size + (self._memory_mb << 20)
        if self._most is not None and size > self._most:
            raise TooLarge

    def end(self):
        """As `Child.end`."""
        end_group(self._process)
        self._stopped.set()
        for thread in self._threads:
            thread.join(5)  # longer only if a process that escaped from the group still holds the pipe
        self._folder.cleanup()
        return self._process.returncode


def end_group(process):
    """Kill a process and the others in its process group; on Windows, which has no such groups, what it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        started = []
        with contextlib.suppress(psutil.Error):
            started = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for each in started:
            with contextlib.suppress(psutil.Error):
                each.kill()
    process.wait()

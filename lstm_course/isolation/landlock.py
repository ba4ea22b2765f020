"""Linux's Landlock, by which a process restricts, irrevocably, the files that it can reach."""

import ctypes
import os
import stat

from . import kernel

CREATE, ADD, RESTRICT = 444, 445, 446  # numbers of the system calls, the same on every processor
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, DEVICES = 1 << 13, 1 << 14, 1 << 15
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICES
READ = READ_FILE | READ_DIR


class _Rules(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version():
    """The version of Landlock that the kernel supports, from 1; raises OSError if it supports none."""
    return kernel.system_call(CREATE, None, 0, 1)


def everything():
    """All file rights that this kernel can take away."""
    rights = (1 << 13) - 1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, DEVICES)):
        if version() >= since:
            rights |= right
    return rights


def opened(paths):
    """File descriptors, for `restrict`, of those `paths` that exist."""
    descriptors = []
    for path in paths:
        try:
            descriptors.append(os.open(path, os.O_PATH | os.O_CLOEXEC))
        except OSError:
            continue
    return descriptors


def restrict(readable, writable, devices):
    """Deny this process all other files, and, as far as the kernel can, TCP, and signals and sockets to processes that
    are not under the same restriction.

    Parameters
    ----------
    readable, writable, devices : list of int
        File descriptors of files and folders to read, of folders to read, write and create files in, and of devices to
        read and write.
    """
    since = version()
    rules = _Rules(everything(), 3 if since >= 4 else 0, 3 if since >= 6 else 0)
    size = 24 if since >= 6 else 16 if since >= 4 else 8
    ruleset = kernel.system_call(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    try:
        for descriptors, rights in ((readable, READ), (writable, rules.files & ~EXECUTE), (devices, READ | WRITE_FILE)):
            for descriptor in descriptors:
                is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
                beneath = _Beneath(rights if is_folder else rights & FILE_RIGHTS, descriptor)
                kernel.system_call(ADD, ruleset, PATH_BENEATH, ctypes.byref(beneath), 0)
        kernel.system_call(RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)

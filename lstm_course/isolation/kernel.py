"""Linux system calls for which Python has no function. Each raises OSError when the kernel refuses."""

import ctypes
import os
import signal

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """Call a function of the C library by its name, with text encoded, and return its result if it is not negative."""
    arguments = [argument.encode() if isinstance(argument, str) else argument for argument in arguments]
    result = getattr(_libc, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def system_call(number, *arguments):
    """Make a system call for which the C library has no function."""
    return call("syscall", ctypes.c_long(number), *arguments)


def unshare(flags):
    call("unshare", flags)


def mount_memory(folder, options):
    """Mount an empty file system in memory at `folder`, which no other process sees."""
    call("mount", "tmpfs", str(folder), "tmpfs", ctypes.c_ulong(MS_NOSUID | MS_NODEV), options)


def unmount(folder):
    call("umount2", str(folder), 0)


def make_mounts_private():
    call("mount", "none", "/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)


def prctl(option, argument, more=0):
    call("prctl", option, ctypes.c_ulong(argument), more, 0, 0)


def die_with_parent(parent):
    """Have the kernel kill this process when its parent dies; exit if that has happened already.

    Parameters
    ----------
    parent : int
        What `os.getppid` returns while the parent lives: 0 for a parent outside this process namespace.
    """
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def drop_capabilities():
    """Give up all privileges of root."""

    class Header(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]

    call("capset", ctypes.byref(Header(CAPABILITY_VERSION_3, 0)), ctypes.byref((ctypes.c_uint32 * 6)()))


def filter_system_calls(program):
    """Refuse, from now on, every system call that the BPF `program` (bytes) does not allow."""

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    text = ctypes.create_string_buffer(program, len(program))
    filter_ = Filter(len(program) // 8, ctypes.addressof(text))
    call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.c_ulong(ctypes.addressof(filter_)), 0, 0)

"""Which system calls a process that runs a learner's cells may make: a list of those that computing needs.

Everything else is refused with an error that Python turns into an exception: starting programs or processes,
sockets, signals to others, changing permissions, mounting, tracing, and whatever a later kernel invents.
"""

import errno
import tempfile

ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek _llseek sendfile copy_file_range
open openat creat close close_range dup dup2 dup3 flock fsync fdatasync fadvise64 readahead
stat fstat lstat newfstatat fstatat64 statx statfs fstatfs access faccessat faccessat2 readlink readlinkat
getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
link linkat symlink symlinkat truncate ftruncate fallocate umask
mmap mmap2 munmap mprotect mremap madvise brk msync mincore membarrier mlock munlock
futex futex_waitv set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity sched_getparam
sched_getscheduler sched_get_priority_max sched_get_priority_min getpriority arch_prctl
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack sigreturn pause
exit exit_group wait4 waitid restart_syscall
getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getpgid getpgrp getsid
uname sysinfo getrusage getrlimit times getrandom getcpu
time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm setitimer getitimer
timer_create timer_settime timer_gettime timer_delete timerfd_create timerfd_settime timerfd_gettime
select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait pipe pipe2 eventfd2 socketpair
sendto recvfrom shutdown getsockopt getsockname
""".split()
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Copies, flags, locks and the size of a pipe; not F_SETOWN, by which the kernel sends signals to other processes.
DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)
PRCTL_NAMES = (15, 16, 0x53564D41)  # naming threads and memory
CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM = 1, 1


def program():
    """The filter as BPF, to be handed to `kernel.filter_system_calls`.

    Raises
    ------
    ImportError, RuntimeError, OSError
        Where pyseccomp, or the system's libseccomp, is missing or too old.
    """
    import pyseccomp
    from pyseccomp import EQ, MASKED_EQ, Arg

    refuse = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        if name != "socketpair":
            _rule(refuse, pyseccomp.ALLOW, name)
    for question in TERMINAL_QUESTIONS:
        _rule(refuse, pyseccomp.ALLOW, "ioctl", Arg(1, EQ, question))
    for command in DESCRIPTOR_COMMANDS:
        for name in ("fcntl", "fcntl64"):
            _rule(refuse, pyseccomp.ALLOW, name, Arg(1, EQ, command))
    for option in PRCTL_NAMES:
        _rule(refuse, pyseccomp.ALLOW, "prctl", Arg(0, EQ, option))
    # A pair to talk to oneself, as asyncio does. One of datagrams could also speak to others of its kind.
    _rule(refuse, pyseccomp.ALLOW, "socketpair", Arg(0, EQ, AF_UNIX), Arg(1, MASKED_EQ, 0xF, SOCK_STREAM))
    _rule(refuse, pyseccomp.ALLOW, "prlimit64", Arg(2, EQ, 0))  # asking, not setting
    _rule(refuse, pyseccomp.ALLOW, "clone", Arg(0, MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    # The C library then falls back to clone, whose flags a filter can see.
    _rule(refuse, pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        refuse.export_bpf(file)
        file.seek(0)
        return file.read()


def _rule(refuse, action, name, *conditions):
    try:
        refuse.add_rule(action, name, *conditions)
    except OSError:  # this processor has no call of that name
        pass

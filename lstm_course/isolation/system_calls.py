"""The system calls that a process running a learner's cells may make: those that computing needs.

Everything else fails with an error that Python turns into an exception: starting programs or processes, sockets,
signals, changing permissions, mounting, tracing, and any call that a later kernel adds.
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
IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Duplication, flags, locks and pipe sizes, but not F_SETOWN, which makes the kernel send signals to other processes.
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)
PRCTL_OPTIONS = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA: names of threads and memory areas
CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM = 1, 1


def program():
    """The filter as BPF, for `kernel.filter_system_calls`.

    Raises
    ------
    ImportError, RuntimeError, OSError
        If pyseccomp or the system's libseccomp is missing or too old.
    """
    import pyseccomp
    from pyseccomp import EQ, MASKED_EQ, Arg

    filter_ = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        if name != "socketpair":
            _rule(filter_, pyseccomp.ALLOW, name)
    for request in IOCTL_REQUESTS:
        _rule(filter_, pyseccomp.ALLOW, "ioctl", Arg(1, EQ, request))
    for command in FCNTL_COMMANDS:
        for name in ("fcntl", "fcntl64"):
            _rule(filter_, pyseccomp.ALLOW, name, Arg(1, EQ, command))
    for option in PRCTL_OPTIONS:
        _rule(filter_, pyseccomp.ALLOW, "prctl", Arg(0, EQ, option))
    # asyncio needs a pair of stream sockets. A datagram socket could also send to other processes.
    _rule(filter_, pyseccomp.ALLOW, "socketpair", Arg(0, EQ, AF_UNIX), Arg(1, MASKED_EQ, 0xF, SOCK_STREAM))
    _rule(filter_, pyseccomp.ALLOW, "prlimit64", Arg(2, EQ, 0))  # reading limits, not setting them
    _rule(filter_, pyseccomp.ALLOW, "clone", Arg(0, MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    # The C library then falls back to clone, whose flags a filter can inspect.
    _rule(filter_, pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        filter_.export_bpf(file)
        file.seek(0)
        return file.read()


def _rule(filter_, action, name, *conditions):
    try:
        filter_.add_rule(action, name, *conditions)
    except OSError:  # this processor does not have the call
        pass

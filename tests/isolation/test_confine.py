"""What a confined process can and cannot do, seen from within."""

import json
import os
import platform
import shutil
import subprocess
import sys
import uuid
from types import SimpleNamespace

import pytest

from lstm_course import lessons
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import Cell, Failure, Sandbox
from lstm_course.probes import Probe

KEY, NAME = "99", "99-answer"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux" or bool(support.missing()), reason="needs all parts of the isolation"),
]
# Numbers on x86-64 by name. Arguments of -1 are harmless to all of them.
CALLS = {
    "socket": 41,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "chmod": 90,
    "ptrace": 101,
    "setuid": 105,
    "personality": 135,
    "setpriority": 141,
    "pivot_root": 155,
    "setrlimit": 160,
    "chroot": 161,
    "mount": 165,
    "umount2": 166,
    "reboot": 169,
    "init_module": 175,
    "tkill": 200,
    "sched_setaffinity": 203,
    "tgkill": 234,
    "kexec_load": 246,
    "add_key": 248,
    "keyctl": 250,
    "unshare": 272,
    "perf_event_open": 298,
    "open_by_handle_at": 304,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "memfd_create": 319,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "landlock_create_ruleset": 444,
    "a call of a later kernel": 600,
}


@pytest.fixture(scope="module", params=["full", "process"])
def inside(request, tmp_path_factory):
    """A function that runs a cell and returns what the cell leaves in `report`."""
    secret = tmp_path_factory.mktemp("class")
    (secret / "secret.txt").write_text("secret", encoding="utf-8")
    asked = [SimpleNamespace(id=NAME, probe=Probe("answer"))]
    with Sandbox(request.param, preload=["numpy"], secrets=[secret]) as sandbox:
        sandbox.prepare(KEY, {}, asked, {NAME: [{}]})

        def run(source, **limits):
            cells = [Cell(0, source), Cell(1, "import json\nanswer = json.dumps(report)")]
            ran = sandbox.run(KEY, cells, **limits)
            (outcome,) = ran.at_end[NAME]
            assert not isinstance(outcome, Failure), (outcome, ran.problems)
            return json.loads(outcome.values["answer"])

        yield SimpleNamespace(run=run, level=request.param, secret=secret, sandbox=sandbox)


TRY = """
import errno, os
def attempt(call, *arguments):
    try:
        return str(call(*arguments))
    except OSError as problem:
        return errno.errorcode[problem.errno]
"""


def test_files_that_are_not_needed_cannot_be_read(inside):
    root = lessons.course_root()
    hidden = [
        "/etc/passwd",
        "/etc/hostname",
        "/etc",
        "/",
        "/home",
        "/root",
        "/tmp",
        "/var",
        "/proc",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/1/cmdline",
        "/dev/shm",
        "/dev/tty",
        os.path.expanduser("~"),
        inside.secret,
        inside.secret / "secret.txt",
        root,
        root / "solutions",
        root / "solutions" / "04_gates.ipynb",
        root / "exercises" / "04_gates.ipynb",
        root / "tests",
        root / "tests" / "questions" / "answers" / "gates.py",
        root / ".git",
        root / "lstm_course" / "questions" / "gates" / "choices.md",
        root / "lstm_course" / "questions" / "gates" / "cell_state.py",
        root / "lstm_course" / "questions" / "__pycache__",
        root / "lstm_course" / "grading",
        root / "lstm_course" / "classroom" / "grade.py",
        root / "lstm_course" / "isolation" / "confine.py",
    ]
    source = f"""
def look(path):
    if os.path.isdir(path):
        return os.listdir(path)
    return open(path, 'rb').read(1)
report = {{path: attempt(look, path) for path in {list(map(str, hidden))!r}}}
"""
    report = inside.run(TRY + source)
    assert {path: error for path, error in report.items() if error not in ("EACCES", "ENOENT", "ENXIO")} == {}
    # These exist, so it was the access that failed.
    assert report[str(root / "solutions" / "04_gates.ipynb")] == report[str(inside.secret / "secret.txt")] == "EACCES"


@pytest.mark.parametrize("level", ["full", "process", "limits"])
def test_a_new_part_of_the_package_cannot_be_reached(level, tmp_path):
    """A copy of the package contains a file that no list names."""
    copy = tmp_path / "lstm_course"
    shutil.copytree(lessons.course_root() / "lstm_course", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "new_answers.py").write_text("right = 'b'\n", encoding="utf-8")
    source = f"""
answer = ""
try:
    import lstm_course.new_answers
    answer += "imported "
except ImportError:
    pass
try:
    open({str(copy / "new_answers.py")!r}).read()
    answer += "read"
except OSError:
    pass
from lstm_course import diagrams, forecasting, nets, plots, results, scratch, tasks
from lstm_course.explore import LiveCell
answer += "."
"""
    program = f"""
from pathlib import Path
from types import SimpleNamespace
from lstm_course.isolation.sandbox import Cell, Sandbox
from lstm_course.probes import Probe
with Sandbox({level!r}, preload=["numpy"]) as sandbox:
    sandbox.prepare("99", {{}}, [SimpleNamespace(id="99-answer", probe=Probe("answer"))], {{"99-answer": [{{}}]}})
    Path({str(copy / "later.txt")!r}).touch()  # makes what Python has cached about the folder out of date
    ran = sandbox.run("99", [Cell(0, {source!r})], timeout=600)
print(ran.at_end["99-answer"], ran.problems)
"""
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    # With limits alone the file can still be read, but not imported.
    wanted = "read." if level == "limits" else "."
    assert f"values={{'answer': {wanted!r}}}" in done.stdout and done.stdout.endswith("{}\n"), done.stdout


def test_nothing_can_be_written_outside_its_own_folder(inside):
    root, name = lessons.course_root(), f"hostile-{uuid.uuid4()}"  # the folders are shared with whatever else runs
    places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/usr/lib", "/etc", os.path.expanduser("~"), inside.secret]
    places += [root, root / "lstm_course", root / "lstm_course" / "scratch", sys.prefix, os.path.dirname(os.__file__)]
    source = f"""
report = {{}}
for place in {list(map(str, places))!r}:
    report[place] = [
        attempt(open, place + '/{name}', 'w'), attempt(os.mkdir, place + '/{name}'), attempt(os.rmdir, place),
        attempt(os.symlink, 'x', place + '/{name}'), attempt(os.rename, place, place + '.{name}'),
        attempt(os.chmod, place, 0),
    ]
"""
    for place, errors in inside.run(TRY + source).items():
        assert all(error.startswith("E") for error in errors), (place, errors)
        assert not os.path.lexists(f"{place}/{name}") and not os.path.lexists(f"{place}.{name}")
    report = inside.run(TRY + f"report = attempt(open, {str(inside.secret / 'secret.txt')!r}, 'a')")
    assert report == "EACCES" and (inside.secret / "secret.txt").read_text(encoding="utf-8") == "secret"


def test_its_own_folder_is_empty_at_first_and_deleted_afterwards(inside):
    source = TRY + (
        "import tempfile\nreport = [os.getcwd(), os.environ['HOME'], tempfile.gettempdir(), os.listdir('.')]\n"
        "open('mine.txt', 'w').write('mine')\nos.mkdir('folder')\nos.rename('mine.txt', 'folder/mine.txt')\n"
        "report.append(open('folder/mine.txt').read())\n"
        "report.append(open(tempfile.mkstemp()[1], 'w').write('mine'))"
    )
    first, second = inside.run(source), inside.run(source)
    for folder, home, temporary, names, text, count in (first, second):
        assert folder == home == temporary and names == [] and (text, count) == ("mine", 4)
        assert not os.path.exists(folder)
    assert first[0] != second[0]


def test_the_amount_that_it_can_write_is_bounded(inside):
    source = """
count = 0
try:
    for k in range(200):
        with open(f'file{k}', 'wb') as file:
            count += file.write(bytes(1 << 20))
except OSError:
    pass
report = count >> 20
"""
    if inside.level == "full":
        assert 32 <= inside.run(TRY + source) <= 64
    large = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nfile = open('large', 'wb')\n"
    assert inside.run(TRY + large + "report = [attempt(file.truncate, (32 << 20) + n) for n in (0, 1)]")[1] == "EFBIG"


def test_it_has_no_network(inside):
    source = """
import socket
report = [attempt(socket.socket), attempt(socket.socket, socket.AF_UNIX), attempt(socket.socket, socket.AF_NETLINK)]
"""
    assert inside.run(TRY + source) == ["EPERM"] * 3


def test_it_sees_no_other_process(inside):
    first, parent, listed = inside.run(TRY + "report = [os.getpid(), os.getppid(), attempt(os.listdir, '/proc')]")
    assert listed == "EACCES"
    if inside.level == "full":
        assert (first, parent) == (1, 0)


def test_it_cannot_send_signals(inside):
    source = """
import fcntl, signal, threading
numbers = [os.getppid(), os.getpid(), 0, -1, 1, 2]
report = [attempt(os.kill, number, signal.SIGCONT) for number in numbers] + [attempt(os.killpg, 0, signal.SIGCONT)]
report += [attempt(signal.pthread_kill, threading.get_ident(), signal.SIGCONT)]
report += [attempt(fcntl.fcntl, 1, fcntl.F_SETOWN, os.getpid())]
report += [attempt(fcntl.fcntl, 1, fcntl.F_SETSIG, signal.SIGCONT)]
"""
    assert set(inside.run(TRY + source)) == {"EPERM"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_calls_that_computing_does_not_need_are_refused(inside):
    # With arguments of -1 a call that is let through fails with another error and does nothing.
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
report = {{}}
for name, number in {CALLS!r}.items():
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
    report[name] = errno.errorcode.get(ctypes.get_errno(), result)
"""
    assert inside.run(TRY + source) == dict.fromkeys(CALLS, "EPERM")


def test_processes_cannot_be_started_and_threads_can(inside):
    source = """
import subprocess, threading
had = []
thread = threading.Thread(target=had.append, args=(1,))
thread.start()
thread.join()
report = [attempt(os.fork), attempt(subprocess.run, ['true']), attempt(os.posix_spawn, '/bin/true', ['true'], {})]
report += [os.system('true') != 0, *had]
"""
    assert inside.run(TRY + source) == ["EPERM", "EPERM", "EPERM", True, 1]


def test_limits_cannot_be_raised_and_no_privilege_is_left(inside):
    source = """
import ctypes, resource
names = ["RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"]
limits = {name: resource.getrlimit(getattr(resource, name)) for name in names}
def raised(name):
    soft, hard = limits[name]
    try:
        resource.setrlimit(getattr(resource, name), (hard + 1, hard + 1))
    except (OSError, ValueError):
        return "refused"
report = [limits, [raised(name) for name in names]]
report += [attempt(os.setuid, 0), attempt(os.setgroups, []), attempt(os.chroot, ".")]
"""
    limits, raised, *others = inside.run(TRY + source, timeout=30, memory_mb=300)
    assert raised == ["refused"] * 5 and others == ["EPERM"] * 3
    assert limits["RLIMIT_CPU"][0] <= 32
    assert limits["RLIMIT_FSIZE"] == [32 << 20] * 2 and limits["RLIMIT_CORE"] == [0, 0]
    assert limits["RLIMIT_NOFILE"] == [256, 256] and (300 << 20) < limits["RLIMIT_AS"][0] < (4 << 30)


def test_it_has_nothing_open_but_the_socket_for_its_results(inside):
    source = """
import asyncio
loop = asyncio.get_running_loop()  # runs the cells, and what it has open leads nowhere else
report, its_own = [], [loop._selector.fileno(), loop._ssock.fileno(), loop._csock.fileno()]
for number in range(300):
    try:
        os.fstat(number)
        report += [number] if number not in its_own else []
    except OSError:
        pass
"""
    assert inside.run(TRY + source) == [0, 1, 2, 3]


def test_the_environment_is_clean(inside, monkeypatch):
    allowed = "PATH PYTHONPATH LANG LC_ALL VIRTUAL_ENV HOME TMPDIR MPLCONFIGDIR IPYTHONDIR LD_LIBRARY_PATH MPLBACKEND"
    allowed += " KERAS_BACKEND OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS LC_CTYPE"
    assert set(inside.run(TRY + "report = list(os.environ)")) <= set(allowed.split())


def test_every_standard_module_can_be_imported_that_can_be_imported_outside(inside):
    # Modules that open a window or a browser when they are imported are left out.
    source = """
import importlib, sys
report = {}
for name in sorted(sys.stdlib_module_names - {"antigravity", "this", "idlelib", "turtledemo"}):
    try:
        importlib.import_module(name)
    except BaseException as problem:
        report[name] = f"{type(problem).__name__}: {problem}"
"""
    program = source + "import json\nprint(json.dumps(report))"
    outside = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    assert set(inside.run(source)) <= set(json.loads(outside.stdout.splitlines()[-1]))


def test_everything_that_a_learner_computes_with_works(inside):
    source = """
import numpy as np, time, zoneinfo, secrets
report = [float(np.linalg.norm(np.random.default_rng(0).normal(size=(50, 50)) @ np.ones(50))) > 0]
report += [str(zoneinfo.ZoneInfo("UTC")), time.localtime().tm_year > 2000, os.cpu_count() >= 1]
report += [len(os.urandom(4)), len(secrets.token_bytes(4)), open(os.devnull, "w").write("x")]
"""
    assert inside.run(TRY + source) == [True, "UTC", True, True, 4, 4, 1]

"""Code that means harm: each act ends in one clear error, or in correct arrays, and nothing else happens."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from compare.checking.sandbox import (
    Foreign,
    Limits,
    Session,
    StrangerError,
    TooLarge,
    bubblewrap,
    child,
    nurseries,
    nursery,
    start,
)
from compare.checking.sandbox.nurseries import _kept
from compare.checking.source import Unit

LINUX = sys.platform.startswith("linux")
LIMITS = Limits(call_seconds=3, output_bytes=1 << 16)

ACTS = """
    import atexit, os, signal, sys, threading, time
    import numpy as np

    def add(x): return x + 1
    def forever():
        while True: pass
    def sleep():
        try:
            time.sleep(60)
        except BaseException:
            time.sleep(60)
    def forever_in_c(): return sum(x for x in iter(int, 1))
    def bomb():
        kept = []
        while True: kept.append(np.zeros(25_000_000))
    def great(): return np.ones(10**10)
    def forks(call):
        made = []
        for _ in range(50):
            try:
                pid = call()
            except (OSError, PermissionError) as error:
                made.append(str(error))
            else:
                if pid == 0: os._exit(0)
                made.append(pid)
        return len(made), sorted({*made}, key=str)[0] if {*made} else None, len({*made})
    def fork(): return forks(os.fork)
    def quiet_forks():
        import ctypes
        return forks(ctypes.CDLL(None).fork)
    def spawn():
        import subprocess
        subprocess.run(["true"])
    def system(): os.system("true")
    def execute(): os.execv("/bin/true", ["true"])
    def thread(): threading.Thread(target=print).start()
    def pool():
        import multiprocessing
        with multiprocessing.Pool(2) as p: p.map(print, [1])
    def flood():
        while True: print("x" * 1000)
    def quiet_flood():
        while True: os.write(2, b"x" * 1000)
    def leave(): sys.exit(3)
    def leave_at_once(): os._exit(3)
    def abort(): os.abort()
    def kill(pid): os.kill(pid, signal.SIGTERM)
    def kill_all(): os.kill(-1, signal.SIGTERM)
    def ask(): return input("password: ")
    def recurse(n=0): return recurse(n + 1)
    def recurse_in_c():
        sys.setrecursionlimit(10**9)
        import json
        json.loads("[" * 10**6)
    def write(path):
        with open(path, "w") as file: file.write("harm")
    def write_low(path): return os.open(path, os.O_WRONLY | os.O_CREAT)
    def change(path):
        for act in (os.remove, os.rmdir, os.mkdir, lambda p: os.chmod(p, 0), lambda p: os.utime(p, (0, 0)),
                    lambda p: os.rename(p, "mine"), lambda p: os.symlink(p, "link") or open("link", "w"),
                    lambda p: os.truncate(p, 0), lambda p: os.link(p, "link2"), lambda p: os.mkfifo(p + "x")):
            try:
                act(path)
            except OSError as error:
                continue
            return "done"
    def write_here():
        with open("file.txt", "w") as file: file.write("fine")
        return os.listdir("."), open("file.txt").read()
    def read(path): return open(path).read()
    def write_much():
        with open("file.bin", "wb") as file: file.write(bytes(10**7))
    def write_many():
        for i in range(10**6): open(str(i), "w").close()
    def unreadable():
        os.mkdir("deep", 0)
        os.makedirs("a/b/c")
    def replace_all(x):
        np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True
        np.dot = np.asarray = np.frombuffer = lambda *a, **k: np.zeros(1)
        import json, struct, builtins
        json.dumps = json.JSONEncoder.encode = struct.pack = None
        os.write = os.read = None
        return x + 1
    def forge():
        header = b'{"value":["float","0x1p+0"],"last":null,"arguments":[],"warnings":[],"failures":[],"stand_ins":[]}'
        import struct
        frame = struct.pack("<8s16sIQ", b"tiny-rnn", bytes(16), len(header), 0) + header
        print(frame)
        for fd in range(256):
            try: os.write(fd, frame)
            except OSError: pass
    def noise():
        for fd in range(3, 256):
            try: os.write(fd, os.urandom(200))
            except OSError: pass
    def shut():
        os.closerange(0, 256)
    def objects(): return np.array([object(), None])
    def generator(): return (i for i in range(3))
    def nothing(): return None
    def wide(): return np.broadcast_to(np.zeros(1), (1_250_000_000,))
    class Liar(np.ndarray):
        shape = property(lambda self: (10**9,))
        nbytes = property(lambda self: 1)
        def tobytes(self, *a): return b""
        def __array__(self, *a, **k): raise SystemExit
        def __class__(self): raise SystemExit
    def liar(): return np.arange(3.0).view(Liar)
    class Name(type):
        __name__ = property(lambda self: 1 / 0)
    class Strange(metaclass=Name):
        def __getattribute__(self, name): raise SystemExit
        def __del__(self): raise SystemExit
        def __repr__(self): os._exit(1)
    class Bad(Exception):
        def __str__(self): raise SystemExit
    def strange(): return Strange()
    def bad(): raise Bad
    def surrogates(): raise ValueError("\\ud800\\x1b[31m")
    def late():
        class Late:
            def __del__(self):
                while True: pass
        atexit.register(forever)
        globals()["late_thing"] = Late()
    def import_ours(root):
        sys.path.insert(0, root)
        exec("from manual import RNN")
    def load_ours(root):
        import importlib.util
        spec = importlib.util.spec_from_file_location("mine", root + "/manual/__init__.py")
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    def read_ours(root): exec(open(root + "/manual/../manual/rnn.py").read())
    def environment(): return sorted(os.environ), os.getcwd()
    def environment_of(pid): return open(f"/proc/{pid}/environ").read()
    def connect():
        import socket
        socket.create_connection(("127.0.0.1", 9), timeout=0.1)
    def socket_number(number):
        import ctypes
        return ctypes.CDLL(None).socket(2, 1, 0)
    def raise_limits():
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    def library():
        import ctypes
        return ctypes.string_at(1)
    def unhook(): sys.addaudithook(lambda *a: None); os.system("true")
    def stop_alarm():
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
        while True: pass
    def harness():
        frame = sys._getframe()
        while frame:
            if "self" in frame.f_locals: frame.f_locals["self"].__dict__.clear()
            frame = frame.f_back
    def crash():
        f = type(crash.__code__)
        exec(crash.__code__.replace(co_code=bytes([100, 255] * 20), co_consts=()))
"""


def session(limits: Limits = LIMITS) -> Session:
    return Session([Unit("acts.py", dedent(ACTS))], {}, limits)


@pytest.fixture(scope="module", params=["plain", "bubblewrap", "forked"])
def protection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With bubblewrap where it is, and without it, started or forked; the folders are where nobody else makes any."""
    if request.param == "bubblewrap" and not bubblewrap.works():
        pytest.skip("bubblewrap is not there, or does not work")
    if request.param == "forked" and not LINUX:
        pytest.skip("elsewhere a fork is not safe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("folders")))
        patch.setattr(_kept, "wanted", False)
        # of another's processes nothing is asked
        patch.setattr(sys.modules[__name__], "OTHERS", children(os.getpid()))
        patch.setattr(_kept, "nursery", None)
        if request.param != "bubblewrap":
            for module in (bubblewrap, start, child, nurseries):
                patch.setattr(module, "works", lambda: "")
        with nursery() if request.param == "forked" else nullcontext():
            yield request.param


@pytest.fixture(scope="module")
def acts(protection: str) -> Iterator[Session]:
    """A session of all acts, each in a process that an earlier act has left alive, or in a new one."""
    with session() as made:
        GOING_ON.append(made)
        yield made
        GOING_ON.remove(made)


GOING_ON: list[Session] = []
OTHERS: list[int] = []


@pytest.fixture(autouse=True)
def nothing_else_happens(protection: str) -> Iterator[None]:
    """We live, no process and no folder is left but those of the session that goes on."""
    yield
    running = {Path(s._child._exchange.process.folder) for s in GOING_ON if s._child}
    forked_of = _kept.nursery
    if forked_of:
        assert {*Path(tempfile.gettempdir()).iterdir()} == {Path(forked_of.folder)}
        assert {*Path(forked_of.folder).iterdir()} == running
        (number,) = {*children(os.getpid())} - {*OTHERS}
        assert len(children(number)) == len(running)
    else:
        assert {*Path(tempfile.gettempdir()).iterdir()} == running
        assert len({*children(os.getpid())} - {*OTHERS}) == len(running)


def children(of: int) -> list[int]:
    """The processes that one has started and that are not gone."""
    if not LINUX:
        return []
    return [int(pid) for pid in Path(f"/proc/{of}/task/{of}/children").read_text().split()]


def ends(acts: Session, name: str, *args: Any) -> StrangerError:
    """The error that an act ends in; afterwards the session still works."""
    with pytest.raises(StrangerError) as caught:
        acts.function(name, args, {})
    assert len(str(caught.value).splitlines()) == 1
    assert acts.function("add", [1], {}).value == 2
    return caught.value


class TestTimeAndMemory:
    @pytest.mark.parametrize(("act", "line"), [("forever", 7), ("sleep", None), ("forever_in_c", 13)])
    def test_no_end(self, protection: str, act: str, line: int | None) -> None:
        with session(replace(LIMITS, call_seconds=0.3)) as acts:
            error = ends(acts, act)
        assert error.kind == "timeout"
        assert "too long" in str(error)
        if line:
            assert error.frames[-1].line == line

    def test_the_alarm_is_not_all(self, protection: str) -> None:
        with session(replace(LIMITS, call_seconds=0.3)) as acts:
            error = ends(acts, "stop_alarm")
        assert (error.kind, str(error)) == ("timeout", "it took longer than 0.3 s and was stopped")

    @pytest.mark.skipif(not LINUX, reason="the limit on processor time ends a process on Linux")
    def test_processor_time_of_all_calls(self, protection: str) -> None:
        with session(replace(LIMITS, cpu_seconds=1)) as acts:
            error = ends(acts, "forever")
        assert (error.kind, str(error)) == ("timeout", "it was ended by the limit on processor time")

    @pytest.mark.skipif(not LINUX, reason="only Linux limits the memory of a process")
    @pytest.mark.parametrize("act", ["bomb", "great"])
    def test_memory(self, acts: Session, act: str) -> None:
        error = ends(acts, act)
        assert (error.kind, str(error)) == ("memory", "it needs more memory than it may have")
        assert error.frames[-1].label == "acts.py"

    @pytest.mark.parametrize("act", ["flood", "quiet_flood"])
    def test_output_without_end(self, acts: Session, act: str) -> None:
        error = ends(acts, act)
        assert error.kind == "output"
        assert "prints more than" in str(error)

    def test_recursion(self, acts: Session) -> None:
        error = ends(acts, "recurse")
        assert (error.type, str(error)) == ("RecursionError", "a function calls itself without end")
        assert len(error.frames) <= 40
        assert ends(acts, "recurse_in_c").kind in ("died", "memory", "exception", "timeout")


class TestEnd:
    def test_exit(self, acts: Session) -> None:
        assert ends(acts, "leave").type == "SystemExit"
        assert str(ends(acts, "leave_at_once")) == "its process ended with exit status 3"
        assert ends(acts, "crash").kind in ("died", "exception")
        # the filter keeps abort from sending a signal, so that it ends in another way
        assert ends(acts, "abort").kind == "died"

    def test_nothing_is_run_at_the_end(self, protection: str) -> None:
        began = time.monotonic()
        with session() as acts:
            acts.function("late", [], {})
        assert time.monotonic() - began < 3

    def test_input(self, acts: Session) -> None:
        assert ends(acts, "ask").type == "EOFError"

    def test_its_own_channel_shut(self, acts: Session) -> None:
        assert ends(acts, "shut").kind == "died"


class TestOutside:
    @pytest.mark.parametrize("act", ["fork", "quiet_forks"])
    def test_forks(self, acts: Session, act: str) -> None:
        if act == "quiet_forks":
            assert "reaches into memory and libraries" in str(ends(acts, act))
            return
        count, said, kinds = acts.function(act, [], {}).value
        assert (count, kinds) == (50, 1)
        assert "starts a process" in said

    @pytest.mark.parametrize("act", ["spawn", "system", "execute", "thread", "pool", "unhook"])
    def test_programs_and_threads(self, acts: Session, act: str) -> None:
        error = ends(acts, act)
        # a lock for a pool is a file elsewhere; an older Python does not ask before it starts a thread
        assert "starts a" in str(error) or str(error) in ("[Errno 13] Permission denied", "can't start new thread")
        assert error.frames

    def test_signals(self, acts: Session) -> None:
        got: list[int] = []
        before = signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
        try:
            assert "sends a signal" in str(ends(acts, "kill", os.getpid()))
            assert "sends a signal" in str(ends(acts, "kill_all"))
        finally:
            signal.signal(signal.SIGTERM, before)
        assert not got

    def test_network_limits_and_libraries(self, acts: Session) -> None:
        assert "uses the network" in str(ends(acts, "connect"))
        assert "changes its limits" in str(ends(acts, "raise_limits"))
        assert "reaches into memory" in str(ends(acts, "library"))

    @pytest.mark.parametrize("act", ["write", "write_low"])
    def test_writing_elsewhere(self, acts: Session, act: str, tmp_path: Path) -> None:
        error = ends(acts, act, str(tmp_path / "harm"))
        assert error.type == "PermissionError"
        assert "writes outside its folder" in str(error)
        assert not list(tmp_path.iterdir())

    def test_changing_what_is_elsewhere(self, acts: Session, tmp_path: Path) -> None:
        ours = tmp_path / "ours"
        ours.write_text("ours")
        before = ours.stat()
        assert acts.function("change", [str(ours)], {}).value is None
        assert [*tmp_path.iterdir()] == [ours]
        assert ours.read_text() == "ours"
        assert (ours.stat().st_mode, ours.stat().st_mtime) == (before.st_mode, before.st_mtime)

    def test_its_own_folder(self, protection: str) -> None:
        with session() as acts:
            assert acts.function("write_here", [], {}).value == (["file.txt"], "fine")
            acts.function("unreadable", [], {})
            if sys.platform != "win32":
                assert "too large" in str(ends(acts, "write_much"))
            assert "more files than a layer needs" in str(ends(acts, "write_many"))

    @pytest.mark.skipif(not LINUX, reason="only Linux keeps others' files from being read")
    def test_reading_elsewhere(self, acts: Session, tmp_path: Path) -> None:
        ours = tmp_path / "ours"
        ours.write_text("ours")
        if not {"landlock", "bubblewrap"} & {*acts.guards}:
            pytest.skip("this kernel has no Landlock")
        assert ends(acts, "read", str(ours)).type in ("PermissionError", "FileNotFoundError")

    @pytest.mark.parametrize("act", ["import_ours", "load_ours", "read_ours"])
    def test_our_own_layers(self, acts: Session, act: str) -> None:
        root = str(Path(__file__).resolve().parents[1])
        assert "of this checker" in str(ends(acts, act, root))

    def test_environment(self, acts: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET", "secret")
        with session() as fresh:
            names, folder = fresh.function("environment", [], {}).value
            assert "SECRET" not in names
            assert {"OPENBLAS_NUM_THREADS", "LANG"} <= {*names}
            assert Path(folder).name.startswith("tiny-autograd-rnn-")
        if LINUX:
            assert "reads about another process" in str(ends(acts, "environment_of", os.getpid()))


class TestReplies:
    def test_what_is_replaced_changes_nothing(self, protection: str) -> None:
        with session() as acts:
            x = np.arange(3.0)
            assert np.array_equal(acts.function("replace_all", [x], {}).value, x + 1)
            assert np.array_equal(acts.function("add", [x], {}).value, x + 1)

    @pytest.mark.parametrize("act", ["forge", "noise"])
    def test_forged_frames(self, acts: Session, act: str) -> None:
        error = ends(acts, act)
        assert error.kind == "protocol"
        assert "not to be understood" in str(error)

    def test_what_is_no_array(self, acts: Session) -> None:
        assert acts.function("objects", [], {}).value == Foreign("array of object")
        assert acts.function("generator", [], {}).value == Foreign("generator")
        assert acts.function("nothing", [], {}).value is None
        assert acts.function("wide", [], {}).value == TooLarge((1_250_000_000,), "float64")

    def test_classes_that_lie(self, acts: Session) -> None:
        liar = acts.function("liar", [], {}).value
        assert np.array_equal(liar.array, [0, 1, 2])
        strange = acts.function("strange", [], {}).value
        assert strange.type == "Strange"
        with pytest.raises(StrangerError) as caught:
            acts.read(strange.slot, "x")
        assert caught.value.type == "SystemExit"
        assert str(ends(acts, "bad")) == "an exception whose message cannot be had"
        assert str(ends(acts, "surrogates")) == "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m"

    def test_the_harness_taken_apart(self, acts: Session) -> None:
        with pytest.raises(StrangerError) as caught:
            acts.function("harness", [], {})
        assert caught.value.kind in ("died", "protocol", "exception")


@pytest.mark.skipif(not LINUX, reason="the filter of system calls and Landlock are Linux's")
class TestWithoutTheBelt:
    """The kernel refuses what the audit hook would: that one is left out, as code could get round it."""

    TEXT = """
        import ctypes, os
        import numpy as np
        def call(number, *args):
            ctypes.set_errno(0)
            return LIBC.syscall(number, *args), ctypes.get_errno()
        LIBC = ctypes.CDLL(None, use_errno=True)
        def fork(): return LIBC.fork(), ctypes.get_errno()
        def kill(pid): return LIBC.kill(pid, 15), ctypes.get_errno()
        def opened(path): return LIBC.open(path.encode(), os.O_WRONLY | os.O_CREAT, 0o600), ctypes.get_errno()
        def sock(): return LIBC.socket(2, 1, 0), ctypes.get_errno()
        def limits(): return LIBC.setrlimit(9, b"\\xff" * 16), ctypes.get_errno()
        def chmod(path): return LIBC.chmod(path.encode(), 0), ctypes.get_errno()
        def shared(): return LIBC.shmget(0, 4096, 0o1600), ctypes.get_errno()
        def owner(pid): return LIBC.fcntl(0, 8, pid), ctypes.get_errno()
        def read(path):
            try: return open(path).read()
            except OSError as error: return type(error).__name__
    """

    @pytest.fixture
    def bare(self, protection: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
        bare = "from compare.checking.child import audit\naudit.install = lambda *_: None\nmain(root"
        assert "main(root" in start._BOOTSTRAP
        monkeypatch.setattr(start, "_BOOTSTRAP", start._BOOTSTRAP.replace("main(root", bare))
        # forked, of one that is without the belt
        monkeypatch.setattr(_kept, "nursery", None)
        with Session([Unit("text.py", dedent(self.TEXT))], {}, LIMITS) as made:
            if not {"seccomp", "landlock"} <= {*made.guards}:
                pytest.skip("this kernel has no Landlock, or this architecture no filter")
            assert made.failures == ()
            yield made
        nurseries.lost()

    def test_the_kernel_refuses(self, bare: Session, tmp_path: Path) -> None:
        ours = tmp_path / "ours"
        ours.write_text("ours")
        acts: dict[str, list[Any]] = {name: [] for name in ("fork", "sock", "limits", "shared")}
        acts |= {"kill": [os.getpid()], "owner": [os.getpid()], "chmod": [str(ours)], "opened": [str(ours)]}
        for name, args in [*acts.items(), ("opened", [str(tmp_path / "new")])]:
            status, number = bare.function(name, args, {}).value
            assert (name, status) == (name, -1)
            assert number in (1, 2, 13, 30)
        assert [*tmp_path.iterdir()] == [ours]

    def test_our_environment_is_not_to_be_read(self, bare: Session) -> None:
        found = bare.function("read", [f"/proc/{os.getpid()}/environ"], {}).value
        assert found in ("PermissionError", "FileNotFoundError")

    def test_the_process_ends_with_us(self, protection: str) -> None:
        """A parent that is killed leaves no process behind, not even one in an endless loop."""
        import subprocess

        text = (
            "from compare.checking.sandbox import Session, bubblewrap, child, nurseries, nursery, start\n"
            "from compare.checking.source import Unit\n"
            "for module in (bubblewrap, child, nurseries, start):\n"
            f"    module.works = bubblewrap.works if {protection == 'bubblewrap'} else lambda: ''\n"
            "around = nursery()\n"
            f"if {protection == 'forked'}: around.__enter__()\n"
            "s = Session([Unit('a', 'def f():\\n    while True: pass')], {})\n"
            "process = s._child._exchange.process\n"
            "running = process._running\n"
            "number = running._number if hasattr(running, '_number') else running._popen.pid\n"
            "print(number, process.folder, flush=True)\n"
            "s.function('f', [], {})\n"
        )
        root = str(Path(__file__).resolve().parents[1])
        with subprocess.Popen([sys.executable, "-c", text], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout
            pid, folder = parent.stdout.readline().split()
            time.sleep(0.2)
            parent.kill()
        deadline = time.monotonic() + 5
        while alive(int(pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not alive(int(pid))
        Path(folder).rmdir()
        if protection == "forked":
            Path(folder).parent.rmdir()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""Processes forked of one that has loaded everything: they are as alone as others, and nothing is left of them."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from compare.checking.sandbox import Limits, Session, StrangerError, nursery
from compare.checking.sandbox.nurseries import Forked, Nursery, _kept, forking
from compare.checking.source import Unit

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a fork is not safe")

TEXT = "import numpy as np\ndef twice(x):\n    y = x * 2\n    z = y + 1\n    raise ValueError('stop')\n"
WHOLE = "import numpy as np\ndef twice(x):\n    y = x * 2\n    return y\n"
LINGERS = "import time\ndef wait(x):\n    while True:\n        time.sleep(0.01)\n"
DIES = "import os\ndef die(x):\n    os._exit(3)\n"
WRITES = (
    "STATE = []\ndef grown(x):\n    STATE.append(1)\n    open('here.txt', 'w').close()\n    return x * len(STATE)\n"
)

OPEN = """
import time
from compare.checking.sandbox import Session, nursery
from compare.checking.sandbox.nurseries import _kept
from compare.checking.source import Unit
with nursery(), Session([Unit("f.py", "x = 1")], {}):
    print(_kept.nursery._started._popen.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where processes have their folders; empty again in the end."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(_kept, "wanted", False)
    monkeypatch.setattr(_kept, "nursery", None)
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def the_nursery() -> Nursery:
    assert _kept.nursery
    return _kept.nursery


def forked(session: Session) -> bool:
    assert session._child
    return isinstance(session._child._exchange.process._running, Forked)


def twice(session: Session) -> bool:
    return np.array_equal(session.function("twice", [np.ones(2)], {}).value, [2, 2])


def test_without_it_processes_are_started_each_by_itself(folder: Path) -> None:
    with Session([Unit("f.py", WHOLE)], {}) as session:
        assert not forked(session)
        assert twice(session)
    assert forking() is None


def test_within_it_processes_are_forked_of_one(folder: Path) -> None:
    with nursery():
        with Session([Unit("f.py", WHOLE)], {}) as first, Session([Unit("f.py", WHOLE)], {}) as second:
            assert forked(first)
            assert forked(second)
            assert twice(first)
            assert twice(second)
            # each has a folder of its own in the one of the nursery
            (common,) = folder.iterdir()
            assert len(list(common.iterdir())) == 2
        assert list(common.iterdir()) == []


def test_what_one_does_the_next_does_not_see(folder: Path) -> None:
    with nursery():
        for _ in range(2):
            with Session([Unit("f.py", WRITES)], {}) as session:
                assert session.function("grown", [np.ones(1)], {}).value == 1
                assert session.function("grown", [np.ones(1)], {}).value == 2


def test_a_forked_one_has_every_guard_that_a_started_one_has(folder: Path) -> None:
    with Session([Unit("f.py", WHOLE)], {}) as started:
        guards = started.guards
    with nursery(), Session([Unit("f.py", WHOLE)], {}) as session:
        assert session.guards == guards


def test_without_bubblewrap_it_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bubblewrap", "start", "child", "nurseries"):
        monkeypatch.setattr(f"compare.checking.sandbox.{module}.works", lambda: "")
    with nursery(), Session([Unit("f.py", WHOLE)], {}) as session:
        assert forked(session)
        assert "bubblewrap" not in session.guards
        assert twice(session)


def test_one_within_another_ends_with_the_outer_one(folder: Path) -> None:
    with nursery():
        with nursery(), Session([Unit("f.py", WHOLE)], {}):
            number = the_nursery()
        with Session([Unit("f.py", WHOLE)], {}) as session:
            assert forked(session)
        assert the_nursery() is number


def test_how_a_forked_one_ends_is_told(folder: Path) -> None:
    with nursery(), Session([Unit("f.py", DIES)], {}) as session:
        with pytest.raises(StrangerError, match="exit status 3"):
            session.function("die", [np.ones(1)], {})
        with pytest.raises(StrangerError, match="exit status 3"):
            session.function("die", [np.ones(1)], {})


def test_a_forked_one_that_goes_on_is_stopped(folder: Path) -> None:
    limits = Limits(call_seconds=0.2)
    with nursery(), Session([Unit("f.py", LINGERS)], {}, limits) as session:
        with pytest.raises(StrangerError) as caught:
            session.function("wait", [np.ones(1)], {})
        assert caught.value.kind == "timeout"
        assert list(Path(the_nursery().folder).iterdir()) == []


def test_a_nursery_that_died_is_replaced(folder: Path) -> None:
    with nursery():
        with Session([Unit("f.py", WHOLE)], {}) as session:
            assert twice(session)
        dead = the_nursery()
        dead._started.kill()
        dead._started.ended(5)
        with Session([Unit("f.py", WHOLE)], {}) as session:
            assert twice(session)
        with Session([Unit("f.py", WHOLE)], {}) as session:
            assert forked(session)
        assert the_nursery() is not dead


def test_with_it_die_those_that_were_forked_of_it(folder: Path) -> None:
    with nursery(), Session([Unit("f.py", WHOLE)], {}) as session:
        the_nursery().close()
        with pytest.raises(StrangerError, match="SIGKILL") as caught:
            session.function("twice", [np.ones(2)], {})
        assert caught.value.kind == "died"
        # and the next session has another one
        with Session([Unit("f.py", WHOLE)], {}) as another:
            assert twice(another)


def test_it_is_ended_where_the_body_raises(folder: Path) -> None:
    def body() -> None:
        with nursery(), Session([Unit("f.py", WHOLE)], {}):
            raise KeyError

    with pytest.raises(KeyError):
        body()
    assert _kept.nursery is None


def test_each_thread_has_its_own(folder: Path) -> None:
    seen: list[bool] = []

    def other() -> None:
        # it did not want one, and takes none of ours
        with Session([Unit("f.py", WHOLE)], {}) as session:
            seen.append(forked(session))

    with nursery(), Session([Unit("f.py", WHOLE)], {}):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [False]


def test_a_fork_of_ours_takes_none_from_it(folder: Path) -> None:
    with nursery(), Session([Unit("f.py", WHOLE)], {}) as session:
        inherited = the_nursery()
        child = os.fork()
        if child == 0:
            own = forking()
            right = own is not None and not inherited.ours and own is not inherited
            if own:
                own.close()
            os._exit(0 if right else 1)
        _, status = os.waitpid(child, 0)
        assert twice(session)
    assert os.waitstatus_to_exitcode(status) == 0


def test_it_ends_with_us(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as us:
        assert us.stdout
        number = int(us.stdout.readline())
        us.kill()
    until = time.monotonic() + 10
    while alive(number) and time.monotonic() < until:
        time.sleep(0.01)
    assert not alive(number)


def alive(number: int) -> bool:
    try:
        # what has ended and was not asked about counts no more
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return False


def test_what_a_call_recorded_before_it_raised_comes_with_the_error() -> None:
    with Session([Unit("f.py", TEXT)], {}) as session:
        with session.recorded() as records, pytest.raises(StrangerError) as caught:
            session.function("twice", [np.ones(2)], {})
        assert [(r.name, r.line) for r in caught.value.records] == [("x", 2), ("y", 3), ("z", 4)]
        assert np.array_equal(caught.value.records[-1].value, [3, 3])
        assert tuple(records) == caught.value.records
        with pytest.raises(StrangerError) as unasked:
            session.function("twice", [np.ones(2)], {})
        assert unasked.value.records == ()


def test_our_layers_are_loaded_once_for_a_file_that_takes_them_and_are_hidden(folder: Path) -> None:
    text = "import sys\nfrom common.layers import Affine\n"
    text += "def seen():\n    return float('manual' in sys.modules)\n"
    text += "def moved(x):\n    return Affine(np.eye(2), np.ones(2)).forward(x)\n"
    with nursery():
        with Session([Unit("f.py", WHOLE)], {}):
            assert not _kept.layers
        for _ in range(2):
            with Session([Unit("f.py", text)], {}) as session:
                assert forked(session)
                assert session.stand_ins
                assert session.function("seen", [], {}).value == 0
                np.testing.assert_array_equal(session.function("moved", [np.eye(2)], {}).value, np.eye(2) + 1)
            assert _kept.layers
    assert not _kept.layers

"""A process that waits to be needed: it is used, replaced when it has died, and ended with its folder in the end."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from compare.checking.sandbox import Session, StrangerError, ahead
from compare.checking.sandbox.ahead import _spare, started
from compare.checking.sandbox.start import Process
from compare.checking.source import Unit

TEXT = "import numpy as np\ndef twice(x):\n    y = x * 2\n    z = y + 1\n    raise ValueError('stop')\n"
WHOLE = "import numpy as np\ndef twice(x):\n    y = x * 2\n    return y\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where processes have their folders; empty again in the end."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def killed(process: Process) -> None:
    """A process that has died by itself."""
    os.killpg(process._popen.pid, signal.SIGKILL)
    process._popen.wait()


def test_without_it_no_process_waits(folder: Path) -> None:
    process = started()
    assert len(list(folder.iterdir())) == 1
    process.close(idle=False)


def test_a_waiting_process_is_the_next_one(folder: Path) -> None:
    with ahead():
        first = started()
        waiting = set(folder.iterdir()) - {Path(first.folder)}
        assert len(waiting) == 1
        second = started()
        assert {Path(second.folder)} == waiting
        first.close(idle=False)
        second.close(idle=False)
        assert len(list(folder.iterdir())) == 1


def test_one_within_another_ends_with_the_outer_one(folder: Path) -> None:
    with ahead():
        with ahead():
            first = started()
            first.close(idle=False)
        assert len(list(folder.iterdir())) == 1
        second = started()
        second.close(idle=False)


def test_one_that_died_while_it_waited_is_replaced(folder: Path) -> None:
    with ahead():
        started().close(idle=False)
        (waiting,) = folder.iterdir()
        assert _spare.process
        killed(_spare.process)
        with Session([Unit("f.py", WHOLE)], {}) as session:
            assert np.array_equal(session.function("twice", [np.ones(2)], {}).value, [2, 2])
        assert waiting not in set(folder.iterdir())


def test_it_is_ended_where_the_body_raises(folder: Path) -> None:
    def body() -> None:
        with ahead():
            started().close(idle=False)
            raise KeyError

    with pytest.raises(KeyError):
        body()
    assert _spare.process is None


def test_each_thread_has_its_own(folder: Path) -> None:
    seen: list[int] = []

    def other() -> None:
        started().close(idle=False)
        seen.append(len(list(folder.iterdir())))

    with ahead():
        started().close(idle=False)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    # the other one did not want one to wait, and took none of ours
    assert seen == [1]


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

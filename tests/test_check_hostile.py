"""Code that means harm, or only does it, ends in one clear finding of the check; nothing else happens."""

import os
import threading
from pathlib import Path

import pytest
from strangers import RNN, edited

from compare.checking.findings import FileReport
from compare.checking.run import check_text
from compare.checking.sandbox import Limits
from compare.checking.settings import Settings

QUICK = Limits(cpu_seconds=3, call_seconds=1)
FORWARD = "        h_next = np.tanh("


def attacked(act: str, also: str = "") -> FileReport:
    """The report on a right layer whose forward pass does something first."""
    text = edited(RNN, FORWARD, "".join(f"        {line}\n" for line in act.splitlines()) + FORWARD)
    return check_text(f"{also}\n{text}", "hostile.py", Settings({}, limits=QUICK, mend=False))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("while True: pass", "took"),
        ("big = [np.empty(10 ** 8) for _ in range(100)]", "memory"),
        ("import os; os._exit(0)", "ended"),
        ("raise SystemExit", "SystemExit"),
        ("import os; os.abort()", "was ended by"),
        ("input()", "EOF"),
        ("def f(): return f()\nf()", "without end"),
        ("import subprocess; subprocess.run(['true'])", ""),
        ("import os, signal; os.kill(os.getppid(), signal.SIGTERM)", ""),
        ("open('/tmp/written-by-a-stranger', 'w')", ""),
        ("import socket; socket.socket()", ""),
        ("return (i for i in range(3))", "generator"),
        ("return np.array([None] * 3)", "an array of object"),
        ("return None", "nothing comes back"),
        ("return np.broadcast_to(np.float64(0), (10 ** 5, 10 ** 5))", "larger than"),
        ("return np.full((2, 2), np.nan)", "shape"),
        ("return 'a forged result'", "a str"),
    ],
)
def test_each_act_is_a_finding_and_no_verdict_but_not_right(act: str, said: str, tmp_path: Path) -> None:
    threads = threading.active_count()
    report = attacked(act)
    (symbol,) = report.symbols
    assert symbol.verdict in ("crashes", "wrong")
    assert any(said in finding.message for finding in report.findings if finding.severity == "error")
    assert threading.active_count() == threads
    assert not Path("/tmp/written-by-a-stranger").exists()


@pytest.mark.parametrize(
    "act",
    [
        "print('x' * 1000)",
        "import sys; sys.stdout.write('{\"ok\": true}')",
        "np.allclose = lambda *a, **k: True",
        "import atexit; atexit.register(print, 'late')",
    ],
)
def test_what_changes_nothing_for_us_changes_nothing(act: str) -> None:
    assert attacked(act).symbols[0].verdict == "correct"


def test_replaced_functions_of_numpy_save_no_wrong_layer() -> None:
    act = "np.allclose = np.array_equal = lambda *a, **k: True\nnp.max = np.abs = lambda *a, **k: 0"
    wrong = edited(RNN, "np.dot(dt, Wx.T)", "-np.dot(dt, Wx.T)")
    text = edited(wrong, FORWARD, "".join(f"        {line}\n" for line in act.splitlines()) + FORWARD)
    assert check_text(text, "hostile.py", Settings({}, limits=QUICK, mend=False)).symbols[0].verdict == "wrong"


def test_a_flood_is_cut_off() -> None:
    report = attacked("while True: print('x' * 10000)")
    assert report.symbols[0].verdict == "crashes"
    assert len(str(report)) < 20_000


def test_an_endless_class_body_is_a_finding() -> None:
    text = RNN.replace("    def __init__", "    while True: pass\n\n    def __init__", 1)
    report = check_text(text, "hostile.py", Settings({}, limits=QUICK, mend=False))
    assert not report.ok


def test_nothing_of_our_environment_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "shown")
    report = attacked("import os; raise ValueError(sorted(os.environ))")
    assert report.symbols[0].verdict == "crashes"
    assert not any("SECRET_OF_THE_CALLER" in finding.message for finding in report.findings)
    assert os.environ["SECRET_OF_THE_CALLER"] == "shown"


def test_one_symbol_that_dies_leaves_the_others_their_verdicts() -> None:
    other = RNN.replace("class RNN", "class Elman")
    hostile = edited(other, FORWARD, f"        import os; os._exit(1)\n{FORWARD}")
    report = check_text(RNN + hostile, "hostile.py", Settings({"Elman": "RNN"}, limits=QUICK, mend=False))
    assert {symbol.name: symbol.verdict for symbol in report.symbols} == {"RNN": "correct", "Elman": "crashes"}

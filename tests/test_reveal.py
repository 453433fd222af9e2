"""How much a check tells (`--reveal`), and the mended copy that it writes (`--fix`)."""

import io
import json
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from strangers import BOTH, RNN, TIME_RNN, edited, line_of

from compare.checking import every, magic, run
from compare.checking.api import CheckReport
from compare.checking.command import check
from compare.checking.findings import Agreement, FileReport, Finding, Fix, SymbolReport, to_data
from compare.checking.junit import junit
from compare.checking.mistakes import Mistake, mistakes
from compare.checking.page import page
from compare.checking.reveal import REVEALS, Reveal, told
from compare.checking.show import show
from compare.checking.source import Place

BEFORE = "        dx = np.dot(dt, Wh.T)"
AFTER = "        dx = np.dot(dt, Wx.T)"
CAUSE = "`Wh` stands where `Wx` belongs."
HINT = "Look at the product that gives `dx`: which factor does it need?"
SEEN = "dx (5, 4): 0 of 53 bits agree; at [2, 3] it is -1.167, wanted 0.5683"
READ = "`dx` is a product with `Wh`."

FIX = Fix(21, BEFORE, AFTER)
SYMBOLS = (
    SymbolReport("RNN", "wrong", Place(None, 4), "RNN", tensors=(Agreement("dx", (5, 4), 0.2, False),)),
    SymbolReport("TimeRNN", "wrong", Place(None, 28), "TimeRNN"),
    SymbolReport("Affine", "correct", Place(None, 74), "Affine"),
)
UNEXPLAINED = Finding("TimeRNN", "gradient", "dxs (5, 3, 4): 1 of 53 bits agree", "error", Place(None, 64), "dxs")
FINDINGS = (
    Finding("RNN", "gradient", SEEN, "error", Place(None, 21, 8), "dx", CAUSE, FIX, "operand", HINT),
    Finding("RNN", "wrong factor", READ, "warning", Place(None, 21), None, CAUSE, FIX, "operand", HINT),
    UNEXPLAINED,
    Finding("TimeRNN", "single_precision", "float32 becomes float64 in hs", "note", Place(None, 66)),
)
REPORT = FileReport("layers.py", SYMBOLS, FINDINGS, mended="the whole text")

WRONG = edited(RNN, "np.dot(dt, Wx.T)", "-np.dot(dt, Wx.T)")


def on_terminal(report: FileReport, reveal: Reveal, width: int = 100) -> str:
    console = Console(width=width, highlight=False, emoji=False, color_system=None)
    with console.capture() as captured:
        show(report, console, reveal)
    return captured.get()


def outputs(report: FileReport, reveal: Reveal) -> dict[str, str]:
    """All that is shown of a report, wrapped lines joined, tags and marks of HTML taken away."""
    shown = {
        "terminal": on_terminal(report, reveal, width=1000),
        "page": "".join(ElementTree.fromstring(page(report, reveal).replace("<br>", "\n")).itertext()),
        "JUnit": "\n".join(ElementTree.fromstring(junit([report], reveal)).itertext()),
        "JSON": json.dumps(to_data(report, told(report, reveal))["findings"], ensure_ascii=False),
    }
    return {name: text.replace("`", "").replace("\n", " ") for name, text in shown.items()}


def of(*findings: Finding) -> tuple[Mistake, ...]:
    return mistakes(FileReport("layers.py", SYMBOLS, findings), "fix")


def plain(text: str) -> str:
    return text.replace("`", "")


def test_the_verdict_alone_tells_no_finding() -> None:
    for text in outputs(REPORT, "verdict").values():
        for secret in (SEEN, READ, CAUSE, HINT, AFTER.strip(), "line 21"):
            assert plain(secret) not in text
    assert to_data(REPORT, told(REPORT, "verdict"))["findings"] == []
    shown = on_terminal(REPORT, "verdict")
    assert "wrong" in shown
    assert "2 of 3 symbols are not right: RNN, TimeRNN." in shown


def test_a_hint_is_told_once_and_neither_the_line_nor_the_numbers_nor_the_right_text() -> None:
    for name, text in outputs(REPORT, "hint").items():
        assert text.count(plain(HINT)) == (2 if name == "JSON" else 1), name
        for secret in (SEEN, READ, CAUSE, AFTER.strip(), BEFORE.strip(), "1.167", "21", "64", "wrong factor"):
            assert plain(secret) not in text, (name, secret)
    findings = to_data(REPORT, told(REPORT, "hint"))["findings"]
    assert [f["hint"] for f in findings] == [HINT, None]
    assert all(f["line"] is f["cell"] is f["column"] is f["cause"] is f["kind"] is f["fix"] is None for f in findings)


def test_what_has_no_hint_is_named_in_general_words() -> None:
    for text in outputs(REPORT, "hint").values():
        assert "The gradient of xs is not right." in text
        assert "Affine" not in text.split("TimeRNN")[-1]


@pytest.mark.parametrize(
    ("verdict", "check_name", "gradients", "said"),
    [
        ("wrong", "gradient", ("dx", "dWx", "db"), "The gradients of x, Wx and b are not right."),
        ("wrong", "values", (), "What the forward pass gives is not right."),
        ("crashes", "backward", (), "The backward pass stops."),
        ("crashes", "undefined name", (), "It stops before it is through."),
        ("unparsable", "syntax", (), "A part of it is not Python as it stands."),
        ("incomplete", "incomplete", (), "A part of it is not written yet."),
        ("wrong", "state_carried", (), "It does not keep what it owes its caller."),
    ],
)
def test_general_words_are_those_of_what_was_seen(
    verdict: Any, check_name: str, gradients: tuple[str, ...], said: str
) -> None:
    symbol = SymbolReport("RNN", verdict, Place(None, 4), "RNN")
    found = [Finding("RNN", check_name, "secret", "error", Place(None, 9), g) for g in gradients or (None,)]
    (finding,) = told(FileReport("layers.py", (symbol,), tuple(found)), "hint")
    assert finding.message == said
    assert finding.place is None


def test_an_error_beside_right_numbers_is_not_kept_back() -> None:
    symbol = SymbolReport("RNN", "correct", Place(None, 4), "RNN")
    report = FileReport("layers.py", (symbol,), (Finding("RNN", "shadowed", "secret", "error", Place(None, 9)),))
    (finding,) = told(report, "hint")
    assert "secret" not in finding.message
    assert "the file is not" in on_terminal(report, "verdict")
    assert to_data(report, ())["ok"] is False


def test_the_line_comes_with_the_cause_said_once_and_without_the_right_line() -> None:
    for name, text in outputs(REPORT, "line").items():
        assert text.count(plain(CAUSE)) == (2 if name == "JSON" else 1), name
        assert SEEN in text
        assert plain(READ) in text
        assert AFTER.strip() not in text
    findings = to_data(REPORT, told(REPORT, "line"))["findings"]
    assert [f["line"] for f in findings] == [21, 21, 64, 66]
    assert [f["fix"] for f in findings] == [None] * 4
    assert findings[0]["kind"] == "operand"


def test_the_right_line_is_shown_as_a_difference() -> None:
    for name, text in outputs(REPORT, "fix").items():
        if name != "JSON":
            assert text.count(f"21 - {BEFORE}") == 1, name
            assert text.count(f"21 + {AFTER}") == 1, name
    first, second, third, _ = to_data(REPORT, told(REPORT, "fix"))["findings"]
    assert first["fix"] == {"line": 21, "before": BEFORE, "after": AFTER, "cell": None, "also": []}
    assert second["fix"] == first["fix"]
    assert third["fix"] is None
    assert "mended" not in to_data(REPORT)
    also = to_data(
        FileReport("a", (), (Finding("", "x", "", "error", fix=Fix(1, "a", "b", 2, (Fix(3, "c", "d", 2),))),))
    )
    assert also["findings"][0]["fix"]["also"] == [{"line": 3, "before": "c", "after": "d", "cell": 2}]


def test_the_findings_of_one_mistake_stand_together_and_others_apart() -> None:
    together, alone, note = mistakes(REPORT, "line")
    assert together.title == "line 21 · RNN · gradient, wrong factor"
    assert together.severity == "error"
    assert together.observations == (SEEN, READ)
    assert together.fix is None
    assert alone.cause is None
    assert note.severity == "note"
    # the same mistake seen elsewhere, another one on the same line, and the same cause where no fix is proven
    elsewhere = replace(FINDINGS[0], message="dWx", place=Place(None, 24))
    other = replace(FINDINGS[0], fix=replace(FIX, after=""))
    unproven = [replace(FINDINGS[0], fix=None, place=Place(None, line)) for line in (21, 24)]
    assert [m.title for m in of(FINDINGS[0], elsewhere)] == ["line 21 · RNN · gradient"]
    assert len(of(FINDINGS[0], other)) == 2
    assert [m.title for m in of(*unproven)] == ["line 21 · RNN · gradient", "line 24 · RNN · gradient"]
    assert len(of(FINDINGS[0], replace(FINDINGS[0], symbol="TimeRNN"))) == 2


def test_a_cause_that_is_the_message_is_said_once() -> None:
    finding = Finding("RNN", "mistake", CAUSE, "error", Place(None, 21), None, CAUSE, FIX)
    assert on_terminal(FileReport("a", SYMBOLS, (finding,)), "fix").count(CAUSE) == 1


def test_lines_of_other_cells_and_lines_put_in_are_numbered() -> None:
    fix = Fix(1, "", "import numpy as np\n", 3, (Fix(12, "a\nb", "c", 4),))
    (mistake,) = of(Finding("RNN", "syntax", "m", "error", Place(3, 1), cause="c", fix=fix))
    assert [line.text for line in mistake.diff] == [
        " 3:1 + import numpy as np",
        " 3:2 +",
        "4:12 - a",
        "4:13 - b",
        "4:12 + c",
    ]


codes = st.text(st.sampled_from("abc =()\t[].\x1b\u202e"), max_size=20)
texts = st.lists(codes, min_size=1, max_size=4).map("\n".join)


@given(line=st.integers(1, 500), before=texts, after=texts)
def test_a_difference_holds_every_line_and_nothing_that_a_terminal_obeys(line: int, before: str, after: str) -> None:
    (mistake,) = of(Finding("A", "x", "m", "error", cause="c", fix=Fix(line, before, after)))
    for sign, text in (("-", before), ("+", after)):
        found = [d for d in mistake.diff if d.sign == sign]
        assert len(found) == (text.count("\n") + 1 if text else 0)
        assert [int(d.number) for d in found] == list(range(line, line + len(found)))
        for shown, code in zip(found, text.split("\n"), strict=bool(text)):
            assert shown.code == code.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")


secrets = st.sampled_from(["Q0", "Q1", "Q2", "Q3", "Q4"])
finding = st.builds(
    Finding,
    st.sampled_from(["RNN", "TimeRNN", ""]),
    st.sampled_from(["gradient", "values", "undefined name", "syntax", "second_backward"]),
    secrets.map("message {}".format),
    st.sampled_from(["error", "warning", "note"]),
    st.builds(Place, st.none(), st.integers(1000, 9999)),
    st.sampled_from(["dx", None]),
    st.none() | secrets.map("cause {}".format),
    st.none() | st.builds(Fix, st.integers(1000, 9999), secrets, secrets),
    st.none() | st.just("sign"),
    st.none() | st.just("a question"),
)


@given(findings=st.lists(finding, max_size=6))
def test_each_level_keeps_back_what_it_is_to(findings: list[Finding]) -> None:
    report = FileReport("layers.py", SYMBOLS, tuple(findings))
    for text in outputs(report, "hint").values():
        assert "Q" not in text
        assert not any(str(f.place.line) in text for f in findings if f.place)
    hints = told(report, "hint")
    assert {"RNN", "TimeRNN"} <= {f.symbol for f in hints}
    assert len({(f.symbol, f.message) for f in hints}) == len(hints)
    assert all(f.fix is None for f in told(report, "line"))
    assert told(report, "fix") == report.findings
    assert {to_data(report, told(report, reveal))["ok"] for reveal in REVEALS} == {False}


def test_code_is_shown_as_it_is_on_a_narrow_terminal() -> None:
    code = "\tdxs[:x:] = [red]np.dot[/red](dhs[:, t, :], self.params[0].T) + something_long(and_more)"
    found = Finding(
        "RNN", "x", "[bold]m", "error", Place(None, 7), cause=":x: [red]", fix=Fix(7, code, code + "\x1b[2J")
    )
    shown = on_terminal(FileReport("a", SYMBOLS, (found,)), "fix", width=40)
    assert f"  7 - {code}\n" in shown
    assert f"  7 + {code}\\x1b[2J\n" in shown
    assert ":x: [red]" in shown
    assert "[bold]m" in shown
    assert "&lt;b&gt;" in page(
        FileReport("a", SYMBOLS, (Finding("A", "x", "m", "error", fix=Fix(1, "a", "<b>")),)), "fix"
    )


def test_what_goes_and_what_comes_have_their_colours_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=100)
    show(REPORT, console, "fix")
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"\x1b[31m21 - {BEFORE}" in shown
    assert f"\x1b[32m21 + {AFTER}" in shown


# --- the command


def call(*arguments: object, text: str | bytes | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(check, [str(argument) for argument in arguments], input=text)


@pytest.fixture(scope="module")
def right_line() -> str:
    return next(line for line in RNN.splitlines() if "np.dot(dt, Wx.T)" in line)


@pytest.mark.parametrize("reveal", [None, *REVEALS])
def test_what_is_asked_for_holds_for_every_output(reveal: Reveal | None, tmp_path: Path, right_line: str) -> None:
    path, report, suite = tmp_path / "layers.py", tmp_path / "report.json", tmp_path / "report.xml"
    path.write_text(WRONG)
    asked = ["--reveal", reveal] if reveal else []
    result = call(path, "--json", report, "--junit", suite, *asked)
    assert result.exit_code == 1, result.output
    line = line_of(WRONG, "-np.dot")
    # what is advised beside is told as a note
    findings = [f for f in json.loads(report.read_text())["findings"] if f["severity"] == "error"]
    tests = "".join(ElementTree.fromstring(suite.read_text()).itertext())
    for text in (result.output, tests):
        assert (f"line {line}" in text) == (reveal in (None, "line", "fix"))
        assert ("why:" in text) == (reveal in (None, "line", "fix"))
        assert (f"{line} + {right_line}" in text) == (reveal == "fix")
    fixes = [f["fix"] for f in findings if f["fix"]]
    assert bool(fixes) == (reveal in (None, "fix"))
    assert all(fix["after"] == right_line and fix["line"] == line for fix in fixes)
    assert {f["line"] for f in findings} == {None: {line}, "verdict": set(), "hint": {None}}.get(reveal, {line})
    if reveal == "hint":
        assert [f["message"] for f in findings if f["hint"]]
        for text in (result.output, tests, report.read_text()):
            assert f"line {line}" not in text
            assert f'"line": {line}' not in text
            assert right_line.strip() not in text
            assert "wanted" not in text


def test_nothing_is_looked_for_where_only_the_verdict_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("mended")

    monkeypatch.setattr(run, "explained", never)
    assert call("-", "--reveal", "verdict", text=WRONG).exit_code == 1
    with pytest.raises(AssertionError, match="mended"):
        CliRunner().invoke(check, ["-"], input=WRONG, catch_exceptions=False)


def notebook(cells: list[str]) -> str:
    found = [
        {"cell_type": "code", "source": text.splitlines(keepends=True), "metadata": {"é": 1.50}, "outputs": []}
        for text in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found}, indent=1) + "\n"


COMMENTED = edited(WRONG, "        dt = ", "        # Ableitung der Aktivierung: größer als 0\n        dt = ")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("plain.py", COMMENTED.encode()),
        ("windows.py", b"\xef\xbb\xbf" + COMMENTED.replace("\n", "\r\n").encode()),
        ("tabs.py", COMMENTED.replace("    ", "\t").rstrip("\n").encode()),
        ("layers.ipynb", notebook(["# first\n", COMMENTED]).encode()),
    ],
)
def test_the_mended_copy_differs_in_the_wrong_line_alone(name: str, raw: bytes, tmp_path: Path) -> None:
    path, out = tmp_path / name, tmp_path / f"mended_{name}"
    path.write_bytes(raw)
    before = path.stat()
    result = call(path, "--fix", out)
    assert result.exit_code == 1, result.output
    assert f"wrote {out}: 1 mistake mended, all layers right" in result.output
    assert "why:" in result.output
    assert "+ " in result.output
    old, new = raw.splitlines(keepends=True), out.read_bytes().splitlines(keepends=True)
    assert len(old) == len(new)
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert changed == [(a, a.replace(b"-np.dot", b"np.dot")) for a in old if b"-np.dot" in a]
    assert path.read_bytes() == raw
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert call(out).exit_code == 0


def test_one_mistake_that_is_seen_twice_counts_once(tmp_path: Path) -> None:
    text = edited(RNN, "[np.zeros_like(Wx)", "[Wx")
    result = call("-", "--fix", tmp_path / "out.py", text=text)
    assert "1 mistake mended, all layers right" in result.output
    assert (tmp_path / "out.py").read_text() == RNN
    result = call("-", "--fix", tmp_path / "out.py", text=edited(WRONG, "np.dot(h_prev.T, dt)", "np.dot(h_prev, dt)"))
    assert "2 mistakes mended, all layers right" in result.output
    assert (tmp_path / "out.py").read_text() == RNN


def test_what_is_still_wrong_in_the_copy_is_said(tmp_path: Path) -> None:
    head, tail = BOTH.split("        N, T, H = dhs.shape\n")
    blank = head + "        pass\n"
    assert tail
    out = tmp_path / "out.py"
    result = call("-", "--fix", out, text=edited(blank, "np.dot(dt, Wx.T)", "-np.dot(dt, Wx.T)"))
    assert result.exit_code == 1
    assert f"wrote {out}: 1 mistake mended; TimeRNN is still incomplete" in result.output
    assert out.read_text() == blank


def test_nothing_is_written_where_nothing_is_mended(tmp_path: Path) -> None:
    out = tmp_path / "out.py"
    out.write_text("mine")
    result = call("-", "--fix", out, text=RNN)
    assert result.exit_code == 0
    assert f"nothing was mended: {out} is not written" in result.output
    assert out.read_text() == "mine"
    blank = TIME_RNN.split("        N, T, H = dhs.shape\n")[0] + "        pass\n"
    result = call("-", "--fix", out, text=RNN + blank)
    assert result.exit_code == 1
    assert "no way was found" in result.output
    assert out.read_text() == "mine"


def test_of_a_folder_only_what_was_mended_is_written(tmp_path: Path) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    (given / "sub").mkdir(parents=True)
    (given / "sub" / "wrong.py").write_text(WRONG)
    (given / "right.py").write_text(RNN)
    (given / "broken.ipynb").write_text("{")
    result = call(given, "--fix", out, "--jobs", 1)
    assert result.exit_code == 1
    assert f"wrote 1 of 3 files to {out}: 1 mistake mended" in result.output
    assert f"{given / 'broken.ipynb'}: could not be read" in result.output
    assert [path.relative_to(out) for path in out.rglob("*") if path.is_file()] == [Path("sub/wrong.py")]
    assert (out / "sub" / "wrong.py").read_text() == RNN
    assert (given / "sub" / "wrong.py").read_text() == WRONG


def test_with_json_on_standard_output_the_rest_goes_elsewhere(tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(check, ["-", "--json", "-", "--fix", str(tmp_path / "out.py")], input=WRONG)
    assert json.loads(result.stdout)["findings"][0]["fix"]
    assert "1 mistake mended" in result.stderr


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a wrong file by several names; whatever is judged there has not been refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(every.Asked, "checked", lambda *_: pytest.fail("judged"))
    Path("in.py").write_text(WRONG)
    Path("nb.ipynb").write_text(notebook([WRONG]))
    Path("link.py").symlink_to("in.py")
    os.link("in.py", "hard.py")
    Path("folder").mkdir()
    Path("folder/in.py").write_text(WRONG)
    Path("linked").symlink_to("folder", target_is_directory=True)
    Path("other").mkdir()
    os.link("folder/in.py", "other/in.py")
    Path("taken/in.py").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("in.py", "--fix", "in.py"), "also PATH"),
        (("in.py", "--fix", "./folder/../in.py"), "also PATH"),
        (("in.py", "--fix", "link.py"), "also PATH"),
        (("link.py", "--fix", "in.py"), "also PATH"),
        (("in.py", "--fix", "hard.py"), "never written over"),
        (("in.py", "--fix", "-"), "standard output"),
        (("in.py", "--fix", "folder"), "is a folder"),
        (("in.py", "--fix", "no/out.py"), "no folder"),
        (("in.py", "--fix", "out", "--json", "out"), "written over"),
        (("in.py", "--fix", "out.py", "--reveal", "hint"), "gives the right lines away"),
        (("in.py", "--fix", "out.py", "--reveal", "line"), "gives the right lines away"),
        (("nb.ipynb", "--fix", "out.py"), ".ipynb"),
        (("folder", "--fix", "folder"), "also PATH"),
        (("folder", "--fix", "linked"), "also PATH"),
        (("folder", "--fix", "in.py"), "is a file"),
        (("folder", "--fix", "other"), "never written over"),
        (("folder", "--fix", "taken"), "is a folder"),
        (("folder", "--fix", "no/out"), "no folder"),
        (("folder", "--fix", "new", "--junit", "folder/in.py/no.xml"), "--junit"),
        ((".", "--fix", "folder"), "never written over"),
    ],
)
def test_a_copy_that_would_harm_is_refused_before_anything_runs(
    place: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = tmp_path / "in.py", tmp_path / "out.py"
    path.write_text(WRONG)
    out.write_text("mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("compare.files.os.fsync", full)
    result = call(path, "--fix", out)
    assert result.exit_code == 2
    assert "Error: --fix: cannot write" in result.output
    assert "no space left" in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.py", "out.py"]
    assert (path.read_text(), out.read_text()) == (WRONG, "mine")


def test_a_terminal_shows_that_something_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(every, "Console", lambda **_: Console(file=file, force_terminal=True, width=100))
    assert call("-", text=RNN).exit_code == 0
    assert "looking for its mistakes" in file.getvalue()
    # and takes it away again
    assert file.getvalue().rstrip().endswith("\x1b[2K")


def test_nothing_moves_where_there_is_no_terminal() -> None:
    result = CliRunner().invoke(check, ["-"], input=RNN)
    assert result.stderr == ""


# --- from Python, and in a notebook


@pytest.mark.parametrize("reveal", [None, *REVEALS])
def test_a_report_tells_as_much_in_python(reveal: Reveal | None) -> None:
    report = CheckReport(REPORT, reveal)
    assert not report
    assert (report.mended == "the whole text") == (reveal in (None, "fix"))
    for text in (str(report), report._repr_html_()):
        assert (AFTER.strip() in text) == (reveal == "fix")
        assert ("line 21" in text) == (reveal in (None, "line", "fix"))
    assert any(f["fix"] for f in json.loads(report.to_json())["findings"]) == (reveal in (None, "fix"))


def test_an_amount_that_there_is_not_is_refused() -> None:
    from compare.checking.api import check as judge

    with pytest.raises(ValueError, match="check: reveal is 'all'; wanted one of verdict, hint, line, fix"):
        judge(Path, reveal="all")  # type: ignore[arg-type]


def typed(*cells: str) -> Any:
    """As much of IPython as the magics ask for, with what was typed so far."""
    return SimpleNamespace(
        history_manager=SimpleNamespace(input_hist_raw=["", *cells]),
        transform_cell=lambda cell: cell,
        user_ns={},
        showtraceback=partial(pytest.fail, "the cell failed"),
    )


def test_the_magics_take_how_much_to_tell(right_line: str) -> None:
    shell = typed(WRONG, "%check RNN --reveal fix")
    found = magic._check(shell, "RNN --reveal fix", None)
    assert right_line in str(found)
    assert found.mended == RNN
    shell = typed("import numpy as np\n", "%%check --reveal=hint")
    found = magic._check(shell, "--reveal=hint", WRONG)
    assert found.mended is None
    assert not found.ok
    assert ", line" not in str(found)
    assert right_line.strip() not in str(found)
    with pytest.raises(ValueError, match="wanted one of verdict, hint, line, fix"):
        magic._check(shell, "RNN --reveal", None)

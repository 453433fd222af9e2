"""`check` on small files: every verdict, where it says that the fault stands, and what it lets pass."""

import json
from pathlib import Path

import pytest
from strangers import BOTH, RNN, RNN_STEP, TIME_RNN, edited, line_of

from compare.checking.findings import FileReport, Finding, to_data
from compare.checking.run import check_file, check_text
from compare.checking.settings import Settings


def checked(text: str, **settings: object) -> FileReport:
    return check_text(text, "layers.py", Settings({}, **settings))  # type: ignore[arg-type]


def verdicts(report: FileReport) -> dict[str, str]:
    return {symbol.name: symbol.verdict for symbol in report.symbols}


def said(report: FileReport, check: str) -> Finding:
    return next(finding for finding in report.findings if finding.check == check)


def test_right_layers_are_correct_and_nothing_is_said() -> None:
    report = checked(BOTH)
    assert verdicts(report) == {"RNN": "correct", "TimeRNN": "correct"}
    assert report.ok
    assert not report.findings
    tensors = {t.name: t for t in report.symbols[0].tensors}
    assert set(tensors) == {"h", "dx", "dh_prev", "dWx", "dWh", "db"}
    assert all(t.ok and t.bits > 45 for t in tensors.values())


def test_functions_are_two_symbols() -> None:
    report = checked(RNN_STEP)
    assert verdicts(report) == {"rnn_step_forward": "correct", "rnn_step_backward": "correct"}
    assert [t.name for t in report.symbols[1].tensors] == ["dx", "dh_prev", "dWx", "dWh", "db"]


def test_a_wrong_gradient_is_named_with_its_line_and_numbers() -> None:
    text = edited(RNN, "(1 - h_next ** 2)", "(1 - h_next)")
    report = checked(text)
    assert verdicts(report) == {"RNN": "wrong"}
    assert not report.ok
    wrong = {finding.gradient: finding for finding in report.findings if finding.check == "gradient"}
    assert set(wrong) == {"dx", "dh_prev", "dWx", "dWh", "db"}
    assert wrong["dx"].place is not None
    assert wrong["dx"].place.line == line_of(text, "dt = ")
    assert wrong["dWh"].place == wrong["dx"].place
    assert "of 53 bits agree" in wrong["dx"].message
    assert "wanted" in wrong["dx"].message


def test_a_gradient_that_never_arrives_is_wrong_before_the_last_step_only() -> None:
    report = checked(edited(BOTH, "dhs[:, t, :] + dh)", "dhs[:, t, :])"))
    assert verdicts(report) == {"RNN": "correct", "TimeRNN": "wrong"}
    dxs = next(f for f in report.findings if f.gradient == "dxs")
    assert "only at time step" in dxs.message


def test_a_wrong_forward_pass_voids_the_gradients_unless_they_are_its_own_derivative() -> None:
    forward = edited(RNN, "np.dot(x, Wx) + ", "2 * np.dot(x, Wx) + ")
    report = checked(forward)
    assert verdicts(report) == {"RNN": "wrong"}
    assert said(report, "values").message.startswith("h (")
    own = {f.gradient for f in report.findings if f.check == "own derivative"}
    assert own == {"dx", "dWx"}
    right = edited(
        edited(forward, "np.dot(dt, Wx.T)", "2 * np.dot(dt, Wx.T)"), "np.dot(x.T, dt)", "2 * np.dot(x.T, dt)"
    )
    assert not [f for f in checked(right).findings if f.check == "own derivative"]


def test_what_is_built_on_a_wrong_cell_is_blocked_by_it() -> None:
    report = checked(edited(BOTH, "np.dot(dt, Wh.T)", "np.dot(dt, Wh)"))
    assert verdicts(report) == {"RNN": "wrong", "TimeRNN": "blocked"}
    assert report.symbols[1].blocked_by == "RNN"
    assert "right on a correct RNN" in said(report, "blocked").message


def test_what_is_wrong_by_itself_is_not_blocked() -> None:
    both = edited(edited(BOTH, "np.dot(dt, Wh.T)", "np.dot(dt, Wh)"), "dxs[:, t, :] = dx", "dxs[:, 0, :] = dx")
    assert verdicts(checked(both)) == {"RNN": "wrong", "TimeRNN": "wrong"}


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("self.grads = [np.zeros_like(Wx), ", "self.grads = [Wx, ", "backward"),
        ("self.grads[2][...] = ", "b -= 0.1; self.grads[2][...] = ", "backward"),
        ("self.cache = (x, h_prev, h_next)", "self.cache = (x, h_prev, h_next); b -= 0.1", "forward"),
    ],
)
def test_a_pass_that_changes_parameters_is_wrong(before: str, after: str, way: str) -> None:
    report = checked(edited(RNN, before, after))
    assert verdicts(report) == {"RNN": "wrong"}
    assert f"changed by {way}" in said(report, "parameters_changed").message


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        ("dt = dh_next * (1 - h_next ** 2)", "dh_next *= 1 - h_next ** 2; dt = dh_next", "callers_arrays"),
        ("self.grads[0][...] = ", "self.grads[0] = ", "gradients_in_place"),
        ("self.grads[2][...] = ", "self.grads[2] += ", "second_backward"),
        ("h_next = np.tanh(", "h_next = np.float32(1) * np.tanh(", ""),
        ("h_next = self.cache", "h_next = self.cache; self.cache = None", "second_backward"),
    ],
)
def test_right_numbers_with_a_broken_contract_are_fragile(before: str, after: str, check: str) -> None:
    report = checked(edited(RNN, before, after))
    assert verdicts(report) == {"RNN": "fragile" if check else "correct"}
    assert report.ok
    assert not check or said(report, check).severity == "warning"
    assert checked(edited(RNN, before, after), strict=True).ok == (not check)


def test_a_float32_buffer_is_fragile() -> None:
    report = checked(edited(BOTH, "dtype=xs.dtype)\n        if", "dtype='f')\n        if"))
    assert verdicts(report) == {"RNN": "correct", "TimeRNN": "fragile"}
    # reading says so at the line of the buffer, running at that of the output
    assert [f.check for f in report.findings if f.severity == "warning"].count("float32") >= 1


def test_memory_that_is_read_before_it_is_written_is_wrong() -> None:
    report = checked(edited(RNN, "dx = np.dot(dt, Wx.T)", "dx = np.empty_like(x); dx[1:] = np.dot(dt, Wx.T)[1:]"))
    assert verdicts(report) == {"RNN": "wrong"}


def test_an_exception_is_a_finding_at_its_line_and_what_it_hides_is_found_too() -> None:
    text = edited(edited(RNN, "self.grads[0][...]", "self.grad[0][...]"), "np.dot(dt, Wx.T)", "np.dot(x.T, dt)")
    report = checked(text)
    assert verdicts(report) == {"RNN": "crashes"}
    lines = {finding.place.line for finding in report.findings if finding.place and finding.severity == "error"}
    assert line_of(text, "self.grad[0]") in lines
    hidden = next(f for f in report.findings if f.place and f.place.line == line_of(text, "np.dot(x.T, dt)"))
    assert hidden.fix
    assert hidden.fix.after.strip() == "dx = np.dot(dt, Wx.T)"


@pytest.mark.parametrize("body", ["pass", "raise NotImplementedError", "..."])
def test_what_is_left_blank_is_incomplete(body: str) -> None:
    text = RNN[: RNN.index("        Wx, Wh, b = self.params\n        x, h_prev")] + f"        {body}\n"
    report = checked(text)
    assert verdicts(report) == {"RNN": "incomplete"}
    assert not report.ok


def test_a_method_that_is_missing_is_incomplete() -> None:
    assert verdicts(checked(RNN[: RNN.index("    def backward")])) == {"RNN": "incomplete"}
    assert verdicts(checked(RNN_STEP[: RNN_STEP.index("def rnn_step_backward")])) == {"rnn_step_forward": "incomplete"}


def test_what_does_not_parse_is_unparsable_and_the_rest_is_judged() -> None:
    text = edited(BOTH, "xs[:, t, :], self.h)", "xs(:, t, :), self.h)")
    report = checked(text)
    assert verdicts(report) == {"RNN": "correct", "TimeRNN": "unparsable"}
    syntax = said(report, "syntax")
    assert syntax.place is not None
    assert syntax.place.line == line_of(text, "xs(:")


def test_top_level_code_is_left_aside() -> None:
    text = f"{RNN}\nraise SystemExit('training')\nopen('/nowhere/at/all')\nwhile True: pass\n"
    assert verdicts(checked(text)) == {"RNN": "correct"}


def test_a_name_of_its_own_is_judged_like_a_twin() -> None:
    text = RNN.replace("class RNN", "class Elman")
    assert not checked(text).symbols
    report = check_text(text, "layers.py", Settings({"": "RNN"}))
    assert verdicts(report) == {"Elman": "correct"}
    report = check_text(text, "layers.py", Settings({"Elman": "RNN"}))
    assert verdicts(report) == {"Elman": "correct"}


def test_another_order_of_gates_is_the_forward_passes_to_choose() -> None:
    text = (Path(__file__).parent / "corpus" / "correct" / "book_torch_order.py").read_text("utf-8")
    assert set(verdicts(checked(text)).values()) == {"correct"}


def test_a_cell_of_a_class_that_was_shadowed_by_a_blank_one_is_reported() -> None:
    report = checked(f"{RNN}\n\nclass RNN:\n    def forward(self, x, h_prev):\n        pass\n")
    assert verdicts(report) == {"RNN": "incomplete"}
    assert said(report, "shadowed").severity == "error"


def test_importing_our_own_layers_is_reported_and_does_not_pass() -> None:
    report = checked("from manual import RNN as Ours\n\n\nclass RNN(Ours):\n    pass\n")
    assert not report.ok
    text = f"import manual\n{RNN}".replace("class RNN:", "class RNN(manual.RNN):")
    assert not checked(text).ok


def test_one_symbol_alone_may_be_asked_about() -> None:
    report = checked(BOTH, only="TimeRNN")
    assert verdicts(report) == {"TimeRNN": "correct"}


def test_the_json_has_the_keys_of_the_contract() -> None:
    data = to_data(checked(edited(RNN, "(1 - h_next ** 2)", "(1 - h_next)")))
    assert list(data) == ["ok", "path", "symbols", "findings"]
    symbol, finding = data["symbols"][0], data["findings"][0]
    assert {"name", "verdict", "blocked_by", "line", "tensors"} <= set(symbol)
    assert set(symbol["tensors"][0]) == {"name", "shape", "bits", "ok"}
    place = ("cell", "line", "column")
    assert tuple(finding) == (
        "symbol",
        "check",
        "gradient",
        "severity",
        "message",
        *place,
        "cause",
        "fix",
        "kind",
        "hint",
    )
    assert set(finding["fix"]) == {"line", "before", "after", "cell", "also"}
    json.dumps(data, allow_nan=False)


def test_a_notebooks_places_are_cells_and_lines_in_them(tmp_path: Path) -> None:
    wrong = edited(RNN, "np.dot(dt, Wx.T)", "np.dot(dt, Wx)")
    cells = [
        {"cell_type": "markdown", "source": ["# layers"], "metadata": {}},
        {"cell_type": "code", "source": "%matplotlib inline\nimport numpy as np", "metadata": {}, "outputs": []},
        {"cell_type": "code", "source": wrong.splitlines(keepends=True), "metadata": {}, "outputs": []},
    ]
    path = tmp_path / "layers.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    report = check_file(path, Settings({}))
    finding = next(f for f in report.findings if f.severity == "error")
    assert finding.place is not None
    assert (finding.place.cell, finding.place.line) == (2, line_of(wrong, "np.dot(dt, Wx)"))


def test_a_file_without_layers_has_no_symbols() -> None:
    assert not checked("print('hello')\n").symbols
    assert not checked("").symbols


def test_a_time_layer_alone_gets_a_cell_of_ours() -> None:
    report = checked("import numpy as np\n" + TIME_RNN)
    assert verdicts(report) == {"TimeRNN": "correct"}


DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "documents"


@pytest.mark.parametrize("suffix", [".ipynb", ".txt"])
def test_the_documents_have_twenty_true_findings(suffix: str) -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the documents do not stand beside this checkout")
    (path,) = DOCUMENTS.glob(f"*{suffix}")
    report = check_file(path, Settings({}))
    assert verdicts(report) == {
        "RNN": "crashes",
        "TimeRNN": "unparsable",
        "TimeEmbedding": "unparsable",
        "TimeAffine": "crashes",
        "TimeSoftmaxWithLoss": "crashes",
    }
    assert len({(f.place, f.check) for f in report.findings}) >= 20


def test_a_gradient_buffer_of_another_shape_is_a_finding_of_the_constructor() -> None:
    text = edited(RNN, "np.zeros_like(Wh), np", "np.zeros((1, 1)), np")
    text = edited(text, "self.grads[1][...] = np.dot(h_prev.T, dt)", "self.grads[1] = np.dot(h_prev.T, dt)")
    report = checked(text)
    assert verdicts(report) == {"RNN": "fragile"}
    assert "dWh in grads has shape (1, 1)" in said(report, "constructor").message


def test_a_cells_name_for_a_layer_over_time_is_judged_as_one() -> None:
    alone = TIME_RNN.replace("class TimeRNN", "class RNN").replace("layer = RNN(", "layer = Cell(")
    cell = RNN.replace("class RNN", "class Cell")
    report = checked(cell + alone)
    assert verdicts(report) == {"RNN": "correct"}
    assert report.symbols[0].role == "TimeRNN"

"""The benchmark: contenders that take the same step, ratios that are clear of their spread, and what it leaves."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from compare.bench import command, rounds, running
from compare.bench.contenders import CONTENDERS, PEERS
from compare.bench.machine import Machine
from compare.bench.plot import draw
from compare.bench.problem import Problem, Shape
from compare.bench.process import Worker, variables
from compare.bench.readme import speed
from compare.bench.report import Cell, Figure, Report, Timing, from_json, growth, keeps, lean, to_json
from compare.bench.session import PARTS, Wanted, jobs, missing
from compare.bench.show import show_cell
from compare.bench.statistics import Ratio, number
from compare.errors import RefusedError
from compare.training.models import MODELS

SMALL = Shape(3, 4, 5, 6, 7)
MACHINE = Machine("a CPU", 2, "a system", "a BLAS", "3.11", {"numpy": "2.4"})
STEPS = [name for name in CONTENDERS if name != "floor"]


def cell(ours: Sequence[float], other: Sequence[float], name: str = "torch", **changes: Any) -> Cell:
    timings = (Timing("fused", tuple(ours), 10, 30), Timing(name, tuple(other), 10, 90))
    return replace(Cell("rnnlm", Shape(20, 35, 100, 100, 10000), 1, "", timings), **changes)


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "60"}).invoke(command.bench, arguments)


class TestRatio:
    def test_it_is_taken_round_by_round(self) -> None:
        # both slow down threefold in the second round: their ratio does not
        ratio = Ratio.of([2, 6, 2], [1, 3, 1])
        assert (ratio.median, ratio.low, ratio.high, ratio.text) == (2, 2, 2, "2.00")

    @pytest.mark.parametrize("centre", [0.5, 2.0])
    def test_a_spread_wider_than_the_effect_is_unclear(self, centre: float) -> None:
        rng = np.random.default_rng(0)
        wide = Ratio.among(list(centre * np.exp(rng.normal(0, 2, 100))))
        narrow = Ratio.among(list(centre * np.exp(rng.normal(0, 0.1, 100))))
        assert (wide.clear, wide.text) == (False, "unclear")
        assert narrow.clear
        assert float(narrow.text) == pytest.approx(centre, rel=0.1)

    def test_no_difference_is_unclear(self) -> None:
        assert Ratio.among([1.0, 1.0, 1.0]).text == "unclear"
        assert Ratio.among([0.99, 1.0, 1.02, 1.0]).text == "unclear"

    def test_a_few_rounds_are_unclear(self) -> None:
        assert Ratio.among([9.0, 9.0]).text == "unclear"
        assert Ratio.among([9.0, 9.0, 9.0]).text == "9.00"

    @given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
    def test_twice_as_long_is_as_far_from_1_as_half_as_long(self, ratios: list[float]) -> None:
        one, other = Ratio.among(ratios), Ratio.among([1 / ratio for ratio in ratios])
        assert one.low <= one.median <= one.high
        if len(ratios) % 2:
            assert other.median == pytest.approx(1 / one.median)

    @pytest.mark.parametrize(("above", "below"), [([], []), ([1.0], [1.0, 2.0])])
    def test_rounds_that_do_not_pair_are_refused(self, above: list[float], below: list[float]) -> None:
        with pytest.raises(ValueError, match=r"rounds|shorter|longer|argument"):
            Ratio.of(above, below)

    @pytest.mark.parametrize(
        ("value", "text"), [(0.01234, "0.012"), (0.1234, "0.123"), (1.234, "1.23"), (12.34, "12.3"), (1234, "1,234")]
    )
    def test_numbers_have_three_figures(self, value: float, text: str) -> None:
        assert number(value) == text


class TestContenders:
    @pytest.mark.parametrize("name", STEPS)
    @pytest.mark.parametrize("model", command.MODELS)
    def test_all_take_the_same_step(self, model: str, name: str) -> None:
        pytest.importorskip(CONTENDERS[name].needs or "numpy")
        problem = Problem.drawn(model, SMALL)
        reference, step = (CONTENDERS[n].build(problem, 1) for n in ("plain", name))
        reference.take()
        # a second step begins where the first one did
        for _ in range(2):
            step.take()
        assert step.loss() == pytest.approx(reference.loss(), rel=1e-5)
        assert len(step.grads()) == len(problem.params)
        for found, wanted in zip(step.grads(), reference.grads(), strict=True):
            assert found.dtype == wanted.dtype == np.float32
            assert found.shape == wanted.shape
            assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()

    @pytest.mark.parametrize("model", command.MODELS)
    def test_the_floor_has_the_products_of_the_model(self, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
        work: list[int] = []
        matmul = np.matmul

        def counting(a: Any, b: Any, out: Any) -> Any:
            work.append(a.shape[0] * a.shape[1] * b.shape[1])
            return matmul(a, b, out=out)

        monkeypatch.setattr(np, "matmul", counting)
        CONTENDERS["floor"].build(Problem.drawn(model, SMALL), 1).take()
        N, T, D, H, V = SMALL
        G = {"simple-rnnlm": 1, "rnnlm": 4}[model] * H
        # each weight: one product forwards, and backwards one for its gradient and one for that of its input
        assert sum(work) == 3 * N * T * (D * G + H * G + H * V)

    def test_a_contender_that_computes_something_else_is_named(self) -> None:
        right = {"loss": 2.0, "norms": [1.0, 3.0]}
        rounds.check_agreement({"fused": right, "floor": {"loss": 0, "norms": []}, "jax": {**right, "loss": 2.00001}})
        with pytest.raises(RefusedError, match=r"jax computes 3\.1 where fused computes 3"):
            rounds.check_agreement({"fused": right, "jax": {"loss": 2.0, "norms": [1.0, 3.1]}})
        with pytest.raises(RefusedError, match="computes nan"):
            rounds.check_agreement({"fused": right, "jax": {"loss": float("nan"), "norms": [1.0, 3.0]}})

    def test_the_options_name_what_there_is(self) -> None:
        assert tuple(CONTENDERS) == command.OURS + command.PEERS
        assert command.PEERS == PEERS
        assert command.PARTS == PARTS
        assert set(command.MODELS) <= set(MODELS)


class TestWorker:
    def test_it_measures_with_the_threads_it_is_given(self) -> None:
        with Worker("fused", 1) as worker:
            built = worker.ask("build", contender="fused", model="rnnlm", shape=list(SMALL), threads=1)
            assert built["threads"] == 1
            assert len(worker.ask("take", count=3, warm=1)["seconds"]) == 3
            memory = worker.ask("memory")
            assert 0 < memory["baseline"] <= memory["peak"]
            process = worker._process
        assert process.poll() is not None

    def test_one_that_ends_is_refused_with_its_last_words(self) -> None:
        with Worker("jax", 1) as worker, pytest.raises(RefusedError, match=r"jax ended .*KeyError.*no such thing"):
            worker.ask("no such thing")

    def test_every_library_is_told_its_threads(self) -> None:
        assert {name: variables(2)[name] for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")} == {
            "OPENBLAS_NUM_THREADS": "2",
            "OMP_NUM_THREADS": "2",
        }
        assert "intra_op_parallelism_threads=2" in variables(2)["XLA_FLAGS"]
        assert "eigen=false" in variables(1)["XLA_FLAGS"]


class TestReport:
    def test_json_gives_back_what_it_was_given(self) -> None:
        figure = Figure("help", "`--help`", "s", (0.1, 0.2), at_most=0.25)
        report = Report("2026-01-01", MACHINE, (cell([1, 2], [3, 4]), cell([1], [2], along="T")), (figure,))
        assert from_json(to_json(report)) == report

    def test_what_is_measured_again_takes_the_place_of_what_was(self) -> None:
        report = Report("2026-01-01", MACHINE)
        for measured in (cell([1], [2]), cell([1], [2], threads=2), cell([5], [6])):
            report = report.having(measured)
        assert [c.timings[0].seconds for c in report.cells] == [(1,), (5,)]

    def test_what_the_file_holds_is_not_measured_again(self) -> None:
        wanted = Wanted(PARTS, ["rnnlm"], [SMALL], [1, 2], ["fused", "torch"], 1)
        todo = list(jobs(wanted))
        assert missing(Report("2026-01-01", MACHINE), todo) == todo
        have = Report("2026-01-01", MACHINE, (cell([1], [1], shape=SMALL),), (Figure("help", "", "s", (1,)),))
        left = missing(have, todo)
        assert len(left) == len(todo) - 2
        assert not any("--help" in job.title for job in left)

    @pytest.mark.parametrize(
        ("name", "ours", "other", "kept"),
        [
            ("torch", 1.0, 1.5, True),
            ("torch", 1.5, 1.0, False),
            ("torch", 1.0, 1.0, None),
            ("floor", 1.1, 1.0, True),
            ("floor", 1.2, 1.0, False),
            ("book", 1.0, 2.9, False),
            ("autograd", 1.0, 5.1, True),
            ("plain", 1.0, 9.0, None),
        ],
    )
    def test_a_ratio_keeps_its_bound_or_not(self, name: str, ours: float, other: float, kept: bool | None) -> None:
        assert keeps(cell([ours] * 5, [other] * 5, name), name) is kept

    def test_where_the_vocabulary_is_small_the_floor_is_farther(self) -> None:
        found = cell([1.4] * 5, [1.0] * 5, "floor")
        assert keeps(found, "floor") is False
        assert keeps(replace(found, shape=SMALL), "floor") is True

    def test_memory_grows_in_hidden_states(self) -> None:
        # 100 more steps of 20 × 256 states of 4 bytes
        cells = [
            Cell("rnnlm", Shape(20, T, 256, 256, 1000), 1, "T", (Timing("fused", (1,), 5, 5 + grown),))
            for T, grown in ((100, 7_000_000), (200, 7_000_000 + 2 * 100 * 20 * 256 * 4))
        ]
        assert growth(Report("2026-01-01", MACHINE, tuple(cells)), "rnnlm") == pytest.approx(2)
        assert growth(Report("2026-01-01", MACHINE, tuple(cells[:1])), "rnnlm") is None

    @pytest.mark.parametrize(("grown", "kept"), [(300, True), (299, False)])
    def test_memory_is_wanted_to_be_a_third_of_torchs(self, grown: int, kept: bool) -> None:
        timings = (Timing("fused", (1,), 10, 110), Timing("torch", (1,), 50, 50 + grown))
        assert lean(cell([1], [1], timings=timings)) is kept
        assert lean(cell([1], [1], timings=timings, shape=SMALL)) is None
        told = speed(Report("2026-01-01", MACHINE, (cell([1], [1], timings=timings),)))
        assert ("| **0** | 0 |" in told) is not kept

    def test_an_unclear_ratio_is_shown_nowhere(self) -> None:
        from rich.console import Console

        unclear = cell([1, 1, 1, 1, 1], [0.5, 3, 1.2, 9, 0.2])
        console = Console(width=60, record=True, file=io.StringIO())
        show_cell(unclear, console)
        shown = console.export_text()
        assert "unclear" in shown
        assert " 1.20 " not in shown
        assert "unclear" in speed(Report("2026-01-01", MACHINE, (unclear,)))
        assert max(map(len, shown.splitlines())) <= 60

    def test_the_readme_marks_what_falls_short(self) -> None:
        good, bad = (speed(Report("2026-01-01", MACHINE, (cell([1.0] * 5, [t] * 5),))) for t in (2.0, 0.5))
        assert "| 2.00 |" in good
        assert "| **0.500** |" in bad
        late = Figure("help", "`--help`", "s", (0.5,), at_most=0.25)
        assert "| `--help` | **0.500 s** | ≤ 0.250 s |" in speed(Report("2026-01-01", MACHINE, (), (late,)))


class TestCommand:
    STEPS = ("--part", "steps", "--model", "rnnlm", "--shape", "3,4,5,6,7", "--threads", "1", "--seconds", "0")

    def test_json_alone_on_standard_output(self) -> None:
        result = invoke(*self.STEPS, "--contender", "floor", "--contender", "plain", "--json", "-")
        assert result.exit_code == 0, result.output
        found = json.loads(result.stdout)
        assert set(found) == {"date", "machine", "cells", "figures"}
        assert set(found["machine"]) == {"cpu", "cores", "system", "blas", "python", "versions"}
        (measured,) = found["cells"]
        assert measured["shape"] == SMALL._asdict()
        assert [timing["name"] for timing in measured["timings"]] == ["fused", "floor", "plain"]
        assert {len(timing["seconds"]) for timing in measured["timings"]} == {rounds.FEWEST}
        assert all(0 < timing["baseline"] <= timing["peak"] for timing in measured["timings"])

    def test_a_table_that_fits_60_columns_and_goes_on_where_it_ended(self, tmp_path: Path) -> None:
        path = tmp_path / "bench.json"
        first = invoke(*self.STEPS, "--contender", "plain", "--json", str(path))
        assert first.exit_code == 0, first.output
        assert max(map(len, first.stdout.split("ms: median")[0].splitlines())) <= 60
        kept = path.read_text()
        again = invoke(*self.STEPS, "--contender", "plain", "--json", str(path), "--resume")
        assert again.exit_code == 0, again.output
        assert path.read_text() == kept

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--shape", "1,2,3"], "--shape: got 1,2,3; wanted N,T,D,H,V, five whole numbers of at least 1"),
            (["--shape", "0,1,1,1,1"], "--shape: got 0,1,1,1,1"),
            (["--seconds", "-1"], "--seconds: got -1; wanted a number of at least 0"),
            (["--threads", "0"], "--threads"),
            (["--contender", "tensorflow"], "tensorflow"),
            (["--resume"], "--resume: there is no file to go on with; name it with --json PATH"),
            (["--json", "/no/such/folder/a.json"], "--json: there is no folder /no/such/folder"),
            (["--plot", "a.jpg"], "--plot: a.jpg does not end in .png"),
        ],
    )
    def test_what_cannot_run_is_one_sentence_and_status_2(self, arguments: list[str], sentence: str) -> None:
        result = invoke(*arguments)
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert result.stderr.count("\n") == 1

    @pytest.mark.parametrize("package", ["threadpoolctl", "jax"])
    def test_a_missing_package_is_named_with_what_to_install(
        self, package: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "find_spec", lambda name: None if name == package else object())
        result = invoke("--peers", "--part", "steps")
        assert result.exit_code == 2
        extra = "bench-peers" if package == "jax" else "bench"
        wanted = f"bench: {package} is not installed; run: pip install 'tiny-autograd-rnn[{extra}]'"
        assert wanted in result.stderr

    def test_a_report_of_another_machine_is_not_gone_on_with(self, tmp_path: Path) -> None:
        path = tmp_path / "bench.json"
        path.write_text(to_json(Report("2026-01-01", MACHINE)))
        result = invoke("--json", str(path), "--resume")
        assert result.exit_code == 2
        assert "was measured elsewhere (a CPU" in result.stderr
        path.write_text("{}")
        assert "holds no report of this command" in invoke("--json", str(path), "--resume").stderr

    def test_ctrl_c_ends_the_children(self, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[subprocess.Popen[str]] = []

        def interrupted(worker: Worker, do: str, **_: Any) -> Any:
            started.append(worker._process)
            raise KeyboardInterrupt

        monkeypatch.setattr(Worker, "ask", interrupted)
        with pytest.raises(KeyboardInterrupt):
            rounds.measure("rnnlm", SMALL, 1, ["fused", "plain"], 0, lambda _: None)
        assert [process.poll() is not None for process in started] == [True]

    def test_a_sweep_is_drawn(self, tmp_path: Path) -> None:
        report = Report("2026-01-01", MACHINE)
        for k, size in enumerate((10, 100, 1000)):
            for along in "THV":
                shape = Shape(20, 50, 256, 256, 1000)._replace(**{along: size})
                report = report.having(cell([k + 1] * 3, [2 * k + 1] * 3, along=along, shape=shape))
        draw(tmp_path / "a.png", report)
        assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
        with pytest.raises(RefusedError, match="no sweep was measured"):
            draw(tmp_path / "b.png", Report("2026-01-01", MACHINE))
        assert not (tmp_path / "b.png").exists()


def test_bench_is_a_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tiny_autograd_rnn", "bench", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "Exit status" in shown

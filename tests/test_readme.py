"""The README says what the code says."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from compare.checking.command import check
from compare.readme import layer_table, with_tables

README = Path(__file__).parents[1] / "README.md"


def test_the_tables_are_made_from_the_pairs_and_from_what_was_measured() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_tables(text) == text, "the tables are stale: run `make readme`"


@pytest.mark.parametrize(("right", "wrong"), [("| `TimeRNN` |", "| `TimeRMM` |"), (", 418 | 1 | ", ", 418 | 1 | 0.")])
def test_a_changed_table_would_be_noticed(right: str, wrong: str) -> None:
    text = README.read_text(encoding="utf-8")
    changed = text.replace(right, wrong)
    assert changed != text
    assert with_tables(changed) == text


def test_a_readme_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="to put the table between"):
        with_tables("# no marks")


def test_every_file_in_the_table_exists() -> None:
    for part in layer_table().split("](")[1:]:
        assert (README.parent / part.split(")")[0]).is_file()


def test_the_sample_of_a_check_is_what_it_prints() -> None:
    text = README.read_text(encoding="utf-8")
    sample = text.split("$ tiny-autograd-rnn check docs/examples/learner.py --reveal fix\n")[1].split("```")[0]
    path = README.parent / "docs" / "examples" / "learner.py"
    printed = CliRunner(env={"COLUMNS": "200"}).invoke(check, [str(path), "--reveal", "fix"]).output
    lines = [line.rstrip() for line in printed.splitlines()]
    for line in sample.splitlines():
        assert line == "…" or line in lines

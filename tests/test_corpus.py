"""The corpus is what it says: every edit applies, every row is covered, and every verdict is measured."""

import ast
from collections import Counter

import pytest
from corpus import BEYOND, CORRECT, PLANTED, ROWS, SAMPLE, Correct, Planted, correct_of, laid_out, planted_text, wanted
from corpus.entries import HERE
from corpus.running import source
from corpus.verify import disagreements

COVERED = [(row, protocol) for row, (_, protocols) in ROWS.items() for protocol in protocols]


def test_every_file_is_in_the_index_once() -> None:
    kinds = (".py", ".ipynb", ".txt")
    files = {path.relative_to(HERE).as_posix() for path in HERE.rglob("[!.]*") if path.suffix in kinds}
    beside = {"repo/common/__init__.py", "repo/common/functions.py"}
    assert Counter(correct.file for correct in CORRECT) == Counter(files - beside)


@pytest.mark.parametrize("correct", CORRECT, ids=lambda correct: correct.file)
def test_a_correct_file_defines_its_symbols(correct: Correct) -> None:
    if correct.python2:
        with pytest.raises(SyntaxError):
            compile(correct.text, correct.file, "exec")
    elif correct.file.endswith(".py"):
        compile(correct.text, correct.file, "exec")
    defined = {getattr(node, "name", "") for node in ast.walk(ast.parse(source(correct.file, correct.text)))}
    for symbol in correct.symbols:
        assert symbol in defined or {f"{symbol}_forward", f"{symbol}_backward"} <= defined, symbol
    assert 1 <= len(correct.symbols) <= 8
    assert {*correct.fragile, *correct.debatable, *correct.like} <= set(correct.symbols)


def test_ids_are_unique_and_texts_differ() -> None:
    assert [id for id, count in Counter(planted.id for planted in PLANTED).items() if count > 1] == []
    texts = Counter((planted.file, planted_text(planted)) for planted in PLANTED)
    assert [file for (file, _), count in texts.items() if count > 1] == []
    assert all(planted_text(planted) != correct_of(planted).text for planted in PLANTED)


def test_every_fault_is_of_a_row_and_of_symbols_that_are_there() -> None:
    for planted in PLANTED:
        assert planted.row in (*ROWS, BEYOND), planted.id
        assert set(planted.verdicts) <= set(wanted(planted)), planted.id
        assert planted.symbols or planted.row == "syntax", planted.id
        assert all("correct" not in verdicts for verdicts in planted.verdicts.values()), planted.id


@pytest.mark.parametrize("entries", [PLANTED, SAMPLE], ids=["all", "sample"])
def test_every_row_is_covered_in_each_protocol_that_has_it(entries: tuple[Planted, ...]) -> None:
    counts = Counter((planted.row, planted.protocol) for planted in entries)
    assert [place for place in COVERED if counts[place] < 2] == []


def test_a_text_is_laid_out_beside_its_neighbours(tmp_path_factory: pytest.TempPathFactory) -> None:
    for planted in SAMPLE:
        path = laid_out(planted.file, planted_text(planted), tmp_path_factory.mktemp("file"))
        assert path.read_bytes().decode("utf-8") == planted_text(planted)
        assert planted.file.startswith("repo/") == (path.parents[1] / "common" / "layers.py").exists()


@pytest.mark.parametrize("correct", CORRECT, ids=lambda correct: correct.file)
def test_a_correct_file_measures_as_the_index_says(correct: Correct) -> None:
    assert disagreements(correct) == []


@pytest.mark.parametrize("planted", SAMPLE, ids=lambda planted: planted.id)
def test_a_planted_fault_measures_as_the_index_says(planted: Planted) -> None:
    assert disagreements(correct_of(planted), planted) == []

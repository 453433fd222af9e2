"""Each erratum of docs/errata.md, planted alone into right source, is what the comparison says it is."""

import json
import re
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from planted import ROOT, Mistake
from planted.errata import MISTAKES

from compare.judge import compare_pair
from compare.report import PairReport

CODE_LINES = 140
DOCUMENTS = ROOT.parent / "shared" / "documents"
ENTRY = re.compile(
    r"^\*\*(\d+)\*\* · (.+)\n- written: (.+)\n- does: (?s:(.+?))\n- right: (.+)\n- caught by: (\w+):?,? ?(.*)$", re.M
)


@dataclass(frozen=True)
class Erratum:
    """An entry of docs/errata.md; `caught` is row, contract, parser, import or nothing, `answer` what is said then."""

    number: int
    written: tuple[str, ...]
    fragile: bool
    caught: str
    answer: tuple[str, ...]

    @staticmethod
    def read(text: str) -> "list[Erratum]":
        return [
            Erratum(int(number), _spans(written), "(*fragile*)" in title, caught, _spans(answer))
            for number, title, written, _, _, caught, answer in ENTRY.findall(text)
        ]


def _spans(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", text))


TEXT = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
ERRATA = Erratum.read(TEXT)


def compared(mistake: Mistake, right: bool = False) -> PairReport:
    with warnings.catch_warnings():
        # what a mistake makes NumPy warn of is not the comparison's finding
        warnings.simplefilter("ignore", RuntimeWarning)
        return compare_pair(mistake.pair(right), mistake.dtype, seeds=1)


@pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: str(erratum.number))
def test_the_one_mistake_is_caught_as_the_errata_say(erratum: Erratum) -> None:
    mistake = MISTAKES[erratum.number]
    if erratum.caught in ("parser", "import"):
        with pytest.raises(SyntaxError if erratum.caught == "parser" else NameError, match=re.escape(*erratum.answer)):
            mistake.pair()
        return
    report = compared(mistake)
    assert report.ok == (erratum.caught == "nothing")
    failed = {tensor.name: tensor for tensor in report.tensors if not tensor.ok}
    if erratum.caught == "row":
        name, *note = erratum.answer
        assert failed[name].blame == "hand"
        assert failed[name].note == "".join(note)
    if erratum.caught == "contract":
        assert failed.keys() >= set(erratum.answer)


RIGHT = {(mistake.layer, mistake.file, mistake.dtype): mistake for mistake in MISTAKES.values()}


@pytest.mark.parametrize("mistake", RIGHT.values(), ids=lambda mistake: f"{mistake.layer}-{mistake.dtype}")
def test_without_a_mistake_the_same_source_passes_by_the_same_path(mistake: Mistake) -> None:
    assert compared(mistake, right=True).ok


def test_every_erratum_is_planted_and_counted() -> None:
    numbers = [erratum.number for erratum in ERRATA]
    assert numbers == list(range(1, len(numbers) + 1)) == sorted(MISTAKES)
    fragile = sum(erratum.fragile for erratum in ERRATA)
    said = " ".join(TEXT.split())
    assert f"{len(numbers)} mistakes stand in {CODE_LINES} lines of code: {len(numbers) - fragile} that" in said
    assert f"and {fragile} marked *fragile*" in said
    assert TEXT.count("- written:") == len(numbers), "an entry is not in the form that this test reads"


@pytest.mark.parametrize("number", [35, 36])
def test_the_logarithm_of_zero(number: int) -> None:
    # at the first step all probability is on class 1; the target is class 2, or ignored
    xs, ts = np.array([[[0, 1e4, 0], [0, 0, 0]]]), np.array([[2 if number == 35 else -1, 1]])
    with np.errstate(all="ignore"):
        wrong = MISTAKES[number].pair().hand().forward(xs, ts)
    right = MISTAKES[number].pair(right=True).hand().forward(xs, ts)
    assert np.isposinf(wrong) if number == 35 else np.isnan(wrong)
    assert right == pytest.approx((1e4 + np.log(3)) / 2 if number == 35 else np.log(3))


@pytest.fixture
def documents() -> dict[str, str]:
    if not DOCUMENTS.is_dir():
        pytest.skip("the documents do not stand beside this checkout")
    return {path.suffix: path.read_text(encoding="utf-8") for path in DOCUMENTS.iterdir()}


def test_every_written_line_stands_in_the_documents(documents: dict[str, str]) -> None:
    lines = {line.strip() for line in documents[".txt"].splitlines()}
    for erratum in ERRATA:
        assert set(erratum.written) <= lines, f"no. {erratum.number}"


def test_the_documents_hold_the_same_code(documents: dict[str, str]) -> None:
    cells = json.loads(documents[".ipynb"])["cells"]
    notebook = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert code(notebook) == code(documents[".txt"])
    assert len(code(notebook)) == CODE_LINES


def code(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    return [line for line in lines if line and not line.lstrip().startswith("#") and line != "In [None]:"]

"""What a workshop remembers of a text, and what may not be made worse while warnings are mended."""

import pytest
from strangers import BOTH, RNN, edited

from compare.checking.settings import Settings
from compare.mending import keeping
from compare.mending.edit import Edit
from compare.mending.keeping import keep_one
from compare.mending.made import Chain
from compare.mending.manuscript import Manuscript
from compare.mending.search import Budget
from compare.mending.workshop import Workshop

HELPED = edited(
    edited(RNN, "class RNN:", "def squashed(x):\n    return np.tanh(x)\n\n\nclass RNN:"),
    "np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)",
    "squashed(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)",
)
TWO = f"""{HELPED}

class Sigmoid:
    def __init__(self):
        self.params, self.grads, self.out = [], [], None
"""


@pytest.fixture
def judgements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the layers that are judged by running them, one after the other."""
    found: list[str] = []
    run = Workshop._run

    def counted(self: Workshop, *given: object) -> object:
        found.append(self.name)
        return run(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Workshop, "_run", counted)
    return found


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("[], [], None", "[], [], 0", False),
        ("return np.tanh(x)", "return np.tanh(x) + 0", True),
        ("dt.sum(axis=0)", "np.sum(dt, axis=0)", True),
        ("import numpy as np\n", "import numpy as np  # of all\n", True),
    ],
    ids=["another layer", "a helper", "the layer", "the file"],
)
def test_only_what_a_layer_comes_to_asks_for_a_new_judgement(
    old: str, new: str, again: bool, judgements: list[str]
) -> None:
    workshop = Workshop("RNN", Settings({}), Budget.of(60))
    first = workshop.judged(Manuscript.of(TWO, "layers.py"))
    assert judgements == ["RNN"]
    second = workshop.judged(Manuscript.of(edited(TWO, old, new), "layers.py"))
    assert judgements == ["RNN"] * (1 + again)
    assert (first is second) == (not again)


def test_the_layers_that_a_layer_is_made_of_count(judgements: list[str]) -> None:
    workshop = Workshop("TimeRNN", Settings({}), Budget.of(60))
    right = workshop.judged(Manuscript.of(BOTH, "layers.py"))
    wrong = workshop.judged(Manuscript.of(edited(BOTH, "np.dot(dt, Wh.T)", "np.dot(dt, Wh)"), "layers.py"))
    assert right
    assert right.verdict == "correct"
    assert wrong
    assert wrong.verdict == "wrong"


def chain(text: str) -> Chain:
    """A right layer, of which warnings are left."""
    return Chain(Manuscript.of(text, "layers.py"), Settings({}, fragile=True), {}, right={"", "RNN"})


# two warnings of a layer whose numbers are right: the caller's array is changed, and an optimiser's array replaced
WARNED = edited(
    edited(RNN, "dt = dh_next * (1 - h_next ** 2)", "dt = dh_next\n        dt *= 1 - h_next ** 2"),
    "self.grads[2][...] = dt",
    "self.grads[2] = dt",
)


def test_what_reading_warns_of_is_mended_together(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    no_worse = keeping._no_worse

    def counted(made: Chain, symbol: str, after: Manuscript) -> bool:
        asked.append(symbol)
        return no_worse(made, symbol, after)

    monkeypatch.setattr(keeping, "_no_worse", counted)
    made = chain(WARNED)
    before = [p for p in (*made.manuscript.problems, *made.manuscript.unchecked) if p.severity != "note"]
    assert len(before) > 1
    keep_one(made, "RNN")
    assert asked == ["RNN"]
    assert len(made.steps) == len(before)
    assert not [p for p in made.manuscript.problems if p.severity != "note"]


def test_where_all_together_is_worse_one_after_the_other_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    no_worse = keeping._no_worse
    answers = iter([False])
    monkeypatch.setattr(keeping, "_no_worse", lambda *given: next(answers, None) is None and no_worse(*given))
    made = chain(WARNED)
    keep_one(made, "RNN")
    assert len(made.steps) > 1
    assert not [p for p in made.manuscript.problems if p.severity != "note"]


def test_a_right_layer_without_warnings_stays() -> None:
    made = chain(RNN)
    keep_one(made, "RNN")
    assert made.steps == []


LOSS = """\
import numpy as np


class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.y, self.t = None, None

    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.log(self.y[np.arange(len(t)), t]).mean()

    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        dx *= dout
        return dx / len(self.t)
"""


@pytest.mark.parametrize(
    ("new", "fine"),
    [("dx = np.array(self.y)", True), ("dx = np.array(self.y, dtype=dout.dtype)", False)],
)
def test_an_edit_that_breaks_another_part_of_the_contract_is_refused(new: str, fine: bool) -> None:
    made = Chain(Manuscript.of(LOSS, "layers.py"), Settings({}), {}, right={"", "SoftmaxWithLoss"})
    after = made.manuscript.edited([Edit("layers.py", 15, 15, (f"        {new}",))])
    assert keeping._no_worse(made, "SoftmaxWithLoss", after) == fine
    assert not keeping._no_worse(made, "nobody", after)

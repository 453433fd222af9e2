"""The rules one by one: a slip that each is for is mended to what stood there, and what reading proposes gives way."""

import pytest
from strangers import BOTH, LAYER_NORM, RNN, RNN_STEP, edited

from compare.checking.findings import FileReport
from compare.checking.judgement import Judgement
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.mending import running
from compare.mending.edit import Edit, Proposal
from compare.mending.made import Chain
from compare.mending.manuscript import Manuscript
from compare.mending.search import Budget
from compare.mending.workshop import Workshop

IN_PLACE = edited(
    BOTH,
    """\
        grads = [0, 0, 0]
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] = grads[i] + grad
        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
""",
    """\
        for grad in self.grads:
            grad[...] = 0
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                self.grads[i] += grad
""",
)
RELU = """\
import numpy as np


class Relu:
    def __init__(self):
        self.params, self.grads = [], []
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
"""
ZEROS = "[np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]"

# what is right, what stands there instead
SLIPS = {
    "called": (RNN, "np.dot(x.T, dt)", "np.dot(x.transpose, dt)"),
    "without_keyword": (RNN, "np.dot(h_prev, Wh) + b)", "np.dot(h_prev, Wh) + b, axis=1)"),
    "set to zero": (IN_PLACE, "        for grad in self.grads:\n            grad[...] = 0\n", ""),
    "no gradients": (RNN, f"        self.grads = {ZEROS}\n", ""),
    "no parameters": (RNN, "        self.params = [Wx, Wh, b]\n", ""),
    "not unpacked": (RNN, "        Wx, Wh, b = self.params\n        x, h", "        x, h"),
    "two lists": (RNN, ZEROS, "[np.zeros_like(Wx)] [np.zeros_like(Wh), np.zeros_like(b)]"),
    "letters exchanged where it is set": (
        RNN,
        "Wx, Wh, b = self.params\n        x, h",
        "Wx, hW, b = self.params\n        x, h",
    ),
    "denied": (RELU, "x <= 0", "x > 0"),
    "nobody reads it": (RNN, "self.cache = (x, h_prev, h_next)", "self.cahce = (x, h_prev, h_next)"),
    "name of a function": (RNN_STEP, "def rnn_step_backward", "def rnn_step_bakward"),
    "name of a forward": (LAYER_NORM, "def layernorm_forward", "def layernrm_forward"),
    "name of a pair, letters exchanged": (RNN_STEP, "def rnn_step_backward", "def rnns_tep_backward"),
    "name of a pair": (RNN_STEP, "def rnn_step_backward", "def rnn_stepback"),
}
# what is right otherwise than it was
OTHERWISE = {"called": "np.dot(x.transpose(), dt)"}


def report(text: str, *, fragile: bool = False) -> FileReport:
    return check_text(text, "layers.py", Settings({}, mend=True, fragile=fragile, seconds=60), None)


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_mended(name: str) -> None:
    right, old, new = SLIPS[name]
    found = report(edited(right, old, new), fragile=name == "set to zero")
    assert found.mended == edited(right, old, OTHERWISE.get(name, old))
    assert any(f.fix for f in found.findings if not f.advice)


@pytest.mark.parametrize("text", [RNN, IN_PLACE, RNN_STEP], ids=["RNN", "in place", "functions"])
def test_what_is_right_is_left_alone(text: str) -> None:
    found = report(text)
    assert found.mended is None
    assert found.ok


def test_what_reading_proposes_gives_way_where_it_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    text = edited(RNN, "np.dot(h_prev.T, dt)", "np.dot(h_prev.T, dh_next)")
    search = running._found
    parts: list[float] = []

    def read_first(made: Chain, *others: object) -> bool:
        made.take(Proposal((Edit("layers.py", 19, 19, ("        dt = np.sin(dh_next) + 7.25",)),)), "RNN")
        return True

    def found(made: Chain, workshop: Workshop, judgement: Judgement, part: float = 1.0) -> bool:
        parts.append(part)
        return not made.steps and search(made, workshop, judgement, part)

    monkeypatch.setattr(running, "_read_first", read_first)
    monkeypatch.setattr(running, "_found", found)
    made = Chain(Manuscript.of(text, "layers.py"), Settings({}, seconds=60), {})
    running.run(made)
    assert made.manuscript.text == RNN
    assert "RNN" in made.right
    assert len(made.steps) == 1
    assert parts == [1.0, 0.3]


def test_what_reading_proposes_stays_where_nothing_is_found_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    text = edited(RNN, "dh_next * (1 - h_next ** 2)", "np.sin(dh_next) + 7.25")
    read = Proposal((Edit("layers.py", 1, 1, ("import numpy as np  # read",)),))

    def read_first(made: Chain, *others: object) -> bool:
        made.take(read, "RNN")
        return True

    monkeypatch.setattr(running, "_read_first", read_first)
    monkeypatch.setattr(running, "_found", lambda *given: False)
    made = Chain(Manuscript.of(text, "layers.py"), Settings({}), {})
    running.run(made)
    assert [step.proposal for step in made.steps] == [read]
    assert "RNN" not in made.right


def test_a_name_that_stops_one_layer_after_the_other_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = RNN.replace("np.", "numerical.")
    text = f"{unknown}\n\n{unknown.replace('class RNN', 'class MyRNN')}"
    seconds: list[float] = []

    def nothing(workshop: Workshop, *others: object) -> tuple[()]:
        seconds.append(workshop.budget.left)
        return ()

    monkeypatch.setattr(running, "mended", nothing)
    monkeypatch.setattr(running, "_read_first", lambda *given: False)
    made = Chain(Manuscript.of(text, "layers.py"), Settings({}, seconds=60), {})
    running.run(made)
    assert made.unknown == {"name 'numerical' is not defined"}
    assert seconds[0] > 50 > 10 > seconds[1]


@pytest.mark.parametrize(("left", "of_a_call"), [(10, 2.0), (1.0, 0.5), (0.1, 0.25), (-5, 0.25)])
def test_one_attempt_that_never_ends_leaves_time_for_others(left: float, of_a_call: float) -> None:
    assert Budget.of(left).of_a_call == pytest.approx(of_a_call, abs=0.05)

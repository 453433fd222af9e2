"""Right sides found by their value: short expressions that give an array, and no others."""

import ast
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strangers import LAYER_NORM, RNN, edited

from compare.agreement import Array
from compare.checking.run import check_text
from compare.checking.sandbox import Recorded
from compare.checking.settings import Settings
from compare.mending.synthesis.instants import instant
from compare.mending.synthesis.searching import Table
from compare.mending.synthesis.terms import Style, built

BOOK, COURSE = Style("np.dot", "np.sum"), Style("@", ".sum")
# of two sizes that are the same the first is as good as the other
SIZES = st.lists(st.integers(2, 6), min_size=3, max_size=3, unique=True)
SEEDS = st.integers(0, 1000)

# what is wanted, as either of the two writes it
FORMS = [
    ("dh * (1 - h ** 2)", "dh * (1 - h ** 2)"),
    ("np.dot(x.T, da)", "x.T @ da"),
    ("np.dot(da, Wx.T)", "da @ Wx.T"),
    ("np.sum(da, axis=0)", "da.sum(axis=0)"),
    ("np.sum(ys, axis=(0, 1))", "ys.sum(axis=(0, 1))"),
    ("da / N", "da / N"),
    ("dh + h + da", "dh + h + da"),
    ("np.dot(x, Wx) + b", "x @ Wx + b"),
]


def drawn(sizes: list[int], seed: int) -> dict[str, Array]:
    """The variables of a step and its way back."""
    (n, d, h), rng = sizes, np.random.default_rng(seed)
    shapes = {"x": (n, d), "Wx": (d, h), "b": (h,), "h": (n, h), "dh": (n, h), "da": (n, h), "ys": (n, 2, h)}
    return {name: np.asarray(rng.standard_normal(shape)) for name, shape in shapes.items()}


def found(values: Mapping[str, Array], sizes: Mapping[str, int], wanted: Array, style: Style) -> list[str]:
    return [term.text for term in Table(built(values, sizes, style), style).giving(wanted)]


def value(text: str, names: Mapping[str, object]) -> Array:
    return np.asarray(eval(text, {"np": np, **names}))


@pytest.mark.parametrize("style", [BOOK, COURSE], ids=["book", "course"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[1])
@settings(max_examples=5, deadline=None)
@given(SIZES, SEEDS)
def test_what_is_found_gives_what_is_wanted(style: Style, form: tuple[str, str], shape: list[int], seed: int) -> None:
    values, sizes = drawn(shape, seed), {"N": shape[0]}
    wanted = value(form[0], {**values, **sizes})
    texts = found(values, sizes, wanted, style)
    for text in texts:
        np.testing.assert_allclose(value(text, {**values, **sizes}), wanted, rtol=1e-8, atol=1e-8)
    # a sum in another order is as good
    orders = {_ordered(text) for text in texts}
    assert _ordered(form[style is COURSE]) in orders


def _ordered(text: str) -> tuple[str, ...]:
    """A text without the order of its summands."""
    return tuple(sorted(text.replace("(", "").replace(")", "").split(" + ")))


@settings(max_examples=10, deadline=None)
@given(SIZES, SEEDS)
def test_nothing_gives_random_numbers(shape: list[int], seed: int) -> None:
    noise = np.asarray(np.random.default_rng(seed + 5000).standard_normal((shape[0], shape[2])))
    assert found(drawn(shape, seed), {"N": shape[0]}, noise, BOOK) == []


def test_what_is_found_has_no_name_of_an_array_of_another_value() -> None:
    values = drawn([4, 3, 5], 0)
    wanted = values["dh"] * (1 - values["h"] ** 2)
    del values["h"]
    assert found(values, {}, wanted, BOOK) == []


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("np.dot(x, W)\nnp.sum(x)", BOOK),
        ("x @ W\nx.sum(axis=0)", COURSE),
        ("x.dot(W)\nnp.sum(x)\nx.sum()\nx.sum()", Style("np.dot", ".sum")),
        ("", BOOK),
    ],
)
def test_products_and_sums_are_written_as_the_learner_writes_them(text: str, style: Style) -> None:
    assert Style.of(text) == style


CALLS = """\
class RNN:
    def forward(self, x):
        N, D = x.shape
        H = self.h.shape[1]
        y = x * 2
        T = len(y)
        return y
"""


def rows(call: int, x: Array) -> list[Recorded]:
    """What a call of CALLS gives its variables."""
    return [
        Recorded("forward", "f.py", 2, call, "x", x),
        Recorded("forward", "f.py", 5, call, "y", x * 2),
        Recorded("forward", "f.py", 7, call, "return 0", x * 2),
    ]


def test_an_instant_has_the_latest_call_what_was_kept_before_and_the_sizes_so_far() -> None:
    function = next(n for n in ast.walk(ast.parse(CALLS)) if isinstance(n, ast.FunctionDef))
    first, second, kept = np.ones((2, 3)), np.full((4, 3), 2.0), np.ones((4, 7))
    elsewhere = Recorded("set_state", "f.py", 20, 1, "self.h", kept)
    other_file = Recorded("set_state", "g.py", 20, 1, "self.c", kept)
    records = [elsewhere, other_file, *rows(2, first), *rows(3, second)]
    at = instant(function, "f.py", records, 6, len(records))
    assert set(at.values) == {"self.h", "x", "y"}
    assert at.values["x"] is second
    assert at.sizes == {"N": 4, "D": 3, "H": 7}
    # T is set in line 6, so that it is there only below
    assert instant(function, "f.py", records, 7, len(records)).sizes["T"] == 4
    assert instant(function, "f.py", records, 6, 4).values["x"] is first


CLASS = """\
import numpy as np


class LayerNorm:
    def __init__(self, gamma, beta):
        self.params = [gamma, beta]
        self.grads = [np.zeros_like(gamma), np.zeros_like(beta)]
        self.x_hat, self.inv = None, None

    def forward(self, x):
        gamma, beta = self.params
        self.inv = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        self.x_hat = (x - x.mean(axis=-1, keepdims=True)) * self.inv
        return self.x_hat * gamma + beta

    def backward(self, dout):
        gamma, beta = self.params
        self.grads[0][...] = (dout * self.x_hat).sum(axis=0)
        self.grads[1][...] = dout.sum(axis=0)
        d = dout * gamma
        along = (d * self.x_hat).mean(axis=-1, keepdims=True)
        return self.inv * (d - d.mean(axis=-1, keepdims=True) - self.x_hat * along)
"""

MISSING = [
    (LAYER_NORM, "    dgamma = (dout * xhat).sum(axis=0)\n"),
    (LAYER_NORM, "    D = dout.shape[1]\n"),
    (CLASS, "        return self.x_hat * gamma + beta\n"),
    (CLASS, "        self.grads[0][...] = (dout * self.x_hat).sum(axis=0)\n"),
    (RNN, "        self.grads[1][...] = np.dot(h_prev.T, dt)\n"),
]


@pytest.mark.parametrize(("text", "line"), MISSING, ids=lambda part: part.strip()[:30])
def test_a_line_that_is_missing_is_put_in(text: str, line: str) -> None:
    report = check_text(edited(text, line, ""), "layers.py", Settings({}, mend=True, seconds=60))
    fixes = {f.fix for f in report.findings if f.fix}
    assert len(fixes) == 1
    assert report.mended is not None
    assert len(report.mended.splitlines()) == len(text.splitlines())
    assert check_text(report.mended, "layers.py", Settings({}, mend=False)).ok


@pytest.mark.parametrize("text", [LAYER_NORM, CLASS, RNN], ids=["functions", "class", "RNN"])
def test_a_right_layer_stays_as_it_is(text: str) -> None:
    report = check_text(text, "layers.py", Settings({}, mend=True))
    assert report.ok
    assert report.mended is None

"""A stranger's code in a process of its own: what goes in, what comes back, and what a file is given that it lacks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

import manual
from compare.checking.sandbox import (
    Foreign,
    GoneError,
    Kept,
    Limits,
    Missing,
    Session,
    StrangerError,
    Subclassed,
    TooLarge,
    bubblewrap,
    child,
)
from compare.checking.sandbox.nurseries import _kept
from compare.checking.source import Unit

Make = Callable[..., Session]


def units(text: str, label: str = "file.py") -> list[Unit]:
    """A file of one unit."""
    return [Unit(label, dedent(text))]


@pytest.fixture
def make() -> Iterator[Make]:
    """Sessions of a text, closed in the end; modules as texts by name."""
    sessions: list[Session] = []

    def made(text: str, modules: Mapping[str, str] | None = None, **options: Any) -> Session:
        given = {name: units(t, f"{name.replace('.', '/')}.py") for name, t in (modules or {}).items()}
        sessions.append(Session(units(text), given, **options))
        return sessions[-1]

    yield made
    for session in sessions:
        session.close()


def raised(session: Session, symbol: str, *args: Any) -> StrangerError:
    """The error that a function's call ends in."""
    with pytest.raises(StrangerError) as caught:
        session.function(symbol, args, {})
    return caught.value


VALUES = """
    import numpy as np
    def same(*values): return values[0] if len(values) == 1 else values
    def typed(value): return type(value).__name__
    class Thing: pass
    class Tagged(np.ndarray): pass
    things = {
        "object": lambda: Thing(),
        "dict": lambda: {"a": 1},
        "objects": lambda: np.array([Thing(), None]),
        "text": lambda: np.array(["a"]),
        "record": lambda: np.zeros(2, "i4,f8"),
        "generator": lambda: (i for i in range(3)),
        "function": lambda: typed,
        "huge": lambda: 10**400,
        "long": lambda: "a" * 10_000,
        "matrix": lambda: np.matrix([[1.0, 2.0]]),
        "tagged": lambda: np.arange(3.0).view(Tagged),
        "wide": lambda: np.broadcast_to(np.zeros(1), (1_250_000_000,)),
        "many": lambda: list(range(2000)),
        "deep": lambda: [[[[[[1]]]]]],
        "swapped": lambda: np.arange(3, dtype=">f8"),
    }
    def give(name): return things[name]()
"""


@pytest.fixture(scope="module")
def values() -> Iterator[Session]:
    """A session whose functions return what they are given."""
    with Session(units(VALUES), {}, Limits(reply_bytes=1 << 20)) as session:
        yield session


class TestValues:
    @pytest.mark.parametrize(
        "dtype",
        [
            *("bool", "int8", "int16", "int32", "int64", "uint8", "uint64", "float16", "float32", "float64"),
            *("longdouble", "complex64", "complex128", "clongdouble"),
        ],
    )
    @pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 1)])
    def test_arrays_go_both_ways(self, values: Session, dtype: str, shape: tuple[int, ...]) -> None:
        array = (np.random.default_rng(0).standard_normal(shape) * 3).astype(dtype)
        result = values.function("same", [array], {})
        for back in (result.value, result.arguments[0]):
            assert type(back) is np.ndarray
            assert back.dtype == array.dtype
            assert back.shape == shape
            assert np.array_equal(back, array)
            assert back.flags.writeable

    @pytest.mark.parametrize("value", [None, True, 3, -(2**62), 2.5, float("inf"), 1e-310, 2j, "text"])
    def test_scalars_go_both_ways(self, values: Session, value: Any) -> None:
        back = values.function("same", [value], {}).value
        assert back == value
        assert type(back) is type(value)

    def test_nan_and_numbers_of_numpy(self, values: Session) -> None:
        assert np.isnan(values.function("same", [float("nan")], {}).value)
        back = values.function("same", [np.float32(1.5)], {}).value
        assert (back.dtype, back.shape) == (np.float32, ())
        assert values.function("typed", [1.5], {}).value == "float"

    def test_arguments_keep_what_they_are(self, values: Session) -> None:
        result = values.function("same", [(1, [np.ones(2), None])], {})
        assert result.value[0] == 1
        assert isinstance(result.value, tuple)
        assert isinstance(result.arguments[0], tuple)
        assert np.array_equal(result.arguments[0][1][0], [1, 1])

    def test_strided_and_swapped_arrays(self, values: Session) -> None:
        array = np.arange(12.0).reshape(3, 4)
        assert np.array_equal(values.function("same", [array.T[::2]], {}).value, array.T[::2])
        back = values.function("give", ["swapped"], {}).value
        assert np.array_equal(back, [0, 1, 2])
        assert back.dtype.isnative

    @pytest.mark.parametrize(
        ("name", "type_name"),
        [
            ("objects", "array of object"),
            ("text", "array of <U1"),
            ("record", "array of V"),
            ("generator", "generator"),
            ("function", "function"),
            ("huge", "int"),
            ("long", "str"),
            ("many", "list of 2000"),
        ],
    )
    def test_what_is_no_number_comes_by_its_type(self, values: Session, name: str, type_name: str) -> None:
        assert values.function("give", [name], {}).value == Foreign(type_name)

    @pytest.mark.parametrize(("name", "type_name"), [("object", "Thing"), ("dict", "dict")])
    def test_other_objects_stay(self, values: Session, name: str, type_name: str) -> None:
        kept = values.function("give", [name], {}).value
        assert isinstance(kept, Kept)
        assert kept.type == type_name
        assert values.function("typed", [kept], {}).value == type_name

    @pytest.mark.parametrize(("name", "type_name"), [("matrix", "matrix"), ("tagged", "Tagged")])
    def test_subclasses_are_wrapped(self, values: Session, name: str, type_name: str) -> None:
        found = values.function("give", [name], {}).value
        assert isinstance(found, Subclassed)
        assert found.type == type_name
        assert type(found.array) is np.ndarray

    def test_what_is_too_large_or_too_deep(self, values: Session) -> None:
        assert values.function("give", ["wide"], {}).value == TooLarge((1_250_000_000,), "float64")
        assert values.function("give", ["deep"], {}).value == [[[[Foreign("list of 1")]]]]
        # what does not fit any more beside the others
        many = values.function("same", [np.zeros(100_000), np.zeros(100_000)], {})
        assert many.value[1] == TooLarge((100_000,), "float64")
        assert many.last is not None

    def test_what_cannot_be_given(self, values: Session) -> None:
        with pytest.raises(TypeError, match="a set cannot be given"):
            values.function("same", [set()], {})
        with pytest.raises(TypeError, match="an array of object"):
            values.function("same", [np.array([None])], {})
        assert values.function("same", [1], {}).value == 1


LAYER = """
    import numpy as np
    class Layer:
        def __init__(self, W, scale=1):
            self.params, self.grads, self.scale = [W], [np.zeros_like(W)], scale
            self.cells = [Cell()]
        def forward(self, x):
            x *= 2
            return np.log(x @ self.params[0]) * self.scale
        def renew(self):
            self.grads = [np.ones(2)]
        def fill(self):
            self.grads[0][...] = 3
        def fail(self, x):
            return self.deeper(x)
        def deeper(self, x):
            return x +  self.nothing
    class Cell:
        def __init__(self): self.h = np.ones(2)
    def forward(x, cache): return x, cache
    def pair(x): return x + 1, {"x": x}
    def back(d, cache): return d * cache["x"]
    def drawn(): return np.random.rand(2), np.random.default_rng().random(2)
    def printed():
        import sys, os
        print("one"); sys.stderr.write("two\\n"); os.write(1, b"three\\x1b[2J\\n")
"""


@pytest.fixture(scope="module")
def layer() -> Iterator[Session]:
    with Session(units(LAYER), {}) as session:
        yield session


class TestCalls:
    def test_a_method_and_what_it_changes(self, layer: Session) -> None:
        slot = layer.make("Layer", [np.eye(2)], {"scale": 3.0})
        x = np.array([[1.0, 0.0]])
        result = layer.call(slot, "forward", [x], {})
        assert np.allclose(result.value[0, 0], 3 * np.log(2))
        assert np.array_equal(result.arguments[0], 2 * x)
        assert x[0, 0] == 1
        (warned,) = result.warnings
        assert (warned.category, warned.label, warned.line) == ("RuntimeWarning", "file.py", 9)
        assert "divide by zero" in warned.message

    def test_attributes(self, layer: Session) -> None:
        slot = layer.make("Layer", [np.eye(2)], {})
        layer.fill(slot, "params", 0, np.full((2, 2), 5.0))
        layer.write(slot, "h", (np.ones(1), None))
        params, h, nothing, cells = layer.read(slot, "params", "h", "nothing", "cells")
        assert np.array_equal(params[0], np.full((2, 2), 5))
        assert (h[1], nothing) == (None, Missing())
        layer.fill(cells[0].slot, "h", None, np.zeros(2))
        assert not layer.read(cells[0].slot, "h")[0].any()
        with pytest.raises(StrangerError, match="broadcast"):
            layer.fill(slot, "params", 0, np.ones(3))

    def test_what_an_optimiser_holds(self, layer: Session) -> None:
        slot = layer.make("Layer", [np.eye(2)], {})
        held = layer.hold(slot, "grads")
        layer.call(slot, "fill", [], {})
        layer.call(slot, "renew", [], {})
        assert np.array_equal(layer.value(held)[0], np.full((2, 2), 3))

    def test_a_cache_stays(self, layer: Session) -> None:
        result = layer.function("pair", [np.ones(2)], {})
        assert np.array_equal(result.value[0], [2, 2])
        assert isinstance(result.value[1], Kept)
        assert result.last == result.value[1]
        back = layer.function("back", [np.full(2, 3.0), result.value[1]], {})
        assert np.array_equal(back.value, [3, 3])
        assert back.arguments[1] == result.value[1]
        # an array comes as itself, and has a slot too
        both = layer.function("forward", [np.ones(1), np.zeros(1)], {})
        assert isinstance(both.value[1], np.ndarray)
        assert both.last == Kept(both.last.slot if both.last else 0, "ndarray")

    def test_an_exception_has_its_lines(self, layer: Session) -> None:
        slot = layer.make("Layer", [np.eye(2)], {})
        with pytest.raises(StrangerError, match="'Layer' object has no attribute 'nothing'") as caught:
            layer.call(slot, "fail", [np.ones(1)], {})
        error = caught.value
        assert (error.kind, error.type) == ("exception", "AttributeError")
        assert [(f.label, f.line, f.function) for f in error.frames] == [
            ("file.py", 15, "fail"),
            ("file.py", 17, "deeper"),
        ]
        assert error.frames[1].column in (20, None)

    def test_what_there_is_not(self, layer: Session) -> None:
        assert raised(layer, "nothing").type == "NameError"
        slot = layer.make("Layer", [np.eye(2)], {})
        with pytest.raises(StrangerError, match="no attribute 'backward'"):
            layer.call(slot, "backward", [], {})
        with pytest.raises(GoneError, match="the object 999999 is gone"):
            layer.call(999999, "forward", [], {})

    def test_chance_is_the_same_every_time(self, layer: Session) -> None:
        first, second = (layer.function("drawn", [], {}).value for _ in range(2))
        assert np.array_equal(first[0], second[0])
        assert np.array_equal(first[1], second[1])

    def test_what_is_printed(self, make: Make) -> None:
        session = make(LAYER)
        session.function("printed", [], {})
        assert sorted(session.output.split("\n")) == ["", "one", "three\N{REPLACEMENT CHARACTER}[2J", "two"]

    def test_few_slots_for_many_objects(self, make: Make) -> None:
        session = make("class A:\n    def same(self): return self\n")
        slots = [session.make("A", [], {}) for _ in range(2100)]
        assert session.call(slots[-1], "same", [], {}).value == Kept(slots[-1], "A")
        with pytest.raises(GoneError):
            session.call(slots[0], "same", [], {})


class TestDefinitions:
    def test_a_statement_that_fails_is_noted_and_the_rest_goes_on(self, make: Make) -> None:
        session = make("""
            import math
            class Broken:
                size = undefined
            value = 1 / 0
            def right(): return math.pi
            exit()
            data = open("nowhere.txt").read()
        """)
        assert [(f.kind, f.line, f.type, f.name) for f in session.failures] == [
            ("exception", 4, "NameError", "Broken"),
            ("exception", 5, "ZeroDivisionError", "value"),
            ("exception", 7, "SystemExit", ""),
            ("exception", 8, "FileNotFoundError", "data"),
        ]
        assert {f.label for f in session.failures} == {"file.py"}
        assert session.function("right", [], {}).value == np.pi

    def test_units_share_a_namespace(self) -> None:
        cells = [Unit("cell 1", "from __future__ import annotations\nA = 2"), Unit("cell 2", "def f(x: B): return A")]
        broken = Unit("cell 3", "def (")
        with Session([cells[0], broken, cells[1]], {}) as session:
            (failure,) = session.failures
            assert (failure.kind, failure.label, failure.line) == ("syntax", "cell 3", 1)
            assert session.function("f", [1], {}).value == 2

    def test_a_class_that_fails_is_not_the_imported_one(self, make: Make) -> None:
        session = make("""
            from common.time_layers import *
            class TimeRNN:
                wrong = undefined
        """)
        with pytest.raises(StrangerError, match="'TimeRNN' is not defined in this file"):
            session.make("TimeRNN", [np.eye(2), np.eye(2), np.ones(2)], {})
        with pytest.raises(StrangerError, match="'TimeLSTM' is not defined in this file"):
            session.make("TimeLSTM", [np.eye(2), np.eye(2), np.ones(2)], {})

    def test_neighbours_are_imported(self, make: Make) -> None:
        modules = {
            "common.functions": "from .base import BASE\nfrom ..other import OTHER\ndef f(x): return x + BASE + OTHER",
            "common.base": "import numpy as np\nBASE = np.float64(10)\n1 / 0\n",
            "other": "OTHER = 100",
            "layers": "from common.functions import *\nimport common.base\nclass A:\n    def f(self, x): return f(x)",
        }
        session = make(
            """
            import sys; sys.path.append("..")
            from layers import A
            from .layers import A as B
            from . import layers
            from ..common import functions
            import common.functions as F
            def same(): return A is B is layers.A and F is functions and __name__ == "__learner__"
            """,
            modules,
        )
        assert session.function("same", [], {}).value is True
        slot = session.make("A", [], {})
        assert session.call(slot, "f", [1], {}).value == 111
        (failure,) = session.failures
        assert (failure.label, failure.line) == ("common/base.py", 3)
        assert session.stand_ins == ()

    @pytest.mark.parametrize("name", ["manual", "compare.pairs", "tiny_autograd_rnn"])
    def test_our_own_packages_are_refused(self, make: Make, name: str) -> None:
        session = make(f"""
            try:
                from {name} import RNN as Cell
            except ImportError:
                Cell = None
            import {name}
            def f():
                import {name}
            def seen():
                import sys
                return [m for m in sys.modules if m.partition(".")[0] in ("manual", "compare", "tiny_autograd_rnn")]
        """)
        assert [(f.kind, f.line) for f in session.failures] == [("ours", 3), ("ours", 6)]
        assert "is a package of this checker" in session.failures[0].message
        assert session.failures[1].name == name.partition(".")[0]
        assert raised(session, "f").type == "OursError"
        assert session.failures[-1].line == 8
        assert session.function("seen", [], {}).value == []

    def test_a_neighbour_may_have_the_name_of_one_of_ours(self, make: Make) -> None:
        session = make(
            "from manual import f\nfrom common.functions import softmax\n"
            "def g(x): return f(softmax(x))\ndef h():\n    import manual\n    return manual.f(1)",
            {"manual": "def f(x): return x * 0 + 7"},
        )
        assert session.function("g", [np.ones(2)], {}).value[0] == 7
        assert session.function("h", [], {}).value == 7
        assert session.failures == ()


class TestStandIns:
    def test_free_names_are_given_and_told(self, make: Make) -> None:
        session = make("""
            def f(x, reduce): return softmax(x), xrange(2)[1], reduce
            class A:
                np2 = np.arange(2)
                def g(self): return undefined
            def sigmoid(x): return x
            def h(x): return sigmoid(x)
        """)
        assert session.stand_ins == ("np", "softmax", "xrange")
        assert np.allclose(session.function("f", [np.zeros(2), 5], {}).value[0], 0.5)
        assert session.failures == ()

    def test_what_is_defined_is_not_given(self, make: Make) -> None:
        session = make(
            "from helpers import *\nimport numpy as np\ndef f(x): return relu(np.ones(1) * x)",
            {"helpers": "def relu(x): return 42"},
        )
        assert session.function("f", [1], {}).value == 42
        assert session.stand_ins == ()

    def test_the_books_modules(self, make: Make) -> None:
        session = make("""
            import sys
            sys.path.append('..')
            from common.np import *
            from common.time_layers import *
            from common.layers import Embedding, SoftmaxWithLoss as Loss, NoSuchLayer
            from common.config import GPU
            from common import config
            from mylayer.layer import EmbeddingLayer
            from common.base_model import BaseModel
            import cupy as cp
            class Model(BaseModel):
                def __init__(self): self.layers = [Embedding(np.ones((3, 2), 'f'))]
                def forward(self, ids): return cp.asnumpy(self.layers[0].forward(ids)), GPU or config.GPU
                def missing(self): return NoSuchLayer(1)
            def optimiser():
                from common.optimizer import Adam
                return Adam
        """)
        assert session.failures == ()
        given = ("common.np", "common.time_layers", "common.layers", "common.config", "mylayer.layer")
        assert session.stand_ins == (*given, "common.base_model", "cupy")
        slot = session.make("Model", [], {})
        assert session.call(slot, "forward", [np.array([[0, 2]])], {}).value[0].shape == (1, 2, 2)
        with pytest.raises(StrangerError, match=r"`common.layers.NoSuchLayer` is used, but `common` is not there"):
            session.call(slot, "missing", [], {})
        assert session.function("optimiser", [], {}).value == Foreign("common.optimizer.Adam")
        assert "common.optimizer" in session.stand_ins

    def test_other_modules_stop_nothing(self, make: Make) -> None:
        session = make("""
            import matplotlib.pyplot as plt, torch, pandas as pd
            import torch.nn as nn
            from dataset import ptb
            from tqdm import tqdm
            from numba import jit
            plt.figure(figsize=(2, 2)).show()
            if torch.cuda.is_available(): device = torch.device("cuda")
            class Net(nn.Module):
                def __init__(self): super().__init__(); self.x = 1
            class Layer:
                @jit(nopython=True)
                def forward(self, x):
                    plt.plot(x)
                    return sum(v for v in tqdm(x))
                @torch.no_grad()
                def backward(self, d): return torch.zeros(3) + d
            def added(x): return x + torch.pi
            def asked(x): return isinstance(x, torch.Tensor)
        """)
        assert session.failures == ()
        slot = session.make("Layer", [], {})
        assert session.call(slot, "forward", [np.ones(3)], {}).value == 3
        with pytest.raises(StrangerError, match=r"`torch.zeros` is used, but `torch` is not there") as caught:
            session.call(slot, "backward", [np.ones(3)], {})
        assert caught.value.type == "NotInstalledError"
        assert caught.value.frames[-1].line == 17
        assert raised(session, "added", np.ones(2)).type == "NotInstalledError"
        assert session.function("asked", [1], {}).value is False
        assert session.read(session.make("Net", [], {}), "x") == (1,)

    def test_names_that_numpy_had(self, make: Make) -> None:
        names = "float_ int float bool Inf NaN product cumproduct in1d row_stack alltrue sometrue unicode_ object"
        session = make(f"""
            import numpy as np
            def f(): return [np.zeros(1, np.float_), np.product(np.ones(2)), np.asfarray([1]), -np.Inf]
            def g(): return [hasattr(np, name) for name in {names.split()}]
        """)
        assert session.function("f", [], {}).value[3] == -np.inf
        assert all(session.function("g", [], {}).value)

    def test_python_2_and_the_courses_imports(self, make: Make) -> None:
        session = make("""
            from builtins import range, object
            from past.builtins import xrange
            from six.moves import zip
            from cs231n.layers import *
            def f(x, w, b):
                out, cache = affine_forward(x, w, b)
                return affine_backward(out, cache) + (sum(i for i in xrange(3)),)
        """)
        x, w, b = np.ones((2, 1, 3)), np.ones((3, 2)), np.zeros(2)
        dx, dw, db, total = session.function("f", [x, w, b], {}).value
        assert (dx.shape, dw.shape, db.shape, total) == (x.shape, w.shape, b.shape, 3)


RNN_USERS = """
    import numpy as np
    class RNN:
        def __init__(self, *params): raise ValueError("wrong")
    class Time:
        def __init__(self, Wx, Wh, b): self.cell = RNN(Wx, Wh, b)
        def forward(self, x, h):
            self.x = x
            return self.cell.forward(x, h)
        def backward(self, dh): return (*self.cell.backward(dh), *self.cell.grads)
    def rnn_step_forward(x, prev_h, Wx, Wh, b): pass
    def rnn_step_backward(dnext_h, cache): pass
    def both(x, prev_h, Wx, Wh, b, d):
        out, cache = rnn_step_forward(x, prev_h, Wx, Wh, b)
        x, *_ = cache
        return (out, *rnn_step_backward(d, cache))
    def run(forward, backward, d, *args):
        *outs, cache = globals()[forward](*args)
        back = globals()[backward](*d, cache)
        return (*outs, *(back if isinstance(back, tuple) else (back,)))
    def layer(name, count, d, *args):
        made = globals()[name](*args[len(args) - count:])
        out = made.forward(*args[:len(args) - count])
        outs = out if isinstance(out, tuple) else (out,)
        back = made.backward(*d)
        return (*outs, *(back if isinstance(back, tuple) else (back,)), *made.grads)
"""
N, T, D, H = 2, 4, 3, 5


def drawn(*shapes: tuple[int, ...]) -> list[np.ndarray[Any, Any]]:
    rng = np.random.default_rng(1)
    return [rng.standard_normal(shape) for shape in shapes]


def same(found: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return len(found) == len(wanted) and all(np.allclose(f, w, rtol=1e-12) for f, w in zip(found, wanted, strict=True))


class TestReplaced:
    def test_a_cell_of_the_book(self, make: Make) -> None:
        session = make(RNN_USERS, replaced={"RNN": "RNN"})
        x, h, Wx, Wh, b, d = drawn((N, D), (N, H), (D, H), (H, H), (H,), (N, H))
        hand = manual.RNN(Wx, Wh, b)
        out = hand.forward(x, h)
        wanted = (*hand.backward(d), *hand.grads)
        slot = session.make("Time", [Wx, Wh, b], {})
        assert np.allclose(session.call(slot, "forward", [x, h], {}).value, out)
        assert same(session.call(slot, "backward", [d], {}).value, wanted)
        # numbers of several precisions, as files have them
        mixed = session.make("Time", [Wx.astype("f"), Wh, b], {})
        assert np.allclose(session.call(mixed, "forward", [x, h], {}).value, out, atol=1e-6)

    def test_a_step_of_the_course(self, make: Make) -> None:
        session = make(RNN_USERS, replaced={n: n for n in ("rnn_step_forward", "rnn_step_backward")})
        x, h, Wx, Wh, b, d = drawn((N, D), (N, H), (D, H), (H, H), (H,), (N, H))
        hand = manual.RNN(Wx, Wh, b)
        out = hand.forward(x, h)
        assert same(session.function("both", [x, h, Wx, Wh, b, d], {}).value, (out, *hand.backward(d), *hand.grads))

    @pytest.mark.parametrize("spec", ["lstm_step", "lstm_step:ifgo"])
    def test_the_order_of_the_gates(self, make: Make, spec: str) -> None:
        name, _, order = spec.partition(":")
        names = {f"{name}_{way}": f"{name}_{way}:{order}" for way in ("forward", "backward")}
        session = make(RNN_USERS, replaced=names)
        x, h, c, Wx, Wh, b, *d = drawn((N, D), (N, H), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,), (N, H), (N, H))
        hand = manual.LSTM(Wx, Wh, b, order=order or "ifog")
        outs = hand.forward(x, h, c)
        found = session.function("run", [*names, d, x, h, c, Wx, Wh, b], {}).value
        assert same(found, (*outs, *hand.backward(*d), *hand.grads))

    def test_the_course_over_time(self, make: Make) -> None:
        steps = ("rnn", "lstm", "word_embedding", "temporal_affine")
        names = [f"{step}_{way}" for step in steps for way in ("forward", "backward")]
        session = make(RNN_USERS, replaced={name: name for name in names})
        x, h, Wx, Wh, b, d = drawn((N, T, D), (N, H), (D, H), (H, H), (H,), (N, T, H))
        hand = manual.TimeRNN(Wx, Wh, b, stateful=True)
        hand.set_state(h)
        out, dx = hand.forward(x), hand.backward(d)
        found = session.function("run", ["rnn_forward", "rnn_backward", [d], x, h, Wx, Wh, b], {}).value
        assert same(found, (out, dx, hand.dh, *hand.grads))
        affine = manual.TimeAffine(Wx, b)
        out, dx = affine.forward(x), affine.backward(d)
        found = session.function(
            "run", ["temporal_affine_forward", "temporal_affine_backward", [d], x, Wx, b], {}
        ).value
        assert same(found, (out, dx, *affine.grads))

    @pytest.mark.parametrize("order", ["", "rzh:after"])
    def test_a_gru_with_and_without_a_bias(self, make: Make, order: str) -> None:
        names = {f"gru_step_{way}": f"gru_step_{way}:{order}" for way in ("forward", "backward")}
        session = make(RNN_USERS, replaced={**names, "GRU": f"GRU:{order}"})
        x, h, Wx, Wh, b, d = drawn((N, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,), (N, H))
        for given in ([Wx, Wh, b], [Wx, Wh]):
            bias = given[2] if len(given) == 3 else np.zeros(3 * H)
            hand = manual.GRU(Wx, Wh, bias, order=order[:3] or "zrh", reset=order[4:] or "before")
            wanted = (hand.forward(x, h), *hand.backward(d), *hand.grads[: len(given)])
            assert same(session.function("run", [*names, [d], x, h, *given], {}).value, wanted)
            assert same(session.function("layer", ["GRU", len(given), [d], x, h, *given], {}).value, wanted)

    @pytest.mark.parametrize("step", ["affine", "relu", "sigmoid", "tanh", "layernorm"])
    def test_other_steps_of_the_course(self, make: Make, step: str) -> None:
        names = [f"{step}_{way}" for way in ("forward", "backward")]
        session = make(RNN_USERS, replaced={name: name for name in names})
        params = {"affine": drawn((D, H), (H,)), "layernorm": drawn((D,), (D,))}.get(step, [])
        title = {"layernorm": "LayerNorm"}.get(step, step.title())
        x, d = drawn((N, D), (N, H if step == "affine" else D))
        hand = getattr(manual, title)(*params)
        wanted = (hand.forward(x), hand.backward(d), *hand.grads)
        assert same(session.function("run", [*names, [d], x, *params], {}).value, wanted)

    def test_what_there_is_no_layer_for(self) -> None:
        with pytest.raises(StrangerError, match="there is no layer of ours that is called Attention"):
            Session(units("x = 1"), {}, replaced={"Attention": "Attention"})

    @pytest.mark.parametrize("name", ["TimeRNN", "TimeLSTM", "TimeGRU", "TimeGRU:rzh:after"])
    def test_layers_over_time_of_the_book(self, make: Make, name: str) -> None:
        title, _, options = name.partition(":")
        session = make(RNN_USERS, replaced={title: name})
        gates = {"TimeRNN": 1, "TimeLSTM": 4, "TimeGRU": 3}[title]
        x, Wx, Wh, b, d = drawn((N, T, D), (D, gates * H), (H, gates * H), (gates * H,), (N, T, H))
        reset = {"order": "rzh"} if options else {"reset": "before"} if title == "TimeGRU" else {}
        hand = getattr(manual, title)(Wx, Wh, b, **reset)
        wanted = (hand.forward(x), hand.backward(d), *hand.grads)
        assert same(session.function("layer", [title, 3, [d], x, Wx, Wh, b], {}).value, wanted)

    def test_memory_read_before_it_is_written(self, make: Make) -> None:
        text = """
            import numpy as np
            from numpy import empty_like
            def f(): return np.empty(2), np.empty((1,), dtype=int), empty_like(np.ones(1, 'f')), 0
        """
        floats, ids, single, _ = make(text, poison=True).function("f", [], {}).value
        assert np.isnan(floats).all()
        assert np.isnan(single).all()
        assert ids[0] == np.iinfo(int).max


class TestProcess:
    def test_a_dead_process_is_started_again(self, make: Make) -> None:
        session = make("import os\nclass A: x = 1\ndef die(): os._exit(7)")
        old = session.make("A", [], {})
        error = raised(session, "die")
        assert (error.kind, str(error)) == ("died", "its process ended with exit status 7")
        with pytest.raises(GoneError):
            session.read(old, "x")
        new = session.make("A", [], {})
        assert new > old
        assert session.read(new, "x") == (1,)
        with pytest.raises(GoneError):
            session.read(old, "x")
        with pytest.raises(GoneError):
            session.function("A", [Kept(old, "A")], {})

    def test_definitions_that_never_end(self) -> None:
        with pytest.raises(StrangerError, match="took too long") as caught:
            Session(units("x = 1\nwhile True: pass"), {}, Limits(start_seconds=0.7))
        assert caught.value.kind == "timeout"
        assert caught.value.frames[-1].line == 2

    def test_a_process_that_cannot_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_kept, "wanted", False)
        monkeypatch.setattr("sys.executable", "/nowhere/python")
        monkeypatch.setattr(bubblewrap, "works", lambda: "")
        with pytest.raises(StrangerError, match="no process can be started") as caught:
            Session(units(""), {})
        assert caught.value.kind == "start"

    def test_what_protects(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_kept, "wanted", False)
        with Session(units(""), {}) as session:
            assert session.guards[-1] == "audit"
            assert ("bubblewrap" in session.guards) == bool(bubblewrap.works())
        for module in (bubblewrap, child):
            monkeypatch.setattr(module, "works", lambda: "")
        with Session(units(""), {}) as session:
            assert "bubblewrap" not in session.guards

"""A file of the corpus as a namespace: what it defines, run with stand-ins for what it imports.

Only for files of our own: they run in this process. What a top-level statement raises is passed over, so that
training code without its data does no harm.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

import numpy as np

import manual
from corpus.entries import HERE

REMOVED: dict[str, Any] = {"int": int, "float": float, "float_": np.float64}
IGNORED = (
    *("common.optimizer", "dataset", "matplotlib", "matplotlib.pyplot"),
    *("cs231n", "cs231n.gradient_check", "cs231n.captioning_solver"),
)


def source(file: str, text: str) -> str:
    """The Python 3 code of a file, a notebook or an export; its lines are not kept where they are."""
    if file.endswith(".ipynb"):
        cells = ("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
        text = "\n\n".join(cell for cell in cells if not cell.startswith("%%"))
        text = re.sub(r"^[%!].*", "", text, flags=re.MULTILINE)
    if file.endswith(".txt"):
        text = re.sub(r"^In \[.*\]:", "", text, flags=re.MULTILINE)
    if "xrange" in text:
        text = re.sub(r"\bprint\b *(.*)", r"print(\1)", text).replace("xrange", "range")
    return text


def namespace(file: str, text: str) -> dict[str, Any]:
    """What the file defines; SyntaxError where it does not parse."""
    names: dict[str, Any] = {"__name__": "corpus_file", "np": np, "softmax": _softmax, "sigmoid": _sigmoid}
    with patch.dict(sys.modules, _stand_ins(file)), _old_names(), redirect_stdout(StringIO()):
        for node in ast.parse(source(file, text)).body:
            # compiled alone, outside of the try: a return outside of a function is a SyntaxError only here
            unit = compile(ast.Module([node], []), file, "exec")
            with suppress(Exception):
                exec(unit, names)
    return names


@contextmanager
def as_found() -> Iterator[None]:
    """NumPy as a learner's code meets it: with the names that were removed, and with memory that holds NaN."""
    empty, empty_like = np.empty, np.empty_like

    def poisoned(*args: Any, **kwargs: Any) -> Any:
        return _poison(empty(*args, **kwargs))

    def poisoned_like(*args: Any, **kwargs: Any) -> Any:
        return _poison(empty_like(*args, **kwargs))

    with _old_names(), patch.multiple(np, empty=poisoned, empty_like=poisoned_like), np.errstate(all="ignore"):
        yield


def _poison(array: Any) -> Any:
    array[...] = np.nan if array.dtype.kind == "f" else 10**6
    return array


@contextmanager
def _old_names() -> Iterator[None]:
    multiple: Any = patch.multiple
    with multiple(np, create=True, **REMOVED):
        yield


def _stand_ins(file: str) -> dict[str, Any]:
    layers = {name: getattr(manual, name) for name in manual.__all__} | {"np": np}
    contents: dict[str, dict[str, Any]] = {
        "common": {},
        "common.np": {"np": np},
        "common.config": {"GPU": False},
        "common.base_model": {"BaseModel": type("BaseModel", (), {})},
        "common.functions": {"softmax": _softmax, "sigmoid": _sigmoid, "cross_entropy_error": _cross_entropy},
        "common.layers": layers,
        "common.time_layers": layers,
        "cs231n.layers": {"affine_forward": _affine_forward, "affine_backward": _affine_backward},
    }
    modules: dict[str, Any] = {name: MagicMock() for name in IGNORED} | {name: ModuleType(name) for name in contents}
    for name, content in contents.items():
        vars(modules[name]).update(content)
    if file.startswith("repo/"):
        # its real neighbours, the first one first
        with patch.dict(sys.modules, modules):
            for name in ("functions", "layers"):
                exec((HERE / "repo" / "common" / f"{name}.py").read_bytes(), vars(modules[f"common.{name}"]))
    return modules


def _softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _cross_entropy(y: Any, t: Any) -> Any:
    return -np.sum(np.log(y[np.arange(len(y)), t] + 1e-7)) / len(y)


def _affine_forward(x: Any, w: Any, b: Any) -> Any:
    return x.reshape(len(x), -1) @ w + b, (x, w)


def _affine_backward(dout: Any, cache: Any) -> Any:
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)

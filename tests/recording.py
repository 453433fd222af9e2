"""A learner's code run under `sys.settrace`, every value that a statement gives a variable recorded."""

import ast
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FrameType
from typing import Any

import numpy as np

from compare.locating.recorded import Record


def reads(text: str, label: str) -> Mapping[tuple[str, int], frozenset[str]]:
    """The names that each statement reads, `self.h` among them, by its first line."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            header = node.iter if isinstance(node, ast.For) else node
            found[label, node.lineno] = frozenset(_loaded(header))
    return found


def _loaded(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and (isinstance(each.ctx, ast.Load)):
            yield each.id
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
            yield each.target.id
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            yield f"{each.value.id}.{each.attr}"


def _first_lines(text: str) -> dict[int, int]:
    """For each line the first line of the innermost statement that it belongs to."""
    found: dict[int, int] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            last = node.body[0].lineno - 1 if hasattr(node, "body") and node.body else node.end_lineno
            found |= dict.fromkeys(range(node.lineno, (last or node.lineno) + 1), node.lineno)
    return found


class Recorder:
    """Runs functions and records them; `records` holds what was found."""

    def __init__(self, text: str, label: str = "learner.py") -> None:
        self.records: list[Record] = []
        self.namespace: dict[str, Any] = {"__name__": "learner"}
        self._label, self._lines = label, _first_lines(text)
        self._frames: dict[FrameType, tuple[int, int, dict[str, Any]]] = {}
        self._count = itertools.count()
        exec(compile(text, label, "exec"), self.namespace)

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """A call with everything under it recorded."""
        sys.settrace(self._begin)
        try:
            return function(*args)
        finally:
            sys.settrace(None)

    def _begin(self, frame: FrameType, event: str, arg: Any) -> Any:
        code: CodeType = frame.f_code
        if code.co_filename != self._label or code.co_name.startswith("<"):
            return None
        self._frames[frame] = (next(self._count), code.co_firstlineno, {})
        return self._step

    def _step(self, frame: FrameType, event: str, arg: Any) -> Any:
        number, line, before = self._frames[frame]
        now = dict(_arrays(frame.f_locals))
        for name, (array, value) in now.items():
            # given again, or written into
            if name not in before or before[name][0] is not array or not _same(before[name][1], value):
                self._record(frame, line, name, value, number)
        if event == "return":
            for k, value in enumerate(arg if isinstance(arg, tuple) else (arg,)):
                if isinstance(value, np.ndarray):
                    self._record(frame, self._lines.get(frame.f_lineno, 0), f"return {k}", value.copy(), number)
        line = self._lines.get(frame.f_lineno, frame.f_lineno)
        self._frames[frame] = (number, line, now)
        return self._step

    def _record(self, frame: FrameType, line: int, name: str, value: Any, number: int) -> None:
        order = len(self.records)
        self.records.append(Record(frame.f_code.co_name, self._label, line, name, value, order, number))


def _arrays(variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in variables.items():
        if isinstance(value, np.ndarray):
            yield name, (value, value.copy())
        elif name == "self":
            yield from ((f"self.{n}", both) for n, both in _arrays(vars(value)))
        elif isinstance(value, list) and all(isinstance(v, np.ndarray) for v in value):
            yield from ((f"{name}[{i}]", (v, v.copy())) for i, v in enumerate(value))


def _same(a: Any, b: Any) -> bool:
    return bool(a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes())

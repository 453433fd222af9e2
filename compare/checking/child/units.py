"""The stranger's files, run statement by statement: one that fails is noted, and the rest goes on."""

import __future__

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from compare.checking.child.faults import fault
from compare.checking.child.ours import OursError
from compare.checking.child.record import Record

_parse, _compile, _exec = ast.parse, compile, exec


def run(units: Sequence[Sequence[str]], namespace: dict[str, Any], record: Record) -> None:
    """Run units, each a label and a text, in one namespace; what fails is in the record.

    A class or a function whose definition fails is not there afterwards, though an import may have given one of its
    name.
    """
    # a future of one cell is that of the cells after it, as in a notebook
    flags = 0
    for label, text in units:
        record.labels.add(label)
        try:
            tree = _parse(text, label)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            _note(error, record, (label, getattr(error, "lineno", None) or 1), "")
            continue
        for statement in tree.body:
            flags |= _future(statement)
            try:
                _exec(_compile(ast.Module([statement], []), label, "exec", flags, dont_inherit=True), namespace)
            except BaseException as error:
                name = defined(statement)
                if isinstance(statement, ast.ClassDef | ast.FunctionDef):
                    namespace.pop(name, None)
                _note(error, record, (label, statement.lineno), name)


def defined(statement: ast.stmt) -> str:
    """The first name that a statement would bind, "" for none."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return statement.name
    if isinstance(statement, ast.Import | ast.ImportFrom):
        first = statement.names[0]
        return first.asname or (first.name.partition(".")[0] if isinstance(statement, ast.Import) else first.name)
    stored = (n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return next(stored, "")


def _note(error: BaseException, record: Record, place: tuple[str, int], name: str) -> None:
    if isinstance(error, OursError):
        record.failures[-1][-1] = name
        return
    found: Mapping[str, Any] = fault(error, record.labels)
    kind = "syntax" if isinstance(error, SyntaxError) else found["kind"]
    at = found["frames"][-1][:2] if found["frames"] else place
    record.fail(kind, (at[0], at[1]), found["type"], found["message"], name)


def _future(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    features = (getattr(__future__, alias.name, None) for alias in statement.names)
    return sum(feature.compiler_flag for feature in features if feature is not None)

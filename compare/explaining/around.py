"""What a difference stands in: an index, a call, the header of a loop, a target."""

import ast

from compare.explaining.difference import Difference, Step
from compare.explaining.texts import identifier


def step_into(difference: Difference, kind: type[ast.AST] | tuple[type[ast.AST], ...], *fields: str) -> Step | None:
    """The innermost step through a node of a kind, by one of some fields, that leads to the difference."""
    for step in reversed(difference.above):
        if isinstance(step.after, kind) and (not fields or step.field in fields):
            return step
    return None


def in_index(difference: Difference) -> ast.Subscript | None:
    """What is indexed, where the difference stands between the brackets."""
    step = step_into(difference, ast.Subscript, "slice")
    return step.after if step and isinstance(step.after, ast.Subscript) else None


def in_call(difference: Difference) -> ast.Call | None:
    """The innermost call that the difference is an argument of, and nothing deeper."""
    step = step_into(difference, ast.Call)
    return step.after if step and isinstance(step.after, ast.Call) and step.field in ("args", "keywords") else None


def called(difference: Difference) -> str:
    """The name of the function that the difference is an argument of; "" for none."""
    found = in_call(difference)
    return identifier(found.func) if found else ""


def keyword(difference: Difference) -> str:
    """The keyword that the difference is the value of, or is itself; "" for none."""
    if isinstance(difference.either, ast.keyword):
        return difference.either.arg or ""
    step = step_into(difference, ast.keyword)
    return (step.after.arg or "") if step and isinstance(step.after, ast.keyword) else ""


def in_iterable(difference: Difference) -> bool:
    """Whether it is part of what a loop goes over."""
    return bool(step_into(difference, (ast.For, ast.comprehension), "iter"))


def is_whole_iterable(difference: Difference) -> bool:
    """Whether it is what a loop goes over, and not an index in it."""
    indexed = in_index(difference)
    return in_iterable(difference) and (indexed is None or identifier(indexed.value) == "shape" or _outside(difference))


def _outside(difference: Difference) -> bool:
    fields = [(type(step.after), step.field) for step in difference.above]
    into_index = max((i for i, each in enumerate(fields) if each == (ast.Subscript, "slice")), default=-1)
    into_loop = max((i for i, each in enumerate(fields) if each[1] == "iter"), default=-1)
    return into_loop > into_index


def in_target(difference: Difference) -> bool:
    """Whether it is what is assigned to."""
    if not difference.above:
        return False
    return difference.above[0].field in ("targets", "target")


def target(statement: ast.stmt | None) -> ast.expr | None:
    """What a statement assigns to; None where it assigns nothing, or to several things at once."""
    if isinstance(statement, ast.Assign):
        return statement.targets[0]
    return statement.target if isinstance(statement, ast.AugAssign | ast.AnnAssign | ast.For) else None


def whole_of(difference: Difference) -> ast.AST | None:
    """The sum or product that a term or factor differs in, as it is written."""
    return difference.above[-1].before if difference.above else difference.before

"""What a value was computed as, where it is none of the derivation: a gradient with the wrong factor or matrix."""

from collections.abc import Callable, Iterator

from compare.agreement import Array
from compare.locating.entries import Entry
from compare.locating.operations import equal
from compare.locating.question import Question, Relation
from compare.locating.recognising import says_something

# how a gradient g and a value v make a matrix, and how that is written
_MADE: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("{v}ᵀ {g}", lambda g, v: v.T @ g),
    ("{g} {v}", lambda g, v: g @ v),
    ("{g} {v}ᵀ", lambda g, v: g @ v.T),
)


def product(q: Question) -> Relation | None:
    """A gradient of the tape times a factor that is not the one."""
    if q.found.ndim < 2 or not says_something(q.found):
        return None
    for entry in q.tape.index.entries.get(q.found.size, []):
        if entry.kind != "gradient" or entry.array.shape != q.found.shape or not entry.array.all():
            continue
        match = q.tape.factors.recognise(q.found / entry.array, tolerance=1e-7)
        if match and match.how == "same":
            return Relation("factor", f"is {entry.said} times {match.said}")
    return None


def summed(q: Question) -> Relation | None:
    """The rows of a gradient added up, as for a bias."""
    for entry in q.tape.index.ranked:
        if entry.kind == "gradient" and entry.array.ndim > 1 and entry.array.shape[-1:] == q.found.shape:
            total = entry.array.reshape(-1, entry.array.shape[-1]).sum(axis=0)
            if says_something(total) and equal(q.found, total):
                return Relation("operand", f"is {entry.said} summed over its rows")
    return None


def contracted(q: Question) -> Relation | None:
    """The product of a gradient with a matrix, transposed or not."""
    if q.found.ndim != 2 or not says_something(q.found):
        return None
    entries = [entry for entry in q.tape.index.ranked if entry.array.ndim == 2 and not entry.part]
    for said, g, v, made in _products(entries, q.found.shape):
        # the first row alone tells nearly all of them apart
        if equal(made(*_first_row(said, g.array, v.array)), q.found[:1]) and equal(made(g.array, v.array), q.found):
            return Relation("operand", "is " + said.format(g=g.said, v=_in_brackets(v.said)))
    return None


def _products(
    entries: list[Entry], shape: tuple[int, ...]
) -> Iterator[tuple[str, Entry, Entry, Callable[[Array, Array], Array]]]:
    """Every product of a gradient with a value that has a shape."""
    values = [entry for entry in entries if entry.kind == "value"]
    for g in (entry for entry in entries if entry.kind == "gradient"):
        for v in values:
            (n, k), (rows, columns) = g.array.shape, v.array.shape
            fits = (
                (n, columns, k) == (rows, *shape),
                (k, n, columns) == (rows, *shape),
                (k, n, rows) == (columns, *shape),
            )
            yield from ((said, g, v, made) for (said, made), fit in zip(_MADE, fits, strict=True) if fit)


def _first_row(said: str, g: Array, v: Array) -> tuple[Array, Array]:
    return (g, v[:, :1]) if said.startswith("{v}") else (g[:1], v)


def _in_brackets(said: str) -> str:
    return f"({said})" if " " in said else said

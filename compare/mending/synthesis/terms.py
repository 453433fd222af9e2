"""Short expressions over a few arrays with their values: built up from the names, each value kept once."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from compare.agreement import Array

# how tightly a text holds together: an atom, a product, a sum
Holds = Literal[3, 2, 1]
_LARGEST = 20_000
_MOST_TERMS = 20_000
_DIGITS = 8


@dataclass(frozen=True, eq=False)
class Term:
    """An expression and its value; `size` is how much there is to read, `holds` how tightly it holds together."""

    text: str
    array: Array
    size: int = 1
    holds: Holds = 3

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that it reads."""
        return frozenset(n.id for n in ast.walk(ast.parse(self.text, mode="eval")) if isinstance(n, ast.Name))

    def bracketed(self, least: Holds) -> str:
        """The text for a place that asks for something that holds at least so tightly."""
        return self.text if self.holds >= least else f"({self.text})"


@dataclass(frozen=True)
class Style:
    """How a learner writes a matrix product, and an axis that there was not."""

    dot: Literal["@", "np.dot"] = "np.dot"
    sums: Literal[".sum", "np.sum"] = "np.sum"

    @staticmethod
    def of(text: str) -> "Style":
        summed = text.count("np.sum(")
        return Style(
            "@" if text.count(" @ ") > text.count(".dot(") else "np.dot",
            ".sum" if text.count(".sum(") - summed > summed else "np.sum",
        )

    def sum(self, term: Term, how: str, array: Array, size: int) -> Term:
        """The sum of an array: over an axis, with it kept, of all of it."""
        if self.sums == ".sum":
            return Term(f"{term.bracketed(3)}.sum({how})", array, term.size + size)
        return Term(f"np.sum({term.text}{', ' * bool(how)}{how})", array, term.size + size)

    def product(self, one: Term, other: Term, array: Array) -> Term:
        size = one.size + other.size + 1
        if self.dot == "@":
            return Term(f"{one.bracketed(2)} @ {other.bracketed(3)}", array, size, 2)
        return Term(f"np.dot({one.text}, {other.text})", array, size)


def leaves(values: Mapping[str, Array], sizes: Mapping[str, int]) -> list[Term]:
    """What there is by name: arrays, and the sizes that are no 1."""
    # a variable before an element of a list
    ordered = sorted(values, key=lambda name: ("[" in name, "." in name))
    arrays = [Term(name, values[name]) for name in ordered if values[name].size <= _LARGEST]
    return arrays + [Term(name, np.asarray(float(n))) for name, n in sizes.items() if n != 1]


def alone(term: Term) -> Iterator[Term]:
    """What is made of one array: its transpose, its square, what derivatives of activations are."""
    text, array, size = term.bracketed(3), term.array, term.size
    if not array.ndim:
        return
    if array.ndim == 2:
        yield Term(f"{text}.T", array.T, size + 1)
    yield Term(f"(1 - {term.bracketed(2)})", 1 - array, size + 1)
    yield Term(f"{text} ** 2", array**2, size + 1)
    yield Term(f"(1 - {text} ** 2)", 1 - array**2, size + 1)
    if size == 1:
        yield Term(f"{text} * (1 - {text})", array * (1 - array), size + 2, 2)


def less(term: Term, style: Style) -> Iterator[Term]:
    """Sums over an axis, over two, over all."""
    array = term.array
    for axis in range(array.ndim):
        yield style.sum(term, f"axis={axis}", array.sum(axis=axis), 1)
        if array.ndim > 1:
            yield style.sum(term, f"axis={axis}, keepdims=True", array.sum(axis=axis, keepdims=True), 2)
    if array.ndim == 3:
        yield style.sum(term, "axis=(0, 1)", array.sum(axis=(0, 1)), 1)
    if array.ndim > 1:
        yield style.sum(term, "", np.asarray(array.sum()), 1)


def joined(one: Term, other: Term, style: Style) -> Iterator[Term]:
    """What is made of two: the sum, the difference, the product, the quotient, the matrix product."""
    a, b, size = one.array, other.array, one.size + other.size + 1
    if _spread(a, b):
        yield Term(f"{one.bracketed(2)} * {other.bracketed(3)}", a * b, size, 2)
        if one is not other:
            yield Term(f"{one.bracketed(2)} / {other.bracketed(3)}", a / b, size, 2)
        if a.ndim and b.ndim:
            yield Term(f"{one.bracketed(1)} + {other.bracketed(2)}", a + b, size, 1)
            if one is not other:
                yield Term(f"{one.bracketed(1)} - {other.bracketed(2)}", a - b, size, 1)
    if a.ndim > 1 and b.ndim == 2 and a.shape[-1] == b.shape[0]:
        yield style.product(one, other, np.dot(a, b))


def _spread(a: Array, b: Array) -> bool:
    """Whether two arrays fit elementwise, the one spread over the other."""
    try:
        return np.broadcast_shapes(a.shape, b.shape) in (a.shape, b.shape)
    except ValueError:
        return False


class Kept:
    """Terms, of equal values the shortest alone."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self._seen: set[tuple[object, ...]] = set()

    def add(self, term: Term) -> bool:
        """Whether it is new, and numbers that are not all zero."""
        if not term.array.any():
            return False
        key = _key(term.array)
        if key in self._seen or len(self.terms) >= _MOST_TERMS or not np.isfinite(term.array).all():
            return False
        self._seen.add(key)
        self.terms.append(term)
        return True


def built(values: Mapping[str, Array], sizes: Mapping[str, int], style: Style) -> list[Term]:
    """All terms of one operation on the names, and on what is made of one of them alone."""
    kept = Kept()
    first = [term for term in leaves(values, sizes) if kept.add(term)]
    first += [term for leaf in list(first) for term in alone(leaf) if kept.add(term)]
    second: list[Term] = []
    for one in first:
        for other in first:
            second += [term for term in joined(one, other, style) if kept.add(term)]
    for term in [*first, *second]:
        for one in less(term, style):
            kept.add(one)
    return kept.terms


def _key(array: Array) -> tuple[object, ...]:
    """What two arrays of the same numbers share, up to rounding."""
    total, weighted = float(array.sum()), float(array.ravel() @ weights(array.size))
    return array.shape, f"{total:.{_DIGITS}e}", f"{weighted:.{_DIGITS}e}"


_WEIGHTS: dict[int, Array] = {}


def weights(size: int) -> Array:
    """Of each size the same random numbers: a sum with them tells arrays apart."""
    if size not in _WEIGHTS:
        _WEIGHTS[size] = np.random.default_rng(size).standard_normal(size)
    return _WEIGHTS[size]

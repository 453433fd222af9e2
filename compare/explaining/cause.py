"""What kinds of causes there are; a cause is a kind and one or two sentences."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "syntax",  # does not parse
    "indentation",  # parses, or not, but stands in the wrong block
    "import",  # a name that is nowhere imported or defined
    "name",  # a name, attribute, method, NumPy name or keyword mistyped
    "call",  # called where it is to be indexed, or the other way round; brackets or arguments of a call
    "operand",  # the wrong matrix or array in a right expression
    "transpose",  # a transpose missing or too many, or the factors of a product exchanged
    "term",  # a summand missing or too many: the bias, the recurrent gradient
    "factor",  # a factor missing, too many or wrong: the derivative of the activation, its square, the mask
    "sign",
    "ratio",  # a constant ratio: averaged over N, T or the count of the mask, or not averaged, or doubled
    "upstream",  # the upstream gradient ignored or used twice
    "function",  # tanh for the sigmoid, sum for mean
    "stale",  # the value before the activation for that after it, or a state of another step
    "axis",  # summed or joined over the wrong axis
    "size",  # an axis size taken from the wrong place: D for H
    "index",  # a wrong index, slice, gate or column
    "loop",  # a wrong range, order or variable of a loop, or the wrong list looped over
    "accumulate",  # = for +=, set to zero again, added where it is to be set
    "repeated ids",  # a scatter that keeps one gradient of a repeated id
    "cache",  # packed and unpacked in different order, never stored, popped, overwritten
    "slot",  # the wrong element of grads, or gradients exchanged
    "order",  # a tuple's elements in the wrong order, returned or unpacked
    "return",  # nothing, or not enough, returned
    "missing",  # a statement that is not there
    "extra",  # a statement that should not be there
    "misplaced",  # a right statement at the wrong place, or in the wrong block
    "in place",  # the caller's array changed, or the cache; a copy missing
    "rebinding",  # a new array for one that is to be filled in place
    "memory",  # np.empty read before it is written
    "precision",  # rounded to float32 on the way, or widened
    "state",  # a state not carried, not reset, not kept
    "numerics",  # the logarithm of 0, a division by 0, an overflow
    "unchecked",  # takes what it should refuse
]


@dataclass(frozen=True)
class Cause:
    """Why a line is wrong, as a teacher would say it."""

    kind: Kind
    text: str

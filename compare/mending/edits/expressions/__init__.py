"""What else may stand in the place of an expression: each rule gives other texts for it, and how far they are."""

from compare.mending.edits.expressions.arithmetic import (
    other_constant,
    other_operator,
    with_count,
    with_factor,
    with_term,
)
from compare.mending.edits.expressions.calls import activated, called, copied, other_call, without_keyword
from compare.mending.edits.expressions.conditions import other_comparison
from compare.mending.edits.expressions.derivatives import derivative_forms
from compare.mending.edits.expressions.directions import turned_round
from compare.mending.edits.expressions.indexing import counted, other_slice, other_step, with_axis
from compare.mending.edits.expressions.operands import (
    as_returned,
    exchanged,
    one_more_product,
    other_names,
    other_product,
    transposed,
)
from compare.mending.edits.expressions.spot import Rule, Spot

__all__ = ["RULES", "Rule", "Spot"]

RULES: tuple[Rule, ...] = (
    other_names,
    transposed,
    exchanged,
    as_returned,
    other_product,
    one_more_product,
    other_operator,
    derivative_forms,
    with_term,
    with_factor,
    with_count,
    other_constant,
    other_step,
    counted,
    turned_round,
    with_axis,
    other_slice,
    other_call,
    without_keyword,
    called,
    copied,
    activated,
    other_comparison,
)

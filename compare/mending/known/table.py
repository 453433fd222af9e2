"""Which mending function answers which check, by the check's name."""

from collections.abc import Callable, Iterator, Mapping

from compare.checking.source import Document, Problem
from compare.mending.edit import Proposal
from compare.mending.known import (
    arrays,
    calls,
    definitions,
    gradients,
    loops,
    names,
    numerics,
    precision,
    refusals,
    spelt,
    values,
)
from compare.mending.known.sight import Sight

Mend = Callable[[Sight], Iterator[Proposal]]

TABLE: Mapping[str, Mend] = {
    "undefined name": names.undefined_name,
    "missing import": definitions.missing_import,
    "gone from Python 3": spelt.gone,
    "used before assignment": loops.before_assignment,
    "unknown attribute": spelt.unknown_attribute,
    "unknown method": spelt.unknown_attribute,
    "always None": gradients.never_kept,
    "misspelt method": spelt.misspelt,
    "misspelt function": spelt.misspelt,
    "no self": names.with_self,
    "unknown NumPy name": spelt.numpy_name,
    "gone from NumPy 2": spelt.gone,
    "unknown keyword": spelt.unknown_keyword,
    "unknown array attribute": spelt.array_attribute,
    "no method": calls.called_property,
    "call of no function": calls.called_value,
    "index of a function": calls.indexed_function,
    "index of a number": calls.number_indexed,
    "loop over a number": calls.over_number,
    "enumerate": calls.counted_from,
    "range": calls.range_of,
    "wrong arguments": values.wrong_arguments,
    "wrong number of values": values.wrong_number,
    "returns nothing": gradients.nothing_returned,
    "return in a loop": loops.return_in_loop,
    "outside of the method": names.outside,
    "loop variable taken twice": loops.taken_twice,
    "index is the length": loops.length_for_index,
    "constant index": loops.constant_index,
    "list added to itself": loops.doubled_list,
    "state gradient lost": loops.state_gradient,
    "gradients not added up": loops.not_added,
    "wrong steps": loops.wrong_steps,
    "wrong direction": loops.wrong_steps,
    "step left out": loops.wrong_steps,
    "wrong list": loops.meant_here,
    "set to 0 again": loops.zero_again,
    "the same step": loops.same_step,
    "axis of the loop": loops.loop_axis,
    "lists of gradients": gradients.lists,
    "gradient never written": gradients.slots,
    "gradient that there is not": gradients.slots,
    "wrong slot": gradients.slots,
    "gradients replaced": gradients.replaced,
    "unpacked in another order": values.other_order,
    "cache used up": arrays.eaten,
    "unknown key": spelt.unknown_key,
    "caller's array kept": arrays.kept,
    "caller's array changed": arrays.changed,
    "cache changed": arrays.cache_changed,
    "missing comma": calls.missing_comma,
    "comma at the end": calls.loose_comma,
    "shape for a length": calls.whole_shape,
    "brackets": calls.brackets,
    "slice": calls.slices,
    "same shape": calls.one_axis,
    "float32": precision.float32,
    "unwritten memory": arrays.empty,
    "one array, two names": arrays.two_names,
    "one array, many times": arrays.many_times,
    "no effect": gradients.no_effect,
    "wrong factor": gradients.factor,
    "not transposed": gradients.turned,
    "axis of another array": gradients.other_axis,
    "repeated ids": gradients.repeated,
    "bias left out": numerics.bias,
    "sigmoid without minus": numerics.minus,
    "truth of an array": numerics.truth,
    "wrong axis": numerics.axis,
    "sum of everything": numerics.everything,
    "logarithm of 0": numerics.logarithm,
    "division by 0": numerics.division,
    "compared with None": numerics.none,
    "0 times infinity": numerics.masked,
    "ignored label as an index": numerics.ignored_index,
    "values unchecked": refusals.values,
    "ids unchecked": refusals.ids,
    "backward before forward": refusals.early_backward,
    "batch of the state": refusals.carried_state,
    "steps unchecked": refusals.steps,
    "weights kept twice": refusals.kept_twice,
    "one-hot unchecked": refusals.one_hot,
    "labels unchecked": refusals.labels,
}


def proposals(document: Document, problem: Problem) -> Iterator[Proposal]:
    """What may have been meant where a check found a problem, likeliest first; nothing for a check without an answer.

    Nothing that stands in a file makes this raise.
    """
    mend = TABLE.get(problem.check)
    if mend is None:
        return
    try:
        found = list(mend(Sight(document, problem)))
    except Exception:  # anybody's file may hold anything; the tests call the functions without this net
        return
    yield from sorted((each for each in found if each.edits), key=lambda each: each.cost)

"""A corpus of handwritten layers, right and wrong, that the checker is measured on.

`CORRECT` are whole files as learners write them; `PLANTED` are edits of them, one fault each. A fault is a case of a
row of `ROWS`: what goes wrong in 61 public files of 250 that were judged by central differences.

What counts as what: *fragile* is right on a fresh first pass, with a part of the contract broken (something of the
caller's changed, a second backward pass that fails or differs, a float32 buffer, gradients bound anew, NaN where every
label is ignored). A dtype that grows from float32 to float64 and a `set_state` that keeps the caller's array are
not held against anyone.
"""

from collections.abc import Iterator, Mapping, Sequence

from corpus.correct import CORRECT
from corpus.entries import Correct, Edit, Planted, Protocol, Verdict, Verdicts, laid_out, planted_text
from corpus.planted import PLANTED

__all__ = [
    "BEYOND",
    "CORRECT",
    "PLANTED",
    "ROWS",
    "SAMPLE",
    "Correct",
    "Edit",
    "Planted",
    "Protocol",
    "Verdict",
    "Verdicts",
    "correct_of",
    "laid_out",
    "planted_text",
    "wanted",
]

BOTH: tuple[Protocol, ...] = ("book", "cs231n")

# the rows of the table, most frequent first, and the protocols that each is found in
ROWS: Mapping[str, tuple[str, tuple[Protocol, ...]]] = {
    "in-place": ("something of the caller's is changed in place", BOTH),
    "name": ("a name mistyped", BOTH),
    "blank": ("an exercise left blank, or a method missing", BOTH),
    "axes": ("two axes mixed up", BOTH),
    "time-sum": ("gradients not added up over time", BOTH),
    "matrix": ("the wrong matrix, or one that is not turned", BOTH),
    "cache-eaten": ("a cache popped or overwritten", BOTH),
    "slot": ("a gradient in the wrong slot, or a parameter as its buffer", BOTH),
    "syntax": ("it does not parse", BOTH),
    "cache-order": ("a cache packed in one order and unpacked in another, or never stored", BOTH),
    "comma-unpack": ("a comma missing or too many: what is unpacked is not a tuple", BOTH),
    "recurrent": ("the recurrent gradient lost", BOTH),
    "derivation": ("a mistake in the derivation", BOTH),
    "forward": ("a mistake in the forward pass", BOTH),
    "loop-index": ("a wrong loop index", BOTH),
    "slice-comma": ("a comma for the colon of a slice, or none before it", BOTH),
    "shadowed": ("a blank definition further down", BOTH),
    "scatter": ("repeated ids overwritten, or added once too often", BOTH),
    "empty": ("memory read before it is written", BOTH),
    "ratio": ("a constant ratio to the right answer", BOTH),
}
# what no row of the table names: gradients added to those of the call before, bound anew, stale caches, float32
BEYOND = "beyond"


def correct_of(planted: Planted) -> Correct:
    """The file as it is without the fault."""
    return next(correct for correct in CORRECT if correct.file == planted.file)


def wanted(planted: Planted) -> dict[str, Verdicts]:
    """The acceptable verdicts of every symbol of the file: outside of the fault, those that it has without it."""
    correct = correct_of(planted)
    return {symbol: planted.verdicts.get(symbol, correct.verdicts(symbol)) for symbol in correct.symbols}


def _sampled(planted: Sequence[Planted], per_row: int) -> Iterator[Planted]:
    """So many of each row in each protocol, of symbols that are not there yet as long as there are any."""
    for row in (*ROWS, BEYOND):
        for protocol in BOTH:
            left = [each for each in planted if (each.row, each.protocol) == (row, protocol)]
            seen: set[str] = set()
            for _ in range(min(per_row, len(left))):
                new = next((each for each in left if not seen.issuperset(each.symbols)), left[0])
                seen.update(new.symbols)
                left.remove(new)
                yield new


# three of each row in each protocol: enough for every day, where all of them take minutes
SAMPLE: tuple[Planted, ...] = tuple(_sampled(PLANTED, 3))

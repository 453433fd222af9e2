"""What a variable takes over from another, or adds up."""

from difflib import SequenceMatcher
from itertools import permutations

from compare.mending.edits.inserting.blocks import Inserted, at_end, blocks
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings


def carried(page: Page, around: Surroundings) -> Inserted:
    """`dWx += dWx_t`, `h = h_next`, `dh = dh_prev`: one variable takes over another's value, or adds it up."""
    names = [n for n in around.arrays if n != "self"]
    for block in blocks(around.function):
        inner = block is not around.function.body
        last = block[-1]
        for one, other in permutations(names, 2):
            alike = SequenceMatcher(None, one, other).ratio()
            cost = 2.7 - 0.8 * alike - 0.3 * inner
            if "." not in one:
                yield (at_end(page, last, f"{one} += {other}"),), cost
            yield (at_end(page, last, f"{one} = {other}"),), cost + 0.1
            if inner:
                for step in around.steps:
                    yield (at_end(page, last, f"{one}[:, {step}] = {other}"),), cost + 0.1

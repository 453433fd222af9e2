"""Statements that may be missing: what a name is, what is added up, stored, kept or returned."""

import ast

from compare.mending.edits.inserting.attributes import (
    set_to_zero,
    summed_anew,
    unset_attributes,
    unset_lists,
    unwritten_slots,
)
from compare.mending.edits.inserting.blocks import Inserted
from compare.mending.edits.inserting.carrying import added_as_others, carried
from compare.mending.edits.inserting.likeness import counterparts
from compare.mending.edits.inserting.returning import given_back
from compare.mending.edits.inserting.undefined import undefined
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings


def missing(page: Page, around: Surroundings, learned: int, returned: int) -> Inserted:
    """All of them, for one function; `learned` parameters have gradients, `returned` values come back."""
    yield from undefined(page, around)
    yield from given_back(page, around, returned)
    if isinstance(around.definition.node, ast.ClassDef):
        yield from unwritten_slots(page, around, learned)
        yield from set_to_zero(page, around)
        yield from summed_anew(page, around)
        yield from unset_attributes(page, around)
        yield from unset_lists(page, around)
        yield from counterparts(page, around)
    yield from added_as_others(page, around)
    yield from carried(page, around)

"""From a text before and after a repair to what was wrong: the difference is the mistake."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from compare.explaining import (
    arithmetic,
    assigning,
    calling,
    factors,
    grouping,
    lengths,
    naming,
    placing,
    ratios,
    statements,
    together,
)
from compare.explaining.aliens import changed_in_place
from compare.explaining.cause import Cause, Kind
from compare.explaining.changes import Change, changes
from compare.explaining.commas import without_comma
from compare.explaining.comparing import differences
from compare.explaining.difference import Difference
from compare.explaining.knowing import with_meaning
from compare.explaining.lines import indented, only_indented, unreadable
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, python3, tree, written
from compare.explaining.wording import cause

if TYPE_CHECKING:
    # what mends imports this
    from compare.mending.edit import Edit

Family = Callable[[Difference, Scene], Cause | None]
# the first that knows what to say is asked no further: from what a name is over where it stands to what it means
FAMILIES: tuple[Family, ...] = (
    grouping.blank,
    naming.mistyped,
    calling.brackets,
    calling.precision,
    calling.memory,
    calling.copied,
    calling.numerics,
    assigning.elsewhere,
    grouping.cache,
    grouping.state,
    placing.store,
    placing.loop,
    lengths.slot,
    lengths.size,
    placing.axis,
    grouping.order,
    grouping.returned,
    arithmetic.sign,
    placing.index,
    factors.matrices,
    placing.turned,
    ratios.ratio,
    lengths.length,
    arithmetic.upstream,
    factors.stale,
    arithmetic.factor,
    calling.function,
    arithmetic.term,
    calling.arguments,
    factors.operand,
)
# what explains the other changes that come with it
_FIRST: tuple[Kind, ...] = (
    "import",
    "name",
    "memory",
    "repeated ids",
    "rebinding",
    "slot",
    "state",
    "accumulate",
    "numerics",
    "cache",
)


def explain(before: str, after: str, edits: "Sequence[Edit]", known: Mapping[str, str]) -> Cause:
    """Why what stood in a unit before was wrong; `known` says what the learner's names are, as ∂L/∂h."""
    try:
        return _explained(python3(before), python3(after), known)
    except (RecursionError, MemoryError):
        return cause("operand", "The text is nested too deeply to say more than that it is another one")


def _explained(before: str, after: str, known: Mapping[str, str]) -> Cause:
    if before == after:
        return cause("extra", "The two texts do not differ in anything that is run")
    found = unreadable(before, after)
    if found:
        return found
    old, new = tree(before), tree(after)
    if only_indented(before, after) and ast.dump(old) != ast.dump(new):
        return indented(before, after)
    comma = without_comma(before, after)
    if comma:
        return comma
    causes = list(_causes(old, new, known))
    if not causes:
        return cause("extra", "The two texts do not differ in anything that is run")
    return next((each for kind in _FIRST for each in causes if each.kind == kind), causes[0])


def _causes(old: ast.Module, new: ast.Module, known: Mapping[str, str]) -> Iterator[Cause]:
    classes = tuple(node for node in old.body if isinstance(node, ast.ClassDef))
    found = changes(old, new)
    scenes = [Scene(old, new, known, each, classes) for each in found]
    whole = together.left_blank(scenes) or together.unpacked_apart(scenes)
    if whole:
        yield whole
        return
    beside = together.beside_params(scenes)
    if beside:
        yield beside
    said = next((said for scene in scenes for said in (_mistyped(scene), statements.twice(scene)) if said), None)
    if said:
        yield said
    elsewhere = len(scenes) == 1 and assigning.writes_elsewhere(scenes[0].change)
    for scene in scenes if said is None and not elsewhere else ():
        foreign = changed_in_place(scene)
        if foreign:
            yield foreign
            return
    altered = together.altered(scenes) if said is None else None
    if altered:
        yield altered
        return
    # what is written otherwise says more than what was put in or taken out for it
    for scene in sorted(scenes, key=lambda each: None in (each.change.before, each.change.after)):
        yield from _of_change(scene)


def _mistyped(scene: Scene) -> Cause | None:
    """A word of a changed statement that means nothing: whatever else is done there, it was never done."""
    before, after = scene.change.before, scene.change.after
    if before is None or after is None:
        return None
    return next(filter(None, (naming.mistyped(each, scene) for each in differences(before, after))), None)


def _of_change(scene: Scene) -> Iterator[Cause]:
    change = scene.change
    if change.moved:
        yield statements.moved(scene)
    elif change.before is None:
        yield statements.missing(scene)
    elif change.after is None:
        yield statements.extra(scene)
    else:
        stored = assigning.stored(scene) or _renamed(change) or _returns(change, scene)
        if stored:
            yield stored
            return
        for difference in differences(change.before, change.after):
            yield with_meaning(next(filter(None, (family(difference, scene) for family in FAMILIES))), scene)


def _renamed(change: Change) -> Cause | None:
    """A class, function or parameter under another name than the one it is called by."""
    before, after = change.before, change.after
    if not isinstance(before, ast.FunctionDef | ast.ClassDef) or not isinstance(after, ast.FunctionDef | ast.ClassDef):
        return None
    if before.name != after.name:
        return cause("name", f"`{before.name}` is called by nobody; its name has to be `{after.name}`")
    if isinstance(before, ast.FunctionDef) and any(
        isinstance(each, ast.List | ast.Dict) for each in before.args.defaults
    ):
        text = f"The default that `{before.name}` fills is made once, and keeps what earlier calls put into it"
        return cause("state", text, "An empty list has to be made in each call")
    return None


def _returns(change: Change, scene: Scene) -> Cause | None:
    """A result that is computed and not returned."""
    name = f"`{scene.function.name}`" if scene.function else "The function"
    if isinstance(change.after, ast.Return) and isinstance(change.before, ast.Expr | ast.Assign):
        return cause("return", f"{name} computes {written(change.after.value)} and does not return it")
    if isinstance(change.before, ast.Expr) and isinstance(change.after, ast.Assign):
        return _dropped(change.after, scene) if alike(change.before.value, change.after.value) else None
    if isinstance(change.before, ast.Return) and change.before.value is None and isinstance(change.after, ast.Return):
        return cause("return", f"{name} has to return {written(change.after.value)}")
    return None


def _dropped(after: ast.Assign, scene: Scene) -> Cause:
    left = after.targets[0]
    kind: Kind = "state" if written(left) in ("`self.h`", "`self.c`") else "missing"
    return cause(kind, f"{written(after.value)} is computed and kept nowhere: {written(left)} is never filled")

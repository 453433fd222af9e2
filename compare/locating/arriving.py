"""Gradients that never come though every value on the way is known: a sum left unfinished, a variable mistaken."""

from collections.abc import Collection, Iterator, Sequence

from compare.agreement import Array
from compare.locating.blame import FirstWrong, blamed
from compare.locating.entries import Entry
from compare.locating.operations import equal
from compare.locating.origins import computed, stored
from compare.locating.recorded import Seen
from compare.locating.tape import Tape


def never_arriving(run: Sequence[Seen], tape: Tape, wrong: Collection[str]) -> Iterator[FirstWrong]:
    """Of gradients that came out wrong though every value is known: the last that is only a part of one, or another."""
    for name in wrong:
        whole = tape.gradient(name)
        if whole is None:
            continue
        entry = Entry(f"∂L/∂{name}", "gradient", whole)
        called = (o for o in run if o.match and _plain(o.record.name) == f"d{name}")
        for each in called:
            assert each.match is not None
            if each.match.entry.whole is None and not equal(each.match.entry.array, whole):
                yield blamed(each, run, each.match.said, entry)
                break
        parts = [o for o in run if o.match and o.match.entry.whole is not None and equal(o.match.entry.whole, whole)]
        if parts and parts[-1].match:
            part = parts[-1].match.entry
            lacks = tape.recognise(whole - part.array, "gradient")
            at = _lost(parts[-1], whole - part.array, run) or stored(parts[-1], run)
            yield blamed(at, run, part.said, entry, lacks.said if lacks else "")
    for each in run if wrong else ():
        # memory from np.empty may still hold what stood in it before
        made = any(i.said for i in each.inputs.values())
        if made and each.match and each.match.entry.kind == "value" and _is_for_gradient(each.record.name, tape):
            yield blamed(each, run, each.match.said)


def _lost(seen: Seen, missing: Array, run: Sequence[Seen]) -> Seen | None:
    """The statement after which a variable no longer holds a summand that it held."""
    chain = [o for o in run if o.record.frame == seen.record.frame and o.record.name == computed(seen, run).record.name]
    held = (k for k, o in enumerate(chain[:-1]) if equal(o.record.value, missing))
    return next((chain[k + 1] for k in held), None)


def _is_for_gradient(name: str, tape: Tape) -> bool:
    """Whether a variable is for a gradient by its name: dWx, or grads[0]."""
    own = {argument.removesuffix("s") for argument in tape.traced.arguments}
    return "grads[" in name or (name.startswith("d") and name[1:].removesuffix("s") in own)


def _plain(name: str) -> str:
    """A variable's name as the twin would have it: dprev_h is dh_prev."""
    bare = name.rpartition(".")[2]
    return f"d{bare.removeprefix('dprev_')}_prev" if bare.startswith("dprev_") else bare

"""The statement to blame before the first unknown value: what a right statement was given that was not right."""

from collections.abc import Iterator, Sequence

import numpy as np

from compare.locating.blame import FirstWrong, blamed, passes_before
from compare.locating.entries import Entry
from compare.locating.operations import operations, put_in_place
from compare.locating.origins import at_call, computed, is_argument
from compare.locating.recorded import Seen
from compare.locating.tape import Tape


def earlier(unknown: Seen, run: Sequence[Seen], tape: Tape) -> FirstWrong | None:
    """The statement before it that is to blame: this one is right, but goes on with what is not yet, or not, right.

    A gradient that lacks a summand is still something on the tape, as is that of another gate; but if the same
    operation takes the whole one, or the right gate's, to what is on the tape, then the operation is right.
    """
    for name, given in unknown.inputs.items():
        if given.match is None:
            continue
        entry = given.match.entry
        for operation in operations(unknown, name):
            if is_argument(computed(given, run), run):
                # nobody in the file made it
                continue
            if entry.whole is not None and operation.leads_on(entry.whole, tape):
                return _lacking(given, entry, run, tape)
            wanted = _another(given, operation.on_tape(tape), run)
            if wanted is not None and _is_right_itself(given, wanted):
                # a factor is missing: where the value is called a gradient, or else where it is taken for one
                renamed = given.copied is not None and given.copied.record.frame == given.record.frame
                return blamed(given, run, entry.said, wanted) if renamed else blamed(unknown, run)
            if wanted is not None:
                return blamed(computed(given, run), run, entry.said, wanted)
    return _opposite(unknown, run, tape) or _incomplete_since(unknown, run, tape) or _standing_still(unknown, run)


def _is_right_itself(given: Seen, wanted: Entry) -> bool:
    """Whether a gradient belongs where a value of the forward pass stands, which is what its own name says."""
    source = given.copied or given
    named = source.record.name.startswith("d")
    return wanted.kind == "gradient" and source.match is not None and source.match.entry.kind == "value" and not named


def _opposite(unknown: Seen, run: Sequence[Seen], tape: Tape) -> FirstWrong | None:
    """Gradients that came in with the opposite sign, if the statement is right once they are turned round."""
    against = [i for i in unknown.inputs.values() if i.match and i.match.how == "negated"]
    turned = np.array(unknown.record.value)
    for given in against:
        put_in_place(turned, given.record.value, -given.record.value)
    if not against or tape.recognise(turned) is None:
        return None
    at = computed(against[0], run)
    # back to the first that is: what is computed from it is only as wrong as it
    while before := [i for i in at.inputs.values() if i.match and i.match.how == "negated"]:
        if before[0].record.order >= at.record.order:
            break
        at = before[0]
    return blamed(at, run, at.match.said if at.match else "", at.match.entry if at.match else None)


def _lacking(given: Seen, entry: Entry, run: Sequence[Seen], tape: Tape) -> FirstWrong:
    """A gradient that lacks a summand: to blame is the statement that did not add it, or what came to that as zero."""
    assert entry.whole is not None
    match = tape.recognise(entry.whole - entry.array, "gradient")
    at = computed(given, run)
    if passes_before(at, run):
        # in the first pass nothing has been carried yet
        at = next((_zero_from(i, run) for i in at.inputs.values() if i.zero), at)
    return blamed(at, run, entry.said, entry, match.said if match else "")


def _zero_from(seen: Seen, run: Sequence[Seen]) -> Seen:
    """The statement that made zero of what is not, or the call that was given the zeros from before the loop."""
    at = computed(seen, run)
    return at if any(i.said for i in at.inputs.values()) else at_call(seen, run)


def _another(given: Seen, fitting: Iterator[Entry], run: Sequence[Seen]) -> Entry | None:
    """The gradient that a variable should have been: nobody else has it, and what it is, another variable is too."""
    assert given.match is not None
    source = computed(given, run)
    near = [other for other in run if other.record.frame == source.record.frame and other.match]
    twins = [o for o in near if o.match and o.match.entry is given.match.entry and not _copies(o, source)]
    # a variable that by its name is a gradient and by its value is none
    misnamed = given.match.entry.kind == "value" and given.record.name.startswith("d")
    called = given.record.name.removeprefix("d")
    taken = {id(o.match.entry) for o in near if o.match and o is not source}
    step = given.match.entry.step
    # what is carried belongs to the step that it is carried to
    near_step = (e for e in fitting if e.kind == "gradient" and (e.step == step or (step and e.step == step - 1)))
    free = [entry for entry in near_step if id(entry) not in taken]
    named = (entry for entry in free if entry.said.split(" at ")[0] == f"∂L/∂{called}")
    return next(iter(free), None) if twins or misnamed else next(named, None)


def _copies(a: Seen, b: Seen) -> bool:
    return a.record.name == b.record.name or a.copied is not None or b in a.sources or a in b.sources


def _incomplete_since(unknown: Seen, run: Sequence[Seen], tape: Tape) -> FirstWrong | None:
    """What came in whole in the passes before and now comes in part: the line is right, the gradient is not carried."""
    for name, given in unknown.inputs.items():
        if given.match and given.match.entry.part and given.match.entry.whole is not None:
            before = [o.inputs[name].match for o in passes_before(unknown, run) if name in o.inputs]
            if before and all(match is not None and not match.entry.part for match in before):
                return _lacking(given, given.match.entry, run, tape)
    return None


def _standing_still(unknown: Seen, run: Sequence[Seen]) -> FirstWrong | None:
    """What comes in as in the pass before, though what it belongs to has gone on by a step."""
    before = passes_before(unknown, run)
    for name, given in unknown.inputs.items():
        last = before[-1].inputs.get(name) if before else None
        if given.match and last and last.match and given.match.entry.step is not None:
            moved = any(
                i.match and i.match.entry.step != before[-1].inputs[other].match.entry.step  # type: ignore[union-attr]
                for other, i in unknown.inputs.items()
                if other in before[-1].inputs and before[-1].inputs[other].match
            )
            if moved and last.match.entry is given.match.entry:
                return blamed(at_call(given, run), run, given.match.said)
    return None

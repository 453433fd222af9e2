"""Where a value was computed: back through copies, arguments and returned values to the statement that made it."""

from collections.abc import Sequence

from compare.locating.recorded import Seen, same


def computed(seen: Seen, run: Sequence[Seen]) -> Seen:
    """The record of the statement that made a value; of an argument that no variable held, of the call."""
    while True:
        earlier = _copied_from(seen, run)
        if earlier is None:
            return at_call(seen, run)
        seen = earlier


def at_call(seen: Seen, run: Sequence[Seen]) -> Seen:
    """Of what came as an argument, the first result of the call; any other record as it is."""
    if not is_argument(seen, run):
        return seen
    later = (o for o in run if o.record.order > seen.record.order and o.record.frame < seen.record.frame)
    return next(later, seen)


def stored(seen: Seen, run: Sequence[Seen]) -> Seen:
    """Of a sum that stays a part, the last statement of a loop over its parts, else the one that computed it."""
    equal = [o for o in run if o.record.order <= seen.record.order and same(o.record.value, seen.record.value)]
    looped = [o for o in equal if any(_next_part(o, p) for p in run if p is not o)]
    return looped[-1] if looped else computed(seen, run)


def _next_part(a: Seen, b: Seen) -> bool:
    """Whether a line gives two parts of one gradient, one after the other, in the same call."""
    if a.place != b.place or not _one_call(a, b) or not a.match or not b.match:
        return False
    wholes = a.match.entry.whole, b.match.entry.whole
    return wholes[0] is not None and wholes[1] is not None and same(*wholes)


def _one_call(a: Seen, b: Seen) -> bool:
    return a.record.frame == b.record.frame


def _copied_from(seen: Seen, run: Sequence[Seen]) -> Seen | None:
    if seen.copied:
        return seen.copied
    alike = [o for o in run if o.record.order < seen.record.order and same(o.record.value, seen.record.value)]
    if is_argument(seen, run):
        call = at_call(seen, run)
        return next((o for o in reversed(alike) if _one_call(o, call)), None)
    # what a call returned
    returned = (o for o in reversed(alike) if o.returned and not _one_call(o, seen))
    return next(returned, None)


def is_argument(seen: Seen, run: Sequence[Seen]) -> bool:
    """Whether a record is of the first line of its call, and was computed from nothing there."""
    first = next(o for o in run if _one_call(o, seen))
    return not seen.inputs and first.record.line == seen.record.line

"""What is the same for every attempt to mend a layer of a kind: what a case draws, and what the twin says of it."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.reference import Reference
from compare.runs import Run
from tiny_autograd_rnn.signature import Signature

# of so many cases at most
_MOST = 500
_DRAWN: dict[Hashable, Inputs] = {}
_SAID: dict[Hashable, tuple[Run, Mapping[str, float]]] = {}


def inputs(twin: Callable[..., Any], case: Case) -> Inputs:
    """What a case draws for a twin, in arrays of the caller's own."""
    key = (twin, *_key(case))
    if key not in _DRAWN:
        _make_room(_DRAWN)
        _DRAWN[key] = draw(Signature.of(twin), case)
    return _DRAWN[key].copied()


def reference(pair: Pair, given: Inputs, keeps_state: bool) -> Reference:
    """What the twin says of inputs that are drawn for a case, beginning from zero where no state is kept."""
    key = (pair.twin, *sorted(pair.options.items()), *_key(given.case), given.dtype, keeps_state)
    if key not in _SAID:
        _make_room(_SAID)
        ref = Reference.on(pair, given)
        _SAID[key] = ref.run, ref.operations
    return Reference(pair, given, *_SAID[key])


def _key(case: Case) -> tuple[Hashable, ...]:
    options = sorted(case.options.items())
    return (*options, case.name, *sorted(case.sizes.items()), case.seed, case.special, case.scale)


def _make_room(kept: dict[Hashable, Any]) -> None:
    if len(kept) >= _MOST:
        kept.clear()

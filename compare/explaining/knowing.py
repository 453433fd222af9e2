"""What the learner's names are on autograd's tape, said beside a cause."""

import re
from dataclasses import replace

from compare.explaining.around import target
from compare.explaining.cause import Cause
from compare.explaining.scene import Scene
from compare.explaining.texts import identifier
from compare.explaining.wording import LONGEST

# what a long expression is called helps nobody
_LONG = 60
_NAME = re.compile(r"`(\w+)`")


def with_meaning(cause: Cause, scene: Scene) -> Cause:
    """The cause with what gradient a name in its last sentence is.

    Not of the name that the changed statement sets: that is what the statement made of it.
    """
    begun, _, last = cause.text.rpartition(". ")
    left = identifier(target(scene.change.either))
    names = (name for name in _NAME.findall(last) if name != left and _meaning(name, scene))
    name = next(names, "")
    said = f"`{name}` is {_meaning(name, scene)}"
    if not name or said in cause.text:
        return cause
    if not begun:
        return replace(cause, text=f"{cause.text} {said}.")
    longer = f"{last.rstrip('.')}, where {said}."
    return replace(cause, text=f"{begun}. {longer}") if len(longer) <= LONGEST else cause


def _meaning(name: str, scene: Scene) -> str:
    """The gradient that a name is; "" where it is none, or none that can be said in a few words."""
    found = scene.known.get(name, "")
    return found if found.startswith("∂") and len(found) <= _LONG else ""

"""The objects that stay here: the parent knows them by numbers."""

from collections import OrderedDict
from typing import Any

# a learner's layer of test sizes is some kilobytes; the one used longest ago makes room
CAPACITY = 2000


class SlotGoneError(Exception):
    """The object was used too long ago."""


class Slots:
    """Objects by slot, numbered from `first`, so that no number of an earlier process is one of this one."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._objects: OrderedDict[int, Any] = OrderedDict()
        self._slots: dict[int, int] = {}

    def keep(self, thing: Any) -> int:
        """The slot of an object: the one that it has, or a new one."""
        slot = self._slots.get(id(thing))
        if slot is None:
            slot, self._next = self._next, self._next + 1
            self._objects[slot] = thing
            self._slots[id(thing)] = slot
        self._objects.move_to_end(slot)
        if len(self._objects) > CAPACITY:
            _, oldest = self._objects.popitem(last=False)
            del self._slots[id(oldest)]
        return slot

    def get(self, slot: int) -> Any:
        """The object in a slot.

        Raises SlotGoneError.
        """
        if slot not in self._objects:
            raise SlotGoneError
        self._objects.move_to_end(slot)
        return self._objects[slot]

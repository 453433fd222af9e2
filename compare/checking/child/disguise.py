"""Our pair of functions with the stranger's own cache: what is built on it may open the cache that it knows."""

from collections.abc import Callable, Mapping
from typing import Any


def disguised(namespace: dict[str, Any], ours: Mapping[str, Callable[..., Any]]) -> None:
    """Put functions of ours in the stranger's place; those of a pair share what they know of a cache."""
    for name, function in ours.items():
        partner = ours.get(name.replace("forward", "backward"))
        if "forward" in name and partner and name in namespace:
            pair = _Pair(namespace[name], function, partner)
            namespace[name], namespace[name.replace("forward", "backward")] = pair.forward, pair.backward
        elif namespace.get(name) is None or not _is_paired(name, ours):
            namespace[name] = function


def _is_paired(name: str, ours: Mapping[str, Callable[..., Any]]) -> bool:
    return "backward" in name and name.replace("backward", "forward") in ours


class _Pair:
    """A forward and a backward function of ours; a cache of the stranger's is known by which object it is."""

    def __init__(self, theirs: Callable[..., Any], forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self.theirs, self.ours, self.back = theirs, forward, backward
        # the cache is kept too, so that no other object takes its identity
        self.known: dict[int, tuple[Any, Any]] = {}

    def forward(self, *arguments: Any) -> Any:
        """Our outputs; the cache that the stranger's function gives, or ours where it gives none."""
        *outputs, own = self.ours(*arguments)
        try:
            cache = self.theirs(*arguments)[-1]
        except Exception:  # whatever is wrong with it, it is not what is asked about
            return (*outputs, own)
        if callable(cache):
            # a backward pass in a closure: ours, called in the same way
            def cache(*cotangents: Any) -> Any:
                return self.back(*cotangents, own)

        self.known[id(cache)] = (cache, own)
        return (*outputs, cache)

    def backward(self, *arguments: Any) -> Any:
        """Our gradients, for the arguments that the cache was made of."""
        *cotangents, cache = arguments
        return self.back(*cotangents, self.known.get(id(cache), (cache, cache))[1])

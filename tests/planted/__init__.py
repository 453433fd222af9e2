"""Mistakes planted into right source: the text is changed, and the changed module runs as a stand-in of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from compare.pair import Pair
from compare.pairs import PAIRS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mistake:
    """Changes (old text, new text) in a source file that together are one mistake, and the layer that it spoils."""

    layer: str
    file: str
    changes: Sequence[tuple[str, str]]
    dtype: str = "float64"

    def source(self, right: bool = False) -> str:
        """The file's text with the mistake in it, or as it stands."""
        text = (ROOT / self.file).read_text(encoding="utf-8")
        for old, new in self.changes:
            found = text.count(old)
            assert found == 1, f"{self.file} has {found} times: {old}"
            text = text if right else text.replace(old, new)
        return text

    def pair(self, right: bool = False) -> Pair:
        """The layer's pair, with the class of the changed module as its hand."""
        module = ModuleType(self.file.removesuffix(".py").replace("/", "."))
        exec(compile(self.source(right), self.file, "exec"), vars(module))
        return replace(pair_of(self.layer), hand=getattr(module, self.layer))


def pair_of(title: str) -> Pair:
    """The pair of that title in the table."""
    (found,) = (pair for pair in PAIRS if pair.title == title)
    return found

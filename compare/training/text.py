"""The text: read, cut into tokens, numbered, and laid out as N parallel streams of ids."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from compare.agreement import Array
from compare.errors import RefusedError, reason

UNKNOWN = "<unk>"
JOINED_BY = {"words": " ", "chars": ""}


def read(source: str | None) -> tuple[str, str]:
    """(what the text is, the text) of a file, of standard input for '-', of CPython's documentation for None.

    Raises RefusedError for what is no UTF-8 text or cannot be read.
    """
    if source is None:
        return "CPython's documentation topics", _documentation()
    name = "standard input" if source == "-" else source
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except IsADirectoryError:
        raise RefusedError(f"TEXT: {name} is a folder; wanted a text file, such as one in it") from None
    except FileNotFoundError:
        raise RefusedError(f"TEXT: there is no file {name}; wanted a text file, or - for standard input") from None
    except OSError as error:
        raise RefusedError(f"TEXT: cannot read {name} ({reason(error)}); wanted a file that can be read") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"TEXT: {name} is not UTF-8 text (byte {raw[error.start]:#04x} at offset {error.start}); "
            "wanted a text file: convert it to UTF-8 first"
        ) from None
    # line ends as Python's own text mode reads them, or \r would be a token on some systems only
    return name, text.replace("\r\n", "\n")


def _documentation() -> str:
    try:
        from pydoc_data.topics import topics
    except ImportError:
        raise RefusedError(
            "TEXT: this Python comes without pydoc_data, the text read by default; name a text file"
        ) from None
    return "\n".join(topics.values())


def tokenise(text: str, kind: str, limit: int | None = None) -> list[str]:
    """The first `limit` tokens: what stands between white space (words), or every character (chars)."""
    tokens = text.split() if kind == "words" else list(text)
    return tokens[:limit]


@dataclass(frozen=True)
class Vocabulary:
    """The distinct tokens; the id of a token is its place among them, 0 <= id < V."""

    tokens: tuple[str, ...]

    @staticmethod
    def of(tokens: Sequence[str], most: int | None = None) -> "Vocabulary":
        """Numbered in the order in which they first appear, as in the book.

        With more than `most` distinct tokens the most frequent are kept (of equals, the earlier one), and
        '<unk>', the last id, stands for the rest.
        """
        counts = Counter(tokens)
        if most is None or len(counts) <= most:
            return Vocabulary(tuple(counts))
        kept = {token for token, _ in counts.most_common(most - 1)} - {UNKNOWN}
        return Vocabulary((*(token for token in counts if token in kept), UNKNOWN))

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, tokens: Sequence[str], option: str = "TEXT") -> Array:
        """The ids (len(tokens),) of the tokens, which came with the option.

        Raises RefusedError for a token that is not in a vocabulary without '<unk>'.
        """
        ids = {token: i for i, token in enumerate(self.tokens)}
        unknown = ids.get(UNKNOWN)
        encoded = [ids.get(token, unknown) for token in tokens]
        if None in encoded:
            at = encoded.index(None)
            raise RefusedError(
                f"{option}: token {at}, {tokens[at]!r}, is not among the model's {len(self)}; wanted tokens of the "
                f"text it was trained on, or a model trained with --max-vocab, which has {UNKNOWN} for others"
            )
        return np.array(encoded, dtype=np.int64)


@dataclass(frozen=True)
class Streams:
    """N places in one sequence of ids, read side by side: stream n begins at n·(size // N), size = len(ids) − 1.

    Every id but the last is an input whose target is the id after it. Chunk i holds the T steps from i·T of
    each stream; reading goes round at the end, as in the book.
    """

    ids: Array
    N: int
    T: int

    @property
    def size(self) -> int:
        return len(self.ids) - 1

    @property
    def chunks(self) -> int:
        """The chunks of an epoch: size // (N·T), what is left over waits for the next time round."""
        return self.size // (self.N * self.T)

    def chunk(self, i: int) -> tuple[Array, Array]:
        """(xs, ts), each (N, T): the ids and the ones after them."""
        offsets = np.arange(self.N)[:, None] * (self.size // self.N)
        at = (offsets + np.arange(i * self.T, (i + 1) * self.T)) % self.size
        return self.ids[at], self.ids[at + 1]

    def whole(self) -> Iterator[tuple[Array, Array]]:
        """Every step of every stream once, in chunks of T and a shorter last one, for an evaluation."""
        steps = self.size // self.N
        inputs = self.ids[: self.N * steps].reshape(self.N, steps)
        targets = self.ids[1 : self.N * steps + 1].reshape(self.N, steps)
        for t in range(0, steps, self.T):
            yield inputs[:, t : t + self.T], targets[:, t : t + self.T]


def split(ids: Array, N: int, T: int, fraction: float) -> tuple[Streams, Streams | None]:
    """Streams for training, and the last `fraction` of the text for validation (0: None).

    Raises RefusedError where the text is too short for one step, or the validation part for N streams.
    """
    held_out = round(len(ids) * fraction)
    training = Streams(ids[: len(ids) - held_out], N, T)
    if not training.chunks:
        kept = f" after --val-fraction {fraction:g}" if held_out else ""
        raise RefusedError(
            f"TEXT: {len(ids) - held_out:,} tokens{kept}; wanted at least {N * T + 1:,}, one more than --batch {N} "
            f"times --time {T}: give a longer text or lower these"
        )
    if not fraction:
        return training, None
    validation = Streams(ids[len(ids) - held_out :], N, T)
    if validation.size < N:
        raise RefusedError(
            f"--val-fraction: {fraction:g} of {len(ids):,} tokens is {held_out:,}; wanted at least {N + 1:,}, one more "
            f"than --batch {N}: raise it, or give 0 for no validation"
        )
    return training, validation

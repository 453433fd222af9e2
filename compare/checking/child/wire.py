"""The frames that both processes exchange, without pickle: a prefix, a header in JSON, the bytes of the arrays.

Prefix: a magic word, the nonce of the request that is answered, and the lengths of the two parts that follow. A value
in a header is a list whose first element is its tag; arrays stand in the payload in the order of their tags:

    ["none"]  ["bool", true]  ["int", 5]  ["float", "0x1.8p+1"]  ["complex", "0x1p+0", "0x0p+0"]  ["str", "text"]
    ["tuple", [values]]  ["list", [values]]  ["array", "<f8", [2, 3]]  ["sub", "type's name", ["array", ...]]
    ["kept", slot, "type's name"]  ["large", "<f8", [10, 10]]  ["foreign", "type's name"]  ["missing"]
"""

from json import JSONDecoder, JSONEncoder
from struct import Struct
from typing import Any

import numpy as np

MAGIC = b"tiny-rnn"
NONCE_BYTES = 16
_PREFIX = Struct("<8s16sIQ")
PREFIX_BYTES = _PREFIX.size
# of what a child sends; what it is sent comes from us
HEADER_BYTES = 4 << 20
# how deep tuples and lists are nested, and how many values they hold together
DEPTH = 4
ELEMENTS = 1000
# the longest string, the longest message, and the most frames of a traceback
TEXT = 200
MESSAGE = 500
FRAMES = 40
# of the output, what is shown when a process dies
TAIL = 300

_INTEGERS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
_FLOATS = ["float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble"]
DTYPES = {np.dtype(name).str: np.dtype(name) for name in ("bool", *_INTEGERS, *_FLOATS)}

_encode = JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_decode = JSONDecoder().decode


class WireError(Exception):
    """The bytes are no frame."""


def head(nonce: bytes, header: Any, payload: int) -> bytes:
    """The prefix and the header of a frame whose payload has so many bytes."""
    text = _encode(header).encode("ascii")
    return _PREFIX.pack(MAGIC, nonce, len(text), payload) + text


def lengths(prefix: bytes) -> tuple[bytes, int, int]:
    """Nonce, bytes of the header, bytes of the payload.

    Raises WireError for another magic word.
    """
    magic, nonce, header, payload = _PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError("the bytes are no frame")
    return nonce, header, payload


def header_of(text: bytes) -> Any:
    """The header's data.

    Raises WireError for what is no JSON, or nested without end.
    """
    try:
        return _decode(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"the header is no JSON: {type(error).__name__}") from None

"""Gated layers from elsewhere: the same parameters with their gates in another order, exactly.

| from | LSTM | GRU |
| --- | --- | --- |
| the book | fgio | zrh |
| torch, cuDNN | ifgo | rzh |
| CS231n | ifog | |

f forgets, i lets in, g is what is let in, o lets out; z updates, r resets, h is the new state. torch stores its weights
transposed, has two biases (of an LSTM only their sum counts), and its z is 1 − z here: `negated` turns one into the
other, as σ(−a) = 1 − σ(a).
"""

import numpy as np

from compare.agreement import Array


def reorder(param: Array, old: str, new: str) -> Array:
    """A copy of Wx (D, 4H), Wh (H, 4H) or b (4H,), or of a GRU's with 3H, with the gates of `old` in the order `new`.

    Raises ValueError where the orders do not name the same gates, or the last axis is not a multiple of them.
    """
    blocks = _blocks(param, old, new)
    return param.copy() if old == new else np.concatenate([blocks[gate] for gate in new], axis=-1)


def negated(param: Array, order: str, gate: str = "z") -> Array:
    """A copy with the columns of one gate negated: the gate becomes one minus what it was.

    Raises ValueError where the order does not name the gate, or the last axis is not a multiple of the gates.
    """
    blocks = _blocks(param, order, order)
    if gate not in blocks:
        raise ValueError(f"negated: there is no gate {gate!r} in the order {order!r}; wanted one of them")
    return np.concatenate([-block if name == gate else block for name, block in blocks.items()], axis=-1)


def _blocks(param: Array, old: str, new: str) -> dict[str, Array]:
    if sorted(old) != sorted(new) or len(set(old)) != len(old):
        raise ValueError(f"reorder: the order {old!r} to {new!r}; wanted the same gates in both, each once")
    if not param.ndim or param.shape[-1] % len(old):
        raise ValueError(
            f"reorder: shape {param.shape}; wanted a last axis of {len(old)} gates ({old}), a multiple of it"
        )
    width = param.shape[-1] // len(old)
    return {gate: param[..., i * width : (i + 1) * width] for i, gate in enumerate(old)}

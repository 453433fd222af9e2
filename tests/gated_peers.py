"""Torch's gated layers behind our signatures: weights transposed, gates in its order, two biases."""

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch, the extra `peers`, is not installed")


def in_order(param: Any, order: str, wanted: str, negated: str = "") -> Any:
    """The blocks of the last axis in torch's order, the negated ones with another sign."""
    blocks = dict(zip(order, param.chunk(len(order), dim=-1), strict=True))
    return torch.cat([-blocks[gate] if gate in negated else blocks[gate] for gate in wanted], dim=-1)


def lstm_weights(Wx: Any, Wh: Any, b: Any, *, order: str, suffix: str) -> dict[str, Any]:
    Wx, Wh, b = (in_order(param, order, "ifgo") for param in (Wx, Wh, b))
    # of the two biases only the sum counts
    return {
        f"weight_ih{suffix}": Wx.T,
        f"weight_hh{suffix}": Wh.T,
        f"bias_ih{suffix}": b / 2,
        f"bias_hh{suffix}": b / 2,
    }


def lstm(x: Any, h_prev: Any, c_prev: Any, Wx: Any, Wh: Any, b: Any, order: str = "fgio") -> Any:
    cell = torch.nn.LSTMCell(len(Wx), len(Wh), dtype=Wx.dtype)
    return torch.func.functional_call(cell, lstm_weights(Wx, Wh, b, order=order, suffix=""), (x, (h_prev, c_prev)))


def run_lstm(xs: Any, h0: Any, c0: Any, weights: dict[str, Any], **kinds: Any) -> Any:
    H = weights["weight_hh_l0"].shape[1]
    net = torch.nn.LSTM(xs.shape[2], H, batch_first=True, dtype=xs.dtype, **kinds)
    return torch.func.functional_call(net, weights, (xs, (h0, c0)))


def time_lstm(xs: Any, h0: Any, c0: Any, *params: Any, order: str = "fgio") -> Any:
    hs, (_, c) = run_lstm(xs, h0[None], c0[None], lstm_weights(*params, order=order, suffix="_l0"))
    return hs, c[0]


def time_stacked_lstm(xs: Any, h0: Any, c0: Any, *params: Any, order: str = "fgio") -> Any:
    weights = lstm_weights(*params[:3], order=order, suffix="_l0") | lstm_weights(
        *params[3:], order=order, suffix="_l1"
    )
    hs, (h, c) = run_lstm(xs, h0, c0, weights, num_layers=2)
    return hs, h, c


def time_bilstm(xs: Any, *params: Any, order: str = "fgio") -> Any:
    weights = lstm_weights(*params[:3], order=order, suffix="_l0") | lstm_weights(
        *params[3:], order=order, suffix="_l0_reverse"
    )
    zero = torch.zeros(2, len(xs), len(params[1]), dtype=xs.dtype)
    return run_lstm(xs, zero, zero, weights, bidirectional=True)[0]


def gru(x: Any, h_prev: Any, Wx: Any, Wh: Any, b: Any, order: str = "zrh", reset: str = "after") -> Any:
    if reset == "before":
        return gru_before(x, h_prev, Wx, Wh, b, order)
    cell = torch.nn.GRUCell(len(Wx), len(Wh), dtype=Wx.dtype)
    return torch.func.functional_call(cell, gru_weights(Wx, Wh, b, order, ""), (x, h_prev))


def time_gru(xs: Any, h0: Any, Wx: Any, Wh: Any, b: Any, order: str = "zrh", reset: str = "after") -> Any:
    if reset == "before":
        hs = [h0]
        for t in range(xs.shape[1]):
            hs.append(gru_before(xs[:, t], hs[-1], Wx, Wh, b, order))
        return torch.stack(hs[1:], dim=1)
    net = torch.nn.GRU(len(Wx), len(Wh), batch_first=True, dtype=Wx.dtype)
    return torch.func.functional_call(net, gru_weights(Wx, Wh, b, order, "_l0"), (xs, h0[None]))[0]


def gru_weights(Wx: Any, Wh: Any, b: Any, order: str, suffix: str) -> dict[str, Any]:
    # torch's z keeps the old state, ours lets in the new one: σ(−a) = 1 − σ(a)
    Wx, Wh, b = (in_order(param, order, "rzh", negated="z") for param in (Wx, Wh, b))
    bx, bh = b if b.ndim == 2 else (b, 0 * b)
    return {
        f"weight_ih{suffix}": Wx.T,
        f"weight_hh{suffix}": Wh.T,
        f"bias_ih{suffix}": bx,
        f"bias_hh{suffix}": bh,
    }


def gru_before(x: Any, h_prev: Any, Wx: Any, Wh: Any, b: Any, order: str) -> Any:
    """The original paper's equations, which torch has no layer for; its autograd is still another than ours."""
    Wx, Wh, b = (dict(zip(order, param.chunk(3, dim=-1), strict=True)) for param in (Wx, Wh, b))
    b = {gate: bias.sum(dim=0) if bias.ndim == 2 else bias for gate, bias in b.items()}
    z, r = (torch.sigmoid(x @ Wx[gate] + h_prev @ Wh[gate] + b[gate]) for gate in "zr")
    new = torch.tanh(x @ Wx["h"] + (r * h_prev) @ Wh["h"] + b["h"])
    return h_prev + z * (new - h_prev)


def language_model(
    embedding: Callable[..., Any], affine: Callable[..., Any], loss: Callable[..., Any], states: int
) -> Callable[..., Any]:
    """Torch's model of one gated layer: an LSTM where there are two states to carry, else a GRU."""

    def model(xs: Any, ts: Any, *rest: Any, ignore_label: int = -1, **options: Any) -> Any:
        carried, (embed_W, *gated, affine_W, affine_b) = rest[:states], rest[states:]
        embedded = embedding(xs, embed_W)
        layer = time_lstm if states == 2 else time_gru
        out = layer(embedded, *carried, *gated, **options)
        hs, *memory = out if isinstance(out, tuple) else (out,)
        return loss(affine(hs, affine_W, affine_b), ts, ignore_label), hs[:, -1], *memory

    return model


def better_model(
    embedding: Callable[..., Any], affine: Callable[..., Any], loss: Callable[..., Any], dropout: Callable[..., Any]
) -> Callable[..., Any]:
    """Torch's model of two LSTMs, the same masks as ours, and one weight used twice."""

    def model(
        xs: Any,
        ts: Any,
        masks: Any,
        h0: Any,
        c0: Any,
        embed_W: Any,
        *rest: Any,
        ratio: float = 0.5,
        train: bool = True,
        order: str = "fgio",
        ignore_label: int = -1,
    ) -> Any:
        hs, affine_b = embedding(xs, embed_W), rest[-1]
        last, memories = [], []
        for k, params in enumerate((rest[:3], rest[3:6])):
            hs, c = time_lstm(dropout(hs, masks[k], ratio, train), h0[k], c0[k], *params, order=order)
            last.append(hs[:, -1])
            memories.append(c)
        scores = affine(dropout(hs, masks[2], ratio, train), embed_W.T, affine_b)
        return loss(scores, ts, ignore_label), torch.stack(last), torch.stack(memories)

    return model

"""What is gone is put in again: a return, a line that gives a name its value, a loop; and what fell elsewhere."""

import pytest
from strangers import LAYER_NORM, RNN, RNN_STEP, TIME_RNN, edited

from compare.checking.run import check_text
from compare.checking.settings import Settings

SPLIT = RNN + edited(
    TIME_RNN,
    """        hs = np.empty((N, T, H), dtype=xs.dtype)
""",
    """        steps = []
""",
).replace("hs[:, t, :] = self.h", "steps.append(self.h)").replace("return hs", "return np.stack(steps, axis=1)")
KEYED = """\
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, {'x': x, 'w': w}


def affine_backward(dout, cache):
    dx = (dout @ cache['w'].T).reshape(cache['x'].shape)
    dw = cache['x'].reshape(len(dout), -1).T @ dout
    return dx, dw, dout.sum(axis=0)
"""

# what is right, what stands there instead, what comes back
RETURNS = {
    "of an expression": (LAYER_NORM, "    out = gamma * xhat + beta\n    return out, (xhat, gamma, inv)\n", ""),
    "of a list": (SPLIT, "        return np.stack(steps, axis=1)\n", ""),
    "of a name and its cache": (RNN_STEP, "    return next_h, (x, prev_h, Wx, Wh, next_h)\n", ""),
    "of keys": (KEYED, "    return out, {'x': x, 'w': w}\n", ""),
}
OTHERWISE = {"of an expression": "    return beta + gamma * xhat, (xhat, gamma, inv)\n"}


def mended(text: str, *, fragile: bool = False) -> str | None:
    return check_text(text, "layers.py", Settings({}, mend=True, fragile=fragile, seconds=60), None).mended


@pytest.mark.parametrize("name", RETURNS)
def test_a_return_that_is_gone_is_put_in(name: str) -> None:
    right, old, new = RETURNS[name]
    report = check_text(edited(right, old, new), "layers.py", Settings({}, seconds=60), None)
    assert report.mended == edited(right, old, OTHERWISE.get(name, old))
    [line] = {f.fix.line for f in report.findings if f.fix}
    # every finding stands where the return belongs, behind the last line
    assert {f.place.line for f in report.findings if f.place} <= {line - 1, line}


def test_a_name_that_is_returned_and_never_set_gets_its_value() -> None:
    assert mended(edited(LAYER_NORM, "    out = gamma * xhat + beta\n", "")) == edited(
        LAYER_NORM, "out = gamma * xhat + beta", "out = beta + gamma * xhat"
    )

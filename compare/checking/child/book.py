"""Stand-ins of the book's protocol (`params`, `grads`, `forward`, `backward`), computed by our own layers."""

from typing import Any, ClassVar

import numpy as np

import manual
from compare.checking.child.book_functions import FUNCTIONS
from compare.checking.child.floats import alike, common


class Layer:
    """A layer around one of ours, which is made anew for every forward pass, of what the parameters are then.

    Parameters and data may be of several dtypes, and the rows may stand along several axes.
    """

    name: ClassVar = ""
    fixed: ClassVar[dict[str, Any]] = {}
    rows: ClassVar = True

    def __init__(self, *params: Any) -> None:
        self.params = list(params)
        self.grads = [np.zeros_like(p) for p in params]
        self.hand: Any = None
        self.shape: tuple[int, ...] = ()
        self.outs: list[tuple[int, ...]] = []

    def forward(self, *data: Any) -> Any:
        """What our layer gives."""
        dtype = common(*self.params, *data)
        self.hand = self._made(dtype)
        self.shape = np.shape(data[0])
        out = self.hand.forward(*(self._rolled(d) for d in alike(dtype, *data)))
        self.outs = [np.shape(each) for each in (out if isinstance(out, tuple) else (out,))]
        return self._unrolled(out)

    def backward(self, *cotangents: Any) -> Any:
        """What our layer gives; the gradients of the parameters go into `grads`, in place."""
        dtype = common(*self.hand.params, *cotangents)
        shapes = self.outs or [()] * len(cotangents)
        back = self.hand.backward(*map(self._spread, alike(dtype, *map(self._rolled, cotangents)), shapes))
        for grad, found in zip(self.grads, self.hand.grads, strict=False):
            grad[...] = found
        return self._unrolled(back)

    def _made(self, dtype: Any, **options: Any) -> Any:
        params = list(alike(dtype, *self.params))
        if self.name.endswith("GRU") and len(params) == 2:
            # as the book has it
            params.append(np.zeros(params[1].shape[1], dtype))
        return getattr(manual, self.name)(*params, **options, **self.fixed)

    def _spread(self, cotangent: Any, shape: tuple[int, ...]) -> Any:
        """A gradient of 0 that is written as a number is 0 everywhere."""
        return np.broadcast_to(cotangent, shape) if np.ndim(cotangent) == 0 and shape else cotangent

    def _rolled(self, array: Any) -> Any:
        return array.reshape(-1, array.shape[-1]) if self.rows and np.ndim(array) and np.ndim(array) != 2 else array

    def _unrolled(self, array: Any) -> Any:
        if not self.rows or len(self.shape) == 2 or not isinstance(array, np.ndarray):
            return array
        return array.reshape(*self.shape[:-1], array.shape[-1])


class Exact(Layer):
    """A layer whose data have the axes that ours has."""

    rows = False


class Ids(Layer):
    """The embedding, for ids along any axes."""

    def forward(self, ids: Any) -> Any:
        """The rows of W."""
        ids = np.asarray(ids)
        self.hand = manual.Embedding(*self.params)
        self.shape = ids.shape
        return self.hand.forward(ids.reshape(-1)).reshape(*ids.shape, -1)

    def _unrolled(self, array: Any) -> Any:
        return array


class Recurrent(Layer):
    """A layer over time, that carries its state if it is stateful."""

    rows = False

    def __init__(self, *params: Any, stateful: bool = False) -> None:
        # the book takes the state's being kept by its position, too
        *arrays, last = params
        self.stateful = bool(last) if np.ndim(last) == 0 else stateful
        super().__init__(*(arrays if np.ndim(last) == 0 else params))
        self.h = self.c = self.dh = self.dc = None

    def forward(self, xs: Any) -> Any:
        """The states, from the carried one if there is one."""
        dtype = common(*self.params, xs)
        self.hand = self._made(dtype, stateful=True)
        states = [s for s in (self.h, self.c) if s is not None] if self.stateful else []
        if states:
            self.hand.set_state(*alike(dtype, *states))
        hs = self.hand.forward(*alike(dtype, xs))
        self.h, self.c = self.hand.h, getattr(self.hand, "c", None)
        return hs

    def backward(self, dhs: Any) -> Any:
        """The gradient of xs; those of the states go into `.dh` and `.dc`."""
        dxs = super().backward(dhs)
        self.dh, self.dc = self.hand.dh, getattr(self.hand, "dc", None)
        return dxs

    def set_state(self, h: Any, c: Any = None) -> None:
        """Begin the next forward pass from these states."""
        self.h, self.c = h, c

    def reset_state(self) -> None:
        """Begin the next forward pass from zero."""
        self.h = self.c = None


class Mask(Layer):
    """Dropout that draws its own mask."""

    def __init__(self, dropout_ratio: float = 0.5) -> None:
        super().__init__()
        self.dropout_ratio = dropout_ratio
        self.train_flg = True
        self.mask: Any = None

    def forward(self, xs: Any, train_flg: bool = True) -> Any:
        """What the mask leaves of xs, scaled up."""
        keep = np.random.rand(*xs.shape) > self.dropout_ratio
        self.mask = keep / (1 - self.dropout_ratio) if self.train_flg and train_flg else np.ones(xs.shape)
        return xs * self.mask

    def backward(self, dout: Any) -> Any:
        """The gradient of xs."""
        return dout * self.mask


def stand_in(name: str, order: str) -> Any:
    """A layer's class or a function; `order` is that of the gates, "" the book's.

    Raises NameError for a name that there is not.
    """
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if not hasattr(manual, name):
        raise NameError(f"there is no layer of ours that is called {name}")
    base = KINDS.get(name, Layer)
    fixed = {"reset": "before"} if name.endswith("GRU") else {}
    if order:
        order, _, reset = order.partition(":")
        fixed |= {"order": order} | ({"reset": reset} if reset else {})
    return type(name, (base,), {"name": name, "fixed": fixed})


KINDS: dict[str, type] = {
    **dict.fromkeys(("RNN", "LSTM", "GRU", "TimeAffine", "TimeBiLSTM", "LayerNorm"), Exact),
    **dict.fromkeys(("SoftmaxWithLoss", "SigmoidWithLoss", "TimeSoftmaxWithLoss", "TimeSigmoidWithLoss"), Exact),
    **dict.fromkeys(("TimeRNN", "TimeLSTM", "TimeGRU"), Recurrent),
    **dict.fromkeys(("Embedding", "TimeEmbedding"), Ids),
    **dict.fromkeys(("Dropout", "TimeDropout"), Mask),
}

"""Stand-ins for modules and names that a file takes for granted: numpy, and the layers of its own repository."""

from collections.abc import Callable
from functools import cached_property, reduce
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from compare.checking.child.inert import Inert
from compare.checking.child.ours import Ours

# of these, no name is one of a layer that we know
_LIBRARIES = {
    *("torch", "torchvision", "torchtext", "tensorflow", "keras", "jax", "flax", "chainer", "mxnet", "paddle"),
    *("theano", "autograd", "sklearn", "pandas", "matplotlib", "pylab", "seaborn", "plotly", "nltk", "gensim", "tqdm"),
    *("IPython", "ipywidgets", "wandb", "numba", "cv2", "PIL", "imageio", "h5py", "transformers", "datasets", "google"),
}
# modules of the files' own repositories, also under another package's name
_PARTS = {
    *("np", "config", "functions", "layers", "layer", "time_layers", "base_model", "util", "utils", "gradient"),
    *("rnn_layers", "layer_utils", "optimizer", "trainer", "classifiers", "moves", "builtins"),
}
_LAYERS = (
    *("RNN", "LSTM", "GRU", "Affine", "MatMul", "Embedding", "Sigmoid", "Tanh", "Softmax", "Relu", "Dropout"),
    *("SoftmaxWithLoss", "SigmoidWithLoss", "TimeRNN", "TimeLSTM", "TimeGRU", "TimeAffine", "TimeEmbedding"),
    *("TimeSoftmaxWithLoss", "TimeSigmoidWithLoss", "TimeDropout", "TimeBiLSTM", "LayerNorm"),
)
_FUNCTIONS = ("sigmoid", "softmax", "relu", "cross_entropy_error", "clip_grads", "convert_one_hot", "BaseModel")
_STEPS = ("rnn_step", "rnn", "lstm_step", "lstm", "gru_step", "gru", "word_embedding", "temporal_affine")
_ACTIVATIONS = ("affine", "layernorm", "relu", "sigmoid", "tanh")
_COURSE = (
    *(f"{step}_{way}" for step in (*_STEPS, *_ACTIVATIONS) for way in ("forward", "backward")),
    *("temporal_softmax_loss", "softmax_loss"),
)
_ALIASES = {f"{name}Layer": name for name in _LAYERS} | {"ReLU": "Relu", "ReLu": "Relu"}
_PYTHON_2 = {
    "basestring": str,
    "imap": map,
    "izip": zip,
    "long": int,
    "raw_input": input,
    "reduce": reduce,
    "unichr": chr,
    "unicode": str,
    "xrange": range,
}

_Maker = Callable[[str, str], Any]


class ArrayModule(ModuleType):
    """numpy under another name, with what only the other one has."""

    def __init__(self, name: str, **extras: Any) -> None:
        super().__init__(name)
        vars(self).update(extras)

    def __getattr__(self, name: str) -> Any:
        return _attribute(self.__name__, name, getattr(np, name, None))


class StandInModule(ModuleType):
    """A module that is not there: the names that we know, and Inert for the others."""

    def __init__(self, name: str, known: "StandIns | None") -> None:
        super().__init__(name)
        self.__all__ = known.names if known else []
        self._known = known

    def __getattr__(self, name: str) -> Any:
        if self._known and self._known.knows(name):
            return self._known.name(name)
        if self._known and name in _PARTS:
            return import_module(f"{self.__name__}.{name}")
        return _attribute(self.__name__, name, None)


class StandIns:
    """Every stand-in is made once; those that need our layers load them then."""

    def __init__(self, ours: Ours) -> None:
        cupy = ArrayModule("cupy", asnumpy=np.asarray, get_array_module=lambda *_: np, scatter_add=np.add.at)
        self._ours = ours
        self._made: dict[str, Any] = {"cupy": cupy, "cp": cupy, "cupyx": cupy, "GPU": False, **_PYTHON_2}
        self._made |= {name: Inert(name) for name in ("display", "get_ipython")}
        self._made |= {"np": np, "numpy": np, "to_cpu": np.asarray, "to_gpu": np.asarray}
        self._layers: dict[str, Any] = {}
        self.names = sorted({*self._made, *_LAYERS, *_FUNCTIONS, *_COURSE, *_ALIASES} - {"cupyx"})

    def knows(self, name: str) -> bool:
        """Whether there is a stand-in of this name."""
        return name in self.names

    def name(self, name: str) -> Any:
        """The stand-in of a name that is known."""
        if name in self._made:
            return self._made[name]
        return self.layer(_ALIASES.get(name, name))

    def layer(self, wanted: str) -> Any:
        """One of our layers or functions; gates that stand in another order follow the name: `LSTM:ifog`."""
        if wanted not in self._layers:
            name, _, order = wanted.partition(":")
            of_book, of_course = self._makers
            self._layers[wanted] = (of_course if name in _COURSE else of_book)(name, order)
        return self._layers[wanted]

    @cached_property
    def _makers(self) -> tuple[_Maker, _Maker]:
        with self._ours.opened():
            from compare.checking.child import book, course

            return book.stand_in, course.function

    def made(self, thing: Any) -> bool:
        """Whether something is a stand-in, and no work of the stranger's."""
        return isinstance(thing, Inert) or any(thing is layer for layer in self._layers.values())

    def module(self, name: str) -> ModuleType:
        """The stand-in of a module."""
        root = name.partition(".")[0]
        if root in ("cupy", "cupyx") or name == "autograd.numpy":
            return ArrayModule(name, **{k: v for k, v in vars(self._made["cupy"]).items() if k[0] != "_"})
        return StandInModule(name, None if root in _LIBRARIES else self)


def _attribute(module: str, name: str, found: Any) -> Any:
    if found is not None:
        return found
    if name.startswith("__"):
        raise AttributeError(name)
    return Inert(f"{module}.{name}")

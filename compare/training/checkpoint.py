"""A trained model as one .npz file without pickle: the parameters by name, and what they mean as JSON."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.errors import RefusedError, reason
from compare.files import replacing
from compare.training.engines import PARAMS
from compare.training.text import JOINED_BY, Vocabulary

FORMAT = "tiny-autograd-rnn model 1"
ABOUT = "about"


@dataclass(frozen=True)
class Model:
    """What a file holds: how text is cut into tokens, their ids, the parameters in the order of PARAMS.

    `config` says how the model was trained, for the reader; nothing is computed from it.
    """

    kind: str
    vocabulary: Vocabulary
    params: tuple[Array, ...]
    config: Mapping[str, Any]

    @property
    def D(self) -> int:
        return int(self.params[0].shape[1])

    @property
    def H(self) -> int:
        return len(self.params[2])

    @property
    def dtype(self) -> str:
        return self.params[0].dtype.name


def save(path: Path, model: Model) -> None:
    """Write the file whole or leave what stands there.

    Raises OSError where it cannot be written.
    """
    about = {"format": FORMAT, "tokens": model.kind, "vocabulary": model.vocabulary.tokens, "config": model.config}
    # bytes, not an array of strings: NumPy takes the NULs off the end of a string
    encoded = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, **{ABOUT: encoded}, **dict(zip(PARAMS, model.params, strict=True)))


def load(path: Path) -> Model:
    """The model in a file.

    Raises RefusedError for what is no model: another file, a damaged or truncated one, pickles, wrong shapes, a
    parameter that is not finite.
    """
    try:
        return _model(_arrays(path))
    except FileNotFoundError:
        raise RefusedError(f"--load: there is no file {path}; wanted a model written by --save") from None
    except OSError as error:
        raise RefusedError(f"--load: cannot read {path} ({reason(error)}); wanted a model written by --save") from None
    except ValueError as error:
        raise RefusedError(f"--load: {path} {error}; wanted a model written by --save: save it again") from None


def is_model(path: Path) -> bool:
    """Whether the file says that it is a model of ours; it may still be a damaged one."""
    try:
        return _about(_arrays(path, only=ABOUT))["format"] == FORMAT
    except (OSError, ValueError):
        return False


def _arrays(path: Path, only: str = "") -> dict[str, Array]:
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError("is not a whole .npz file")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files if name == (only or name)}
        # what a damaged archive raises has no end: errors of zip, zlib, headers, unpickling, memory
        except Exception as error:
            raise ValueError(f"is damaged ({str(error) or type(error).__name__})") from None


def _about(arrays: dict[str, Array]) -> dict[str, Any]:
    encoded = arrays.get(ABOUT)
    if encoded is None or encoded.dtype != np.uint8:
        raise ValueError("is an .npz file, but no model")
    try:
        about = json.loads(encoded.tobytes())
        if not isinstance(about["format"], str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("does not say what it holds") from None
    return dict(about)


def _model(arrays: dict[str, Array]) -> Model:
    about = _about(arrays)
    if about["format"] != FORMAT:
        raise ValueError(f"has the format {about['format']!r} (wanted {FORMAT!r})")
    tokens, kind, config = about.get("vocabulary"), about.get("tokens"), about.get("config")
    if not (isinstance(tokens, list) and tokens and all(isinstance(token, str) for token in tokens)):
        raise ValueError("has no vocabulary")
    if len(set(tokens)) < len(tokens) or kind not in JOINED_BY or not isinstance(config, dict):
        raise ValueError("has a vocabulary with repeated tokens, or of no known kind")
    missing = [name for name in PARAMS if name not in arrays]
    if missing:
        raise ValueError(f"lacks the parameter {missing[0]}")
    params = tuple(arrays[name] for name in PARAMS)
    _check_params(params, len(tokens))
    return Model(kind, Vocabulary(tuple(tokens)), params, config)


def _check_params(params: tuple[Array, ...], V: int) -> None:
    dtype, D, H = params[0].dtype, params[0].shape[-1:], params[2].shape[-1:]
    wanted = ((V, *D), (*D, *H), (*H, *H), H, (*H, V), (V,))
    for name, param, shape in zip(PARAMS, params, wanted, strict=True):
        if param.shape != shape or 0 in shape:
            raise ValueError(
                f"has {name} of shape {param.shape}, which does not fit {V} tokens and the other parameters"
            )
        if param.dtype != dtype or dtype.name not in ("float32", "float64"):
            raise ValueError(f"has {name} of dtype {param.dtype} (wanted float32 or float64, one for all)")
        if not np.isfinite(param).all():
            raise ValueError(f"has a number in {name} that is not finite")

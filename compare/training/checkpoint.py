"""A trained model as one .npz file without pickle: the parameters by name, and what they mean as JSON."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.errors import RefusedError, reason
from compare.files import replacing
from compare.training.models import MODELS, Architecture
from compare.training.text import JOINED_BY, Vocabulary

FORMAT = "tiny-autograd-rnn model 2"
ABOUT = "about"


@dataclass(frozen=True)
class Model:
    """What a file holds: which model it is, how text is cut into tokens, their ids, the parameters in their order.

    `config` says how it was trained.
    """

    architecture: Architecture
    kind: str
    vocabulary: Vocabulary
    params: tuple[Array, ...]
    config: Mapping[str, Any]

    @property
    def D(self) -> int:
        return self.architecture.sizes(self.params)["D"]

    @property
    def H(self) -> int:
        return self.architecture.sizes(self.params)["H"]

    @property
    def dtype(self) -> str:
        return self.params[0].dtype.name


def save(
    path: Path, model: Model, about: Mapping[str, Any] | None = None, arrays: Mapping[str, Array] | None = None
) -> None:
    """Write the file whole or leave what stands there; `about` and `arrays` are what going on takes.

    Raises OSError where it cannot be written.
    """
    described = {
        "format": FORMAT,
        "model": model.architecture.name,
        "tokens": model.kind,
        "vocabulary": model.vocabulary.tokens,
        "config": model.config,
        **(about or {}),
    }
    # bytes, not an array of strings: NumPy takes the NULs off the end of a string
    encoded = np.frombuffer(json.dumps(described).encode(), dtype=np.uint8)
    params = dict(zip(model.architecture.names, model.params, strict=True))
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, **{ABOUT: encoded}, **params, **(arrays or {}))


def load(path: Path, option: str = "--load") -> Model:
    """The model in a file, which came with the option.

    Raises RefusedError for what is no model: another file, a damaged or truncated one, pickles, wrong shapes, a
    parameter that is not finite.
    """
    with explained(path, option):
        return model_in(*contents(path))


@contextmanager
def explained(path: Path, option: str) -> Iterator[None]:
    """Say in one sentence which file could not be read, or by a ValueError of the body, what is wrong with it.

    Raises RefusedError.
    """
    try:
        yield
    except FileNotFoundError:
        raise RefusedError(f"{option}: there is no file {path}; wanted a model written by --save") from None
    except OSError as error:
        raise RefusedError(
            f"{option}: cannot read {path} ({reason(error)}); wanted a model written by --save"
        ) from None
    except ValueError as error:
        raise RefusedError(f"{option}: {path} {error}; wanted a model written by --save: save it again") from None


def is_model(path: Path) -> bool:
    """Whether the file says that it is a model of ours, of whatever version; it may still be a damaged one."""
    try:
        return str(_about(_arrays(path, only=ABOUT))["format"]).startswith(FORMAT.rstrip("0123456789"))
    except (OSError, ValueError):
        return False


def contents(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """(what the file says of itself, its arrays by name).

    Raises OSError where it cannot be read, ValueError for what is no model.
    """
    arrays = _arrays(path)
    about = _about(arrays)
    if about["format"] != FORMAT:
        raise ValueError(f"has the format {about['format']!r} (wanted {FORMAT!r})")
    return about, arrays


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


def model_in(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Model:
    """The model in a file's contents.

    Raises ValueError for what is none.
    """
    tokens, kind, config = about.get("vocabulary"), about.get("tokens"), about.get("config")
    if about.get("model") not in MODELS:
        raise ValueError(f"holds a model {about.get('model')!r} (wanted one of {', '.join(MODELS)})")
    architecture = MODELS[about["model"]]
    if not (isinstance(tokens, list) and tokens and all(isinstance(token, str) for token in tokens)):
        raise ValueError("has no vocabulary")
    if len(set(tokens)) < len(tokens) or kind not in JOINED_BY or not isinstance(config, dict):
        raise ValueError("has a vocabulary with repeated tokens, or of no known kind")
    return Model(architecture, kind, Vocabulary(tuple(tokens)), params_in(architecture, arrays, len(tokens)), config)


def params_in(architecture: Architecture, arrays: Mapping[str, Array], V: int, prefix: str = "") -> tuple[Array, ...]:
    """The parameters whose names begin with the prefix.

    Raises ValueError where one is missing, not finite, or fits neither V nor the others in shape and dtype.
    """
    names = [prefix + name for name in architecture.names]
    if missing := [name for name in names if name not in arrays]:
        raise ValueError(f"lacks the parameter {missing[0]}")
    params = tuple(arrays[name] for name in names)
    sizes = {**architecture.sizes(params), "V": V}
    shapes = architecture.shapes(architecture.signature.params, **sizes).values()
    for name, param, shape in zip(names, params, shapes, strict=True):
        if param.shape != shape or 0 in shape:
            raise ValueError(
                f"has {name} of shape {param.shape}, which does not fit {V} tokens and the other parameters"
            )
        if param.dtype != params[0].dtype or param.dtype.name not in ("float32", "float64"):
            raise ValueError(f"has {name} of dtype {param.dtype} (wanted float32 or float64, one for all)")
        if not np.isfinite(param).all():
            raise ValueError(f"has a number in {name} that is not finite")
    return params

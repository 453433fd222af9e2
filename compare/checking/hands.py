"""A stranger's layer with the face of ours: what `compare.runs.Hand` drives, though the code runs in another process.

Arrays go out and come back, so that a stranger cannot change one of the caller's; only where that is what is asked
about, its changes are made in the caller's array too, and the checks of `compare.contract` see them as in our layers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from compare.checking.calls import Caller
from compare.checking.class_layer import ClassLayer
from compare.checking.convention import Convention
from compare.checking.function_layer import FunctionLayer, LossLayer
from compare.checking.sandbox import Session
from compare.checking.subjects import Subject

Maker = Callable[..., Any]


def maker(
    subject: Subject, session: Session, convention: Convention, sizes: Mapping[str, int], mirrored: bool = False
) -> Maker:
    """What stands for the hand in a `Pair`: called with parameters and options, it makes a layer.

    `mirrored`: what the stranger changes in an array of the caller's is changed in the caller's array too.

    The options are the twin's: the stranger's forward pass has chosen among them, its constructor does not know them.
    """
    caller = Caller(session, mirrored)
    if subject.role.protocol == "class":
        return lambda *params, **options: ClassLayer(subject, caller, convention, sizes, params, options)
    if subject.role.protocol == "functions":
        return lambda *params, **_: FunctionLayer(subject, caller, convention, params)
    return lambda **_: LossLayer(subject, caller)

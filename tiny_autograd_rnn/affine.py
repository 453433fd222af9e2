"""The matrix product, and the affine layer for one row and for T steps, as pure functions."""

import autograd.numpy as np

from tiny_autograd_rnn.signature import Array, Float, specified


@specified
def matmul(x: Float[Array, "N D"], /, W: Float[Array, "D H"]) -> Float[Array, "N H"]:
    """out = x W"""
    return np.dot(x, W)


@specified
def affine(x: Float[Array, "N D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]) -> Float[Array, "N H"]:
    """out = x W + b"""
    return np.dot(x, W) + b


@specified
def time_affine(xs: Float[Array, "N T D"], /, W: Float[Array, "D H"], b: Float[Array, "H"]) -> Float[Array, "N T H"]:
    """out[:, t] = xs[:, t] W + b"""
    # np.dot takes three axes without BLAS, in ten times the time
    return np.tensordot(xs, W, 1) + b

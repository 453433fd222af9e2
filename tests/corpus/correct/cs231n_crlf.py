import numpy as np
from cs231n.layers import *

# 과제 3: 단어 임베딩과 시간축 아핀 계층


def word_embedding_forward(x, W):
  out = np.take(W, x, axis=0)
  cache = {'x': x, 'shape': W.shape}
  return out, cache


def word_embedding_backward(dout, cache):
  V, D = cache['shape']
  dW = np.zeros((V, D))
  # 같은 단어의 기울기는 모두 더한다
  flat = dout.reshape(-1, D)
  for d in range(D):
    dW[:, d] = np.bincount(cache['x'].ravel(), weights=flat[:, d], minlength=V)
  return dW


def temporal_affine_forward(x, w, b):
  N, T, D = x.shape
  out, cache = affine_forward(x.reshape(N * T, D), w, b)
  return out.reshape(N, T, -1), (cache, x.shape)


def temporal_affine_backward(dout, cache):
  cache, (N, T, D) = cache
  dx, dw, db = affine_backward(dout.reshape(N * T, -1), cache)
  return dx.reshape(N, T, D), dw, db


def temporal_softmax_loss(x, y, mask, verbose=False):
  N, T, V = x.shape
  shifted = x - x.max(axis=2)[:, :, np.newaxis]
  log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=2))[:, :, np.newaxis]
  rows, cols = np.indices((N, T))
  loss = -(log_probs[rows, cols, y] * mask).sum() / N

  # 기울기
  dx = np.exp(log_probs)
  dx[rows, cols, y] -= 1
  dx = dx * mask[:, :, np.newaxis] / N
  return loss, dx

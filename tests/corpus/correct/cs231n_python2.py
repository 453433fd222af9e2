import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
  """
  Run the forward pass for a single timestep of a vanilla RNN.
  """
  a = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
  next_h = np.tanh(a)
  cache = (x, prev_h, Wx, Wh, b, a)
  return next_h, cache


def rnn_step_backward(dnext_h, cache):
  x, prev_h, Wx, Wh, b, a = cache
  da = dnext_h * (1 - np.tanh(a) * np.tanh(a))
  dx = np.dot(da, Wx.T)
  dprev_h = np.dot(da, Wh.T)
  dWx = np.dot(x.T, da)
  dWh = np.dot(prev_h.T, da)
  db = np.sum(da, axis=0)
  return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
  N, T, D = x.shape
  H = b.shape[0]
  h = np.zeros((N, T, H))
  cache = {}
  prev = h0
  for t in xrange(T):
    prev, cache[t] = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
    h[:, t, :] = prev
  return h, cache


def rnn_backward(dh, cache):
  N, T, H = dh.shape
  x, prev_h, Wx, Wh, b, a = cache[T - 1]
  D = x.shape[1]
  dx = np.zeros((N, T, D))
  dh0 = np.zeros((N, H))
  dWx = np.zeros((D, H))
  dWh = np.zeros((H, H))
  db = np.zeros((H,))
  for t in xrange(T - 1, -1, -1):
    dstep = dh[:, t, :] + dh0
    dx_t, dh0, dWx_t, dWh_t, db_t = rnn_step_backward(dstep, cache[t])
    dx[:, t, :] = dx_t
    dWx += dWx_t
    dWh += dWh_t
    db += db_t
  return dx, dh0, dWx, dWh, db


def word_embedding_forward(x, W):
  out = W[x]
  cache = x, W
  return out, cache


def word_embedding_backward(dout, cache):
  x, W = cache
  N, T, D = dout.shape
  dW = np.zeros_like(W)
  for n in xrange(N):
    for t in xrange(T):
      dW[x[n, t]] += dout[n, t]
  return dW


def temporal_softmax_loss(x, y, mask, verbose=False):
  N, T, V = x.shape

  x_flat = x.reshape(N * T, V)
  y_flat = y.reshape(N * T)
  mask_flat = mask.reshape(N * T)

  probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
  probs /= np.sum(probs, axis=1, keepdims=True)
  loss = -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N
  dx_flat = probs.copy()
  dx_flat[np.arange(N * T), y_flat] -= 1
  dx_flat /= N
  dx_flat *= mask_flat[:, None]

  if verbose: print 'dx_flat: ', dx_flat.shape

  dx = dx_flat.reshape(N, T, V)
  return loss, dx

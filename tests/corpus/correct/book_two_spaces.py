import numpy as np

# 5장 언어 모델에 쓰는 계층들 (들여쓰기 두 칸)


class Embedding:
  def __init__(self, W):
    self.params = [W]
    self.grads = [np.zeros_like(W)]
    self.idx = None

  def forward(self, idx):
    W, = self.params
    self.idx = idx
    return W[idx]

  def backward(self, dout):
    dW, = self.grads
    dW[...] = 0
    # 같은 단어가 여러 번 나오면 더해야 한다
    for i, word_id in enumerate(self.idx):
      dW[word_id] += dout[i]
    return None


class TimeEmbedding:
  def __init__(self, W):
    self.params = [W]
    self.grads = [np.zeros_like(W)]
    self.xs = None

  def forward(self, xs):
    W, = self.params
    self.xs = xs
    return W[xs]

  def backward(self, dout):
    N, T, D = dout.shape
    dW, = self.grads
    dW[...] = 0
    for n in range(N):
      for t in range(T):
        dW[self.xs[n, t]] += dout[n, t]
    return None


class TimeAffine:
  def __init__(self, W, b):
    self.params = [W, b]
    self.grads = [np.zeros_like(W), np.zeros_like(b)]
    self.xs = None

  def forward(self, xs):
    W, b = self.params
    N, T, D = xs.shape
    out = np.zeros((N, T, W.shape[1]), dtype=xs.dtype)
    for t in range(T):
      out[:, t, :] = np.dot(xs[:, t, :], W) + b
    self.xs = xs
    return out

  def backward(self, dout):
    W, b = self.params
    xs = self.xs
    dxs = np.zeros_like(xs)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for t in range(xs.shape[1]):
      dxs[:, t, :] = np.dot(dout[:, t, :], W.T)
      dW += np.dot(xs[:, t, :].T, dout[:, t, :])
      db += dout[:, t, :].sum(axis=0)
    self.grads[0][...] = dW
    self.grads[1][...] = db
    return dxs


class TimeSoftmaxWithLoss:
  def __init__(self, ignore_label=-1):
    self.params, self.grads = [], []
    self.cache = None
    self.ignore_label = ignore_label

  def forward(self, xs, ts):
    N, T, V = xs.shape
    if ts.ndim == 3:  # 원핫 벡터
      ts = ts.argmax(axis=2)

    loss, count = 0, 0
    ps = np.zeros((N, T, V), dtype=xs.dtype)
    for n in range(N):
      for t in range(T):
        z = xs[n, t] - np.max(xs[n, t])
        ps[n, t] = np.exp(z) / np.sum(np.exp(z))
        if ts[n, t] == self.ignore_label:
          continue
        loss -= z[ts[n, t]] - np.log(np.sum(np.exp(z)))
        count += 1

    self.cache = (ts, ps, count)
    return loss / count if count > 0 else xs.dtype.type(0)

  def backward(self, dout=1):
    ts, ps, count = self.cache
    dxs = np.zeros_like(ps)
    for n, t in np.ndindex(*ts.shape):
      if ts[n, t] == self.ignore_label:
        continue
      dxs[n, t] = ps[n, t]
      dxs[n, t, ts[n, t]] -= 1
      dxs[n, t] *= dout / count
    return dxs

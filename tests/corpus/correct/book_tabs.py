# coding: utf-8
# 第一章 神经网络的复习：基本的层
import numpy as np


class Sigmoid:
	def __init__(self):
		self.params, self.grads = [], []
		self.out = None

	def forward(self, x):
		self.out = 1 / (1 + np.exp(-x))  # 正向传播
		return self.out

	def backward(self, dout):
		# 反向传播：y(1-y)
		return dout * self.out * (1 - self.out)


class MatMul:
	def __init__(self, W):
		self.params = [W]
		self.grads = [np.zeros_like(W)]
		self.x = None

	def forward(self, x):
		W, = self.params
		self.x = x
		return np.dot(x, W)

	def backward(self, dout):
		W, = self.params
		# 注意要用 [...] 覆盖，不能换成新的数组
		self.grads[0][...] = np.dot(self.x.T, dout)
		return np.dot(dout, W.T)


class Affine:
	def __init__(self, W, b):
		self.params = [W, b]
		self.grads = [np.zeros_like(W), np.zeros_like(b)]
		self.x = None

	def forward(self, x):
		W, b = self.params
		self.x = x
		return np.dot(x, W) + b

	def backward(self, dout):
		W, b = self.params
		dx = np.dot(dout, W.T)
		dW = np.dot(self.x.T, dout)
		db = np.sum(dout, axis=0)  # 偏置对批量求和

		self.grads[0][...] = dW
		self.grads[1][...] = db
		return dx


class SigmoidWithLoss:
	def __init__(self):
		self.params, self.grads = [], []
		self.y = None
		self.t = None

	def forward(self, x, t):
		self.t = t
		self.y = 1 / (1 + np.exp(-x))
		# log(1 + exp(-x)) 和 log(1 + exp(x))，避免溢出
		pos = np.logaddexp(0, -x)
		neg = np.logaddexp(0, x)
		return np.mean(t * pos + (1 - t) * neg)

	def backward(self, dout=1):
		N = self.t.shape[0]
		return (self.y - self.t) * dout / N

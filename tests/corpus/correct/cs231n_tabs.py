# -*- coding: utf-8 -*-
# 作业三：循环神经网络（制表符缩进）
from builtins import range
import numpy as np


def affine_forward(x, w, b):
	# 把每个样本拉成一行
	out = x.reshape(x.shape[0], -1).dot(w) + b
	cache = (x, w, b)
	return out, cache


def affine_backward(dout, cache):
	x, w, b = cache
	dx = dout.dot(w.T).reshape(x.shape)
	dw = x.reshape(x.shape[0], -1).T.dot(dout)
	db = np.sum(dout, axis=0)
	return dx, dw, db


def sigmoid(x):
	# 数值稳定
	return 0.5 * (np.tanh(0.5 * x) + 1)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
	N, H = prev_h.shape
	a = x.dot(Wx) + prev_h.dot(Wh) + b
	ai, af, ao, ag = np.split(a, 4, axis=1)
	i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
	next_c = f * prev_c + i * g  # 细胞状态
	next_h = o * np.tanh(next_c)
	cache = (x, prev_h, prev_c, Wx, Wh, b, i, f, o, g, next_c)
	return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
	x, prev_h, prev_c, Wx, Wh, b, i, f, o, g, next_c = cache
	t = np.tanh(next_c)
	# next_c 有两条路
	dc = dnext_c + dnext_h * o * (1 - t ** 2)
	do = dnext_h * t
	di = dc * g
	dg = dc * i
	df = dc * prev_c
	dprev_c = dc * f
	da = np.hstack((i * (1 - i) * di, f * (1 - f) * df, o * (1 - o) * do, (1 - g ** 2) * dg))
	dx = da.dot(Wx.T)
	dprev_h = da.dot(Wh.T)
	dWx = x.T.dot(da)
	dWh = prev_h.T.dot(da)
	db = da.sum(axis=0)
	return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
	N, T, D = x.shape
	H = h0.shape[1]
	h = np.zeros((N, T, H))
	cache = {}
	ht, ct = h0, np.zeros((N, H))
	for t in range(T):
		ht, ct, cache[t] = lstm_step_forward(x[:, t, :], ht, ct, Wx, Wh, b)
		h[:, t, :] = ht
	cache['D'] = D
	return h, cache


def lstm_backward(dh, cache):
	N, T, H = dh.shape
	D = cache['D']
	dx = np.zeros((N, T, D))
	dWx, dWh, db = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
	dht, dct = np.zeros((N, H)), np.zeros((N, H))
	for t in range(T - 1, -1, -1):
		# 从后往前
		dxt, dht, dct, dWxt, dWht, dbt = lstm_step_backward(dh[:, t, :] + dht, dct, cache[t])
		dx[:, t, :] = dxt
		dWx += dWxt
		dWh += dWht
		db += dbt
	return dx, dht, dWx, dWh, db

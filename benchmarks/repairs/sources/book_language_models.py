import sys
sys.path.append('..')
from common.np import *
from common.time_layers import *


class GruRnnlm:
    def __init__(self, vocab_size=100, wordvec_size=10, hidden_size=10):
        V, D, H = vocab_size, wordvec_size, hidden_size
        rn = np.random.randn

        embed_W = rn(V, D) / 100
        gru_Wx = rn(D, 3 * H) / np.sqrt(D)
        gru_Wh = rn(H, 3 * H) / np.sqrt(H)
        gru_b = np.zeros(3 * H)
        affine_W = rn(H, V) / np.sqrt(H)
        affine_b = np.zeros(V)

        self.layers = [
            TimeEmbedding(embed_W),
            TimeGRU(gru_Wx, gru_Wh, gru_b, stateful=True),
            TimeAffine(affine_W, affine_b),
        ]
        self.loss_layer = TimeSoftmaxWithLoss()
        self.gru_layer = self.layers[1]

        self.params, self.grads = [], []
        for layer in self.layers:
            self.params += layer.params
            self.grads += layer.grads

    def predict(self, xs):
        for layer in self.layers:
            xs = layer.forward(xs)
        return xs

    def forward(self, xs, ts):
        score = self.predict(xs)
        loss = self.loss_layer.forward(score, ts)
        return loss

    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def reset_state(self):
        self.gru_layer.reset_state()


class Rnnlm:
    def __init__(self, vocab_size=100, wordvec_size=10, hidden_size=10):
        V, D, H = vocab_size, wordvec_size, hidden_size

        self.embed = TimeEmbedding(np.random.randn(V, D) / 100)
        self.lstm = TimeLSTM(
            np.random.randn(D, 4 * H) / np.sqrt(D),
            np.random.randn(H, 4 * H) / np.sqrt(H),
            np.zeros(4 * H),
            stateful=True,
        )
        self.affine = TimeAffine(np.random.randn(H, V) / np.sqrt(H), np.zeros(V))
        self.loss_layer = TimeSoftmaxWithLoss()
        self.params = self.embed.params + self.lstm.params + self.affine.params
        self.grads = self.embed.grads + self.lstm.grads + self.affine.grads

    def forward(self, xs, ts):
        vectors = self.embed.forward(xs)
        hs = self.lstm.forward(vectors)
        score = self.affine.forward(hs)
        return self.loss_layer.forward(score, ts)

    def backward(self, dout=1):
        dscore = self.loss_layer.backward(dout)
        dhs = self.affine.backward(dscore)
        dvectors = self.lstm.backward(dhs)
        self.embed.backward(dvectors)

    def reset_state(self):
        self.lstm.reset_state()


class SimpleRnnlm:
    def __init__(self, vocab_size, wordvec_size, hidden_size):
        V, D, H = vocab_size, wordvec_size, hidden_size
        rn = np.random.randn
        self.layers = [
            TimeEmbedding(rn(V, D) / 100),
            TimeRNN(rn(D, H) / np.sqrt(D), rn(H, H) / np.sqrt(H), np.zeros(H), stateful=True),
            TimeAffine(rn(H, V) / np.sqrt(H), np.zeros(V)),
        ]
        self.loss_layer = TimeSoftmaxWithLoss()
        self.rnn_layer = self.layers[1]
        self.params = [p for layer in self.layers for p in layer.params]
        self.grads = [g for layer in self.layers for g in layer.grads]

    def forward(self, xs, ts):
        for layer in self.layers:
            xs = layer.forward(xs)
        loss = self.loss_layer.forward(xs, ts)
        return loss

    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)
        return dout

    def reset_state(self):
        self.rnn_layer.reset_state()

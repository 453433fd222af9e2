"""The planted faults, a file for each layer in each protocol."""

from corpus.entries import Planted
from corpus.planted import (
    book_activation,
    book_affine,
    book_embedding,
    book_gru,
    book_loss,
    book_lstm,
    book_rnn,
    book_time_lstm,
    book_time_rnn,
    course_affine,
    course_embedding,
    course_loss,
    course_lstm,
    course_lstm_step,
    course_rnn,
    course_rnn_step,
)

PLANTED: tuple[Planted, ...] = (
    *book_rnn.PLANTED,
    *book_time_rnn.PLANTED,
    *book_lstm.PLANTED,
    *book_time_lstm.PLANTED,
    *book_gru.PLANTED,
    *book_affine.PLANTED,
    *book_embedding.PLANTED,
    *book_activation.PLANTED,
    *book_loss.PLANTED,
    *course_rnn_step.PLANTED,
    *course_rnn.PLANTED,
    *course_lstm_step.PLANTED,
    *course_lstm.PLANTED,
    *course_affine.PLANTED,
    *course_embedding.PLANTED,
    *course_loss.PLANTED,
)

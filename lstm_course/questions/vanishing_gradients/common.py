"""Helpers that several questions of lesson 03 share."""

from lstm_course.scratch import RNN


def network(W_x, W_h, b=0.0):
    """The package's plain recurrent layer with these weights."""
    layer = RNN(W_x.shape[1], len(W_h))
    layer.parameters["weight_ih_l0"][...], layer.parameters["weight_hh_l0"][...] = W_x, W_h
    layer.parameters["bias_ih_l0"][...], layer.parameters["bias_hh_l0"][...] = b, 0
    return layer

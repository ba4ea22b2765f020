"""One set of weights in three libraries: `lstm_course.scratch`, PyTorch and Keras 3.

    to_scratch(layer)    to_torch(layer)    to_keras(layer)    copy_weights(source, target)

Each takes a layer of any of the three. `arrays` has the differences in names and stacking, as tables and in NumPy
alone. `scratch_layers`, `torch_layers` and `keras_layers` read a layer, make one and write into one, and refuse, in one
sentence, what another library lacks; `keras_stacks` knows the stacks of Keras. `layers` combines them: every
conversion goes through a layer of scratch, whose names and stacking are PyTorch's.

PyTorch and Keras are loaded when they are first needed, Keras on its torch backend.
"""

from .arrays import from_keras_arrays, to_keras_arrays
from .layers import copy_weights, to_keras, to_scratch, to_torch

__all__ = ["copy_weights", "from_keras_arrays", "to_keras", "to_keras_arrays", "to_scratch", "to_torch"]

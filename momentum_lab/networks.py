"""A small neural network and 1797 handwritten digits: where the course leaves the parabolas.

The network is a function of one flat vector of parameters, so every optimizer of this course can train it as it
stands.  As everywhere, axes before the last are independent runs: ten networks train in one call.
"""

from collections.abc import Iterable
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from momentum_lab.arguments import generator
from momentum_lab.slips import Slip, is_whole


class Network:
    """Layers of weighted sums with max(0, .) between them, and a softmax at the end.

    Parameters
    ----------
    sizes : tuple of int
        Units a layer, inputs first, classes last: (64, 32, 10) has one hidden layer of 32 units, and
        (64, 10) none, which is softmax regression.

    Attributes
    ----------
    dim : int
        Number of parameters: the weights of a layer, row by row, then its biases, layer after layer.
    """

    def __init__(self, sizes):
        self.sizes = tuple(sizes) if isinstance(sizes, Iterable) else ()
        if len(self.sizes) < 2 or not all(is_whole(n) and n >= 1 for n in self.sizes):
            raise Slip(f"A network needs its layers as whole numbers, inputs and classes at least; this is {sizes!r}.")
        self.shapes = list(zip(self.sizes, self.sizes[1:], strict=False))
        self.dim = sum(inputs * units + units for inputs, units in self.shapes)

    def init(self, seed):
        """Return random weights of variance 2 / inputs and biases of zero, shape (dim,).

        Source: K. He et al., "Delving deep into rectifiers", ICCV 2015, arXiv 1502.01852, eq. 10.
        """
        rng = generator(seed)
        theta = np.zeros(self.dim)
        for (weights, _), (inputs, _) in zip(self._layers(theta), self.shapes, strict=True):
            weights[...] = rng.normal(scale=np.sqrt(2 / inputs), size=weights.shape)
        return theta

    def scores(self, theta, x):
        """Return the last layer's sums, shape (..., examples, classes), for inputs of shape (examples, inputs)."""
        return self._forward(theta, x)[-1]

    def loss(self, theta, x, labels):
        """Return the mean cross-entropy, shape (...): how surprised the network is by the right answers, in nats."""
        self.check_labels(x, labels)
        scores = self.scores(theta, x)
        top = scores.max(axis=-1, keepdims=True)
        log_total = np.log(np.exp(scores - top).sum(axis=-1)) + top[..., 0]
        return (log_total - scores[..., np.arange(len(labels)), labels]).mean(axis=-1)

    def accuracy(self, theta, x, labels):
        """Return the share of examples whose largest score is at the right label, shape (...)."""
        self.check_labels(x, labels)
        return (self.scores(theta, x).argmax(axis=-1) == labels).mean(axis=-1)

    def grad(self, theta, x, labels):
        """Return the exact gradient of the loss, shape (..., dim), by going back through the layers."""
        self.check_labels(x, labels)
        theta = np.asarray(theta)
        layers = self._layers(theta)
        activations = self._forward(theta, x)
        slope = np.empty(theta.shape, dtype=theta.dtype)
        parts = self._layers(slope)
        error = _softmax(activations[-1])
        error[..., np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        for i in reversed(range(len(layers))):
            before = activations[i]
            np.matmul(np.swapaxes(before, -1, -2), error, out=parts[i][0])
            parts[i][1][...] = error.sum(axis=-2)
            if i:
                error = (error @ np.swapaxes(layers[i][0], -1, -2)) * (before > 0)
        return slope

    def check_labels(self, x, labels):
        """Refuse examples that do not fit this network, or that have not one right class each."""
        examples, labels, classes = self._examples(x), _array(labels), self.sizes[-1]
        if labels.shape != examples.shape[:1]:
            raise Slip(
                f"The network takes {self.sizes[0]} numbers an example and one label each; the inputs have shape "
                f"{examples.shape}, the labels {labels.shape}."
            )
        if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
            raise Slip(f"The labels are whole numbers from 0 to {classes - 1}, one an example; these are {labels}.")

    def _examples(self, x):
        x = _array(x)
        if x.dtype.kind not in "biuf" or x.ndim != 2 or x.shape[1] != self.sizes[0] or not len(x):
            raise Slip(
                f"The network takes {self.sizes[0]} numbers an example, in an array of shape (examples, "
                f"{self.sizes[0]}); the inputs are {x.dtype} of shape {x.shape}."
            )
        return x

    def _forward(self, theta, x):
        """Return the input, each hidden layer's output and the last scores."""
        outputs = [self._examples(x)]
        layers = self._layers(theta)
        for i, (weights, biases) in enumerate(layers):
            sums = outputs[-1] @ weights + biases[..., np.newaxis, :]
            outputs.append(np.maximum(sums, 0) if i < len(layers) - 1 else sums)
        return outputs

    def _layers(self, theta):
        """Return (weights, biases) of each layer as views of theta."""
        theta = _array(theta)
        count = theta.shape[-1] if theta.ndim and theta.dtype.kind == "f" else f"{theta.dtype} of shape {theta.shape}"
        if count != self.dim:
            raise Slip(f"A network of sizes {self.sizes} has {self.dim} parameters; these are {count}.")
        layers, first = [], 0
        for inputs, units in self.shapes:
            last = first + inputs * units
            weights = theta[..., first:last].reshape(*theta.shape[:-1], inputs, units)
            layers.append((weights, theta[..., last : last + units]))
            first = last + units
        return layers


class Training:
    """The loss of a network on its training data, as a surface to walk on.

    Parameters
    ----------
    network : Network
        What is trained.
    x : array of shape (examples, inputs)
        Inputs.
    labels : array of int, shape (examples,)
        The right class of each.

    Attributes
    ----------
    dim, examples : int
        Number of parameters; number of examples.
    lowest : float
        0: no loss is below it, and none need reach it.
    """

    story = "A small network learning handwritten digits: 2410 parameters, and nobody knows the minimum."
    lowest = 0.0

    def __init__(self, network, x, labels):
        if not isinstance(network, Network):
            raise Slip(f"Training needs a network, such as Network((64, 32, 10)); this is a {type(network).__name__}.")
        network.check_labels(x, labels)
        self.network, self.x, self.labels = network, np.asarray(x), np.asarray(labels)
        self.dim, self.examples = network.dim, len(self.x)
        self.minima = self.goals = np.empty((0, self.dim))

    def __call__(self, theta):
        """Return the loss on all examples, shape (...)."""
        return self.network.loss(theta, self.x, self.labels)

    def grad(self, theta):
        """Return the gradient on all examples, shape (..., dim)."""
        return self.network.grad(theta, self.x, self.labels)

    def grad_on(self, theta, rows):
        """Return the gradient on some of the examples, shape (..., dim)."""
        return self.network.grad(theta, self.x[rows], self.labels[rows])

    def accuracy(self, theta):
        """Return the share of examples classified rightly, shape (...)."""
        return self.network.accuracy(theta, self.x, self.labels)


class Digits(NamedTuple):
    """Handwritten digits of 8 x 8 pixels, grey from 0 to 1, and what they are, split in two."""

    x: np.ndarray
    labels: np.ndarray
    held_out_x: np.ndarray
    held_out_labels: np.ndarray


def load_digits(seed=0, training=1400):
    """Return the bundled 1797 digits, shuffled and split: 1400 to learn from and 397 held out.

    Parameters
    ----------
    seed : int
        Seed of the shuffle.
    training : int
        Number of digits to learn from.

    Returns
    -------
    Digits

    Source: E. Alpaydin, C. Kaynak, "Optical recognition of handwritten digits", UCI machine learning repository
    (1998), CC BY 4.0; its test set, as in scikit-learn.
    """
    with np.load(files("momentum_lab") / "data" / "digits.npz") as data:
        images, labels = data["images"] / 16, data["labels"].astype(int)
    if not (is_whole(training) and 1 <= training < len(images)):
        raise Slip(f"There are {len(images)} digits; {training!r} of them cannot be learnt from with some held out.")
    order = generator(seed).permutation(len(images))
    first, rest = order[:training], order[training:]
    return Digits(images[first], labels[first], images[rest], labels[rest])


def _array(value):
    """Return an array, of objects where the rows are of different lengths."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray([None])


def _softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)

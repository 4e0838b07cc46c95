"""scikit-learn's MLP. It has no softmax over two classes, so there its loss is not comparable; and it halves the squared loss."""
import warnings

import numpy
from serve import read_data, serve
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")


def prepare(workload):
    x, y, layers = read_data(workload)
    regression = workload["loss"] == "mse"
    comparable = not (workload["loss"] == "categorical-cross-entropy" and workload["outputs"] == 2)
    sgd = workload["optimizer"] == "sgd"
    halved = regression and sgd
    model = (MLPRegressor if regression else MLPClassifier)(
        hidden_layer_sizes=tuple(workload["hidden"]),
        activation=workload["activation"],
        solver=workload["optimizer"],
        alpha=0.0,
        batch_size=workload["batch"],
        learning_rate_init=workload["learningRate"] * (2 if halved else 1),
        shuffle=False,
        momentum=0.0,
        nesterovs_momentum=False,
    )
    arguments = {} if regression else {"classes": numpy.unique(y)}
    model.partial_fit(x, y, **arguments)
    if comparable:
        for i, (weight, bias) in enumerate(layers):
            model.coefs_[i][...] = weight.T
            model.intercepts_[i][...] = bias
        if not sgd:
            optimizer = model._optimizer
            optimizer.t = 0
            optimizer.ms = [numpy.zeros_like(m) for m in optimizer.ms]
            optimizer.vs = [numpy.zeros_like(v) for v in optimizer.vs]

    def epoch():
        model.partial_fit(x, y)
        if not comparable:
            return None
        return model.loss_ * (2 if regression else 1)

    return epoch


serve(prepare)

"""PyTorch on the CPU: python3 pytorch.py THREADS"""
import sys

import numpy
import torch
from serve import read_data, serve

torch.set_num_threads(int(sys.argv[1]))


def prepare(workload):
    x, y, layers = read_data(workload)
    modules = []
    for i, (weight, bias) in enumerate(layers):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
        modules.append(linear)
        if i < len(layers) - 1:
            modules.append(torch.nn.ReLU() if workload["activation"] == "relu" else torch.nn.Tanh())
    model = torch.nn.Sequential(*modules)
    kind = workload["loss"]
    if kind == "categorical-cross-entropy":
        loss_of, target = torch.nn.CrossEntropyLoss(), torch.from_numpy(y.astype(numpy.int64))
    else:
        loss_of = torch.nn.MSELoss() if kind == "mse" else torch.nn.BCEWithLogitsLoss()
        target = torch.from_numpy(y).reshape(-1, 1)
    make = torch.optim.SGD if workload["optimizer"] == "sgd" else torch.optim.Adam
    optimizer = make(model.parameters(), lr=workload["learningRate"])
    batches = list(zip(torch.from_numpy(x).split(workload["batch"]), target.split(workload["batch"])))

    def epoch():
        total = 0.0
        for inputs, targets in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(batches)

    return epoch


serve(prepare)

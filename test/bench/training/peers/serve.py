"""The talk between the bench and a peer, as in serve.mjs."""
import json
import sys
import time

import numpy


def read_data(workload):
    numbers = numpy.fromfile(workload["file"], dtype=numpy.float32)
    rows, inputs = workload["batch"] * workload["batches"], workload["inputs"]
    x = numbers[: rows * inputs].reshape(rows, inputs)
    y = numbers[rows * inputs : rows * inputs + rows]
    at, width, layers = rows * inputs + rows, inputs, []
    for units in [*workload["hidden"], workload["outputs"]]:
        weight = numbers[at : at + units * width].reshape(units, width)
        bias = numbers[at + units * width : at + units * width + units]
        at += units * width + units
        layers.append((weight, bias))
        width = units
    return x, y, layers


def serve(prepare):
    epoch, batches = None, 0
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "prepare" in request:
                epoch, batches = prepare(request["prepare"]), request["prepare"]["batches"]
                answer = {"loss": epoch()}
            else:
                start, epochs = time.perf_counter(), 0
                while True:
                    epoch()
                    epochs += 1
                    elapsed = time.perf_counter() - start
                    if elapsed >= request["measure"]:
                        break
                answer = {"microseconds": elapsed * 1e6 / (epochs * batches)}
        except Exception as error:
            answer = {"error": str(error).split("\n")[0]}
        print(json.dumps(answer), flush=True)

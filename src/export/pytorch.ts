/**
 * A PyTorch module: Python code with the preparation and the network, which reads its weights from the safetensors file
 * beside it and needs nothing but torch (1.13 or newer).
 */
import type { FeatureEncoding } from "../data/preparation";
import type { Activation } from "../engine/engine";
import type { TrainedModel } from "../run/trainedModel";
import { pythonReaders } from "./rowReaders";
import { headline, isBinary, oneLine, provenance } from "./model";

const modules: Record<Activation, string> = {
  identity: "nn.Identity()",
  relu: "nn.ReLU()",
  "leaky-relu": "nn.LeakyReLU(0.01)",
  elu: "nn.ELU()",
  tanh: "nn.Tanh()",
  sigmoid: "nn.Sigmoid()",
  softplus: "nn.Softplus()",
  silu: "nn.SiLU()",
  gelu: "nn.GELU()",
};

/** @param weightsFile the name of the safetensors file, in the folder of the module */
export function toPyTorch(model: TrainedModel, weightsFile: string): string {
  const { preparation, layers, missingMarkers } = model;
  const { target } = preparation;
  const classification = target.task === "classification";
  return `"""${docstring(headline(model))}.

${docstring(provenance(model))}.

Needs torch 1.13 or newer and nothing else; the weights are in ${docstring(weightsFile)} beside this file.

    model = load()
    model.predict([{${docstring(exampleRow(preparation.features))}}])

or, from a terminal, with a CSV file of raw rows:

    python THIS_FILE.py rows.csv
"""

import csv
import json
import math
import re
import struct
import sys
from datetime import date, datetime, timezone
from pathlib import Path

import torch
from torch import nn

FEATURES = [
${preparation.features.map((feature) => `    ${python(feature)},\n`).join("")}]

# Texts that stand for a missing value.
MISSING = ${python(missingMarkers)}

${
  classification
    ? `CLASSES = ${python(target.classes)}`
    : `TARGETS = ${python(target.columns)}
MEAN = torch.tensor(${python(target.mean)}, dtype=torch.float64)
SCALE = torch.tensor(${python(target.scale)}, dtype=torch.float64)`
}


class Model(nn.Module):
    """Encoded rows [rows, ${layers[0].inputs}] in, ${classification ? "logits" : "scaled values"} [rows, ${layers[layers.length - 1].units}] out."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            [
${layers.map(({ inputs, units }) => `                nn.Linear(${inputs}, ${units}),\n`).join("")}            ]
        )
        self.activations = nn.ModuleList([${layers.map(({ activation }) => modules[activation]).join(", ")}])

    def forward(self, x):
        for layer, activation in zip(self.layers, self.activations):
            x = activation(layer(x))
        return x

    @torch.no_grad()
    def predict(self, rows):
        """One dict per row: ${classification ? '"label" and "probabilities"' : "the target columns, in their own units"}. Rows are dicts from column to raw value."""
        if not rows:
            return []
        outputs = self(encode(rows).to(self.layers[0].weight))
${classification ? classify(model) : unscale}


def encode(rows):
    """The network's inputs [rows, ${layers[0].inputs}]: missing values replaced, numbers scaled, categories one-hot."""
    return torch.tensor([encode_row(row) for row in rows], dtype=torch.float64).float()


def encode_row(row):
    inputs = []
    for feature in FEATURES:
        column = feature["column"]
        if column not in row:
            raise KeyError(f"The row lacks the column {column!r}.")
        value = row[column]
        if isinstance(value, str):
            value = value.strip()
        raw = raw_inputs(feature, feature["impute"] if is_missing(value) else value)
        if "mean" in feature:
            raw = [(x - m) / s for x, m, s in zip(raw, as_list(feature["mean"]), as_list(feature["scale"]))]
        inputs += raw
    return inputs


def raw_inputs(feature, value):
    kind = feature["kind"]
    if kind == "category":
        label = label_of(value)
        # A category that was not in the training rows is all zeros.
        return [1.0 if known == label else 0.0 for known in feature["labels"]]
    if kind == "vector":
        if len(value) != len(feature["mean"]):
            raise ValueError(f"{feature['column']!r} needs a list of {len(feature['mean'])} numbers.")
        return [number_of(i if is_missing(x) else x, feature["column"]) for x, i in zip(value, feature["impute"])]
    if kind == "boolean":
        # Another word than the training rows had stands for what they mostly had.
        return [TRUTH.get(str(value).lower(), float(feature["impute"]))]
    if kind == "date":
        return [day_of(value, feature["column"], feature.get("written"))]
    return [number_of(value, feature["column"], feature.get("written"))]


TRUTH = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}


${pythonReaders}


def as_list(value):
    return value if isinstance(value, list) else [value]


def is_missing(value):
    if isinstance(value, (list, tuple)):
        return False
    return value is None or value in MISSING or (isinstance(value, float) and math.isnan(value))


def label_of(value):
    """Numbers have their shortest form as label: 1.0 and "1.0" are "1"."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        number = float(value)
    except ValueError:
        return str(value)
    if math.isfinite(number) and number == int(number) and abs(number) < 1e21:
        return str(int(number))
    return repr(number)


def load(weights=Path(__file__).resolve().with_name(${python(weightsFile)})):
    """The trained model, ready to predict."""
    model = Model()
    model.load_state_dict(read_safetensors(weights))
    return model.eval()


def read_safetensors(file):
    """The tensors of a safetensors file: https://huggingface.co/docs/safetensors"""
    data = Path(file).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def main():
    """Prints the rows of a CSV file with their predictions."""
    with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    out = csv.writer(sys.stdout)
    predictions = load().predict(rows)
    for number, (row, prediction) in enumerate(zip(rows, predictions)):
${
  classification
    ? `        if number == 0:
            out.writerow([*row, "label", *CLASSES])
        out.writerow([*row.values(), prediction["label"], *prediction["probabilities"].values()])`
    : `        if number == 0:
            out.writerow([*row, *(f"predicted {name}" for name in TARGETS)])
        out.writerow([*row.values(), *prediction.values()])`
}


if __name__ == "__main__":
    main()
`;
}

function classify(model: TrainedModel): string {
  const probabilities = isBinary(model)
    ? `        outputs = torch.cat([torch.zeros_like(outputs), outputs], dim=1)\n`
    : "";
  return `${probabilities}        probabilities = torch.softmax(outputs.double(), dim=1)
        return [
            {"label": CLASSES[best], "probabilities": dict(zip(CLASSES, row))}
            for best, row in zip(outputs.argmax(dim=1).tolist(), probabilities.tolist())
        ]`;
}

const unscale = `        values = outputs.double().cpu() * SCALE + MEAN
        return [dict(zip(TARGETS, row)) for row in values.tolist()]`;

/** The values that stand for missing ones are as good as any others. */
function exampleRow(features: readonly FeatureEncoding[]): string {
  const fields = features.slice(0, 4).map(({ kind, column, impute }) => {
    const value = kind === "number" ? Number(impute.toPrecision(3)) : impute;
    return `${python(column)}: ${python(value)}`;
  });
  return `${fields.join(", ")}${features.length > fields.length ? ", ..." : ""}`;
}

/** JSON's texts, finite numbers, lists and objects are Python's too. */
function python(value: string | number | readonly (string | number)[] | FeatureEncoding): string {
  return JSON.stringify(value);
}

function docstring(text: string): string {
  return oneLine(text).replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"');
}

/**
 * A training script in plain PyTorch (torch 1.13 or newer): the same network, start, batches and schedule as a run, for those who go
 * on without Downhill. The encoded rows and the starting weights lie beside it in a safetensors file.
 */
import type { Activation } from "../engine/engine";
import { encodeSafetensors, type Tensor } from "../formats/safetensors";
import type { ScriptSource } from "../run/scriptSource";
import { oneLine, type ExportedFile } from "./model";

type Material = ScriptSource["material"];
type Config = Material["config"];

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

/** The script and, beside it, the file that it reads. */
export function trainingScript(source: ScriptSource, fileName: string): ExportedFile[] {
  const dataFile = fileName.replace(/\.py$/i, "") + ".safetensors";
  return [
    { name: fileName, content: scriptText(source, dataFile) },
    { name: dataFile, content: encodeSafetensors(tensorsOf(source.material)) },
  ];
}

/** Rows as "training.inputs" …, starting weights under the names that nn.Sequential gives them. */
function tensorsOf({ prepared, network, initial }: Material): Tensor[] {
  const { training, validation, test } = prepared;
  const rows = Object.entries({ training, validation, test }).flatMap(([set, samples]): Tensor[] =>
    samples === null
      ? []
      : (["inputs", "targets"] as const).map((what) => ({
          name: `${set}.${what}`,
          shape: [samples.count, samples[what].length / samples.count],
          values: samples[what],
        })),
  );
  const weights: Tensor[] = [];
  const places = linearPlaces(network.layers);
  let at = 0;
  network.layers.forEach(({ inputs, units }, i) => {
    for (const [part, shape] of [
      ["weight", [units, inputs]],
      ["bias", [units]],
    ] as const) {
      const size = shape.reduce((total: number, length) => total * length, 1);
      weights.push({
        name: `model.${places[i]}.${part}`,
        shape: [...shape],
        values: Float32Array.from(initial.subarray(at, at + size)),
      });
      at += size;
    }
  });
  return [...rows, ...weights];
}

/** Where nn.Sequential has its linear layers. */
function linearPlaces(layers: Material["network"]["layers"]): number[] {
  let place = 0;
  return layers.map(({ activation, dropout }, i) => {
    const here = place;
    place += 1 + (activation === "identity" || i === layers.length - 1 ? 0 : 1) + (dropout > 0 ? 1 : 0);
    return here;
  });
}

function scriptText({ name, run, material, batchSize }: ScriptSource, dataFile: string): string {
  const { config, prepared, network } = material;
  const { layers } = network;
  const outputs = layers[layers.length - 1].units;
  const { target } = prepared.preparation;
  const hasDropout = layers.some(({ dropout }) => dropout > 0);
  const sets = prepared.validation ? `("training", "validation")` : `("training",)`;
  const watched = prepared.validation ? "validation" : "training";
  const { earlyStopping, gradientClipNorm } = config;
  return `"""${docstring(oneLine(`Trains ${name} as the run ${run} of Downhill was trained`))}.

Plain PyTorch (1.13 or newer): the same rows, starting weights, batches and learning rates, so the same curve${hasDropout ? ",\nbut for dropout, whose random numbers are PyTorch's own" : ""}.
The encoded rows and the starting weights are in ${docstring(dataFile)}, beside this file.
"""

import json
import math
import struct
from pathlib import Path

import torch
from torch import nn

SEED = ${config.seed}
EPOCHS = ${config.epochs}
BATCH_SIZE = ${batchSize}
LEARNING_RATE = ${number(config.optimizer.learningRate)}


def read_safetensors(file):
    """The float32 tensors of a safetensors file: https://huggingface.co/docs/safetensors"""
    data = Path(file).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32).reshape(entry["shape"])
    return tensors


data = read_safetensors(Path(__file__).resolve().with_name(${JSON.stringify(dataFile)}))

model = nn.Sequential(
${sequential(layers)}
)
model.load_state_dict({name[6:]: values for name, values in data.items() if name.startswith("model.")})

optimizer = ${optimizerText(config.optimizer)}

${lossText(material, outputs)}

${scheduleText(config)}

${orderText(config)}

def evaluate(rows):
    """The loss of a set of rows${target.task === "classification" ? ", and the share that is classified rightly" : " and its mean absolute error, in the target's units"}."""
    model.eval()
    with torch.no_grad():
        inputs, targets = data[f"{rows}.inputs"], data[f"{rows}.targets"]
        outputs = model(inputs)
        ${metricText(material, outputs)}
        return float(loss_of(outputs, targets)), metric


count = len(data["training.inputs"])
steps_per_epoch = math.ceil(count / BATCH_SIZE)
step = 0
${earlyStopping ? "best_loss, best_weights, waited = math.inf, None, 0\n" : ""}for epoch in range(1, EPOCHS + 1):
    model.train()
    order = epoch_order(epoch, count)
    for first in range(0, count, BATCH_SIZE):
        rows = order[first : first + BATCH_SIZE]
        step += 1
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps_per_epoch, EPOCHS * steps_per_epoch)
        optimizer.zero_grad()
        loss = loss_of(model(data["training.inputs"][rows]), data["training.targets"][rows])
        loss.backward()
${gradientClipNorm === undefined ? "" : `        nn.utils.clip_grad_norm_(model.parameters(), ${number(gradientClipNorm)})\n`}        optimizer.step()
    results = {rows: evaluate(rows) for rows in ${sets}}
    told = "  ".join(f"{rows} loss {loss:.8g} ${target.task === "classification" ? "accuracy" : "error"} {metric:.6g}" for rows, (loss, metric) in results.items())
    print(f"epoch {epoch}  {told}")
${config.schedule.type === "reduce-on-plateau" ? `    plateau(results["${watched}"][0])\n` : ""}${
    earlyStopping
      ? `    if results["${watched}"][0] < best_loss - ${number(earlyStopping.minDelta)}:
        best_loss, waited = results["${watched}"][0], 0
        best_weights = {name: values.clone() for name, values in model.state_dict().items()}
    else:
        waited += 1
        if waited >= ${earlyStopping.patience}:
            break
${earlyStopping.restoreBest ? "\nif best_weights is not None:\n    model.load_state_dict(best_weights)\n" : ""}`
      : ""
  }
${prepared.test ? `loss, metric = evaluate("test")\nprint(f"test loss {loss:.8g} ${target.task === "classification" ? "accuracy" : "error"} {metric:.6g}")\n` : ""}torch.save(model.state_dict(), Path(__file__).resolve().with_suffix(".pt"))
`;
}

function sequential(layers: Material["network"]["layers"]): string {
  return layers
    .flatMap(({ inputs, units, activation, dropout }, i) => [
      `    nn.Linear(${inputs}, ${units}),`,
      ...(activation === "identity" || i === layers.length - 1 ? [] : [`    ${modules[activation]},`]),
      ...(dropout > 0 ? [`    nn.Dropout(${number(dropout)}),`] : []),
    ])
    .join("\n");
}

function optimizerText(optimizer: Config["optimizer"]): string {
  const { weightDecay } = optimizer;
  const decay =
    weightDecay === 0 && optimizer.type !== "adamw" ? "" : `, weight_decay=${number(weightDecay)}`;
  const made = (kind: string, more: string): string =>
    `torch.optim.${kind}(model.parameters(), lr=LEARNING_RATE${more}${decay})`;
  switch (optimizer.type) {
    case "sgd":
      return made("SGD", "");
    case "momentum":
    case "nesterov": {
      const nesterov = optimizer.type === "nesterov" ? ", nesterov=True" : "";
      return made("SGD", `, momentum=${number(optimizer.momentum)}${nesterov}`);
    }
    case "rmsprop":
      return made("RMSprop", `, alpha=${number(optimizer.decay)}, eps=${number(optimizer.epsilon)}`);
    case "adagrad":
      return made("Adagrad", `, eps=${number(optimizer.epsilon)}`);
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = optimizer;
      const kind = optimizer.type === "adam" ? "Adam" : "AdamW";
      return made(kind, `, betas=(${number(beta1)}, ${number(beta2)}), eps=${number(epsilon)}`);
    }
  }
}

function lossText({ prepared }: Material, outputs: number): string {
  const weights = prepared.classWeights
    ? `torch.tensor([${Array.from(prepared.classWeights, number).join(", ")}])`
    : null;
  const define = (body: string, before = ""): string =>
    `${before}
def loss_of(outputs, targets):
    return ${body}
`.trimStart();
  const given = weights === null ? "" : `class_weights = ${weights}\n\n\n`;
  switch (prepared.loss) {
    case "mse":
      return define("nn.functional.mse_loss(outputs, targets)");
    case "mae":
      return define("nn.functional.l1_loss(outputs, targets)");
    case "binary-cross-entropy": {
      const weight = weights === null ? "" : ", weight=class_weights[targets.long()]";
      return define(`nn.functional.binary_cross_entropy_with_logits(outputs, targets${weight})`, given);
    }
    case "categorical-cross-entropy": {
      const weight = weights === null ? "" : ", weight=class_weights";
      // One column holds the class of each row, whatever the number of outputs.
      return outputs === 0
        ? ""
        : define(`nn.functional.cross_entropy(outputs, targets[:, 0].long()${weight})`, given);
    }
  }
}

function scheduleText({ schedule }: Config): string {
  const { warmupSteps } = schedule;
  const head = `def learning_rate(step, steps_per_epoch, total):
    """Of a step, from 1."""
`;
  const epoch = "(step - 1) // steps_per_epoch";
  const cosine = `

def along_cosine(start, end, fraction):
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(fraction, 1)))
`;
  const place = `    t, steps = max(0, step - 1 - ${warmupSteps}), max(1, total - ${warmupSteps})\n`;
  const warm = warmupSteps === 0 ? "    return rate\n" : `    return rate * min(1, step / ${warmupSteps})\n`;
  switch (schedule.type) {
    case "constant":
      return `${head}    rate = LEARNING_RATE\n${warm}`;
    case "step":
      return `${head}    rate = LEARNING_RATE * ${number(schedule.factor)} ** (${epoch} // ${schedule.every})\n${warm}`;
    case "exponential":
      return `${head}    rate = LEARNING_RATE * ${number(schedule.factor)} ** (${epoch})\n${warm}`;
    case "cosine":
      return `${head}${place}    rate = along_cosine(LEARNING_RATE, ${number(schedule.final)}, t / steps)\n${warm}${cosine}`;
    case "one-cycle":
      return `${head}${place}    peak, top = ${schedule.peak === undefined ? "LEARNING_RATE" : number(schedule.peak)}, 0.3 * steps - 1
    if t <= top:
        rate = along_cosine(peak / 25, peak, t / top)
    else:
        rate = along_cosine(peak, peak / 25 / 1e4, (t - top) / (steps - 1 - top))
${warm}${cosine}`;
    case "reduce-on-plateau":
      return `best, bad_epochs, reductions = math.inf, 0, 0


def plateau(loss):
    """Reduces the rate after more than ${schedule.patience} epochs in a row without an improvement."""
    global best, bad_epochs, reductions
    if loss < best * (1 - 1e-4):
        best, bad_epochs = loss, 0
    else:
        bad_epochs += 1
    if bad_epochs > ${schedule.patience}:
        reductions, bad_epochs = reductions + 1, 0


${head}    rate = LEARNING_RATE * ${number(schedule.factor)} ** reductions
${warm}`;
  }
}

function orderText({ shuffle }: Config): string {
  if (!shuffle) return `def epoch_order(epoch, count):\n    return torch.arange(count)\n`;
  return `def epoch_order(epoch, count):
    """
    The order of the rows in an epoch: a shuffle by Fisher and Yates with the generator xoshiro128**, started from the seed and
    the epoch. torch.randperm(count) would do as well, but for another order.
    """
    mask, state = 2**32 - 1, []
    for i in range(4):
        h = (i + 1) * 0x9E3779B9 & mask
        for word in (SEED, 0, 3, epoch, 0):
            h = (h ^ word) + 0x9E3779B9 & mask
            h = (h ^ h >> 16) * 0x85EBCA6B & mask
            h = (h ^ h >> 13) * 0xC2B2AE35 & mask
            h ^= h >> 16
        state.append(h)
    a, b, c, d = state
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        while True:
            drawn = b * 5 & mask
            drawn = (drawn << 7 & mask | drawn >> 25) * 9 & mask
            shifted = b << 9 & mask
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = d << 11 & mask | d >> 21
            if drawn < 2**32 - 2**32 % (i + 1):
                break
        j = drawn % (i + 1)
        order[i], order[j] = order[j], order[i]
    return torch.tensor(order)
`;
}

function metricText({ prepared }: Material, outputs: number): string {
  const { target } = prepared.preparation;
  if (target.task === "classification") {
    const predicted = outputs === 1 ? "(outputs[:, 0] > 0).long()" : "outputs.argmax(dim=1)";
    return `metric = float((${predicted} == targets[:, 0].long()).double().mean())`;
  }
  return `metric = float(((outputs - targets).abs() * torch.tensor([${target.scale.map(number).join(", ")}])).mean())`;
}

/** JavaScript's finite numbers are Python's too. */
function number(value: number): string {
  return String(value);
}

function docstring(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"');
}

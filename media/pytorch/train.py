"""Trains the network of a Downhill run on PyTorch: in one process, or in many through torchrun.

    torchrun ... train.py RUN         trains a run that Downhill prepared (downhill cluster), from its last checkpoint
    python train.py --serve           computes what a host asks for over standard input; Downhill is such a host
    python train.py torchrun ...      what the command torchrun does, where it is not on the path

Needs torch 1.13 or newer and Python 3.9 or newer, and nothing else.

Every process holds all parameters and takes its share of the rows of each batch. The gradients are added over the
processes before the step, each divided by what the loss of the *whole* batch is divided by: so many processes
compute what one would, also when a batch does not divide evenly.

Between host and process 0 go messages: a line of JSON, and where it has "bytes" so many bytes after it. The host asks on
standard input and reads the answers on standard output; everything that others print goes to standard error.
"""

import argparse
import ast
import datetime
import json
import math
import os
import queue
import select
import socket
import struct
import sys
import threading
import time
import traceback
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F

ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "silu": F.silu,
    "gelu": F.gelu,
}

# What an optimiser remembers of each parameter, by PyTorch's names, in the order of Downhill's checkpoints.
SLOTS = {
    "sgd": [],
    "momentum": ["momentum_buffer"],
    "nesterov": ["momentum_buffer"],
    "rmsprop": ["square_avg"],
    "adam": ["exp_avg", "exp_avg_sq"],
    "adamw": ["exp_avg", "exp_avg_sq"],
    "adagrad": ["sum"],
}

# So many numbers may a layer's outputs have at once: larger batches are taken in blocks.
BLOCK_NUMBERS = 2**25

# Dropout is drawn for so many rows of a batch at a time, so that it does not depend on who takes which rows.
MASK_ROWS = 64

# Seconds without a step or a block after which a process is taken to hang.
PATIENCE = 300


# ---------------------------------------------------------------------------------------------------------------------
# The processes
# ---------------------------------------------------------------------------------------------------------------------


class Group:
    """The processes that train together; one alone when torchrun did not start this one."""

    def __init__(self, device):
        self.size = int(os.environ.get("WORLD_SIZE", 1))
        self.rank = int(os.environ.get("RANK", 0))
        local = int(os.environ.get("LOCAL_RANK", 0))
        self.device = choose_device(device, local)
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        # Commands are waited for as long as a user pauses; a gradient that does not come is a fault.
        self.gradients = self.commands = None
        if self.size > 1:
            backend = "nccl" if self.device.type == "cuda" else "gloo"
            dist.init_process_group(backend, timeout=datetime.timedelta(seconds=PATIENCE))
            self.gradients = dist.group.WORLD
            self.commands = dist.new_group(backend="gloo", timeout=datetime.timedelta(days=365))

    def add(self, tensor):
        """Sums a tensor over all processes, in place."""
        if self.size > 1:
            dist.all_reduce(tensor, group=self.gradients)

    def tell(self, thing, source=0):
        """Gives a thing of one process to all; returns it."""
        if self.size == 1:
            return thing
        things = [thing]
        dist.broadcast_object_list(things, src=source, group=self.commands)
        return things[0]

    def gather(self, thing):
        """The things of all processes, in their order."""
        if self.size == 1:
            return [thing]
        things = [None] * self.size
        dist.all_gather_object(things, thing, group=self.commands)
        return things

    def close(self):
        if self.size > 1:
            dist.barrier(group=self.commands)
            dist.destroy_process_group()

    def share(self, count):
        """Which of `count` rows this process takes: from (inclusive), to (exclusive)."""
        return count * self.rank // self.size, count * (self.rank + 1) // self.size


def choose_device(wanted, local):
    if wanted == "auto":
        mps = getattr(torch.backends, "mps", None)
        wanted = "cuda" if torch.cuda.is_available() else "mps" if mps and mps.is_available() else "cpu"
        # gloo knows no Metal.
        if wanted == "mps" and int(os.environ.get("WORLD_SIZE", 1)) > 1:
            wanted = "cpu"
    if wanted == "cuda":
        if not torch.cuda.is_available():
            raise Refusal("this PyTorch sees no CUDA device; write \"device\": \"cpu\" or \"auto\"")
        return torch.device("cuda", local % torch.cuda.device_count())
    return torch.device(wanted)


class Refusal(Exception):
    """What was asked for cannot be done here; the message says why."""


# ---------------------------------------------------------------------------------------------------------------------
# The data
# ---------------------------------------------------------------------------------------------------------------------


def map_npy(path):
    """The float32 matrix of a .npy file, memory-mapped: its pages are read when they are needed."""
    with open(path, "rb") as file:
        magic, major = file.read(6), file.read(2)[0]
        size = struct.unpack("<H", file.read(2)) if major == 1 else struct.unpack("<I", file.read(4))
        header = ast.literal_eval(file.read(size[0]).decode("latin1"))
        start = file.tell()
    if magic != b"\x93NUMPY" or header["descr"] != "<f4" or header["fortran_order"]:
        raise Refusal(f"{path} is no matrix of float32")
    numbers = start // 4 + math.prod(header["shape"])
    return torch.from_file(str(path), shared=False, size=numbers, dtype=torch.float32)[start // 4 :].view(header["shape"])


class Rows:
    """Encoded rows: inputs [count, inputs] and targets [count, outputs], or [count, 1] with the index of a class."""

    def __init__(self, inputs, targets, device):
        self.inputs, self.targets, self.device = inputs, targets, device
        self.count = len(inputs)
        # A GPU that has room for them keeps them all.
        if device.type == "cuda" and 16 * inputs.numel() < torch.cuda.mem_get_info(device)[0]:
            self.inputs, self.targets = inputs.to(device), targets.to(device)

    def take(self, rows):
        """The rows of a tensor of indices, or of a slice."""
        if isinstance(rows, torch.Tensor):
            rows = rows.to(self.inputs.device)
        return self.inputs[rows].to(self.device), self.targets[rows].to(self.device)


# ---------------------------------------------------------------------------------------------------------------------
# The network
# ---------------------------------------------------------------------------------------------------------------------


class Learner:
    """The network, its loss and its optimiser. All parameters lie in one tensor: layer by layer weight, then bias."""

    def __init__(self, spec, folder, group):
        self.spec, self.group, self.device = spec, group, group.device
        self.progress = time.monotonic()
        self.layers = spec["layers"]
        size = sum(layer["units"] * (layer["inputs"] + 1) for layer in self.layers)
        self.theta = torch.zeros(size, device=self.device)
        # The gradient, the loss, and whether to stop: added over the processes in one go.
        self.sums = torch.zeros(size + 2, device=self.device)
        self.gradient = self.sums[:size]
        self.weights = []
        at = 0
        for layer in self.layers:
            for shape in ((layer["units"], layer["inputs"]), (layer["units"],)):
                end = at + math.prod(shape)
                # A view with a gradient of its own, which is a view as well: PyTorch adds to it in place.
                part = self.theta[at:end].view(shape).requires_grad_()
                part.grad = self.gradient[at:end].view(shape)
                self.weights.append(part)
                at = end
        self.widest = max(max(layer["units"], layer["inputs"]) for layer in self.layers)
        self.dropout = any(layer["dropout"] > 0 for layer in self.layers)
        weights = spec["classWeights"]
        self.class_weights = None if weights is None else torch.tensor(weights, dtype=torch.float32, device=self.device)
        self.step = 0
        self.parameter = torch.nn.Parameter(self.theta)
        self.parameter.grad = self.gradient
        self.optimizer = create_optimizer(spec["optimizer"], self.parameter)
        self.slots = SLOTS[spec["optimizer"]["type"]]
        self.rows = {
            name: Rows(map_npy(folder / entry["inputs"]), map_npy(folder / entry["targets"]), self.device)
            for name, entry in spec["rows"].items()
        }

    # -- where it stands

    def snapshot(self):
        """Copies of the step, the parameters and what the optimiser remembers."""
        state = self.optimizer.state[self.parameter]
        slots = [state.get(name) for name in self.slots]
        slots = [torch.zeros_like(self.theta) if slot is None else slot.detach().clone() for slot in slots]
        return self.step, self.theta.clone(), slots

    def restore(self, step, theta, slots):
        self.step = step
        self.theta.copy_(theta)
        state = self.optimizer.state[self.parameter]
        state.clear()
        for name, values in zip(self.slots, slots):
            state[name] = values.to(self.device, copy=True)
        if self.slots and self.slots != ["momentum_buffer"]:
            state["step"] = torch.tensor(float(step))

    # -- forward and backward

    def forward(self, x, masks=None):
        for i, layer in enumerate(self.layers):
            x = F.linear(x, self.weights[2 * i], self.weights[2 * i + 1])
            x = ACTIVATIONS[layer["activation"]](x)
            if masks and masks[i] is not None:
                x = x * masks[i]
        return x

    def loss_sum(self, z, y):
        """The sum over rows of the loss of each (the mean over outputs for mse and mae)."""
        loss, weights = self.spec["loss"], self.class_weights
        if loss == "mse":
            return ((z - y) ** 2).sum() / z.shape[1]
        if loss == "mae":
            return (z - y).abs().sum() / z.shape[1]
        if loss == "binary-cross-entropy":
            weight = None if weights is None else weights[(y > 0.5).long()]
            return F.binary_cross_entropy_with_logits(z, y, weight=weight, reduction="sum") / z.shape[1]
        return F.cross_entropy(z, y[:, 0].long(), weight=weights, reduction="sum")

    def divisor(self, targets):
        """What the sum of the losses of rows is divided by to be their mean: their number, or the sum of their weights."""
        if self.class_weights is None or self.spec["loss"] != "categorical-cross-entropy":
            return len(targets)
        return float(self.class_weights[targets[:, 0].long().to(self.device)].cpu().double().sum())

    def draw_masks(self, start, end):
        """Dropout for rows start … end of the batch of the next step: a function of seed, step and row in the batch."""
        first, last = start // MASK_ROWS, (end - 1) // MASK_ROWS
        tiles = []
        for tile in range(first, last + 1):
            seed = ((self.spec["seed"] * 1_000_003 + self.step + 1) * 1_000_003 + tile) % 2**63
            random = torch.Generator().manual_seed(seed)
            tiles.append([torch.rand(MASK_ROWS, layer["units"], generator=random) for layer in self.layers])
        masks = []
        for i, layer in enumerate(self.layers):
            p = layer["dropout"]
            if p == 0:
                masks.append(None)
                continue
            drawn = torch.cat([tile[i] for tile in tiles])[start - first * MASK_ROWS : end - first * MASK_ROWS]
            masks.append(((drawn >= p).float() / (1 - p)).to(self.device))
        return masks

    def accumulate(self, rows, stop):
        """Leaves gradient and loss of a batch in `sums`, added over the processes. Returns whether process 0 wants to stop."""
        if stop and self.group.size == 1:
            return True
        self.sums.zero_()
        divisor = self.divisor(self.rows["training"].targets[rows.to(self.rows["training"].targets.device)])
        start, end = self.group.share(len(rows))
        block = max(1, BLOCK_NUMBERS // self.widest)
        for at in range(start, end, block):
            to = min(at + block, end)
            x, y = self.rows["training"].take(rows[at:to])
            masks = self.draw_masks(at, to) if self.dropout else None
            loss = self.loss_sum(self.forward(x, masks), y) / divisor
            loss.backward()
            self.sums[-2] += loss.detach()
            self.progress = time.monotonic()
        if self.group.size == 1:
            return False
        self.sums[-1] = float(stop)
        self.group.add(self.sums)
        return bool(self.sums[-1] > 0)

    def take_step(self, rows, learning_rate, stop=False):
        """One step on a batch. Returns loss and gradient norm, before the update, as a tensor; None when it was to stop."""
        if self.accumulate(rows, stop):
            return None
        norm = torch.linalg.vector_norm(self.gradient)
        told = torch.stack([self.sums[-2], norm])
        clip = self.spec["gradientClipNorm"]
        if clip is not None:
            self.gradient.mul_(torch.clamp(clip / (norm + 1e-6), max=1.0))
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()
        self.step += 1
        self.progress = time.monotonic()
        return told

    def take_steps(self, order, batch, learning_rates, stop=lambda: False):
        """
        Steps on the rows of `order`, `batch` of them each, the last with what is left. Returns the losses and gradient norms
        [steps, 2] of those that were made, and those of the step after them if it was not finite and so left no trace.
        """
        before = self.snapshot()
        told = []
        for i, learning_rate in enumerate(learning_rates):
            one = self.take_step(order[i * batch : (i + 1) * batch], learning_rate, stop())
            if one is None:
                break
            told.append(one)
        if not told:
            return torch.zeros(0, 2), None
        table = torch.stack(told).cpu()
        if bool(table.isfinite().all()) and bool(self.theta.isfinite().all()):
            return table, None
        # Somewhere on the way a number was not finite: once more, with a look at every step.
        self.restore(*before)
        for i in range(len(table)):
            before = self.snapshot()
            one = self.take_step(order[i * batch : (i + 1) * batch], learning_rates[i])
            if not (bool(one.isfinite().all()) and bool(self.theta.isfinite().all())):
                self.restore(*before)
                return table[:i], one.cpu()
        return table, None

    @torch.no_grad()
    def evaluate(self, name, start, end):
        """This process's share of rows start … end: the outputs, the sum of the losses, and of what it is divided by."""
        low, high = self.group.share(end - start)
        block = max(1, BLOCK_NUMBERS // self.widest)
        outputs, losses, divisor = [], 0.0, 0.0
        for at in range(start + low, start + high, block):
            x, y = self.rows[name].take(slice(at, min(at + block, start + high)))
            z = self.forward(x)
            losses += float(self.loss_sum(z, y))
            divisor += self.divisor(y)
            outputs.append(z.cpu())
            self.progress = time.monotonic()
        width = self.layers[-1]["units"]
        return torch.cat(outputs) if outputs else torch.zeros(0, width), losses, divisor


def create_optimizer(settings, parameter):
    kind, rate, decay = settings["type"], settings["learningRate"], settings["weightDecay"]
    common = {"lr": rate, "weight_decay": decay}
    if kind == "sgd":
        return torch.optim.SGD([parameter], **common)
    if kind in ("momentum", "nesterov"):
        return torch.optim.SGD([parameter], momentum=settings["momentum"], nesterov=kind == "nesterov", **common)
    if kind == "rmsprop":
        return torch.optim.RMSprop([parameter], alpha=settings["decay"], eps=settings["epsilon"], **common)
    if kind == "adagrad":
        return torch.optim.Adagrad([parameter], eps=settings["epsilon"], **common)
    make = torch.optim.AdamW if kind == "adamw" else torch.optim.Adam
    return make([parameter], betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"], **common)


# ---------------------------------------------------------------------------------------------------------------------
# A host that says what to compute
# ---------------------------------------------------------------------------------------------------------------------


class Host:
    """Process 0's way to the host. Reads ahead in a thread, so that an interrupt reaches into a long chunk of steps."""

    def __init__(self):
        self.commands = queue.Queue()
        self.interrupted = threading.Event()
        self.lock = threading.Lock()
        # What others print must not stand between the messages.
        self.output = os.dup(1)
        os.dup2(2, 1)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        pipe = sys.stdin.buffer
        for line in pipe:
            command = json.loads(line)
            if command["type"] == "interrupt":
                self.interrupted.set()
                continue
            payload = pipe.read(command.get("bytes", 0))
            if command["type"] == "steps":
                self.interrupted.clear()
            self.commands.put((command, payload))
        # Without its host nobody wants this process.
        os._exit(1)

    def send(self, message, *payload):
        size = sum(len(part) for part in payload)
        line = json.dumps({**message, "bytes": size} if payload else message).encode() + b"\n"
        with self.lock:
            for part in (line, *payload):
                view = memoryview(part)
                while view:
                    view = view[os.write(self.output, view) :]

    def show_life(self, idle, progress):
        """Says now and then that the process is alive, unless it makes no progress."""

        def beat():
            while True:
                time.sleep(1)
                if idle() or time.monotonic() - progress() < PATIENCE:
                    try:
                        self.send({"type": "alive"})
                    except OSError:
                        os._exit(1)

        threading.Thread(target=beat, daemon=True).start()


def watch_host():
    """Ends a process that reads nothing of its host as soon as the host's end of the pipe is closed."""

    def watch():
        poll = select.poll()
        poll.register(0, 0)
        poll.poll()
        os._exit(1)

    if hasattr(select, "poll"):
        threading.Thread(target=watch, daemon=True).start()


def tensor_bytes(tensor):
    """The numbers of a tensor as bytes, without numpy."""
    tensor = tensor.detach().cpu().contiguous()
    storage = bytearray(tensor.numel() * tensor.element_size())
    if storage:
        torch.frombuffer(storage, dtype=tensor.dtype).copy_(tensor.view(-1))
    return storage


def tensor_of(data, dtype):
    return torch.frombuffer(bytearray(data), dtype=dtype) if data else torch.zeros(0, dtype=dtype)


def serve(device):
    """Does what the host asks of process 0, in all processes, until it says that it was the last."""
    host = Host() if int(os.environ.get("RANK", 0)) == 0 else None
    learner, idle = None, True
    if host:
        host.show_life(lambda: idle, lambda: learner.progress if learner else math.inf)
    else:
        watch_host()
    try:
        group = Group(device)
        if host:
            version = torch.__version__.split("+")[0]
            host.send({"type": "ready", "torch": version, "device": group.device.type, "processes": group.size})
        while True:
            command, payload = group.tell(host.commands.get() if host else None)
            idle = False
            if learner:
                learner.progress = time.monotonic()
            kind = command["type"]
            if kind == "end":
                return group.close()
            if kind == "load":
                folder = Path(command["folder"])
                learner = Learner(json.loads((folder / "spec.json").read_text()), folder, group)
                answer = {"type": "loaded"}, ()
            elif kind == "steps":
                answer = serve_steps(learner, command, payload, host)
            elif kind == "evaluate":
                answer = serve_evaluation(learner, command, group)
            elif kind == "read":
                step, theta, slots = learner.snapshot()
                parts = [theta] + (slots if command["slots"] else [])
                answer = {"type": "state", "step": step}, tuple(tensor_bytes(part) for part in parts)
            elif kind == "write":
                values = tensor_of(payload, torch.float32).view(-1, len(learner.theta))
                learner.restore(command["step"], values[0], list(values[1:]))
                answer = {"type": "written"}, ()
            else:
                raise Refusal(f"this train.py knows no {kind}")
            idle = True
            if host:
                host.send(answer[0], *answer[1])
    except BaseException as error:
        if host:
            host.send({"type": "failed", "message": last_words(error), "memory": ran_out_of_memory(error)})
        raise


def serve_steps(learner, command, payload, host):
    order = tensor_of(payload, torch.int32).long()
    stop = host.interrupted.is_set if host else lambda: False
    table, bad = learner.take_steps(order, command["batch"], command["learningRates"], stop)
    message = {"type": "steps", "completed": len(table), "step": learner.step}
    return message, (tensor_bytes(table), tensor_bytes(bad if bad is not None else torch.zeros(0)))


def serve_evaluation(learner, command, group):
    outputs, losses, divisor = learner.evaluate(command["rows"], command["from"], command["to"])
    parts = group.gather((bytes(tensor_bytes(outputs)), losses, divisor))
    message = {
        "type": "evaluation",
        "lossSum": hexadecimal(sum(part[1] for part in parts)),
        "weightSum": hexadecimal(sum(part[2] for part in parts)),
    }
    return message, tuple(part[0] for part in parts)


def hexadecimal(number):
    """JSON has no infinity, and no NaN."""
    return struct.pack("<d", number).hex()


def last_words(error):
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if not isinstance(error, Refusal) else text


def ran_out_of_memory(error):
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


# ---------------------------------------------------------------------------------------------------------------------
# A whole run without a host: epochs, schedule, early stopping, checkpoints and journal are those of Downhill
# ---------------------------------------------------------------------------------------------------------------------

MASK = 2**32 - 1


def mix(h):
    """Spreads every bit of a 32-bit number over all the others (the finaliser of MurmurHash3)."""
    h = (h ^ h >> 16) * 0x85EBCA6B & MASK
    h = (h ^ h >> 13) * 0xC2B2AE35 & MASK
    return h ^ h >> 16


def epoch_order(seed, epoch, count, shuffle):
    """
    The order in which an epoch visits the training rows, that of Downhill: Fisher and Yates with xoshiro128** 1.1, started from
    the seed, the stream's number (3, "shuffle") and the epoch, which counts from 1.
    """
    order = list(range(count))
    if not shuffle:
        return torch.tensor(order)
    state = []
    for i in range(4):
        h = (i + 1) * 0x9E3779B9 & MASK
        for word in (seed & MASK, seed >> 32, 3, epoch & MASK, epoch >> 32):
            h = mix((h ^ word) + 0x9E3779B9 & MASK)
        state.append(h)
    a, b, c, d = state
    for i in range(count - 1, 0, -1):
        limit = 2**32 - 2**32 % (i + 1)
        while True:
            drawn = b * 5 & MASK
            drawn = (drawn << 7 & MASK | drawn >> 25) * 9 & MASK
            shifted = b << 9 & MASK
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = d << 11 & MASK | d >> 21
            if drawn < limit:
                break
        j = drawn % (i + 1)
        order[i], order[j] = order[j], order[i]
    return torch.tensor(order)


class Schedule:
    """The learning rate of each step, from 1."""

    def __init__(self, spec, steps_per_epoch):
        self.settings, self.rate = spec["schedule"], spec["optimizer"]["learningRate"]
        self.steps_per_epoch, self.total = steps_per_epoch, steps_per_epoch * spec["epochs"]
        # What reduce-on-plateau remembers; the others are functions of the step.
        self.state = {"best": None, "badEpochs": 0, "reductions": 0}

    def rate_at(self, step):
        settings, warmup = self.settings, self.settings["warmupSteps"]
        epoch = (step - 1) // self.steps_per_epoch
        t, steps = max(0, step - 1 - warmup), max(1, self.total - warmup)
        rate, kind = self.rate, settings["type"]
        if kind == "step":
            rate *= settings["factor"] ** (epoch // settings["every"])
        elif kind == "exponential":
            rate *= settings["factor"] ** epoch
        elif kind == "cosine":
            rate = along_cosine(rate, settings["final"], t / steps)
        elif kind == "one-cycle":
            peak = settings.get("peak", rate)
            top = 0.3 * steps - 1
            if t <= top:
                rate = along_cosine(peak / 25, peak, t / top)
            else:
                rate = along_cosine(peak, peak / 25 / 1e4, (t - top) / (steps - 1 - top))
        elif kind == "reduce-on-plateau":
            rate *= settings["factor"] ** self.state["reductions"]
        return rate * (step / warmup) if step < warmup else rate

    def epoch_ended(self, loss):
        if self.settings["type"] != "reduce-on-plateau":
            return
        state = self.state
        if state["best"] is None or loss < state["best"] * (1 - 1e-4):
            state["best"], state["badEpochs"] = loss, 0
        else:
            state["badEpochs"] += 1
        if state["badEpochs"] > self.settings["patience"]:
            state["reductions"], state["badEpochs"] = state["reductions"] + 1, 0


def along_cosine(start, end, fraction):
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(fraction, 1)))


class Run:
    """A run folder of Downhill: trained from its last checkpoint, or from its start, to the end."""

    def __init__(self, folder, group, every):
        self.folder, self.group, self.every = Path(folder), group, every
        self.data = self.folder / "pytorch"
        self.spec = json.loads((self.data / "spec.json").read_text())
        self.learner = Learner(self.spec, self.data, group)
        rows = self.learner.rows["training"].count
        self.batch = min(self.spec["batchSize"], rows)
        self.steps_per_epoch = -(-rows // self.batch)
        self.total = self.steps_per_epoch * self.spec["epochs"]
        self.schedule = Schedule(self.spec, self.steps_per_epoch)
        # As in Downhill's checkpoints.
        self.state = {
            "step": 0,
            "epoch": 0,
            "epochsTold": -1,
            "trainingSeconds": 0.0,
            "samplesWalked": 0,
            "evaluation": None,
            "schedule": self.schedule.state,
            "earlyStopping": {"lowest": None, "waited": 0, "best": None} if self.spec["earlyStopping"] else None,
            "lowestValidation": None,
        }
        self.best = None
        self.kernel = f"pytorch-{torch.__version__.split('+')[0]}-{group.device.type}"
        if group.size > 1:
            self.kernel += f"-x{group.size}"
        self.journal = None
        self.saved = time.monotonic()

    # -- beginning

    def go_back(self):
        """Begins where the last checkpoint of any process is; a node that was lost need not have been the one that kept it."""
        file = self.folder / "checkpoint.safetensors"
        kept = read_checkpoint(file) if file.exists() else None
        steps = self.group.gather(kept[0]["state"]["step"] if kept else -1)
        source = max(range(len(steps)), key=lambda rank: steps[rank])
        if steps[source] < 0:
            raise Refusal(f"{self.folder} holds no checkpoint to begin with; prepare the run again")
        rest, tensors = self.group.tell(kept if self.group.rank == source else None, source)
        theta = self.flat(tensors, "")
        slots = [self.flat(tensors, f"optimizer.{i}.") for i in range(len(self.learner.slots))]
        self.learner.restore(rest["state"]["step"], theta, slots)
        self.state = rest["state"]
        self.schedule.state = self.state["schedule"]
        if self.state["earlyStopping"] and self.state["earlyStopping"]["best"]:
            self.best = self.flat(tensors, "best.") if "best.layers.0.weight" in tensors else theta.clone()
        return rest["journal"], rest.get("restoredEpoch")

    def flat(self, tensors, prefix):
        parts = [tensors[f"{prefix}{name}"].reshape(-1) for name, _ in self.names()]
        return torch.cat(parts)

    def names(self):
        for i, layer in enumerate(self.spec["layers"]):
            yield f"layers.{i}.weight", [layer["units"], layer["inputs"]]
            yield f"layers.{i}.bias", [layer["units"]]

    def named(self, flat, prefix):
        at, flat = 0, flat.cpu()
        for name, shape in self.names():
            yield f"{prefix}{name}", shape, flat[at : at + math.prod(shape)]
            at += math.prod(shape)

    # -- the run

    def train(self):
        mark, ended = self.go_back()
        leader = self.group.rank == 0
        if leader:
            self.journal = Journal(self.folder, self.spec["startedAt"], mark)
            self.update_run(status="running", owner=this_process(), result=None)
            self.tell({"type": "start", "step": self.state["step"], "kernel": self.kernel, "processes": self.group.size})
        status = "completed" if ended is not None else self.walk()
        restored = self.restore_best() if status in ("completed", "early-stopped") else None
        test = self.metrics("test") if "test" in self.learner.rows else None
        self.save(restored)
        if leader:
            self.finish(status, restored, test)

    def walk(self):
        state = self.state
        while True:
            if state["epochsTold"] < state["epoch"]:
                self.evaluate_epoch()
                state["epochsTold"] = state["epoch"]
                if self.epoch_ended():
                    return "early-stopped" if state["step"] < self.total else "completed"
            if state["epoch"] >= self.spec["epochs"]:
                return "completed"
            if not self.run_epoch():
                return "diverged"
            state["epoch"] += 1

    def run_epoch(self):
        """The rest of an epoch. Returns whether all went well."""
        state, count = self.state, self.learner.rows["training"].count
        order = epoch_order(self.spec["seed"], state["epoch"] + 1, count, self.spec["shuffle"])
        first = state["epoch"] * self.steps_per_epoch
        end = first + self.steps_per_epoch
        while state["step"] < end:
            steps = min(CHUNK, end - state["step"])
            at = (state["step"] - first) * self.batch
            rows = order[at : at + steps * self.batch]
            rates = [self.schedule.rate_at(state["step"] + i + 1) for i in range(steps)]
            started = time.monotonic()
            table, bad = self.learner.take_steps(rows, self.batch, rates)
            state["trainingSeconds"] += time.monotonic() - started
            state["samplesWalked"] += min(len(table) * self.batch, len(rows))
            for rate, (loss, norm) in zip(rates, table.tolist()):
                state["step"] += 1
                if self.journal:
                    self.journal.step(state["step"], loss, norm, rate, state["step"] == end)
                    message = {"type": "step", "step": state["step"], "epoch": state["epoch"] + 1}
                    self.tell({**message, "loss": loss, "gradientNorm": norm, "learningRate": rate})
            if bad is not None:
                return False
            # All processes must come to the same decision, so one takes it.
            if self.group.tell(time.monotonic() - self.saved > self.every):
                self.save()
        return True

    def evaluate_epoch(self):
        training = self.metrics("training")
        validation = self.metrics("validation") if "validation" in self.learner.rows else None
        step, epoch = self.state["step"], self.state["epoch"]
        self.state["evaluation"] = {"step": step, "epoch": epoch, "training": training, "validation": validation}
        if self.journal:
            self.journal.epoch(epoch, step, training, validation)
            message = {"type": "epoch", "epoch": epoch, "step": step, "training": training}
            self.tell({**message, "validation": validation} if validation else message)

    def epoch_ended(self):
        """Tells the schedule and early stopping. Returns whether the run should end."""
        state = self.state
        if state["epoch"] == 0:
            return False
        training, validation = state["evaluation"]["training"], state["evaluation"]["validation"]
        watched = (validation or training)["loss"]
        loss = math.inf if watched is None else watched
        self.schedule.epoch_ended(loss)
        lowest = state["lowestValidation"]
        if validation and watched is not None and (lowest is None or watched < lowest["loss"]):
            state["lowestValidation"] = {"epoch": state["epoch"], "loss": watched}
        stopping, settings = state["earlyStopping"], self.spec["earlyStopping"]
        if not settings:
            return False
        if stopping["lowest"] is None or loss < stopping["lowest"] - settings["minDelta"]:
            if math.isfinite(loss):
                stopping["lowest"], stopping["waited"] = loss, 0
                if settings["restoreBest"]:
                    stopping["best"] = {"epoch": state["epoch"], "training": training, "validation": validation}
                    stopping["best"]["parameters"] = {}
                    self.best = self.learner.theta.clone()
                return False
        stopping["waited"] += 1
        return stopping["waited"] >= settings["patience"]

    def restore_best(self):
        best = (self.state["earlyStopping"] or {}).get("best")
        if not best or best["epoch"] == self.state["epoch"]:
            return None
        self.learner.theta.copy_(self.best)
        self.state["evaluation"] = {**self.state["evaluation"], **{set: best[set] for set in ("training", "validation")}}
        return best["epoch"]

    def metrics(self, name):
        """Loss and accuracy, or loss, MAE, RMSE and R² in the target's own units, of a set of rows."""
        rows, width = self.learner.rows[name], self.spec["layers"][-1]["units"]
        classes = self.spec["task"] == "classification"
        losses, divisor = 0.0, 0.0
        sums = torch.zeros(1 if classes else 2 * width, dtype=torch.float64)
        block = max(1, BLOCK_NUMBERS // self.learner.widest)
        for at in range(0, rows.count, block * self.group.size):
            to = min(at + block * self.group.size, rows.count)
            outputs, loss, weight = self.learner.evaluate(name, at, to)
            losses, divisor = losses + loss, divisor + weight
            low, high = self.group.share(to - at)
            targets = rows.targets[at + low : at + high].cpu()
            if classes:
                predicted = outputs.argmax(dim=1) if width > 1 else (outputs[:, 0] > 0).long()
                sums[0] += (predicted == targets[:, 0].long()).sum()
            elif len(targets):
                errors = (outputs - targets).double()
                sums += torch.cat([errors.abs().sum(dim=0), (errors**2).sum(dim=0)])
        parts = self.group.gather((losses, divisor, sums.tolist()))
        losses, divisor = (sum(part[i] for part in parts) for i in (0, 1))
        sums = torch.tensor([part[2] for part in parts], dtype=torch.float64).sum(dim=0)
        loss = finite(losses / divisor)
        if classes:
            return {"loss": loss, "accuracy": finite(float(sums[0]) / rows.count)}
        scale = torch.tensor(self.spec["targetScale"], dtype=torch.float64)
        targets = rows.targets.cpu().double()
        variation = ((targets - targets.mean(dim=0)) ** 2).sum(dim=0)
        absolute, squared = sums[:width], sums[width:]
        return {
            "loss": loss,
            "mae": finite(float((scale * absolute / rows.count).mean())),
            "rmse": finite(float((scale * (squared / rows.count).sqrt()).mean())),
            "r2": finite(float((1 - squared / variation).mean())),
        }

    # -- what is kept

    def save(self, restored=None):
        """Writes the checkpoint, on each machine once: they need not share a disk."""
        self.saved = time.monotonic()
        mark = self.group.tell(self.journal.mark() if self.journal else None)
        if int(os.environ.get("LOCAL_RANK", 0)) != 0:
            return
        _, theta, slots = self.learner.snapshot()
        tensors = list(self.named(theta, ""))
        for i, slot in enumerate(slots):
            tensors += self.named(slot, f"optimizer.{i}.")
        if self.best is not None and restored is None:
            tensors += self.named(self.best, "best.")
        rest = {"format": 1, "state": self.state, "kernel": self.kernel, "journal": mark}
        if restored is not None:
            rest["restoredEpoch"] = restored
        metadata = {"step": str(self.state["step"]), "epoch": str(self.state["epoch"]), "checkpoint": json.dumps(rest)}
        write_safetensors(self.folder / "checkpoint.safetensors", tensors, metadata)

    def finish(self, status, restored, test):
        state = self.state
        seconds = state["trainingSeconds"]
        evaluation = state["evaluation"] or {"training": None, "validation": None}
        result = {
            "status": status,
            "steps": state["step"],
            "epochs": state["epoch"],
            "trainingSeconds": seconds,
            "samplesPerSecond": state["samplesWalked"] / seconds if seconds > 0 else None,
            "training": evaluation["training"],
            "validation": evaluation["validation"],
            "test": test,
        }
        how = {"completed": "Trained for", "early-stopped": "Stopped early after", "diverged": "Diverged after"}[status]
        kept = f" and kept the weights of epoch {restored}, the best" if restored is not None else ""
        result["message"] = (
            f"{how} {state['epoch']} epochs ({state['step']} steps, {seconds:.1f} s of training) "
            f"on {self.group.size} process{'es' if self.group.size > 1 else ''}{kept}."
        )
        if restored is not None:
            result["restoredEpoch"] = restored
        self.update_run(status=status, result=result)
        self.tell({"type": "done", **result})

    def update_run(self, **changes):
        file = self.folder / "run.json"
        run = json.loads(file.read_text(encoding="utf-8"))
        run["description"]["kernel"] = self.kernel
        write_whole(file, (json.dumps({**run, **changes, "kernel": self.kernel}, indent=2) + "\n").encode())

    def tell(self, event):
        print(json.dumps({k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in event.items()}), flush=True)


# So many steps are made between two looks at whether a checkpoint is due.
CHUNK = 32


class Journal:
    """The history in TensorBoard's own format, as Downhill writes it: at most 200 records a second."""

    def __init__(self, folder, started_at, mark):
        name = mark["file"] if mark else f"events.out.tfevents.{int(started_at / 1000)}.downhill"
        self.name, path = Path(name).name, folder / Path(name).name
        if mark and path.exists():
            # What was told after the checkpoint is told again.
            os.truncate(path, min(mark["length"], path.stat().st_size))
        self.file = open(path, "ab")
        self.last = 0.0
        if self.file.tell() == 0:
            self.record(field(1, struct.pack("<d", started_at / 1000), 1) + field(3, b"brain.Event:2", 2))

    def step(self, step, loss, norm, rate, last):
        now = time.time()
        if now - self.last < 0.005 and not last:
            return
        self.last = now
        self.scalars(now, step, {"loss/training": loss, "gradient_norm": norm, "learning_rate": rate})

    def epoch(self, epoch, step, training, validation):
        values = {"epoch": epoch}
        for name, metrics in (("training", training), ("validation", validation)):
            for metric, value in (metrics or {}).items():
                tag = "loss/training_epoch" if (name, metric) == ("training", "loss") else f"{metric}/{name}"
                values[tag] = math.nan if value is None else value
        self.scalars(time.time(), step, values)

    def scalars(self, now, step, values):
        summary = b"".join(
            field(1, field(1, tag.encode(), 2) + field(2, struct.pack("<f", clamp(value)), 5), 2)
            for tag, value in values.items()
        )
        self.record(field(1, struct.pack("<d", now), 1) + field(2, varint(step), 0) + field(5, summary, 2))

    def record(self, payload):
        length = struct.pack("<Q", len(payload))
        checks = (struct.pack("<I", masked_crc(part)) for part in (length, payload))
        self.file.write(length + next(checks) + payload + next(checks))

    def mark(self):
        self.file.flush()
        os.fsync(self.file.fileno())
        return {"file": self.name, "length": self.file.tell()}


def clamp(value):
    """What float32 cannot hold is infinite."""
    return math.copysign(math.inf, value) if abs(value) > 3.4028234663852886e38 else value


def field(number, content, kind):
    """A field of a protocol-buffer message; kind 2 has a length."""
    return varint(number << 3 | kind) + (varint(len(content)) if kind == 2 else b"") + content


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC = crc_table()


def masked_crc(data):
    """CRC-32C as record files store it."""
    crc = MASK
    for byte in data:
        crc = crc >> 8 ^ CRC[(crc ^ byte) & 255]
    crc ^= MASK
    return ((crc >> 15 | crc << 17 & MASK) + 0xA282EAD8) & MASK


def read_checkpoint(file):
    """What stands beside the tensors of a safetensors file, and the tensors. None when it is damaged."""
    try:
        data = file.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        rest = json.loads(header.pop("__metadata__")["checkpoint"])
        tensors = {}
        for name, entry in header.items():
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = tensor_of(data[start:end], torch.float32)
        return rest, tensors
    except (OSError, ValueError, KeyError, struct.error):
        return None


def write_safetensors(file, tensors, metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, shape, values in tensors:
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + 4 * len(values)]}
        at += 4 * len(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write_whole(file, struct.pack("<Q", len(text)), text, *(tensor_bytes(values) for _, _, values in tensors))


def write_whole(file, *parts):
    """Beside, synced and renamed: the file is always the old one or the new one."""
    beside = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}.new")
    with open(beside, "wb") as out:
        for part in parts:
            out.write(part)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, file)


def this_process():
    """How Downhill tells a living run from one whose process died."""
    started = None
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        stat = Path("/proc/self/stat").read_text()
        started = f"{boot}:{stat[stat.rindex(')') + 2 :].split(' ')[19]}"
    except (OSError, ValueError):
        pass
    return {"pid": os.getpid(), "host": socket.gethostname(), "started": started}


def finite(value):
    return value if math.isfinite(value) and abs(value) <= 3.4028234663852886e38 else None


# ---------------------------------------------------------------------------------------------------------------------


def torchrun(arguments):
    """What the command torchrun does, where it is not on the path."""
    from torch.distributed import run
    from torch.distributed.elastic.multiprocessing import Std

    # torch 1.13 cannot read its own defaults with Python 3.11.
    if Std.from_str("0") is None:
        Std.from_str = staticmethod(lambda text: Std(int(text)))
    run.main(arguments)


def main():
    if sys.argv[1:2] == ["torchrun"]:
        return torchrun(sys.argv[2:])
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("run", nargs="?", help="the folder of a run to train")
    arguments.add_argument("--every", type=float, default=10, help="seconds between two checkpoints")
    arguments.add_argument("--serve", action="store_true", help="compute what a host asks for over standard input")
    arguments.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    arguments.add_argument("--threads", type=int, help="threads of each process")
    given = arguments.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    if given.serve:
        return serve(given.device)
    if given.run is None:
        arguments.error("the folder of a run is needed")
    group = Group(given.device)
    Run(given.run, group, given.every).train()
    group.close()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        # Threads that wait for the host must not keep the process.
        os._exit(1)

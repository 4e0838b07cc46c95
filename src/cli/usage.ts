/** What the command line says about itself, and its exit statuses. */

export const exitStatus = {
  done: 0,
  /** The config or the data is wrong. */
  wrongInput: 1,
  wrongUsage: 2,
  diverged: 3,
  failed: 4,
  interrupted: 130,
} as const;

/** The command was called wrongly: told with a hint, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something else that ends a command: one sentence and an exit status. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export const usage = `Trains neural networks, or minimises functions, and shows how gradient descent does it.

Usage:
  downhill train CONFIG [options]    train the network, or minimise the function, that CONFIG
                                     (NAME.train.json or .yaml) describes
  downhill check CONFIG              print the problems of a run config as file:line:column: message
  downhill range-test CONFIG         try ascending learning rates for a few steps, and suggest one
  downhill describe FILE [options]   print what is in a data file: columns, types, missing values, spread
  downhill predict RUN DATAFILE      write the rows of a data file with their predictions, as CSV
  downhill export RUN --format FORMAT --output FILE
                                     write a trained model, or the curves of its run, for other tools
  downhill reproduce RUN             compute a run again and say whether it comes out the same, bit for bit
  downhill cluster CONFIG [options]  prepare a run for PyTorch on many machines, and print how each starts it

RUN is a run folder, or the name of one in .downhill/runs.

Options of train:
  --events FILE     write what happens to FILE as JSON lines; - is standard output
  --log-every N     write the events of steps 1, N+1, 2N+1, ... and the last (default: thinned)
  --weights FILE    write the final weights, or the final point, to FILE (safetensors)
  --threads N       compute with N threads at most (default: all processor cores but one)
  --runs DIR        keep the run in a folder in DIR (default: .downhill/runs in the workspace folder)
  --only NAME       of the runs that CONFIG compares, or starts from several points, make this one
  --resume RUN      go on with a run that was cut off or stopped; RUN is its folder or its name
  --branch RUN      begin where RUN stood after step N (--step), and train on as CONFIG says: it may differ
  --step N          in optimizer, schedule, batchSize, epochs, dropout and the like, not in data or layers

Options of describe:
  --target COLUMN   the column whose classes or numbers to show (default: the likeliest)
  --json            print it as JSON
  --format FORMAT   csv, tsv, json, jsonl or parquet, where the name of the file does not tell

Options of predict:
  --output FILE     write to FILE instead of standard output
  --format FORMAT   of DATAFILE: csv, tsv, json, jsonl or parquet, where its name does not tell

Formats of export:
  onnx              raw columns in, predictions out; one file
  safetensors       the weights, with the preparation as metadata; one file
  pytorch           FILE is a Python module (NAME.py); its weights are written beside it as NAME.safetensors
  pytorch-script    FILE is a training script (NAME.py) that makes the run again; data: NAME.safetensors
  javascript        an ES module with predict(row) and no dependencies; one file
  csv               the curves: loss, gradient norm, learning rate and metrics

Options of cluster:
  --slurm           print a batch script for SLURM instead of torchrun's lines
  --kubernetes      print a PyTorchJob for Kubernetes instead
  --runs DIR        keep the run in a folder in DIR (default: .downhill/runs in the workspace folder)

Options:
  -h, --help        show this text
  --version         show the version

Files that a config names must lie in the workspace folder: the current directory when the config lies
under it, else the config's own folder.

Exit status: 0 done, 1 the config or the data is wrong, 2 wrong usage, 3 diverged, 4 failed otherwise,
130 interrupted (with a checkpoint).
`;

import { define } from "./field";

const threads = {
  kind: "number",
  integer: true,
  atLeast: 1,
  atMost: 64,
  unit: "threads",
  optional: true,
  examples: [1, 2, 4],
} as const;

const threadAliases = ["cores", "numThreads", "nJobs"] as const;

/** The section `engine`. */
export const engine = define({
  kind: "variants",
  what: "an engine",
  description: "What computes the run, and with how much of the machine. It does not change what is learnt.",
  defaultVariant: "builtin",
  synonyms: { torch: "pytorch", downhill: "builtin", wasm: "builtin", default: "builtin" },
  variants: {
    builtin: {
      description: "Downhill's own kernels, on the processor: the fastest for small and middling networks.",
      fields: {
        threads: {
          ...threads,
          description: "The most threads that compute. Small networks use one whatever is written here.",
          defaultText: "the setting `downhill.threads`, or all processor cores but one",
          aliases: ["workers", ...threadAliases],
        },
        fastMath: {
          kind: "unavailable",
          description:
            "Fused multiplications, which are faster and differ between machines in the last bits.",
        },
      },
    },
    pytorch: {
      description:
        "PyTorch on this computer's processor or GPU, in one process or many: the same run, with losses that agree to some five digits. Needs Python 3.9 and PyTorch 1.13, or newer.",
      fields: {
        python: {
          kind: "text",
          what: "a Python interpreter",
          expected: "a command or a path of a Python interpreter",
          description:
            "The Python interpreter that has PyTorch: a command, or a path relative to this run config.",
          optional: true,
          defaultText:
            "the first that has PyTorch of: the interpreter chosen in the editor, the workspace's `.venv`, those on the path",
          examples: ["python3", ".venv/bin/python"],
          aliases: ["interpreter", "pythonPath", "executable"],
        },
        device: {
          kind: "choice",
          description: "What PyTorch computes on. The same run on another differs in the last digits only.",
          choices: {
            auto: "A GPU if PyTorch sees one, else the processor.",
            cpu: "The processor.",
            cuda: "NVIDIA GPUs (or AMD's, with PyTorch for ROCm); each process takes one.",
            mps: "The GPU of an Apple computer.",
          },
          synonyms: { gpu: "cuda", nvidia: "cuda", metal: "mps" },
          default: "auto",
        },
        processes: {
          kind: "number",
          integer: true,
          atLeast: 1,
          atMost: 1024,
          unit: "processes",
          description:
            "How many processes share each batch, started by `torchrun`: they compute the same steps as one does. On GPUs, one for each.",
          default: 1,
          examples: [1, 2, 4, 8],
          aliases: ["workers", "nproc", "nprocPerNode", "worldSize", "gpus"],
        },
        nodes: {
          kind: "number",
          integer: true,
          atLeast: 1,
          atMost: 1024,
          unit: "machines",
          description:
            "How many machines share each batch. With more than one, `downhill cluster` and the command *Copy Cluster Command* prepare the run and say how each machine starts it.",
          default: 1,
          examples: [1, 2, 4],
          aliases: ["machines", "hosts", "numNodes", "nnodes"],
        },
        rendezvous: {
          kind: "text",
          what: "a machine",
          expected: "the name of a machine, or host:port",
          description: "Where the machines meet: the first of them, with a port.",
          optional: true,
          defaultText: "port 29400 of the first machine",
          examples: ["node1:29400"],
          aliases: ["master", "masterAddr", "endpoint", "rdzvEndpoint"],
        },
        threads: {
          ...threads,
          description:
            "Threads of each process. More of them than there are processor cores slow each other down.",
          defaultText:
            "as many as PyTorch takes; all processor cores shared out where there are several processes",
          aliases: threadAliases,
        },
      },
    },
  },
});

/** How a prepared run is started on one machine or many: the command of each, or a file for what hands machines out. */
import type { PyTorchEngineConfig } from "../config/runConfig";

export interface ClusterRun {
  /** Of the run, for people and for torchrun, which tells by it which machines belong together. */
  name: string;
  id: string;
  /** Its folder: every machine must see it under this path, or have a copy of it there. */
  folder: string;
  engine: PyTorchEngineConfig;
}

/** How often torchrun starts the processes again after a machine or a process was lost. */
const restarts = 100;

const defaultPort = 29400;

/** torchrun's arguments that are the same everywhere, and train.py with its own. */
function argumentsOf(
  { folder, engine }: ClusterRun,
  quote: (text: string) => string,
): [torchrun: string, script: string] {
  const { processes, device, threads } = engine;
  const options = [
    ...(device === "auto" ? [] : [`--device ${device}`]),
    ...(threads === undefined ? [] : [`--threads ${threads}`]),
  ];
  return [
    `--nproc_per_node=${processes} --max_restarts=${restarts}`,
    [quote(`${folder}/pytorch/train.py`), quote(folder), ...options].join(" "),
  ];
}

/** The lines to type, one for each machine, with a word on what they need. */
export function torchrunLines(run: ClusterRun): string {
  const { engine, id } = run;
  const [torchrun, script] = argumentsOf(run, shellQuote);
  if (engine.nodes === 1) return `torchrun --standalone ${torchrun} ${script}\n`;
  const endpoint = rendezvousOf(engine);
  const line =
    `torchrun --nnodes=1:${engine.nodes} ${torchrun} --rdzv_backend=c10d ` +
    `--rdzv_id=${shellQuote(id)} --rdzv_endpoint=${shellQuote(endpoint)} ${script}\n`;
  const lines = Array.from({ length: engine.nodes }, (_, node) => {
    const where = node === 0 ? `machine 1, ${hostOf(endpoint)}` : `machine ${node + 1}`;
    return `# On ${where}:\n${line}`;
  });
  return lines.join("");
}

/** A batch script for SLURM: `sbatch FILE`. */
export function slurmScript(run: ClusterRun): string {
  const { engine, name, id } = run;
  const [torchrun, script] = argumentsOf(run, shellQuote);
  const cores = engine.processes * (engine.threads ?? 1);
  const port = rendezvousOf(engine).split(":").at(-1);
  return `#!/bin/bash
# Trains the run ${id} of Downhill on ${engine.nodes === 1 ? "one machine" : `${engine.nodes} machines`}; start it with: sbatch FILE
#SBATCH --job-name=${name.replaceAll(/[^\w.-]/g, "_")}
#SBATCH --nodes=${engine.nodes}
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=${cores}
${engine.device === "cuda" ? `#SBATCH --gpus-per-node=${engine.processes}\n` : ""}#SBATCH --requeue

# A job that is put back goes on from its last checkpoint.
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun torchrun --nnodes=1:"$SLURM_NNODES" ${torchrun} \\
  --rdzv_backend=c10d --rdzv_id="$SLURM_JOB_ID" --rdzv_endpoint="$first:${port}" \\
  ${script}
`;
}

/** A PyTorchJob of the Kubeflow training operator, as YAML: `kubectl apply -f FILE`. */
export function kubernetesJob(run: ClusterRun): string {
  const { engine, id } = run;
  const name = `downhill-${run.name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, 50)
    .replace(/-+$/, "");
  const options = [
    ...(engine.device === "auto" ? [] : ["--device", engine.device]),
    ...(engine.threads === undefined ? [] : ["--threads", String(engine.threads)]),
  ];
  const command = [
    "torchrun",
    `--nproc_per_node=${engine.processes}`,
    `--max_restarts=${restarts}`,
    "/run-folder/pytorch/train.py",
    "/run-folder",
    ...options,
  ];
  return `# Trains the run ${id} of Downhill; start it with: kubectl apply -f FILE
# Copy ${run.folder} to the volume of the claim "${name}" first, which all pods must be able to write.
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata:
  name: ${name}
spec:
  elasticPolicy:
    rdzvBackend: c10d
    minReplicas: 1
    maxReplicas: ${engine.nodes}
    maxRestarts: ${restarts}
  pytorchReplicaSpecs:
    Worker:
      replicas: ${engine.nodes}
      restartPolicy: OnFailure
      template:
        spec:
          containers:
            - name: pytorch
              image: pytorch/pytorch:latest
              command: [${command.map((word) => JSON.stringify(word)).join(", ")}]
${engine.device === "cuda" ? `              resources:\n                limits:\n                  nvidia.com/gpu: ${engine.processes}\n` : ""}              volumeMounts:
                - name: run
                  mountPath: /run-folder
          volumes:
            - name: run
              persistentVolumeClaim:
                claimName: ${name}
`;
}

/** Where the machines meet: host and port. */
function rendezvousOf({ rendezvous }: PyTorchEngineConfig): string {
  // It goes into text that people paste into a shell: only what names of machines are made of.
  const given = (rendezvous ?? "FIRST_MACHINE").replaceAll(/[^\w.:[\]-]/g, "");
  return /:\d+$/.test(given) ? given : `${given}:${defaultPort}`;
}

function hostOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/, "");
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

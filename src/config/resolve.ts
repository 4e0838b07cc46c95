import type { ConfigValues } from "./keys/fields";
import type { FunctionRunConfig, RunConfig } from "./runConfig";

/** What minimising a function needs; the rest of the values are defaults of keys that a function does not have. */
export function resolveFunction(values: ConfigValues): FunctionRunConfig | null {
  if (!values.function) return null;
  const { expression, start, domain } = values.function;
  return {
    function: {
      expression,
      start: start ?? "random",
      domain: Object.fromEntries(
        Object.entries(domain ?? {}).map(([variable, [low, high]]) => [variable, [low, high]]),
      ),
    },
    optimizer: values.optimizer,
    schedule: values.schedule,
    steps: values.steps ?? 1000,
    gradientTolerance: values.gradientTolerance ?? 1e-6,
    seed: values.seed,
    ...(values.startSeed !== undefined && { startSeed: values.startSeed }),
    ...(values.gradientClipNorm !== undefined && { gradientClipNorm: values.gradientClipNorm }),
  };
}

/** Fills in the defaults that depend on other keys. */
export function resolve({ $schema: _schema, ...all }: ConfigValues): RunConfig {
  const { function: _function, steps: _steps, gradientTolerance: _tolerance, ...one } = all;
  // How many runs there are is no matter of a single one.
  const { compare: _compare, starts: _starts, ...values } = one;
  const { data, network } = values;
  return {
    ...values,
    data: {
      ...data,
      target: typeof data.target === "string" ? [data.target] : data.target,
      standardizeTarget: data.standardizeTarget ?? data.standardize,
      split: {
        ...data.split,
        validation: data.validationFile === undefined ? data.split.validation : 0,
        // An order knows no classes.
        stratify: data.split.stratify && data.split.orderBy === undefined,
      },
    },
    network: {
      hidden: network.hidden.map((layer) =>
        typeof layer === "number"
          ? { units: layer, activation: network.activation }
          : { units: layer.units, activation: layer.activation ?? network.activation },
      ),
      initializer: network.initializer,
      dropout: network.dropout,
      ...(network.initialWeights !== undefined && { initialWeights: network.initialWeights }),
    },
  };
}

import type { ConfigValues } from "./keys/fields";
import type { RunConfig } from "./runConfig";

/** Fills in the defaults that depend on other keys. */
export function resolve({ $schema: _schema, ...values }: ConfigValues): RunConfig {
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
        test: data.testFile === undefined ? data.split.test : 0,
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

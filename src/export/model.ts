/**
 * Start reading here. What the formats have in common: the words and facts about a trained model that stand in the files,
 * beside its numbers.
 */
import type { TrainedModel } from "../run/trainedModel";

/** A file of an export. */
export interface ExportedFile {
  name: string;
  content: string | Uint8Array;
}

/** A network with one logit, the second class's; else there is one output per class or target column. */
export function isBinary({ preparation, layers }: TrainedModel): boolean {
  const { target } = preparation;
  return (
    target.task === "classification" && layers[layers.length - 1].units === 1 && target.classes.length === 2
  );
}

/** "iris: predicts species from 4 columns", on one line. */
export function headline({ name, preparation }: TrainedModel): string {
  const { target, features } = preparation;
  const targets = target.task === "classification" ? [target.column] : target.columns;
  const columns = features.length === 1 ? "1 column" : `${features.length} columns`;
  return oneLine(`${name}: predicts ${targets.join(", ")} from ${columns}`);
}

/** "Trained by Downhill 0.1.0 in the run 2026-…-iris: the weights of step 1200 (epoch 40)". */
export function provenance({ origin }: TrainedModel): string {
  const { version, run, step, epoch } = origin;
  return oneLine(
    `Trained by Downhill ${version} in the run ${run}: the weights of step ${step} (epoch ${epoch})`,
  );
}

/** What is known of the model beside its numbers, for formats that keep texts. */
export function metadataOf(model: TrainedModel): Record<string, string> {
  const { origin, preparation, layers, name } = model;
  return {
    producer: "downhill",
    version: origin.version,
    name,
    run: origin.run,
    step: String(origin.step),
    epoch: String(origin.epoch),
    activations: JSON.stringify(layers.map(({ activation }) => activation)),
    preparation: JSON.stringify(preparation),
  };
}

/** Names come from files: none may tear a comment or a sentence apart. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- those are what this is about
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}

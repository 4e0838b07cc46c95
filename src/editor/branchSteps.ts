/** The steps of a run at which a branch may begin, as a list to choose from. */
import type { RunSnapshot } from "../protocol/webview";
import { significant } from "./runTexts";

export interface StepItem {
  label: string;
  description: string;
  /** Steps made. */
  step: number;
}

/** So many ends of epochs are listed; any other step can be typed. */
const mostEpochs = 200;

/**
 * The end of the run, the best epoch, then the ends of epochs from the last one back. A branch that had begun later than the
 * end would find nothing to begin with.
 *
 * @param typed what the user has typed: a step of the run comes first
 */
export function stepItems(
  { epochs, steps, progress, result, description }: RunSnapshot,
  typed = "",
): StepItem[] {
  const last = lastStep({ steps, progress, result });
  const first = description?.branchedFrom?.step ?? 0;
  const watched = "validation.loss" in epochs.metrics ? "validation" : "training";
  const loss = epochs.metrics[`${watched}.loss`];
  const name = `${watched} loss`;
  const rows = Array.from(epochs.epoch, (epoch, row) => ({
    epoch,
    step: epochs.step[row],
    loss: loss[row],
  })).filter(({ step }) => step >= first && step <= last);
  const described = ({ epoch, loss: value }: (typeof rows)[number], what: string): string =>
    [what, epoch === 0 ? "the starting weights" : `epoch ${epoch}`, `${name} ${significant(value)}`]
      .filter((part) => part !== "")
      .join(" · ");
  const items: StepItem[] = [];
  const add = (step: number, text: string): void => {
    if (!items.some((item) => item.step === step))
      items.push({ label: `Step ${step.toLocaleString("en")}`, description: text, step });
  };
  const wanted = Number(typed.trim().replaceAll(",", ""));
  if (typed.trim() !== "" && Number.isInteger(wanted) && wanted >= first && wanted <= last) add(wanted, "");
  const best = rows
    .filter(({ loss: value }) => Number.isFinite(value))
    .sort((a, b) => a.loss - b.loss)
    .at(0);
  const end = rows.at(-1);
  const atEnd = end?.step === last ? end : undefined;
  if (atEnd) add(last, described(atEnd, atEnd === best ? "the end, the best epoch" : "the end"));
  else add(last, "the end");
  if (best) add(best.step, described(best, "the best epoch"));
  for (const row of rows.reverse().slice(0, mostEpochs)) add(row.step, described(row, ""));
  return items;
}

/** The last step of a run as far as it has come. */
export function lastStep({
  steps,
  progress,
  result,
}: Pick<RunSnapshot, "steps" | "progress" | "result">): number {
  return result?.steps ?? progress?.step ?? steps.step.at(-1) ?? 0;
}

/** Advice at the end of a run in a terminal: one line each. */
import { runNameOf } from "../config/files";
import type { AdviceItem } from "../protocol/advice";
import type { StartRun } from "../protocol/worker";
import { LiveRun } from "../run/liveRun";
import type { Trainer } from "../run/trainer";

/** Follows a run from its beginning; what it returns gives the advice so far. */
export function followAdvice(
  trainer: Trainer,
  { id, configFile, configText }: Pick<StartRun, "id" | "configFile" | "configText">,
): () => string[] {
  const run = new LiveRun(trainer, { id, name: runNameOf(configFile), configFile, configText });
  return () => run.advice.map(adviceLine);
}

/** "Advice: Learning rate too large. The loss … Try: learning rate 0.1 or clip the gradient to norm 1." */
export function adviceLine({ title, evidence, fixes }: AdviceItem): string {
  const remedies = fixes.map(({ label }) => `${label.charAt(0).toLowerCase()}${label.slice(1)}`);
  const last = remedies.pop() ?? "";
  const tries = remedies.length > 0 ? `${remedies.join(", ")} or ${last}` : last;
  return `Advice: ${title}. ${evidence} Try: ${tries}.`;
}

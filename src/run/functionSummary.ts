/** What a descent on a function came to, in one plain sentence. */
import { counted, digits } from "../data/wording";
import type { DescentEnding } from "../descent/functions/descent";
import type { FunctionOutcome } from "../protocol/run";
import { formatNumber } from "./numberText";

/** Of more variables, the point is not written out. */
const mostWritten = 6;

export interface FunctionEnd extends FunctionOutcome {
  /** Steps made. */
  steps: number;
  /** How it ended by itself; null when it was stopped. */
  ending: DescentEnding | null;
}

export function summarizeFunction(
  end: FunctionEnd,
  facts: { variables: readonly string[] },
  learningRate: number,
  totalSteps: number,
): string {
  const { steps, ending } = end;
  const where = placeText(end, facts.variables);
  const after = counted(steps, "step");
  if (ending === null) {
    return steps === 0
      ? "Stopped before the first step."
      : `Stopped at step ${digits(steps)} of ${digits(totalSteps)}: ${where}, ${valueText(end)}.`;
  }
  switch (ending.kind) {
    case "unbounded":
      return `The function falls without bound: after ${after}, ${where}, f is already ${formatNumber(end.value)}; it has no minimum on this way, so try another start.`;
    case "non-finite": {
      const kept = steps === 0 ? "the start is kept" : `the point of step ${digits(steps)} is kept`;
      const smaller = formatNumber(Math.min(learningRate / 10, 0.1));
      const verb = /too large|not finite/.test(ending.reason) ? "Diverged" : "Stopped";
      return `${verb} at step ${digits(steps + 1)}, where ${ending.reason}; ${kept}: try a learning rate of ${smaller} or another start.`;
    }
    case "converged":
    case "steps":
      return end.criticalPoint === "not-critical"
        ? `Made all ${digits(steps)} steps without reaching a critical point: ${where}, ${valueText(end)}; more steps or another learning rate may go on.`
        : reachedText(end, where, after);
  }
}

function reachedText(end: FunctionEnd, where: string, after: string): string {
  const found = end.steps === 0 ? "The start is" : "Reached";
  const lead = `${found} ${kindText(end)} ${end.steps === 0 ? where : `after ${after}: ${where}`}, ${valueText(end)}`;
  return `${lead}; ${eigenvalueText(end)}.`;
}

function kindText({ criticalPoint, gradientNorm }: FunctionEnd): string {
  switch (criticalPoint) {
    case "degenerate":
      return "a degenerate critical point";
    case "saddle":
      return "a saddle point";
    case "not-critical":
      return `a point of gradient norm ${formatNumber(gradientNorm)}`;
    default:
      return `a ${criticalPoint}`;
  }
}

/** What the eigenvalues of the Hessian say. */
export function eigenvalueText({
  criticalPoint,
  eigenvalues,
}: Pick<FunctionOutcome, "criticalPoint" | "eigenvalues">): string {
  const finite = eigenvalues.filter((value) => value !== null);
  if (finite.length < eigenvalues.length || finite.length === 0) return "the Hessian there is not finite";
  const texts = finite.map((value) => formatNumber(value).replace("-", "−"));
  const [lowest, highest] = [texts[0], texts[texts.length - 1]];
  const one = texts.length === 1;
  const what = one ? "the second derivative is" : "the Hessian's eigenvalues are";
  const list =
    one || texts.length > 4
      ? one
        ? lowest
        : `${lowest} to ${highest}`
      : `${texts.slice(0, -1).join(", ")} and ${highest}`;
  switch (criticalPoint) {
    case "minimum":
      return `${what} ${list}, ${one ? "which is positive" : "all positive"}`;
    case "maximum":
      return `${what} ${list}, ${one ? "which is negative" : "all negative"}`;
    case "saddle":
      return `${what} ${list}, of both signs, so that f falls one way and rises another`;
    case "degenerate":
      return `${what} ${list}, of which ${one ? "zero" : "one is zero, so that"} ${one ? "tells nothing" : "they do not tell what it is"}`;
    case "not-critical":
      return `${what} ${list}`;
  }
}

/** "at x = 1, y = 2". */
function placeText({ point }: FunctionOutcome, variables: readonly string[]): string {
  const shown = variables
    .slice(0, mostWritten)
    .map((name, k) => `${name} = ${formatNumber(point[k]).replace("-", "−")}`);
  return `at ${shown.join(", ")}${variables.length > mostWritten ? ", …" : ""}`;
}

function valueText({ value, gradientNorm }: FunctionOutcome): string {
  return `where f = ${formatNumber(value).replace("-", "−")} and the gradient norm is ${formatNumber(gradientNorm)}`;
}

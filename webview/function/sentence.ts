/** What a descent that was made again came to, in one sentence. */
import type { FunctionOutcome } from "../../src/protocol/run";
import { formatCount, formatNumber } from "../format";
import type { Explored } from "./exploration";

const kinds: Record<FunctionOutcome["criticalPoint"], string> = {
  minimum: "a minimum",
  maximum: "a maximum",
  saddle: "a saddle point",
  degenerate: "a degenerate critical point",
  "not-critical": "no critical point yet",
};

export function exploredSentence(explored: Explored | null, variables: readonly string[]): string {
  if (!explored) return "The function has no finite value at this start; drag it elsewhere.";
  const { ending, steps, critical, value, gradientNorm } = explored;
  const after = `after ${formatCount(steps)} ${steps === 1 ? "step" : "steps"}`;
  const at = pointText(explored.point, variables);
  if (ending?.kind === "unbounded") return `The function falls without bound ${after}, at ${at}.`;
  if (ending?.kind === "non-finite") {
    return `The descent breaks off ${after}, where ${ending.reason}; a smaller learning rate may help.`;
  }
  const state = `${at}, f = ${formatNumber(value)}, gradient norm ${formatNumber(gradientNorm)}`;
  if (critical.kind === "not-critical") {
    const cut = ending === null ? ", the first ones only, as dragging shows no more" : "";
    return `${capitalised(kinds[critical.kind])} ${after}${cut}: ${state}.`;
  }
  return `${capitalised(kinds[critical.kind])} ${after}: ${state}; ${eigenvalueText(critical.eigenvalues)}.`;
}

export function pointText(point: ArrayLike<number>, variables: readonly string[]): string {
  const shown = variables.slice(0, 4).map((name, k) => `${name} = ${formatNumber(point[k])}`);
  return `${shown.join(", ")}${variables.length > 4 ? ", …" : ""}`;
}

function eigenvalueText(eigenvalues: Float64Array): string {
  if (!eigenvalues.every(Number.isFinite)) return "the Hessian there is not finite";
  const texts = Array.from(eigenvalues, (eigenvalue) => formatNumber(eigenvalue));
  if (texts.length === 1) return `second derivative ${texts[0]}`;
  return texts.length > 4
    ? `Hessian eigenvalues ${texts[0]} to ${texts[texts.length - 1]}`
    : `Hessian eigenvalues ${texts.join(", ")}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

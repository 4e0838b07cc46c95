import { distance } from "fastest-levenshtein";

/** `batch_size`, `BatchSize` and `batch-size` are one word. */
function normalise(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}$]/gu, "");
}

/**
 * "Did you mean": the candidate that a mistyped word stands for, or null where none is near.
 * @param synonyms other words → candidates
 */
export function suggest(
  word: string,
  candidates: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | null {
  return sameWord(word, candidates, synonyms) ?? nearWord(word, candidates);
}

/** The candidate that is the same word written otherwise, or another name for the same thing. */
export function sameWord(
  word: string,
  candidates: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | null {
  const wanted = normalise(word);
  if (wanted === "") return null;
  const same = candidates.find((candidate) => normalise(candidate) === wanted);
  if (same !== undefined) return same;
  for (const [synonym, candidate] of Object.entries(synonyms)) {
    if (normalise(synonym) === wanted && candidates.includes(candidate)) return candidate;
  }
  return null;
}

/** The candidate with the fewest letters different, if that is at most a third of them; else one that continues the word. */
function nearWord(word: string, candidates: readonly string[]): string | null {
  const wanted = normalise(word);
  // Longer than any key or choice by far: not a slip of the finger, and slow to compare.
  if (wanted.length < 2 || wanted.length > 60) return null;
  let best: string | null = null;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const known = normalise(candidate);
    const different = distance(wanted, known);
    if (
      different < fewest &&
      different <= Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3))
    ) {
      best = candidate;
      fewest = different;
    }
  }
  if (best !== null || wanted.length < 3) return best;
  const continued = candidates.filter((candidate) => normalise(candidate).startsWith(wanted));
  return continued.length === 1 ? continued[0] : null;
}

/**
 * Random numbers that are the same on every machine, in 32-bit integer arithmetic only.
 *
 * A run has one seed and four independent streams, so that changing one thing (the dropout, say) changes one
 * thing only. A stream is started afresh for each index (the epoch of a shuffle, the step of a dropout
 * mask), so that a run's position is all the state there is: nothing has to be saved to resume it.
 */

export type StreamName = "split" | "weights" | "shuffle" | "dropout";

const streamNumbers: Record<StreamName, number> = { split: 1, weights: 2, shuffle: 3, dropout: 4 };

/** The golden ratio's fraction of 2^32: adding it keeps a zero from staying zero. */
const GOLDEN = 0x9e3779b9;

/** Spreads every bit of a 32-bit number over all the others (the finaliser of MurmurHash3): a bijection. */
export function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * The generator xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021): 128 bits of state, period 2^128 − 1.
 */
export class RandomStream {
  private readonly state = new Int32Array(4);

  /**
   * Starts a stream. State word i = 0 … 3 begins as h = (i + 1) · 0x9e3779b9 and absorbs, one after the
   * other, the words w = seed mod 2^32, ⌊seed / 2^32⌋, the stream's number (split 1, weights 2, shuffle 3,
   * dropout 4), index mod 2^32 and ⌊index / 2^32⌋ by h ← mix((h xor w) + 0x9e3779b9), all modulo 2^32. As
   * every stage is a bijection of h, the four words differ, so that they are never all zero.
   *
   * @param seed any whole number up to 2^53 in size
   * @param index the epoch or step, a whole number ≥ 0
   */
  start(seed: number, stream: StreamName, index = 0): this {
    for (let i = 0; i < 4; i++) {
      let h = Math.imul(i + 1, GOLDEN);
      h = mix((h ^ seed) + GOLDEN);
      h = mix((h ^ Math.floor(seed / 4294967296)) + GOLDEN);
      h = mix((h ^ streamNumbers[stream]) + GOLDEN);
      h = mix((h ^ index) + GOLDEN);
      h = mix((h ^ Math.floor(index / 4294967296)) + GOLDEN);
      this.state[i] = h;
    }
    return this;
  }

  /** Starts from the four state words themselves, as the generator's authors do. */
  startFromState(words: readonly [number, number, number, number]): this {
    this.state.set(words.map((word) => word | 0));
    return this;
  }

  /** A whole number, 0 ≤ n < 2^32. */
  uint32(): number {
    const s = this.state;
    const scrambled = Math.imul(s[1], 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A number 0 ≤ x < 1: uint32 / 2^32. */
  next(): number {
    return this.uint32() / 4294967296;
  }

  /**
   * A whole number 0 ≤ n < `count`, each equally likely: uint32 mod count, where draws from the incomplete
   * last round of remainders are thrown away. 1 ≤ count ≤ 2^32.
   */
  below(count: number): number {
    const limit = 4294967296 - (4294967296 % count);
    for (;;) {
      const draw = this.uint32();
      if (draw < limit) return draw % count;
    }
  }
}

export function randomStream(seed: number, stream: StreamName, index = 0): RandomStream {
  return new RandomStream().start(seed, stream, index);
}

/**
 * The order in which an epoch visits the training rows.
 *
 * Shuffled by Fisher and Yates: from 0, 1, …, count − 1, for i = count − 1 down to 1, swap entry i with entry
 * below(i + 1) of the stream (seed, "shuffle", epoch). Every epoch starts from the sorted order, so that seed
 * and epoch alone decide.
 *
 * @param epoch counts from 1
 */
export function epochOrder(seed: number, epoch: number, count: number, shuffle: boolean): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  if (!shuffle) return order;
  const random = randomStream(seed, "shuffle", epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
  return order;
}

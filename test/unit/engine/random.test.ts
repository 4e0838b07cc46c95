import assert from "node:assert/strict";
import fc from "fast-check";
import { epochOrder, RandomStream, randomStream, type StreamName } from "../../../src/engine/random";

const MASK = 0xffffffffn;
const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & MASK;

/** xoshiro128** as its authors' C code has it, in BigInt. */
function* naiveGenerator(state: bigint[]): Generator<number> {
  const s = [...state];
  for (;;) {
    yield Number((rotate((s[1] * 5n) & MASK, 7n) * 9n) & MASK);
    const t = (s[1] << 9n) & MASK;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

/** The documented seeding, in BigInt: what a second engine would write. */
function naiveState(seed: number, stream: number, index: number): bigint[] {
  const mix = (h: bigint) => {
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
    return h ^ (h >> 16n);
  };
  const words = [BigInt(seed), BigInt(seed) >> 32n, BigInt(stream), BigInt(index), BigInt(index) >> 32n];
  return [1n, 2n, 3n, 4n].map((i) =>
    words.reduce((h, word) => mix(((h ^ (word & MASK)) + 0x9e3779b9n) & MASK), (i * 0x9e3779b9n) & MASK),
  );
}

const take = (count: number, draw: () => number) => Array.from({ length: count }, draw);

describe("random streams", () => {
  it("give the published numbers of xoshiro128**", () => {
    const random = new RandomStream().startFromState([1, 2, 3, 4]);
    assert.deepEqual(
      take(10, () => random.uint32()),
      [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
    );
  });

  it("are seeded and drawn as documented", () => {
    const streams: [StreamName, number][] = [
      ["split", 1],
      ["weights", 2],
      ["shuffle", 3],
      ["dropout", 4],
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeNat(), fc.nat(10)),
        fc.constantFrom(...streams),
        fc.oneof(fc.maxSafeNat(), fc.nat(1000)),
        (seed, [name, number], index) => {
          const random = randomStream(seed, name, index);
          const naive = naiveGenerator(naiveState(seed, number, index));
          for (let i = 0; i < 20; i++) assert.equal(random.uint32(), naive.next().value);
        },
      ),
    );
  });

  it("stay what they were in earlier versions", () => {
    const random = randomStream(1, "weights");
    assert.deepEqual(
      take(4, () => random.uint32()),
      [2333629764, 1507571504, 2438911582, 2019160014],
    );
  });

  it("differ between seeds, names and indices, and repeat when all are the same", () => {
    const starts: [number, StreamName, number][] = [
      [0, "split", 0],
      [1, "split", 0],
      [2 ** 32, "split", 0],
      [1, "weights", 0],
      [1, "dropout", 0],
      [1, "dropout", 1],
      [1, "dropout", 2 ** 32],
    ];
    const draws = starts.map((start) => {
      const random = randomStream(...start);
      return take(4, () => random.uint32()).join();
    });
    assert.equal(new Set(draws).size, starts.length);
    const again = randomStream(...starts[3]);
    assert.equal(take(4, () => again.uint32()).join(), draws[3]);
  });

  it("are even: mean, variance and neighbours", () => {
    const random = randomStream(42, "split");
    const count = 200_000;
    const draws = take(count, () => random.next());
    const mean = draws.reduce((sum, x) => sum + x, 0) / count;
    const variance = draws.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / count;
    const neighbours = draws.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (draws[i] - 0.5), 0) / count;
    assert.ok(draws.every((x) => x >= 0 && x < 1));
    assert.ok(
      Math.abs(mean - 0.5) < 0.003 && Math.abs(variance - 1 / 12) < 0.001 && Math.abs(neighbours) < 0.001,
    );
  });

  it("below() gives every number equally often", () => {
    const random = randomStream(3, "shuffle");
    for (const count of [1, 2, 3, 7, 100]) {
      const seen = new Array<number>(count).fill(0);
      for (let i = 0; i < 1000 * count; i++) seen[random.below(count)]++;
      const chiSquare = seen.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
      assert.ok(chiSquare < count + 5 * Math.sqrt(2 * count), `${count}: ${chiSquare}`);
    }
    for (let i = 0; i < 100; i++) {
      const large = random.below(3_000_000_000);
      assert.ok(Number.isInteger(large) && large >= 0 && large < 3_000_000_000);
    }
  });
});

describe("the order of an epoch", () => {
  it("visits every row once", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(100), fc.boolean(), (count, epoch, shuffle) => {
        const order = epochOrder(1, epoch + 1, count, shuffle);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          take(count, () => 0).map((_, i) => i),
        );
      }),
    );
  });

  it("is that of the file without shuffling", () => {
    assert.deepEqual([...epochOrder(1, 3, 5, false)], [0, 1, 2, 3, 4]);
  });

  it("is the documented shuffle", () => {
    const naive = naiveGenerator(naiveState(9, 3, 2));
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (let i = 9; i > 0; i--) {
      const j = (naive.next().value as number) % (i + 1);
      [rows[i], rows[j]] = [rows[j], rows[i]];
    }
    assert.deepEqual([...epochOrder(9, 2, 10, true)], rows);
  });

  it("depends on seed and epoch alone", () => {
    const order = (seed: number, epoch: number) => epochOrder(seed, epoch, 50, true).join();
    assert.equal(order(1, 1), order(1, 1));
    assert.equal(new Set([order(1, 1), order(1, 2), order(2, 1)]).size, 3);
  });
});

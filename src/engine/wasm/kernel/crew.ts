/**
 * Threads that share the work of a step. What is to be done is cut into shares; the thread that makes the steps and its helpers
 * take one after the other until none is left. Who computes a share changes nothing in its numbers.
 *
 * Nobody waits for a thread that the system does not let run: a helper that is late finds no share left. Only when it is held up
 * within a share, the others' cores being busy with something else, is there a wait; then the crew goes on with a helper less
 * for a while, longer each time, and asks it back later. Helpers look for work for some 20 µs, then sleep.
 */
import { perform } from "./step";
import { Run } from "./memory";

/** What a crew has in memory: numbers that different threads write lie on lines of their own. */
@unmanaged
class Crew {
  /** The work's number, its shares and how many of them are taken: 32, 16 and 16 bits. */
  state: u64;
  private pad0: u64;
  private pad1: u64;
  private pad2: u64;
  private pad3: u64;
  private pad4: u64;
  private pad5: u64;
  private pad6: u64;
  /** Shares that helpers have done. */
  done: i32;
  /** Whether the first thread sleeps until `done` changes. */
  waiting: i32;
  private pad7: u64;
  private pad8: u64;
  private pad9: u64;
  private pad10: u64;
  private pad11: u64;
  private pad12: u64;
  private pad13: u64;
  /** Helpers that the host allows now, and those of them that the crew makes use of. */
  allowed: i32;
  level: i32;
  /** A helper met a trap. */
  failed: i32;
  private pad14: i32;
  private pad15: u64;
  private pad16: u64;
  private pad17: u64;
  private pad18: u64;
  private pad19: u64;
  private pad20: u64;
  /** Multiplications until a helper that was held up is asked back, and the length of the next such rest. */
  rest: i64;
  nextRest: i64;
  /** Work that was shared without anyone being held up since. */
  smooth: i64;
  /** Work that was begun while a helper that was woken had not come. */
  missed: i64;
  /** How often a helper was held up. */
  stalls: i32;
}

@unmanaged
class Helper {
  present: i32;
  /** 1: it sleeps. 2: it was woken and has not come yet. */
  sleeping: i32;
  signal: i32;
}

/** Bytes of the crew and of each helper behind it; `../arena.ts` leaves room for them. */
const CREW_BYTES: usize = 256;
const HELPER_BYTES: usize = 64;

/** Multiplications that are done sooner than shared. */
const LEAST_WORK: i64 = 65536;
/** Some 20 µs of looking for work. */
const LOOKS = 20000;
/** Multiplications of some 5 ms and of some 500 ms. */
const SHORTEST_REST: i64 = 100_000_000;
const LONGEST_REST: i64 = 10_000_000_000;
/** Multiplications of some 2 ms: a helper that was woken and has not come by then finds no core. */
const MOST_MISSED: i64 = 40_000_000;
/** Nanoseconds of one sleep, and how many of them without a sign of life mean that a thread is lost. */
const NAP: i64 = 20_000_000;
const PATIENCE = 100;

export const LOST = 2;

@inline
function helperAt(crew: Crew, index: i32): Helper {
  return changetype<Helper>(changetype<usize>(crew) + CREW_BYTES + <usize>index * HELPER_BYTES);
}

@inline
function stateOf(crew: Crew): usize {
  return changetype<usize>(crew) + offsetof<Crew>("state");
}

@inline
function doneOf(crew: Crew): usize {
  return changetype<usize>(crew) + offsetof<Crew>("done");
}

@inline
function signalOf(helper: Helper): usize {
  return changetype<usize>(helper) + offsetof<Helper>("signal");
}

/** Has the crew make use of so many helpers from now on, or of fewer when they are held up. */
export function allowHelpers(run: Run, count: i32): void {
  const crew = changetype<Crew>(run.crew);
  if (crew.allowed == count) return;
  crew.allowed = count;
  atomic.store<i32>(changetype<usize>(crew) + offsetof<Crew>("level"), count);
  crew.rest = 0;
}

/** Whether a piece of work is worth sharing, and there is somebody to share it with. */
export function canShare(run: Run, shares: i32, work: i64): bool {
  if (run.crew == 0 || shares < 2 || shares > 0xffff || work < LEAST_WORK) return false;
  const crew = changetype<Crew>(run.crew);
  if (crew.level < crew.allowed) {
    crew.rest -= work;
    if (crew.rest <= 0) setLevel(crew, crew.level + 1);
  }
  return crew.level > 0;
}

/** Does all shares of the work that `run` describes, with the helpers. Returns false, and notes why, when the step is to be left. */
export function share(run: Run, shares: i32, work: i64, interruptible: bool): bool {
  const crew = changetype<Crew>(run.crew);
  const state = stateOf(crew);
  atomic.store<i32>(doneOf(crew), 0);
  const number = (atomic.load<u64>(state) >> 32) + 1;
  atomic.store<u64>(state, (number << 32) | (<u64>shares << 16));
  if (wakeHelpers(crew, min(crew.level, shares - 1))) {
    crew.missed += work;
    if (crew.missed > MOST_MISSED) holdUp(crew);
  } else crew.missed = 0;
  let mine = 0;
  let taken = shares;
  for (let next = take(crew); next >= 0; next = take(crew)) {
    perform(run, next, 0);
    mine++;
    if (interruptible && interrupted()) {
      run.left = 1;
      taken = closeShares(crew);
      break;
    }
  }
  if (!awaitHelpers(crew, taken - mine, work / shares)) {
    run.left = LOST;
    return false;
  }
  return run.left == 0;
}

/** Whether the host wants the step in progress to be left. Imported from it. */
@external("env", "interrupted")
export declare function interrupted(): bool;

/** The next share, or −1 when none is left. */
function take(crew: Crew): i32 {
  const state = stateOf(crew);
  let seen = atomic.load<u64>(state);
  while (true) {
    const next = <i32>(seen & 0xffff);
    if (next >= <i32>((seen >> 16) & 0xffff)) return -1;
    const found = atomic.cmpxchg<u64>(state, seen, seen + 1);
    if (found == seen) return next;
    seen = found;
  }
}

/** Lets nobody take another share. Returns how many were taken. */
function closeShares(crew: Crew): i32 {
  const state = stateOf(crew);
  while (true) {
    const seen = atomic.load<u64>(state);
    const shares = (seen >> 16) & 0xffff;
    if (atomic.cmpxchg<u64>(state, seen, (seen & ~0xffff) | shares) == seen) return <i32>(seen & 0xffff);
  }
}

/** Returns whether one was woken earlier and has not come yet. It is not woken again: on a busy machine that costs more than it helps. */
function wakeHelpers(crew: Crew, count: i32): bool {
  let late = false;
  for (let index = 0; index < count; index++) {
    const helper = helperAt(crew, index);
    const sleeping = changetype<usize>(helper) + offsetof<Helper>("sleeping");
    const seen = atomic.load<i32>(sleeping);
    if (seen == 2) late = true;
    else if (seen == 1 && atomic.cmpxchg<i32>(sleeping, 1, 2) == 1) {
      atomic.add<i32>(signalOf(helper), 1);
      atomic.notify(signalOf(helper), 1);
    }
  }
  return late;
}

/** Waits until the helpers have done so many shares of so many multiplications each. Returns false if one of them is lost. */
function awaitHelpers(crew: Crew, shares: i32, work: i64): bool {
  const done = doneOf(crew);
  // A look takes half a nanosecond or more, a multiplication a tenth of one or less.
  const looks = LOOKS + (work >> 2);
  let looked: i64 = 0;
  while (atomic.load<i32>(done) != shares) {
    if (++looked < looks) continue;
    holdUp(crew);
    return sleepUntil(crew, shares);
  }
  crew.smooth += work;
  if (crew.smooth > crew.nextRest) {
    crew.smooth = 0;
    crew.nextRest = max(SHORTEST_REST, crew.nextRest / 2);
  }
  return true;
}

function sleepUntil(crew: Crew, shares: i32): bool {
  const done = doneOf(crew);
  const waiting = changetype<usize>(crew) + offsetof<Crew>("waiting");
  atomic.store<i32>(waiting, 1);
  let naps = 0;
  while (true) {
    const seen = atomic.load<i32>(done);
    if (seen == shares) break;
    if (crew.failed || naps == PATIENCE) break;
    if (atomic.wait<i32>(done, seen, NAP) == 2) naps++;
    else naps = 0;
  }
  atomic.store<i32>(waiting, 0);
  return atomic.load<i32>(done) == shares;
}

/** A helper was held up: the crew does without one for a while. */
function holdUp(crew: Crew): void {
  crew.stalls++;
  crew.nextRest = crew.nextRest == 0 ? SHORTEST_REST : min(LONGEST_REST, crew.nextRest * 2);
  crew.rest = crew.nextRest;
  crew.smooth = 0;
  crew.missed = 0;
  atomic.store<i32>(changetype<usize>(crew) + offsetof<Crew>("level"), max(0, crew.level - 1));
}

function setLevel(crew: Crew, level: i32): void {
  atomic.store<i32>(changetype<usize>(crew) + offsetof<Crew>("level"), level);
  crew.rest = crew.nextRest;
}

/** What a helper does until its thread is ended. */
export function help(run: Run, index: i32): void {
  const crew = changetype<Crew>(run.crew);
  const helper = helperAt(crew, index);
  const sleeping = changetype<usize>(helper) + offsetof<Helper>("sleeping");
  atomic.store<i32>(changetype<usize>(helper) + offsetof<Helper>("present"), 1);
  let looked = 0;
  while (true) {
    const next = isWanted(crew, index) ? take(crew) : -1;
    if (next >= 0) {
      perform(run, next, index + 1);
      finishShare(crew);
      looked = 0;
    } else if (++looked > LOOKS) {
      const signal = atomic.load<i32>(signalOf(helper));
      atomic.store<i32>(sleeping, 1);
      // Work that was given out before the first thread could see that this one sleeps brings no signal.
      if (!(isWanted(crew, index) && anyLeft(crew))) atomic.wait<i32>(signalOf(helper), signal, -1);
      atomic.store<i32>(sleeping, 0);
      looked = 0;
    }
  }
}

@inline
function isWanted(crew: Crew, index: i32): bool {
  return index < atomic.load<i32>(changetype<usize>(crew) + offsetof<Crew>("level"));
}

@inline
function anyLeft(crew: Crew): bool {
  const seen = atomic.load<u64>(stateOf(crew));
  return (seen & 0xffff) < ((seen >> 16) & 0xffff);
}

function finishShare(crew: Crew): void {
  const done = doneOf(crew);
  atomic.add<i32>(done, 1);
  if (atomic.load<i32>(changetype<usize>(crew) + offsetof<Crew>("waiting"))) atomic.notify(done, 1);
}

/** A helper met a trap: the first thread is not to wait for its share. */
export function helperFailed(run: Run): void {
  const crew = changetype<Crew>(run.crew);
  atomic.store<i32>(changetype<usize>(crew) + offsetof<Crew>("failed"), 1);
  atomic.notify(doneOf(crew), 1);
}

/** How many of so many helpers have begun. */
export function helpersPresent(run: Run, count: i32): i32 {
  let present = 0;
  for (let index = 0; index < count; index++) {
    present += atomic.load<i32>(changetype<usize>(helperAt(changetype<Crew>(run.crew), index)));
  }
  return present;
}

/** Where the crew lies: for tests. */
export function crewOf(run: Run): usize {
  return run.crew;
}

/** How often a helper was held up: for tests and benchmarks. */
export function timesHeldUp(run: Run): i32 {
  return changetype<Crew>(run.crew).stalls;
}

/** A WebAssembly module of one function, as bytes (Core Specification, chapter 5.5). */
import { type Code, flatten, unsigned } from "./instructions";

const I32 = 0x7f;

export interface ModuleParts {
  /** Whether the memory that it imports as `env.memory` is shared between threads. */
  readonly sharedMemory: boolean;
  /** The entry of the code section of the function that it exports as `runSteps`: (i32, i32) → i32. */
  readonly body: readonly number[];
}

/** The function may call `env.drawMasks` (i32, i32, i32) → nothing as function 0. */
export function encodeModule({ sharedMemory, body }: ModuleParts): Uint8Array<ArrayBuffer> {
  const types = [
    [0x60, 3, I32, I32, I32, 0],
    [0x60, 2, I32, I32, 1, I32],
  ];
  // Any size will do; a shared memory must say its most.
  const limits = sharedMemory ? [3, 0, ...unsigned(65536)] : [0, 0];
  const imports = [
    [...name("env"), ...name("memory"), 0x02, ...limits],
    [...name("env"), ...name("drawMasks"), 0x00, 0],
  ];
  const exported = [[...name("runSteps"), 0x00, 1]];
  const code = section(10, [[...unsigned(body.length), body]]);
  const parts = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, imports),
    ...section(3, [[1]]),
    ...section(7, exported),
    code,
  ];
  return Uint8Array.from(flatten(parts));
}

function section(id: number, entries: readonly Code[]): number[] {
  const content = flatten([...unsigned(entries.length), ...entries]);
  return flatten([id, ...unsigned(content.length), content]);
}

function name(text: string): number[] {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))];
}

/**
 * An expression as a flat list of operations on numbered registers: what is computed first stands first. Equal parts
 * share a register, and what is constant is computed once, here.
 */
import { ExpressionError } from "./expressionError";
import { apply, Op } from "./operations";

const MOST_OPERATIONS = 5000;

export interface Tape {
  readonly expression: string;
  /** In the order of their first appearance, unless they were given. */
  readonly variables: readonly string[];
  /** Of each variable; −1 for one that does not appear. */
  readonly variableRegisters: readonly number[];
  /** The registers' initial values: constants where they lie, 0 elsewhere. */
  readonly registers: Float64Array;
  /** One entry an operation, in order. An operation of one operand has it on both sides. */
  readonly ops: Uint8Array;
  readonly left: Uint16Array;
  readonly right: Uint16Array;
  readonly out: Uint16Array;
  /** Where in the expression each operation stands. */
  readonly sources: readonly (readonly [start: number, end: number])[];
  /** The register of the result. */
  readonly result: number;
}

export class TapeBuilder {
  private readonly registers: number[] = [];
  private readonly isConstant: boolean[] = [];
  private readonly variables = new Map<string, number>();
  private readonly known = new Map<string, number>();
  private readonly operations: {
    op: Op;
    left: number;
    right: number;
    out: number;
    source: [number, number];
  }[] = [];

  constructor(private readonly expression: string) {}

  get variableCount(): number {
    return this.variables.size;
  }

  constant(value: number): number {
    return this.remembered(`=${value}`, () => this.register(value, true));
  }

  variable(name: string): number {
    const register = this.variables.get(name) ?? this.register(0, false);
    this.variables.set(name, register);
    return register;
  }

  /** @param right the same as `left` where there is only one operand */
  operation(op: Op, left: number, right: number, start: number, end: number): number {
    if (op === Op.Power && this.isConstant[right]) {
      if (this.registers[right] === 2) return this.operation(Op.Square, left, left, start, end);
      if (this.registers[right] === 1) return left;
    }
    if (this.isConstant[left] && this.isConstant[right]) {
      const value = apply(op, this.registers[left], this.registers[right]);
      // One that has no value stays an operation, whose fault can be told.
      if (Number.isFinite(value)) return this.constant(value);
    }
    return this.remembered(`${op} ${left} ${right}`, () => {
      if (this.operations.length === MOST_OPERATIONS) {
        const message = `The expression has more than ${MOST_OPERATIONS} operations.`;
        throw new ExpressionError(message, start, end);
      }
      const out = this.register(0, false);
      this.operations.push({ op, left, right, out, source: [start, end] });
      return out;
    });
  }

  /** @param variables all variables in their order; absent: those that appear */
  finish(result: number, variables?: readonly string[]): Tape {
    const names = variables ?? [...this.variables.keys()];
    const { operations } = this;
    return {
      expression: this.expression,
      variables: names,
      variableRegisters: names.map((name) => this.variables.get(name) ?? -1),
      registers: Float64Array.from(this.registers),
      ops: Uint8Array.from(operations, ({ op }) => op),
      left: Uint16Array.from(operations, ({ left }) => left),
      right: Uint16Array.from(operations, ({ right }) => right),
      out: Uint16Array.from(operations, ({ out }) => out),
      sources: operations.map(({ source }) => source),
      result,
    };
  }

  private remembered(key: string, make: () => number): number {
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const register = make();
    this.known.set(key, register);
    return register;
  }

  private register(value: number, constant: boolean): number {
    this.registers.push(value);
    this.isConstant.push(constant);
    return this.registers.length - 1;
  }
}

/**
 * Start reading here. A function of several variables with its exact derivatives, computed in float64: the gradient by
 * reverse mode, the Hessian by forward-over-reverse (Griewank and Walther, "Evaluating derivatives", 2008). The
 * expression is never evaluated as code.
 *
 * Where a derivative does not exist, it is PyTorch's: 0 for abs at 0, one half for each of two equal arguments of min
 * and max. What a result does not depend on contributes nothing, even where its own derivative is infinite.
 */
import { log } from "../../engine/elementary";
import { apply, faultOf, Op, power } from "./operations";
import { parseExpression } from "./parse";
import type { Tape } from "./tape";
import { cos, sin } from "./trigonometry";

/**
 * Reads an expression. Throws an ExpressionError.
 *
 * @param variables their order; absent, the variables are the unknown names in the order of their first appearance
 */
export function createFunction(expression: string, variables?: readonly string[]): DifferentiableFunction {
  return new DifferentiableFunction(parseExpression(expression, variables));
}

export class DifferentiableFunction {
  readonly expression: string;
  readonly variables: readonly string[];
  private readonly values: Float64Array;
  private readonly adjoints: Float64Array;

  constructor(private readonly tape: Tape) {
    this.expression = tape.expression;
    this.variables = tape.variables;
    this.values = tape.registers.slice();
    this.adjoints = new Float64Array(this.values.length);
  }

  /** f(x). Not finite where f has no value. */
  value(x: ArrayLike<number>): number {
    const { values } = this;
    const { variableRegisters, ops, left, right, out, result } = this.tape;
    for (let k = 0; k < variableRegisters.length; k++) {
      if (variableRegisters[k] >= 0) values[variableRegisters[k]] = x[k];
    }
    for (let i = 0; i < ops.length; i++) {
      const a = values[left[i]];
      const b = values[right[i]];
      let value: number;
      // The frequent ones are here rather than in apply, which is too large to be inlined.
      switch (ops[i]) {
        case Op.Add:
          value = a + b;
          break;
        case Op.Subtract:
          value = a - b;
          break;
        case Op.Multiply:
          value = a * b;
          break;
        case Op.Square:
          value = a * a;
          break;
        default:
          value = apply(ops[i] as Op, a, b);
      }
      values[out[i]] = value;
    }
    return values[result];
  }

  /** Writes ∇f(x) into `gradient`, as long as there are variables, and returns f(x). */
  gradient(x: ArrayLike<number>, gradient: Float64Array): number {
    const value = this.value(x);
    const { values, adjoints } = this;
    const { variableRegisters, ops, left, right, out, result } = this.tape;
    adjoints.fill(0);
    adjoints[result] = 1;
    for (let i = ops.length - 1; i >= 0; i--) {
      const adjoint = adjoints[out[i]];
      if (adjoint === 0) continue;
      const l = left[i];
      const r = right[i];
      switch (ops[i]) {
        case Op.Add:
          adjoints[l] += adjoint;
          adjoints[r] += adjoint;
          break;
        case Op.Subtract:
          adjoints[l] += adjoint;
          adjoints[r] -= adjoint;
          break;
        case Op.Multiply: {
          const a = values[l];
          adjoints[l] += adjoint * values[r];
          adjoints[r] += adjoint * a;
          break;
        }
        case Op.Square:
          adjoints[l] += adjoint * 2 * values[l];
          break;
        default: {
          firstPartials(ops[i] as Op, values[l], values[r], values[out[i]]);
          adjoints[l] += adjoint * partialA;
          if (hasTwoOperands(ops[i])) adjoints[r] += adjoint * partialB;
        }
      }
    }
    for (let k = 0; k < variableRegisters.length; k++) {
      gradient[k] = variableRegisters[k] >= 0 ? adjoints[variableRegisters[k]] : 0;
    }
    return value;
  }

  /** The Hessian at x, n × n, row by row: each column is the derivative of the reverse sweep along one variable. */
  hessian(x: ArrayLike<number>): Float64Array {
    this.value(x);
    const { values, adjoints } = this;
    const { variableRegisters, ops, left, right, out, result } = this.tape;
    const n = variableRegisters.length;
    const hessian = new Float64Array(n * n);
    const tangents = new Float64Array(values.length);
    const adjointTangents = new Float64Array(values.length);
    for (let k = 0; k < n; k++) {
      if (variableRegisters[k] < 0) continue;
      tangents.fill(0);
      tangents[variableRegisters[k]] = 1;
      for (let i = 0; i < ops.length; i++) {
        const two = hasTwoOperands(ops[i]);
        firstPartials(ops[i] as Op, values[left[i]], values[right[i]], values[out[i]]);
        tangents[out[i]] =
          product(partialA, tangents[left[i]]) + (two ? product(partialB, tangents[right[i]]) : 0);
      }
      adjoints.fill(0);
      adjointTangents.fill(0);
      adjoints[result] = 1;
      for (let i = ops.length - 1; i >= 0; i--) {
        const adjoint = adjoints[out[i]];
        const change = adjointTangents[out[i]];
        if (adjoint === 0 && change === 0) continue;
        const op = ops[i] as Op;
        const [l, r] = [left[i], right[i]];
        const [a, b, v] = [values[l], values[r], values[out[i]]];
        firstPartials(op, a, b, v);
        const [da, db] = [partialA, partialB];
        secondPartials(op, a, b, v);
        if (hasTwoOperands(op)) {
          const changeA = product(partialAA, tangents[l]) + product(partialAB, tangents[r]);
          const changeB = product(partialAB, tangents[l]) + product(partialBB, tangents[r]);
          adjoints[l] += product(adjoint, da);
          adjoints[r] += product(adjoint, db);
          adjointTangents[l] += product(change, da) + product(adjoint, changeA);
          adjointTangents[r] += product(change, db) + product(adjoint, changeB);
        } else {
          adjoints[l] += product(adjoint, da);
          adjointTangents[l] += product(change, da) + product(adjoint, product(partialAA, tangents[l]));
        }
      }
      for (let j = 0; j < n; j++) {
        if (variableRegisters[j] >= 0) hessian[j * n + k] = adjointTangents[variableRegisters[j]];
      }
    }
    return hessian;
  }

  /**
   * Why f has no finite value at x, as a clause: "log(x) is the logarithm of a negative number (−1)". Null where it has
   * one.
   */
  explainNonFinite(x: ArrayLike<number>): string | null {
    if (Number.isFinite(this.value(x))) return null;
    const { values } = this;
    const { ops, left, right, out, sources } = this.tape;
    for (let i = 0; i < ops.length; i++) {
      const [a, b] = [values[left[i]], values[right[i]]];
      if (Number.isFinite(values[out[i]]) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
      const written = this.expression.slice(...sources[i]).trim();
      const source = written.length > 40 ? `${written.slice(0, 37)}…` : written;
      return faultOf(ops[i] as Op, source, a, b);
    }
    return "a variable is too large for a number";
  }
}

function hasTwoOperands(op: number): boolean {
  return op < Op.Negate;
}

/** 0 where a factor is 0: what does not count, counts nothing, be it infinite. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

// Results of the following two: returning objects would make garbage at every operation.
let partialA = 0;
let partialB = 0;
let partialAA = 0;
let partialAB = 0;
let partialBB = 0;

/** ∂v/∂a and ∂v/∂b of v = op(a, b). */
function firstPartials(op: Op, a: number, b: number, v: number): void {
  partialB = 0;
  switch (op) {
    case Op.Add:
      partialA = partialB = 1;
      return;
    case Op.Subtract:
      partialA = 1;
      partialB = -1;
      return;
    case Op.Multiply:
      partialA = b;
      partialB = a;
      return;
    case Op.Divide:
      partialA = 1 / b;
      partialB = -v / b;
      return;
    case Op.Power:
      partialA = b === 0 ? 0 : b * power(a, b - 1);
      partialB = a === 0 && b >= 0 ? 0 : v * log(a);
      return;
    case Op.Min:
      partialA = a < b ? 1 : a > b ? 0 : 0.5;
      partialB = 1 - partialA;
      return;
    case Op.Max:
      partialA = a > b ? 1 : a < b ? 0 : 0.5;
      partialB = 1 - partialA;
      return;
    case Op.Negate:
      partialA = -1;
      return;
    case Op.Square:
      partialA = 2 * a;
      return;
    case Op.Sin:
      partialA = cos(a);
      return;
    case Op.Cos:
      partialA = -sin(a);
      return;
    case Op.Tan:
      partialA = 1 + v * v;
      return;
    case Op.Exp:
      partialA = v;
      return;
    case Op.Log:
      partialA = 1 / a;
      return;
    case Op.Sqrt:
      partialA = 0.5 / v;
      return;
    case Op.Abs:
      partialA = Math.sign(a);
      return;
    case Op.Tanh:
      partialA = 1 - v * v;
      return;
  }
}

/** The second derivatives of v = op(a, b). */
function secondPartials(op: Op, a: number, b: number, v: number): void {
  partialAA = partialAB = partialBB = 0;
  switch (op) {
    case Op.Multiply:
      partialAB = 1;
      return;
    case Op.Divide:
      partialAB = -1 / (b * b);
      partialBB = (2 * v) / (b * b);
      return;
    case Op.Power: {
      const logarithm = log(a);
      partialAA = b === 0 || b === 1 ? 0 : b * (b - 1) * power(a, b - 2);
      partialAB = a === 0 && b > 1 ? 0 : power(a, b - 1) * (1 + b * logarithm);
      partialBB = a === 0 && b >= 0 ? 0 : v * logarithm * logarithm;
      return;
    }
    case Op.Square:
      partialAA = 2;
      return;
    case Op.Sin:
    case Op.Cos:
      partialAA = -v;
      return;
    case Op.Tan:
      partialAA = 2 * v * (1 + v * v);
      return;
    case Op.Exp:
      partialAA = v;
      return;
    case Op.Log:
      partialAA = -1 / (a * a);
      return;
    case Op.Sqrt:
      partialAA = -0.25 / (v * a);
      return;
    case Op.Tanh:
      partialAA = -2 * v * (1 - v * v);
      return;
    default:
      return;
  }
}

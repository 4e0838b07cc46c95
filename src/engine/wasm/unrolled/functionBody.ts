/** Puts a function together: statements in order, and local variables that are used again once their scope is left. */
import { type Code, flatten, unsigned } from "./instructions";

const typeBytes = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
type ValueType = keyof typeof typeBytes;

/** A local variable. */
export interface Variable {
  readonly get: Code;
  set(value: Code): void;
}

export class FunctionBody {
  private statements: Code[] = [];
  private readonly types: ValueType[] = [];
  private readonly free: Record<ValueType, number[]> = { i32: [], f64: [], v128: [] };
  private scopeOf: { type: ValueType; index: number }[] = [];

  /** @param parameters how many locals the caller has filled; all are i32 */
  constructor(private readonly parameters: number) {}

  parameter(index: number): Code {
    return [0x20, ...unsigned(index)];
  }

  do(statement: Code): void {
    this.statements.push(statement);
  }

  variable(type: ValueType): Variable {
    const index = this.free[type].pop() ?? this.parameters + this.types.push(type) - 1;
    this.scopeOf.push({ type, index });
    return {
      get: [0x20, ...unsigned(index)],
      set: (value) => this.do([value, 0x21, ...unsigned(index)]),
    };
  }

  /** Computes a value now, to be read as often as needed until the scope is left. */
  keep(value: Code, type: ValueType = "v128"): Code {
    const variable = this.variable(type);
    variable.set(value);
    return variable.get;
  }

  /** Variables made within are free again after it; its result is kept. */
  scope(compute: () => Code): Code {
    const outer = this.scopeOf;
    this.scopeOf = [];
    const value = compute();
    const inner = this.scopeOf;
    this.scopeOf = outer;
    // The result's variable first: it must not be one of those that its own value still needs.
    const result = value.length === 0 ? value : this.keep(value);
    for (const { type, index } of inner) this.free[type].push(index);
    return result;
  }

  /** What `write` does, as one piece of code instead of at once. */
  block(write: () => void): Code {
    const outer = this.statements;
    this.statements = [];
    write();
    const block = this.statements;
    this.statements = outer;
    return block;
  }

  /** The function's entry in the code section. */
  bytes(): number[] {
    const locals = this.types.map((type) => [1, typeBytes[type]]);
    return flatten([...unsigned(locals.length), ...locals, ...this.statements, 0x0b]);
  }
}

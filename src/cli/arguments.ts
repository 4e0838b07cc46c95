/** Reading a command's arguments. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { ConfigLanguage } from "../config/files";
import { runConfigLanguage } from "../config/files";
import { whyNot } from "../run/workspace";
import { CommandError, exitStatus, UsageError } from "./usage";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The value of each option that was given: a text, or true for one that takes none. */
type Values<O extends Options> = {
  [K in keyof O]?: O[K]["type"] extends "boolean" ? boolean : string;
};

/**
 * The options and the one operand of a command. Throws a UsageError.
 *
 * @param what the operand: "run config"
 */
export function readArguments<const O extends Options>(
  command: string,
  what: string,
  args: string[],
  options: O,
): { values: Values<O>; operand: string } {
  const { values, operands } = parse(args, options);
  const [operand, ...others] = operands as [string?, ...string[]];
  if (!operand) throw new UsageError(`downhill ${command} needs a ${what}`);
  if (others.length > 0)
    throw new UsageError(`downhill ${command} takes one ${what}, not ${others.length + 1}`);
  return { values, operand };
}

/**
 * The options and the operands of a command that takes several. Throws a UsageError.
 *
 * @param what each operand: "a run"
 */
export function readOperands<const O extends Options>(
  command: string,
  what: readonly string[],
  args: string[],
  options: O,
): { values: Values<O>; operands: string[] } {
  const { values, operands } = parse(args, options);
  if (operands.length !== what.length || operands.includes(""))
    throw new UsageError(`downhill ${command} takes ${what.join(" and ")}`);
  return { values, operands };
}

function parse<const O extends Options>(
  args: string[],
  options: O,
): { values: Values<O>; operands: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values, operands: positionals };
  } catch (error) {
    // Node's messages are a sentence, then advice on its own quoting rules.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\. |\n/)[0].replace(/\.$/, ""));
  }
}

export interface ConfigText {
  /** As given: how messages call it. */
  name: string;
  /** Absolute. */
  file: string;
  text: string;
  language: ConfigLanguage;
}

/** Reads a run config from disk. Throws a CommandError. */
export async function readConfigText(name: string): Promise<ConfigText> {
  const file = path.resolve(name);
  const language = runConfigLanguage(file) ?? languageOf(file);
  if (!language) {
    throw new CommandError(
      `${name} is no run config; its name must end in .train.json, .train.yaml or .train.yml.`,
      exitStatus.wrongInput,
    );
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    return { name, file, text, language };
  } catch (error) {
    const reason = error instanceof TypeError ? "its text is not UTF-8." : whyNot(error, file);
    throw new CommandError(`The run config ${name} cannot be read: ${reason}`, exitStatus.wrongInput);
  }
}

function languageOf(file: string): ConfigLanguage | null {
  const extension = path.extname(file).toLowerCase();
  if (extension === ".json") return "json";
  return extension === ".yaml" || extension === ".yml" ? "yaml" : null;
}

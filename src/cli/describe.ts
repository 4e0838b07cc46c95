/** `downhill describe`: what is in a data file, as a table for people or as JSON. */
import path from "node:path";
import type { DataFormat } from "../config/runConfig";
import { DataError } from "../data/dataError";
import { didYouMean, listed, quoted } from "../data/wording";
import type { DataDescription } from "../protocol/describe";
import { describeFile } from "../run/describeFile";
import { PathError } from "../run/workspace";
import { readArguments } from "./arguments";
import { dataFormatFrom } from "./dataFormat";
import { descriptionLines } from "./descriptionTable";
import { CommandError, exitStatus, UsageError } from "./usage";

const options = {
  target: { type: "string" },
  json: { type: "boolean" },
  format: { type: "string" },
} as const;

/** Prints the description of a data file. Returns the exit status; throws a UsageError or a CommandError. */
export async function describe(args: string[]): Promise<number> {
  const { values, operand: file } = readArguments("describe", "data file", args, options);
  if (values.target === "") throw new UsageError("--target needs a column");
  const description = await read(file, dataFormatFrom(values.format));
  const target = values.target ?? null;
  if (target !== null) requireColumn(description, target);
  if (values.json) {
    // JSON has no number that is not finite: JSON.stringify writes null.
    process.stdout.write(
      `${JSON.stringify(target === null ? description : { ...description, target }, null, 2)}\n`,
    );
    return exitStatus.done;
  }
  const { isTTY, columns } = process.stdout;
  const lines = descriptionLines(description, target, isTTY ? { width: columns || 80, styled: true } : null);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return exitStatus.done;
}

async function read(file: string, format: DataFormat | null): Promise<DataDescription> {
  const progress = new ProgressLine();
  try {
    return await describeFile({ file: path.resolve(file), ...(format && { format }) }, (message, fraction) =>
      progress.show(fraction === null ? `${message} …` : `${message} … ${Math.floor(100 * fraction)} %`),
    );
  } catch (error) {
    if (error instanceof DataError || error instanceof PathError)
      throw new CommandError(error.message, exitStatus.wrongInput);
    throw error;
  } finally {
    progress.clear();
  }
}

/** A line on a terminal that says how far the reading is, for files that take a while. */
class ProgressLine {
  private next = performance.now() + 300;
  private drawn = false;

  show(text: string): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now < this.next) return;
    this.next = now + 100;
    this.drawn = true;
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.drawn) process.stderr.write("\r\u001b[2K");
  }
}

function requireColumn({ file, targets }: DataDescription, name: string): void {
  if (targets.includes(name)) return;
  const columns = listed([...targets]);
  throw new CommandError(
    `${file} has no column called ${quoted(name)}; it has ${columns}.${didYouMean(name, targets)}`,
    exitStatus.wrongInput,
  );
}

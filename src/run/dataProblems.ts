/** What is wrong with the columns and files that a run config names, as the data tell. */
import { dataReferences, writtenName, type DataReading, type DataReference } from "../config/dataReferences";
import type { ConfigLanguage } from "../config/files";
import type { Problem } from "../config/problem";
import { suggest } from "../config/suggest";
import { listed, quoted } from "../data/wording";
import type { DataDescription } from "../protocol/describe";

/** How to come by the data that a run config names. */
export interface DataAccess {
  /** Why a file that the config names cannot be used, in a sentence; null where it can. */
  fault(name: string, key: string): Promise<string | null>;
  /** Why a file that is there cannot be read as a table, in a sentence; null where it can. */
  refusal(name: string, reading: DataReading): Promise<string | null>;
  /** What is in a file that the config names, less its bad rows; null where it cannot be read. */
  description(name: string, reading: DataReading): Promise<DataDescription | null>;
  /** Data files of the workspace, as the config would name them. */
  files(): Promise<string[]>;
  /** Files of weights of the workspace, and its newest runs, as the config would name them. */
  weights?(): Promise<string[]>;
}

/** Names in a run config that no file or column has. */
export async function dataProblems(
  text: string,
  language: ConfigLanguage,
  access: DataAccess,
): Promise<Problem[]> {
  const { file, reading, references } = dataReferences(text, language);
  const problems: Problem[] = [];
  for (const reference of references.filter(({ kind }) => kind === "file")) {
    const fault = await access.fault(reference.name, reference.path.join("."));
    if (fault !== null) {
      problems.push(problemAt(reference, fault, suggest(reference.name, await access.files())));
      continue;
    }
    const refusal = await access.refusal(reference.name, reading);
    if (refusal !== null) problems.push(problemAt(reference, refusal, null));
  }
  const columns = references.filter(({ kind }) => kind === "column");
  if (file === null || columns.length === 0) return problems;
  const description = await access.description(file, reading);
  if (!description) return problems;
  // Of a file that was only begun, later rows may have other keys, unless a run reads no more of it either.
  const isAll = description.complete || description.rows === reading.rows;
  if (!isAll && !hasHeader(file, reading.format)) return problems;
  const names = description.columns.map(({ name }) => name);
  const known = new Set(names);
  for (const reference of columns) {
    if (known.has(reference.name)) continue;
    const meant = suggest(reference.name, names);
    const hint = meant === null ? `; it has ${listed(names, 6)}.` : `.`;
    const message = `${description.file} has no column ${quoted(reference.name)}${hint}`;
    problems.push(problemAt(reference, message, meant));
  }
  const target = columns.find(({ path }) => path[1] === "target");
  if (target && names.length === 1 && known.has(target.name)) {
    const message = `No column of ${description.file} is left to predict ${quoted(target.name)} from; add columns to predict from.`;
    problems.push(problemAt(target, message, null));
  }
  return problems.sort((a, b) => a.start - b.start);
}

function hasHeader(file: string, format: DataReading["format"]): boolean {
  return !/json/i.test(format ?? file);
}

function problemAt(reference: DataReference, message: string, meant: string | null): Problem {
  const { start, end, word, path, name } = reference;
  const problem: Problem = { message, severity: "error", start, end, path: [...path] };
  if (meant === null || meant === name) return problem;
  problem.message = `${message.replace(/\.$/, "")}; did you mean ${quoted(meant)}?`;
  // Between quotes the new name stands as it is, unless it needs an escape.
  if (word && word.end - word.start === end - start - 2 && !/["'\\]/.test(meant))
    problem.replacement = { ...word, text: meant };
  else if (word) problem.replacement = { start, end, text: writtenName(meant, "yaml") };
  return problem;
}

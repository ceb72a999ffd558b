/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** A command failed. The message is for people; the exit code is 1. */
export class CommandError extends Error {}

/** A command was used wrongly; the exit code is 2. */
export class UsageError extends Error {}

/** Parses `--limit`, a number of rows from 1 to 200. */
export function limitOf(text: string): number {
  if (!/^([1-9]\d?|1\d\d|200)$/.test(text))
    throw new UsageError(`--limit: expected a number from 1 to 200, got "${text}"`);
  return Number(text);
}

/** Prints a result: JSON for programs, lines for people. */
export function print(options: CommonOptions, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    options.json === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''),
  );
}

/** Options every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** A command could not do what it was asked to; its message is for a human and the exit code is 1. */
export class CommandError extends Error {}

/** A command was asked wrongly; the exit code is 2. */
export class UsageError extends Error {}

/** Rows to be printed, 1 to 200. */
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

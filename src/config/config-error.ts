/** A problem in the configuration file: where it is, and what was expected. */
export interface ConfigProblem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** The configuration file is invalid. The message names file, line and key of each problem. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((p) => `${file}:${p.line}: ${p.key === '' ? '' : `${p.key}: `}${p.message}`).join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}

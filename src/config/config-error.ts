import type { DocsLink } from '../domain/base/docs-links.ts';

/** A problem in the configuration file: where it is, and what was expected. */
export interface ConfigProblem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
  /** Where the documentation explains it. */
  readonly docs: DocsLink;
}

/** The configuration file is invalid. The message names file, line and key of each problem, and the pages that explain them. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const lines = problems.map((p) => `${file}:${p.line}: ${p.key === '' ? '' : `${p.key}: `}${p.message}`);
    const pages = [...new Set(problems.map(({ docs }) => docs))];
    super([...lines, `See ${pages.join(', ')}`].join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}

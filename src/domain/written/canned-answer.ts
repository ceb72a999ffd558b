import type { Channel } from '../interaction/interaction.ts';

/** A text that operators insert into their answers. */
export interface CannedAnswer {
  readonly id: string;
  readonly title: string;
  /** Plain text with variables such as `{client.name}`; see {@link answerVariables}. */
  readonly text: string;
  /** The subject of a new letter; null leaves it as it is. */
  readonly subject: string | null;
  /** Null: for every language. */
  readonly language: 'ru' | 'en' | null;
  /** Departments that it is meant for; empty for all. */
  readonly departments: readonly string[];
  /** Channels that it is meant for; empty for all. */
  readonly channels: readonly Channel[];
  /** Files that are attached with it. */
  readonly files: readonly AnswerFile[];
}

/** A canned answer as other programs see it, without the places of its files. */
export interface CannedAnswerView extends Omit<CannedAnswer, 'files'> {
  readonly files: readonly Omit<AnswerFile, 'path'>[];
}

/** A file of a canned answer, on the disk of the program. */
export interface AnswerFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  /** Absolute path. */
  readonly path: string;
}

/** The variables of canned answers. */
export const answerVariables = [
  'client.name',
  'contact.name',
  'manager.name',
  'manager.extension',
  'company',
  'line',
] as const;

/** The name of a variable, as it stands between braces. */
export type AnswerVariable = (typeof answerVariables)[number];

/** Matches anything in braces that looks like a variable. */
export const variable = /\{([a-z]{1,20}(?:\.[a-z]{1,20})?)\}/g;

/** Names in braces that are no variables, for the check of the configuration. */
export function unknownVariables(text: string, known: readonly string[] = answerVariables): readonly string[] {
  return [...text.matchAll(variable)].flatMap(([, name = '']) => (known.includes(name) ? [] : [name]));
}

/** A filled-in text, and its gaps: places of variables whose values are unknown. */
export interface FilledAnswer {
  readonly text: string;
  /** Start and end of each gap in the text. */
  readonly gaps: readonly (readonly [start: number, end: number])[];
}

/** Fills in the variables. An unknown value leaves a marked gap, `[…]` with the given label. */
export function fillAnswer(
  text: string,
  values: Readonly<Partial<Record<AnswerVariable, string | null>>>,
  labelOf: (variable: AnswerVariable) => string,
): FilledAnswer {
  const gaps: (readonly [number, number])[] = [];
  let filled = '';
  let at = 0;
  for (const found of text.matchAll(variable)) {
    const name = answerVariables.find((one) => one === found[1]);
    if (name === undefined) continue;
    filled += text.slice(at, found.index);
    at = found.index + found[0].length;
    const value = values[name] ?? '';
    const start = filled.length;
    filled += value === '' ? `[${labelOf(name)}]` : value;
    if (value === '') gaps.push([start, filled.length]);
  }
  return { text: filled + text.slice(at), gaps };
}

/** The language of a text by its letters: Russian if a fifth of them are Cyrillic. Null without letters. */
export function languageOf(text: string): 'ru' | 'en' | null {
  const some = text.slice(0, 4000);
  const cyrillic = some.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = some.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (cyrillic + latin === 0) return null;
  return cyrillic * 4 >= latin ? 'ru' : 'en';
}

import { errors } from '../../errors.ts';
import type { Term, TermValue } from './terms.ts';

type Kind = Term['kind'];

interface FilterFunction {
  readonly takes: readonly Kind[];
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  readonly gives: 'string' | 'number' | 'boolean';
  readonly run: (given: readonly TermValue[]) => TermValue;
}

const text = (value: TermValue | undefined): string => String(value ?? '');

/** A part of a date, read from its text. */
const part = (from: number, to: number): FilterFunction => ({
  takes: ['date'],
  gives: 'number',
  run: ([value]) => Number(text(value).slice(from, to)),
});

const functions: Readonly<Record<string, FilterFunction>> = {
  startswith: { takes: ['string', 'string'], gives: 'boolean', run: ([a, b]) => text(a).startsWith(text(b)) },
  endswith: { takes: ['string', 'string'], gives: 'boolean', run: ([a, b]) => text(a).endsWith(text(b)) },
  // The needle comes first.
  substringof: { takes: ['string', 'string'], gives: 'boolean', run: ([needle, a]) => text(a).includes(text(needle)) },
  substring: {
    takes: ['string', 'number', 'number'],
    optional: 1,
    gives: 'string',
    run: ([a, from, length]) =>
      text(a).slice(Number(from), length === undefined ? undefined : Number(from) + Number(length)),
  },
  concat: { takes: ['string', 'string'], gives: 'string', run: ([a, b]) => text(a) + text(b) },
  like: {
    takes: ['string', 'string'],
    gives: 'boolean',
    run: ([a, pattern]) => likePattern(text(pattern)).test(text(a)),
  },
  year: part(0, 4),
  month: part(5, 7),
  day: part(8, 10),
  hour: part(11, 13),
  minute: part(14, 16),
  second: part(17, 19),
  round: { takes: ['number'], gives: 'number', run: ([value]) => Math.round(Number(value)) },
};

/** A call of a function that works on values. */
export function callOf(name: string, given: readonly Term[]): Term {
  const called = functions[name];
  // Among them tolower, toupper, trim, indexof, replace and length, which 1C does not have.
  if (called === undefined) throw errors.unimplemented(name);
  const { takes, optional = 0, gives, run } = called;
  if (given.length > takes.length || given.length < takes.length - optional) throw errors.arguments(name);
  if (given.some(({ kind }, index) => kind !== takes[index])) throw errors.arguments(name);
  return { kind: gives, of: (row) => run(given.map(({ of }) => of(row))) };
}

/** The pattern of `like`: `%`, `_` and sets in brackets. */
function likePattern(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replace(/[\\^$.*+?(){}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const made = new RegExp(`^${source}$`, 'su');
  patterns.set(pattern, made);
  return made;
}

const patterns = new Map<string, RegExp>();

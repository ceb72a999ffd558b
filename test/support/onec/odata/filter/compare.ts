import { errors } from '../../errors.ts';
import { orderOf } from '../../store/key-order.ts';
import { type Row, textType } from '../../store/values.ts';
import type { Comparison } from './parse.ts';
import type { Term, TermValue } from './terms.ts';

/** A comparison of two terms. Throws if their types cannot be compared. */
export function compared(operator: Comparison, left: Term, right: Term, complain: (text: string) => void): Term {
  if (
    left.kind === 'composite' ||
    right.kind === 'composite' ||
    left.kind === 'reference' ||
    right.kind === 'reference'
  )
    return pointing(operator, left, right, complain);
  if (left.kind !== right.kind) throw errors.options(`${left.kind} ${operator} ${right.kind}`);
  const sortable = left.kind === 'guid' ? orderedKey : same;
  return {
    kind: 'boolean',
    of: (row) => holds(operator, sortable(left.of(row) as TermValue), sortable(right.of(row) as TermValue)),
  };
}

/** Comparisons of references and composite values: only whether they are the same. */
function pointing(operator: Comparison, left: Term, right: Term, complain: (text: string) => void): Term {
  if (operator !== 'eq' && operator !== 'ne') throw errors.options(`${operator} для ссылки`);
  const isPointed = ({ kind }: Term) => kind === 'composite' || kind === 'reference';
  if (isPointed(left) && isPointed(right)) {
    const same = (row: Row) => {
      const [a, b] = [left.of(row), right.of(row)];
      return typeof a === 'object' && typeof b === 'object' && a?.type === b?.type && a?.value === b?.value;
    };
    return { kind: 'boolean', of: (row) => same(row) === (operator === 'eq') };
  }
  const [pointed, plain] = isPointed(left) ? [left, right] : [right, left];
  if (pointed.kind === 'composite' && plain.kind === 'guid') {
    // Documented: such a comparison finds nothing, whatever is stored.
    complain('a composite attribute is compared with a guid without cast(): it never matches');
    return { kind: 'boolean', of: () => false };
  }
  if (pointed.kind === 'composite' && plain.kind === 'string') {
    return {
      kind: 'boolean',
      of: (row) => {
        const { type, value } = pointed.of(row);
        return (type === textType && value === plain.of(row)) === (operator === 'eq');
      },
    };
  }
  throw errors.options(`${left.kind} ${operator} ${right.kind}`);
}

function orderedKey(value: TermValue): TermValue {
  return orderOf(String(value));
}

function same(value: TermValue): TermValue {
  return value;
}

/** What lies behind a reference that is empty has no value, and satisfies no comparison. */
function holds(operator: Comparison, a: TermValue | undefined, b: TermValue | undefined): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return false;
  switch (operator) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
  }
}

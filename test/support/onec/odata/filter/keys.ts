import type { Expression } from './parse.ts';

/** Where a filter lets the reading start, so that a page of a large set need not read it whole. */
export interface KeyBounds {
  /** The only keys that can match; null for any. */
  readonly keys: readonly string[] | null;
  /** Only keys after this one can match. */
  readonly after: string | null;
}

/** Reads the bounds off the conditions that must all hold. */
export function keyBounds(expression: Expression | null): KeyBounds {
  if (expression === null) return { keys: null, after: null };
  let keys: readonly string[] | null = null;
  let after: string | null = null;
  for (const one of conjuncts(expression)) {
    keys ??= keysOf(one);
    after ??= guidOf(one, 'gt');
  }
  return { keys, after };
}

function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.operator === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}

function keysOf(expression: Expression): readonly string[] | null {
  if (expression.kind === 'binary' && expression.operator === 'or') {
    const [left, right] = [keysOf(expression.left), keysOf(expression.right)];
    return left === null || right === null ? null : [...left, ...right];
  }
  const key = guidOf(expression, 'eq');
  return key === null ? null : [key];
}

function guidOf(expression: Expression, operator: 'eq' | 'gt'): string | null {
  if (expression.kind !== 'binary' || expression.operator !== operator) return null;
  const { left, right } = expression;
  const isKey = left.kind === 'property' && left.of === null && left.name === 'Ref_Key';
  return isKey && right.kind === 'literal' && right.type === 'guid' ? right.text : null;
}

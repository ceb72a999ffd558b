import { errors } from '../../errors.ts';
import { type LiteralType, type Token, tokensOf } from './tokens.ts';

/** A filter that was read. */
export type Expression =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string }
  /** A property of the entity (`of` is null) or of what an expression points to. */
  | { readonly kind: 'property'; readonly of: Expression | null; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'binary';
      readonly operator: Comparison | Arithmetic | 'and' | 'or';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'lambda';
      readonly section: string;
      readonly quantifier: 'any' | 'all';
      readonly variable: string;
      /** Null: `any()`. */
      readonly body: Expression | null;
    };

/** Comparisons. */
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
/** Operations on numbers. */
export type Arithmetic = 'add' | 'sub' | 'mul' | 'div';

/** The operators, from those that bind least. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  ['add', 'sub'],
  ['mul', 'div'],
];

/** Reads a `$filter`. */
export function parseFilter(text: string): Expression {
  return new FilterParser(tokensOf(text), text).whole();
}

class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  whole(): Expression {
    const expression = this.#level(0);
    if (this.#at < this.#tokens.length) throw this.#error();
    return expression;
  }

  #level(index: number): Expression {
    const operators = levels[index];
    if (operators === undefined) return this.#unary();
    let left = index === 2 ? this.#negated(index) : this.#level(index + 1);
    for (let next = this.#peek(); next?.kind === 'name' && operators.includes(next.text); next = this.#peek()) {
      this.#at += 1;
      const right = this.#level(index + 1);
      left = { kind: 'binary', operator: next.text as Comparison, left, right };
    }
    return left;
  }

  /** `not` binds less than a comparison only when it stands before parentheses or a call, as in 1C's examples. */
  #negated(index: number): Expression {
    if (this.#takes('name', 'not')) return { kind: 'not', of: this.#level(index + 1) };
    return this.#level(index + 1);
  }

  #unary(): Expression {
    const token = this.#peek();
    if (token === undefined) throw this.#error();
    this.#at += 1;
    if (token.kind === 'literal') return token;
    if (token.kind === 'sign') {
      if (token.text !== '(') throw this.#error();
      const inner = this.#level(0);
      this.#expect(')');
      return this.#members(inner);
    }
    if (this.#takes('sign', '(')) return this.#members({ kind: 'call', name: token.text, arguments: this.#list() });
    return this.#members({ kind: 'property', of: null, name: token.text });
  }

  #members(of: Expression): Expression {
    let expression = of;
    while (this.#takes('sign', '/')) {
      const token = this.#peek();
      if (token?.kind !== 'name') throw this.#error();
      this.#at += 1;
      if ((token.text === 'any' || token.text === 'all') && this.#takes('sign', '('))
        return this.#lambda(expression, token.text);
      expression = { kind: 'property', of: expression, name: token.text };
    }
    return expression;
  }

  #lambda(section: Expression, quantifier: 'any' | 'all'): Expression {
    if (section.kind !== 'property' || section.of !== null) throw errors.unimplemented(quantifier);
    if (this.#takes('sign', ')')) {
      if (quantifier === 'all') throw errors.arguments('all');
      return { kind: 'lambda', section: section.name, quantifier, variable: '', body: null };
    }
    const variable = this.#peek();
    if (variable?.kind !== 'name') throw this.#error();
    this.#at += 1;
    this.#expect(':');
    const body = this.#level(0);
    this.#expect(')');
    return { kind: 'lambda', section: section.name, quantifier, variable: variable.text, body };
  }

  #list(): readonly Expression[] {
    if (this.#takes('sign', ')')) return [];
    const list = [this.#level(0)];
    while (this.#takes('sign', ',')) list.push(this.#level(0));
    this.#expect(')');
    return list;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes('sign', sign)) throw this.#error();
  }

  #error(): Error {
    return errors.options(`"${this.#text}"`);
  }
}

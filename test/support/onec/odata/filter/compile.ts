import { errors, ODataError, PropertyError } from '../../errors.ts';
import type { Infobase } from '../../infobase.ts';
import { type Entity, navigationOf, type Property } from '../../metadata/schema.ts';
import {
  emptyRef,
  type Row,
  rowsIn,
  setOfType,
  textIn,
  textType,
  typeNameOf,
  undefinedType,
} from '../../store/values.ts';
import { compared } from './compare.ts';
import { callOf } from './functions.ts';
import type { Arithmetic, Comparison, Expression } from './parse.ts';
import type { Scope, Term } from './terms.ts';

/** Compiles filters and orders of one entity. Types are checked before any object is read, as 1C builds a query of them. */
export class FilterCompiler {
  readonly #base: Infobase;
  readonly #complain: (text: string) => void;

  constructor(base: Infobase, complain: (text: string) => void) {
    this.#base = base;
    this.#complain = complain;
  }

  /** A condition on the objects of an entity. */
  condition(expression: Expression, entity: Entity): (row: Row) => boolean {
    const term = this.#term(expression, { ...entity, variable: null });
    if (term.kind !== 'boolean') throw errors.options('ожидалось логическое выражение');
    return (row) => term.of(row) === true;
  }

  /** A term by which objects are sorted. */
  order(expression: Expression, entity: Entity): Term {
    if (expression.kind !== 'property') throw errors.options('$orderby');
    return this.#term(expression, { ...entity, variable: null });
  }

  #term(expression: Expression, scope: Scope): Term {
    switch (expression.kind) {
      case 'literal':
        return literal(expression);
      case 'property':
        return this.#property(expression, scope);
      case 'call':
        return this.#call(expression.name, expression.arguments, scope);
      case 'not': {
        const inner = this.#boolean(expression.of, scope);
        return { kind: 'boolean', of: (row) => inner.of(row) !== true };
      }
      case 'binary':
        return this.#binary(expression, scope);
      case 'lambda':
        return this.#lambda(expression, scope);
    }
  }

  #boolean(expression: Expression, scope: Scope): Term {
    const term = this.#term(expression, scope);
    if (term.kind !== 'boolean') throw errors.options('ожидалось логическое выражение');
    return term;
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Term {
    const { operator } = expression;
    if (operator === 'and' || operator === 'or') {
      const left = this.#boolean(expression.left, scope);
      const right = this.#boolean(expression.right, scope);
      return operator === 'and'
        ? { kind: 'boolean', of: (row) => left.of(row) === true && right.of(row) === true }
        : { kind: 'boolean', of: (row) => left.of(row) === true || right.of(row) === true };
    }
    const left = this.#term(expression.left, scope);
    const right = this.#term(expression.right, scope);
    if (isArithmetic(operator)) {
      if (left.kind !== 'number' || right.kind !== 'number') throw errors.options(operator);
      return { kind: 'number', of: (row) => calculated(operator, Number(left.of(row)), Number(right.of(row))) };
    }
    const refusesOrder = this.#base.options.keyOrder === 'refused' && left.kind === 'guid';
    if (refusesOrder && operator !== 'eq' && operator !== 'ne') throw errors.options(`${operator} для ссылки`);
    return compared(operator as Comparison, left, right, this.#complain);
  }

  #lambda({ section, quantifier, variable, body }: Extract<Expression, { kind: 'lambda' }>, scope: Scope): Term {
    if (scope.variable !== null) throw errors.unimplemented('вложенная лямбда-функция');
    const columns = scope.sections.get(section);
    if (columns === undefined) throw new PropertyError(section);
    if (body === null) return { kind: 'boolean', of: (row) => rowsIn(row, section).length > 0 };
    const inner = this.#boolean(body, { properties: columns, sections: new Map(), variable });
    return quantifier === 'any'
      ? { kind: 'boolean', of: (row) => rowsIn(row, section).some((one) => inner.of(one) === true) }
      : { kind: 'boolean', of: (row) => rowsIn(row, section).every((one) => inner.of(one) === true) };
  }

  #property({ of, name }: Extract<Expression, { kind: 'property' }>, scope: Scope): Term {
    if (of === null) {
      // Inside a lambda, everything belongs to its variable.
      if (scope.variable !== null) throw errors.options(`"${name}" вне лямбда-переменной "${scope.variable}"`);
      return this.#attribute(name, scope);
    }
    if (of.kind === 'property' && of.of === null && of.name === scope.variable)
      return this.#attribute(name, { ...scope, variable: null });
    const target = this.#term(of, scope);
    if (target.kind !== 'reference') throw errors.options(`"/${name}"`);
    const entity = this.#base.entity(target.to);
    const inner = this.#attribute(name, { ...entity, variable: null });
    const nothing: Row = {};
    return {
      ...inner,
      of: (row: Row) => inner.of(this.#base.find(target.to, target.of(row).value) ?? nothing),
    } as Term;
  }

  #attribute(name: string, scope: Scope): Term {
    const property = scope.properties.byName.get(name);
    if (property !== undefined) return termOf(property);
    const navigation = navigationOf(scope.properties, name);
    if (navigation?.attribute.kind !== 'reference') throw new PropertyError(name);
    const { to } = navigation.attribute;
    return { kind: 'reference', to, of: (row) => ({ type: typeNameOf(to), value: textIn(row, navigation.name) }) };
  }

  #call(name: string, given: readonly Expression[], scope: Scope): Term {
    if (name !== 'cast' && name !== 'isof') {
      return callOf(
        name,
        given.map((argument) => this.#term(argument, scope)),
      );
    }
    const [subject, type] = given;
    if (given.length !== 2 || subject === undefined || type?.kind !== 'literal' || type.type !== 'string')
      throw errors.arguments(name);
    const wanted = this.#typeName(type.text);
    const term = this.#term(subject, scope);
    if (name === 'isof') return { kind: 'boolean', of: (row) => typeOf(term, row) === wanted };
    const to = setOfType(wanted);
    if (to === null) {
      if (wanted !== textType || term.kind !== 'composite') throw errors.arguments(name);
      return { kind: 'string', of: (row) => (typeOf(term, row) === wanted ? term.of(row).value : null) };
    }
    if (term.kind === 'guid')
      return { kind: 'reference', to, of: (row) => ({ type: wanted, value: String(term.of(row)) }) };
    if (term.kind !== 'composite') throw errors.arguments(name);
    return { kind: 'reference', to, of: (row) => (typeOf(term, row) === wanted ? term.of(row) : nowhere) };
  }

  /** The `_Type` that cast and isof name: an object, or a simple type. */
  #typeName(name: string): string {
    const simple = simpleTypes[name];
    if (simple !== undefined) return simple;
    // Configurations have more objects than a preset, but a name that no attribute can hold is a slip.
    if (!/^(Catalog|Document|Task|BusinessProcess|ChartOfCharacteristicTypes)_/.test(name)) throw errors.entity(name);
    return typeNameOf(name);
  }
}

const simpleTypes: Readonly<Record<string, string>> = {
  String: textType,
  Number: 'Edm.Double',
  Boolean: 'Edm.Boolean',
  Date: 'Edm.DateTime',
  Undefined: undefinedType,
};

const nowhere = { type: undefinedType, value: emptyRef };

function typeOf(term: Term, row: Row): string {
  switch (term.kind) {
    case 'composite':
    case 'reference':
      return term.of(row).type;
    case 'string':
      return textType;
    case 'number':
      return 'Edm.Double';
    case 'boolean':
      return 'Edm.Boolean';
    case 'date':
      return 'Edm.DateTime';
    case 'guid':
      return 'Edm.Guid';
  }
}

function literal({ type, text }: Extract<Expression, { kind: 'literal' }>): Term {
  const value = type === 'number' ? Number(text) : type === 'boolean' ? text === 'true' : text;
  return { kind: type, of: () => value };
}

function termOf({ name, attribute, part }: Property): Term {
  if (part === 'type') return { kind: 'string', of: (row) => row[name] as string };
  switch (attribute.kind) {
    case 'boolean':
      return { kind: 'boolean', of: (row) => row[name] as boolean };
    case 'date':
      return { kind: 'date', of: (row) => row[name] as string };
    case 'integer':
    case 'number':
      return { kind: 'number', of: (row) => Number(row[name]) };
    case 'guid':
    case 'reference':
      return { kind: 'guid', of: (row) => row[name] as string };
    case 'composite':
      return { kind: 'composite', of: (row) => ({ value: textIn(row, name), type: textIn(row, `${name}_Type`) }) };
    case 'storage':
      throw new ODataError(400, 0, `Сравнение с "${name}" не поддерживается`);
    case 'string':
    case 'enum':
      return { kind: 'string', of: (row) => row[name] as string };
  }
}

function isArithmetic(operator: string): operator is Arithmetic {
  return ['add', 'sub', 'mul', 'div'].includes(operator);
}

function calculated(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return left / right;
  }
}

import type { Fault, Method } from './method.ts';
import { globalMethods, globals, keywords, types } from './platform.ts';
import type { Token } from './tokens.ts';

/** Where a module runs. */
export type Side = 'server' | 'client' | 'serverCall';

/** A module with what its code may name. */
export interface Module {
  readonly path: string;
  readonly methods: readonly Method[];
  /** Variables of the module's context: the attributes of a form. */
  readonly context: ReadonlySet<string>;
  /** Where it runs; null if each method says so by its directive. */
  readonly side: Side | null;
  /** Whether it is also compiled in external connections. */
  readonly external: boolean;
}

/** All that modules may refer to. */
export interface Program {
  readonly common: ReadonlyMap<string, Module>;
  /** Full names of our objects, in Russian: `РегистрСведений.пб_Изменения`. */
  readonly objects: ReadonlySet<string>;
}

const collections: Readonly<Record<string, string>> = { РегистрыСведений: 'РегистрСведений', Константы: 'Константа' };
const ownName = /(РегистрСведений|Константа|ОбщаяФорма|ОбщаяКоманда)\.пб_[\p{L}\d_]+/gu;

/** Checks that everything that a method names exists, and that calls have the right number of parameters. */
export function checkCalls(module: Module, method: Method, program: Program, fault: Fault): void {
  const { body } = method;
  const known = new Set([...module.context, ...method.parameters.map(({ name }) => name), ...assigned(body)]);
  body.forEach((token, index) => {
    if (token.kind === 'string') checkNames(token, program, fault);
    if (token.kind !== 'word' || keywords.has(token.text.toLowerCase())) return;
    const previous = body[index - 1]?.text;
    const isCall = body[index + 1]?.text === '(';
    if (previous === '.') return;
    if (previous?.toLowerCase() === 'новый') {
      if (!types.has(token.text)) fault(token.line, `unknown type ${token.text}`);
    } else if (isCall) checkCall(module, token, argumentsAt(body, index + 1), fault);
    else if (program.common.has(token.text)) checkModule(module, method, body, index, program, fault);
    else if (token.text in collections && body[index + 1]?.text === '.') {
      const name = `${collections[token.text]}.${body[index + 2]?.text}`;
      if (!program.objects.has(name)) fault(token.line, `there is no ${name}; other objects are asked for by ["name"]`);
    } else if (!known.has(token.text) && !globals.has(token.text)) fault(token.line, `${token.text} is never assigned`);
  });
}

function checkNames({ text, line }: Token, { objects }: Program, fault: Fault): void {
  for (const [name] of text.matchAll(ownName)) if (!objects.has(name)) fault(line, `there is no ${name}`);
}

function checkCall({ methods }: Module, { text, line }: Token, given: number, fault: Fault): void {
  const own = methods.find(({ name }) => name === text);
  const range = own === undefined ? globalMethods.get(text) : rangeOf(own);
  if (range === undefined) fault(line, `there is no ${text}()`);
  else checkCount(text, range, given, line, fault);
}

function checkModule(
  module: Module,
  method: Method,
  body: readonly Token[],
  index: number,
  { common }: Program,
  fault: Fault,
): void {
  const [token, , member] = body.slice(index, index + 3);
  if (token === undefined || member === undefined) return;
  const target = common.get(token.text);
  const found = target?.methods.find(({ name }) => name === member.text);
  const full = `${token.text}.${member.text}`;
  if (found === undefined) return fault(token.line, `there is no ${full}`);
  if (!found.isExported) fault(token.line, `${full} is not exported`);
  checkCount(full, rangeOf(found), argumentsAt(body, index + 3), token.line, fault);
  if (module.external && target?.external !== true)
    fault(token.line, `${token.text} is missing in external connections`);
  const onClient = method.directive === null ? module.side === 'client' : method.directive === '&НаКлиенте';
  if (onClient && target?.side === 'server') fault(token.line, `${full} is not to be called from the client`);
  if (!onClient && target?.side === 'client') fault(token.line, `${full} is not to be called on the server`);
}

function checkCount(
  name: string,
  [least, most]: readonly [number, number],
  given: number,
  line: number,
  fault: Fault,
): void {
  if (given < least || given > most) fault(line, `${name} takes ${least} to ${most} parameters, got ${given}`);
}

function rangeOf({ parameters }: Method): readonly [number, number] {
  return [parameters.filter(({ optional }) => !optional).length, parameters.length];
}

/** Variables that the code assigns: `X =` at the beginning of a statement, and those of loops. */
function assigned(body: readonly Token[]): readonly string[] {
  const begins = new Set([';', 'тогда', 'иначе', 'цикл', 'попытка', 'исключение', 'каждого', 'для', undefined]);
  return body.flatMap(({ kind, text }, index) => {
    if (kind !== 'word' || !begins.has(body[index - 1]?.text.toLowerCase())) return [];
    const next = body[index + 1]?.text.toLowerCase();
    const before = body[index - 1]?.text.toLowerCase();
    return next === '=' || (before === 'каждого' && next === 'из') ? [text] : [];
  });
}

/** The number of arguments in the brackets at `open`; omitted ones count. */
function argumentsAt(body: readonly Token[], open: number): number {
  let depth = 0;
  let commas = 0;
  for (let at = open; at < body.length; at += 1) {
    const text = body[at]?.text;
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') {
      depth -= 1;
      if (depth === 0) return at === open + 1 ? 0 : commas + 1;
    } else if (text === ',' && depth === 1) commas += 1;
  }
  return commas + 1;
}

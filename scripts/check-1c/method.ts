import type { Token } from './tokens.ts';

/** A procedure or a function. */
export interface Method {
  readonly name: string;
  readonly isFunction: boolean;
  readonly isExported: boolean;
  /** `&НаКлиенте`, `&НаСервере` …; null in modules that have none. */
  readonly directive: string | null;
  readonly parameters: readonly { readonly name: string; readonly optional: boolean }[];
  readonly body: readonly Token[];
  readonly line: number;
}

/** Reports what is wrong in a line. */
export type Fault = (line: number, message: string) => void;

const closers: Readonly<Record<string, string>> = {
  конецесли: 'если',
  конеццикла: 'цикл',
  конецпопытки: 'попытка',
};
const openers = new Set(Object.values(closers));
/** Words that stand only inside of a block. */
const insides: Readonly<Record<string, string>> = { иначеесли: 'если', иначе: 'если', исключение: 'попытка' };

/** Reads the methods of a module, and checks regions and blocks. */
export function methodsOf(tokens: readonly Token[], fault: Fault): readonly Method[] {
  checkRegions(tokens, fault);
  const methods: Method[] = [];
  const code = tokens.filter(({ kind }) => kind !== 'preprocessor');
  for (let at = 0; at < code.length; ) {
    const first = code[at];
    if (first === undefined) break;
    const directive = first.kind === 'directive' ? first.text : null;
    if (directive !== null) at += 1;
    const head = code[at];
    const word = head?.text.toLowerCase();
    if (head === undefined || (word !== 'процедура' && word !== 'функция')) {
      fault(first.line, `expected Процедура or Функция, got ${head?.text ?? 'the end'}`);
      return methods;
    }
    const end = code.findIndex(
      (one, index) => index > at && one.text.toLowerCase() === `конец${word === 'функция' ? 'функции' : 'процедуры'}`,
    );
    if (end < 0) {
      fault(head.line, `${head.text} ${code[at + 1]?.text} has no end`);
      return methods;
    }
    methods.push(methodOf(code.slice(at, end), directive, fault));
    at = end + 1;
  }
  return methods;
}

function methodOf(tokens: readonly Token[], directive: string | null, fault: Fault): Method {
  const [head, name] = tokens;
  const close = tokens.findIndex(({ text }) => text === ')');
  const groups: Token[][] = [[]];
  for (const token of tokens.slice(3, close)) {
    if (token.text === ',') groups.push([]);
    else groups.at(-1)?.push(token);
  }
  const isExported = tokens[close + 1]?.text.toLowerCase() === 'экспорт';
  const method = {
    name: name?.text ?? '',
    isFunction: head?.text.toLowerCase() === 'функция',
    isExported,
    directive,
    parameters: groups
      .filter((group) => group.length > 0)
      .map((group) => ({
        name: group.find(({ text }) => text.toLowerCase() !== 'знач')?.text ?? '',
        optional: group.some(({ text }) => text === '='),
      })),
    body: tokens.slice(close + (isExported ? 2 : 1)),
    line: head?.line ?? 0,
  };
  checkBlocks(method, fault);
  return method;
}

function checkRegions(tokens: readonly Token[], fault: Fault): void {
  const open: Token[] = [];
  for (const token of tokens.filter(({ kind }) => kind === 'preprocessor')) {
    if (token.text.startsWith('#Область ')) open.push(token);
    else if (token.text.trim() !== '#КонецОбласти') fault(token.line, `unknown ${token.text}`);
    else if (open.pop() === undefined) fault(token.line, '#КонецОбласти without #Область');
  }
  for (const { line } of open) fault(line, '#Область has no #КонецОбласти');
}

function checkBlocks({ body, isFunction, name, line }: Method, fault: Fault): void {
  const open: { readonly word: string; readonly line: number }[] = [];
  body.forEach((token, index) => {
    if (token.kind !== 'word') return;
    const word = token.text.toLowerCase();
    if (openers.has(word)) open.push({ word, line: token.line });
    else if (word in closers) {
      const last = open.pop();
      if (last?.word !== closers[word]) fault(token.line, `${token.text} closes ${last?.word ?? 'nothing'}`);
    } else if (word in insides && open.at(-1)?.word !== insides[word])
      fault(token.line, `${token.text} stands outside of its block`);
    else if (word === 'процедура' || word === 'функция')
      fault(token.line, `${name} is not closed before ${token.text}`);
    else if (word === 'возврат' && (body[index + 1]?.text !== ';') !== isFunction)
      fault(token.line, isFunction ? 'a function returns a value' : 'a procedure returns no value');
  });
  for (const one of open) fault(one.line, `${one.word} is not closed`);
  if (isFunction && !body.some(({ text }) => text.toLowerCase() === 'возврат')) fault(line, `${name} returns nothing`);
}

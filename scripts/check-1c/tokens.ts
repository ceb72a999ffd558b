/** A piece of BSL. Strings are one token, also over several lines. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'date' | 'sign' | 'directive' | 'preprocessor';
  readonly text: string;
  readonly line: number;
}

const pieces =
  /(\s+|\/\/[^\n]*)|("(?:[^"\n]|""|\n[ \t]*\|)*")|('[0-9. :]*')|([\p{L}_][\p{L}\p{N}_]*)|(\d+(?:\.\d+)?)|(&[\p{L}_]+)|(#[^\n]*)|(<>|<=|>=|[-+*/%=<>()[\].,;:?])/uy;

/** Splits a module into tokens. Text that is no BSL is a fault. */
export function tokensOf(text: string, fault: (line: number, message: string) => void): readonly Token[] {
  const tokens: Token[] = [];
  const kinds = ['string', 'date', 'word', 'number', 'directive', 'preprocessor', 'sign'] as const;
  let line = 1;
  pieces.lastIndex = 0;
  for (let at = 0; at < text.length; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const found = pieces.exec(text);
    if (found === null) {
      fault(line, `expected BSL, got "${text.slice(at, at + 20).split('\n')[0]}"`);
      return tokens;
    }
    const kind = kinds.find((_, index) => found[index + 2] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text: found[0], line });
    line += found[0].split('\n').length - 1;
  }
  return tokens;
}

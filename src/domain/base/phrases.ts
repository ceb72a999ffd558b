type ParametersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string | number } & ParametersOf<Rest>
  : unknown;

/** What a phrase asks for beside its word: nothing, or a value for each `{name}` in it. */
export type PhraseValues<Text extends string> = unknown extends ParametersOf<Text> ? [] : [ParametersOf<Text>];

/** The names of what differs in a phrase. */
const places = /\{(\w+)\}/g;

/** A phrase with its values put in. */
export function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(places, (_, name: string) => String(values[name] ?? ''));
}

/** How each phrase of a table is known again, with what differs as named groups. */
export function patternsOf<Word extends string>(
  table: Readonly<Record<Word, string>>,
): readonly { readonly word: Word; readonly pattern: RegExp }[] {
  // Phrases with the most words of their own first, so that "nobody of group {group} …" is no manager called "nobody of group".
  return (Object.entries(table) as [Word, string][])
    .map(([word, text]) => ({ word, own: text.replace(places, '').length, pattern: patternOf(text) }))
    .sort((a, b) => b.own - a.own);
}

function patternOf(text: string): RegExp {
  const parts = text
    .split(places)
    .map((part, i) => (i % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${part}>.+?)`));
  return new RegExp(`^${parts.join('')}$`, 's');
}

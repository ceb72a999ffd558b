import { readdirSync, readFileSync } from 'node:fs';

const folders = ['field-cases', 'own-cases'].map((name) => new URL(`../fixtures/${name}/`, import.meta.url));

/**
 * The inputs of the field cases and our own of a kind whose names begin so. Letters are bytes, one character each; a file with several messages
 * makes several inputs.
 */
export function casesOf(kind: 'letters' | 'quoted' | 'messengers' | 'forms', begin = ''): readonly string[] {
  return folders.flatMap((folder) => casesIn(new URL(`${kind}/`, folder), kind, begin));
}

function casesIn(here: URL, kind: string, begin: string): readonly string[] {
  return readdirSync(here)
    .filter((name) => name !== 'expected.json' && name.startsWith(begin))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, here), kind === 'letters' ? 'latin1' : 'utf8');
      const messages: unknown = kind === 'messengers' ? JSON.parse(text) : null;
      return Array.isArray(messages) ? messages.map((message) => JSON.stringify(message)) : [text];
    });
}

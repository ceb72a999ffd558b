import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a built file: next to the built program, or in `dist/` when running from sources. Null if it has not been built. */
export function builtFile(path: string): string | null {
  const places = [new URL(`../${path}`, import.meta.url), new URL(`../../dist/${path}`, import.meta.url)];
  return places.map((place) => fileURLToPath(place)).find((place) => existsSync(place)) ?? null;
}

/** The folder of the built web page, or null if it has not been built. */
export function webRoot(): string | null {
  return builtSite('web');
}

/** The folder of the built documentation, or null. */
export function docsRoot(): string | null {
  return builtSite('docs');
}

function builtSite(name: string): string | null {
  const index = builtFile(`${name}/index.html`);
  return index === null ? null : dirname(index);
}

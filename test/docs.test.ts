import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('CONTRIBUTING.md', root), 'utf8');

describe('CONTRIBUTING.md', () => {
  it('names files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|web|bench|scripts|docs|config|deploy)\/[\w./-]+\.\w+)`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([]);
  });

  it.each(['a call', 'a letter', 'a form'])('describes the way of %s in ten steps', (what) => {
    const section = text.split(`## The way of ${what}\n`)[1]?.split('\n## ')[0] ?? '';
    const steps = section.split(/\n(?=\d+\. )/).slice(1);
    expect(steps).toHaveLength(10);
    // Each step names where it happens, or what it shares with another way.
    expect(steps.filter((step) => step.includes('`src/')).length).toBeGreaterThan(8);
  });
});

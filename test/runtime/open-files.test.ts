import { describe, expect, it } from 'vitest';
import { divideDescriptors, openFileLimit } from '../../src/runtime/open-files.ts';

describe('the limit of open files', () => {
  it('is known', () => {
    expect(openFileLimit()).toBeGreaterThan(100);
  });

  it.each([256, 1024, 4096, 65_536, 1_048_576])('reserves some of %i for the store', (limit) => {
    const { http, agi, desks } = divideDescriptors(limit);
    expect(limit - http - agi).toBeGreaterThanOrEqual(96);
    expect(Math.min(http, agi)).toBeGreaterThanOrEqual(16);
    expect(desks).toBeLessThan(http);
  });

  it('follows the configuration if it asks for less, but not if it asks for more than available', () => {
    expect(divideDescriptors(65_536, 100).http).toBe(100);
    expect(divideDescriptors(1024, 5000).http).toBe(divideDescriptors(1024).http);
  });
});

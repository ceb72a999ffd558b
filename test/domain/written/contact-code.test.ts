import { describe, expect, it } from 'vitest';
import { newInteractionId } from '../../../src/domain/base/ids.ts';
import { codeOf, codesIn } from '../../../src/domain/written/contact-code.ts';

describe('contact codes of a form', () => {
  it('are found anywhere in a text', () => {
    for (let n = 0; n < 200; n += 1) {
      const id = newInteractionId(1_700_000_000_000 + n);
      const code = codeOf(id);
      expect(code).toMatch(/^[\w-]{22}$/);
      for (const text of [code, `/start ${code}`, `Код: ${code}.`, `(${code})\n#${code}`])
        expect(codesIn(text)[0]).toBe(id);
    }
  });

  it('are not confused with text that only looks similar', () => {
    const code = codeOf(newInteractionId(1));
    for (const text of [`x${code}`, `${code}-`, 'a'.repeat(22), '1234567890123456789012', '', `${code.slice(1)}`])
      expect(codesIn(text)).toEqual([]);
    expect(codesIn(Array(9).fill(code).join(' '))).toHaveLength(3);
  });
});

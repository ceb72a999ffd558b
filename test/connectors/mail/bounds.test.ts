import { describe, expect, it } from 'vitest';
import { boundParts, UnboundedLetterError, withCutHeaders } from '../../../src/connectors/mail/parse/bounds.ts';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import { bytes, raw } from './support.ts';

describe('cutting headers before parsing', () => {
  const cut = (text: string) => Buffer.from(withCutHeaders(bytes(text))).toString('utf8');

  it('leaves ordinary headers unchanged', () => {
    const letter = bytes('Subject: Pumps\r\n and pipes\r\nDate: today\r\n\r\nSubject: none');
    expect(withCutHeaders(letter)).toBe(letter);
  });

  it('cuts a header including its continuation lines, and no other header', () => {
    const blanks = `\r\n${' '.repeat(70)}`.repeat(50);
    const letter = `From: a@b.example\r\nDate: ${blanks}x\r\nSubject: Pumps\r\n\r\nHow much?`;
    const kept = cut(letter);
    expect(kept).toContain('From: a@b.example\r\nDate: ');
    expect(kept).toContain('\r\nSubject: Pumps\r\n\r\nHow much?');
    expect(kept.length).toBe('From: a@b.example\r\n'.length + 1002 + 'Subject: Pumps\r\n\r\nHow much?'.length);
  });

  it('cuts between characters', () => {
    expect(cut(`subject: ${'ы'.repeat(20_000)}\n\nx`)).toMatch(/^subject: ы+\r\n\nx$/);
  });

  it.each(['\n', '', 'a', 'Date:', ' \r\n \r\n', '\r\n\r\nx'])('accepts a letter without headers: %j', (text) => {
    expect(cut(text)).toBe(text);
  });
});

describe('counting parts before parsing', () => {
  const mixed = (parts: number, boundary = 'b') =>
    raw({ 'content-type': `multipart/mixed; boundary="${boundary}"` }, `--${boundary}\r\n\r\na\r\n`.repeat(parts));

  it('accepts as many parts as a digest has, and no more', async () => {
    expect(() => boundParts(mixed(2000))).not.toThrow();
    expect(() => boundParts(mixed(2001))).toThrow(UnboundedLetterError);
    await expect(parseLetter(mixed(2001))).rejects.toThrow('expected at most 2000 parts');
  });

  it('ignores lines that only look like boundaries', () => {
    expect(() => boundParts(raw({}, '--b\r\n'.repeat(5000)))).not.toThrow();
    expect(() => boundParts(mixed(1, 'other'))).not.toThrow();
  });

  it('limits the number of lines', () => {
    expect(() => boundParts(raw({}, 'a\n'.repeat(249_990)))).not.toThrow();
    expect(() => boundParts(raw({}, '\n'.repeat(250_001)))).toThrow('expected at most 250000 lines');
  });

  it('limits the number of nested multiparts', () => {
    const parts = Array.from(
      { length: 1001 },
      (_, i) => `--b\r\nContent-Type: multipart/mixed; boundary=b${i}\r\n\r\n`,
    );
    expect(() => boundParts(raw({ 'content-type': 'multipart/mixed; boundary=b' }, parts.join('')))).toThrow(
      'expected at most 1000 multiparts',
    );
  });
});

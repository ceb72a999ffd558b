import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AmiMessage, valuesOf } from '../../../../src/connectors/asterisk/ami/message.ts';
import { AmiParser } from '../../../../src/connectors/asterisk/ami/parser.ts';

const greeting = 'Asterisk Call Manager/9.0.0\r\n';

function parse(chunks: readonly (Buffer | string)[]): AmiMessage[] {
  const messages: AmiMessage[] = [];
  const parser = new AmiParser({ onMessage: (message) => messages.push(message) });
  for (const chunk of chunks) parser.push(chunk);
  return messages;
}

describe('AMI parser', () => {
  it('keeps the case of headers, repeated headers, and colons in values', () => {
    const [message] = parse([
      `${greeting}Event: Newchannel\r\nChanVariable: a=1\r\nChanVariable: b=2\r\nTime: 10:20:30\r\n\r\n`,
    ]);
    expect(message?.name).toBe('Newchannel');
    expect(valuesOf(message as AmiMessage, 'ChanVariable')).toEqual(['a=1', 'b=2']);
    expect(message?.fields.Time).toBe('10:20:30');
    expect(message?.fields.constructor).toBeUndefined();
  });

  it('parses the same messages wherever the bytes are split', () => {
    const text = `${greeting}Event: A\r\nCallerIDName: Анна 🙂\r\n\r\nResponse: Success\r\nActionID: 1\r\n\r\n\r\nEvent: CoreShowChannelMapComplete\r\nX: 1\r\n\n\r\nEvent: B\r\n\r\n`;
    const bytes = Buffer.from(text);
    const whole = parse([bytes]).map(({ name, fields }) => ({ name, fields: { ...fields } }));
    expect(whole.map((message) => message.name)).toEqual(['A', 'Success', 'CoreShowChannelMapComplete', 'B']);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(parse(chunks).map(({ name, fields }) => ({ name, fields: { ...fields } }))).toEqual(whole);
      }),
    );
  });

  it('reads names in the charset of their trunk, or encoded twice', () => {
    const event = (name: Buffer, exten: string) =>
      Buffer.concat([Buffer.from('Event: A\r\nCallerIDName: '), name, Buffer.from(`\r\nExten: ${exten}\r\n\r\n`)]);
    const cp1251 = Buffer.from([0xce, 0xce, 0xce, 0x20, 0xcf, 0xf0, 0xe8, 0xec, 0xe5, 0xf0]);
    const twice = Buffer.from(Buffer.from('ООО Пример').toString('latin1'));
    const messages = parse([greeting, event(cp1251, '1'), event(cp1251, 'Отдел'), event(twice, 'Отдел')]);
    expect(messages.map(({ fields }) => ({ ...fields }))).toEqual([
      { CallerIDName: 'ООО Пример', Exten: '1' },
      { CallerIDName: 'ООО Пример', Exten: 'Отдел' },
      { CallerIDName: 'ООО Пример', Exten: 'Отдел' },
    ]);
  });

  it('rejects an endless packet before it fills the memory', () => {
    const parser = new AmiParser({ onMessage: () => {} });
    parser.push(greeting);
    const chunk = Buffer.alloc(64 * 1024, 120);
    let taken = 0;
    expect(() => {
      for (; taken < 1600; taken += 1) parser.push(chunk);
    }).toThrow(/exceeds the limit/);
    expect(taken).toBeLessThan(20);
  });

  it('reads the output of a command', () => {
    const [message] = parse([`${greeting}Response: Success\r\nActionID: 1\r\nOutput: one\r\nOutput: two\r\n\r\n`]);
    expect(valuesOf(message as AmiMessage, 'Output')).toEqual(['one', 'two']);
  });

  it('throws only its own error for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        parse([greeting, Buffer.from(bytes)]);
      }),
    );
  });
});

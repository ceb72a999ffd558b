import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from '../../../src/matching/import/csv-reader.ts';
import { NdjsonReader } from '../../../src/matching/import/ndjson-reader.ts';
import type { RowOutcome, RowReader } from '../../../src/matching/import/outcome.ts';

function read(reader: RowReader, bytes: Uint8Array, size = 7): RowOutcome[] {
  const outcomes: RowOutcome[] = [];
  for (let at = 0; at < bytes.length; at += size) outcomes.push(...reader.push(bytes.subarray(at, at + size)));
  return [...outcomes, ...reader.end()];
}

const csv = (text: string | Uint8Array, size?: number) => read(new CsvReader('RU'), Buffer.from(text), size);
const ndjson = (text: string, size?: number) => read(new NdjsonReader('RU'), Buffer.from(text), size);

/** Cyrillic as windows-1251 has it. */
function cp1251(text: string): Buffer {
  const byte = (char: string) => {
    const code = char.charCodeAt(0);
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
  };
  return Buffer.from([...text].map(byte));
}

const russian =
  'Код;Наименование;Ответственный;Телефоны;Почта;Сегмент\r\n1;Ромашка;anna;"8 916 000-00-01; 8 916 000-00-02";a@example.com;vip\r\n';
const romashka = {
  ok: true,
  client: {
    id: '1',
    name: 'Ромашка',
    responsible: 'anna',
    segment: 'vip',
    identifiers: [
      { kind: 'phone', value: '+79160000001' },
      { kind: 'phone', value: '+79160000002' },
      { kind: 'email', value: 'a@example.com' },
    ],
  },
};

describe('CSV', () => {
  it.each([
    ['UTF-8', Buffer.from(russian)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${russian}`)],
    ['windows-1251', cp1251(russian)],
    ['UTF-16', Buffer.from(`\uFEFF${russian}`, 'utf16le')],
  ])('is read in %s, in chunks of any size', (_, bytes) => {
    for (const size of [3, 64, 10_000]) expect(csv(bytes, size)).toMatchObject([romashka]);
  });

  it.each([',', '\t', ';'])('is read with the delimiter %j, quoted line breaks and doubled quotes', (d) => {
    const text = `id${d}name${d}phone\n7${d}"A ""B""\nC${d}D"${d}+79160000001\n8${d}E${d}`;
    const [first, second] = csv(text);
    expect(first).toMatchObject({ ok: true, client: { id: '7', name: `A "B" C${d}D`.replace('\t', ' ') } });
    expect(second).toMatchObject({ ok: true, client: { id: '8', identifiers: [] } });
  });

  it('reports row, column and reason of each rejected row, and continues', () => {
    const text = 'id,name,Phone 1,Phone 2\n1,A,+79160000001,101\n,B,,\n3,,,\n4,D,,\n5,"x"y,,\n';
    expect(csv(text)).toMatchObject([
      { ok: false, refused: { row: 2, column: 'Phone 2' } },
      { ok: false, refused: { row: 3, column: 'id' } },
      { ok: false, refused: { row: 4, column: 'name' } },
      { ok: true, client: { id: '4' } },
      { ok: false, refused: { row: 6, column: null } },
    ]);
  });

  it('assigns the numbers of a named contact person to that person', () => {
    const [row] = csv('id;name;Контактное лицо;Контакт телефон\n1;A;Иван;+79160000001\n');
    const identifiers = [{ kind: 'phone', value: '+79160000001' }];
    expect(row).toMatchObject({ ok: true, client: { identifiers: [], contacts: [{ name: 'Иван', identifiers }] } });
  });

  it.each(['', 'name;phone\nA;1\n', 'x'.repeat(100_000)])(
    'is rejected as a whole without a suitable header (%#)',
    (text) => {
      expect(() => csv(text, 1000)).toThrow(/header/);
    },
  );

  it('survives an unclosed quote with bounded memory', () => {
    const rows = csv(`id,name\n1,"open\n${'2,B\n'.repeat(200_000)}3,C\n`, 65_536);
    expect(rows[0]).toMatchObject({ ok: false, refused: { row: 2 } });
    expect(rows.at(-1)).toMatchObject({ ok: true, client: { id: '3' } });
  });

  it('throws nothing but format errors, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const row of csv(Buffer.concat([Buffer.from('id,name,phone\n'), bytes]))) expect(row).toBeDefined();
      }),
    );
  });
});

describe('NDJSON', () => {
  it('reads one client per line and reports errors in the others', () => {
    const lines = [
      '{"id":"1","name":"A"}',
      '',
      '{',
      '[]',
      '{"name":"B"}',
      '{"id":"2","name":"C","identifiers":[{"kind":"phone","value":"5"}]}',
      '{"id":"3","name":"Ж"}',
    ];
    expect(ndjson(lines.join('\r\n'), 5)).toMatchObject([
      { ok: true, client: { id: '1' } },
      { ok: false, refused: { row: 3, column: null } },
      { ok: false, refused: { row: 4 } },
      { ok: false, refused: { row: 5, column: '/id' } },
      { ok: false, refused: { row: 6, column: '/identifiers/0/value' } },
      { ok: true, client: { id: '3', name: 'Ж' } },
    ]);
  });

  it('skips a line that is too long', () => {
    const rows = ndjson(`{"id":"1","name":"${'x'.repeat(2_000_000)}"}\n{"id":"2","name":"B"}\n`, 65_536);
    expect(rows).toMatchObject([
      { ok: false, refused: { row: 1 } },
      { ok: true, client: { id: '2' } },
    ]);
  });
});

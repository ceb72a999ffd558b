import { describe, expect, it } from 'vitest';
import type { Lead } from '../../src/domain/follow-up/follow-up.ts';
import { cleanBatch } from '../../src/store/shared/clean-batch.ts';
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  joinLines,
  splitLines,
} from '../../src/store/sqlite/writer-protocol.ts';

describe('messages to the writer thread', () => {
  it('are joined into texts of bounded size, each line once and in order', () => {
    const requests = Array.from({ length: 500 }, (_, id) => ({
      id,
      batch: cleanBatch([{ op: 'destinations' as const, names: [`a line feed\n${'я'.repeat(id % 400)}`], at: id }]),
    }));

    const texts = joinLines(requests.map(encodeRequest));

    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text.length).toBeLessThan(70_000);
    expect(texts.flatMap((text) => splitLines(text).map(decodeRequest))).toEqual(requests);
  });

  it('are sent alone if longer than such a text, and without messages there is no text', () => {
    const long = { id: 1, batch: cleanBatch([{ op: 'destinations' as const, names: ['x'.repeat(300_000)], at: 0 }]) };
    const short = { id: 2, batch: cleanBatch([]) };

    expect(joinLines([long, short].map(encodeRequest))).toHaveLength(2);
    expect(joinLines([])).toEqual([]);
  });

  it('describe a lead by its stored text', () => {
    const lead = { id: 'l1', revision: 1 } as Lead;
    const result = { ok: true as const, changes: [], followUps: [{ kind: 'lead' as const, lead }] };
    const stored = { ...result, followUps: [{ kind: 'lead' as const, lead, text: JSON.stringify(lead) }] };

    expect(decodeAnswer(encodeAnswer({ id: 7, results: [stored] }))).toEqual({ id: 7, results: [result] });
    expect(decodeAnswer(encodeAnswer({ id: 7, results: [result] }))).toEqual({ id: 7, results: [result] });
  });
});

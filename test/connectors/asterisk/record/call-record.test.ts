import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { CallRecord } from '../../../../src/connectors/asterisk/record/call-record.ts';
import { type RecordSource, RecordUnreadable } from '../../../../src/connectors/asterisk/record/source.ts';
import type { Reason } from '../../../../src/domain/base/reason.ts';
import { reasonText } from '../../../../src/domain/reasons/reasons.ts';
import { createLogger } from '../../../../src/runtime/log.ts';
import { recordRules } from '../../../support/call-records.ts';
import { connectorContext } from '../../../support/connector-context.ts';

const nine = Date.parse('2026-11-24T09:00:00Z');
const minute = 60_000;

describe('gaps of the call record', () => {
  let now: number;
  let isLost: boolean;
  let logged: Record<string, unknown>[];
  let troubles: (string | null)[];
  const taker = { emit: async () => undefined, isLive: () => false, isSeen: () => false };
  const cursors = new Map<string, string>();

  /** An empty record whose server may be lost. */
  const source: RecordSource = {
    cursor: 'cdr_test',
    advice: '',
    end: async () => '0',
    async *portions() {
      if (isLost) throw new RecordUnreadable('no answer from 192.0.2.1');
      yield* [];
    },
    inspect: async () => ({ missing: [], newest: null }),
  };

  beforeEach(() => {
    now = nine;
    isLost = false;
    logged = [];
    troubles = [];
    cursors.clear();
  });

  /** The record of a program that starts; only the cursors outlive it. */
  function started(record: RecordSource | null = source): CallRecord {
    const destination = new Writable({
      write(chunk, _encoding, done) {
        logged.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const context = connectorContext('pbx', {
      clock: { now: () => now },
      log: createLogger({ level: 'info', destination }),
      cursor: {
        get: async (name) => cursors.get(name) ?? null,
        set: async (name, value) => void cursors.set(name, value),
      },
    });
    const onTrouble = (trouble: Reason | null) => troubles.push(trouble && reasonText(trouble));
    return new CallRecord({ source: record, rules: recordRules(), context, onTrouble });
  }

  it('has none at the first start', async () => {
    const record = started();
    await record.resumed();
    await record.read(taker);
    expect(logged).toEqual([]);
  });

  it('is from the stop to the next start', async () => {
    const first = started();
    await first.resumed();
    await first.read(taker);
    now += 5 * minute;
    await first.stop();
    now += 30 * minute;
    const second = started();
    await second.resumed();
    await second.read(taker);
    expect(logged).toMatchObject([{ from: '2026-11-24T09:05:00.000Z', to: '2026-11-24T09:35:00.000Z', calls: 0 }]);
  });

  it('begins at the last read if the program was killed', async () => {
    const first = started();
    await first.resumed();
    now += minute;
    await first.read(taker);
    now += 30 * minute;
    const second = started();
    await second.resumed();
    await second.read(taker);
    expect(logged).toMatchObject([{ from: '2026-11-24T09:01:00.000Z', to: '2026-11-24T09:31:00.000Z' }]);
  });

  it('is from the loss of the connection to its return', async () => {
    const record = started();
    await record.resumed();
    await record.read(taker);
    now += 10 * minute;
    record.lost();
    now += minute;
    await record.read(taker);
    now += minute;
    await record.resumed();
    await record.read(taker);
    expect(logged).toMatchObject([{ from: '2026-11-24T09:10:00.000Z', to: '2026-11-24T09:12:00.000Z' }]);
  });

  it('is the reason of the state while the record can not be read, and over once it can', async () => {
    const record = started();
    await record.resumed();
    await record.read(taker);
    record.lost();
    now += 10 * minute;
    isLost = true;
    await record.resumed();
    await record.read(taker);
    expect(troubles).toEqual([
      "calls from 2026-11-24T09:00:00.000Z to 2026-11-24T09:10:00.000Z were not seen, and the PBX's call record can't be read to recover them: no answer from 192.0.2.1",
    ]);
    now += minute;
    isLost = false;
    await record.read(taker);
    expect(troubles.at(-1)).toBeNull();
    expect(logged.slice(1)).toMatchObject([
      { from: '2026-11-24T09:10:00.000Z', to: '2026-11-24T09:11:00.000Z' },
      { from: '2026-11-24T09:00:00.000Z', to: '2026-11-24T09:10:00.000Z' },
    ]);
  });

  it('is without a gap the time since when the record can not be read', async () => {
    const record = started();
    await record.resumed();
    await record.read(taker);
    isLost = true;
    await record.read(taker);
    now += minute;
    await record.read(taker);
    expect(new Set(troubles)).toEqual(
      new Set(["the PBX's call record can't be read since 2026-11-24T09:00:00.000Z: no answer from 192.0.2.1"]),
    );
  });

  it('is reported too where no record is configured', async () => {
    const record = started(null);
    await record.resumed();
    await record.read(taker);
    record.lost();
    now += minute;
    await record.resumed();
    await record.read(taker);
    expect(logged).toMatchObject([{ msg: expect.stringContaining('no call record is configured') }]);
    expect(troubles).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { closedByRecord } from '../../../../src/connectors/asterisk/record/closed-by-record.ts';
import { eventKey } from '../../../../src/domain/base/ids.ts';
import { endedCall } from '../../../support/calls.ts';

const key = (id: string) => eventKey('pbx', id);
const end = { extension: '101', phone: null };

describe('a call whose end was missed', () => {
  it('has the keys of both, and the transfers and recordings of what was seen live unless the record has more', () => {
    const park = { kind: 'park', from: end, to: end, at: 1, outcome: 'done' } as const;
    const known = endedCall('1', { aliases: [key('1b')], transfers: [park] });
    const record = endedCall('2', { basis: 'record', aliases: [key('1'), key('2b')], transfers: [] });
    expect(closedByRecord(known, record)).toMatchObject({
      key: key('1'),
      aliases: [key('1b'), key('2'), key('2b')],
      transfers: [{ kind: 'park' }],
    });
    const blind = { ...park, kind: 'blind' } as const;
    const more = { ...record, transfers: [park, blind] };
    expect(closedByRecord(known, more).transfers).toMatchObject([{ kind: 'park' }, { kind: 'blind' }]);
  });
});

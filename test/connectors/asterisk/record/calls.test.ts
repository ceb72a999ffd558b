import { describe, expect, it } from 'vitest';
import { callOfRows } from '../../../../src/connectors/asterisk/record/calls.ts';
import { type RecordRow, rowOf } from '../../../../src/connectors/asterisk/record/row.ts';
import { recordRules } from '../../../support/call-records.ts';

const client = '79161234567';
const line = {
  id: 'main',
  channel: 'call',
  address: '74951234567',
  label: 'Main',
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: null,
} as const;
const rules = recordRules({ extensions: '^[1-9]\\d{2}$', trunks: ['provider'] }, { managers: [], lines: [line] });

/** A row: start, answer (null if there was none) and end in seconds, and columns that differ from those of an inbound call. */
interface Row {
  readonly at: readonly [number, number | null, number];
  readonly [column: string]: string | readonly (number | null)[];
}

function rowsOf(rows: readonly Row[]): readonly RecordRow[] {
  return rows.flatMap(({ at: [start, answer, end], ...more }, i) => {
    const columns: Record<string, string | readonly (number | null)[] | undefined> = {
      ...{
        src: client,
        dst: 's',
        channel: 'PJSIP/provider-00000001',
        lastapp: 'Dial',
        uniqueid: '1.0',
        linkedid: '1.0',
      },
      ...{ start: `${start}`, answer: answer === null ? '' : `${answer}`, end: `${end}`, sequence: `${i}` },
      disposition: answer === null ? 'NO ANSWER' : 'ANSWERED',
      ...more,
    };
    const seconds = (text: string) => (text === '' ? Number.NaN : Number(text) * 1000);
    return rowOf((name) => String(columns[name] ?? ''), seconds) ?? [];
  });
}

function call(...rows: readonly Row[]) {
  const found = callOfRows(rowsOf(rows), rules);
  if (found === null) return null;
  const legs = found.legs.map(({ kind, extension, phone, talkedAt, endedAt }) => {
    const talk = talkedAt === null ? 'no talk' : `${((endedAt ?? 0) - talkedAt) / 1000} s`;
    return `${kind} ${extension ?? phone}: ${talk}`;
  });
  const { direction, state, party, dialled, automatic } = found;
  return { direction, state, number: party.raw, dialled, legs, ...(automatic !== undefined && { automatic }) };
}

describe('a call of the record', () => {
  it.each([
    [
      'is missed if voicemail answered in the row of the telephone',
      call({ at: [0, 20, 50], dstchannel: 'PJSIP/101-2', lastapp: 'VoiceMail', lastdata: '101@default,u' }),
      { direction: 'inbound', state: 'missed', legs: ['extension 101: no talk', 'voicemail 101: 50 s'] },
    ],
    [
      'is missed if a queue or a menu answered',
      call({ at: [0, 1, 60], dst: '7000', lastapp: 'Queue', lastdata: '7000,t,,,60' }),
      { state: 'missed', dialled: null, legs: ['queue 7000: 60 s'] },
    ],
    [
      'is of the line in the column of the DID',
      call({ at: [0, 5, 60], dst: '101', did: '74951234567', dstchannel: 'PJSIP/101-2' }),
      { state: 'answered', dialled: '74951234567', legs: ['extension 101: 55 s'] },
    ],
    [
      'has the client of an ISDN channel without a caller id',
      call({ at: [0, 5, 60], src: '', channel: `DAHDI/i1/${client}-1a`, dstchannel: 'PJSIP/101-2' }),
      { direction: 'inbound', number: client },
    ],
    [
      'has the number that an ISDN channel dialled',
      call({ at: [0, 5, 60], src: '101', channel: 'PJSIP/101-1', dstchannel: `DAHDI/i1/${client}-2` }),
      { direction: 'outbound', number: client, legs: ['extension 101: 55 s'] },
    ],
    [
      'has the number that the trunk was told to dial',
      call({
        at: [0, 5, 60],
        src: '101',
        channel: 'SIP/101-1',
        dst: `9${client}`,
        dstchannel: 'SIP/provider-2',
        lastdata: `SIP/provider/${client},300,T`,
      }),
      { direction: 'outbound', number: client },
    ],
    [
      'has the mobile behind a Local channel',
      call(
        { at: [0, 10, 60], dstchannel: 'Local/89990000901@from-internal-00000001;1' },
        {
          at: [0, 10, 60],
          channel: 'Local/89990000901@from-internal-00000001;2',
          dstchannel: 'PJSIP/provider-3',
          uniqueid: '1.2',
        },
      ),
      { direction: 'inbound', state: 'answered', legs: ['mobile 89990000901: 50 s'] },
    ],
    [
      'is missed if the mobile was picked up and did not confirm',
      call(
        { at: [0, null, 30], dstchannel: 'Local/89990000901@from-internal-00000001;1' },
        {
          at: [0, 10, 30],
          channel: 'Local/89990000901@from-internal-00000001;2',
          dstchannel: 'PJSIP/provider-3',
          uniqueid: '1.2',
        },
      ),
      { state: 'missed', legs: ['mobile 89990000901: no talk'] },
    ],
    [
      'is a talk with whom the party meets in a conference',
      call(
        { at: [0, 1, 60], lastapp: 'ConfBridge', lastdata: '800' },
        {
          at: [20, 21, 50],
          src: '101',
          dst: '800',
          channel: 'PJSIP/101-2',
          lastapp: 'ConfBridge',
          lastdata: '800',
          uniqueid: '1.2',
        },
      ),
      { direction: 'inbound', state: 'answered', legs: ['extension 101: 29 s'] },
    ],
    [
      'is outbound if the PBX rang the client first through a Local channel, and a queue found somebody',
      call(
        {
          at: [0, 5, 60],
          src: '74951234567',
          dst: client,
          channel: 'Local/79161234567@out-00000001;2',
          dstchannel: 'PJSIP/provider-2',
          lastdata: `PJSIP/${client}@provider`,
        },
        {
          at: [5, 6, 60],
          dst: '600',
          channel: 'Local/79161234567@out-00000001;1',
          dstchannel: 'PJSIP/101-3',
          lastapp: 'Queue',
          lastdata: '600',
          uniqueid: '1.1',
        },
      ),
      { direction: 'outbound', state: 'answered', number: client, legs: ['extension 101: 54 s', 'queue 600: 55 s'] },
    ],
    [
      'is outbound if the PBX rang the client first, under his own number',
      call({ at: [0, null, 20], lastapp: 'AppDial2', lastdata: '(Outgoing Line)' }),
      { direction: 'outbound', state: 'unanswered', number: client },
    ],
    [
      'is of the trunk that answered after a failover',
      call(
        {
          at: [0, null, 1],
          src: '101',
          channel: 'PJSIP/101-1',
          dstchannel: 'PJSIP/provider-2',
          lastdata: 'PJSIP/111111@provider',
          disposition: 'CONGESTION',
        },
        {
          at: [1, 5, 60],
          src: '101',
          channel: 'PJSIP/101-1',
          dstchannel: 'PJSIP/provider-3',
          lastdata: `PJSIP/${client}@provider`,
        },
      ),
      { state: 'answered', number: client, legs: ['extension 101: 55 s'] },
    ],
    [
      'is internal between offices',
      call({
        at: [0, 5, 60],
        src: '101',
        dst: '305',
        channel: 'PJSIP/101-1',
        dstchannel: 'PJSIP/provider-2',
        lastdata: 'PJSIP/305@provider',
      }),
      { direction: 'internal', state: 'answered', number: '305', legs: ['extension 101: 55 s', 'extension 305: 55 s'] },
    ],
    [
      'is a fax that owes nothing',
      call({ at: [0, 1, 60], lastapp: 'ReceiveFAX', lastdata: '/tmp/fax.tif' }),
      { direction: 'inbound', state: 'missed', automatic: 'fax' },
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toMatchObject(wanted);
  });

  it.each([
    ['a spy', { src: '105', dst: '555101', channel: 'PJSIP/105-1', lastapp: 'ChanSpy', lastdata: 'PJSIP/101' }],
    ['a feature code', { src: '105', dst: '*97', channel: 'PJSIP/105-1', lastapp: 'VoiceMailMain' }],
    ['a failed originate', { channel: 'OutgoingSpoolFailed-1', lastapp: 'Hangup' }],
    ['a voice bot', { channel: 'AudioSocket/127.0.0.1:9092-1', lastapp: '' }],
    ['a call-back that has our own number only', { src: '74951234567', lastapp: 'AppDial2' }],
  ])('is not made of %s', (_, row) => {
    expect(call({ at: [0, null, 20], ...row })).toBeNull();
  });

  it('has the recording that its answered rows name once, at the path that the events would name', () => {
    const found = callOfRows(
      rowsOf([
        { at: [0, null, 5], dstchannel: 'PJSIP/102-2', recordingfile: 'in-1.wav' },
        { at: [5, 8, 20], dstchannel: 'PJSIP/101-3', recordingfile: 'in-101-20261124-000001-1.0.wav' },
        { at: [20, 20, 30], dstchannel: 'PJSIP/103-4', recordingfile: 'in-101-20261124-000001-1.0.wav' },
      ]),
      rules,
    );
    expect(found?.recordings).toMatchObject([
      { file: '/var/spool/asterisk/monitor/2026/11/24/in-101-20261124-000001-1.0.wav', startedAt: 8000 },
    ]);
  });

  it('folds repeated attempts at the same telephone, and counts them', () => {
    const rows = [0, 20, 40].map((start, i): Row => {
      return { at: [start, null, start + 15], dstchannel: `PJSIP/101-${i}`, lastapp: 'Queue', lastdata: '600' };
    });
    const found = callOfRows(rowsOf(rows), rules);
    expect(found?.legs.filter(({ kind }) => kind === 'extension')).toMatchObject([
      { extension: '101', rangAt: 0, lastRangAt: 40_000, rings: 3, talkedAt: null, endedAt: 55_000 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { agiQuestion } from '../../src/answering/agi/agi-question.ts';
import { agiVariables } from '../../src/answering/agi/agi-variables.ts';
import { defaultAnswer } from '../../src/answering/answer-question.ts';
import { NumberRules } from '../../src/connectors/asterisk/numbers/number-rules.ts';

const plain = new NumberRules([], 'RU');
const variables = {
  agi_callerid: '79160000001',
  agi_dnid: '74950000001',
  agi_extension: 's',
  agi_uniqueid: '1700000000.1',
};

describe('agiQuestion', () => {
  it('reads caller, DID, call and the extensions already tried', () => {
    const asked = agiQuestion({ variables, query: new URLSearchParams('tried=anna,102&x=1') }, 'pbx', plain, 5);
    expect(asked).toEqual({
      connection: 'pbx',
      phone: '79160000001',
      line: '74950000001',
      at: 5,
      tried: ['anna', '102'],
      call: 'pbx:1700000000.1',
    });
  });

  it('prefers ?line=, and falls back to the extension if there is no DID', () => {
    const query = new URLSearchParams('line=main');
    expect(agiQuestion({ variables, query }, 'pbx', plain, 5).line).toBe('main');
    const without = { ...variables, agi_dnid: 'unknown' };
    expect(agiQuestion({ variables: without, query: new URLSearchParams() }, 'pbx', plain, 5).line).toBe('s');
  });

  it('treats "unknown" from Asterisk as missing, and truncates long values', () => {
    const query = new URLSearchParams({ tried: 'x,'.repeat(100_000) });
    const asked = agiQuestion({ variables: { agi_callerid: 'anonymous' }, query }, 'pbx', plain, 5);
    expect(asked).toMatchObject({ phone: '', line: null, call: null });
    expect(asked.tried.length).toBeLessThanOrEqual(50);
  });
});

describe('numbers of a PBX', () => {
  it('are read by the rules of the trunk', () => {
    const numbers = new NumberRules([{ match: '^98(\\d{10})$', replace: '+7$1', trunk: 'provider' }], 'RU');
    const from = (agi_channel: string) =>
      agiQuestion(
        { variables: { agi_channel, agi_callerid: '989990000001' }, query: new URLSearchParams() },
        'pbx',
        numbers,
        5,
      ).phone;
    expect(from('PJSIP/provider-0000001a')).toBe('+79990000001');
    expect(from('PJSIP/other-0000001a')).toBe('989990000001');
  });
});

describe('agiVariables', () => {
  it('sets every PATCHBAY_ variable for the default answer too, and leaves the caller name unchanged', () => {
    expect(agiVariables(defaultAnswer([]), 'PJSIP/{extension}')).toEqual([
      ['PATCHBAY_DECISION', 'default'],
      ['PATCHBAY_DIAL', ''],
      ['PATCHBAY_EXTENSION', ''],
      ['PATCHBAY_TIMEOUT', '20'],
      ['PATCHBAY_MANAGER', ''],
      ['PATCHBAY_CLIENT', ''],
      ['PATCHBAY_CLIENT_NAME', ''],
    ]);
  });

  it('joins several managers and stays within Asterisk’s length limit', () => {
    const managers = Array.from({ length: 1000 }, (_, i) => ({
      manager: { id: `m${i}`, name: 'M' },
      extension: `${100 + i}`,
    }));
    const client = { id: 'c1', name: 'Ромашка\r\nSET VARIABLE X 1' };
    const set = Object.fromEntries(
      agiVariables({ ...defaultAnswer([]), decision: 'group', managers, client }, 'PJSIP/{extension}'),
    );
    expect(set.PATCHBAY_DIAL).toMatch(/^PJSIP\/100&PJSIP\/101&/);
    expect(set.PATCHBAY_DIAL?.length).toBeLessThan(1900);
    expect(set.PATCHBAY_EXTENSION?.split(',').length).toBe(set.PATCHBAY_DIAL?.split('&').length);
    expect(set['CALLERID(name)']).toBe('Ромашка SET VARIABLE X 1');
  });
});

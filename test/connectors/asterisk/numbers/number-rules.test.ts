import { describe, expect, it } from 'vitest';
import { NumberRules } from '../../../../src/connectors/asterisk/numbers/number-rules.ts';
import type { NumberRule } from '../../../../src/connectors/asterisk/numbers/schema.ts';
import { callParty } from '../../../../src/domain/call/call-facts.ts';
import { StaffIndex } from '../../../../src/domain/directory/staff-index.ts';
import { asteriskConfig } from '../../../support/asterisk-config.ts';
import { recordingTracker } from '../tracker/support.ts';

function read(rules: readonly NumberRule[], digits: string, more: { direction?: 'inbound'; trunk?: string } = {}) {
  const numbers = new NumberRules(asteriskConfig({ numbers: [...rules] }).numbers, 'RU/495');
  return numbers.read(digits, more.direction ?? 'outbound', more.trunk ?? null);
}

describe('digits for an outside line', () => {
  it.each([
    ['9', '989990000001', '89990000001'],
    ['9', '9-8-999-000-00-01', '8-999-000-00-01'],
    ['9', '9,89990000001', '89990000001'],
    ['9', '99990000001', '9990000001'],
    ['9', '9810375291110001', '810375291110001'],
    ['9', '90000100', '0000100'],
    ['0', '089990000001', '89990000001'],
    ['98', '989990000001', '9990000001'],
    ['*9', '*989990000001', '89990000001'],
  ])('%s: %s', (outsideLine, dialled, number) => {
    expect(read([{ outsideLine }], dialled)).toBe(number);
  });

  it('are left if no telephone number remains', () => {
    expect(read([{ outsideLine: '9' }], '9990000001')).toBeNull();
    expect(read([{ outsideLine: '9' }], '911')).toBeNull();
    expect(read([{ outsideLine: '0' }], '00375291110001')).toBeNull();
  });

  it('are part of the number of a caller, unless the rule is for inbound calls', () => {
    expect(read([{ outsideLine: '9' }], '989990000001', { direction: 'inbound' })).toBeNull();
    const shown: NumberRule = { outsideLine: '9', direction: 'inbound' };
    expect(read([shown], '989990000001', { direction: 'inbound' })).toBe('89990000001');
    expect(read([shown], '989990000001')).toBeNull();
  });
});

describe('rules', () => {
  it('apply to their trunk, the first one first', () => {
    const rules: NumberRule[] = [
      { match: '^(\\d{10})$', replace: '+7$1', trunk: 'beeline' },
      { match: '^(\\d{10})$', replace: '+38$1' },
    ];
    expect(read(rules, '0671234567', { trunk: 'beeline' })).toBe('+70671234567');
    expect(read(rules, '0671234567', { trunk: 'other' })).toBe('+380671234567');
    expect(read(rules, '67', { trunk: 'other' })).toBeNull();
  });

  it('are not tried on long texts', () => {
    expect(read([{ match: '.', replace: '' }], '9'.repeat(65))).toBeNull();
  });
});

it('keeps what was dialled, and reads the number by the rules of the trunk', () => {
  const { tracker, last } = recordingTracker();
  const ids = { Uniqueid: '1.0', Linkedid: '1.0' };
  const trunk = { Channel: 'PJSIP/provider-00000002', Uniqueid: '1.1', Linkedid: '1.0', Exten: 's' };
  const phone = { Channel: 'PJSIP/101-00000001', CallerIDNum: '101', Exten: '9#89990000001', ...ids };
  tracker.handle('Newchannel', phone, 0);
  tracker.handle('Newchannel', trunk, 1);
  tracker.handle('Hangup', trunk, 2);
  tracker.handle('Hangup', phone, 3);
  const call = last.get('pbx:1.0');
  if (call === undefined) throw new Error('no call was reported');
  expect(call.trunk).toBe('provider');

  const rules: NumberRule[] = [{ match: '^9#(.*)$', replace: '$1', trunk: 'provider' }];
  const party = callParty(
    new NumberRules(rules, 'RU').applyTo(call),
    new StaffIndex({ managers: [], lines: [] }, 'RU'),
  );
  expect(party).toMatchObject({ phone: '+79990000001', raw: '9#89990000001' });
});

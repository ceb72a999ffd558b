import { describe, expect, it } from 'vitest';
import type { Trial } from '../../../src/cli/doctor/try-from-pbx.ts';
import { type Expected, verdictOn } from '../../../src/cli/doctor/verdict.ts';

// Each trial was seen on a real Asterisk (test/real/doctor.test.ts); here are the hints that depend on addresses.

const expected: Expected = { connection: 'pbx', agi: { host: '0.0.0.0', port: 4573 }, pbxHost: '10.0.0.7' };
const refused: Trial = {
  id: 'x',
  refused: null,
  url: 'agi://10.0.0.5:4573',
  answer: null,
  status: 'FAILURE',
  cause: '16',
  milliseconds: 3,
};

function told(trial: Partial<Trial>, change: Partial<Expected> = {}): string {
  const { ok, detail } = verdictOn({ ...refused, ...trial }, { ...expected, ...change });
  return `${ok} ${detail}`;
}

describe('verdictOn', () => {
  it('says what answered and how fast', () => {
    const answered = { answer: 'x pbx', status: 'SUCCESS' };
    expect(told(answered)).toBe('true the PBX reaches agi://10.0.0.5:4573 and got an answer in 3 ms');
  });

  it('adds no guesses to a plain refusal', () => {
    expect(told({})).toBe("false the PBX can't connect to agi://10.0.0.5:4573: connection refused");
  });

  it('tells refused from dropped by the time it took', () => {
    expect(told({ milliseconds: 2003 })).toContain('a firewall may drop the packets, or the address is wrong');
  });

  it('knows that 127.0.0.1 is the PBX itself', () => {
    const url = 'agi://127.0.0.1:4573';
    expect(told({ url })).toContain('print the dialplan with --host');
    expect(told({ url }, { pbxHost: '127.0.0.1' })).not.toContain('--host');
  });

  it('knows where Patchbay listens', () => {
    expect(told({}, { agi: { host: '127.0.0.1', port: 4573 } })).toContain('set it to 0.0.0.0');
    expect(told({}, { agi: { host: '0.0.0.0', port: 4574 } })).toContain('listens on port 4574');
  });

  it('asks about the name where there is one', () => {
    expect(told({ url: 'agi://patchbay.lan:4573' })).toContain('resolve the name patchbay.lan');
  });

  it('takes an answer to an earlier trial for none', () => {
    expect(told({ answer: 'earlier pbx', status: 'SUCCESS' })).toContain('it is not Patchbay');
  });

  it('tells a dialplan that broke off', () => {
    expect(told({ status: null })).toContain('res_agi');
  });
});

import { describe, expect, it } from 'vitest';
import type { Trial } from '../../../src/cli/doctor/try-from-pbx.ts';
import { type Expected, verdictOn } from '../../../src/cli/doctor/verdict.ts';

// Each trial was observed on a real Asterisk (test/real/doctor.test.ts). These tests cover the hints that depend on addresses.

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

function verdict(trial: Partial<Trial>, change: Partial<Expected> = {}): string {
  const { ok, detail } = verdictOn({ ...refused, ...trial }, { ...expected, ...change });
  return `${ok} ${detail}`;
}

describe('verdictOn', () => {
  it('reports which address answered and how fast', () => {
    const answered = { answer: 'x pbx', status: 'SUCCESS' };
    expect(verdict(answered)).toBe('true the PBX reaches agi://10.0.0.5:4573 and got an answer in 3 ms');
  });

  it('adds no guesses to a plain "connection refused"', () => {
    expect(verdict({})).toBe("false the PBX can't connect to agi://10.0.0.5:4573: connection refused");
  });

  it('distinguishes a refused connection from dropped packets by the elapsed time', () => {
    expect(verdict({ milliseconds: 2003 })).toContain('a firewall may drop the packets, or the address is wrong');
  });

  it('recognises 127.0.0.1 as the PBX itself', () => {
    const url = 'agi://127.0.0.1:4573';
    expect(verdict({ url })).toContain('print the dialplan with --host');
    expect(verdict({ url }, { pbxHost: '127.0.0.1' })).not.toContain('--host');
  });

  it('takes into account where Patchbay listens', () => {
    expect(verdict({}, { agi: { host: '127.0.0.1', port: 4573 } })).toContain('set it to 0.0.0.0');
    expect(verdict({}, { agi: { host: '0.0.0.0', port: 4574 } })).toContain('listens on port 4574');
  });

  it('suggests checking name resolution if the URL contains a host name', () => {
    expect(verdict({ url: 'agi://patchbay.lan:4573' })).toContain('resolve the name patchbay.lan');
  });

  it('does not accept an answer to an earlier trial', () => {
    expect(verdict({ answer: 'earlier pbx', status: 'SUCCESS' })).toContain('it is not Patchbay');
  });

  it('reports a dialplan that stopped early', () => {
    expect(verdict({ status: null })).toContain('res_agi');
  });
});

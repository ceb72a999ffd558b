import { describe, expect, it } from 'vitest';
import { ownAddresses } from '../../../src/connectors/mail/own-addresses.ts';
import { manager } from '../../support/calls.ts';
import { mailSettings } from './support.ts';

describe('our own addresses', () => {
  const config = mailSettings({ addresses: ['old@our.example', '@branch.example'], journal: 'copies@our.example' });
  const managers = [manager('a', '101', { email: 'Anna@our.example' })];

  it.each([
    ['SALES@our.example', true],
    ['old@our.example', true],
    ['anybody@branch.example', true],
    ['copies@our.example', true],
    ['anna@our.example', true],
    ['ivan@client.example', false],
    ['branch.example', false],
  ])('%s is ours: %s', (address, ours) => {
    expect(ownAddresses(config, { managers, lines: [] })(address)).toBe(ours);
  });

  it('are computed once per configuration', () => {
    const lines: [] = [];
    const first = ownAddresses(config, { managers, lines });
    expect(ownAddresses(config, { managers, lines })).toBe(first);
    const next = ownAddresses(config, { managers: [], lines });
    expect([first('anna@our.example'), next('anna@our.example')]).toEqual([true, false]);
  });
});

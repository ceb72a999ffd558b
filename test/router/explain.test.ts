import { expect, it } from 'vitest';
import { decideRoute } from '../../src/router/decide-route.ts';
import { dialString } from '../../src/router/dial-string.ts';
import { explainRoute } from '../../src/router/explain.ts';
import { facts, head, manager, match, question } from './facts.ts';

it('the explanation has each piece of evidence, each trace step and the decision on a line', () => {
  const known = match('matched', [head('c1', { responsible: 'anna' })]);
  const given = facts({ match: known, managers: [manager('anna', { name: 'Anna', extensions: ['101'] })] });

  const lines = explainRoute(known, decideRoute(question(), given));

  expect(lines).toEqual([
    'Match: matched Client c1 [c1]',
    '  Client c1 [c1]: phone of the client',
    'Trace:',
    '  * client: the caller is a known client; responsible is Anna',
    '  + responsible: Anna can be reached',
    'Decision: responsible → Anna (101) for 20 s',
  ]);
});

it('a dial string contains nothing that the dialplan could interpret as more than an extension', () => {
  const managers = ['101', '1,2', 'x&y', '$EXTEN', '102', '101'].map((extension) => ({
    manager: { id: 'm', name: 'M' },
    extension,
  }));
  expect(dialString({ managers }, 'PJSIP/{extension}')).toBe('PJSIP/101&PJSIP/102');
});

import { expect, it } from 'vitest';
import { fillSignature } from '../../../src/domain/written/fill-signature.ts';
import { manager } from '../../support/calls.ts';

const anna = manager('a', 'pbx/101', { name: 'Anna <A&B>', email: 'anna@our.example', mobile: null });

it('fills in the variables, and leaves out lines whose variable has no value', () => {
  const signature = {
    text: '{manager.name}, {company}\next. {manager.extension}\nmobile {manager.mobile}\n{manager.email} {brace}',
    html: '<b>{manager.name}</b><br>\nmobile {manager.mobile}<br>\n{manager.email}',
    logo: null,
    company: 'Pumps',
  };
  expect(fillSignature(signature, anna, undefined)).toEqual({
    text: 'Anna <A&B>, Pumps\next. 101\nanna@our.example {brace}',
    html: '<b>Anna &lt;A&amp;B&gt;</b><br>\nanna@our.example',
    logo: null,
  });
});

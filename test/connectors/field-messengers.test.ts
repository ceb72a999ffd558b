import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differ } from '../support/field-match.ts';
import { fieldMessages, MessengerOffice, ownMessages } from '../support/field-messengers.ts';

/** Plays every file of `field-cases/messengers` and `own-cases/messengers` through the gateway and compares the result. */
describe.each([
  ['the field', fieldMessages],
  ['our own', ownMessages],
])('messages of %s', (_name, cases) => {
  const office = new MessengerOffice();
  beforeAll(() => office.open());
  afterAll(() => office.close());

  it.each(Object.entries(cases))('%s', async (file, one) => {
    const { interactions, leads, tasks } = await office.play(file);

    if (one.interactions !== undefined) expect(differ(one.interactions, interactions)).toBeNull();
    if (one.leads !== undefined) expect(leads.length, 'leads').toBe(one.leads);
    if (one.tasks !== undefined) expect(tasks.length, 'tasks').toBe(one.tasks);
  });
});

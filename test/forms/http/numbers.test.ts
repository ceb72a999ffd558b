import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormOffice, openFormOffice } from '../../support/forms.ts';

const minute = 60_000;

describe('POST /api/v1/forms/{line}/number', () => {
  let office: FormOffice;
  beforeAll(async () => {
    const pool = { numbers: ['74951230001', '74951230002'], hold: 15 * minute };
    office = await openFormOffice({ site: { numbers: 'main' }, plain: {} }, {}, { pool });
  });
  afterAll(() => office.close());

  const ask = async (visit: string, more: object = {}) => {
    const answer = await office.submit('site/number', JSON.stringify({ visit, ...more }), {
      'content-type': 'text/plain',
      origin: 'https://shop.example',
    });
    return { status: answer.status, ...((await answer.json()) as { phone: string; text: string; tracked: boolean }) };
  };

  it('shows each visit its own number while there are free ones, then the common number', async () => {
    const one = await ask('visit-one');
    expect(one).toMatchObject({ status: 200, phone: '+74951230001', text: '+7 495 123 00 01', tracked: true });
    expect(await ask('visit-two')).toMatchObject({ phone: '+74951230002', tracked: true });
    expect(await ask('visit-one')).toMatchObject({ phone: '+74951230001' });
    expect(await ask('visit-three')).toMatchObject({ phone: '+74951234567', tracked: false });
    office.clock.shift(10 * minute);
    await ask('visit-one');
    office.clock.shift(10 * minute);
    // The second visit has ended, the first is still active.
    expect(await ask('visit-three')).toMatchObject({ phone: '+74951230002', tracked: true });
  });

  it('never shows one number to two concurrent visits', async () => {
    office.clock.shift(60 * minute);
    const shown = await Promise.all(['race-one', 'race-two', 'race-three', 'race-four'].map((visit) => ask(visit)));
    const tracked = shown.filter((one) => one.tracked).map((one) => one.phone);
    expect(new Set(tracked).size).toBe(tracked.length);
    expect(tracked.length).toBe(2);
  });

  it('rejects visits without a name, and forms without a number pool', async () => {
    expect((await ask('x')).status).toBe(422);
    expect((await office.submit('plain/number', { visit: 'visit-one' })).status).toBe(404);
    expect((await office.submit('nowhere/number', { visit: 'visit-one' })).status).toBe(404);
  });
});

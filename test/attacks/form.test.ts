import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker } from '../real/siege/asker.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';

describe('the public form under attack', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    program = await AttackedProgram.start();
  }, 60_000);

  afterAll(async () => {
    await program?.stop();
  });

  it('accepts a form while a PBX asks for routes', async () => {
    const asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    await asker.ask();
    const answer = await fetch(`${program.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Anna', phone: '+79161110009' }),
    });
    expect(answer.status).toBe(200);
    expect(asker.wrong).toEqual([]);
  });
});

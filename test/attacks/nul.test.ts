import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { chatConnection, sendMessage } from './support/chat.ts';
import { AttackedProgram, adminToken } from './support/program.ts';

const oddities = { NUL: '\0', 'a lone high half': '\ud83d', 'a lone low half': '\ude00' };

describe('NUL characters and lone surrogates', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    program = await AttackedProgram.start({ config: { connectors: chatConnection } });
  }, 60_000);

  afterAll(() => program?.stop());

  const texts = async () =>
    (await program.api<{ items: Interaction[] }>('GET', '/api/v1/interactions?limit=200')).items.map(
      ({ text }) => text,
    );

  it.each(Object.entries(oddities))('do not lose a message with %s in any field', async (name, odd) => {
    const word = `${name} x${odd}y`;
    const message = {
      ...{ id: word, conversation: word, text: `hello ${name}`, answers: word },
      from: { id: word, name: word, username: word, phone: word, email: word },
      attribution: { source: word, medium: word, campaign: word, content: word, term: word },
    };
    expect(await sendMessage(program, message)).toBe(200);
    expect(await texts()).toContain(`hello ${name}`);
  });

  it.each(Object.entries(oddities))('do not lose a form with %s in names and values', async (name, odd) => {
    const answer = await fetch(
      `${program.url}/api/v1/forms/site?utm_source=a${encodeURIComponent(odd === '\0' ? odd : 'b')}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': name.replaceAll(' ', '-') },
        body: JSON.stringify({ name: `Anna ${odd}`, [`odd ${odd}`]: `form of ${name}${odd}`, phone: '+79161110009' }),
      },
    );
    expect(answer.status).toBe(200);
    expect((await texts()).join('\n')).toContain(`form of ${name}`);
  });

  it('in one row lose neither that row nor the other 99 of an import', async () => {
    const rows = Array.from({ length: 100 }, (_, i) =>
      JSON.stringify({ id: `r${i}`, name: `Row ${i}`, ...(i === 50 && { segment: 'a\0b', responsible: 'm\ud83d' }) }),
    );
    const answer = await fetch(`${program.url}/api/v1/clients/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/x-ndjson' },
      body: rows.join('\n'),
    });
    expect(await answer.json()).toMatchObject({ accepted: 100, refused: 0 });
    for (const id of ['r0', 'r50', 'r99'])
      expect(await program.api('GET', `/api/v1/clients/${id}`)).toMatchObject({ id });
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { Dovecot } from '../real/mail/dovecot.ts';
import { Asker } from '../real/siege/asker.ts';
import { hostileLetters } from './support/hostile-letters.ts';
import { AttackedProgram, adminToken, clientPhone, did } from './support/program.ts';

/** Milliseconds that a visitor waits at most, and that a normal letter waits behind a hostile one. */
const patience = 5000;
const letterPatience = 45_000;
/** Milliseconds between visitors and between callers: this tests the effect of a letter, not the rate of calls. */
const pace = 20;

describe('letters that are slow to parse', () => {
  let program: AttackedProgram;
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = new Dovecot();
    await dovecot.start();
    // Creates the folders, as a server does for a new mailbox.
    for (const folder of ['INBOX', 'Sent']) dovecot.deliver('sales', [], folder);
    program = await AttackedProgram.start({
      config: {
        connectors: {
          sales: {
            kind: 'mail',
            address: 'sales@our.example',
            user: 'sales',
            password: 'secret',
            since: '2020-01-01',
            imap: { host: '127.0.0.1', port: dovecot.port, tls: false },
          },
        },
      },
    });
  }, 90_000);

  afterAll(async () => {
    await program?.stop();
    await dovecot?.close();
  });

  const send = (comment: string) =>
    fetch(`${program.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Anna', phone: '+79161110009', comment }),
      signal: AbortSignal.timeout(patience),
    });

  /** The letter from an address, once it has been stored. */
  const arrived = (email: string, since: string) =>
    vi.waitFor(
      async () => {
        const { items } = await program.api<{ items: readonly Interaction[] }>(
          'GET',
          `/api/v1/interactions?channel=email&limit=20&since=${since}`,
        );
        return items.find(({ party }) => party.email === email) ?? expect.fail(`no letter of ${email}`);
      },
      { timeout: letterPatience, interval: 100 },
    );

  /** Views a letter twice, as the desk does. */
  async function look({ html }: Interaction): Promise<void> {
    if (html === null) return;
    const path = new URL(html.url).pathname;
    for (const _ of [1, 2]) {
      const answer = await fetch(`${program.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('</html>');
    }
  }

  it.each(hostileLetters.map(({ name }) => name))('delay no visitor, caller or other letter: %s', async (name) => {
    const { raw } = hostileLetters.find((one) => one.name === name) ?? expect.fail();
    const people = Buffer.from(
      `From: <after-${name}@good.example>\r\nTo: sales@our.example\r\nSubject: Pumps\r\n\r\nHow much?`,
    );
    const asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    const letters = (async () => {
      // Whole seconds, because a mailbox stores arrival times without fractions.
      const since = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
      dovecot.deliver('sales', [raw]);
      dovecot.deliver('sales', [people]);
      const [hostile] = await Promise.all([
        arrived(`${name}@evil.example`, since),
        arrived(`after-${name}@good.example`, since),
      ]);
      await look(hostile);
    })();
    let busy = true;
    const whileBusy = async (act: (i: number) => Promise<unknown>) => {
      for (let i = 0; busy; i += 1) await Promise.all([act(i), pause(pace)]);
    };
    const others = [
      whileBusy(() => asker.ask()),
      whileBusy(async (i) => expect((await send(`${name} ${i}`)).status).toBe(200)),
    ];
    await letters.finally(() => {
      busy = false;
    });
    await Promise.all(others);
    expect(asker.wrong).toEqual([]);
  });
});

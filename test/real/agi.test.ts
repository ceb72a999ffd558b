import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setVariable } from '../../src/connectors/asterisk/agi/request.ts';
import { type AgiHandler, AgiServer } from '../../src/connectors/asterisk/agi/server.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { freeTcpPort } from './lab/ports.ts';

// Our FastAGI server sends all its commands in one write and ends its side: what becomes of them in a real res_agi.

const versions: readonly AsteriskVersion[] = ['22', '16'];

/** A group's dial string, close to the 2,048 bytes that Asterisk reads a command into. */
const longest = Array.from({ length: 160 }, (_, i) => `SIP/${100_000 + i}`).join('&');

/** What a client may be called, and the like. */
const values: Readonly<Record<string, string>> = {
  PATCHBAY_DECISION: 'group',
  PATCHBAY_EXTENSION: '101,102',
  PATCHBAY_TIMEOUT: '20',
  PATCHBAY_MANAGER: 'иванова,petrov',
  PATCHBAY_CLIENT: 'crm:7',
  PATCHBAY_CLIENT_NAME: 'ООО "Ромашка, лютик" \\ ${HANGUPCAUSE} $[1+1]; 🌼',
  'CALLERID(name)': 'ООО "Ромашка" (опт), отдел 5',
};

describe.each(versions)('FastAGI answers in Asterisk %s', (version) => {
  let pbx: Asterisk;
  let port: number;
  let server: AgiServer | null = null;

  beforeAll(async () => {
    port = await freeTcpPort();
    const asking = [
      '[asking]',
      `exten => s,1,AGI(agi://127.0.0.1:${port}/route)`,
      ' same => n,Set(PATCHBAY_ASKED=${AGISTATUS})',
      ' same => n,Wait(30)',
    ];
    pbx = new Asterisk({ version, extra: { 'extensions.conf': asking.join('\n') } });
    await pbx.start();
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
    await pbx.cli('channel request hangup all');
    await pbx.idle();
  });

  afterAll(() => pbx.dispose());

  /** Lets a channel ask; resolves with the channel's name, the status of its AGI, and how long it took. */
  async function ask(handler: AgiHandler): Promise<{ channel: string; status: string; ms: number }> {
    server = new AgiServer({ host: '127.0.0.1', port, log: silentLogger }, handler);
    await server.start();
    const since = pbx.ami.events.length;
    const began = performance.now();
    await pbx.ami.action({
      Action: 'Originate',
      Channel: 'Local/s@asking',
      Application: 'Wait',
      Data: '30',
      Async: 'true',
    });
    const asked = await pbx.ami.waitFor('the answer', (one) => one.Variable === 'PATCHBAY_ASKED', 5000, since);
    return { channel: asked.Channel ?? '', status: asked.Value ?? '', ms: performance.now() - began };
  }

  it('sets every variable, whatever stands in it, without waiting for one another', async () => {
    const since = pbx.ami.events.length;
    const { channel, status, ms } = await ask(() =>
      Object.entries({ ...values, PATCHBAY_DIAL: longest }).map(([name, value]) => setVariable(name, value)),
    );

    expect(status).toBe('SUCCESS');
    const set: Record<string, string> = {};
    for (const name of Object.keys(values)) {
      const { response } = await pbx.ami.action({ Action: 'Getvar', Channel: channel, Variable: name });
      set[name] = response.Value ?? '';
    }
    expect(set).toEqual(values);
    // Getvar shows no more than 1,023 bytes.
    const dial = await pbx.ami.waitFor('its VarSet', (one) => one.Variable === 'PATCHBAY_DIAL', 1000, since);
    expect(dial.Value).toBe(longest);
    // Commands that lie in Asterisk's buffer until the session ends would show as its ten seconds.
    expect(ms).toBeLessThan(5000);
  });

  it('goes on at once where nothing is told', async () => {
    expect((await ask(() => [])).status).toBe('SUCCESS');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setVariable } from '../../src/connectors/asterisk/agi/request.ts';
import { type AgiHandler, AgiServer } from '../../src/connectors/asterisk/agi/server.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { freeTcpPort } from './lab/ports.ts';

// Our FastAGI server sends all its commands in one write and then ends its side. These tests show how a real res_agi handles that.

const versions: readonly AsteriskVersion[] = ['22', '16'];

/** A ring group's dial string, close to the 2,048 bytes that Asterisk reads of a command. */
const longest = Array.from({ length: 160 }, (_, i) => `SIP/${100_000 + i}`).join('&');

/** Client names and similar values. */
const values: Readonly<Record<string, string>> = {
  PATCHBAY_DECISION: 'group',
  PATCHBAY_EXTENSION: '101,102',
  PATCHBAY_TIMEOUT: '20',
  PATCHBAY_MANAGER: 'иванова,petrov',
  PATCHBAY_CLIENT: 'crm:7',
  PATCHBAY_CLIENT_NAME: 'ООО "Ромашка, лютик" \\ ${HANGUPCAUSE} $[1+1]; 🌼',
  'CALLERID(name)': 'ООО "Ромашка" (опт), отдел 5',
};

describe.each(versions)('FastAGI answers on Asterisk %s', (version) => {
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

  /** Lets a channel ask; resolves with the channel's name, its AGISTATUS and the duration. */
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

  it('sets every variable, whatever its value, without waiting for each reply', async () => {
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
    // Getvar shows at most 1,023 bytes.
    const dial = await pbx.ami.waitFor('its VarSet', (one) => one.Variable === 'PATCHBAY_DIAL', 1000, since);
    expect(dial.Value).toBe(longest);
    // Commands left in Asterisk's buffer until the session ends would take its ten seconds.
    expect(ms).toBeLessThan(5000);
  });

  it('continues at once if no variables are set', async () => {
    expect((await ask(() => [])).status).toBe('SUCCESS');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PbxFlavor } from '../../src/cli/pbx-options.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { type DummyAnswer, GatewayPort } from './lab/dummy-gateway.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { freepbx, mikopbx, productDid } from './lab/products.ts';
import { SippOffice } from './lab/sipp.ts';

// The output of `pbx-config` for FreePBX and MikoPBX, inside the contexts that these generate (stand-ins, see lab/products.ts), on a real Asterisk.

const connectedWithinMs = 2500;

interface Product {
  readonly name: string;
  readonly flavor: PbxFlavor;
  readonly fallback: string;
  readonly around: string;
  /** The releases to test on; all by default. */
  readonly versions?: readonly AsteriskVersion[];
}

const products: readonly Product[] = [
  { name: 'FreePBX', flavor: 'freepbx', fallback: 'ext-group,650,1', around: freepbx(false) },
  { name: 'FreePBX with Return', flavor: 'freepbx', fallback: 'return', around: freepbx(true), versions: ['22'] },
  { name: 'MikoPBX', flavor: 'mikopbx', fallback: 'return', around: mikopbx() },
];
const versions: readonly AsteriskVersion[] = ['22', '16'];
const ways = ['agi', 'curl'] as const;
const laboratories = versions.flatMap((version) =>
  products
    .filter((product) => (product.versions ?? versions).includes(version))
    .flatMap((product) => ways.map((way) => ({ version, product, way, name: product.name }))),
);

const responsible: DummyAnswer = {
  PATCHBAY_DECISION: 'responsible',
  PATCHBAY_DIAL: 'PJSIP/101',
  PATCHBAY_EXTENSION: '101',
  PATCHBAY_TIMEOUT: '20',
};

describe.each(laboratories)('$name on Asterisk $version, way $way', ({ version, product, way }) => {
  let pbx: Asterisk;
  let office: SippOffice;
  let gateway: GatewayPort;

  beforeAll(async () => {
    const port = await freeTcpPort();
    gateway = new GatewayPort(way, port);
    const { flavor, fallback } = product;
    const printed = Object.entries(printedConfig(port, { flavor, fallback, way }));
    const text = (part: string) => printed.find(([file]) => file.startsWith(part))?.[1] ?? '';
    // What the printed text tells an administrator of MikoPBX to do.
    const plan = text('extensions').replaceAll('PROVIDER', 'SIP-TRUNK-1');
    pbx = new Asterisk({
      version,
      extra: {
        'manager.conf': text('manager'),
        'cdr.conf': text('cdr'),
        'extensions.conf': `${product.around}\n${plan}\n`,
      },
    });
    await pbx.start();
    office = new SippOffice(pbx);
  });

  afterEach(async () => {
    await pbx.idle();
    await office.stopAll();
    await gateway.clear();
  });

  afterAll(() => pbx.dispose());

  /** A call connected by the product's own route; returns how long the caller waited. */
  async function productsOwnCall(): Promise<number> {
    const since = pbx.ami.events.length;
    const phone = await office.phone('104', { kind: 'answer', afterMs: 0 });
    const caller = await office.callIn({ from: client, to: productDid, hangUpAfterMs: 300 });
    const call = await caller.done();
    expect(phone.calls, JSON.stringify(phone.calls)).toHaveLength(1);
    const went = await pbx.ami.waitFor('its route', (one) => one.Variable === 'LAB_FALLBACK', 1000, since);
    expect(went.Value).toBe(productDid);
    return (call.answeredAt ?? Number.POSITIVE_INFINITY) - call.invitedAt;
  }

  it('asks for the route of the DID and rings the responsible manager', async () => {
    const dummy = await gateway.answering([responsible]);
    const phone = await office.phone('101', { kind: 'answer', afterMs: 200 });

    const caller = await office.callIn({ from: client, to: productDid, hangUpAfterMs: 500 });
    const call = await caller.done();

    expect(call.status).toBe(200);
    expect(phone.calls).toHaveLength(1);
    expect(dummy.questions.map((one) => one.get('line'))).toEqual([productDid]);
  });

  it('continues with the product’s own route if the gateway finds nobody', async () => {
    await gateway.answering([{ ...responsible, PATCHBAY_DECISION: 'default', PATCHBAY_DIAL: '' }]);
    await expect(productsOwnCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  it('continues with the product’s own route if nobody answers the call', async () => {
    await gateway.answering([responsible]);
    await office.phone('101', { kind: 'refuse', status: 486, afterMs: 50 });
    await expect(productsOwnCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  it('continues with the product’s own route if the gateway rejects the request', async () => {
    await expect(productsOwnCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  it('continues with the product’s own route if the gateway is unreachable', async () => {
    const listener = await gateway.frozen();
    await listener.fill();
    await expect(productsOwnCall()).resolves.toBeLessThan(connectedWithinMs);
  });

  if (way === 'curl')
    it('continues with the product’s own route if the gateway hangs', async () => {
      await gateway.frozen();
      await expect(productsOwnCall()).resolves.toBeLessThan(connectedWithinMs);
    });

  if (way === 'agi')
    it('sends the call to the product’s queue', async () => {
      await gateway.answering([
        { ...responsible, PATCHBAY_DECISION: 'queue', PATCHBAY_DIAL: '', PATCHBAY_EXTENSION: '600' },
      ]);
      const since = pbx.ami.events.length;
      await office.phone('102', { kind: 'ring' });
      const agent = await office.phone('101', { kind: 'answer', afterMs: 200 });

      const caller = await office.callIn({ from: client, to: productDid, hangUpAfterMs: 1500 });
      await caller.done();

      expect(agent.calls[0]?.status).toBe(200);
      const joined = await pbx.ami.waitFor('QueueCallerJoin', (one) => one.Event === 'QueueCallerJoin', 1000, since);
      expect(joined.Queue).toBe('600');
    });
});

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AmiClient } from '../../../../src/connectors/asterisk/ami/client.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';

describe('reconnecting of the AMI client', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** The delays before the next `attempts` connections, all of which the PBX drops. The test does not wait for them. */
  async function delaysBefore(random: () => number, attempts: number): Promise<readonly number[]> {
    const delays: number[] = [];
    let enough = () => {};
    const done = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const client = new AmiClient(
      {
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        username: 'u',
        secret: 's',
        tls: false,
        eventMask: 'call',
        backoff: { min: 100, max: 3000 },
        random,
        wait: async (ms, signal) => {
          delays.push(ms);
          if (delays.length < attempts) return;
          enough();
          await once(signal, 'abort');
        },
        log: silentLogger,
      },
      { onEvent: () => {}, onReady: () => {}, onState: () => {} },
    );
    client.start();
    await done;
    await client.stop();
    return delays;
  }

  it('increases the delay each time, up to a limit', async () => {
    expect(await delaysBefore(() => 1 - Number.EPSILON, 8)).toEqual([200, 400, 800, 1600, 3000, 3000, 3000, 3000]);
  });

  it('is spread over clients from the first attempt on, so that a restarted PBX is not overrun', async () => {
    const [early, late] = await Promise.all([delaysBefore(() => 0.1, 8), delaysBefore(() => 0.7, 8)]);

    expect(early).toEqual([110, 130, 170, 250, 390, 390, 390, 390]);
    expect(late).toEqual([170, 310, 590, 1150, 2130, 2130, 2130, 2130]);
  });

  it('draws a new random number for each delay', async () => {
    const chances = [0.5, 0.2, 0.9, 0.4];
    const drawn = await delaysBefore(() => chances.shift() ?? 0, 4);

    expect(drawn).toEqual([150, 160, 730, 700]);
  });
});

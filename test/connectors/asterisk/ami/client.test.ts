import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AmiClient, type AmiOptions } from '../../../../src/connectors/asterisk/ami/client.ts';
import type { AmiMessage } from '../../../../src/connectors/asterisk/ami/message.ts';
import { reasonText } from '../../../../src/domain/reasons/reasons.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { AmiTestServer, success, testCertificate } from '../../../support/ami-server.ts';

describe('AMI client', () => {
  let server: AmiTestServer;
  let port: number;
  let client: AmiClient | null;
  let events: AmiMessage[];
  let states: string[];
  let waiting: { until: () => boolean; resolve: () => void }[];

  beforeEach(async () => {
    server = new AmiTestServer();
    port = await server.listen();
    client = null;
    events = [];
    states = [];
    waiting = [];
  });

  afterEach(async () => {
    await client?.stop();
    await server.close();
  });

  function begin(
    more: Partial<AmiOptions> = {},
    onReady: (client: AmiClient) => Promise<void> | void = () => {},
  ): AmiClient {
    const check = () => {
      for (const entry of waiting) if (entry.until()) entry.resolve();
    };
    const options = {
      host: '127.0.0.1',
      port,
      username: 'u',
      secret: 'geheim',
      tls: false,
      eventMask: 'call',
      log: silentLogger,
    } as const;
    client = new AmiClient(
      { ...options, backoff: { min: 1, max: 5 }, refusedDelay: 5, ...more },
      {
        onEvent: (event) => {
          events.push(event);
          check();
        },
        onReady,
        onState: (health, reason) => {
          states.push(reason === null ? health : `${health}: ${reasonText(reason)}`);
          check();
        },
      },
    );
    client.start();
    return client;
  }

  function until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => waiting.push({ until: condition, resolve }));
  }

  it('logs in with its event mask, sets filters, and is ready after the resync', async () => {
    begin({ filters: ['Event: Hangup'] }, async (ami) => {
      await ami.list('CoreShowChannels');
    });
    server.answer = (action) =>
      action.get('action') === 'CoreShowChannels'
        ? success(action, 'EventList: start\r\n') +
          `Event: CoreShowChannel\r\nActionID: ${action.get('actionid')}\r\n\r\nEvent: CoreShowChannelsComplete\r\nActionID: ${action.get('actionid')}\r\nEventList: Complete\r\n\r\n`
        : success(action);
    await until(() => states.includes('ready'));
    expect(server.actions.map((action) => action.get('action'))).toEqual(['Login', 'Filter', 'CoreShowChannels']);
    expect(server.actions[0]?.get('events')).toBe('call');
  });

  it('continues without filters if the account may not set them', async () => {
    server.answer = (action) =>
      action.get('action') === 'Filter'
        ? `Response: Error\r\nActionID: ${action.get('actionid')}\r\nMessage: Permission denied\r\n\r\n`
        : success(action);
    begin({ filters: ['Event: Hangup'] });
    await until(() => states.includes('ready'));
    expect(states).not.toContain('failed');
  });

  it('reports a wrong password as such, and never logs it', async () => {
    server.answer = (action) =>
      `Response: Error\r\nActionID: ${action.get('actionid')}\r\nMessage: Authentication failed\r\n\r\n`;
    begin();
    await until(() => states.some((state) => state.startsWith('failed')));
    const failed = states.find((state) => state.startsWith('failed'));
    expect(failed).toMatch(/refused the login; check ami.username.*: Authentication failed$/);
    expect(failed).not.toContain('geheim');
  });

  it('loses no event that arrives together with the login response', async () => {
    server.answer = (action) =>
      `${success(action)}Event: FullyBooted\r\n\r\nEvent: Newchannel\r\nChannel: PJSIP/1\r\n\r\n`;
    begin();
    await until(() => events.length === 2);
    expect(events.map((event) => event.name)).toEqual(['FullyBooted', 'Newchannel']);
  });

  it('rejects pending actions when the connection drops, and never sends them again', async () => {
    let drops = 0;
    server.answer = (action) => {
      if (action.get('action') !== 'Originate') return success(action);
      drops += 1;
      server.cut();
      return null;
    };
    const ami = begin();
    await until(() => states.includes('ready'));
    await expect(ami.action('Originate', { Channel: 'PJSIP/101' })).rejects.toMatchObject({
      code: 'dropped',
      sent: true,
    });
    await until(() => states.filter((state) => state === 'ready').length === 2);
    expect(drops).toBe(1);
    expect(server.actions.filter((action) => action.get('action') === 'Originate')).toHaveLength(1);
  });

  it('starts each connection with a new parser', async () => {
    begin();
    await until(() => states.includes('ready'));
    server.say('Event: Newchannel\r\nChannel: PJSIP/half');
    server.cut();
    await until(() => states.filter((state) => state === 'ready').length === 2);
    server.say('Event: Hangup\r\nChannel: PJSIP/2\r\n\r\n');
    await until(() => events.length > 0);
    expect(events.map((event) => event.name)).toEqual(['Hangup']);
  });

  it('rejects line breaks in keys and values before sending anything', async () => {
    const ami = begin();
    await until(() => states.includes('ready'));
    const before = server.actions.length;
    await expect(ami.action('Originate', { CallerID: 'x\r\nAction: Command' })).rejects.toMatchObject({
      code: 'unsafe',
      sent: false,
    });
    await expect(ami.action('Originate', { 'Bad\nKey': 'x' })).rejects.toMatchObject({ code: 'unsafe' });
    expect(server.actions).toHaveLength(before);
  });

  it('times out an action without a response, and a connection without a pong', async () => {
    server.answer = (action) => (action.get('action') === 'Login' ? success(action) : null);
    const ami = begin({ pingInterval: 20, actionTimeout: 30 });
    await until(() => states.includes('ready'));
    await expect(ami.action('Status')).rejects.toMatchObject({ code: 'timed-out' });
    await until(() => states.some((state) => state.includes('does not answer a Ping')));
  });

  it('rejects a server that is not AMI', async () => {
    await server.close();
    server = new AmiTestServer('HTTP/1.1 400 Bad Request\r\n');
    port = await server.listen();
    begin();
    await until(() => states.some((state) => state.startsWith('failed')));
    expect(states.find((state) => state.startsWith('failed'))).toMatch(/expected the greeting/);
  });

  it('connects by TLS to a PBX with a trusted certificate, and sends nothing to another', async () => {
    await server.close();
    server = new AmiTestServer(undefined, { tls: true });
    port = await server.listen();
    begin({ tls: {} });
    await until(() => states.some((state) => state.startsWith('failed')));
    expect(states.find((state) => state.startsWith('failed'))).toMatch(/self-signed certificate/);
    expect(server.actions).toEqual([]);
    await client?.stop();
    begin({ tls: { ca: testCertificate } });
    await until(() => states.includes('ready'));
    expect(server.actions.map((action) => action.get('action'))).toEqual(['Login']);
  });
});

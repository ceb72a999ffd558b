import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import { freeTcpPort } from '../real/lab/ports.ts';
import { Asker } from '../real/siege/asker.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';

const environment = `agi_network: yes\nagi_network_script: route?line=${did}\nagi_uniqueid: spy.1\nagi_callerid: ${clientPhone}\n\n`;

describe('FastAGI', () => {
  const release: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of release.splice(0).reverse()) await end();
  });

  /** The response to a peer that connects from `from`. */
  const ask = (port: number, from: string) =>
    new Promise<string>((resolve) => {
      let received = '';
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve(received));
      socket.write(environment);
    });

  it('reveals client names only to addresses in agi.allow', async () => {
    const branch = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101'], speed: 50, fallback: [] });
    const ami = { host: '127.0.0.1', port: await branch.ami.listen(), username: 'pb', secret: 'pb' };
    release.push(() => branch.ami.close());
    const port = await freeTcpPort();
    const agi = { host: '0.0.0.0', port, allow: ['127.0.0.7', '127.0.9.0/24'] };
    const program = await AttackedProgram.start({ config: { connectors: { branch: { kind: 'asterisk', ami, agi } } } });
    release.push(() => program.stop());
    expect(await ask(port, '127.0.0.7')).toContain('PATCHBAY_');
    expect(await ask(port, '127.0.9.1')).toContain('PATCHBAY_');
    for (let i = 0; i < 20; i += 1) expect(await ask(port, '127.0.0.1')).toBe('');
    const denials = program.log.split('\n').filter((line) => line.includes('agi.allow'));
    expect(denials).toHaveLength(1);
    expect(denials[0]).toContain('127.0.0.1');
  });

  it('by default answers this machine at any of its addresses, and serves the PBX while others are denied', async () => {
    const program = await AttackedProgram.start();
    release.push(() => program.stop());
    const { agiPort } = program;
    expect(await ask(agiPort, '127.0.0.1')).toContain('PATCHBAY_');
    const asker = new Asker({ port: agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    await asker.ask();
    expect(asker.wrong).toEqual([]);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toContain('patchbay_agi_connections_ended_total{reason="denied"}');
  });
});

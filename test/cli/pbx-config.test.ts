// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Asterisk writes its variables.
import { describe, expect, it } from 'vitest';
import { pbxConfig, printPbxConfig } from '../../src/cli/pbx-config.ts';
import { defaultFallbackTarget } from '../../src/cli/pbx-dialplan.ts';
import type { PbxConfigOptions } from '../../src/cli/pbx-options.ts';

const options: PbxConfigOptions = {
  flavor: 'asterisk',
  way: 'agi',
  agi: { host: '127.0.0.1', port: 4573 },
  apiUrl: 'http://127.0.0.1:8080',
  apiToken: null,
  connection: 'pbx',
  ami: { username: 'patchbay', secret: 'long-and-secret', permit: '127.0.0.1' },
  fallback: defaultFallbackTarget,
  everyone: 'PJSIP/101&PJSIP/102',
  record: true,
};

function text(file: string, changed: Partial<PbxConfigOptions> = {}): string {
  const piece = pbxConfig({ ...options, ...changed }).find((one) => one.file === file);
  if (piece === undefined) throw new Error(`no ${file}`);
  return piece.text;
}

describe('pbxConfig', () => {
  it('gives the AMI account no right to run commands, change configuration or the system', () => {
    const stanza = text('manager.conf');
    expect(stanza).toContain('write=call,reporting,originate\n');
    expect(stanza).toContain('read=call,agent,dialplan\n');
    expect(stanza).toContain('permit=127.0.0.1/255.255.255.255');
  });

  it('gives the MikoPBX account access to its call records', () => {
    expect(text('manager.conf', { flavor: 'mikopbx' })).toContain('read=call,agent,dialplan,user\n');
  });

  it('says how FreePBX lets Patchbay read its database, and nothing else', () => {
    const cdr = text('cdr.conf', { flavor: 'freepbx', ami: { ...options.ami, permit: '192.0.2.5' } });
    expect(cdr).toContain(";   GRANT SELECT ON asteriskcdrdb.cdr TO 'patchbay'@'192.0.2.5';");
    expect(
      cdr
        .split('\n')
        .filter((line) => line.includes('patchbay'))
        .every((line) => line.startsWith(';')),
    ).toBe(true);
    expect(text('cdr.conf')).not.toContain('mysql');
  });

  it('offers the channel events, and changes nothing by itself', () => {
    const cel = text('cel.conf');
    expect(cel).toContain(';events=CHAN_START,CHAN_END,');
    expect(cel.split('\n').every((line) => line.startsWith(';'))).toBe(true);
    expect(text('cdr.conf', { flavor: 'freepbx' })).toContain(";   GRANT SELECT ON asteriskcdrdb.cel TO 'patchbay'@");
    for (const flavor of ['freepbx', 'mikopbx'] as const) expect(() => text('cel.conf', { flavor })).toThrow();
  });

  it('says that MikoPBX loads no module for Master.csv, and changes nothing by itself', () => {
    const modules = text('modules.conf', { flavor: 'mikopbx' });
    expect(modules).toContain('load => cdr_csv.so');
    expect(modules.split('\n').every((line) => line.startsWith(';'))).toBe(true);
    expect(() => text('modules.conf')).toThrow();
  });

  it('gives an IPv6 peer its own netmask', () => {
    const ami = { ...options.ami, permit: '::1' };
    expect(text('manager.conf', { ami })).toContain('permit=::1/128');
  });

  it.each(['asterisk', 'freepbx', 'mikopbx'] as const)('continues the call after each failure (%s)', (flavor) => {
    const extensions = flavor === 'freepbx' ? 'extensions_custom.conf' : 'extensions.conf';
    const plan = text(extensions, { flavor });
    expect(plan).toContain('"${AGISTATUS}" != "SUCCESS"]?fallback');
    expect(plan).toContain('n(fallback),');
    expect(plan).toContain('n(queue),');
  });

  it.each([
    ['asterisk', 'extensions.conf', 'internal'],
    ['freepbx', 'extensions_custom.conf', 'from-internal'],
  ] as const)('routes a click-to-call by a manager as if the manager had dialled it (%s)', (flavor, file, context) => {
    const plan = text(file, { flavor });
    expect(plan).toContain('[patchbay-call]\nexten => _[+*#0-9]!,1,Set(CALLERID(num)=${PATCHBAY_CALLERID})');
    expect(plan).toContain(`same => n,Goto(${context},\${EXTEN},1)`);
  });

  it('limits both the connection time and the response time in curl mode', () => {
    const plan = text('extensions.conf', { way: 'curl' });
    expect(plan).toContain('Set(CURLOPT(conntimeout)=1)');
    expect(plan).toContain('Set(CURLOPT(httptimeout)=1)');
    expect(plan).toContain('PASTE_TOKEN_HERE');
    expect(plan).not.toContain('AGI(');
  });

  it('returns to the calling dialplan if the fallback is "return"', () => {
    const plan = text('extensions.conf', { flavor: 'mikopbx', fallback: 'return', record: false });
    expect(plan).toContain('n(fallback),Return()');
    expect(plan).not.toContain('patchbay-fallback');
    expect(plan).not.toContain('MixMonitor');
  });

  it('states correctly that the MikoPBX route continues only after a return', () => {
    const continues = 'the incoming route, which continues if Patchbay finds nobody';
    expect(text('extensions.conf', { flavor: 'mikopbx', fallback: 'return' })).toContain(continues);
    const plan = text('extensions.conf', { flavor: 'mikopbx', fallback: 'internal,201,1' });
    expect(plan).not.toContain(continues);
    expect(plan).toContain('go to internal,201,1');
  });

  it('lets the doctor test the same route that calls take', () => {
    expect(text('extensions.conf')).toContain('AGI(agi://127.0.0.1:4573/doctor?id=${PATCHBAY_DOCTOR_ID})');
    const plan = text('extensions.conf', { way: 'curl' });
    expect(plan).toContain('CURL(http://127.0.0.1:8080/api/v1/match?phone=0)');
    expect(plan).not.toContain('AGI(');
  });

  it('rings everyone if no fallback is configured', () => {
    expect(text('extensions.conf')).toContain('Dial(PJSIP/101&PJSIP/102,60,t)');
  });

  it('prints each file with its name', () => {
    expect(printPbxConfig(options).match(/^; =====.*=====$/gm)).toHaveLength(4);
  });

  it.each([
    ['a line break in the secret', { ami: { ...options.ami, secret: 'x\nwrite=all' } }],
    ['a comment sign in the secret', { ami: { ...options.ami, secret: 'x;y' } }],
    ['a stanza in the user name', { ami: { ...options.ami, username: 'x]\n[y' } }],
    ['an application in the fallback', { fallback: 'a,b,1)\n same => n,System(x' }],
    ['a bracket in the host', { agi: { host: 'x)', port: 4573 } }],
    ['a port out of range', { agi: { host: 'x', port: 70_000 } }],
    ['a line break in the token', { apiToken: 'x\ny' }],
    ['a query in the URL', { apiUrl: 'http://x/?a=1' }],
  ] satisfies [string, Partial<PbxConfigOptions>][])('refuses %s', (_what, changed) => {
    expect(() => pbxConfig({ ...options, ...changed })).toThrow(TypeError);
  });
});

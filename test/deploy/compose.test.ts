import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { parseS3Url } from '../../src/store/blobs/s3-blobs.ts';
import { type ComposeService, readCompose } from '../support/compose-file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const deploy = (name: string) => join(root, 'deploy', name);
const read = (name: string) => readFileSync(deploy(name), 'utf8');

const env = { DB_PASSWORD: 'dbpassword', S3_SECRET: 's3secret' };
const { services, volumes, networks } = readCompose(read('compose.yaml'), env);
const all = Object.entries(services);
const instances = all.filter(([name]) => name.startsWith('patchbay-'));
const dockerfile = read('Dockerfile');

/** Files that the administrator provides; see docs/deployment.md. */
const providedFiles = ['certificates', 'secrets.env'];

const mounts = ({ volumes = [] }: ComposeService) =>
  volumes.map((one) => {
    const [source = '', target = '', mode = 'rw'] = one.split(':');
    return { source, target, mode };
  });
const waitsFor = ({ depends_on = {} }: ComposeService) =>
  Array.isArray(depends_on)
    ? depends_on.map((name) => [name, 'service_started'] as const)
    : Object.entries(depends_on).map(([name, { condition }]) => [name, condition] as const);
const address = (service: ComposeService | undefined) =>
  service === undefined || Array.isArray(service.networks) ? undefined : service.networks.inside?.ipv4_address;

/** No container engine is available here, so the files are checked against the Compose Specification, each other and the program. */
describe('compose.yaml', () => {
  it('waits only for defined services, and for health only if they have a health check', () => {
    for (const [name, service] of all)
      for (const [other, condition] of waitsFor(service)) {
        expect(services, `${name} waits for ${other}`).toHaveProperty(other);
        if (condition === 'service_healthy') expect(services[other], other).toHaveProperty('healthcheck');
      }
    for (const [name, { healthcheck }] of all)
      if (healthcheck !== undefined) expect(['CMD', 'CMD-SHELL'], name).toContain(healthcheck.test[0]);
  });

  it('mounts existing files, and declares each volume once', () => {
    const named: string[] = [];
    for (const [, service] of all)
      for (const { source } of mounts(service))
        if (!source.startsWith('./')) named.push(source);
        else if (!providedFiles.includes(source.slice(2))) expect(existsSync(deploy(source)), source).toBe(true);
    expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted());
    for (const [name, { env_file = [] }] of all)
      for (const { path, required } of env_file)
        expect(providedFiles.includes(path) && !required, `${name}: ${path}`).toBe(true);
  });

  it('puts each service into a declared network, and uses no port twice', () => {
    const inside = new BlockList();
    for (const { ipam } of Object.values(networks))
      for (const { subnet } of ipam.config) {
        const [net = '', bits] = subnet.split('/');
        inside.addSubnet(net, Number(bits));
      }
    for (const [, service] of all) {
      const names = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks);
      expect(Object.keys(networks)).toEqual(expect.arrayContaining(names));
      const fixed = address(service);
      if (fixed !== undefined) expect(inside.check(fixed), fixed).toBe(true);
    }
    for (const list of [
      all.flatMap(([, one]) => one.ports ?? []).map((one) => one.split(':').at(-2)),
      all.map(([, one]) => address(one)),
    ]) {
      const addresses = list.filter((one) => one !== undefined);
      expect(new Set(addresses).size).toBe(addresses.length);
    }
  });

  it('does not start without passwords', () => {
    for (const name of Object.keys(env))
      expect(() => readCompose(read('compose.yaml'), { ...env, [name]: undefined as never })).toThrow(name);
  });

  it('runs two Patchbays with the same image and configuration, each with its own data directory', () => {
    expect(instances).toHaveLength(2);
    const workplace = /^WORKDIR (\S+)$/m.exec(dockerfile.split(/^FROM /m).at(-1) ?? '')?.[1];
    const configuration = /^ENV PATCHBAY_CONFIG=(\S+)$/m.exec(dockerfile)?.[1];
    expect(dockerfile).toContain(`VOLUME ${workplace}\n`);
    const data = instances.map(([, service]) => {
      const places = new Map(mounts(service).map((one) => [one.target, one]));
      expect(places.get(configuration ?? '')).toMatchObject({ source: './patchbay.yaml', mode: 'ro' });
      return places.get(workplace ?? '')?.source;
    });
    expect(new Set(data).size).toBe(2);
    expect(data).not.toContain(undefined);
  });
});

describe('patchbay.yaml of compose.yaml', () => {
  const patchbay = services['patchbay-1'] as ComposeService;
  const config = parseConfig(read('patchbay.yaml'), deploy('patchbay.yaml'), moduleSchemas, patchbay.environment ?? {});

  it('uses the addresses and credentials of the services', () => {
    const store = new URL(config.store.url);
    expect(services.db?.environment).toEqual({
      POSTGRES_USER: store.username,
      POSTGRES_DB: store.pathname.slice(1),
      POSTGRES_PASSWORD: store.password,
    });
    expect([store.hostname, new URL(config.queue.url).hostname]).toEqual(['db', 'queue']);
    const { endpoint, bucket, accessKey, secretKey } = parseS3Url(config.blobs.url);
    const files = services.files as ComposeService;
    expect(endpoint).toBe(`http://files${files.environment?.VGW_PORT}`);
    expect(files.environment).toMatchObject({ ROOT_ACCESS_KEY_ID: accessKey, ROOT_SECRET_ACCESS_KEY: secretKey });
    // A bucket is a directory there, and nothing else creates it.
    expect(files.entrypoint?.join(' ')).toContain(`mkdir -p ${mounts(files)[0]?.target}/${bucket} `);
  });

  it('trusts only the proxy, and is reachable through it', () => {
    expect(config.http.trustProxy).toEqual([address(services.proxy)]);
    const upstream = [...read('nginx.conf').matchAll(/^ {2}server (\S+:\d+)/gm)].map(([, where]) => where);
    expect(upstream).toEqual(instances.map(([, service]) => `${address(service)}:${config.http.port}`));
    expect(config.http.host).toBe('0.0.0.0');
    expect(new URL(config.http.publicUrl).hostname).toBe(/server_name (\S+);/.exec(read('nginx.conf'))?.[1]);
    const [, configuration] = mounts(services.proxy as ComposeService);
    expect(read('nginx.conf')).toContain(`ssl_certificate ${configuration?.target}/fullchain.pem;`);
  });

  it('is valid with the example connection to a PBX, and publishes its port', () => {
    const shown = read('patchbay.yaml').replace(/^# (?=connectors:| )/gm, '');
    const environment = { ...patchbay.environment, AMI_SECRET: 'secret' };
    const { connectors } = parseConfig(shown, 'patchbay.yaml', moduleSchemas, environment);
    // FastAGI reveals client names, so it is published on one address only, never on all of them.
    for (const [, { ports = [] }] of instances) expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    for (const [, { ports = [] }] of instances)
      expect(connectors.pbx?.agi).toEqual({
        host: '0.0.0.0',
        port: Number(ports[0]?.split(':').at(-1)),
        allow: ['pbx.example.com'],
      });
  });
});

describe('Dockerfile', () => {
  it('copies files that exist or that an earlier stage builds', () => {
    const copies = [...dockerfile.matchAll(/^COPY (--from=build )?(.+) \S+$/gm)];
    expect(copies.length).toBeGreaterThan(4);
    for (const [, earlier, sources = ''] of copies)
      for (const source of sources.split(' ')) {
        const name = source.replace('/opt/patchbay/', '');
        if (earlier === undefined || name !== 'dist') expect(existsSync(join(root, name)), source).toBe(true);
      }
  });

  it('excludes secrets from the image', () => {
    expect(readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')).toContain('deploy');
  });

  it('lets in all that the build bundles of the tests', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    const portal = join(root, 'test/support/bitrix24');
    const sources = readdirSync(portal, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const shared = sources.flatMap((name) =>
      [...readFileSync(join(portal, name), 'utf8').matchAll(/ from '(\.[^']+)'/g)]
        .map(([, path = '']) => relative(root, join(portal, name, '..', path)))
        .filter((path) => path.startsWith('test/') && !path.startsWith('test/support/bitrix24/')),
    );
    expect(shared).toContain('test/support/scripted-service.ts');
    for (const path of new Set(shared)) expect(ignored).toContain(`!${path}`);
  });
});

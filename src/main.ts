import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Registry } from 'prom-client';
import { buildApi } from './api/app.ts';
import { builtFile, webRoot } from './built-files.ts';
import type { Config } from './config/config.ts';
import { Connections } from './connections.ts';
import { Cores } from './crm/cores.ts';
import { type CoreKinds, coreKinds } from './crm/registry.ts';
import { vaultKey } from './crm/vault-key.ts';
import { configuredDestinations } from './delivery/configured.ts';
import { redisQueues } from './delivery/redis/open.ts';
import { DeliveryScheduler } from './delivery/scheduler.ts';
import { AccessWatch } from './desk/access-watch.ts';
import { DeskHub } from './desk/desk-hub.ts';
import { isPostgres, type Store, StoreUnavailableError } from './domain/ports/store.ts';
import { nextCaller } from './intake/answering/next-caller.ts';
import { Answering } from './intake/answering.ts';
import { Intake } from './intake/intake.ts';
import { openQuarantine } from './intake/quarantine-keeper.ts';
import { storeCheck } from './intake/store-check.ts';
import { TextReader } from './intake/text-reader.ts';
import { Relinking } from './matching/relinking.ts';
import { SourceReader } from './matching/sources/source-reader.ts';
import { registerMetrics } from './metrics.ts';
import { CallBacks } from './outbound/call-backs.ts';
import { openPools } from './reading/pools.ts';
import { QuietMonitor } from './reports/quiet-monitor.ts';
import { backoffDelay } from './runtime/backoff.ts';
import { monotonicClock, systemClock } from './runtime/clock.ts';
import { gathered } from './runtime/gathered.ts';
import { insist } from './runtime/insist.ts';
import type { Logger } from './runtime/log.ts';
import { openFileLimit, shareOut } from './runtime/open-files.ts';
import { ReleaseStack } from './runtime/release-stack.ts';
import { sleep } from './runtime/sleep.ts';
import { openBlobs } from './store/blobs/open.ts';
import { Housekeeper } from './store/housekeeper.ts';
import { openStore, sqlitePath } from './store/open.ts';

/** A running Patchbay. */
export interface Patchbay {
  /** Where it is reached on this machine. */
  readonly url: string;
  /** The address of the first set-up, until there is a user; contains its one-time code. */
  readonly setupUrl: string | null;
  readonly store: Store;
  /** The port each connection's FastAGI is reached on. */
  readonly agiPorts: Readonly<Record<string, number>>;
  /** Takes up managers, lines and routing of a changed configuration; calls go on. */
  reload(config: Config): Promise<void>;
  /** Stops everything, newest first: what is under way is committed, desks are told. Safe to call twice. */
  stop(): Promise<void>;
}

const clock = systemClock;
/** Changes of telephones within this time (milliseconds) reach the desks as one: a connect reports them all. */
const presencePause = 100;
/** How often a start that lost its store begins again. */
const startsAgain = 8;

/**
 * Builds the parts from the configuration, starts them in order, and rolls back what had started when one fails. A store that goes
 * away in the middle of it is no reason to fail: begun again, it starts as it does with a store that is away.
 */
export async function startPatchbay(config: Config, log: Logger, kinds: CoreKinds = coreKinds): Promise<Patchbay> {
  for (let attempt = 0; ; attempt += 1) {
    const releases = new ReleaseStack(log);
    try {
      return await startParts(config, log, kinds, releases);
    } catch (error) {
      await releases.releaseAll();
      if (!(error instanceof StoreUnavailableError) || attempt === startsAgain) throw error;
      log.warn({ err: error }, 'the store went away during the start, which begins again');
      await sleep(backoffDelay(attempt, { min: 100, max: 3000 }));
    }
  }
}

async function startParts(config: Config, log: Logger, kinds: CoreKinds, releases: ReleaseStack): Promise<Patchbay> {
  let current = config;
  const { country, publicMail } = config.company;
  const { publicUrl } = config.http;
  const descriptors = shareOut(openFileLimit(), config.http.maxConnections);

  const storeLog = log.child({ part: 'store' });
  const store = await openStore({
    url: config.store.url,
    country,
    publicUrl,
    publicMail,
    sources: config.clients.sources,
    patient: true,
    alone: true,
    log: storeLog,
  });
  releases.push('store', () => store.close());
  const reading = openPools(log.child({ part: 'reading' }));
  reading.texts.warm();
  releases.push('reading', () => reading.stop());
  const intake = new Intake(store, log.child({ part: 'intake' }), new TextReader(reading.texts, country));
  const stopping = new AbortController();
  releases.push('waiting for the store', () => stopping.abort());
  const blobs = await openBlobs(config.blobs.url);
  const cores = new Cores({
    settings: config.destinations,
    read: store.read,
    leases: store.leases,
    apply: (writes) => intake.apply(writes),
    blobs,
    vaultKey: vaultKey(keyFile(config.store.url), process.env),
    clock,
    log: log.child({ part: 'crm' }),
    signal: stopping.signal,
    kinds,
    connections: Object.keys(config.connectors),
  });
  const configure = async () => {
    await applyConfig(intake, current);
    const names = Object.keys(config.destinations);
    await intake.apply([{ op: 'destinations', names, wants: cores.wants, at: clock.now() }]);
  };
  if (store.awaited === null) await configure();

  const desk = new DeskHub({
    read: store.read,
    apply: (writes) => intake.apply(writes),
    clock,
    log: log.child({ part: 'desk' }),
    maxSockets: descriptors.desks,
  });
  const accessWatch = new AccessWatch({
    read: store.read,
    onChange: (whose) => desk.recheck(whose),
    log: log.child({ part: 'access' }),
  });
  accessWatch.start();
  releases.push('access', () => accessWatch.stop());
  intake.changes.on('access', () => accessWatch.nudge());
  const queues = await redisQueues(config.queue.url, log.child({ part: 'queue' }));
  const delivery = new DeliveryScheduler({
    read: store.read,
    claim: (claim) => store.claimOwed(claim),
    release: (ids) => store.releaseOwed(ids),
    apply: (writes) => intake.apply(writes),
    clock,
    log: log.child({ part: 'delivery' }),
    destinations: configuredDestinations(config.destinations, cores.destinations),
    ...(queues !== null && { openQueue: (settings, listener) => queues.open(settings, listener) }),
  });
  if (queues !== null) {
    await queues.start();
    releases.push('queue', () => queues.stop());
  }
  delivery.start();
  releases.push('delivery', () => delivery.stop());
  intake.changes.on('change', (change) => {
    desk.publish(change);
    delivery.nudge();
  });

  const readers = config.clients.sources.map(
    (source) =>
      new SourceReader({
        source,
        directory: cores.source(source),
        read: store.read,
        leases: store.leases,
        apply: (writes) => intake.apply(writes),
        country,
        clock,
        log: log.child({ part: 'directory' }),
        report: (health, reason) => cores.report(source, health, reason),
      }),
  );
  for (const reader of readers) {
    reader.start();
    releases.push('a directory source', () => reader.stop());
    intake.changes.on('change', ({ interaction }) => reader.notice(interaction));
  }

  const relinking = new Relinking({
    read: store.read,
    apply: (writes) => intake.apply(writes),
    clock,
    log: log.child({ part: 'relinking' }),
  });
  relinking.start();
  releases.push('relinking', () => relinking.stop());

  const answering = new Answering({
    config,
    store,
    intake,
    log: log.child({ part: 'answering' }),
    maxConnections: descriptors.agi,
  });
  await answering.start();
  releases.push('answering', () => answering.stop());

  const tellPresence = gathered(() => desk.setPresence(answering.presence()), presencePause);
  releases.push('presence', () => tellPresence.cancel());
  const housekeeper = new Housekeeper({
    store,
    blobs,
    retention: config.store.retention,
    auditMonths: () => current.access.auditMonths,
    clock,
    log: log.child({ part: 'housekeeping' }),
  });
  housekeeper.start();
  releases.push('housekeeping', () => housekeeper.stop());
  const replay = (connection: string) => connections.replayer(connection);
  const { quarantine, keeper } = openQuarantine({
    store,
    intake,
    blobs,
    clock,
    replay,
    log: log.child({ part: 'quarantine' }),
  });
  const connections = new Connections({
    config,
    store,
    intake,
    blobs,
    jobs: reading.letters,
    quarantine,
    clock,
    log,
    staff: () => ({ managers: current.managers, lines: current.lines }),
    onDevices: (reports) => {
      answering.setDevices(reports);
      tellPresence();
    },
  });
  intake.others.on('news', ({ devices, turns, missed }) => {
    answering.setTurns(turns);
    if (devices.length > 0) {
      answering.setDevices(devices);
      tellPresence();
    }
    if (missed) desk.reconnect();
  });
  // Calls change many times a second, and each nudge asks the store: only what waits to be sent is news for the senders.
  intake.changes.on('change', ({ interaction }) => {
    if (interaction.state === 'queued') connections.nudge();
  });
  intake.changes.on('followUp', (followUp) => {
    desk.tell(followUp);
    delivery.nudge();
  });

  const callBacks = new CallBacks({
    read: store.read,
    apply: (writes) => intake.apply(writes),
    next: (wish) => {
      const able = connections.sending().filter(({ channel }) => channel === 'call');
      return nextCaller(answering, {
        ...wish,
        connections: able.map(({ connection }) => connection),
        at: clock.now(),
      });
    },
    clock,
    log: log.child({ part: 'call-backs' }),
  });
  intake.changes.on('change', ({ interaction }) => callBacks.heed(interaction));

  const quiet = new QuietMonitor({
    read: store.read,
    connections: () => connections.states,
    calendar: () => ({
      timezone: current.company.timezone,
      holidays: Object.values(current.routing.hours).flatMap((hours) => hours.holidays),
    }),
    clock,
    log: log.child({ part: 'quiet-lines' }),
    onChange: (alarms) => desk.setAlarms(alarms),
  });
  const metrics = new Registry();
  registerMetrics(metrics, { store, intake, delivery, queues, answering, reading, quarantine });

  const writable = storeCheck(
    { apply: (writes) => intake.apply(writes), rejected: () => intake.counts.failed, health: () => store.health() },
    monotonicClock,
  );
  // A store that is away belongs to an installation that has its users.
  const isNew = store.awaited === null && (await store.read.userCount()) === 0;
  const setupCode = isNew ? randomBytes(12).toString('base64url') : null;
  const api = await buildApi({
    store,
    intake,
    answer: async (question) => answering.answer(question),
    dial: (connection, answer) => answering.dial(connection, answer),
    connections: () => [...connections.states, ...cores.states],
    hookReceiver: (name) => connections.hookReceiver(name) ?? cores.hookReceiver(name),
    sending: () => connections.sending(),
    callBacks,
    blobs,
    jobs: reading.letters,
    quarantine: { keepEvent: (event, reason) => quarantine.keepEvent(event, reason), retry: () => keeper.nudge() },
    alarms: () => quiet.alarms,
    quietLines: () => quiet.report(),
    checks: async () => [await writable(), answering.check(), ...(queues === null ? [] : [queues.check()])],
    staff: () => ({ managers: current.managers, lines: current.lines }),
    forms: () => current.forms,
    plan: () => current.routing,
    access: () => current.access,
    desk,
    metrics,
    clock,
    log: log.child({ part: 'api' }),
    settings: {
      country,
      language: config.company.language,
      timezone: config.company.timezone,
      publicUrl,
      trustProxy: config.http.trustProxy,
      maxConnections: descriptors.http,
      webRoot: webRoot(),
      widgetFile: builtFile('widget/widget.js'),
      setupCode,
      routeDeadline: config.routing.deadline,
    },
  });
  releases.push('api', () => api.close());
  releases.push('desk', () => desk.close());
  await api.listen({ host: config.http.host, port: config.http.port });
  const address = api.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.http.port;
  const url = `http://${config.http.host === '0.0.0.0' ? '127.0.0.1' : config.http.host}:${port}`;

  if (store.awaited === null) connections.start(releases);
  else {
    const begin = async () => {
      await configure();
      answering.setTurns(await store.read.lastTurns());
      connections.start(releases);
    };
    void store.awaited
      .then(() => insist(begin, { signal: stopping.signal, log: storeLog }))
      .then(() => storeLog.info('the store is back'));
  }
  keeper.start();
  releases.push('quarantine', () => keeper.stop());
  quiet.start();
  releases.push('quiet lines', () => quiet.stop());

  return {
    url,
    setupUrl: setupCode === null ? null : `${url}/#setup=${setupCode}`,
    store,
    agiPorts: answering.ports,
    async reload(next) {
      current = {
        ...current,
        managers: next.managers,
        lines: next.lines,
        forms: next.forms,
        routing: next.routing,
        access: next.access,
      };
      await applyConfig(intake, current);
      answering.reload(current);
      // Scopes, departments and lines say who sees what.
      await desk.recheck('everybody');
    },
    stop: () => releases.releaseAll(),
  };
}

/** Where the key of the CRM cores' secrets lies: beside the store, where that is a file. */
function keyFile(url: string): string | null {
  return isPostgres(url) ? null : join(dirname(sqlitePath(url)), 'vault.key');
}

async function applyConfig(intake: Intake, config: Config): Promise<void> {
  await intake.apply([{ op: 'staff', staff: { managers: config.managers, lines: config.lines }, at: clock.now() }]);
}

import { QuietMonitor } from './alarms/quiet-monitor.ts';
import { Answering } from './answering/answering.ts';
import { Connections } from './app/connections.ts';
import { openFoundation } from './app/core.ts';
import { openCores, startPolling, startSources } from './app/cores.ts';
import { deskCommands } from './app/desk-commands.ts';
import { openHttp } from './app/http.ts';
import { nextCallerOf } from './app/next-caller.ts';
import { nextTelephone } from './app/next-telephone.ts';
import { presenceOf } from './app/presence.ts';
import { QueueBoard } from './app/queue-board.ts';
import { UnreadMessages } from './app/unread-messages.ts';
import type { Config } from './config/config.ts';
import { type CoreKinds, coreKinds } from './crm/registry.ts';
import { configuredDestinations } from './delivery/configured.ts';
import { redisQueues } from './delivery/redis/open.ts';
import { DeliveryScheduler } from './delivery/scheduler.ts';
import { AccessWatch } from './desk/access-watch.ts';
import { DeskHub } from './desk/desk-hub.ts';
import { type Store, StoreUnavailableError } from './domain/ports/store.ts';
import { Escalation } from './intake/escalation.ts';
import { openQuarantine } from './intake/quarantine-keeper.ts';
import { SearchIndexer } from './intake/search/search-indexer.ts';
import { Relinking } from './matching/relinking.ts';
import { CallBacks } from './outbound/call-backs.ts';
import { CallCommands } from './outbound/call-commands.ts';
import { ConversationMarks } from './outbound/conversation-marks.ts';
import { DeclinedCalls } from './outbound/declined-calls.ts';
import { backoffDelay } from './runtime/backoff.ts';
import type { Logger } from './runtime/log.ts';
import { divideDescriptors, openFileLimit } from './runtime/open-files.ts';
import { ReleaseStack } from './runtime/release-stack.ts';
import { sleep } from './runtime/sleep.ts';
import { openBlobs } from './store/blobs/open.ts';
import { Housekeeper } from './store/housekeeper.ts';

/** A running Patchbay. */
export interface Patchbay {
  /** Its address on this machine. */
  readonly url: string;
  /** The address for the first set-up, including its one-time code. Null once there is a user. */
  readonly setupUrl: string | null;
  readonly store: Store;
  /** The FastAGI port of each connection. */
  readonly agiPorts: Readonly<Record<string, number>>;
  /** Applies the managers, lines and routing of a changed configuration without dropping calls. */
  reload(config: Config): Promise<void>;
  /** Stops all parts in reverse order of their start. Pending writes are committed and desks are notified. Safe to call twice. */
  stop(): Promise<void>;
}

/** How many times a start is repeated after the store became unavailable. */
const maxRestarts = 8;

/**
 * Builds the parts from the configuration and starts them in order. If one fails, those already started are stopped. If the store
 * becomes unavailable during the start, the start is repeated: it then waits for the store, as it does when the store is
 * unavailable from the beginning.
 */
export async function startPatchbay(config: Config, log: Logger, kinds: CoreKinds = coreKinds): Promise<Patchbay> {
  for (let attempt = 0; ; attempt += 1) {
    const releases = new ReleaseStack(log);
    try {
      return await startParts(config, log, kinds, releases);
    } catch (error) {
      await releases.releaseAll();
      if (!(error instanceof StoreUnavailableError) || attempt === maxRestarts) throw error;
      log.warn({ err: error }, 'the store became unavailable during the start; starting again');
      await sleep(backoffDelay(attempt, { min: 100, max: 3000 }));
    }
  }
}

async function startParts(config: Config, log: Logger, kinds: CoreKinds, releases: ReleaseStack): Promise<Patchbay> {
  const limits = divideDescriptors(openFileLimit(), config.http.maxConnections);
  const foundation = await openFoundation(config, log, releases);
  const { store, intake, reading, core, clock, loops, config: current } = foundation;
  const blobs = await openBlobs(config.blobs.url);
  const queues = await redisQueues(config.queue.url, core('queue').log);
  const cores = openCores(foundation, blobs, kinds, queues, {
    sending: () => connections.sending(),
    callBack: (form) => callBacks.begin(form),
  });
  if (store.awaited === null) await foundation.configure(cores.wants);

  // Desks and their access rights.
  const commands = new CallCommands({
    ...core('commands'),
    staff: () => current.staff,
    next: (call, tried) => nextTelephone(answering, call, tried, clock),
  });
  const marks = new ConversationMarks({ ...core('marks'), marker: (connection) => connections.marker(connection) });
  const desk = new DeskHub({ ...core('desk'), command: deskCommands(commands), marks, maxSockets: limits.desks });
  const accessWatch = new AccessWatch({ ...core('access'), onChange: (whose) => desk.recheck(whose) });
  await releases.start('access', accessWatch);
  intake.changes.on('access', () => accessWatch.nudge());

  // Deliveries to CRM cores, and the client directories read from them.
  const delivery = new DeliveryScheduler({
    ...core('delivery'),
    claim: (claim) => store.claimOwed(claim),
    release: (ids) => store.releaseOwed(ids),
    destinations: configuredDestinations(config.destinations, cores.destinations),
    people: () => ({ staff: current.staff, routing: current.now.routing }),
    ...(queues !== null && { openQueue: (settings, listener) => queues.open(settings, listener) }),
  });
  if (queues !== null) await releases.start('queue', queues);
  // While the store is away, nothing is known of an earlier run.
  if (store.awaited === null) await releases.start('cores', cores);
  await releases.start('delivery', delivery);
  intake.changes.on('change', (change) => {
    desk.publish(change);
    delivery.nudge();
  });

  await startSources(foundation, cores, releases);
  await releases.start('relinking', new Relinking(core('relinking')));

  // Routing of waiting callers, and the states of phones.
  const answering = new Answering({
    config,
    store,
    intake,
    log: core('answering').log,
    maxConnections: limits.agi,
  });
  await releases.start('answering', answering);
  const setDevices = presenceOf(answering, desk, releases);

  const housekeeper = new Housekeeper({
    ...core('housekeeping'),
    store,
    blobs,
    retention: config.store.retention,
    recordings: config.store.recordings,
    auditMonths: () => current.now.access.auditMonths,
  });
  await releases.start('housekeeping', housekeeper);
  const indexer = new SearchIndexer({ ...core('search'), store, blobs, jobs: reading.letters });
  await releases.start('search', indexer);
  intake.changes.on('change', ({ interaction }) => indexer.handle(interaction));
  const escalation = new Escalation({
    ...core('escalation'),
    store,
    plan: () => current.now.routing,
    staff: () => current.staff,
    region: () => current.now.company.region,
  });
  await releases.start('escalation', escalation);

  // Connections to PBXs, mailboxes and messengers, and the quarantine for what can't be processed.
  const { quarantine, keeper } = openQuarantine({
    ...core('quarantine'),
    store,
    intake,
    blobs,
    replay: (connection) => connections.replayer(connection),
  });
  const pbxQueues = new QueueBoard();
  const unread = new UnreadMessages();
  const connections = new Connections({
    config,
    store,
    intake,
    blobs,
    jobs: reading.letters,
    quarantine,
    clock,
    log,
    loops,
    staff: () => current.staff,
    onDevices: setDevices,
    decide: (question) => answering.answer(question),
    queues: pbxQueues,
    unread,
    marks,
    onTyping: (thread) => desk.publishTyping(thread),
  });
  intake.others.on('news', ({ devices, turns, missed, commands: hasCommands }) => {
    answering.setTurns(turns);
    if (devices.length > 0) setDevices(devices);
    if (missed) desk.reconnect();
    if (hasCommands) connections.nudge();
  });
  // Each nudge queries the store, and calls change many times a second, so senders are nudged for queued interactions only.
  intake.changes.on('change', ({ interaction }) => {
    if (interaction.state === 'queued') connections.nudge();
  });
  intake.changes.on('command', () => connections.nudge());
  intake.changes.on('followUp', (followUp) => {
    desk.publishFollowUp(followUp);
    delivery.nudge();
  });

  const callBacks = new CallBacks({ ...core('call-backs'), next: nextCallerOf(answering, connections, clock) });
  intake.changes.on('change', ({ interaction }) => callBacks.handle(interaction));
  const declined = new DeclinedCalls({
    commands,
    isAllowed: (connection) => connections.passesOnDeclined(connection),
    log: core('declined-calls').log,
  });
  intake.changes.on('change', ({ interaction }) => declined.handle(interaction));

  const quiet = new QuietMonitor({
    ...core('quiet-lines'),
    connections: () => connections.states,
    calendar: () => current.calendar,
    onChange: (alarms) => desk.setAlarms(alarms),
  });

  // The page and the API.
  const channels = { answering, callBacks, commands, connections, cores, desk };
  const parts = { ...channels, pbxQueues, blobs, delivery, keeper, limits, quarantine, queues, quiet, unread };
  const http = await openHttp(foundation, parts);
  releases.push('api', () => http.close());
  releases.push('desk', () => desk.close());
  const url = await http.listen();

  if (store.awaited === null) connections.start(releases);
  else
    foundation.whenStoreIsBack(async () => {
      await foundation.configure(cores.wants);
      answering.setTurns(await store.read.lastTurns());
      connections.start(releases);
    });
  await startPolling(foundation, cores, releases);
  await releases.start('quarantine', keeper);
  await releases.start('quiet lines', quiet);

  return {
    url,
    setupUrl: http.setupCode === null ? null : `${url}/#setup=${http.setupCode}`,
    store,
    agiPorts: answering.ports,
    async reload(next) {
      const changed = current.replace(next);
      await foundation.storeStaff();
      answering.reload(changed);
      // Access depends on scopes, departments and lines.
      await desk.recheck('everybody');
    },
    stop: () => releases.releaseAll(),
  };
}

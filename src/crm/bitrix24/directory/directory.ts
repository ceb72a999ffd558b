import type { DirectorySource } from '../../../domain/directory/directory-source.ts';
import { text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { unreadable } from '../api/errors.ts';
import type { CallOptions } from '../api/portal.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { checkKnown } from './check.ts';
import { currentClients, type Describing } from './current.ts';
import { Deletions } from './deletions.ts';
import { Lists } from './lists.ts';
import { lookUp } from './look-up.ts';
import { readAll } from './read-all.ts';
import { readChanges, type Seen } from './read-changes.ts';
import { usualDirectory } from './settings.ts';
import { StatusNames } from './status-names.ts';

/** Milliseconds until the queue is tried again after the portal has refused it. */
const denialPause = 3600_000;

/** The portal's contacts, companies and leads as our directory of clients. */
export function openDirectory(parts: Bitrix24Parts): Required<DirectorySource> {
  const { config, context, portal, users } = parts;
  const { known, log, clock } = context;
  const settings = config.directory ?? usualDirectory;
  const names = new StatusNames(portal, { now: () => clock.now(), log });
  const seen: Seen = new Map();
  const deletions = config.app !== undefined && settings.events ? new Deletions(portal, context) : null;
  let deniedUntil = 0;
  const root = new URL(config.webhook ?? config.app?.portal ?? 'http://localhost').origin;
  const describing = (options: CallOptions): Describing => ({
    lists: new Lists(portal, options),
    options,
    settings,
    names,
    users,
    root,
  });
  const background = (signal: AbortSignal): CallOptions => ({ signal, urgency: 'background' });
  async function portalTime(options: CallOptions): Promise<string> {
    const time = text((await portal.call('server.time', {}, options)).result) ?? '';
    if (Number.isNaN(Date.parse(time))) throw unreadable();
    return time;
  }
  return {
    readAll: (signal, from) => {
      const options = background(signal);
      return readAll(from, () => portalTime(options), describing(options));
    },
    async *readChanges(cursor, signal) {
      const options = background(signal);
      const about = describing(options);
      if (deletions !== null) yield* deleted(deletions, about);
      yield* readChanges(cursor, { ...about, known, seen, now: () => portalTime(options) });
    },
    check: (clients, signal) => checkKnown(clients, known, describing(background(signal))),
    lookUp: (identifier, signal) =>
      lookUp(identifier, portal, known, describing({ signal, urgency: 'live', timeout: settings.lookup })),
  };

  async function* deleted(queue: Deletions, about: Describing) {
    if (clock.now() < deniedUntil) return;
    try {
      for (let taken = await queue.take(about.options); taken !== null; taken = await queue.take(about.options)) {
        yield { ...(await currentClients(taken.affected, known, about)), cursor: null };
        await taken.clear();
      }
    } catch (error) {
      // Without the queue, deletions are still found by comparing what we know, only later.
      const { trouble, reason } = asServiceError(error);
      if (trouble !== 'access' && trouble !== 'refused') throw error;
      deniedUntil = clock.now() + denialPause;
      log.warn({ reason: reason.code }, "could not read the portal's deletions; known clients are compared in turn");
    }
  }
}

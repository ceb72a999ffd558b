import { entryOf } from '../domain/base/entry-of.ts';
import { numberKey } from '../domain/call/number-hold.ts';
import type { Line } from '../domain/directory/manager.ts';
import { parseTarget, targetForms } from '../domain/routing/route-target.ts';
import type { RouteTarget } from '../domain/routing/routing.ts';
import type { Config } from './config.ts';
import { didYouMean } from './nearest.ts';
import type { Report } from './problem.ts';

/**
 * Checks that all references have a target, and that ids and other names are unique. `directories` lists the kinds of
 * destinations that can be read as client directories.
 */
export function checkReferences(config: Config, directories: readonly string[], report: Report): void {
  const ids = new Set(config.managers.map((manager) => manager.id as string));
  const hourNames = new Set(Object.keys(config.routing.hours));
  const lineNames = new Set(config.lines.flatMap(({ id, address }) => [id, address]));
  const extensions = new Map<string, string>();
  config.managers.forEach((manager, i) => {
    if (config.managers.findIndex((other) => other.id === manager.id) !== i)
      report(['managers', i, 'id'], `${manager.id} is already the id of another manager`);
    if (manager.deputy !== null) known(manager.deputy, ids, 'manager', ['managers', i, 'deputy']);
    manager.absences.forEach(({ deputy }, n) => {
      if (deputy !== null) known(deputy, ids, 'manager', ['managers', i, 'absences', n, 'deputy']);
    });
    if (manager.hours !== null) known(manager.hours, hourNames, 'entry of routing.hours', ['managers', i, 'hours']);
    const sameUser = config.managers.find((other) => manager.user !== null && other.user === manager.user);
    if (sameUser !== undefined && sameUser !== manager)
      report(['managers', i, 'user'], `${manager.user} is already the login of ${sameUser.id}`);
    for (const extension of manager.extensions) {
      const owner = extensions.get(extension);
      if (owner !== undefined)
        report(['managers', i, 'extensions'], `${extension} is already an extension of ${owner}`);
      extensions.set(extension, manager.id);
    }
  });
  for (const [name, group] of Object.entries(config.routing.groups)) {
    if (group.head !== undefined) known(group.head, ids, 'manager', ['routing', 'groups', name, 'head']);
    group.members.forEach((member, i) => {
      known(member, ids, 'manager', ['routing', 'groups', name, 'members', i]);
    });
  }
  config.routing.rules.forEach((rule, i) => {
    checkTarget(rule.to, ['routing', 'rules', i, 'to']);
    const name = rule.when.hours?.replace(/^!/, '');
    if (name !== undefined) known(name, hourNames, 'entry of routing.hours', ['routing', 'rules', i, 'when', 'hours']);
    // A rule may name a DID without a configured line. A name with letters must be a line.
    for (const line of rule.when.lines ?? [])
      if (/[^\d+]/.test(line)) known(line, lineNames, 'line', ['routing', 'rules', i, 'when', 'line']);
  });
  config.clients.sources.forEach((source, i) => {
    const path = ['clients', 'sources', i];
    const kind = entryOf(config.destinations, source)?.kind;
    known(source, new Set(Object.keys(config.destinations)), 'destination', path);
    if (kind !== undefined && !directories.includes(kind))
      report(path, `${source} is a destination of kind ${kind}, from which clients can't be read`);
    if (config.clients.sources.indexOf(source) !== i) report(path, `${source} is listed twice`);
  });
  const departments = new Set(config.managers.flatMap(({ department }) => department ?? []));
  for (const [name, destination] of Object.entries(config.destinations)) {
    const own = Array.isArray(destination.departments) ? destination.departments : [];
    own.forEach((department, i) => {
      known(String(department), departments, 'department', ['destinations', name, 'departments', i]);
    });
  }
  checkTarget(config.routing.fallback, ['routing', 'fallback']);
  config.lines.forEach((line, i) => {
    const target = line.route === null ? null : parseTarget(line.route);
    if (line.route !== null && target === null) report(['lines', i, 'route'], `expected ${targetForms}`);
    if (target !== null) checkTarget(target, ['lines', i, 'route']);
    if (config.lines.findIndex((other) => other.id === line.id) !== i)
      report(['lines', i, 'id'], `${line.id} is already the id of another line`);
    const same = config.lines.find(
      (other) =>
        hasUniqueAddress(line) &&
        other.channel === line.channel &&
        other.connection === line.connection &&
        other.address === line.address,
    );
    if (same !== undefined && same !== line)
      report(['lines', i, 'address'], `${line.address} is already the address of the line ${same.id}`);
    if (line.connection !== null)
      known(line.connection, new Set(Object.keys(config.connectors)), 'connector', ['lines', i, 'connection']);
    checkPool(line, i);
    const { numbers } = entryOf(config.forms, line.id) ?? { numbers: null };
    if (numbers !== null && config.lines.find(({ id }) => id === numbers)?.pool === undefined)
      report(['lines', i, 'form', 'numbers'], `expected the id of a line that has a \`pool\`, found ${numbers}`);
    if (Object.hasOwn(config.forms, line.id) && line.channel !== 'form')
      report(['lines', i, 'form'], 'is allowed only on a line of `channel: form`');
  });

  /** A number must belong to one line only, as calls to it would always count for the first. */
  function checkPool({ id, channel, pool }: Line, i: number): void {
    if (pool === undefined) return;
    if (channel !== 'call') report(['lines', i, 'pool'], 'is allowed only on a line of `channel: call`');
    for (const [n, number] of pool.numbers.entries()) {
      const key = numberKey(number, config.company.region);
      const owner = config.lines.find((other) =>
        [
          ...(other.channel === 'call' ? [other.address] : []),
          ...(other.id === id ? [] : (other.pool?.numbers ?? [])),
        ].some((one) => numberKey(one, config.company.region) === key),
      );
      if (owner !== undefined || pool.numbers.indexOf(number) !== n)
        report(['lines', i, 'pool', 'numbers', n], `${number} is already a number of the line ${owner?.id ?? id}`);
    }
  }

  function checkTarget(target: RouteTarget, path: readonly (string | number)[]): void {
    if (target.kind === 'manager') known(target.id, ids, 'manager', path);
    if (target.kind === 'group') known(target.id, new Set(Object.keys(config.routing.groups)), 'group', path);
  }

  function known(name: string, names: ReadonlySet<string>, what: string, path: readonly (string | number)[]): void {
    if (!names.has(name)) report(path, `unknown ${what} ${name}${didYouMean(name, names)}`);
  }
}

/** Whether the address of a line must be unique. */
function hasUniqueAddress({ channel }: Line): boolean {
  return channel === 'call' || channel === 'email';
}

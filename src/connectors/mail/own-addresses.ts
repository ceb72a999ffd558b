import type { Staff } from '../../domain/directory/manager.ts';
import type { MailConfig } from './schema.ts';

/** Whether an address is one of ours. */
export type IsOurs = (address: string) => boolean;

type Settings = Pick<MailConfig, 'address' | 'addresses' | 'journal'>;

/** What was worked out last for a mailbox: it is asked for with each letter, and the staff changes with the configuration only. */
const latest = new WeakMap<Settings, Staff & { readonly isOurs: IsOurs }>();

/** Ours are: the mailbox, the further ones of its settings, lines of e-mail, managers' addresses. */
export function ownAddresses(config: Settings, { managers, lines }: Staff): IsOurs {
  const before = latest.get(config);
  if (before?.managers === managers && before.lines === lines) return before.isOurs;
  const isOurs = among(config, { managers, lines });
  latest.set(config, { managers, lines, isOurs });
  return isOurs;
}

function among(config: Settings, staff: Staff): IsOurs {
  const all = [
    config.address,
    ...config.addresses,
    ...(config.journal === undefined ? [] : [config.journal]),
    ...staff.lines.filter(({ channel }) => channel === 'email').map(({ address }) => address),
    ...staff.managers.flatMap(({ email }) => email ?? []),
  ].map((one) => one.toLowerCase());
  const known = new Set(all.filter((one) => !one.startsWith('@')));
  const domains = new Set(all.filter((one) => one.startsWith('@')));
  return (address) => {
    const one = address.toLowerCase();
    return known.has(one) || domains.has(one.slice(one.lastIndexOf('@')));
  };
}

import { canonicalEmail } from '../../domain/directory/email-address.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import type { MailConfig } from './schema.ts';

/** Whether an address is one of ours. */
export type IsOurs = (address: string) => boolean;

type Settings = Pick<MailConfig, 'address' | 'addresses' | 'journal'>;

/** The last result per mailbox. It is needed for each letter, and changes only with the configuration. */
const cache = new WeakMap<Settings, Staff & { readonly isOurs: IsOurs }>();

/** Our own addresses: that of the mailbox, further ones in its settings, those of e-mail lines and of managers. */
export function ownAddresses(config: Settings, { managers, lines }: Staff): IsOurs {
  const cached = cache.get(config);
  if (cached?.managers === managers && cached.lines === lines) return cached.isOurs;
  const isOurs = matcherOf(config, { managers, lines });
  cache.set(config, { managers, lines, isOurs });
  return isOurs;
}

function matcherOf(config: Settings, staff: Staff): IsOurs {
  const all = [
    config.address,
    ...config.addresses,
    ...(config.journal === undefined ? [] : [config.journal]),
    ...staff.lines.filter(({ channel }) => channel === 'email').map(({ address }) => address),
    ...staff.managers.flatMap(({ email }) => email ?? []),
  ].map(canonicalEmail);
  const known = new Set(all.filter((one) => !one.startsWith('@')));
  const domains = new Set(all.filter((one) => one.startsWith('@')));
  return (address) => {
    const one = canonicalEmail(address);
    return known.has(one) || domains.has(one.slice(one.lastIndexOf('@')));
  };
}

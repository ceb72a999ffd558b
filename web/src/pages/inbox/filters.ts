/** Whose conversations are listed. */
export const scopes = ['mine', 'department', 'nobody', 'all'] as const;
/** Which conversations are listed. */
export const states = ['unanswered', 'open'] as const;
/** Channels to choose from; '' is any. */
export const channels = ['', 'email', 'message', 'form'] as const;
/** Ages to choose from, in minutes; 0 is any. */
export const ages = [0, 15, 60, 1440] as const;
/** The highest age that can be typed: a year. */
const maxAge = 525_600;

/** The filters of the list, as the address keeps them. */
export interface Filters {
  readonly scope: (typeof scopes)[number];
  readonly state: (typeof states)[number];
  readonly channel: (typeof channels)[number];
  /** Id of a line; '' is any. */
  readonly line: string;
  /** Minutes; 0 is any. */
  readonly olderThan: number;
}

const atFirst: Filters = { scope: 'mine', state: 'unanswered', channel: '', line: '', olderThan: 0 };

/** The filters that an address names. Anything else in it is ignored. */
export function filtersIn(query: Readonly<Record<string, string | undefined>>): Filters {
  const minutes = /^[1-9]\d{0,5}$/.test(query.olderThan ?? '') ? Number(query.olderThan) : 0;
  return {
    scope: oneOf(scopes, query.scope) ?? atFirst.scope,
    state: oneOf(states, query.state) ?? atFirst.state,
    channel: oneOf(channels, query.channel) ?? '',
    line: (query.line ?? '').slice(0, 128),
    olderThan: Math.min(minutes, maxAge),
  };
}

/** The query of an address with these filters; those that were not changed are left out. */
export function queryOf(filters: Filters): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(atFirst) as (keyof Filters)[])
    if (filters[key] !== atFirst[key]) query.set(key, String(filters[key]));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The same filters for the API, without the scope and the state. */
export function narrowing({ channel, line, olderThan }: Filters): Readonly<Record<string, string>> {
  return {
    ...(channel !== '' && { channel }),
    ...(line !== '' && { line }),
    ...(olderThan > 0 && { olderThan: String(olderThan) }),
  };
}

function oneOf<const T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((one) => one === value);
}

import { fromCompactTime } from '../../domain/base/compact-time.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';

/** Types of events. */
export const eventTypes = ['INCOMING', 'OUTGOING', 'ACCEPTED', 'TRANSFERRED', 'COMPLETED', 'CANCELLED'] as const;
export type EventType = (typeof eventTypes)[number];

/** What all messages of a call say. */
interface CallNews {
  readonly callId: string;
  /** The other side's number as it was sent; empty if it is withheld. */
  readonly phone: string;
  /** The number of ours; null if it was not sent. */
  readonly line: string | null;
  /** The employee's telephone: the extension, else the login; null if none was named. */
  readonly extension: string | null;
}

/** `cmd=event`: something happens to a call. */
export interface CallNewsEvent extends CallNews {
  readonly type: EventType;
  readonly isInbound: boolean;
  /** The id of another call that this one is linked with, or null. */
  readonly linked: string | null;
}

/** How a call ended, by `status`. */
export const historyStatuses = [
  'success',
  'missed',
  'cancel',
  'busy',
  'notavailable',
  'notallowed',
  'notfound',
] as const;
export type HistoryStatus = (typeof historyStatuses)[number];

/** `cmd=history`, or a row of the list of ended calls. */
export interface CallHistory extends CallNews {
  readonly isInbound: boolean;
  readonly status: HistoryStatus;
  readonly startedAt: number;
  /** Seconds until somebody answered; null if it was not sent. */
  readonly wait: number | null;
  /** Seconds of talk. */
  readonly seconds: number;
  readonly link: string | null;
}

/** `cmd=contact`: who calls, and who shall be rung? */
export interface ContactQuestion {
  readonly callId: string | null;
  readonly phone: string;
  readonly line: string | null;
}

/** Reads one field of a message. */
export type Field = (name: string) => string | null;

/** Extensions by login. */
export type Logins = Readonly<Record<string, string>>;

/** The fields of a form, cut to a length that no field exceeds. */
export function fieldsOfForm(form: URLSearchParams): Field {
  return (name) => cleanText(form.get(name) ?? '', 2000) || null;
}

/** Reads an event; null if a field is missing or unknown. */
export function readEvent(field: Field, logins: Logins): CallNewsEvent | null {
  const type = eventTypes.find((one) => one === field('type')?.toUpperCase());
  const callId = idOf(field('callid'));
  if (type === undefined || callId === null) return null;
  const direction = field('direction')?.toLowerCase() ?? (type === 'OUTGOING' ? 'out' : 'in');
  return {
    type,
    callId,
    isInbound: direction !== 'out',
    linked: idOf(field('second_callid')),
    ...common(field, logins),
  };
}

/** Reads the history of a call; null if a field is missing or unknown. */
export function readHistory(field: Field, logins: Logins): CallHistory | null {
  const callId = idOf(field('callid') ?? field('uid'));
  const type = field('type')?.toLowerCase();
  const startedAt = fromCompactTime(field('start') ?? '');
  const seconds = secondsOf(field('duration'));
  const status = historyStatuses.find((one) => one === statusOf(field('status'), type, seconds));
  if (callId === null || type === undefined || startedAt === null || seconds === null || status === undefined)
    return null;
  const isInbound = type !== 'out';
  const link = field('link') ?? field('record');
  return {
    callId,
    isInbound,
    status,
    startedAt,
    seconds,
    wait: secondsOf(field('wait')),
    link,
    ...common(field, logins),
  };
}

/** Reads the question of who calls; null without a number. */
export function readQuestion(field: Field): ContactQuestion | null {
  const phone = field('phone');
  return phone === null ? null : { phone, callId: idOf(field('callid')), line: field('diversion') };
}

function common(field: Field, logins: Logins): Pick<CallNews, 'phone' | 'line' | 'extension'> {
  const phone = field('phone') ?? field('client') ?? '';
  return {
    phone: /\d/.test(phone) ? phone : '',
    line: field('diversion') ?? field('via'),
    extension: field('ext') ?? ofLogin(field('user') ?? field('account'), logins),
  };
}

/** Logins may be qualified: `anna@company`. */
function ofLogin(login: string | null, logins: Logins): string | null {
  const [name = ''] = login?.split('@', 1) ?? [];
  if (name === '') return null;
  return Object.hasOwn(logins, name) ? (logins[name] ?? null) : name;
}

/** The list has no status: there a call without talk was missed. */
function statusOf(status: string | null, type: string | undefined, seconds: number | null): string {
  if (status !== null) return status.toLowerCase();
  if (type === 'missed') return 'missed';
  return (seconds ?? 0) > 0 ? 'success' : type === 'out' ? 'cancel' : 'missed';
}

function idOf(value: string | null): string | null {
  return value !== null && value.length <= 200 ? value : null;
}

function secondsOf(value: string | null): number | null {
  return value !== null && /^\d{1,7}(\.\d{1,6})?$/.test(value) ? Number(value) : null;
}

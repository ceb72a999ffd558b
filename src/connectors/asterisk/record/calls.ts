import { eventKey } from '../../../domain/base/ids.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { CallLeg, CallParty, CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { CallState, Direction } from '../../../domain/interaction/interaction.ts';
import { parseChannelName } from '../endpoints/channel-name.ts';
import { repaired } from '../text/readable.ts';
import { faxes, features, runningApplication } from '../tracker/applications.ts';
import { isPresented } from '../tracker/dial.ts';
import { callerName, isWithheld } from '../tracker/model.ts';
import { legsOfColleagues, legsOfParty } from './legs.ts';
import type { RecordRow } from './row.ts';
import { type CallRules, isNumber, seenBy, type Told, told } from './sides.ts';

/** Digits of a number that is a DID although it is no configured line. Shorter ones are queues and groups. */
const shortestDid = 7;

/** What the rows of one call say about it. */
interface Course {
  readonly direction: Direction;
  readonly party: CallParty;
  readonly dialled: string | null;
  readonly trunk: string | null;
  readonly legs: readonly CallLeg[];
}

/**
 * Builds a call from the rows with the same linkedid; null if they are no call, such as a technical channel or a feature code.
 * The record has no transfers, and not when each phone rang.
 */
export function callOfRows(unsorted: readonly RecordRow[], rules: CallRules): CallSnapshot | null {
  // Rows are written in order of their end. The caller's row is the first of a channel that nobody called, and not of a Local one.
  const all = unsorted
    .map((row) => told(row, rules))
    .filter((one) => one.from.kind !== 'none')
    .sort((a, b) => a.row.start - b.row.start || Number(a.from.kind === 'local') - Number(b.from.kind === 'local'));
  const [earliest] = all;
  if (earliest === undefined || all.every(isService)) return null;
  const own = all.filter((one) => one.from.kind !== 'local');
  const first = own.find(({ row }) => !isCalledBefore(row, all)) ?? own[0] ?? earliest;
  const rows = seenBy(first, all);
  const course = courseOf(first, rows, rules);
  if (course === null) return null;
  const key = eventKey(rules.connection, first.row.linkedid);
  const ids = rows.map(({ row }) => eventKey(rules.connection, row.uniqueid));
  return {
    kind: 'call',
    key,
    aliases: [...new Set(ids)].filter((one) => one !== key),
    connection: rules.connection,
    basis: 'record',
    ...course,
    state: stateOf(course, rows),
    startedAt: Math.min(...rows.map(({ row }) => row.start)),
    endedAt: Math.max(...rows.map(({ row }) => row.end)),
    transfers: [],
    recordings: recordingsOf(rows.map(({ row }) => row)),
    reconstructed: true,
    ...(rows.some(({ row }) => faxes.has(applicationOf(row))) && { automatic: 'fax' as const }),
  };
}

/** Whether somebody called the channel of a row. Who came to it later, to fetch it from parking, did not. */
function isCalledBefore({ channel, start }: RecordRow, all: readonly Told[]): boolean {
  return all.some(({ row }) => row.destinationChannel === channel && row.start <= start);
}

function courseOf(first: Told, rows: readonly Told[], rules: CallRules): Course | null {
  const { from, row } = first;
  if (from.kind === 'outside' && !isOwnDoing(first, rules)) {
    return {
      direction: 'inbound',
      party: partyOf(from.number, row.callerName),
      dialled: lineOf(rows, first, rules),
      trunk: parseChannelName(row.channel).endpoint,
      legs: legsOfParty(rows, 'inbound'),
    };
  }
  const number = isToColleague(first, rows, rules) ? null : calledNumber(first, rows, rules);
  if (number !== null) {
    const called = calledOutside(rows)?.row;
    const trunk = called === undefined ? null : parseChannelName(called.destinationChannel).endpoint;
    const shown = called?.source ?? '';
    return {
      direction: 'outbound',
      party: partyOf(number, ''),
      dialled: isPresented(shown, number, rules.endpoints) ? shown : trunk,
      trunk,
      legs: legsOfParty(rows, 'outbound'),
    };
  }
  // The PBX rang a client under our own number, and the record does not have his.
  if (from.kind === 'outside' || from.kind === 'local' || row.application === 'AppDial2') return null;
  const raw = internalNumber(rows);
  const party = { raw, name: null, withheld: false };
  return { direction: 'internal', party, dialled: null, trunk: null, legs: legsOfColleagues(rows) };
}

/** Whether the PBX itself began the call with an Originate, for which the record has the outgoing channel as the caller. */
function isOwnDoing({ from, row }: Told, rules: CallRules): boolean {
  return row.application === 'AppDial2' || (from.kind === 'outside' && rules.isLine(from.number));
}

/** Whether one of ours dialled colleagues only, whose calls may go on to a mobile. */
function isToColleague({ from, row }: Told, rows: readonly Told[], { endpoints }: CallRules): boolean {
  const dialled = rows.filter((one) => one.row.channel === row.channel).map((one) => one.row.destination);
  return from.kind === 'ours' && dialled.every((number) => endpoints.isExtension(number));
}

/** The outside end that was called. Of several trunks, the one that was answered counts. */
function calledOutside(rows: readonly Told[]): { readonly number: string; readonly row: RecordRow } | undefined {
  const called = rows.flatMap(({ to, row }) => (to.kind === 'outside' ? [{ number: to.number, row }] : []));
  return called.findLast(({ row }) => row.disposition === 'ANSWERED') ?? called.at(-1);
}

/** The outside number that was called, or null. */
function calledNumber(first: Told, rows: readonly Told[], rules: CallRules): string | null {
  const called = calledOutside(rows);
  if (called !== undefined) return called.number;
  if (first.row.application === 'AppDial2' || first.from.kind === 'outside') return clientOf(first.row, rules);
  // No trunk was available, so there is no called channel.
  const { destination } = first.row;
  const hasColleague = rows.some(({ to }) => to.kind !== 'none');
  return !hasColleague && isDid(destination, rules) ? destination : null;
}

/** The client's number as the caller id of a call that the PBX began and nobody answered. Often it is our own number. */
function clientOf({ source }: RecordRow, { endpoints, isLine }: CallRules): string | null {
  const isOurs = endpoints.isExtension(source) || isLine(source);
  return isOurs || !isNumber(source) ? null : source;
}

function internalNumber(rows: readonly Told[]): string {
  const called = rows.map(({ to }) => to).find((to) => to.kind === 'ours');
  if (called !== undefined) return called.extension ?? called.phone ?? '';
  return rows.map(({ row }) => row.destination).find(isNumber) ?? '';
}

function partyOf(number: string, name: string): CallParty {
  const withheld = isWithheld(number);
  const known = callerName(name);
  return { raw: withheld ? '' : number, name: known === null ? null : repaired(known), withheld };
}

/** The DID that the client dialled. `s`, an extension or a queue, which the dialplan led to, is none. */
function lineOf(rows: readonly Told[], first: Told, rules: CallRules): string | null {
  const own = rows.map(({ row }) => row.did).find((did) => isNumber(did));
  if (own !== undefined) return own;
  const dialled = rows
    .filter(({ row }) => row.channel === first.row.channel)
    .map(({ row }) => row.destination)
    .find((destination) => isDid(destination, rules));
  return dialled ?? null;
}

function isDid(destination: string, rules: CallRules): boolean {
  if (!isNumber(destination) || rules.endpoints.isExtension(destination)) return false;
  return destination.length >= shortestDid || rules.isLine(destination);
}

function stateOf({ direction, legs }: Course, rows: readonly Told[]): CallState {
  if (legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null)) return 'answered';
  if (direction === 'inbound') return 'missed';
  const last = rows.at(-1)?.row.disposition;
  return last === 'FAILED' || last === 'CONGESTION' ? 'failed' : 'unanswered';
}

/** The recordings that rows name. FreePBX names one for a call that nobody answered, too, which is never made. */
export function recordingsOf(rows: readonly RecordRow[]): readonly CallRecording[] {
  const found = new Map<string, CallRecording>();
  for (const { recording: file, answer } of rows) {
    if (file === '' || answer === null || found.has(file)) continue;
    const unknown = { path: null, leg: null, seconds: null, mime: null, bytes: null };
    found.set(file, { file, kind: 'call', state: 'pending', startedAt: answer, ...unknown });
  }
  return [...found.values()];
}

function applicationOf({ application, data }: RecordRow): string {
  return runningApplication(application, data).name;
}

function isService({ row }: Told): boolean {
  return features.has(applicationOf(row)) || row.destination.startsWith('*');
}

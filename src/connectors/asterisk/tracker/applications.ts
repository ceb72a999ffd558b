import { assignedDid, lateLine, lateNumber } from './identity.ts';
import { addLeg, endServices } from './legs.ts';
import type { CallTrackerOptions, Fields, LiveCall, LiveChannel } from './model.ts';
import { text } from './model.ts';

/** An application with its arguments. */
interface Application {
  /** In lower case. */
  readonly name: string;
  readonly data: string;
}

/** Applications of menus. */
export const menus: ReadonlySet<string> = new Set([
  'background',
  'read',
  'readexten',
  'waitexten',
  'ivr',
  'backgrounddetect',
  'speechbackground',
  'synthandrecog',
]);
/** Applications in which a caller leaves a message. */
export const mailboxes: ReadonlySet<string> = new Set(['voicemail', 'minivm', 'minivmrecord']);
/** Applications that send or receive a fax. */
export const faxes: ReadonlySet<string> = new Set(['receivefax', 'rxfax', 'sendfax']);
/** Applications that show that the party has left a menu. */
const leaving: ReadonlySet<string> = new Set(['dial', 'queue', 'followme', 'page', 'hangup', 'confbridge', 'meetme']);
/** Applications that call somebody, or hand the call to a program that may. */
const dialling: ReadonlySet<string> = new Set([
  'dial',
  'queue',
  'followme',
  'retrydial',
  'stasis',
  'agi',
  'eagi',
  'deadagi',
  'asyncagi',
  'pickup',
  'bridge',
]);
/** Applications in which people meet. */
export const conferences: ReadonlySet<string> = new Set(['confbridge', 'meetme', 'konference']);
/** Applications for which people of ours use their telephones, and which call nobody. */
export const features: ReadonlySet<string> = new Set([
  'chanspy',
  'extenspy',
  'page',
  'voicemailmain',
  'minivmaccmess',
  'echo',
  'milliwatt',
  'dictate',
  'sayunixtime',
  'record',
  'agentlogin',
  'addqueuemember',
  'removequeuemember',
  'pausequeuemember',
  'unpausequeuemember',
  'messagesend',
  'dumpchan',
  'vmauthenticate',
]);
/** Depth of applications within applications, such as `ExecIf(1?Exec(Background(x)))`. */
const maxDepth = 4;

/** The application that runs: that within `ExecIf(1?Background(x):Hangup())`, `Exec(…)` or `TryExec(…)`. */
export function runningApplication(name: string, data: string, depth = 0): Application {
  const lower = name.toLowerCase();
  if (depth === maxDepth) return { name: lower, data };
  const inner = lower === 'execif' ? chosen(data) : lower === 'exec' || lower === 'tryexec' ? data : null;
  if (inner === null) return { name: lower, data };
  const open = inner.indexOf('(');
  if (open < 0) return runningApplication(inner.trim(), '', depth + 1);
  const end = inner.lastIndexOf(')');
  const within = inner.slice(open + 1, end > open ? end : undefined);
  return runningApplication(inner.slice(0, open).trim(), within, depth + 1);
}

/** The chosen side of `condition?then:else`. */
function chosen(data: string): string {
  const mark = data.indexOf('?');
  if (mark < 0) return '';
  const condition = data.slice(0, mark).trim();
  const isTrue = condition !== '' && condition !== '0';
  const rest = data.slice(mark + 1);
  const colon = endOfThen(rest);
  return (isTrue ? rest.slice(0, colon) : rest.slice(colon + 1)).trim();
}

/** Where the first side ends: at the colon outside of parentheses. */
function endOfThen(rest: string): number {
  let depth = 0;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '(') depth += 1;
    else if (rest[i] === ')') depth -= 1;
    else if (rest[i] === ':' && depth <= 0) return i;
  }
  return rest.length;
}

/**
 * Records a dialplan application. The outside party's applications show menus, voicemail and faxes; those of our telephones show
 * that they call nobody. What is dialled later than the channel began is known from here, too.
 */
export function application(channel: LiveChannel, fields: Fields, at: number, options: CallTrackerOptions): void {
  const { call } = channel;
  const { name, data } = runningApplication(text(fields, 'Application'), text(fields, 'AppData'));
  if (name === 'appdial2') return originatedTrunk(channel);
  if (call.direction === 'inbound' && call.parties.has(channel)) {
    if (!call.settled) Object.assign(call, { settled: true, dirty: true });
    lateLine(channel, (name === 'set' ? assignedDid(data) : null) ?? text(fields, 'Extension'), options);
    services(call, name, data, text(fields, 'Extension'), at);
  } else if (channel.kind === 'local' && call.direction === 'inbound') {
    // Behind a Local channel runs what answers instead of our phone.
    if (mailboxes.has(name)) mailbox(call, data, at);
    else if (faxes.has(name)) Object.assign(call, { isFax: true, dirty: true });
  } else if (call.parties.size === 0) {
    if (channel.kind === 'extension') lateNumber(channel, text(fields, 'Extension'), options);
    if (features.has(name) && !call.isReported) call.isHidden = true;
    if (dialling.has(name)) call.hasDialled = true;
    else call.isIdle = true;
  }
  if (conferences.has(name)) call.isConference = true;
}

/** A trunk that is originated does not bring a caller: we call by it, and whom is in the dial's event. */
function originatedTrunk(channel: LiveChannel): void {
  const { call } = channel;
  if (call.direction !== 'inbound' || call.legs.length > 0 || !call.parties.has(channel)) return;
  Object.assign(call, { direction: 'outbound', party: '', withheld: false, dialled: null, settled: false });
}

function services(call: LiveCall, name: string, data: string, extension: string, at: number): void {
  if (menus.has(name)) {
    if (call.legs.some((leg) => leg.kind === 'ivr' && leg.endedAt === null)) return;
    addLeg(call, 'ivr', extension === 's' ? null : extension || null, null).talkedAt = at;
  } else if (mailboxes.has(name)) mailbox(call, data, at);
  else if (faxes.has(name)) {
    endServices(call, ['ivr', 'voicemail'], at);
    Object.assign(call, { isFax: true, dirty: true });
  } else if (leaving.has(name)) endServices(call, ['ivr', 'voicemail'], at);
}

function mailbox(call: LiveCall, data: string, at: number): void {
  endServices(call, ['ivr', 'queue'], at);
  const box = data.split(/[@,&]/, 1)[0] ?? '';
  if (call.legs.some((leg) => leg.kind === 'voicemail' && leg.endedAt === null)) return;
  addLeg(call, 'voicemail', box || null, null).talkedAt = at;
}

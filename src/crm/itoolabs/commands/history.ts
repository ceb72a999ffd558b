import { compactTime } from '../../../domain/base/compact-time.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { bestRecording } from '../../shared/best-recording.ts';
import { type Command, type CommandParts, invalid } from './command.ts';
import { periodOf, type Span } from './period.ts';

/** The most calls of one answer, and the most contacts that are looked through for them. */
const maxCalls = 5000;
const maxRead = 50_000;
const pageSize = 200;

const types = ['all', 'in', 'out', 'missed'] as const;
type CallType = (typeof types)[number];

/** `history`: ended calls of a period as CSV, the newest first. */
export const history: Command = async (form, parts) => {
  const { context } = parts;
  const span = periodOf(form, context.clock.now(), context.timezone);
  const type = types.find((one) => one === (form.get('type') ?? 'all'));
  const limit = form.get('limit') === null ? maxCalls : Number(form.get('limit'));
  if (span === null || type === undefined || !Number.isInteger(limit) || limit < 1) return invalid;
  const rows: string[] = [];
  for await (const call of callsOf(span, parts)) {
    if (rows.length === Math.min(limit, maxCalls)) break;
    if (isOf(type, call)) rows.push(rowOf(call));
  }
  return { status: 200, type: 'text/csv; charset=utf-8', body: rows.map((row) => `${row}\r\n`).join('') };
};

async function* callsOf({ from, to }: Span, { context }: CommandParts): AsyncGenerator<Interaction> {
  const since = new Date(from).toISOString();
  let read = 0;
  for (let cursor: string | null = null; read < maxRead; ) {
    const page: Awaited<ReturnType<typeof context.history>> = await context.history({
      limit: pageSize,
      cursor,
      channel: 'call',
      since,
    });
    for (const call of page.items) {
      const isWhole = call.endedAt !== null && call.mergedInto === null && call.direction !== 'internal';
      if (isWhole && Date.parse(call.startedAt) < to) yield call;
    }
    read += page.items.length;
    cursor = page.next;
    if (cursor === null) return;
  }
}

function isOf(type: CallType, { direction, state }: Interaction): boolean {
  switch (type) {
    case 'all':
      return true;
    case 'in':
      return direction === 'inbound';
    case 'out':
      return direction === 'outbound';
    case 'missed':
      return state === 'missed';
  }
}

/** UID, type, client, account, via, start, wait, duration, record */
function rowOf(call: Interaction): string {
  const type = call.state === 'missed' ? 'missed' : call.direction === 'inbound' ? 'in' : 'out';
  const cells = [
    call.id,
    type,
    (call.party.phone ?? call.party.raw).replace(/\D/g, ''),
    call.handledBy?.id ?? '',
    call.line?.address ?? '',
    compactTime(call.startedAt),
    String(call.waitSeconds ?? 0),
    String(call.talkSeconds ?? 0),
    bestRecording(call, null)?.url ?? '',
  ];
  return cells.map(quoted).join(',');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

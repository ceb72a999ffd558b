import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { CallEnd, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { CallTable } from './call-table.ts';
import { handOff, turnOutbound } from './legs.ts';
import { type Fields, type LiveCall, type LiveChannel, text } from './model.ts';

const NOBODY: CallEnd = { extension: null, phone: null };

function endOf(channel: LiveChannel | undefined): CallEnd {
  const leg = channel?.leg;
  return leg === null || leg === undefined ? NOBODY : { extension: leg.extension, phone: leg.phone };
}

function add(call: LiveCall, transfer: CallTransfer): void {
  if (call.transfers.some((known) => known.kind === transfer.kind && known.at === transfer.at)) return;
  call.transfers.push(transfer);
  call.dirty = true;
}

/** Records a blind transfer: one of our people sent the party on without asking. */
export function blindTransfer(channel: LiveChannel, fields: Fields, endpoints: Endpoints, at: number): void {
  const number = text(fields, 'Extension');
  const to = endpoints.isExtension(number)
    ? { extension: number, phone: null }
    : { extension: null, phone: number || null };
  const outcome = text(fields, 'Result') === 'Success' ? 'done' : 'failed';
  add(channel.call, { kind: 'blind', from: endOf(channel), to, at, outcome });
  if (outcome !== 'done') return;
  handOff(channel.leg, channel.call, at);
  if (/^\+?\d{6,20}$/.test(number)) turnOutbound(channel.call, number);
}

/** Records an attended transfer to a colleague. It is a blonde transfer if the colleague had not answered yet. */
export function attendedTransfer(table: CallTable, channel: LiveChannel, fields: Fields, at: number): void {
  const second = table.channel(text(fields, 'SecondTransfererUniqueid'));
  if (second !== undefined && second.call !== channel.call) table.union(channel.call, second.call);
  const { call } = channel;
  const target = call.legs.findLast((leg) => isHumanLeg(leg) && leg !== channel.leg && leg.endedAt === null);
  const to = target === undefined ? NOBODY : { extension: target.extension, phone: target.phone };
  const kind = target?.answered === true ? 'attended' : 'blonde';
  const outcome = text(fields, 'Result') === 'Success' ? 'done' : 'failed';
  add(call, { kind, from: endOf(channel), to, at, outcome });
  if (outcome !== 'done' || text(fields, 'DestType') === 'Threeway') return;
  handOff(channel.leg, call, at);
  handOff(second?.leg ?? null, call, at);
}

/** Records that a colleague picked up a call that rang at another phone. */
export function pickedUp(table: CallTable, channel: LiveChannel, fields: Fields, at: number): void {
  const target = table.channel(text(fields, 'TargetUniqueid'));
  if (target === undefined) return;
  const from = endOf(target);
  if (target.call !== channel.call) table.union(target.call, channel.call);
  add(channel.call, { kind: 'pickup', from, to: endOf(channel), at, outcome: 'done' });
}

/** Records that the party was parked. */
export function parked(channel: LiveChannel, fields: Fields, endpoints: Endpoints, at: number): void {
  const parker = endpoints.ofDevice(text(fields, 'ParkerDialString'));
  const from = { extension: parker.extension ?? (parker.name || null), phone: null };
  const to = { extension: text(fields, 'ParkingSpace') || null, phone: null };
  add(channel.call, { kind: 'park', from, to, at, outcome: 'done' });
  for (const leg of channel.call.legs) {
    if (leg.extension === from.extension && leg.talkedAt !== null) handOff(leg, channel.call, at);
  }
}

function changeParked(call: LiveCall, change: Partial<CallTransfer>): void {
  const index = call.transfers.findLastIndex((transfer) => transfer.kind === 'park');
  const transfer = call.transfers[index];
  if (transfer === undefined) return;
  call.transfers[index] = { ...transfer, ...change };
  call.dirty = true;
}

/** Records that a colleague retrieved the parked party. */
export function unparked(table: CallTable, channel: LiveChannel, fields: Fields): void {
  const retriever = table.channel(text(fields, 'RetrieverUniqueid'));
  if (retriever === undefined) return;
  if (retriever.call !== channel.call) table.union(channel.call, retriever.call);
  changeParked(channel.call, { to: endOf(retriever) });
}

/** Records that the parked party returned to the person who parked it, because nobody retrieved it. */
export function parkReturned(channel: LiveChannel): void {
  changeParked(channel.call, { outcome: 'returned' });
}

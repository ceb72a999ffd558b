import { changeCard } from '../crm/card-changes.ts';
import { typeOfKind } from '../crm/card-fields.ts';
import { phoneKey } from '../crm/card-store.ts';
import { coreError, PortalError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { PortalCall, StatisticsRow } from '../state.ts';
import type { Fields } from '../values.ts';
import { userOf } from './external-calls.ts';
import { attachFromUrl } from './records.ts';

const codes = ['200', '304', '603', '603-S', '403', '404', '486', '484', '503', '480', '402', '423', 'OTHER'];

/** `telephony.externalCall.finish`. */
export const finishMethod: Method = {
  name: 'telephony.externalCall.finish',
  scopes: ['telephony'],
  appOnly: true,
  parameters: [
    'CALL_ID',
    'USER_ID',
    'USER_PHONE_INNER',
    'DURATION',
    'COST',
    'COST_CURRENCY',
    'STATUS_CODE',
    'FAILED_REASON',
    'RECORD_URL',
    'VOTE',
    'ADD_TO_CHAT',
  ],
  run: finish,
};

async function finish(call: Call): Promise<Fields> {
  const { core, parameters } = call;
  const id = parameters.raw('CALL_ID');
  if (typeof id !== 'string') throw new PortalError(400, 'INVALID_ARGUMENT', 'CALL_ID must be a string');
  const user = userOf(call);
  const registered = core.state.calls.get(id);
  if (registered === undefined || registered.isFinished)
    throw coreError('Call is not found (call should be registered prior to finishing)');
  const duration = Math.max(0, parameters.integer('DURATION') ?? 0);
  const code = parameters.text('STATUS_CODE') ?? (duration > 0 ? '200' : '304');
  if (!codes.includes(code)) parameters.complain(`unknown STATUS_CODE ${code}`);
  core.calls.finish(registered);
  registered.shownTo.delete(user.id);
  for (const { kind, id: card } of registered.created)
    changeCard(core, kind, card, { ASSIGNED_BY_ID: String(user.id) }, user.id);
  const row: StatisticsRow = {
    id: core.nextId('statistics'),
    callId: id,
    externalCallId: registered.externalId,
    userId: user.id,
    phone: registered.phone,
    line: registered.line,
    type: registered.type,
    duration,
    startedAt: registered.startedAt,
    status: duration > 0 ? 1 : 0,
    code,
    reason: parameters.text('FAILED_REASON') ?? '',
    vote: parameters.integer('VOTE'),
    cost: Number(parameters.text('COST') ?? 0),
    currency: parameters.text('COST_CURRENCY') ?? '',
    card: registered.card,
    source: registered.source,
    activityId: null,
    recordFileId: null,
    transcriptId: null,
  };
  core.state.statistics.set(id, row);
  row.activityId = addActivity(call, registered, row);
  enterInCallList(call, registered);
  if (row.activityId !== null && row.code === '304' && row.type !== 1) {
    const key = phoneKey(row.phone);
    core.misses.set(key, [...(core.misses.get(key) ?? []), row.activityId]);
  }
  if (row.status === 1 && row.type === 1) clearMisses(call, row.phone);
  if (parameters.flag('ADD_TO_CHAT', true)) core.state.chatNotices.push({ callId: id, userId: user.id });
  const url = parameters.text('RECORD_URL');
  if (url !== null) await attachFromUrl(core, row, url, parameters.text('FILENAME'));
  core.raise('ONVOXIMPLANTCALLEND', eventData(row), user.id);
  return rowAnswer(row);
}

/** The call's activity on its card, made by the portal itself; open for a missed incoming call. */
function addActivity({ core }: Call, registered: PortalCall, row: StatisticsRow): number | null {
  const { card } = registered;
  if (card === null) return null;
  const isIncoming = row.type === 2 || row.type === 3;
  const id = core.nextId('activity');
  const started = Date.parse(row.startedAt);
  core.state.activities.set(id, {
    id,
    fields: {
      OWNER_TYPE_ID: String(typeOfKind[card.kind]),
      OWNER_ID: String(card.id),
      TYPE_ID: '2',
      PROVIDER_ID: 'VOXIMPLANT_CALL',
      PROVIDER_TYPE_ID: 'CALL',
      ORIGIN_ID: `VI_${row.callId}`,
      SUBJECT: `${isIncoming ? 'Incoming call from' : 'Outgoing call to'} ${row.phone}`,
      DIRECTION: isIncoming ? '1' : '2',
      COMPLETED: isIncoming && row.code === '304' ? 'N' : 'Y',
      RESPONSIBLE_ID: String(row.userId),
      AUTHOR_ID: String(row.userId),
      START_TIME: row.startedAt,
      END_TIME: core.date(started + row.duration * 1000),
      CREATED: core.now(),
      LAST_UPDATED: core.now(),
      COMMUNICATIONS: [{ TYPE: 'PHONE', VALUE: row.phone, ENTITY_ID: card.id, ENTITY_TYPE_ID: typeOfKind[card.kind] }],
      FILES: [],
    },
    bindings: [card, ...registered.created.filter(({ kind }) => kind === 'DEAL')],
  });
  core.raise('ONCRMACTIVITYADD', { FIELDS: { ID: String(id) } }, row.userId);
  return id;
}

/** The portal enters a call in its call list by the call's card. The status there is what the operator chooses. */
function enterInCallList({ core }: Call, { id, callListId, card }: PortalCall): void {
  const list = callListId === null ? undefined : core.state.callLists.get(callListId);
  if (card !== null && card.kind === list?.kind && list.items.has(card.id)) list.calls.set(card.id, id);
}

/** A successful call to a number settles the misses from it. */
function clearMisses({ core }: Call, phone: string): void {
  for (const id of core.misses.get(phoneKey(phone)) ?? []) {
    const activity = core.state.activities.get(id);
    if (activity !== undefined) activity.fields = { ...activity.fields, COMPLETED: 'Y' };
  }
  core.misses.delete(phoneKey(phone));
}

function rowAnswer(row: StatisticsRow): Fields {
  return {
    CALL_ID: row.callId,
    EXTERNAL_CALL_ID: row.externalCallId,
    PORTAL_USER_ID: row.userId,
    PHONE_NUMBER: row.phone,
    PORTAL_NUMBER: row.line,
    INCOMING: String(row.type),
    CALL_DURATION: row.duration,
    CALL_START_DATE: {},
    CALL_STATUS: row.status,
    CALL_VOTE: row.vote,
    COST: row.cost,
    COST_CURRENCY: row.currency,
    CALL_FAILED_CODE: row.code,
    CALL_FAILED_REASON: row.reason,
    REST_APP_ID: '1',
    REST_APP_NAME: row.source,
    CRM_ACTIVITY_ID: row.activityId,
    COMMENT: null,
    CRM_ENTITY_TYPE: row.card?.kind ?? null,
    CRM_ENTITY_ID: row.card?.id ?? null,
    ID: row.id,
  };
}

function eventData(row: StatisticsRow): Fields {
  return {
    CALL_ID: row.callId,
    CALL_TYPE: row.type,
    PHONE_NUMBER: row.phone,
    PORTAL_NUMBER: row.line,
    PORTAL_USER_ID: row.userId,
    CALL_DURATION: row.duration,
    CALL_START_DATE: row.startedAt,
    COST: row.cost,
    COST_CURRENCY: row.currency,
    CALL_FAILED_CODE: row.code,
    CALL_FAILED_REASON: row.reason,
  };
}

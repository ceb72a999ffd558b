import { addCard, cardsOfPhone } from '../crm/card-changes.ts';
import { coreError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { CardLink, PortalCall, PortalUser } from '../state.ts';
import type { Fields } from '../values.ts';
import { lineOf } from './external-lines.ts';
import { keptPhone } from './phones.ts';

const windowMs = 30 * 60_000;
const cardKinds = ['CONTACT', 'COMPANY', 'LEAD'] as const;

/** `telephony.externalCall.register`, `show`, `hide` and `searchCrmEntities`. */
export const externalCallMethods: readonly Method[] = [
  {
    name: 'telephony.externalCall.register',
    scopes: ['telephony'],
    appOnly: true,
    parameters: [
      'USER_ID',
      'USER_PHONE_INNER',
      'PHONE_NUMBER',
      'TYPE',
      'CALL_START_DATE',
      'CRM_CREATE',
      'CRM_SOURCE',
      'CRM_ENTITY_TYPE',
      'CRM_ENTITY_ID',
      'SHOW',
      'ADD_TO_CHAT',
      'CALL_LIST_ID',
      'LINE_NUMBER',
      'EXTERNAL_CALL_ID',
    ],
    run: register,
  },
  {
    name: 'telephony.externalCall.show',
    scopes: ['telephony'],
    parameters: ['CALL_ID', 'USER_ID'],
    run: (call) =>
      onCard(call, (found, user) => {
        found.shownTo.add(user);
        found.everShownTo.add(user);
      }),
  },
  {
    name: 'telephony.externalCall.hide',
    scopes: ['telephony'],
    parameters: ['CALL_ID', 'USER_ID'],
    run: (call) => onCard(call, (found, user) => found.shownTo.delete(user)),
  },
];

/** The user of `USER_ID` or `USER_PHONE_INNER`, who must be active. */
export function userOf({ core, parameters }: Call): PortalUser {
  const id = parameters.integer('USER_ID');
  const extension = parameters.text('USER_PHONE_INNER');
  if (id === null && extension === null) throw coreError('USER_ID or USER_PHONE_INNER should be set');
  const user = core.activeUser({ id, extension });
  if (user === null) throw coreError('User is not found or is not active');
  return user;
}

function register(call: Call): Fields {
  const { core, parameters, authority } = call;
  const user = userOf(call);
  const phone = keptPhone(parameters.text('PHONE_NUMBER') ?? '');
  const type = parameters.integer('TYPE') ?? 0;
  if (type < 1 || type > 5) throw coreError('Unknown TYPE');
  if (phone === null) throw coreError('Unsupported phone number format');
  const startedAt = startOf(call);
  const line = lineOf(call);
  const externalId = parameters.text('EXTERNAL_CALL_ID');
  const known = core.calls.findOpen(
    { userId: user.id, phone, type, source: authority.source, line: line?.number ?? null, externalId },
    core.clock.now() - windowMs,
  );
  if (known !== null) return answerOf(known);
  const isInternal = [...core.state.users.values()].some(({ extension }) => extension === phone);
  const given = cardOf(call);
  const found = given ?? (isInternal ? null : (cardsOfPhone(core, phone)[0] ?? null));
  const mayCreate = parameters.flag('CRM_CREATE', false) && (type !== 1 || line === null || line.autoCreate);
  const created = found === null && mayCreate && !isInternal ? createCards(call, phone, type, user.id) : [];
  const registered = core.addCall({
    externalId,
    userId: user.id,
    phone,
    type,
    line: line?.number ?? null,
    startedAt,
    source: authority.source,
    card: found ?? created[0] ?? null,
    created,
    callListId: parameters.integer('CALL_LIST_ID'),
    isShown: parameters.flag('SHOW', true),
  });
  if (parameters.flag('ADD_TO_CHAT', true)) core.state.chatNotices.push({ callId: registered.id, userId: user.id });
  core.raise('ONVOXIMPLANTCALLINIT', { CALL_ID: registered.id, CALL_TYPE: type, CALLER_ID: phone }, user.id);
  return answerOf(registered);
}

function answerOf(call: PortalCall): Fields {
  return {
    CALL_ID: call.id,
    CRM_CREATED_LEAD: call.created.find(({ kind }) => kind === 'LEAD')?.id ?? null,
    CRM_CREATED_ENTITIES: call.created.map(({ kind, id }) => ({ ENTITY_TYPE: kind, ENTITY_ID: id })),
    CRM_ENTITY_TYPE: call.card?.kind ?? '',
    CRM_ENTITY_ID: call.card?.id ?? 0,
  };
}

function startOf({ core, parameters }: Call): string {
  const given = parameters.text('CALL_START_DATE');
  if (given === null) return core.now();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(given) || Number.isNaN(Date.parse(given)))
    throw coreError('CALL_START_DATE should be in the ISO-8601 format');
  return core.date(Date.parse(given));
}

function cardOf({ core, parameters }: Call): CardLink | null {
  const type = parameters.text('CRM_ENTITY_TYPE');
  const id = parameters.integer('CRM_ENTITY_ID');
  if (type === null || id === null) return null;
  const kind = cardKinds.find((one) => one === type);
  if (kind === undefined || core.cards[kind].get(id) === null) {
    parameters.complain(`CRM_ENTITY_TYPE ${type} and CRM_ENTITY_ID ${id} name no card`);
    return null;
  }
  return { kind, id };
}

/** A lead, or a contact with a deal in a portal without leads. */
function createCards({ core, parameters }: Call, phone: string, type: number, userId: number): readonly CardLink[] {
  const title = `${phone} - ${type === 1 ? 'Outgoing' : 'Incoming'} call`;
  const source = parameters.text('CRM_SOURCE') ?? 'CALL';
  const phones = [{ VALUE: phone, VALUE_TYPE: 'WORK' }];
  if (core.options.leads !== false)
    return [{ kind: 'LEAD', id: addCard(core, 'LEAD', { TITLE: title, SOURCE_ID: source, PHONE: phones }, userId) }];
  const contact = addCard(core, 'CONTACT', { NAME: phone, SOURCE_ID: source, PHONE: phones }, userId);
  const deal = addCard(core, 'DEAL', { TITLE: title, SOURCE_ID: source, CONTACT_ID: String(contact) }, userId);
  return [
    { kind: 'CONTACT', id: contact },
    { kind: 'DEAL', id: deal },
  ];
}

/** Applies to all users of `USER_ID`; answers false if there is no such call, or it has been finished. */
function onCard({ core, parameters }: Call, act: (call: PortalCall, userId: number) => void): boolean {
  const call = core.state.calls.get(parameters.text('CALL_ID') ?? '');
  if (call === undefined || call.isFinished) return false;
  const given = parameters.list('USER_ID') ?? (parameters.has('USER_ID') ? [parameters.integer('USER_ID')] : null);
  for (const id of given ?? [call.userId]) {
    if (core.activeUser({ id: Number(id) }) === null) parameters.complain(`USER_ID ${id} is no active user`);
    else act(call, Number(id));
  }
  return true;
}

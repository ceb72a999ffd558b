import type { Bitrix24Config } from '../schema.ts';

/** What this core uses of the portal, by purpose. `scopes`: any one of them is enough. */
export interface UsedMethods {
  readonly purpose: string;
  readonly scopes: readonly string[];
  readonly methods: readonly string[];
  /** Refused to inbound webhooks. */
  readonly appOnly?: true;
}

const always: readonly UsedMethods[] = [
  {
    purpose: 'managers',
    scopes: ['user', 'user_brief', 'user_basic'],
    methods: ['user.get'],
  },
  {
    purpose: 'calls',
    scopes: ['telephony'],
    appOnly: true,
    methods: ['telephony.externalCall.register', 'telephony.externalCall.finish'],
  },
  {
    purpose: 'cards of calls, recordings and transcripts',
    scopes: ['telephony'],
    methods: [
      'telephony.externalCall.show',
      'telephony.externalCall.hide',
      'telephony.externalCall.attachRecord',
      'telephony.call.attachTranscription',
      'telephony.externalCall.searchCrmEntities',
      'voximplant.statistic.get',
    ],
  },
  {
    purpose: 'clients, leads, letters and messages',
    scopes: ['crm'],
    methods: [
      'crm.contact.list',
      'crm.contact.get',
      'crm.company.list',
      'crm.company.get',
      'crm.lead.list',
      'crm.lead.get',
      'crm.lead.add',
      'crm.deal.list',
      'crm.contact.company.items.get',
      'crm.company.contact.items.get',
      'crm.duplicate.findbycomm',
      'crm.settings.mode.get',
      'crm.status.list',
      'crm.activity.add',
      'crm.activity.update',
      'crm.activity.list',
      'crm.activity.todo.add',
    ],
  },
  {
    purpose: 'click-to-call and changes of clients',
    scopes: ['crm', 'telephony'],
    appOnly: true,
    methods: ['event.bind', 'event.unbind', 'event.get', 'event.offline.get', 'event.offline.clear'],
  },
  {
    purpose: 'our card inside the portal',
    scopes: ['placement'],
    appOnly: true,
    methods: ['placement.bind', 'placement.get'],
  },
];

/** With `messages: openlines`. */
const ofOpenLines: readonly UsedMethods[] = [
  {
    purpose: 'channels of the open lines',
    scopes: ['imconnector'],
    appOnly: true,
    methods: [
      'imconnector.register',
      'imconnector.unregister',
      'imconnector.activate',
      'imconnector.connector.data.set',
      'imconnector.status',
      'imconnector.send.messages',
      'imconnector.update.messages',
      'imconnector.delete.messages',
      'imconnector.send.status.delivery',
      'imconnector.send.status.reading',
    ],
  },
  {
    purpose: 'open lines and their sessions',
    scopes: ['imopenlines'],
    appOnly: true,
    methods: ['imopenlines.config.list.get', 'imopenlines.session.history.get'],
  },
  {
    purpose: 'notices to the operators of open lines',
    scopes: ['im'],
    appOnly: true,
    methods: ['im.message.add'],
  },
];

/** Everything that this core may call with these settings. */
export function usedMethods({ messages }: Pick<Bitrix24Config, 'messages'>): readonly UsedMethods[] {
  return messages === 'openlines' ? [...always, ...ofOpenLines] : always;
}

/** The permissions to tick in the portal. */
export function wantedScopes(config: Pick<Bitrix24Config, 'messages'>, isApp: boolean): readonly string[] {
  const used = usedMethods(config).filter(({ appOnly }) => isApp || appOnly !== true);
  return [...new Set(used.flatMap(({ scopes }) => scopes[0] ?? []))];
}

/** What this core uses of the portal, by purpose. `scopes`: any one of them is enough. */
export interface UsedMethods {
  readonly purpose: string;
  readonly scopes: readonly string[];
  readonly methods: readonly string[];
  /** Refused to inbound webhooks. */
  readonly appOnly?: true;
}

/** Everything that this core may call. */
export const usedMethods: readonly UsedMethods[] = [
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

/** The permissions to tick in the portal. */
export function wantedScopes(isApp: boolean): readonly string[] {
  const used = usedMethods.filter(({ appOnly }) => isApp || appOnly !== true);
  return [...new Set(used.flatMap(({ scopes }) => scopes[0] ?? []))];
}

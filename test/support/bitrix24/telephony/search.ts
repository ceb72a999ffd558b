import { cardName, cardsOfPhone } from '../crm/card-changes.ts';
import { coreError } from '../errors.ts';
import type { Method } from '../method.ts';
import { textOf } from '../values.ts';

/** `telephony.externalCall.searchCrmEntities`. */
export const searchMethod: Method = {
  name: 'telephony.externalCall.searchCrmEntities',
  scopes: ['telephony'],
  parameters: ['PHONE_NUMBER'],
  run: ({ core, parameters }) => {
    const phone = parameters.text('PHONE_NUMBER');
    if (phone === null) throw coreError('PHONE_NUMBER is empty');
    return cardsOfPhone(core, phone).map((link) => {
      const responsible = Number(textOf(core.cards[link.kind].get(link.id)?.ASSIGNED_BY_ID) ?? 0);
      const user = core.state.users.get(responsible);
      return {
        CRM_ENTITY_TYPE: link.kind,
        CRM_ENTITY_ID: link.id,
        ASSIGNED_BY_ID: responsible,
        NAME: cardName(core, link),
        ASSIGNED_BY: {
          ID: String(responsible),
          TIMEMAN_STATUS: user?.workday ?? 'CLOSED',
          USER_PHONE_INNER: user?.extension ?? null,
          WORK_PHONE: null,
          PERSONAL_PHONE: null,
          PERSONAL_MOBILE: user?.mobile ?? null,
        },
      };
    });
  },
};

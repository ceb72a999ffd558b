import { type Fields, id, text } from '../../../runtime/http/fields.ts';
import { type Card, cardOf } from './card.ts';

/** The card that an event of the portal names as `CRM_ENTITY_TYPE` and `CRM_ENTITY_ID`; null if it names none. */
export function cardIn({ CRM_ENTITY_TYPE, CRM_ENTITY_ID }: Fields): Card | null {
  const [kind, number] = [text(CRM_ENTITY_TYPE), id(CRM_ENTITY_ID)];
  return kind === null || number === null ? null : cardOf(`${kind.toLowerCase()}-${number}`);
}

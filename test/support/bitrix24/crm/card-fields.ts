import type { CardKind } from '../state.ts';

/** Fields that hold several values: `{ID, TYPE_ID, VALUE_TYPE, VALUE}`. */
export const multiFields = ['PHONE', 'EMAIL', 'WEB', 'IM', 'LINK'] as const;

const common = `ID ASSIGNED_BY_ID CREATED_BY_ID MODIFY_BY_ID DATE_CREATE DATE_MODIFY OPENED COMMENTS SOURCE_ID SOURCE_DESCRIPTION
  ORIGINATOR_ID ORIGIN_ID ORIGIN_VERSION UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM LAST_ACTIVITY_TIME LAST_ACTIVITY_BY
  TRACE`;
const person = 'HONORIFIC NAME SECOND_NAME LAST_NAME BIRTHDATE POST HAS_PHONE HAS_EMAIL HAS_IMOL COMPANY_ID';
const address = `ADDRESS ADDRESS_2 ADDRESS_CITY ADDRESS_POSTAL_CODE ADDRESS_REGION ADDRESS_PROVINCE ADDRESS_COUNTRY
  ADDRESS_COUNTRY_CODE ADDRESS_LOC_ADDR_ID`;
const money = 'CURRENCY_ID OPPORTUNITY IS_MANUAL_OPPORTUNITY';

const own: Readonly<Record<CardKind, string>> = {
  CONTACT: `${person} ${address} PHOTO TYPE_ID EXPORT COMPANY_IDS LEAD_ID FACE_ID`,
  COMPANY: `TITLE COMPANY_TYPE LOGO INDUSTRY EMPLOYEES CURRENCY_ID REVENUE IS_MY_COMPANY LEAD_ID HAS_PHONE HAS_EMAIL HAS_IMOL
    BANKING_DETAILS CONTACT_ID ${address}`,
  LEAD: `${person} ${address} ${money} TITLE STATUS_ID STATUS_DESCRIPTION STATUS_SEMANTIC_ID COMPANY_TITLE CONTACT_ID CONTACT_IDS
    IS_RETURN_CUSTOMER DATE_CLOSED MOVED_BY_ID MOVED_TIME`,
  DEAL: `${money} TITLE TYPE_ID CATEGORY_ID STAGE_ID STAGE_SEMANTIC_ID IS_NEW IS_RECURRING IS_RETURN_CUSTOMER IS_REPEATED_APPROACH
    PROBABILITY TAX_VALUE COMPANY_ID CONTACT_ID CONTACT_IDS QUOTE_ID BEGINDATE CLOSEDATE CLOSED ADDITIONAL_INFO LOCATION_ID LEAD_ID
    MOVED_BY_ID MOVED_TIME`,
};

const hasMultiFields: Readonly<Record<CardKind, boolean>> = { CONTACT: true, COMPANY: true, LEAD: true, DEAL: false };

const names = new Map(
  (Object.keys(own) as CardKind[]).map((kind) => {
    const multi = hasMultiFields[kind] ? multiFields : [];
    return [kind, new Set([...`${common} ${own[kind]}`.split(/\s+/), ...multi])];
  }),
);

/** Whether cards of a kind have this field, as the old methods spell it. */
export function isCardField(kind: CardKind, field: string): boolean {
  return names.get(kind)?.has(field) === true || /^(UF_|PARENT_ID_)/.test(field);
}

/** Whether a field holds several values. */
export function isMultiField(field: string): boolean {
  return (multiFields as readonly string[]).includes(field);
}

/** Fields that a caller can not set. */
export const readOnlyFields: ReadonlySet<string> = new Set([
  'ID',
  'DATE_CREATE',
  'DATE_MODIFY',
  'CREATED_BY_ID',
  'MODIFY_BY_ID',
  'HAS_PHONE',
  'HAS_EMAIL',
  'HAS_IMOL',
  'LAST_ACTIVITY_TIME',
  'LAST_ACTIVITY_BY',
]);

/** Kinds by `entityTypeId`. */
export const kindOfType: Readonly<Record<number, CardKind>> = { 1: 'LEAD', 2: 'DEAL', 3: 'CONTACT', 4: 'COMPANY' };

/** `entityTypeId` of a kind. */
export const typeOfKind: Readonly<Record<CardKind, number>> = { LEAD: 1, DEAL: 2, CONTACT: 3, COMPANY: 4 };

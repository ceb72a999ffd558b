import { order, readFilter, satisfies } from '../crm/filter.ts';
import { pageOf } from '../crm/list.ts';
import { systemErrors } from '../errors.ts';
import { type Call, type Method, Page } from '../method.ts';
import type { StatisticsRow } from '../state.ts';
import type { Fields } from '../values.ts';

const filterable = new Set(
  `ID CALL_ID EXTERNAL_CALL_ID CALL_CATEGORY PORTAL_USER_ID PORTAL_NUMBER PHONE_NUMBER CALL_TYPE CALL_DURATION CALL_START_DATE
  CALL_LOG CALL_RECORD_URL CALL_VOTE COST COST_CURRENCY CALL_FAILED_CODE CALL_FAILED_REASON CRM_ENTITY_TYPE CRM_ENTITY_ID
  CRM_ACTIVITY_ID REST_APP_ID REST_APP_NAME TRANSCRIPT_ID TRANSCRIPT_PENDING SESSION_ID REDIAL_ATTEMPT COMMENT RECORD_DURATION
  RECORD_FILE_ID CALL_STATUS`.split(/\s+/),
);

/** `voximplant.statistic.get`. */
export const statisticsMethod: Method = {
  name: 'voximplant.statistic.get',
  scopes: ['telephony', 'call'],
  parameters: ['FILTER', 'SORT', 'ORDER', 'start'],
  run: list,
};

function list({ core, parameters, authority }: Call): Page {
  if (authority.user.seesStatistics === false) throw systemErrors.accessDenied();
  const conditions = readFilter(parameters.fields('FILTER') ?? {}).filter(({ field }) => {
    if (!filterable.has(field)) parameters.complain(`unknown field ${field} in FILTER`);
    return filterable.has(field);
  });
  const exact = conditions.find(({ field, operator }) => field === 'CALL_ID' && ['', '=', '@'].includes(operator));
  const candidates =
    exact === undefined
      ? core.state.statistics.values()
      : exact.values.flatMap((id) => core.state.statistics.get(id) ?? []);
  const rows: Fields[] = [];
  const own = conditions.find(({ field }) => field === 'EXTERNAL_CALL_ID');
  for (const row of candidates) {
    // A look-up by the caller's own id must not copy every row.
    if (own !== undefined && !satisfies(row.externalCallId, own)) continue;
    const fields = rowOf(row);
    if (conditions.every((condition) => satisfies(fields[condition.field], condition))) rows.push(fields);
  }
  const sort = parameters.text('SORT');
  if (sort !== null && (!filterable.has(sort) || sort === 'CALL_TYPE')) parameters.complain(`can not sort by ${sort}`);
  const isDescending = parameters.text('ORDER')?.toUpperCase() === 'DESC';
  rows.sort((a, b) => order(String(a.ID), String(b.ID)));
  const page = pageOf(rows, sort === null ? [] : [[sort, isDescending]], parameters.integer('start') ?? 0);
  return new Page(page.rows, page.total, page.next);
}

function rowOf(row: StatisticsRow): Fields {
  return {
    ID: String(row.id),
    PORTAL_USER_ID: String(row.userId),
    PORTAL_NUMBER: row.line,
    PHONE_NUMBER: row.phone,
    CALL_ID: row.callId,
    EXTERNAL_CALL_ID: row.externalCallId,
    CALL_CATEGORY: 'external',
    CALL_DURATION: String(row.duration),
    CALL_START_DATE: row.startedAt,
    RECORD_DURATION: null,
    CALL_VOTE: row.vote === null ? null : String(row.vote),
    COST: row.cost.toFixed(4),
    COST_CURRENCY: row.currency,
    CALL_FAILED_CODE: row.code,
    CALL_FAILED_REASON: row.reason,
    CRM_ENTITY_TYPE: row.card?.kind ?? null,
    CRM_ENTITY_ID: row.card === null ? null : String(row.card.id),
    CRM_ACTIVITY_ID: row.activityId === null ? null : String(row.activityId),
    REST_APP_ID: '1',
    REST_APP_NAME: row.source,
    TRANSCRIPT_ID: row.transcriptId === null ? null : String(row.transcriptId),
    TRANSCRIPT_PENDING: 'N',
    SESSION_ID: null,
    REDIAL_ATTEMPT: null,
    COMMENT: null,
    RECORD_FILE_ID: row.recordFileId,
    CALL_TYPE: String(row.type),
  };
}

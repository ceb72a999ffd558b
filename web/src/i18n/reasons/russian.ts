import type { ReasonCode } from '../../../../src/domain/reasons/reasons.ts';
import type { routePhrases } from '../../../../src/domain/reasons/route.ts';
import { control } from './russian-control.ts';
import { crm } from './russian-crm.ts';
import { crmRecords } from './russian-crm-records.ts';
import { mailStatus, messenger, sending } from './russian-sending.ts';
import { connection, recording, service } from './russian-states.ts';

/** Why a routing rule applied or did not. */
const route: Readonly<Record<keyof typeof routePhrases, string>> = {
  unknownCaller: 'звонящего нет среди клиентов',
  knownClient: 'звонит известный клиент',
  knownClientUnowned: 'звонит известный клиент, ответственного у него нет',
  knownClientElsewhere: 'звонит известный клиент, но его ответственный из CRM здесь не заведён',
  sharedNumber: 'номер есть у нескольких клиентов ({count}), общего ответственного у них нет',
  sharedNumberOwned: 'номер есть у нескольких клиентов ({count}), ответственный у всех один',
  sharedNumberElsewhere:
    'номер есть у нескольких клиентов ({count}), ответственный у всех один, но этот сотрудник из CRM здесь не заведён',
  responsibleIs: 'ответственный — {manager}',

  otherLines: 'правило для других линий',
  otherCallers: 'правило для других звонящих ({wanted}), а этот — {outcome}',
  noSegment: 'правило для отдельных сегментов, у звонящего сегмента нет',
  otherSegments: 'правило для других сегментов',
  hoursMissing: 'в правиле указано расписание «{hours}», которого нет в настройках',
  openNow: 'правило для нерабочего времени «{hours}», а сейчас оно рабочее',
  closedNow: 'правило для рабочего времени «{hours}», а сейчас оно нерабочее',
  sameTarget: 'ведёт туда же, куда и «{rule}»',
  lineRouteUnclear: 'маршрут линии задан непонятно',

  managerAway: '{manager}: отсутствует',
  offHours: '{manager}: сейчас нерабочее время',
  noExtension: '{manager}: нет внутреннего номера на этой АТС',
  alreadyTried: '{manager}: уже звонили, ответа не было',
  onAnotherCall: '{manager}: говорит по телефону',
  beingCalled: '{manager}: телефон уже звонит',
  doNotDisturb: '{manager}: просит не беспокоить',
  phoneOffline: '{manager}: телефон не в сети',
  reachable: '{manager}: на связи',
  standsIn: '{manager}: замещает',

  managerMissing: 'указанный менеджер не заведён',
  noResponsible: 'ответственного нет',
  noLastTalk: 'за последние дни ({days}) никто не говорил со звонящим по телефону',
  lastTalkerIs: 'последним со звонящим говорил(а) {manager}',
  lastTalkerMissing: 'менеджер, который последним говорил со звонящим, не заведён',
  groupMissing: 'группы {group} нет в настройках',
  memberMissing: 'участник группы не заведён',
  groupEmpty: 'в группе {group} никого нет',
  groupUnreachable: 'в группе {group} никто не доступен: {reason}',
  groupOrder: '{manager} первым в группе {group} может ответить',
  groupTurn: 'в группе {group} сейчас очередь {manager}',
  groupRings: 'звонит группа {group}: {managers}',
  queueUndialable: 'имя очереди нельзя набрать',
  queueTakesOver: 'звонок принимает очередь {queue}',
  pbxDecides: 'решает АТС',
  nothingElse: 'ничто другое звонок не приняло',
  answerLate: 'ответ не успел к сроку',
  decisionFailed: 'решить не получилось',
  seeLog: 'причина — в журнале',
};

/** The Russian phrase of every reason; values stand in the same places as in English. */
export const russian: Readonly<Record<ReasonCode, string>> = {
  ...route,
  ...sending,
  ...messenger,
  ...mailStatus,
  ...service,
  ...connection,
  ...control,
  ...recording,
  ...crmRecords,
  ...crm,
};

const outcomes = { matched: 'известный клиент', ambiguous: 'один из нескольких', unknown: 'неизвестный' };
const folders = { inbox: 'Входящие', sent: 'Отправленные', spam: 'Спам' };

/** Words of values that are codes themselves, by the name of the value; `rule` has the built-in steps of a decision. */
export const russianNames: Names = {
  outcome: outcomes,
  wanted: outcomes,
  folder: folders,
  role: folders,
  rule: {
    client: 'клиент',
    responsible: 'ответственный',
    line: 'линия',
    fallback: 'запасной путь',
    default: 'по умолчанию',
  },
};

/** Words of coded values, by the name of the value. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

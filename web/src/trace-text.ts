import { type TraceWord, translateTrace } from '../../src/domain/routing/trace-words.ts';
import type { Language } from './i18n/words.ts';

const russian: Readonly<Record<TraceWord, string>> = {
  unknownCaller: 'звонящего нет среди клиентов',
  known: 'звонит известный клиент',
  knownUnowned: 'звонит известный клиент, ответственного у него нет',
  knownElsewhere: 'звонит известный клиент, но его ответственный из CRM здесь не заведён',
  shared: 'номер есть у нескольких клиентов ({count}), общего ответственного у них нет',
  sharedOwned: 'номер есть у нескольких клиентов ({count}), ответственный у всех один',
  sharedElsewhere:
    'номер есть у нескольких клиентов ({count}), ответственный у всех один, но этот сотрудник из CRM здесь не заведён',
  responsible: 'ответственный — {manager}',

  otherLines: 'правило для других линий',
  otherCallers: 'правило для других звонящих ({wanted}), а этот — {outcome}',
  noSegment: 'правило для отдельных сегментов, у звонящего сегмента нет',
  otherSegments: 'правило для других сегментов',
  hoursMissing: 'в правиле указано расписание «{hours}», которого нет в настройках',
  openNow: 'правило для нерабочего времени «{hours}», а сейчас оно рабочее',
  closedNow: 'правило для рабочего времени «{hours}», а сейчас оно нерабочее',
  samePlace: 'ведёт туда же, куда и «{rule}»',
  lineRoute: 'маршрут линии задан непонятно',

  away: '{manager}: отсутствует',
  offHours: '{manager}: сейчас нерабочее время',
  noExtension: '{manager}: нет внутреннего номера на этой АТС',
  tried: '{manager}: уже звонили, ответа не было',
  engaged: '{manager}: говорит по телефону',
  beingCalled: '{manager}: телефон уже звонит',
  dnd: '{manager}: просит не беспокоить',
  switchedOff: '{manager}: телефон не в сети',
  reachable: '{manager}: на связи',
  standsIn: '{manager}: замещает',

  managerMissing: 'указанный менеджер не заведён',
  noResponsible: 'ответственного нет',
  groupMissing: 'группы {group} нет в настройках',
  memberMissing: 'участник группы не заведён',
  groupEmpty: 'в группе {group} никого нет',
  groupUnreachable: 'в группе {group} никто не доступен: {reason}',
  turn: 'в группе {group} сейчас очередь {manager}',
  groupRings: 'звонит группа {group}: {managers}',
  queueName: 'имя очереди нельзя набрать',
  queue: 'звонок принимает очередь {queue}',
  pbx: 'решает АТС',
  nothingElse: 'ничто другое звонок не приняло',
  late: 'ответ не успел к сроку',
  failed: 'решить не получилось',
  seeLog: 'причина — в журнале',
};

/** The values that phrases and built-in steps are told with. */
const russianNames: Readonly<Record<string, string>> = {
  matched: 'известный клиент',
  ambiguous: 'один из нескольких',
  unknown: 'неизвестный',
  client: 'клиент',
  responsible: 'ответственный',
  line: 'линия',
  fallback: 'запасной путь',
  default: 'по умолчанию',
};

const nameOf = (name: string) => (Object.hasOwn(russianNames, name) ? (russianNames[name] ?? name) : name);

/** Why a step of the trace applied or did not, in the user's language. */
export function traceText(why: string, language: Language): string {
  return language === 'ru' ? translateTrace(why, russian, nameOf) : why;
}

/** A step's name in the user's language; the company's own rules keep theirs. */
export function ruleName(rule: string, language: Language): string {
  return language === 'ru' ? nameOf(rule) : rule;
}

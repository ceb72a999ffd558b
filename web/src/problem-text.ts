import { type ProblemWord, translateProblem } from '../../src/domain/outbound/problem-words.ts';
import type { Language } from './i18n/words.ts';

const russian: Readonly<Record<ProblemWord, string>> = {
  expired: 'не удалось отправить вовремя, попытки прекращены',
  brokeOff: 'отправка оборвалась; прежде чем отправлять ещё раз, проверьте, не дошло ли',

  noAddress: 'у собеседника нет адреса электронной почты',
  badAddress: '{address} — не адрес, на который можно написать',
  fileGone: 'файл {name} уже не хранится',
  sendsNot: 'этот ящик только читается: в настройках указано `smtp: false`',
  unreachable: 'сервер исходящей почты недоступен: {reason}',
  insecure: 'не удалось безопасно соединиться с сервером исходящей почты: {reason}',
  loginRefused: 'сервер исходящей почты не принимает логин {user}, верен ли пароль? {answer}',
  tokenRefused: 'сервер исходящей почты не принимает токен для {user}, даёт ли он право отправлять? {answer}',
  tokenMissing: 'нет токена доступа для исходящей почты: {reason}',
  busy: 'почтовый сервер просит попробовать позже: {answer}',
  noMailbox: 'ящика {address} не существует: {answer}',
  mailboxFull: 'ящик {address} переполнен: {answer}',
  recipientRefused: 'почтовый сервер не принимает писем для {address}: {answer}',
  senderRefused: 'почтовый сервер не разрешает писать от имени {address}: {answer}',
  tooLarge: 'письмо больше, чем принимает почтовый сервер: {answer}',
  refused: 'почтовый сервер не принял письмо: {answer}',
  cameBack: '{address}: письмо вернулось ({status})',
  cut: 'связь оборвалась раньше, чем сервер сказал, принял ли он письмо; прежде чем отправлять ещё раз, проверьте, не дошло ли',
  unasked: 'неизвестно, ушло ли письмо, и в почтовый ящик не заглянуть: {reason}',
  unfound:
    'программа остановилась, пока письмо отправлялось, и в «Отправленных» его нет; прежде чем отправлять ещё раз, проверьте, не дошло ли',

  pbxAway: 'нет связи с АТС, никому не звонили',
  callForbidden: 'АТС не разрешает звонить: её пользователю AMI нужно право write=originate',
  noContext: 'план набора АТС не может набрать этот номер в контексте {context}: см. вывод pbx-config',
  callRefused: 'АТС отказалась звонить: {answer}',
  noRing: 'телефон {extension} не принял звонок или не подключён к АТС',
  callCut:
    'связь оборвалась раньше, чем АТС сказала, звонит ли она; прежде чем звонить ещё раз, спросите, не зазвонил ли телефон',
  callStopped:
    'программа остановилась, пока звонок заказывался; прежде чем звонить ещё раз, спросите, не зазвонил ли телефон',
};

/** Why something was not sent, in the user's language; what an outside service said stays as it said it. */
export function problemText(problem: string, language: Language): string {
  return language === 'ru' ? translateProblem(problem, russian) : problem;
}

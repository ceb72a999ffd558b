import type { mailStatusPhrases } from '../../../../src/domain/reasons/mail-status.ts';
import type { messengerPhrases } from '../../../../src/domain/reasons/messenger.ts';
import type { sendingPhrases } from '../../../../src/domain/reasons/sending.ts';

/** Why a letter or message was not sent, or a call did not come about. */
export const sending: Readonly<Record<keyof typeof sendingPhrases, string>> = {
  takenBack: 'отправка отменена до того, как сообщение ушло',
  expired: 'не удалось отправить вовремя, попытки прекращены',
  brokeOff: 'отправка оборвалась; прежде чем отправлять ещё раз, проверьте, не дошло ли',
  unsure: 'неизвестно, дошло ли: {reason}; прежде чем отправлять ещё раз, проверьте',
  partlySent: 'отправлено частей: {sent} из {parts}, проверьте, чего не хватает: {reason}',
  stoppedUnasked:
    'программа остановилась во время отправки, а {service} не сообщает, дошло ли; прежде чем отправлять ещё раз, проверьте',
  stoppedReported: 'программа остановилась во время отправки; если {service} принял сообщение, он сообщит о доставке',
  stoppedRepeated: 'программа остановилась во время отправки; {service} узнает повтор',
  stoppedBefore: 'программа остановилась раньше, чем это ушло',
  stoppedNotFound:
    'программа остановилась, пока это отправлялось, и в переписке {service} этого нет; прежде чем отправлять ещё раз, проверьте, не дошло ли',
  repeatTooLate: 'отправка оборвалась слишком давно, {service} уже не узнает повтор; проверьте, не дошло ли',

  noAddress: 'у собеседника нет адреса электронной почты',
  badAddress: '{address} — не адрес, на который можно написать',
  fileGone: 'файл {name} уже не хранится',
  mailboxOnlyRead: 'этот ящик только читается: отправка в нём выключена настройкой `smtp: false`',
  smtpUnreachable: 'сервер исходящей почты недоступен',
  smtpInsecure: 'не удалось безопасно соединиться с сервером исходящей почты',
  loginRefused: 'сервер исходящей почты не принимает логин {user}, проверьте пароль',
  tokenRefused: 'сервер исходящей почты не принимает токен для {user}, проверьте, даёт ли он право отправлять',
  tokenMissing: 'нет токена доступа для исходящей почты: {reason}',
  mailServerBusy: 'почтовый сервер просит попробовать позже',
  noMailbox: 'ящика {address} не существует',
  mailboxFull: 'ящик {address} переполнен',
  copiesRefused: 'отправлено, но для этих адресов почтовый сервер письма не принял: {addresses}',
  recipientRefused: 'почтовый сервер не принимает писем для {address}',
  senderRefused: 'почтовый сервер не разрешает писать от имени {address}',
  letterTooLarge: 'письмо больше, чем принимает почтовый сервер',
  letterRefused: 'почтовый сервер не принял письмо',
  cameBack: '{address}: письмо вернулось ({status})',
  cameBackFromSome: 'письмо дошло не до всех: {each}',
  bounced: 'письмо для {address} вернулось',
  smtpCut:
    'связь оборвалась раньше, чем сервер сказал, принял ли он письмо; прежде чем отправлять ещё раз, проверьте, не дошло ли',
  mailboxUnasked: 'неизвестно, ушло ли письмо, и в почтовый ящик не заглянуть: {reason}',
  sentCopyMissing:
    'программа остановилась, пока письмо отправлялось, и в «Отправленных» его нет; прежде чем отправлять ещё раз, проверьте, не дошло ли',

  pbxAway: 'нет связи с АТС, никому не звонили',
  callForbidden: 'АТС не разрешает звонить: её пользователю AMI нужно право write=originate',
  noContext: 'план набора АТС не может набрать этот номер в контексте {context}: см. вывод pbx-config',
  callRefused: 'АТС отказалась звонить',
  clickToCallUnset: 'звонок по щелчку для этой АТС не настроен (`clickToCall`)',
  callerWithoutExtension: 'у менеджера нет внутреннего номера, на который можно позвонить',
  noNumberToCall: 'нет номера, по которому звонить',
  phoneSilent: 'телефон {extension} не принял звонок или не подключён к АТС',
  callCut:
    'связь оборвалась раньше, чем АТС сказала, звонит ли она; прежде чем звонить ещё раз, спросите, не зазвонил ли телефон',
  callStopped:
    'программа остановилась, пока звонок заказывался; прежде чем звонить ещё раз, спросите, не зазвонил ли телефон',
};

/** Why a messenger did not take a message. */
export const messenger: Readonly<Record<keyof typeof messengerPhrases, string>> = {
  neverWrote: '{provider} доставляет только тем, кто сам писал нам раньше',
  botNotStarted: '{provider} разрешает боту писать только тем, кто его запустил',
  notSubscribed: '{provider} разрешает боту писать только тем, кто его открыл и не заблокировал',
  notAllowed: '{provider} доставляет только тем, кто писал сообществу или разрешил его сообщения',
  noPhoneKnown: 'телефон клиента неизвестен',
  noRecipient: 'некому отправить: нет ни аккаунта, ни переписки',
  sendUrlMissing: 'в подключении {connection} не указан адрес отправки `url`',

  blockedUs: 'клиент заблокировал нас в {provider} или вышел из переписки',
  writingForbidden: 'клиент не разрешает писать ему в {provider}',
  chatGone: '{provider} не находит эту переписку',
  accountGone: '{provider} больше не знает этого клиента',
  notOnService: '{provider} не может доставить: клиента нет в {provider} или он не принял его условия',
  appTooOld: 'у клиента слишком старый {provider} для такого сообщения',
  countryUnsupported: '{provider} не доставляет сообщений в страну клиента',
  windowClosed: 'с последнего сообщения клиента прошло больше 24 часов: {provider} принимает только шаблоны',
  templateRefused: '{provider} не принимает шаблон сообщения',
  templateUnknown: 'в {provider} больше нет этого шаблона на этом языке: обновите список и выберите снова',
  templateChanged: 'шаблон в {provider} изменился, поля не совпадают: выберите его снова',
  templatePaused: '{provider} приостановил или отключил этот шаблон: выберите другой',
  templatesUnset: 'шаблоны {provider} не настроены: у подключения нет `businessAccountId`',
  deliveryHeldBack: '{provider} решил не доставлять это сообщение, чтобы не беспокоить клиента',

  textTooLong: 'сообщение длиннее, чем принимает {provider}',
  kindRefused: '{provider} не принимает сообщений такого вида',
  fileRefused: '{provider} не принял файл',
  uploadRefused: '{provider} не принял файл {name}',
  fileTooLarge: '{provider} принимает файлы не больше {limit} МБ, а {name} больше',
  filesTooLarge: 'файлы одного сообщения вместе не могут быть больше {limit} МБ',
  filesUnsupported: 'отсюда нельзя отправить файлы в {provider}: пришлите ссылку на них',
  picturesOnly: '{provider} принимает только картинки (JPEG, PNG, GIF, BMP, HEIC), а {name} – не картинка',
  fileNotReady: '{provider} ещё обрабатывает файл',

  rateLimited: '{provider} просит отправлять реже',
  providerDown: 'сбой на стороне {provider}',
  tokenInvalid: '{provider} не принимает наш ключ доступа',
  rightMissing: '{provider} не даёт нашему аккаунту такого права',
  accountBlocked: '{provider} заблокировал или приостановил наш аккаунт',
  paymentMissing: '{provider} ждёт оплаты, прежде чем доставлять дальше',
  webhookMissing: 'в {provider} не настроен наш вебхук',
  otherProgram: 'этим ботом {provider} пользуется другая программа',

  refusedByProvider: '{provider} не принял сообщение (код {error})',
  notDelivered: '{provider} не смог доставить сообщение',
  updatesWaiting: '{provider} не может достучаться до {url}, там ждут сообщения: {count}',
};

/** What mail systems say of an address. */
export const mailStatus: Readonly<Record<keyof typeof mailStatusPhrases, string>> = {
  statusNoMailbox: 'такого ящика нет',
  statusNoDomain: 'в этом домене нет почты',
  statusMoved: 'ящик переехал',
  statusDisabled: 'ящик отключён',
  statusFull: 'ящик переполнен',
  statusOther: 'письма не принимаются ({status})',
};

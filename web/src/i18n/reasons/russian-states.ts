import type { connectionPhrases } from '../../../../src/domain/reasons/connection.ts';
import type { recordingPhrases } from '../../../../src/domain/reasons/recording.ts';
import type { servicePhrases } from '../../../../src/domain/reasons/service.ts';

/** What went wrong between us and an outside service. */
export const service: Readonly<Record<keyof typeof servicePhrases, string>> = {
  serviceCut: '{service} недоступен: соединение оборвалось',
  serviceUnreachable: '{service} недоступен',
  proxyFailed: '{service} недоступен: прокси не пропустил запрос',
  certificateUntrusted:
    'сертификат {service} не вызывает доверия ({error}): если его выдал собственный центр, укажите его файл PEM в настройке `ca`',
  authoritiesUnreadable: 'не читается файл с центрами сертификации {file} ({error})',
  serviceSilent: '{service} не ответил вовремя',
  programStopping: 'программа в это время остановилась',
  unexplained: 'прервалось по неизвестной причине, подробности в журнале',

  givenUp: 'попытки прекращены, их было {attempts}: {reason}',
  serviceBusy: '{service} просит попробовать позже (HTTP {status})',
  serviceDenied: '{service} отказал в доступе (HTTP {status})',
  serviceFailed: 'сбой на стороне {service} (HTTP {status})',
  serviceRefused: '{service} не принял запрос (HTTP {status})',
  redirected: '{service} перенаправляет в другое место, мы туда не идём (HTTP {status})',
  answerUnreadable: '{service} ответил не в том формате',
  answerTooLong: 'ответ {service} длиннее {bytes} байт',
  answerNameless: '{service} принял сообщение, но не назвал его номер',
  answerUnclear: '{service} не сказал, принял ли сообщение',

  fileNotGiven: '{service} не отдал файл (HTTP {status})',
  fileNowhere: '{service} не дал адреса файла',
  fileTooManyRedirects: '{service} перенаправляет с места на место и не отдаёт файл',
  addressNotHttp: '{service} дал адрес, который не открывается по HTTP',
  addressForbidden: '{service} направил во внутреннюю сеть (разрешить можно настройкой `allowNetworks`)',
};

/** States of connections. */
export const connection: Readonly<Record<keyof typeof connectionPhrases, string>> = {
  extensionsUnknown: 'в {service} нет сотрудников с номерами {extensions}: этим менеджерам позвонить нельзя',
  otherInstance: 'занято другим экземпляром программы',
  several: '{reasons}',
  inFolder: '{folder}: {reason}',

  imapLoginRefused: 'почтовый сервер не принимает логин {user}, проверьте пароль',
  imapTokenRefused: 'почтовый сервер не принимает логин {user}, проверьте, даёт ли токен право читать ящик',
  imapServiceHelp: 'как входить в {service}: {help}',
  mailServerRefuses: 'почтовый сервер не принимает соединений: работает ли он, верен ли порт?',
  mailServerUnknown: 'имя почтового сервера неизвестно: верен ли адрес?',
  mailServerSilent: 'почтовый сервер не отвечает вовремя',
  mailCertificateUntrusted: 'сертификат почтового сервера не вызывает доверия: укажите его `ca`',
  mailServerClosed: 'почтовый сервер закрыл соединение',
  mailServerTrouble: 'сбой связи с почтовым сервером',
  folderNotFound: 'не нашлась папка «{role}»; укажите её имя, одно из: {folders}',
  folderMissing: 'нет папки {path}; на сервере есть: {folders}',
  folderReplaced: 'папку заменили другой с тем же именем',
  lettersTakenIn: 'принято писем: {done} из {total}',
  tokenCommandFailed: 'команда, которая даёт токен, не сработала или шла дольше 30 с',
  tokenCommandSilent: 'команда, которая даёт токен, ничего не напечатала',
  tokenServiceRefused: 'сервис токенов ответил {status} и не дал токена: действует ли ещё refresh token?',

  pbxNotListening:
    'по адресу {place} никто не отвечает: работает ли Asterisk, включён ли AMI в manager.conf и виден ли отсюда его адрес?',
  pbxUnreachable: 'нет соединения с {place}',
  pbxNoGreeting: '{place} не приветствует вовремя: это AMI?',
  pbxSilent: 'АТС не отвечает на проверку связи',
  pbxClosed: 'АТС {place} закрыла соединение',
  pbxLoginRefused:
    'АТС не принимает логин: сверьте ami.username и ami.secret с manager.conf и его строками permit/deny',
  pbxTrouble: 'сбой связи с АТС',
  recordUnreadable: 'журнал звонков АТС не читается с {since}',
  recordGap: 'звонки с {from} по {to} прошли мимо, а журнал звонков АТС не читается, чтобы их восстановить',

  refusedByStore: 'хранилище не приняло',
  programFault: 'ошибка в программе',
  readerMissing: 'нет подключения {connection}, которое могло бы это прочитать',
  quarantined: 'пришло, но принять не удалось; сохранено, попытка повторится',
};

/** Why a recording can't be played. */
export const recording: Readonly<Record<keyof typeof recordingPhrases, string>> = {
  recordingsUnset: 'у подключения не указано, где записи (`recordings`), поэтому файл не ищется',
  recordingNotFound: 'АТС назвала запись, но файла нет',
  recordingUnfinished: 'файл записи так и не был дописан',
  recordingTooLarge: 'запись больше {limit} МБ',
  recordingHost: 'запись находится на {host}, а этого узла нет в `recordings.hosts`',
  recordingExpired: 'запись удалена, срок хранения — {days} дн.',
  recordingsDirectoryLost: 'не читается каталог записей {directory}: подключён ли он?',
  sftpUnreachable: 'сервер SFTP {place} недоступен',
  sftpHostKeyUnknown: 'сервер SFTP {place} предъявил не тот ключ, что в `hostKey`: {found}',
  sftpLoginRefused: 'сервер SFTP {place} не принимает логин {user}',
  sftpSilent: 'сервер SFTP {place} не ответил вовремя',
};

import type { crmPhrases } from '../../../../src/domain/reasons/crm.ts';

/** Problems of CRM cores. */
export const crm: Readonly<Record<keyof typeof crmPhrases, string>> = {
  appNotInstalled: 'приложение не установлено на {portal}: запустите `patchbay crm connect` и установите его там',
  appReinstall: '{service} больше не принимает токены приложения: переустановите его на {portal}',
  appSecretWrong: '{service} не знает этого приложения: проверьте clientId и clientSecret',
  otherPortal: 'токены выданы не для {portal}, а для другого портала',
  methodRefused: '{service} отклонил запрос ({error})',
  methodsDenied: '{service} не разрешает: {methods}',
  methodRests: '{service}: время работы метода {method} исчерпано, он заработает позже',
  directoryReading: 'читаются клиенты: {read} из {total} записей',
  keyRefused: '{service}: ответ HTTP 400, проверьте `key`: он должен совпадать с введённым там ключом',
  serviceMissing: '{service}: ответ HTTP 404, проверьте `url` и опубликован ли сервис',
  openLineInactive:
    'открытая линия {line} в {service} не принимает канал {channel}: подключите его в контакт-центре портала или исправьте `openLines`',
  limitReached: '{service} пока не принимает новых запросов',
};

import { escapeHtml } from '../../../src/domain/base/escape-html.ts';
import type { Answered } from '../scripted-service.ts';
import { type CommonFault, lostAnswer, ServiceFaults } from '../service-faults.ts';

/** How a request to 1C goes wrong. */
export type OnecFault =
  | CommonFault
  /** 200 with a page that asks to log in, as a proxy shows it. */
  | 'login-page'
  /** The web server refuses. */
  | 'forbidden'
  | 'no-licence'
  /** Another transaction holds what is written: code -1, and yet worth a repeat. */
  | 'locked'
  | 'closed-for-update'
  | 'closed-for-sessions'
  | 'exclusive';

/** Switches by which a test makes 1C fail: `on('POST Document_…')`, `on('Catalog_Партнеры')`, `on('*')`. */
export class OnecFaults extends ServiceFaults<OnecFault> {}

/** What 1C says when it cannot be used. The wording of the last three is from БСП and from memory; statuses are unverified. */
const sayings = {
  'no-licence': 'Не обнаружено свободной лицензии!',
  'closed-for-update':
    'Вход в программу временно невозможен в связи с обновлением на новую версию.\nОбратитесь к администратору.',
  'closed-for-sessions':
    'Начало сеанса с информационной базой запрещено.\nВыполняется обмен данными. Попробуйте позднее.',
  exclusive: 'Ошибка исключительной блокировки информационной базы',
} as const;

/** What arrives instead of an answer. */
export function spoiled(fault: OnecFault | null, answer: Answered): Answered {
  switch (fault) {
    case null:
      return answer;
    case '500':
    case '502':
    case '503':
    case '500-after':
      return page(Number.parseInt(fault, 10), 'Server Error');
    case 'html':
      return page(502, 'Bad Gateway');
    case 'login-page':
      return page(200, 'Вход');
    case 'forbidden':
      return page(403, 'Forbidden');
    case 'no-licence':
      return page(500, sayings[fault]);
    case 'locked':
      return {
        status: 500,
        headers: { 'content-type': 'application/json;charset=utf-8' },
        body: '{"odata.error":{"code":"-1","message":{"lang":"ru","value":"Конфликт блокировок при выполнении транзакции: Превышено максимальное время ожидания предоставления блокировки"}}}',
      };
    case 'closed-for-update':
    case 'closed-for-sessions':
    case 'exclusive':
      return exception(500, sayings[fault]);
    case 'empty':
      return { ...answer, body: '' };
    case 'malformed':
    case 'hang-before':
    case 'hang-after':
    case 'cut-before':
    case 'cut-after':
      return lostAnswer(fault, answer);
  }
}

/** A page of the web server. */
export function page(status: number, text: string): Answered {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${escapeHtml(text)}</h1></body></html>`,
  };
}

/** An error of the web server's extension of 1C, which is not OData's. */
export function exception(status: number, text: string): Answered {
  return {
    status,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?><exception xmlns="http://v8.1c.ru/8.2/virtual-resource-system" reason="${status}"><descr xmlns="http://v8.1c.ru/8.1/data/core">${escapeHtml(text)}</descr></exception>`,
  };
}

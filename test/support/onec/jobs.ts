import type { Infobase } from './infobase.ts';
import type { Entity } from './metadata/schema.ts';
import { type Row, rowsIn, textIn } from './store/values.ts';

/**
 * The scheduled jobs of 1C that send letters and text messages. They run at the worst moment: right after a document was written.
 * Whatever stands in a sending state then has been sent to the client.
 */
export function sendingJobs(base: Infobase): (entity: Entity, row: Row) => void {
  return ({ set }, row) => {
    if (row.DeletionMark === true) return;
    if (set === 'Document_ЭлектронноеПисьмоИсходящее') sendLetter(base, row);
    if (set === 'Document_СообщениеSMS') sendMessage(base, row);
  };
}

function sendLetter(base: Infobase, row: Row): void {
  if (row.СтатусПисьма !== 'Исходящее') return;
  const to = ['ПолучателиПисьма', 'ПолучателиКопий', 'ПолучателиСкрытыхКопий'].flatMap((section) =>
    rowsIn(row, section).map((one) => textIn(one, 'Адрес')),
  );
  base.state.sent.push({ document: 'ЭлектронноеПисьмоИсходящее', key: textIn(row, 'Ref_Key'), to });
  base
    .store('Document_ЭлектронноеПисьмоИсходящее')
    .put({ ...row, СтатусПисьма: 'Отправлено', ДатаОтправления: base.now() });
}

function sendMessage(base: Infobase, row: Row): void {
  const recipients = rowsIn(row, 'Адресаты');
  const isWaiting = (one: Row) => row.Состояние === 'Исходящее' || one.СостояниеСообщения === 'Исходящее';
  const waiting = recipients.filter(isWaiting);
  if (waiting.length > 0) {
    const to = waiting.map((one) => textIn(one, 'НомерДляОтправки') || textIn(one, 'КакСвязаться'));
    base.state.sent.push({ document: 'СообщениеSMS', key: textIn(row, 'Ref_Key'), to });
    base.store('Document_СообщениеSMS').put({
      ...row,
      Состояние: 'Доставляется',
      Адресаты: recipients.map((one) =>
        isWaiting(one) ? { ...one, СостояниеСообщения: 'ОтправленоПровайдером' } : one,
      ),
    });
  } else if (row.Состояние === 'Доставляется') base.state.polled.push(textIn(row, 'Ref_Key'));
}

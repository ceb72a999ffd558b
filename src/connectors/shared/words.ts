/** Labels in the text of messages, for what a messenger sends without words of the client. */
export interface Words {
  /** A message, or a part of one, that the connector does not know. `what` is its name in the service's interface. */
  unsupported(what: string): string;
  /** A message whose contents the service keeps back. `why` is the service's own explanation. */
  withheld(service: string, why: string | null): string;
  forwarded(from: string | null): string;
  paid(amount: string): string;
  refunded(amount: string): string;
  paidMedia(stars: string | null): string;
  numberChanged(news: string | null): string;
  pressed(button: string): string;
  readonly sticker: string;
  readonly story: string;
  readonly gift: string;
  readonly invoice: string;
  readonly order: string;
  readonly total: string;
  readonly goods: string;
  readonly video: string;
  readonly call: string;
  readonly missedCall: string;
  readonly callAllowed: string;
  readonly callRefused: string;
  readonly tasksDone: string;
  readonly tasksAdded: string;
  readonly disappearing: string;
  readonly comment: string;
  readonly form: string;
  readonly passport: string;
  readonly reply: string;
}

const english: Words = {
  unsupported: (what) => `Unsupported message: ${what}`,
  withheld: (service, why) => `A message that ${service} does not pass on${why === null ? '' : `: ${why}`}`,
  forwarded: (from) => (from === null ? 'Forwarded:' : `Forwarded from ${from}:`),
  paid: (amount) => `Paid: ${amount}`,
  refunded: (amount) => `Refunded: ${amount}`,
  paidMedia: (stars) => (stars === null ? 'Paid media' : `Paid media: ${stars} ⭐`),
  numberChanged: (news) => (news === null ? 'The number has changed' : `The number has changed: ${news}`),
  pressed: (button) => `Button: ${button}`,
  sticker: 'Sticker',
  story: 'Story',
  gift: 'Gift',
  invoice: 'Invoice',
  order: 'Order',
  total: 'Total',
  goods: 'Product',
  video: 'Video',
  call: 'Call',
  missedCall: 'Missed call',
  callAllowed: 'Allows us to call',
  callRefused: 'Does not want to be called',
  tasksDone: 'Done in the checklist',
  tasksAdded: 'Added to the checklist',
  disappearing: 'Disappearing message',
  comment: 'Comment',
  form: 'Form',
  passport: 'Telegram Passport',
  reply: 'Reply to',
};

const russian: Words = {
  unsupported: (what) => `Неподдерживаемое сообщение: ${what}`,
  withheld: (service, why) => `Сообщение, которое ${service} не передаёт${why === null ? '' : `: ${why}`}`,
  forwarded: (from) => (from === null ? 'Переслано:' : `Переслано от ${from}:`),
  paid: (amount) => `Оплачено: ${amount}`,
  refunded: (amount) => `Возвращено: ${amount}`,
  paidMedia: (stars) => (stars === null ? 'Платные файлы' : `Платные файлы: ${stars} ⭐`),
  numberChanged: (news) => (news === null ? 'Номер изменился' : `Номер изменился: ${news}`),
  pressed: (button) => `Кнопка: ${button}`,
  sticker: 'Стикер',
  story: 'История',
  gift: 'Подарок',
  invoice: 'Счёт',
  order: 'Заказ',
  total: 'Итого',
  goods: 'Товар',
  video: 'Видео',
  call: 'Звонок',
  missedCall: 'Пропущенный звонок',
  callAllowed: 'Разрешает нам звонить',
  callRefused: 'Не хочет, чтобы ему звонили',
  tasksDone: 'Выполнено в списке',
  tasksAdded: 'Добавлено в список',
  disappearing: 'Исчезающее сообщение',
  comment: 'Комментарий',
  form: 'Форма',
  passport: 'Telegram Passport',
  reply: 'Ответ на',
};

/** The labels by language. */
export const wordsIn: Readonly<Record<'ru' | 'en', Words>> = { en: english, ru: russian };

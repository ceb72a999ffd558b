import type { Channel, Interaction, Party } from '../../domain/interaction/interaction.ts';

/** Texts that are put into a CRM core. */
export interface Words {
  readonly from: Readonly<Record<Channel, string>>;
  readonly to: Readonly<Record<Channel, string>>;
  readonly stranger: string;
  readonly line: string;
  readonly page: string;
  readonly file: string;
  readonly cut: string;
  readonly deleted: string;
  readonly notDelivered: string;
  readonly delivered: string;
  readonly read: string;
  readonly noText: string;
  readonly callBack: string;
  readonly answer: string;
  readonly task: string;
}

const russian: Words = {
  from: {
    call: 'Звонок от',
    email: 'Письмо от',
    message: 'Сообщение от',
    form: 'Заявка с сайта от',
    meeting: 'Встреча:',
  },
  to: { call: 'Звонок', email: 'Письмо:', message: 'Сообщение:', form: 'Заявка:', meeting: 'Встреча:' },
  stranger: 'неизвестного',
  line: 'Линия',
  page: 'Страница',
  file: 'Файл',
  cut: 'Текст сокращён.',
  deleted: 'Удалено отправителем',
  notDelivered: 'Не доставлено',
  delivered: 'Доставлено.',
  read: 'Прочитано.',
  noText: '(без текста)',
  callBack: 'Перезвонить',
  answer: 'Ответить',
  task: 'Задача',
};

const english: Words = {
  from: {
    call: 'Call from',
    email: 'Letter from',
    message: 'Message from',
    form: 'Web form from',
    meeting: 'Meeting:',
  },
  to: { call: 'Call to', email: 'Letter to', message: 'Message to', form: 'Web form:', meeting: 'Meeting:' },
  stranger: 'an unknown person',
  line: 'Line',
  page: 'Page',
  file: 'File',
  cut: 'The text was shortened.',
  deleted: 'Deleted by the sender',
  notDelivered: 'Not delivered',
  delivered: 'Delivered.',
  read: 'Read.',
  noText: '(no text)',
  callBack: 'Call back',
  answer: 'Answer',
  task: 'Task',
};

/** The texts in a language. */
export function wordsOf(language: 'ru' | 'en'): Words {
  return language === 'ru' ? russian : english;
}

/** How a party is called. */
export function partyName({ name, phone, email, account, raw }: Party, words: Words): string {
  const known = [name, phone, email, account?.username ?? account?.id, raw];
  return known.find((one) => one != null && one !== '') ?? words.stranger;
}

/** The title of a contact, such as "Letter from Ivan". */
export function titleOf({ channel, direction, party }: Interaction, words: Words): string {
  return `${words[direction === 'outbound' ? 'to' : 'from'][channel]} ${partyName(party, words)}`;
}

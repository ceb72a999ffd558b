import type { MessageRefusal } from '../../../domain/outbound/message-request.ts';

/** What operators of the portal read about a message that they wrote, changed or deleted. */
export interface OperatorWords {
  readonly refused: Readonly<Record<MessageRefusal, string>>;
  readonly changed: string;
  readonly deleted: string;
}

const russian: OperatorWords = {
  refused: {
    conversation: 'Не отправлено: Patchbay не знает этой переписки или больше не может на неё ответить.',
    window: 'Не отправлено: мессенджер больше не принимает свободный текст, пока клиент не напишет снова.',
    tooMany: 'Не отправлено: клиент получил слишком много автоматических сообщений за день.',
  },
  changed: 'Клиент видит прежний текст: отправленное сообщение изменить нельзя.',
  deleted: 'Клиент по-прежнему видит сообщение: отправленное удалить нельзя.',
};

const english: OperatorWords = {
  refused: {
    conversation: 'Not sent: Patchbay does not know this conversation, or can no longer answer it.',
    window: 'Not sent: the messenger takes no free text until the client writes again.',
    tooMany: 'Not sent: the client has received too many automatic messages within a day.',
  },
  changed: 'The client still sees the earlier text: a message that was sent can not be changed.',
  deleted: 'The client still sees the message: one that was sent can not be deleted.',
};

/** The words in a language. */
export function operatorWords(language: 'ru' | 'en'): OperatorWords {
  return language === 'ru' ? russian : english;
}

import { language } from './config.ts';

const all = {
  ru: {
    name: 'Имя',
    phone: 'Телефон',
    comment: 'Комментарий',
    send: 'Отправить',
    call: 'Перезвоните мне',
    sent: 'Спасибо! Заявка получена.',
    waits: 'Нет связи: заявка уйдёт сама позже.',
  },
  en: {
    name: 'Name',
    phone: 'Phone',
    comment: 'Comment',
    send: 'Send',
    call: 'Call me back',
    sent: 'Thank you! We have your message.',
    waits: 'No connection: your message is kept and will be sent.',
  },
};

/** What the visitor reads. */
export const words = all[language as 'ru' | 'en'];

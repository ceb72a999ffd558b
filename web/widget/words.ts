import { language } from './config.ts';

const all = {
  ru: {
    name: 'Имя',
    phone: 'Телефон',
    comment: 'Комментарий',
    send: 'Отправить',
    call: 'Перезвоните мне',
    sent: 'Спасибо! Заявка получена.',
    waits: 'Нет связи. Заявка уйдёт позже.',
  },
  en: {
    name: 'Name',
    phone: 'Phone',
    comment: 'Comment',
    send: 'Send',
    call: 'Call me back',
    sent: 'Thank you! We have your message.',
    waits: 'No connection. Your message will be sent later.',
  },
};

/** Texts for the visitor. */
export const words = all[language as 'ru' | 'en'];

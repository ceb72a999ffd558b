import { language } from './config.ts';

const all = {
  ru: {
    name: 'Имя',
    phone: 'Телефон',
    comment: 'Комментарий',
    send: 'Отправить',
    call: 'Перезвоните мне',
    sent: 'Спасибо! Заявка получена.',
    waits: 'Нет связи. Отправим заявку, как только она появится.',
  },
  en: {
    name: 'Name',
    phone: 'Phone',
    comment: 'Comment',
    send: 'Send',
    call: 'Call me back',
    sent: 'Thank you! We have your message.',
    waits: 'No connection. Your message will be sent when it is back.',
  },
};

/** Texts for the visitor. */
export const words = all[language as 'ru' | 'en'];

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { FormSettings } from '../../domain/written/form-settings.ts';
import type { FormTakenSchema } from './schemas.ts';

const thanks = {
  ru: ['Спасибо', 'Мы получили вашу заявку и скоро ответим.'],
  en: ['Thank you', 'We have your message and will answer soon.'],
} as const;

/** The answer to an accepted form. */
export type Taken = Static<typeof FormTakenSchema>;

/** Answers an accepted form with JSON, or with a page if a browser without JavaScript submitted it. */
export function answerAccepted(
  request: FastifyRequest,
  reply: FastifyReply,
  taken: Taken,
  { settings, language }: { readonly settings: FormSettings; readonly language: 'ru' | 'en' },
): FastifyReply {
  if (!isNavigation(request)) return reply.code(200).send(taken);
  if (settings.thanks !== null) return reply.redirect(settings.thanks, 303);
  const [title, text] = thanks[language];
  const page = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;
  return reply
    .code(200)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .send(page);
}

function isNavigation({ headers }: FastifyRequest): boolean {
  return headers.accept?.startsWith('text/html') ?? false;
}

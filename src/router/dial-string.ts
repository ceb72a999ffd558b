import type { RouteAnswer } from '../domain/routing/routing.ts';

const dialable = /^[A-Za-z0-9_*][A-Za-z0-9_*.-]{0,31}$/;

/**
 * Whether an extension or queue may be used in a dial string. Characters with a special meaning in the dialplan (`&`, `,`, `/`, `$`, brackets,
 * spaces, control characters) are refused.
 */
export function isDialable(extension: string): boolean {
  return dialable.test(extension);
}

/** Builds "PJSIP/101&PJSIP/102" from the template "PJSIP/{extension}". Empty if nobody is rung. */
export function dialString(answer: Pick<RouteAnswer, 'managers'>, template: string): string {
  return dialExtensions(answer)
    .map((extension) => template.replaceAll('{extension}', () => extension))
    .join('&');
}

/** The extensions to ring, each once, in order. */
export function dialExtensions(answer: Pick<RouteAnswer, 'managers'>): readonly string[] {
  return [...new Set(answer.managers.map((one) => one.extension))].filter(isDialable);
}

import { cleanText } from '../../domain/directory/identifiers.ts';
import type { RouteAnswer } from '../../domain/routing/routing.ts';
import { dialExtensions, dialString } from '../../router/dial-string.ts';

/** A channel variable and its value, free of control characters. The FastAGI server quotes it. */
export type AgiVariable = readonly [name: string, value: string];

const maxLength = 200;
/** Asterisk reads an AGI command into 2,048 bytes. Of a larger group, only as many managers ring as fit. */
const maxDialLength = 1800;

/**
 * The channel variables for the dialplan. All PATCHBAY_ variables are set each time, so that none is left over from an earlier
 * question of the same call. Several dial strings are joined by `&`, several ids or extensions by commas.
 */
export function agiVariables(answer: RouteAnswer, dialTemplate: string): readonly AgiVariable[] {
  const rung = fitting(answer, dialTemplate);
  const managers = [...new Set(rung.managers.map((one) => one.manager.id))];
  const variables: AgiVariable[] = [
    ['PATCHBAY_DECISION', answer.decision],
    ['PATCHBAY_DIAL', dialString(rung, dialTemplate)],
    ['PATCHBAY_EXTENSION', answer.queue ?? dialExtensions(rung).join(',')],
    ['PATCHBAY_TIMEOUT', String(answer.timeout)],
    ['PATCHBAY_MANAGER', managers.join(',').slice(0, maxDialLength)],
    ['PATCHBAY_CLIENT', cleanText(answer.client?.id ?? '', maxLength)],
    ['PATCHBAY_CLIENT_NAME', cleanText(answer.client?.name ?? '', maxLength)],
  ];
  if (answer.client !== null) variables.push(['CALLERID(name)', cleanText(answer.client.name, maxLength)]);
  return variables;
}

function fitting({ managers }: RouteAnswer, dialTemplate: string): Pick<RouteAnswer, 'managers'> {
  let count = managers.length;
  while (dialString({ managers: managers.slice(0, count) }, dialTemplate).length > maxDialLength) count -= 1;
  return { managers: managers.slice(0, count) };
}

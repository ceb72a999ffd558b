import { cleanText } from '../../domain/directory/identifiers.ts';
import type { RouteAnswer } from '../../domain/routing/routing.ts';
import { dialExtensions, dialString } from '../../router/dial-string.ts';

/** A channel variable and its value, free of control characters; quoting it is the FastAGI server's. */
export type AgiVariable = readonly [name: string, value: string];

const longest = 200;
/** Asterisk reads AGI commands into 2,048 bytes; a bigger group rings as many as fit. */
const longestDial = 1800;

/**
 * What the dialplan is told. Every PATCHBAY_ variable is set each time, so that none is left from an earlier ask
 * of the same call. Several managers: `&` between what is dialled, commas between ids and extensions.
 */
export function agiVariables(answer: RouteAnswer, dialTemplate: string): readonly AgiVariable[] {
  const rung = fitting(answer, dialTemplate);
  const managers = [...new Set(rung.managers.map((one) => one.manager.id))];
  const variables: AgiVariable[] = [
    ['PATCHBAY_DECISION', answer.decision],
    ['PATCHBAY_DIAL', dialString(rung, dialTemplate)],
    ['PATCHBAY_EXTENSION', answer.queue ?? dialExtensions(rung).join(',')],
    ['PATCHBAY_TIMEOUT', String(answer.timeout)],
    ['PATCHBAY_MANAGER', managers.join(',').slice(0, longestDial)],
    ['PATCHBAY_CLIENT', cleanText(answer.client?.id ?? '', longest)],
    ['PATCHBAY_CLIENT_NAME', cleanText(answer.client?.name ?? '', longest)],
  ];
  if (answer.client !== null) variables.push(['CALLERID(name)', cleanText(answer.client.name, longest)]);
  return variables;
}

function fitting({ managers }: RouteAnswer, dialTemplate: string): Pick<RouteAnswer, 'managers'> {
  let count = managers.length;
  while (dialString({ managers: managers.slice(0, count) }, dialTemplate).length > longestDial) count -= 1;
  return { managers: managers.slice(0, count) };
}

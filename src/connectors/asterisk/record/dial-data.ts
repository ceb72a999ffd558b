import { dialledNumber } from '../tracker/dial.ts';

/**
 * The number that the data of `Dial` made a trunk dial, or null: `PJSIP/79161234567@provider,300,T`. Of several destinations,
 * that of `endpoint` counts; an endpoint without a number is none.
 */
export function dialledByData(data: string, endpoint: string): string | null {
  const destinations = (data.split(',', 1)[0] ?? '')
    .split('&')
    .filter((one) => !/^local\//i.test(one) && (one.includes('@') || one.split('/').length > 2));
  const own = destinations.find((one) => one.split(/[/@]/).includes(endpoint));
  const number = dialledNumber(own ?? destinations[0] ?? '', endpoint);
  return number === '' ? null : number;
}

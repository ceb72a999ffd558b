import type { CaptchaKind, CaptchaSettings } from '../../domain/written/form-settings.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { urlencoded } from '../../runtime/http/json.ts';

/** `unknown`: the service did not say within its time, or not in words we know. */
export type CaptchaVerdict = 'human' | 'robot' | 'unknown';

/** Documented verification URLs: Yandex SmartCaptcha, hCaptcha, Cloudflare Turnstile. */
const urls: Readonly<Record<CaptchaKind, string>> = {
  smartcaptcha: 'https://smartcaptcha.yandexcloud.net/validate',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
};
const longestAnswer = 16_384;
/** The service has three seconds; a visitor waits. */
const http = new HttpClient('the captcha service', { timeout: 3, largestFile: 1 });

/** Asks the captcha's service whether a proof is good. Trouble of the service is `unknown`, never thrown. */
export async function verifyCaptcha(
  { kind, secret, url }: CaptchaSettings,
  proof: string,
  address: string,
): Promise<CaptchaVerdict> {
  const yandex = kind === 'smartcaptcha';
  const form = urlencoded({
    secret,
    ...(yandex ? { token: proof, ip: address } : { response: proof, remoteip: address }),
  });
  try {
    const request = { method: 'POST', url: url ?? urls[kind], ...form, cutAt: longestAnswer } as const;
    const { status, body } = await http.request(request);
    return status === 200 ? verdict(JSON.parse(body) as unknown, yandex) : 'unknown';
  } catch {
    return 'unknown';
  }
}

function verdict(told: unknown, yandex: boolean): CaptchaVerdict {
  if (typeof told !== 'object' || told === null) return 'unknown';
  const good = yandex ? (told as { status?: unknown }).status : (told as { success?: unknown }).success;
  if (good === true || good === 'ok') return 'human';
  return good === false || good === 'failed' ? 'robot' : 'unknown';
}

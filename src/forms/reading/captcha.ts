import type { CaptchaKind, CaptchaSettings } from '../../domain/written/form-settings.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { urlencoded } from '../../runtime/http/json.ts';

/** `unknown` means that the service did not answer in time or not as documented. */
export type CaptchaVerdict = 'human' | 'robot' | 'unknown';

/** Documented verification URLs: Yandex SmartCaptcha, hCaptcha, Cloudflare Turnstile. */
const urls: Readonly<Record<CaptchaKind, string>> = {
  smartcaptcha: 'https://smartcaptcha.yandexcloud.net/validate',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
};
const maxAnswerLength = 16_384;
/** The time-out is three seconds, because a visitor waits. */
const http = new HttpClient('the captcha service', { timeout: 3, largestFile: 1 });

/** Verifies a proof with the captcha's service. Errors of the service result in `unknown` and are not thrown. */
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
    const request = { method: 'POST', url: url ?? urls[kind], ...form, cutAt: maxAnswerLength } as const;
    const { status, body } = await http.request(request);
    return status === 200 ? verdict(JSON.parse(body) as unknown, yandex) : 'unknown';
  } catch {
    return 'unknown';
  }
}

function verdict(answer: unknown, yandex: boolean): CaptchaVerdict {
  if (typeof answer !== 'object' || answer === null) return 'unknown';
  const good = yandex ? (answer as { status?: unknown }).status : (answer as { success?: unknown }).success;
  if (good === true || good === 'ok') return 'human';
  return good === false || good === 'failed' ? 'robot' : 'unknown';
}

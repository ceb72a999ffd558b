import type { CaptchaKind, CaptchaSettings } from '../../domain/written/form-settings.ts';

/** `unknown`: the service did not say within its time, or not in words we know. */
export type CaptchaVerdict = 'human' | 'robot' | 'unknown';

/** Documented verification URLs: Yandex SmartCaptcha, hCaptcha, Cloudflare Turnstile. */
const urls: Readonly<Record<CaptchaKind, string>> = {
  smartcaptcha: 'https://smartcaptcha.yandexcloud.net/validate',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
};
/** Milliseconds the service has; a visitor waits. */
const patience = 3000;
const longestAnswer = 16_384;

/** Asks the captcha's service whether a proof is good. Trouble of the service is `unknown`, never thrown. */
export async function verifyCaptcha(
  { kind, secret, url }: CaptchaSettings,
  proof: string,
  address: string,
): Promise<CaptchaVerdict> {
  const yandex = kind === 'smartcaptcha';
  const body = new URLSearchParams({
    secret,
    ...(yandex ? { token: proof, ip: address } : { response: proof, remoteip: address }),
  });
  try {
    const answer = await fetch(url ?? urls[kind], {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    const text = await answer.text();
    if (!answer.ok || text.length > longestAnswer) return 'unknown';
    return verdict(JSON.parse(text) as unknown, yandex);
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

import { createHash } from 'node:crypto';
import type { CaptchaSettings } from '../../domain/written/form-settings.ts';
import type { Clock } from '../../runtime/clock.ts';
import { verifyCaptcha } from '../reading/captcha.ts';

/** A proof can be verified only once, but a browser that got no answer sends it again. Milliseconds. */
const rememberedFor = 10 * 60_000;
const maxRemembered = 10_000;

/** Verifies captcha proofs. Valid proofs are remembered for a while, so that a repeated request is not rejected. */
export class CaptchaCheck {
  readonly #clock: Clock;
  readonly #good = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Without a verdict of the service the result is `pass`: losing a client is worse than admitting a robot. */
  async verdict(
    settings: CaptchaSettings,
    proof: string | null,
    address: string,
  ): Promise<'missing' | 'robot' | 'pass'> {
    if (proof === null) return 'missing';
    const now = this.#clock.now();
    const key = createHash('sha256').update(`${settings.kind} ${proof}`).digest('base64');
    if ((this.#good.get(key) ?? 0) > now) return 'pass';
    const verdict = await verifyCaptcha(settings, proof, address);
    if (verdict === 'robot') return 'robot';
    if (verdict === 'human') this.#remember(key, now);
    return 'pass';
  }

  #remember(key: string, now: number): void {
    const [oldest] = this.#good.keys();
    if (this.#good.size >= maxRemembered && oldest !== undefined) this.#good.delete(oldest);
    this.#good.set(key, now + rememberedFor);
  }
}

import { askRoute } from '../../../src/cli/demo/agi-side.ts';

/** Where to ask, and the right answer: the line and the dial string of the responsible manager's phone. */
export interface AskedRoute {
  readonly port: number;
  readonly from: string;
  readonly did: string;
  readonly dial: string;
}

/** A PBX that keeps asking for the route of a known client's call, and counts right and wrong answers. */
export class Asker {
  readonly wrong: string[] = [];
  #right = 0;
  #serial = 0;
  readonly #route: AskedRoute;

  constructor(route: AskedRoute) {
    this.#route = route;
  }

  /** Asks one request after another until `work` is done; returns the number of right answers in that time. */
  async during(work: Promise<unknown>): Promise<number> {
    const before = this.#right;
    let busy = true;
    const ended = work.finally(() => {
      busy = false;
    });
    while (busy) await this.ask();
    await ended;
    return this.#right - before;
  }

  /** Asks once. */
  async ask(callerName = 'Client'): Promise<void> {
    const { port, from, did, dial } = this.#route;
    this.#serial += 1;
    const uniqueid = `asked.${this.#serial}`;
    const question = { port, channel: `PJSIP/trunk-${this.#serial}`, uniqueid, callerNumber: from, did, tried: [] };
    const answer = (await askRoute({ ...question, callerName })).get('PATCHBAY_DIAL') ?? '';
    if (answer.startsWith(dial)) this.#right += 1;
    else this.wrong.push(answer === '' ? 'no answer' : answer);
  }
}

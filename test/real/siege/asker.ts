import { askRoute } from '../../../src/cli/demo/agi-side.ts';

/** Where questions go, and what is right: the line and the dial string of the responsible's telephone. */
export interface AskedRoute {
  readonly port: number;
  readonly from: string;
  readonly did: string;
  readonly dial: string;
}

/** A PBX that asks the whole time where a known client's call goes, and counts what it is told. */
export class Asker {
  readonly wrong: string[] = [];
  #right = 0;
  #serial = 0;
  readonly #route: AskedRoute;

  constructor(route: AskedRoute) {
    this.#route = route;
  }

  /** Asks one question after the other until `work` is done; answers how many were answered right in that time. */
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

  /** One question. */
  async ask(callerName = 'Client'): Promise<void> {
    const { port, from, did, dial } = this.#route;
    this.#serial += 1;
    const uniqueid = `asked.${this.#serial}`;
    const question = { port, channel: `PJSIP/trunk-${this.#serial}`, uniqueid, callerNumber: from, did, tried: [] };
    const told = (await askRoute({ ...question, callerName })).get('PATCHBAY_DIAL') ?? '';
    if (told.startsWith(dial)) this.#right += 1;
    else this.wrong.push(told === '' ? 'no answer' : told);
  }
}

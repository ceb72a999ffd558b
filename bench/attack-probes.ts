import { setTimeout } from 'node:timers/promises';
import type WebSocket from 'ws';
import { askRoute } from '../src/cli/demo/agi-side.ts';
import { type AttackedProgram, clientPhone, did } from '../test/attacks/support/program.ts';

/** Waiting times of other users in milliseconds. */
export interface Waits {
  readonly forms: number[];
  readonly routes: number[];
  readonly pops: number[];
}

const pause = 20;
let serial = 0;

/** For `duration` milliseconds, submits forms of a client, asks for routes, and listens to the desk of the client's manager. */
export async function measure(program: AttackedProgram, desk: WebSocket, duration: number): Promise<Waits> {
  const waits: Waits = { forms: [], routes: [], pops: [] };
  const until = performance.now() + duration;
  const sentAt = new Map<string, number>();
  const onMessage = (data: Buffer) => {
    const mark = /probe-\d+/.exec(data.toString('utf8'))?.[0] ?? '';
    const since = sentAt.get(mark);
    if (since !== undefined) waits.pops.push(performance.now() - since);
    sentAt.delete(mark);
  };
  desk.on('message', onMessage);
  const forms = async () => {
    while (performance.now() < until) {
      serial += 1;
      const [mark, since] = [`probe-${serial}`, performance.now()];
      sentAt.set(mark, since);
      const body = JSON.stringify({ name: 'Anna', phone: clientPhone, comment: mark });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${program.url}/api/v1/forms/site`, { method: 'POST', headers, body }).catch(
        () => null,
      );
      await answer?.arrayBuffer();
      // A rejected form counts as waiting for the whole measurement.
      waits.forms.push(answer?.ok === true ? performance.now() - since : duration);
      await setTimeout(pause);
    }
  };
  const routes = async () => {
    while (performance.now() < until) {
      serial += 1;
      const since = performance.now();
      const call = { channel: `PJSIP/trunk-${serial}`, uniqueid: `probe.${serial}`, callerNumber: clientPhone };
      const variables = await askRoute({ port: program.agiPort, ...call, callerName: 'Client', did, tried: [] });
      waits.routes.push(variables.size > 0 ? performance.now() - since : duration);
      await setTimeout(pause);
    }
  };
  await Promise.all([forms(), routes()]);
  desk.off('message', onMessage);
  for (const since of sentAt.values()) if (until - since > 1000) waits.pops.push(performance.now() - since);
  return waits;
}

import type { IncomingMessage } from 'node:http';

/** How slowly the body of a request may arrive. Times are in milliseconds. */
export interface Pace {
  /** Longest time without a byte. */
  readonly idle: number;
  /** Time after which the average rate is checked. */
  readonly grace: number;
  /** Lowest average rate in bytes per second. 0: any. */
  readonly rate: number;
}

/** A body that is still arriving. */
interface Coming {
  readonly request: IncomingMessage;
  readonly bytesBefore: number;
  pace: Pace;
  bytes: number;
  /** Time we have been reading, and time without a byte. */
  reading: number;
  idle: number;
}

/** For everybody. Even a phone with a bad connection is faster. */
const usual: Pace = { idle: 10_000, grace: 20_000, rate: 1024 };
/** For authenticated requests: imports are long, and may wait for the store while they are read. */
const patient: Pace = { idle: 120_000, grace: 0, rate: 0 };
const interval = 1000;

/**
 * Watches the pace of incoming bodies. A timeout for whole requests must allow for the longest import, so it alone would let a
 * few bytes now and then hold a connection for hours. Time in which we do not read ourselves is not counted.
 */
export class BodyPace {
  readonly #coming = new Map<IncomingMessage, Coming>();
  readonly #onSlow: (request: IncomingMessage) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(onSlow: (request: IncomingMessage) => void) {
    this.#onSlow = onSlow;
    this.#timer = setInterval(() => this.#look(), interval);
    this.#timer.unref();
  }

  /** Starts watching the body of a request. */
  watch(request: IncomingMessage): void {
    const { headers, socket } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    if (!hasBody) return;
    const { bytesRead: bytes } = socket;
    this.#coming.set(request, { request, bytesBefore: bytes, pace: usual, bytes, reading: 0, idle: 0 });
  }

  /** The sender is authenticated: its body may take longer. */
  trust(request: IncomingMessage): void {
    const coming = this.#coming.get(request);
    if (coming !== undefined) coming.pace = patient;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const coming of this.#coming.values()) {
      const { request } = coming;
      if (request.complete || request.socket.destroyed) this.#coming.delete(request);
      else if (isSlow(coming)) {
        this.#coming.delete(request);
        this.#onSlow(request);
      }
    }
  }
}

function isSlow(coming: Coming): boolean {
  const { request, pace, bytesBefore } = coming;
  const { bytesRead } = request.socket;
  const weWait = request.readableLength >= request.readableHighWaterMark;
  coming.idle = bytesRead === coming.bytes && !weWait ? coming.idle + interval : 0;
  coming.bytes = bytesRead;
  if (!weWait) coming.reading += interval;
  if (coming.idle > pace.idle) return true;
  return coming.reading > pace.grace && ((bytesRead - bytesBefore) * 1000) / coming.reading < pace.rate;
}

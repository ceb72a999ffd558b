import type { IncomingMessage } from 'node:http';

/** How slowly a request's body may come; times in milliseconds. */
export interface Pace {
  /** No byte for this long is too slow. */
  readonly idle: number;
  /** After this long the average counts, */
  readonly grace: number;
  /** in bytes a second; 0: any. */
  readonly rate: number;
}

/** What is still to come of a body. */
interface Coming {
  readonly request: IncomingMessage;
  readonly bytesBefore: number;
  pace: Pace;
  bytes: number;
  /** How long we have been reading, and how long without a byte. */
  reading: number;
  idle: number;
}

/** Anybody: a telephone with a bad connection is faster. */
const usual: Pace = { idle: 10_000, grace: 20_000, rate: 1024 };
/** People and programs that have shown who they are: imports are long, and written as they are read. */
const patient: Pace = { idle: 120_000, grace: 0, rate: 0 };
const interval = 1000;

/**
 * Watches how bodies come in. A time-out for the whole request must be as long as the longest import takes, so that a few bytes now
 * and then would hold a connection as long. Time in which we don't read ourselves counts for nobody.
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

  /** A request has begun. */
  watch(request: IncomingMessage): void {
    const { headers, socket } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    if (!hasBody) return;
    const { bytesRead: bytes } = socket;
    this.#coming.set(request, { request, bytesBefore: bytes, pace: usual, bytes, reading: 0, idle: 0 });
  }

  /** Its sender has shown who he is. */
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

import type { ConnectorContext } from '../../contract.ts';
import type { AmiClient } from '../ami/client.ts';
import { optionalList } from '../ami/optional-list.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { Fields } from '../tracker/model.ts';
import { Queues } from './queues.ts';
import { Telephones } from './telephones.ts';

type Context = Pick<ConnectorContext, 'connection' | 'clock' | 'reportDevices' | 'reportQueue' | 'countQueue'>;

/** Who can be reached at a PBX, and who waits: the states of telephones and queues. */
export class Presence {
  readonly #context: Context;
  readonly #telephones: Telephones;
  readonly #queues: Queues;

  constructor(context: Context, endpoints: Endpoints) {
    const { connection } = context;
    this.#context = context;
    this.#telephones = new Telephones({
      connection,
      endpoints,
      report: (report) => context.reportDevices([report]),
    });
    this.#queues = new Queues({
      connection,
      endpoints,
      report: (state) => context.reportQueue(state),
      count: (event) => context.countQueue(event),
      pause: (extension, queue, isPaused) => this.#telephones.pause(extension, queue, isPaused),
    });
  }

  /** Handles an event that happened at `at`. Events of other kinds are ignored. */
  handle(name: string, fields: Fields, at: number): void {
    if (name === 'DeviceStateChange') this.#telephones.device(fields);
    else this.#queues.handle(name, fields, at);
  }

  /** Reads all telephones and queues, after a connect. */
  async read(client: Pick<AmiClient, 'list'>): Promise<void> {
    const devices = await optionalList(client, 'DeviceStateList');
    this.#telephones.clear();
    for (const { fields } of devices) this.#telephones.device(fields);
    await this.readQueues(client);
  }

  /** Reads who waits in the queues. Repeated now and then, because an event may overtake an item of the list. */
  async readQueues(client: Pick<AmiClient, 'list'>): Promise<void> {
    const status = await optionalList(client, 'QueueStatus');
    this.#queues.replace(
      status.map(({ name, fields }) => [name, fields] as const),
      this.#context.clock.now(),
    );
  }
}

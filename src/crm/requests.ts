import type { Interaction } from '../domain/interaction/interaction.ts';
import type { CallRefusal, CallRequest, KnownStep } from '../domain/outbound/call-request.ts';
import type { MessageRefusal, MessageRequest } from '../domain/outbound/message-request.ts';
import type { WriteResult } from '../domain/ports/writes.ts';
import type { CoreContext } from './contract.ts';

/** Stores a request of a core, unless it is refused. `known` is a step that the core has done before. */
type Requesting<Request, Refusal> = (
  request: Request,
  known?: KnownStep & { readonly destination: string },
) => Promise<{ readonly result: WriteResult | undefined } | { readonly refused: Refusal }>;

/** How requests of cores are carried out. */
export interface RequestParts {
  /** Requests a call; by default none can be made. */
  readonly requestCall?: Requesting<CallRequest, CallRefusal>;
  /** Requests a message in a conversation; by default none can be sent. */
  readonly requestMessage?: Requesting<MessageRequest, MessageRefusal>;
}

/** What a core can request. */
export function coreRequests(
  destination: string,
  { requestCall, requestMessage }: RequestParts,
): Pick<CoreContext, 'requestCall' | 'requestMessage'> {
  const knownBy = (known: KnownStep | undefined) => (known === undefined ? undefined : { ...known, destination });
  return {
    async requestCall(request, known) {
      const asked = await requestCall?.(request, knownBy(known));
      if (asked === undefined) return { refused: 'pbx' };
      return 'refused' in asked ? asked : { interaction: storedBy(asked.result, 'call') };
    },
    async requestMessage(request, known) {
      const asked = await requestMessage?.(request, knownBy(known));
      if (asked === undefined) return { refused: 'conversation' };
      return 'refused' in asked ? asked : { interaction: storedBy(asked.result, 'message') };
    },
  };
}

/** The interaction of something that was requested. Throws an error if it could not be stored. */
function storedBy(result: WriteResult | undefined, what: string): Interaction {
  const interaction = result?.ok === true ? result.changes[0]?.interaction : undefined;
  if (interaction === undefined) throw new Error(`could not store the request of a ${what}`);
  return interaction;
}

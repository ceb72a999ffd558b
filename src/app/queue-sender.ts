import {
  type CallController,
  type Connector,
  isCallController,
  isSender,
  type Sender,
} from '../connectors/contract.ts';
import type { Outbound } from '../domain/outbound/outbound.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { OutboundSender } from '../outbound/outbound-loop.ts';

/**
 * Carries out a connection's queue: letters, messages and calls by its sender, commands to calls by its call control. `onSent` is called
 * for each letter, message and call that was sent.
 */
export function queueSender(connector: Connector, onSent: (outbound: Outbound) => void): OutboundSender | null {
  const sender: Sender | null = isSender(connector) ? connector : null;
  const controller: CallController | null = isCallController(connector) ? connector : null;
  if (sender === null && controller === null) return null;
  const unsupported = { kind: 'failed', reason: reason('commandUnsupported') } as const;
  return {
    async send(outbound, signal) {
      const { command } = outbound.content;
      if (command === undefined) {
        const outcome = (await sender?.send(outbound, signal)) ?? unsupported;
        if (outcome.kind === 'sent') onSent(outbound);
        return outcome;
      }
      return controller?.control(command, signal) ?? unsupported;
    },
    async confirm(outbound, signal) {
      // Nobody can ask a PBX whether it carried out a command, and by now the call may be another one.
      if (outbound.content.command !== undefined) return { kind: 'uncertain', reason: reason('commandStopped') };
      return sender?.confirm(outbound, signal) ?? unsupported;
    },
  };
}

import type { HookReceiver } from '../../../domain/ports/hooks.ts';
import { ChannelPage, isForChannel } from '../open-lines/channel-page.ts';
import { isForFile, serveFile } from '../open-lines/shared-files.ts';
import { HistoryTab, isForTab } from '../placement/history-tab.ts';
import type { OpenedPortal } from './open-portal.ts';
import { PortalReceiver, type ReceiverParts } from './receiver.ts';

/** What comes to our hook: the portal's events and installations, our pages inside the portal, and files that it fetches. */
export function openHook(parts: ReceiverParts & Pick<OpenedPortal, 'portalAs'>): HookReceiver {
  const receiver = new PortalReceiver(parts);
  const tab = new HistoryTab(parts);
  const channel = new ChannelPage(parts);
  return {
    async receive(request) {
      if (isForTab(request)) return tab.receive(request);
      if (isForChannel(request)) return channel.receive(request);
      return isForFile(request) ? serveFile(request, parts) : receiver.receive(request);
    },
  };
}

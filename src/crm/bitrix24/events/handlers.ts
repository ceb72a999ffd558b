import { callBackForm } from '../back/call-back-form.ts';
import { clickToCall } from '../back/click-to-call.ts';
import {
  dialogStarted,
  linesChanged,
  operatorChanged,
  operatorDeleted,
  operatorWrote,
} from '../open-lines/operator-events.ts';
import type { Bitrix24Config } from '../schema.ts';
import type { EventHandler } from './event.ts';

type Handlers = Readonly<Record<string, EventHandler>>;

/** The handlers of events that we may ask for, by name in capitals. Other events are ignored. */
export const polledHandlers: Handlers = {
  ONEXTERNALCALLSTART: clickToCall,
  ONEXTERNALCALLBACKSTART: callBackForm,
};

/** The handlers of events of the Open Lines. They are posted only: what a queue of the portal keeps of them is not documented. */
const openLineHandlers: Handlers = {
  ONIMCONNECTORMESSAGEADD: operatorWrote,
  ONIMCONNECTORMESSAGEUPDATE: operatorChanged,
  ONIMCONNECTORMESSAGEDELETE: operatorDeleted,
  ONIMCONNECTORDIALOGSTART: dialogStarted,
  ONIMCONNECTORSTATUSDELETE: linesChanged,
  ONIMCONNECTORLINEDELETE: linesChanged,
};

/** The handlers of the events that we want with these settings. */
export function handlersFor({ messages }: Pick<Bitrix24Config, 'messages'>): Handlers {
  return messages === 'openlines' ? { ...polledHandlers, ...openLineHandlers } : polledHandlers;
}

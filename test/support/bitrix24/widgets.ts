import type { Authorisation } from './auth.ts';
import type { PortalCore } from './core.ts';
import type { CardKind } from './state.ts';
import { type Fields, textOf, writeForm } from './values.ts';

/** What an application's page answered inside the portal. */
export interface OpenedWidget {
  readonly status: number;
  readonly body: string;
}

/** Opens the pages of applications inside the portal, as its users' browsers do. */
export class Widgets {
  readonly #core: PortalCore;
  readonly #auth: Authorisation;

  constructor(core: PortalCore, auth: Authorisation) {
    this.#core = core;
    this.#auth = auth;
  }

  /** Opens the tabs of a call's card. */
  async openCallCard(callId: string, userId: number): Promise<readonly OpenedWidget[]> {
    const call = this.#core.state.calls.get(callId);
    if (call === undefined) throw new Error(`the portal has no call ${callId}`);
    const { card, created, line } = call;
    const bindings = [...(card === null ? [] : [card]), ...created.filter((one) => one !== card)];
    return this.#open('CALL_CARD', userId, {
      CALL_ID: callId,
      PHONE_NUMBER: call.phone,
      LINE_NUMBER: line ?? '',
      LINE_NAME: line ?? '',
      CRM_ENTITY_TYPE: card?.kind ?? '',
      CRM_ENTITY_ID: String(card?.id ?? 0),
      ...(bindings.length === 0
        ? {}
        : { CRM_BINDINGS: bindings.map(({ kind, id }) => ({ ENTITY_TYPE: kind, ENTITY_ID: String(id) })) }),
      CRM_ACTIVITY_ID: 'undefined',
      CALL_DIRECTION: call.type === 1 ? 'outgoing' : call.type === 4 ? 'callback' : 'incoming',
      CALL_STATE: 'idle',
      CALL_LIST_MODE: String(call.callListId !== null),
      URI: '/',
    });
  }

  /** Opens the tabs of a CRM card. */
  async openCardTab(kind: CardKind, id: number, userId: number): Promise<readonly OpenedWidget[]> {
    const URI = `/crm/${kind.toLowerCase()}/details/${id}/`;
    return this.#open(`CRM_${kind}_DETAIL_TAB`, userId, { ID: String(id), URI });
  }

  /** Opens the settings of a connector on a line of the Open Lines. */
  async openConnectorSettings(connector: string, line: number, userId: number): Promise<OpenedWidget> {
    const found = this.#core.state.connectors.get(connector);
    if (found === undefined) throw new Error(`the portal has no connector ${connector}`);
    const isActive = found.lines.get(line)?.isActive === true;
    const options = { CONNECTOR: connector, LINE: line, ACTIVE_STATUS: isActive };
    return this.#post('SETTING_CONNECTOR', found.handler, found.app, userId, options);
  }

  #open(place: string, userId: number, options: Fields): Promise<readonly OpenedWidget[]> {
    const bound = this.#core.state.placements.filter((one) => one.place === place);
    return Promise.all(bound.map(({ handler, app }) => this.#post(place, handler, app, userId, options)));
  }

  async #post(
    place: string,
    handler: string,
    clientId: string,
    userId: number,
    options: Fields,
  ): Promise<OpenedWidget> {
    const app = this.#auth.app(clientId);
    if (app === null) throw new Error(`unknown application ${clientId}`);
    const tokens = this.#auth.issue(app, userId);
    const url = new URL(handler);
    const { host, protocol } = new URL(this.#core.root);
    url.searchParams.set('DOMAIN', host);
    url.searchParams.set('PROTOCOL', protocol === 'https:' ? '1' : '0');
    url.searchParams.set('LANG', 'ru');
    url.searchParams.set('APP_SID', this.#core.token('sid'));
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: writeForm({
        AUTH_ID: textOf(tokens.access_token),
        AUTH_EXPIRES: 3600,
        REFRESH_ID: textOf(tokens.refresh_token),
        SERVER_ENDPOINT: textOf(tokens.server_endpoint),
        APPLICATION_TOKEN: this.#auth.applicationToken(clientId),
        APPLICATION_SCOPE: app.scopes.join(','),
        member_id: this.#auth.memberId,
        status: 'L',
        PLACEMENT: place,
        PLACEMENT_OPTIONS: JSON.stringify(options),
      }),
    });
    return { status: answer.status, body: await answer.text() };
  }
}

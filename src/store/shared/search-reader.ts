import type { InteractionId } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { View } from '../../domain/interaction/view.ts';
import type { InteractionQuery, Page } from '../../domain/ports/queries.ts';
import type { TextToIndex } from '../../domain/ports/readers.ts';
import { type Condition, conditionsOf } from '../../domain/search/question.ts';
import { parseInteraction } from './interaction-body.ts';
import { SqlOutboundReader } from './outbound-reader.ts';
import { readCursor, toCursor } from './paging.ts';
import {
  type FoundText,
  filledName,
  maxSearched,
  searchStep,
  selectFound,
  selectToFill,
  selectWaiting,
} from './search.ts';

/** Higher than every id. */
const highestId = 'g';

/** Queries of the search over texts, in SQL shared by both stores. */
export abstract class SqlSearchReader extends SqlOutboundReader {
  /** The SQL expression for the position of a string literal in the body of a contact `w`, 0 for none. */
  protected abstract positionOf(literal: string): string;
  /** Contacts in which all conditions hold, newest first, after a place. */
  protected abstract textsBy(
    conditions: readonly Condition[],
    after: readonly string[] | null,
    limit: number,
  ): Promise<readonly FoundText[]>;

  /**
   * A page of the contacts that have all words of a question. Those found by their words are checked for the other filters and the
   * view, newest first; how many is limited, so that common words with a rare filter cost no more than others.
   */
  protected async searched(
    query: InteractionQuery & { readonly q: string },
    copies: readonly string[],
    view: View | null,
  ): Promise<Page<Interaction>> {
    const conditions = conditionsOf(query.q);
    const items: Interaction[] = [];
    let after = readCursor(query.cursor);
    for (let looked = 0; conditions.length > 0 && looked < maxSearched; looked += searchStep) {
      const found = await this.textsBy(conditions, after, searchStep);
      const shown = await this.#shown(query, found, copies, view);
      for (const { place, id } of found) {
        const interaction = shown.get(id);
        if (interaction === undefined) after = place;
        else if (items.length === query.limit) return { items, next: after === null ? null : toCursor(after) };
        else {
          items.push(interaction);
          after = place;
        }
      }
      if (found.length < searchStep) return { items, next: null };
    }
    return { items, next: after === null || conditions.length === 0 ? null : toCursor(after) };
  }

  async #shown(
    query: InteractionQuery,
    found: readonly FoundText[],
    copies: readonly string[],
    view: View | null,
  ): Promise<ReadonlyMap<string, Interaction>> {
    if (found.length === 0) return new Map();
    const { sql, values } = selectFound(
      query,
      found.map(({ id }) => id),
      copies,
      view,
    );
    const rows = await this.listed<{ id: string; body: string }>(sql, ...values);
    return new Map(rows.map(({ id, body }) => [id, parseInteraction(body)]));
  }

  async textsWaiting(limit: number): Promise<readonly TextToIndex[]> {
    return (await this.listed<StoredText>(selectWaiting, limit)).map(textOf);
  }

  async textsToFill(limit: number): Promise<readonly TextToIndex[]> {
    const place = await this.row<{ value: string }>('SELECT value FROM meta WHERE name = ?', filledName);
    if (place?.value === '') return [];
    const sql = selectToFill(['"text":"', '"transcript":{'].map((literal) => this.positionOf(literal)));
    return (await this.listed<StoredText>(sql, place?.value ?? highestId, limit)).map(textOf);
  }
}

interface StoredText {
  readonly id: InteractionId;
  readonly body: string | null;
}

function textOf({ id, body }: StoredText): TextToIndex {
  return { id, interaction: body === null ? null : parseInteraction(body) };
}

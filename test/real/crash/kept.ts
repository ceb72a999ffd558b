import type { Interaction } from '../../../src/domain/interaction.ts';
import type { Page } from '../../../src/domain/store-port.ts';
import { openForReading } from '../../../src/store/sqlite/connect.ts';
import { SqliteReader } from '../../../src/store/sqlite/reader.ts';

/** Every interaction that a gateway has in its database, read beside it. */
export async function keptInteractions(database: string): Promise<readonly Interaction[]> {
  const db = openForReading(database);
  try {
    const read = new SqliteReader(db);
    const found: Interaction[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Page<Interaction> = await read.interactions({ limit: 200, cursor });
      found.push(...page.items);
      if (page.next === null) return found;
      cursor = page.next;
    }
  } finally {
    db.close();
  }
}

import type { InteractionId } from '../../domain/base/ids.ts';
import type { Transcript } from '../../domain/call/transcript.ts';
import type { TranscriptTable } from '../../domain/ports/contact-tables.ts';
import type { Sql } from './sql.ts';

/** What was said in recordings, in SQL shared by both stores. */
export class SqlTranscriptTable implements TranscriptTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async put(recording: string, interaction: InteractionId, transcript: Transcript): Promise<void> {
    await this.#sql.run(
      `INSERT INTO transcripts (recording, interaction, body) VALUES (?, ?, ?)
        ON CONFLICT (recording) DO UPDATE SET body = excluded.body`,
      ...[recording, interaction, JSON.stringify(transcript)],
    );
  }

  async remove(recording: string): Promise<void> {
    await this.#sql.run('DELETE FROM transcripts WHERE recording = ?', recording);
  }
}

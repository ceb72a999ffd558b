import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { useMoment } from '../../../session/clock.tsx';

/** When the files of a message were deleted, by their ids. A file that another part still has is not deleted. */
export function deletedFiles({ parts, deletedAt }: Pick<Interaction, 'parts' | 'deletedAt'>): Map<string, string> {
  // The whole message is marked then.
  if (deletedAt !== null) return new Map();
  const kept = new Set(parts.flatMap((part) => (part.deletedAt === null ? part.attachments : [])));
  const gone = parts.flatMap((part) =>
    part.deletedAt === null ? [] : part.attachments.map((id) => [id, part.deletedAt as string] as const),
  );
  return new Map(gone.filter(([id]) => !kept.has(id)));
}

/** The mark of something that its writer deleted. */
export function DeletedMark({ at }: { readonly at: string }) {
  const text = useText();
  const moment = useMoment();
  return (
    <span class="chip" title={moment(at)}>
      {text.deletedByWriter}
    </span>
  );
}

/** The words of a message whose writer deleted them while other parts stay, such as the caption of one picture. */
export function DeletedWords({ message: { parts, deletedAt } }: { readonly message: Interaction }) {
  if (deletedAt !== null) return null;
  const gone = parts.filter((part) => part.deletedAt !== null && part.text !== null);
  return (
    <>
      {gone.map((part) => (
        <p key={part.id} class="deleted-words">
          <DeletedMark at={part.deletedAt ?? ''} /> {part.text}
        </p>
      ))}
    </>
  );
}

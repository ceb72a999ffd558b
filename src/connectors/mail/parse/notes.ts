/** Remarks that are added to the text of a letter. They are in both languages, because a letter is read by whoever opens it. */
export const notes = {
  encrypted:
    'Письмо зашифровано. Прочитать его может почтовая программа получателя; оно сохранено как файл.\n\nThis letter is encrypted. The mail program of its recipient can open it; it is attached as a file.',
  unreadable:
    'Письмо не удалось прочитать: у него слишком сложная структура. Письмо целиком сохранено как файл.\n\nThis letter could not be read because its structure is too complex. The whole letter is attached as a file.',
  moreFiles: (count: number) =>
    `Ещё файлов: ${count}. Они не сохранены и остались в почтовом ящике.\n\nFurther files: ${count}. They were not stored and are still in the mailbox.`,
} as const;

/** The selected rows of a list, and the row that the keyboard is at. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  /** Id of the current row, or null. */
  readonly current: string | null;
  /** Where a range begins that shift extends. */
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { selected: new Set(), current: null, anchor: null };

/** Selects a row or takes it out. With `range`, everything between the anchor and the row is selected. */
export function toggled(selection: Selection, ids: readonly string[], id: string, range = false): Selection {
  const { selected, anchor } = selection;
  if (range && anchor !== null) return { ...spanned(selection, ids, id), anchor };
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return { selected: next, current: id, anchor: id };
}

/** Moves to the next (1) or previous (-1) row. With `extend`, it and the one before become selected. */
export function moved(selection: Selection, ids: readonly string[], step: 1 | -1, extend: boolean): Selection {
  const at = selection.current === null ? -1 : ids.indexOf(selection.current);
  const place = at === -1 ? (step === 1 ? 0 : ids.length - 1) : Math.min(Math.max(at + step, 0), ids.length - 1);
  const current = ids[place];
  if (current === undefined) return selection;
  if (!extend) return { ...selection, current, anchor: current };
  const anchor = selection.anchor ?? ids[Math.max(at, 0)] ?? current;
  return spanned({ ...selection, anchor }, ids, current);
}

/** Selects all rows, or none if all are selected. */
export function allToggled({ selected, current }: Selection, ids: readonly string[]): Selection {
  const isAll = ids.length > 0 && ids.every((id) => selected.has(id));
  return { selected: new Set(isAll ? [] : ids), current, anchor: current };
}

/** Drops rows that are not listed any more. */
export function pruned(selection: Selection, ids: readonly string[]): Selection {
  const listed = new Set(ids);
  const keep = (id: string | null) => (id !== null && listed.has(id) ? id : null);
  const selected = new Set([...selection.selected].filter((id) => listed.has(id)));
  return { selected, current: keep(selection.current), anchor: keep(selection.anchor) };
}

function spanned(selection: Selection, ids: readonly string[], to: string): Selection {
  const [a, b] = [ids.indexOf(selection.anchor ?? to), ids.indexOf(to)];
  const range = ids.slice(Math.min(a, b), Math.max(a, b) + 1);
  return { ...selection, selected: new Set([...selection.selected, ...range]), current: to };
}

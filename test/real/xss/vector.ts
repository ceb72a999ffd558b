/** A letter that tries to run `run` (a statement without quotes) or to fetch `url`. */
export interface Vector {
  readonly kind: string;
  html(run: string, url: string): string;
}

/** A vector of a category. */
export function vector(kind: string, html: Vector['html']): Vector {
  return { kind, html };
}

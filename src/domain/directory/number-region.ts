/**
 * How numbers without a country code are read: the ISO 3166 code of the country, and after a slash the area code of numbers that are
 * dialled within a city. Examples: `RU`, `RU/495`.
 */
export type NumberRegion = string;

/** The region of a country and an optional area code. */
export function regionOf(country: string, areaCode: string | null): NumberRegion {
  return areaCode === null ? country : `${country}/${areaCode}`;
}

/** The same country with the area code of a line, if the line has one. */
export function regionOfLine(region: NumberRegion, line: { readonly areaCode?: string } | null): NumberRegion {
  return line?.areaCode === undefined ? region : regionOf(countryOf(region), line.areaCode);
}

/** The ISO 3166 code of a region's country. */
export function countryOf(region: NumberRegion): string {
  const slash = region.indexOf('/');
  return slash === -1 ? region : region.slice(0, slash);
}

/** The area code of a region, or null. */
export function areaCodeOf(region: NumberRegion): string | null {
  const slash = region.indexOf('/');
  return slash === -1 ? null : region.slice(slash + 1);
}

const endings =
  /(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|иям|ией|ия|ие|ий|ии|ию|ах|ях|ов|ев|ей|ой|ый|ая|яя|ое|ее|ые|ам|ям|ом|ем|ую|юю|ать|ять|ить|ет|ит|а|я|о|е|ы|и|у|ю|ь|й)$/;

/** A word as it is searched: without case, `ё` as `е`, a Russian word without its ending, an English one without its plural. */
export function toTerm(word) {
  const lower = word.toLowerCase().replaceAll('ё', 'е');
  if (/^[a-z]{3,}[^s\W]s$/.test(lower)) return lower.slice(0, -1);
  if (!/^[а-я]{5,}$/.test(lower)) return lower;
  return lower.replace(endings, '');
}

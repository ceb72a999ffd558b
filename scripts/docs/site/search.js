// The search box of the documentation's pages.
import MiniSearch from 'minisearch';
import { toTerm } from './terms.js';

const { lang, dataset } = document.documentElement;
const root = dataset.root ?? './';
const box = document.getElementById('search');
const found = document.getElementById('found');
const most = 12;
let index = null;

async function load() {
  const answer = await fetch(`${root}search.${lang}.json`);
  const made = new MiniSearch({
    fields: ['heading', 'page', 'text'],
    storeFields: ['heading', 'page', 'url', 'text'],
    processTerm: toTerm,
    searchOptions: {
      boost: { heading: 4, page: 2 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
    },
  });
  made.addAll(await answer.json());
  return made;
}

function excerpt(text, terms) {
  const at = terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...at, text.length) - 40);
  const from = at.length === 0 ? 0 : start;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 120)}${text.length > from + 120 ? '…' : ''}`;
}

function entry({ url, page, heading, text, terms }) {
  const link = document.createElement('a');
  link.href = `${root}${url}`;
  const title = document.createElement('b');
  title.textContent = heading === '' || heading === page ? page : `${page} › ${heading}`;
  const words = document.createElement('span');
  words.textContent = excerpt(text, terms);
  link.append(title, words);
  return link;
}

async function search() {
  const query = box.value.trim();
  if (query === '') return hide();
  index ??= load();
  const hits = (await index).search(query).slice(0, most);
  if (box.value.trim() !== query) return;
  found.replaceChildren(...(hits.length === 0 ? [box.dataset.none] : hits.map(entry)));
  found.hidden = false;
}

function hide() {
  found.hidden = true;
}

function move(step) {
  const stops = [box, ...found.querySelectorAll('a')];
  const next = stops[stops.indexOf(document.activeElement) + step];
  next?.focus();
}

box.addEventListener('input', () => void search());
box.addEventListener('focus', () => {
  index ??= load();
  if (box.value !== '') void search();
});
document.addEventListener('keydown', (event) => {
  const inSearch = box.parentElement.contains(document.activeElement);
  if (event.key === '/' && !inSearch) box.focus();
  else if (event.key === 'Escape' && inSearch) hide();
  else if (event.key === 'ArrowDown' && inSearch) move(1);
  else if (event.key === 'ArrowUp' && inSearch) move(-1);
  else if (event.key === 'Enter' && document.activeElement === box) found.querySelector('a')?.click();
  else return;
  event.preventDefault();
});
document.addEventListener('click', (event) => {
  if (!box.parentElement.contains(event.target) || event.target.closest('#found a') !== null) hide();
});

// The menu is folded on a telephone only.
const menu = document.querySelector('.menu details');
const wide = matchMedia('(min-width: 60rem)');
const unfold = () => {
  menu.open = wide.matches;
};
wide.addEventListener('change', unfold);
unfold();

// The search: looks for words in everything that the page brings along, and says why a place was found.
//
// What somebody looks for is asked of nobody and kept nowhere: it stands in the box alone, and that is emptied when the
// page is left, so that Back shows nothing of it to whoever comes next.

import { PRIVATE, freshId, h, statusLine } from "./dom.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

/** @typedef {[number, string, string, string]} Place the number of its page, the place on it, its heading, its text */
/** @typedef {{id: number, terms: string[]}} Hit a place, and which words of it are like those that are looked for */

const MOST_SHOWN = 20; // results that are shown
const PATIENCE = 150; // milliseconds without a key before it is looked
/** What stands between two words, for the library and for us. */
const BETWEEN_WORDS = /([\n\r\p{Z}\p{P}\p{S}]+)/u;
/** A sentence with what ends it. (Old Safaris know no look behind.) */
const ONE_SENTENCE = /[^.!?\n]+[.!?]*[”’")]*\s*/g;

/**
 * A word as it is compared: without capital letters, accents and the s of a plural.
 * @param {string} word
 */
export function bare(word) {
  const plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.length > 4 && plain.endsWith("s") && !/[siu]s$/.test(plain) ? plain.slice(0, -1) : plain;
}

/**
 * How many letters of a word may be others, missing or too many.
 * @param {string} word
 */
const slips = (word) => (word.length < 4 ? 0 : word.length < 7 ? 1 : 2);

/**
 * The index of all places.
 * @param {any} Library MiniSearch
 * @param {Place[]} places
 */
export function indexOf(Library, places) {
  const index = new Library({
    fields: ["heading", "text"],
    processTerm: (/** @type {string} */ word) => bare(word) || null,
    tokenize: (/** @type {string} */ text) => text.split(BETWEEN_WORDS).filter((_, at) => at % 2 === 0),
    searchOptions: { boost: { heading: 3 }, weights: { fuzzy: 0.4, prefix: 0.7 } },
  });
  index.addAll(places.map(([, , heading, text], id) => ({ id, heading, text })));
  return index;
}

/**
 * Places for what is looked for: first those that have each word or its beginning; if there are none, those that have
 * words spelled almost like it; then those that have one of them.
 * @param {any} index
 * @param {string} words
 * @returns {{how: "" | "near" | "some", hits: Hit[]}}
 */
export function look(index, words) {
  const prefix = (/** @type {string} */ word) => word.length > 1;
  const exact = index.search(words, { combineWith: "AND", prefix });
  if (exact.length > 0) return { how: "", hits: exact };
  const near = index.search(words, { combineWith: "AND", prefix, fuzzy: slips });
  if (near.length > 0) return { how: "near", hits: near };
  const some = index.search(words, { combineWith: "OR", prefix });
  return { how: "some", hits: some.length > 0 ? some : index.search(words, { combineWith: "OR", prefix, fuzzy: slips }) };
}

/**
 * The sentence of a text with the most of these words, the first of several; without one, the first.
 * @param {string} text
 * @param {Set<string>} terms
 */
export function sentenceWith(text, terms) {
  const all = (text.match(ONE_SENTENCE) || [text]).map((one) => one.trim()).filter(Boolean);
  const count = (/** @type {string} */ one) => new Set(one.split(BETWEEN_WORDS).map(bare).filter((word) => terms.has(word))).size;
  return all.reduce((best, one) => (count(one) > count(best) ? one : best), all[0] || "");
}

/**
 * A text with the words in it that were looked for in marks.
 * @param {string} text
 * @param {Set<string>} terms
 */
const withMarks = (text, terms) => text.split(BETWEEN_WORDS).map((part) => (terms.has(bare(part)) ? h("mark", {}, part) : part));

/**
 * Puts the box into its place on the page.
 * @param {any} Library
 */
export function mountSearch(Library) {
  document.addEventListener("DOMContentLoaded", () => {
    /** @type {HTMLElement | null} */
    const home = document.querySelector(".al-search");
    if (!home) return;
    // The list of all pages that stands below: their names and addresses are there already.
    const pages = [...(home.parentElement?.querySelectorAll("a") || [])];
    /** @type {Place[]} */
    const places = JSON.parse(home.dataset.given || "[]");
    const id = freshId("search");
    /** @type {any} */
    let index;
    let timer = 0;
    const { line, tell } = statusLine();
    const list = h("ol", { class: "al-found", tabindex: "-1", "aria-label": say("page.search_results"), hidden: true });

    const empty = () => {
      window.clearTimeout(timer);
      list.replaceChildren();
      list.hidden = true;
    };

    const show = () => {
      empty();
      const words = box.value.trim();
      if (words.length < 2) return tell(words ? say("page.search_begins") : "");
      index = index || indexOf(Library, places);
      const { how, hits } = look(index, words);
      const shown = hits.slice(0, MOST_SHOWN);
      list.replaceChildren(...shown.map(entry));
      list.hidden = shown.length === 0;
      const near = [...new Set([...list.querySelectorAll("mark")].map((one) => (one.textContent || "").toLowerCase()))];
      const listed = near.slice(0, 4).join(", ");
      if (shown.length === 0) tell(say("page.search_nothing"));
      else if (how === "near") tell(say("page.search_near", { words: listed }));
      else if (how === "some") tell(say("page.search_some", { words: listed }));
      else if (hits.length > MOST_SHOWN) tell(say("page.search_first", { shown: MOST_SHOWN, count: hits.length }));
      else tell(say("page.search_found", { count: hits.length }));
    };

    /** @param {Hit} hit */
    const entry = (hit) => {
      const [page, anchor, heading, text] = places[hit.id];
      const link = pages[page];
      const terms = new Set(hit.terms);
      const href = link.getAttribute("href") + (anchor ? `#${anchor}` : "");
      const where = link.textContent || "";
      return h(
        "li",
        {},
        h("a", { href }, withMarks(heading || where, terms)),
        h("p", "al-line-of", where),
        h("p", {}, withMarks(sentenceWith(text, terms), terms)),
      );
    };

    const box = h("input", {
      id,
      type: "search",
      ...PRIVATE,
      autocapitalize: "off",
      enterkeyhint: "search",
      oninput: () => {
        window.clearTimeout(timer);
        if (!index) tell(say("page.search_getting_ready"));
        timer = window.setTimeout(show, PATIENCE);
      },
      onkeydown: ({ keyCode }) => {
        if (keyCode !== 13) return; // Enter, and none that ends a word which a keyboard puts together, as in my-words.js
        show();
        if (!list.hidden) list.focus(); // which also puts a phone's keyboard away
      },
    });
    home.append(h("div", { role: "search" }, h("label", { for: id }, say("page.search")), box), line, list);
    const forget = () => {
      box.value = "";
      empty();
      tell("");
    };
    window.addEventListener("pagehide", forget);
    sitting.listen((what) => what === "all" && forget());
  });
}

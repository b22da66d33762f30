// An answer in words: for "my words", for the plan, for the file and for print. And words as they are kept.

import { isKept, isOf, isRecord, textsIn, without } from "./answers.js";
import { readerOf } from "./kinds.js";

/**
 * @typedef {import("./answers.js").Word} Word
 * @typedef {import("./answers.js").Shown} Shown
 * @typedef {import("./kinds.js").Reader} Reader
 */

// JupyterLab evaluates this text once for each activity; they all share one list of questions.
const QUESTIONS = Symbol.for("alongside.questions");
const everywhere = /** @type {any} */ (globalThis);
/** @type {Map<string, {kind: string, props: any}>} */
const questions = everywhere[QUESTIONS] || (everywhere[QUESTIONS] = new Map());

/**
 * From now on this question is at hand: its answers are read in its own words.
 * @param {string} key
 * @param {string} kind
 * @param {any} props
 */
export const putAtHand = (key, kind, props) => questions.set(key, { kind, props });

/**
 * The question of a key, {kind, props}, where it stands on this page.
 * @param {string} key
 */
export const atHand = (key) => questions.get(key);

/**
 * What ids say: text(list, id), by the question's words of today, else by those of then, else the id itself.
 * @param {Reader | undefined} reader
 * @param {any} props
 * @param {Shown | undefined} shown
 * @returns {import("./kinds.js").Text}
 */
const wording = (reader, props, shown) => {
  const today = reader ? reader.texts(props || {}) : {};
  return (list, id) => {
    const found = (today[list] || []).find(([one]) => one === id);
    if (found) return found[1];
    const then = isRecord(shown) && isRecord(shown[list]) ? shown[list][id] : undefined;
    return typeof then === "string" ? then : String(id);
  };
};

/** @param {any} answer */
const readerFor = (answer) => (answer.v === 2 || answer.kind === "old" ? readerOf(answer.kind) : undefined);

/**
 * The parts of an answer that this page doesn't know: they are carried along and shown.
 * @param {any} answer
 * @param {Reader | undefined} reader
 */
const unknownParts = (answer, reader) => without(answer, ["kind", "v", ...(reader ? reader.parts : [])]);

/**
 * What can be read from an answer whose form is not known: each of its texts, in words where they are known.
 * @param {any} parts
 * @param {Shown | undefined} shown
 */
const anyWords = (parts, shown) => {
  const lists = isRecord(shown) ? Object.values(shown).filter(isRecord) : [];
  return textsIn(parts).map((text) => {
    const list = lists.find((one) => typeof one[text] === "string");
    return list ? list[text] : text;
  });
};

/**
 * What one id of an answer says, in the question's words of today, or in those of then.
 * @param {string} kind
 * @param {any} props
 * @param {Word | undefined} word
 * @param {string} list
 * @param {string} id
 */
export const wordsOfId = (kind, props, word, list, id) => wording(readerOf(kind), props, word ? word.shown : undefined)(list, id);

/**
 * The lines in which what is kept under a key is read.
 * @param {string} key
 * @param {Word} word
 */
export const lines = (key, { answer, shown }) => {
  if (!isKept(answer)) return [];
  const question = atHand(key);
  const reader = readerFor(answer);
  const props = question && question.kind === answer.kind ? question.props : null;
  const known = reader ? reader.words(answer, wording(reader, props, shown)) : [];
  if (known.length === 0) return anyWords(without(answer, ["kind", "v"]), shown);
  return [...known, ...anyWords(unknownParts(answer, reader), shown)];
};

/**
 * A word to keep: {prompt, answer, shown}, from an answer's parts. Parts of the answer `before` it that this page
 * doesn't know go along. null for parts: nothing is left of it.
 * @param {string} kind
 * @param {any} props
 * @param {string} prompt
 * @param {any} parts
 * @param {Word | undefined} before
 * @returns {Word | null}
 */
export const keptWord = (kind, props, prompt, parts, before) => {
  const reader = /** @type {Reader} */ (readerOf(kind));
  const same = before && isOf(kind, before) ? before : undefined;
  const unknown = same ? unknownParts(same.answer, reader) : {};
  if (parts === null && Object.keys(unknown).length === 0) return null;
  const answer = { kind, v: 2, ...parts, ...unknown };
  const text = wording(reader, props, same && same.shown);
  const shown = same ? lastWords(unknown, same.shown) : {};
  reader.words(answer, (list, id) => {
    const words = text(list, id);
    if (words !== id) shown[list] = { ...shown[list], [id]: words };
    return words;
  });
  return Object.keys(shown).length === 0 ? { prompt, answer } : { prompt, answer, shown };
};

/**
 * Of what ids once said, all: where parts go along unread, nobody knows which of it they need.
 * @type {(unknown: object, shown: Shown | undefined) => Shown}
 */
const lastWords = (unknown, shown) => (Object.keys(unknown).length > 0 && isRecord(shown) ? { ...shown } : {});

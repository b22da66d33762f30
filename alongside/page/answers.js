// What an answer may be.
//
// A kept word is {prompt, answer, shown}. The answer is {kind: "rank", v: 2, ...}: ids and what the learner wrote,
// never words of the question, so that these can change, or be in another language, and the answer stays. An answer of
// null says "skipped". `shown` is {list: {id: text}}: what the ids of this answer said when it was given. It is read
// where the question isn't on the page ("my words" in another lesson, the plan, the file); where it is, the
// question's own words of today are.

/**
 * @typedef {Record<string, Record<string, string>>} Shown {list: {id: text}}
 * @typedef {{prompt: string, answer: any, shown?: Shown}} Word answer: {kind, v, ...} or null
 */

/**
 * A name that every object has, such as "constructor", could be mistaken for one of ours.
 * @param {string} name
 */
const isTaken = (name) => name in Object.prototype;

/**
 * A key of an answer: small letters, digits and single hyphens.
 * @param {string} key
 */
export function isKey(key) {
  return key.length <= 90 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key) && !isTaken(key);
}

/**
 * True for a text, a number, or lists and objects of those, at most `depth` deep and not more than sense.
 * @param {any} value
 * @param {number} depth
 * @returns {boolean}
 */
export function isAnswer(value, depth) {
  if (typeof value === "string") return true; // a person may write much, and must get it back
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object" || depth < 1) return false;
  const names = Object.keys(value);
  return names.length <= 100 && names.every((name) => !isTaken(name) && isAnswer(value[name], depth - 1));
}

/** @type {(value: any) => value is Record<string, any>} */
export const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * True for {kind, v, ...}, also of a kind or a version that this page doesn't know.
 * @param {any} answer
 */
export const isKept = (answer) =>
  isRecord(answer) &&
  typeof answer.kind === "string" &&
  /^[a-z][a-z0-9_-]{0,40}$/.test(answer.kind) &&
  Number.isInteger(answer.v) &&
  isAnswer(answer, 6);

/**
 * True for {list: {id: text}}.
 * @param {any} shown
 */
export const isShown = (shown) =>
  isRecord(shown) &&
  isAnswer(shown, 2) &&
  Object.values(shown).every((/** @type {any} */ list) => isRecord(list) && Object.values(list).every((text) => typeof text === "string"));

/**
 * True where the answer is of this kind, in the form that these pages write.
 * @param {string} kind
 * @param {Word | undefined} word
 */
export const isOf = (kind, word) => word !== undefined && word.answer !== null && word.answer.kind === kind && word.answer.v === 2;

// A file may hold any thing at any place. These take what is there and can be used.

/** @param {any} value */
export const textOf = (value) => (typeof value === "string" ? value : "");
/** @type {(value: any) => any[]} */
export const listOf = (value) => (Array.isArray(value) ? value : []);
/** @type {(value: any) => string[]} */
export const idsOf = (value) => [...new Set(listOf(value).filter((one) => typeof one === "string"))];
/** @param {any} value */
export const recordsOf = (value) => listOf(value).filter(isRecord);
/**
 * [[id, text], ...], as they stand.
 * @type {(value: any) => [string, string][]}
 */
export const pairsOf = (value) =>
  listOf(value).filter((one) => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string"));
/**
 * @param {Record<string, any>} record
 * @param {string[]} names
 */
export const without = (record, names) => Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/**
 * Every text and number in a value, as texts, in its order.
 * @param {any} value
 * @returns {string[]}
 */
export function textsIn(value) {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

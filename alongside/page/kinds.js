// Every kind of activity by its name. A kind's file has two halves: how an answer is read, which every page has, and
// how it is given, which only those pages bring along on which the kind stands.

/**
 * @typedef {(list: string, id: string) => string} Text what an id of a list says
 * @typedef {Record<string, string[][]>} Texts {list: [[id, text], ...]}
 * @typedef {object} Reader
 * @property {string[]} parts
 * @property {(props: any) => Texts} texts
 * @property {(answer: any, text: Text) => string[]} words
 * @property {(answer: any, places: Map<string, string>) => any} [moved]
 *
 * @typedef {object} Kind
 * @property {(old: any, ids: any, texts: any, props: any) => any} [upgrade]
 * @property {boolean} [private]
 * @property {boolean} [skip]
 * @property {boolean} [watches]
 * @property {(tools: any) => void | ((kept: any) => void)} build
 */

/** @type {Map<string, Reader>} */
const READERS = new Map();
/** @type {Map<string, Kind>} */
const KINDS = new Map();

/**
 * The upper half of a kind's file: {parts, texts(props), words(answer, text)}.
 *
 * `parts` names the answer's own parts. `texts(props)` gives {list: [[id, text], ...]}, what the question's ids say;
 * props may be {}. `words(answer, text)` gives the lines in which an answer is read; it asks text(list, id) for
 * every id. `moved(answer, places)`, where an answer names other answers: the answer with their new keys.
 * @param {string} name
 * @param {Reader} reader
 */
export const registerWords = (name, reader) => READERS.set(name, reader);

/**
 * The lower half: {private, skip, watches, build(tools)}; frame.js says what the tools are. Kinds that version 1 had
 * have upgrade(old, {idOf, shown}, texts, props) as well: the parts of today's answer, or undefined where the old one
 * can't be of this kind. idOf(list, words) gives the id that says these words.
 * @param {string} name
 * @param {Kind} kind
 */
export const register = (name, kind) => KINDS.set(name, kind);

/** @param {string} name */
export const kindOf = (name) => KINDS.get(name);

/** @param {string} name */
export const readerOf = (name) => READERS.get(name);

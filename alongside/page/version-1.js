// Words as version 1 kept them, in files and in tabs that are still open. They had no kind, and held the words of the
// question itself. Where the question is on the page they are brought to today's form; elsewhere they are carried along
// as {kind: "old", v: 1, answer}, and read as they were. Each kind's file says how, in upgrade().

import { isKept, isRecord, textOf } from "./answers.js";
import { kindOf, readerOf, registerWords } from "./kinds.js";
import { keptWord } from "./reading.js";
import { say, withLabel } from "./words.js";

/**
 * @typedef {import("./answers.js").Word} Word
 * @typedef {import("./answers.js").Shown} Shown
 * @typedef {{idOf: (list: string, part: any) => string, shown: Shown}} Ids
 */

/** @param {string[]} texts */
const list = (texts) => texts.join(say("activities.between_texts"));

/** Names that version 1 gave to parts of an answer: its own words, in English. No page shows them. */
export const FORMER = {
  mine: "In my order",
  unnamed: "Another one",
  remembered: "One that I remember",
  stands: "How it stands",
  says: "What I want to say about it",
  states: { Kept: "kept", Changed: "changed", "Told people": "told", "Not yet": "not-yet" },
  answers: { Yes: "yes", "Maybe, it depends on …": "maybe", "Not this time": "not-this-time" },
};

/**
 * Any part of an answer as one text.
 * @type {(part: any) => string}
 */
export const inWords = (part) => (typeof part === "string" ? part : list(oldLines(part)));

/**
 * A row's name as it was typed. A star was put behind it where it stood already, or where every object has it.
 * @param {string} name
 * @param {object} old
 */
export const plainName = (name, old) => {
  const plain = name.replace(/( \*)+$/, "");
  return plain in Object.prototype || plain in old ? plain : name;
};

/**
 * @param {any} answer
 * @returns {string[]}
 */
const oldLines = (answer) => {
  if (typeof answer === "string") return answer.split("\n");
  if (typeof answer === "number") return [String(answer)];
  if (Array.isArray(answer)) return answer.map(inWords);
  if (!isRecord(answer)) return [];
  if (Array.isArray(answer.said)) return answer.said.map(inWords);
  return Object.entries(answer).map(([name, part]) =>
    withLabel(plainName(name, answer), inWords(part)),
  );
};

registerWords("old", { parts: ["answer"], texts: () => ({}), words: ({ answer }) => oldLines(answer) });

/**
 * Gives ids to words: the question's own where the words are the same, else one that was none of its.
 * @param {import("./kinds.js").Texts} texts
 * @returns {Ids}
 */
const idsFor = (texts) => {
  /** @type {Shown} */
  const shown = {};
  /** @type {Ids["idOf"]} */
  const idOf = (name, part) => {
    const words = inWords(part);
    const known = (texts[name] || []).find(([, text]) => text === words);
    if (known) return known[0];
    const here = shown[name] || (shown[name] = {});
    const again = Object.keys(here).find((id) => here[id] === words);
    if (again) return again;
    const id = "was-" + (Object.keys(here).length + 1);
    here[id] = words;
    return id;
  };
  return { idOf, shown };
};

/** @type {(old: any) => [string, any][]} */
export const entriesOf = (old) => (isRecord(old) ? Object.entries(old) : []);

/** @param {any} old */
const isPromise = (old) => isRecord(old) && (typeof old.what === "string" || typeof old.answer === "string");
/** @param {any} old */
const isOther = (old) => isPromise(old) || typeof old.step === "number" || Array.isArray(old.path) || Array.isArray(old.said);

/**
 * True for {name: things}, which is how most kinds were kept, and for nothing of the others.
 * @param {any} old
 */
export const isGrouped = (old) => isRecord(old) && Object.keys(old).length > 0 && !isOther(old);

/**
 * Two kinds need no question to be known: they are brought to today's form wherever they are met.
 * @type {Record<string, (old: any, ids: Ids) => any>}
 */
const KNOWN = {
  promise(old, { idOf }) {
    if (!isPromise(old)) return undefined;
    /** @type {Record<string, string>} */
    const answers = FORMER.answers;
    /** @param {[string, any]} entry */
    const part = ([name, words]) => [name, name === "answer" ? textOf(answers[words]) || idOf("answers", words) : inWords(words)];
    return Object.fromEntries(entriesOf(old).map(part));
  },
  rate(old, { shown }) {
    if (!isRecord(old) || typeof old.step !== "number") return undefined;
    for (const end of ["low", "high"]) {
      if (old[end] !== undefined) shown.ends = { ...shown.ends, [end]: inWords(old[end]) };
    }
    return { step: old.step };
  },
};

/**
 * @param {string} kind
 * @param {any} props
 * @param {Word} word
 */
const upgradedAs = (kind, props, { prompt, answer }) => {
  const { upgrade } = KNOWN[kind] ? { upgrade: KNOWN[kind] } : kindOf(kind) || {};
  const reader = readerOf(kind);
  if (!upgrade || !reader) return null;
  const texts = reader.texts(props);
  const ids = idsFor(texts);
  const parts = upgrade(answer.answer, ids, texts, props);
  return parts ? keptWord(kind, props, prompt, parts, { prompt, answer: { kind, v: 2 }, shown: ids.shown }) : null;
};

/**
 * Today's form of an old word whose question is at hand; null where it is none, or can't be one of this kind.
 * @param {string} kind
 * @param {any} props
 * @param {Word} word
 */
export const upgraded = (kind, props, word) =>
  word.answer !== null && word.answer.kind === "old" ? upgradedAs(kind, props, word) : null;

/**
 * A word of any version as today's pages carry it.
 * @param {Word} word
 * @param {number} [version] of the file that it was in
 * @returns {Word}
 */
export const carried = (word, version) => {
  if (word.answer === null || (version !== 1 && isKept(word.answer))) return word;
  const old = { prompt: word.prompt, answer: { kind: "old", v: 1, answer: word.answer } };
  return upgradedAs("promise", {}, old) || upgradedAs("rate", {}, old) || old;
};

// Taking words home and bringing them back: one HTML page that any browser reads, plain or locked.

import { h } from "./dom.js";
import { isAnswer, isKept, isKey, isRecord, isShown } from "./answers.js";
import { readerOf } from "./kinds.js";
import { atHand, lines } from "./reading.js";
import { carried, upgraded } from "./version-1.js";
import { say, tongue } from "./words.js";

const VERSION = 2;
const BLOCK = "alongside-words";
const LARGEST = 8 * 1024 * 1024; // bytes; a whole course of words is some tens of kilobytes
const LONGEST_PROMPT = 1000;
const LASTS = 60000; // milliseconds: a phone asks first whether to save, and takes the file only after that
const ROUNDS = 600000; // OWASP's figure of 2023 for PBKDF2 with SHA-256

const NO_LETTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g; // no page may hold these

const escape = (text) =>
  text
    .replace(NO_LETTERS, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");

/** Hand a text to the browser as a download. */
export const download = (name, type, text) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), LASTS);
};

const hex = (letter) => "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");

/** Data as JSON that holds no "<", so that no value can end the block that it stands in. */
const inert = (data) => JSON.stringify(data).replace(/</g, hex).replace(NO_LETTERS, hex);

// A person's lines stay lines, and a long address fits a phone. No style does that: the file's policy allows none. What
// makes one sign together stays together: vowels and tones on their letter, flags, families.
const fitting = (text) => text.split(/((?:\p{RI}{2}|\S(?:[\p{M}\p{EMod}]|\u200d\S)*){16})/u).map(escape).join("<wbr>");
const paragraphs = (text) => text.split("\n").map((line) => '<p dir="auto" translate="no">' + fitting(line) + "</p>");

const page = (inside, data) =>
  [
    "<!doctype html>",
    '<html lang="' + tongue() + '" translate="no"><head><meta charset="utf-8"><title>' + escape(say("page.notes")) + "</title>",
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"></head><body><main>",
    "<h1>" + escape(say("page.notes")) + "</h1>",
    inside,
    "</main>",
    '<script type="application/json" id="' + BLOCK + '">' + inert(data) + "<\/script>",
    "</body></html>",
    "",
  ].join("\n");

/** The file of all words: entries are [[key, word], ...]. */
export const plainFile = (entries) => {
  const read = entries.map(
    ([key, word]) =>
      "<h2>" + escape(word.prompt) + "</h2>\n" + lines(key, word).flatMap(paragraphs).join("\n"),
  );
  return page(read.join("\n"), { alongside: VERSION, words: Object.fromEntries(entries) });
};

/** The same words as a text, for a place that takes no file. */
export const plainText = (entries) =>
  entries.map(([key, word]) => [word.prompt, ...lines(key, word)].join("\n")).join("\n\n");

/** True where a file is small enough to be brought back again. */
export const fits = (text) => new Blob([text]).size <= LARGEST;

export const canLock = () => Boolean(globalThis.crypto && crypto.subtle);

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

const trimmed = (passphrase) => passphrase.trim().replace(/\s+/g, " ");

/**
 * A passphrase without what a phone's keyboard puts behind and between words by itself, and with each sign in one form:
 * in a box that shows dots, nobody sees that 2 was written as wide as a Chinese or Japanese sign.
 */
export const tidied = (passphrase) => trimmed(passphrase.normalize("NFKC"));

const keyFrom = async (passphrase, salt, rounds, use) => {
  // One accented letter can be written in two ways, and keyboards differ in which they send.
  const letters = new TextEncoder().encode(passphrase.normalize("NFC"));
  const raw = await crypto.subtle.importKey("raw", letters, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, [use]);
};

/** The same file, locked with a passphrase (PBKDF2 and AES-GCM, as the browser has them built in). */
export const lockedFile = async (entries, passphrase) => {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyFrom(passphrase, salt, ROUNDS, "encrypt");
  const clear = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear));
  let data = "";
  for (let at = 0; at < sealed.length; at += 8192) data += String.fromCharCode(...sealed.subarray(at, at + 8192));
  return page(
    "<p>" + escape(say("page.locked_notes")) + "</p>",
    { alongside: VERSION, locked: { salt: text64(salt), iv: text64(iv), rounds: ROUNDS, data: btoa(data) } },
  );
};

/** Why a file can't be used, in words for the person who brought it. */
export class Refused extends Error {}

const refuse = (why) => {
  throw new Refused(say("page.nothing_changed", { why }));
};

/** The text of the block of data in a page. Not by DOMParser: two megabytes of "<div>" held it up for minutes. */
const block = (text) => {
  for (const tag of text.matchAll(/<script\b([^<>]{0,200})>/gi)) {
    if (!/\bid\s*=\s*["']?alongside-words["']?(?![^\s])/i.test(tag[1])) continue;
    const start = tag.index + tag[0].length;
    const end = text.slice(start).search(/<\/script/i);
    return end < 0 ? "" : text.slice(start, start + end);
  }
  return "";
};

/** What a chosen file holds: {words: [[key, word]], leftOut}, or {locked}. Throws Refused. */
export const readFile = async (file) => {
  if (file.size > LARGEST) refuse(say("page.refused_large"));
  const text = await file.text().catch(() => refuse(say("page.refused_gone")));
  let data = null;
  try {
    data = JSON.parse(block(text));
  } catch (damaged) {
    refuse(say("page.refused_foreign"));
  }
  if (!isRecord(data) || typeof data.alongside !== "number") refuse(say("page.refused_foreign"));
  if (data.alongside > VERSION) refuse(say("page.refused_newer"));
  if (data.alongside !== 1 && data.alongside !== VERSION) refuse(say("page.refused_foreign"));
  if (data.locked !== undefined) {
    const locked = checkedLock(data.locked);
    return canLock() ? { locked: { ...locked, version: data.alongside } } : refuse(say("page.refused_insecure"));
  }
  return checked(data.words, data.alongside);
};

/** Open a locked file's content with its passphrase: {words, leftOut}. Throws Refused. */
export const unlock = async (locked, passphrase) => {
  // With less put in order, too: a file that was saved before may be locked so.
  for (const phrase of new Set([tidied(passphrase), trimmed(passphrase), passphrase])) {
    let words = null;
    try {
      const key = await keyFrom(phrase, locked.salt, locked.rounds, "decrypt");
      const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: locked.iv }, key, locked.data);
      words = JSON.parse(new TextDecoder().decode(clear));
    } catch (wrong) {
      continue;
    }
    return checked(words, locked.version);
  }
  refuse(say("page.refused_phrase"));
};

/** The parts of a lock as bytes. Where one does not fit, no passphrase is asked for. */
const checkedLock = (locked) => {
  try {
    const { rounds } = locked;
    const [salt, iv, data] = [locked.salt, locked.iv, locked.data].map(bytes);
    const sizes = salt.length === 16 && iv.length === 12 && data.length > 16;
    if (sizes && Number.isInteger(rounds) && rounds >= 1 && rounds <= 10 * ROUNDS) return { salt, iv, rounds, data };
  } catch (damaged) {
    // refused below
  }
  return refuse(say("page.refused_foreign"));
};

/** The words that can be read, and how many can't. A file of nothing but such is none of ours. */
const checked = (words, version) => {
  if (!isRecord(words)) refuse(say("page.refused_foreign"));
  const entries = Object.entries(words);
  if (entries.length > 1000) refuse(say("page.refused_foreign"));
  const good = entries.map(([key, word]) => [key, checkedWord(key, word, version)]).filter(([, word]) => word !== null);
  if (!good.length && entries.length) refuse(say("page.refused_foreign"));
  return { words: good, leftOut: entries.length - good.length };
};

const checkedWord = (key, word, version) => {
  if (!isKey(key) || !isRecord(word)) return null;
  const { prompt, answer, shown } = word;
  if (typeof prompt !== "string" || prompt.length > LONGEST_PROMPT) return null;
  if (version === 1 || !isKept(answer)) return isAnswer(answer, 3) ? carried({ prompt, answer }, 1) : null;
  return isShown(shown) ? { prompt, answer, shown } : { prompt, answer };
};

/** In today's form, where the question is at hand. One that names other words has to wait until these are here. */
const current = (key, word) => {
  const question = atHand(key);
  const waits = question && readerOf(question.kind) && readerOf(question.kind).moved;
  return (question && !waits && upgraded(question.kind, question.props, word)) || word;
};

/** True where two words under one key say the same, perhaps one of them in the form of version 1. */
const isSame = (key, one, other) =>
  JSON.stringify(one.answer) === JSON.stringify(other.answer) ||
  JSON.stringify(lines(key, one)) === JSON.stringify(lines(key, other));

/**
 * Bring words into a sitting without losing what is there: where both have an answer under one key and they
 * differ, the page keeps its own, and the file's stands beside it under a key of its own.
 * Gives false, and changes nothing, where the browser had no room for all of them.
 */
export const bringIn = (sitting, entries) => {
  const here = new Map(sitting.all());
  const places = new Map(); // where a word of the file now stands
  const naming = ({ answer }) => readerOf(answer.kind) && readerOf(answer.kind).moved;
  const put = (key, word) => {
    let place = key;
    for (let number = 1; here.has(place) && !isSame(key, here.get(place), word); number += 1) place = placeBeside(key, number);
    places.set(key, place);
    if (here.has(place)) return []; // these words are here already
    const fresh = { ...word, prompt: place === key ? word.prompt : marked(word.prompt) };
    here.set(place, fresh);
    return [[place, fresh]];
  };
  const brought = entries.map(([key, word]) => [key, current(key, word)]);
  // Words that name others come after those, so that they name them by the places that these were given.
  const first = new Map(brought.filter(([, word]) => !naming(word)).map(([key, word]) => [key, put(key, word)]));
  const fresh = brought.flatMap(([key, word]) => {
    const moved = naming(word);
    return moved ? put(key, { ...word, answer: moved(word.answer, places) }) : first.get(key);
  });
  return !fresh.length || sitting.keepAll(fresh);
};

/** A key next to another one: "a-key-from-file", then "a-key-from-file-2" and so on. */
export const placeBeside = (key, number) => {
  const base = key.replace(/-from-file(-\d+)?$/, "").slice(0, 70).replace(/-$/, "");
  return base + "-from-file" + (number === 1 ? "" : "-" + number);
};

const marked = (prompt) => {
  const from = say("page.from_file", { prompt: "" });
  if (prompt.endsWith(from)) return prompt;
  return say("page.from_file", { prompt: prompt.slice(0, LONGEST_PROMPT - from.length) });
};

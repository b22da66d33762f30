// Taking words home and bringing them back: one HTML page that any browser reads, plain or locked.

import { h } from "./dom.js";
import { isAnswer, isKey, lines } from "./say.js";

const VERSION = 1;
const BLOCK = "alongside-words";
const LARGEST = 8 * 1024 * 1024; // bytes; a whole course of words is some tens of kilobytes
const LONGEST_PROMPT = 1000;
const FROM_FILE = " (from your file)";
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
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const hex = (letter) => "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");

/** Data as JSON that holds no "<", so that no value can end the block that it stands in. */
const inert = (data) => JSON.stringify(data).replace(/</g, hex).replace(NO_LETTERS, hex);

const page = (inside, data) =>
  [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><title>Notes</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"></head><body><main>",
    "<h1>Notes</h1>",
    inside,
    "</main>",
    '<script type="application/json" id="' + BLOCK + '">' + inert(data) + "<\/script>",
    "</body></html>",
    "",
  ].join("\n");

/** The file of all words: entries are [[key, {prompt, answer}], ...]. */
export function plainFile(entries) {
  const read = entries.map(
    ([, { prompt, answer }]) =>
      "<h2>" + escape(prompt) + "</h2>\n" + lines(answer).map((line) => '<p dir="auto">' + escape(line) + "</p>").join("\n"),
  );
  return page(read.join("\n"), { alongside: VERSION, words: Object.fromEntries(entries) });
}

/** True where a file is small enough to be brought back again. */
export const fits = (text) => new Blob([text]).size <= LARGEST;

export const canLock = () => Boolean(globalThis.crypto && crypto.subtle);

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

async function keyFrom(passphrase, salt, rounds, use) {
  // One accented letter can be written in two ways, and keyboards differ in which they send.
  const letters = new TextEncoder().encode(passphrase.normalize("NFC"));
  const raw = await crypto.subtle.importKey("raw", letters, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** The same file, locked with a passphrase (PBKDF2 and AES-GCM, as the browser has them built in). */
export async function lockedFile(entries, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyFrom(passphrase, salt, ROUNDS, "encrypt");
  const clear = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear));
  let data = "";
  for (let at = 0; at < sealed.length; at += 8192) data += String.fromCharCode(...sealed.subarray(at, at + 8192));
  return page(
    "<p>These notes are locked. To read them, bring this file back on the page where they were written, with the passphrase. Without it nobody can open them.</p>",
    { alongside: VERSION, locked: { salt: text64(salt), iv: text64(iv), rounds: ROUNDS, data: btoa(data) } },
  );
}

/** Why a file can't be used, in words for the person who brought it. */
export class Refused extends Error {}

const REFUSALS = {
  large: "That file is too large to be one of these. Choose the file that you saved here. Nothing was changed.",
  foreign: "That file was not saved by these pages, or it is damaged. Choose the file that you saved here. Nothing was changed.",
  newer: "That file was saved by a newer version of these pages. Open it with that version. Nothing was changed.",
  gone: "The browser could not read that file. Choose it again. Nothing was changed.",
  phrase: "The passphrase does not open this file, or the file is damaged. Try it again. Nothing was changed.",
  insecure: "This page can't open a locked file, because the browser allows it only at a secure address. Nothing was changed.",
};

const refuse = (why) => {
  throw new Refused(REFUSALS[why]);
};

/** The text of the block of data in a page. Not by DOMParser: two megabytes of "<div>" held it up for minutes. */
function block(text) {
  for (const tag of text.matchAll(/<script\b([^<>]{0,200})>/gi)) {
    if (!/\bid\s*=\s*["']?alongside-words["']?(?![^\s])/i.test(tag[1])) continue;
    const start = tag.index + tag[0].length;
    const end = text.slice(start).search(/<\/script/i);
    return end < 0 ? "" : text.slice(start, start + end);
  }
  return "";
}

/** What a chosen file holds: {words: [[key, {prompt, answer}]]} or {locked}. Throws Refused. */
export async function readFile(file) {
  if (file.size > LARGEST) refuse("large");
  const text = await file.text().catch(() => refuse("gone"));
  let data = null;
  try {
    data = JSON.parse(block(text));
  } catch (damaged) {
    refuse("foreign");
  }
  if (data === null || typeof data !== "object" || typeof data.alongside !== "number") refuse("foreign");
  if (data.alongside > VERSION) refuse("newer");
  if (data.alongside !== VERSION) refuse("foreign");
  if (data.locked !== undefined) {
    const locked = checkedLock(data.locked);
    return canLock() ? { locked } : refuse("insecure");
  }
  return { words: checked(data.words) };
}

/** Open a locked file's content with its passphrase. Throws Refused. */
export async function unlock(locked, passphrase) {
  let words = null;
  try {
    const key = await keyFrom(passphrase, locked.salt, locked.rounds, "decrypt");
    const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: locked.iv }, key, locked.data);
    words = JSON.parse(new TextDecoder().decode(clear));
  } catch (wrong) {
    refuse("phrase");
  }
  return checked(words);
}

/** The parts of a lock as bytes. Where one does not fit, no passphrase is asked for. */
function checkedLock(locked) {
  try {
    const { rounds } = locked;
    const [salt, iv, data] = [locked.salt, locked.iv, locked.data].map(bytes);
    const sizes = salt.length === 16 && iv.length === 12 && data.length > 16;
    if (sizes && Number.isInteger(rounds) && rounds >= 1 && rounds <= 10 * ROUNDS) return { salt, iv, rounds, data };
  } catch (damaged) {
    // refused below
  }
  return refuse("foreign");
}

function checked(words) {
  if (words === null || typeof words !== "object" || Array.isArray(words)) refuse("foreign");
  const entries = Object.entries(words);
  const isWord = ([key, word]) =>
    isKey(key) &&
    word !== null &&
    typeof word === "object" &&
    typeof word.prompt === "string" &&
    word.prompt.length <= LONGEST_PROMPT &&
    isAnswer(word.answer);
  if (entries.length > 1000 || !entries.every(isWord)) refuse("foreign");
  return entries.map(([key, { prompt, answer }]) => [key, { prompt, answer }]);
}

/**
 * Bring words into a sitting without losing what is there: where both have an answer under one key and they
 * differ, the page keeps its own, and the file's stands beside it under a key of its own.
 * Gives false, and changes nothing, where the browser had no room for all of them.
 */
export function bringIn(sitting, entries) {
  const here = new Map(sitting.all().map(([key, { answer }]) => [key, JSON.stringify(answer)]));
  const fresh = [];
  for (const [key, { prompt, answer }] of entries) {
    const text = JSON.stringify(answer);
    let place = key;
    for (let number = 1; here.has(place) && here.get(place) !== text; number += 1) place = placeBeside(key, number);
    if (here.has(place)) continue; // these words are here already
    here.set(place, text);
    fresh.push([place, { prompt: place === key ? prompt : marked(prompt), answer }]);
  }
  return fresh.length === 0 || sitting.keepAll(fresh);
}

/** A key next to another one: "a-key-from-file", then "a-key-from-file-2" and so on. */
function placeBeside(key, number) {
  const base = key.replace(/-from-file(-\d+)?$/, "").slice(0, 70).replace(/-$/, "");
  return base + "-from-file" + (number === 1 ? "" : "-" + number);
}

const marked = (prompt) =>
  prompt.endsWith(FROM_FILE) ? prompt : prompt.slice(0, LONGEST_PROMPT - FROM_FILE.length) + FROM_FILE;

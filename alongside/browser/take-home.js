// Taking words home and bringing them back: one HTML page that any browser reads, plain or locked.

import { h } from "./dom.js";
import { isAnswer, isKey, lines } from "./say.js";

const VERSION = 1;
const BLOCK = "alongside-words";
const LARGEST = 2 * 1024 * 1024; // bytes; a whole course of words is some tens of kilobytes
const ROUNDS = 600000; // OWASP's figure of 2023 for PBKDF2 with SHA-256

const escape = (text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** Hand a text to the browser as a download. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const page = (inside, data) =>
  [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><title>Notes</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"></head><body><main>",
    "<h1>Notes</h1>",
    inside,
    "</main>",
    // JSON holds no "<" after this, so no value can end the block.
    '<script type="application/json" id="' + BLOCK + '">' + JSON.stringify(data).replace(/</g, "\\u003c") + "<\/script>",
    "</body></html>",
    "",
  ].join("\n");

/** The file of all words: entries are [[key, {prompt, answer}], ...]. */
export function plainFile(entries) {
  const read = entries.map(
    ([, { prompt, answer }]) =>
      "<h2>" + escape(prompt) + "</h2>\n" + lines(answer).map((line) => "<p>" + escape(line) + "</p>").join("\n"),
  );
  return page(read.join("\n"), { alongside: VERSION, words: Object.fromEntries(entries) });
}

export const canLock = () => Boolean(globalThis.crypto && crypto.subtle);

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

async function keyFrom(passphrase, salt, rounds, use) {
  const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
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
  phrase: "The passphrase does not open this file. Try it again. Nothing was changed.",
  insecure: "This page can't open a locked file, because the browser allows it only at a secure address. Nothing was changed.",
};

const refuse = (why) => {
  throw new Refused(REFUSALS[why]);
};

/** What a chosen file holds: {words: [[key, {prompt, answer}]]} or {locked}. Throws Refused. */
export async function readFile(file) {
  if (file.size > LARGEST) refuse("large");
  // A document made by DOMParser runs no script and loads nothing.
  const block = new DOMParser().parseFromString(await file.text(), "text/html").getElementById(BLOCK);
  let data = null;
  try {
    data = JSON.parse(block.textContent);
  } catch (damaged) {
    refuse("foreign");
  }
  if (data === null || typeof data !== "object" || typeof data.alongside !== "number") refuse("foreign");
  if (data.alongside > VERSION) refuse("newer");
  if (data.alongside !== VERSION) refuse("foreign");
  if (data.locked) return { locked: data.locked };
  return { words: checked(data.words) };
}

/** Open a locked file's content with its passphrase. Throws Refused. */
export async function unlock(locked, passphrase) {
  if (!canLock()) refuse("insecure");
  if (!(locked.rounds >= 1 && locked.rounds <= 10 * ROUNDS)) refuse("foreign");
  let words = null;
  try {
    const key = await keyFrom(passphrase, bytes(locked.salt), locked.rounds, "decrypt");
    const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(locked.iv) }, key, bytes(locked.data));
    words = JSON.parse(new TextDecoder().decode(clear));
  } catch (wrong) {
    refuse("phrase");
  }
  return checked(words);
}

function checked(words) {
  if (words === null || typeof words !== "object" || Array.isArray(words)) refuse("foreign");
  const entries = Object.entries(words);
  const fits = ([key, word]) =>
    isKey(key) &&
    word !== null &&
    typeof word === "object" &&
    typeof word.prompt === "string" &&
    word.prompt.length <= 1000 &&
    isAnswer(word.answer);
  if (entries.length > 1000 || !entries.every(fits)) refuse("foreign");
  return entries.map(([key, { prompt, answer }]) => [key, { prompt, answer }]);
}

/**
 * Bring words into a sitting without losing what is there: where both have an answer under one key and they
 * differ, the page keeps its own, and the file's stands beside it under a key of its own.
 * Gives false where the browser had no room for all of them.
 */
export function bringIn(sitting, entries) {
  let room = true;
  for (const [key, { prompt, answer }] of entries) {
    const place = freePlace(sitting, key, answer);
    room = sitting.keep(place, place === key ? prompt : prompt + " (from your file)", answer) && room;
  }
  return room;
}

function freePlace(sitting, key, answer) {
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? key : key.slice(0, 70) + "-from-file" + (number === 2 ? "" : "-" + (number - 1));
    const here = sitting.read(place);
    if (!here || here.answer === null || JSON.stringify(here.answer) === JSON.stringify(answer)) return place;
  }
}

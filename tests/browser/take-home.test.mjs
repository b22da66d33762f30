// Words in a file: what is read back, what is refused, and how a lock holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { given, listed } from "./pages.mjs";
import { lockedFile, plainFile, fits, readFile, Refused, unlock } from "../../alongside/page/take-home.js";

const cases = listed("refused.json");
assert.ok(cases.length > 50);

const WORDS = "quiet otter";
const PASSPHRASE = "four kind otters swim";
const ENTRIES = [
  ["one-card", { prompt: "Which one?", answer: { kind: "ask", v: 2, text: `${WORDS}\n\n<script>alert(1)</script> & "more" \u2028 \ud83e\udda6` } }],
  ["arrive", { prompt: "How often?", answer: { kind: "rate", v: 2, step: 2 }, shown: { ends: { low: "Never", high: "Always" } } }],
  ["piles", { prompt: "Where?", answer: { kind: "sort_cards", v: 2, placed: [["a", "we"]] }, shown: { cards: { a: "A" }, piles: { we: "We decide" } } }],
  ["later", { prompt: "What else?", answer: { kind: "drawing", v: 3, strokes: [[1, 2]] } }],
];
const EVERYTHING = { words: ENTRIES, leftOut: 0 };

const file = (content) => new Blob([content]);
const refusedWith = (sentence) => (error) => error instanceof Refused && error.message.startsWith(sentence);

for (const { name, place, sentence } of cases) {
  test(`refused: ${name}`, async () => {
    await assert.rejects(readFile(file(given(place))), refusedWith(sentence));
  });
}

test("a plain file gives back what went in, and holds nothing that runs", async () => {
  const text = plainFile(ENTRIES);
  assert.deepEqual(await readFile(file(text)), EVERYTHING);
  assert.equal(text.match(/<script/g).length, 1);
  assert.ok(text.includes("&lt;script&gt;alert(1)"));
});

test("a locked file holds no word, and opens by its passphrase alone", async () => {
  const [one, two] = [await lockedFile(ENTRIES, PASSPHRASE), await lockedFile(ENTRIES, PASSPHRASE)];
  for (const secret of [WORDS, "Which one?", "one-card", PASSPHRASE]) assert.ok(!one.includes(secret));
  const { locked } = await readFile(file(one));
  const other = (await readFile(file(two))).locked;
  for (const part of ["salt", "iv", "data"]) assert.notDeepEqual(locked[part], other[part]);
  assert.ok(locked.rounds >= 600000);
  assert.deepEqual(await unlock(locked, PASSPHRASE), EVERYTHING);
  assert.deepEqual(await unlock(locked, PASSPHRASE + " "), EVERYTHING); // as a phone's keyboard sends it
  const phrase = refusedWith("The passphrase does not open this file, or the file is damaged.");
  for (const wrong of ["", "four kind otters swam", PASSPHRASE + ".", PASSPHRASE.toUpperCase()]) {
    await assert.rejects(unlock(locked, wrong), phrase);
  }
  for (const part of ["salt", "iv", "data"]) {
    const changed = locked[part].slice();
    changed[0] ^= 1;
    await assert.rejects(unlock({ ...locked, [part]: changed }, PASSPHRASE), phrase);
  }
});

test("one letter in two spellings is one passphrase", async () => {
  const { locked } = await readFile(file(await lockedFile(ENTRIES, "café crème".normalize("NFC"))));
  assert.deepEqual(await unlock(locked, "café crème".normalize("NFD")), EVERYTHING);
});

test("what was locked is checked like a plain file", async () => {
  const { locked } = await readFile(file(await lockedFile([["constructor", { prompt: "p", answer: "a" }]], PASSPHRASE)));
  await assert.rejects(unlock(locked, PASSPHRASE), refusedWith("That file was not saved by these pages"));
});

test("of a file that holds some words, those are brought back, and the others are counted", async () => {
  const strange = { constructor: ENTRIES[1][1], "no-prompt": { answer: ENTRIES[1][1].answer } };
  const text = plainFile(ENTRIES).replace('"words":{', '"words":{' + JSON.stringify(strange).slice(1, -1) + ",");
  assert.deepEqual(await readFile(file(text)), { words: ENTRIES, leftOut: 2 });
});

test("a file that is too large is refused before it is read", async () => {
  const limit = 8 * 1024 * 1024;
  const large = file(new Uint8Array(limit + 1));
  large.text = () => assert.fail("it was read");
  await assert.rejects(readFile(large), refusedWith("That file is too large to be one of these."));
  await assert.rejects(readFile(file(new Uint8Array(limit))), refusedWith("That file was not saved by these pages"));
  assert.ok(fits("x".repeat(limit)));
  assert.ok(!fits("x".repeat(limit - 1) + "é"));
});

test("a file that can't be read any more is refused kindly", async () => {
  const gone = file("x");
  gone.text = () => Promise.reject(new Error("gone"));
  await assert.rejects(readFile(gone), refusedWith("The browser could not read that file. Choose it again. Nothing was changed."));
});

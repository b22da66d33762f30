// The sitting's keys, and what happens where a file and a tab both have words.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { storage } from "./window.mjs";

const { isKey } = await import("../../alongside/page/say.js");
const { sitting } = await import("../../alongside/page/sitting.js");
const { bringIn } = await import("../../alongside/page/take-home.js");

beforeEach(() => sitting.forget());

const WRONG = ["", "A", "a b", "a_b", "-a", "a-", "a--b", "é", "constructor", "__proto__", "a".repeat(91), "a\n", "<b>"];

test("a key has small letters, digits and single hyphens, and is no name that every object has", () => {
  for (const key of ["a", "0", "one-card-2", "a".repeat(90)]) assert.ok(isKey(key), key);
  for (const key of WRONG) assert.ok(!isKey(key), key);
});

test("the sitting keeps nothing under a wrong key, and says so", () => {
  for (const key of WRONG) {
    assert.equal(sitting.keep(key, "Why?", "words"), false);
    assert.equal(sitting.keepAll([["good", { prompt: "p", answer: "a" }], [key, { prompt: "p", answer: "a" }]]), false);
  }
  assert.deepEqual(sitting.all(), []);
  assert.equal(storage.getItem("alongside.words"), null);
});

test("what is kept is read in the order of answering, without what was skipped", () => {
  sitting.keep("b", "B?", "2");
  sitting.keep("a", "A?", "1");
  sitting.keep("c", "C?", null);
  sitting.keep("b", "B?", "3");
  assert.deepEqual(sitting.all().map(([key, { answer }]) => [key, answer]), [["b", "3"], ["a", "1"]]);
  assert.equal(sitting.read("c").answer, null);
  sitting.forget();
  assert.deepEqual([sitting.all(), sitting.read("c"), storage.getItem("alongside.words")], [[], undefined, null]);
});

test("where a tab and files differ, all words stay, each beside the others", () => {
  const word = (answer) => [["card", { prompt: "Which?", answer }]];
  sitting.keep("card", "Which?", "third");
  assert.ok(bringIn(sitting, word("first")));
  assert.ok(bringIn(sitting, word("second")));
  assert.ok(bringIn(sitting, word("first")));
  assert.deepEqual(sitting.all().map(([key, { prompt, answer }]) => [key, prompt, answer]), [
    ["card", "Which?", "third"],
    ["card-from-file", "Which? (from your file)", "first"],
    ["card-from-file-2", "Which? (from your file)", "second"],
  ]);
  const before = storage.getItem("alongside.words");
  assert.ok(bringIn(sitting, sitting.all()));
  assert.equal(storage.getItem("alongside.words"), before);
});

test("a long key finds a place beside, too", () => {
  const key = "a".repeat(69) + "-" + "b".repeat(20);
  for (const answer of ["one", "two", "three"]) assert.ok(bringIn(sitting, [[key, { prompt: "x".repeat(1000), answer }]]));
  assert.equal(sitting.all().length, 3);
  for (const [kept, { prompt }] of sitting.all()) assert.ok(isKey(kept) && prompt.length <= 1000);
});

test("where there is no room for all of a file, nothing of it is kept", () => {
  sitting.keep("card", "Which?", "here");
  const before = storage.getItem("alongside.words");
  const { setItem } = storage;
  storage.setItem = (name, text) => {
    if (String(text).length > 500) throw new Error("QuotaExceededError");
    setItem(name, text);
  };
  try {
    assert.equal(bringIn(sitting, [["a", { prompt: "p", answer: "1" }], ["b", { prompt: "p", answer: "x".repeat(600) }]]), false);
    assert.deepEqual(sitting.all().map(([key]) => key), ["card"]);
  } finally {
    storage.setItem = setItem;
  }
  assert.equal(storage.getItem("alongside.words"), before);
});

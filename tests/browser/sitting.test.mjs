// The sitting's keys, and what happens where a file and a tab both have words.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./pages.mjs";
import { isKey } from "../../alongside/page/answers.js";
import { sitting } from "../../alongside/page/sitting.js";
import { bringIn } from "../../alongside/page/take-home.js";
import { storage } from "./window.mjs";

beforeEach(() => sitting.forget());

/** A word to keep. */
const word = (text, prompt = "Which?") => ({ prompt, answer: { kind: "ask", v: 2, text } });
const skipped = (prompt) => ({ prompt, answer: null });

const WRONG = ["", "A", "a b", "a_b", "-a", "a-", "a--b", "é", "constructor", "__proto__", "a".repeat(91), "a\n", "<b>"];

test("a key has small letters, digits and single hyphens, and is no name that every object has", () => {
  for (const key of ["a", "0", "one-card-2", "a".repeat(90)]) assert.ok(isKey(key), key);
  for (const key of WRONG) assert.ok(!isKey(key), key);
});

test("the sitting keeps nothing under a wrong key, and says so", () => {
  for (const key of WRONG) {
    assert.equal(sitting.keep(key, word("words")), false);
    assert.equal(sitting.keepAll([["good", word("a")], [key, word("a")]]), false);
  }
  assert.deepEqual(sitting.all(), []);
  assert.equal(storage.getItem("alongside.words"), null);
});

test("what is kept is read in the order of answering, without what was skipped", () => {
  sitting.keep("b", word("2"));
  sitting.keep("a", word("1"));
  sitting.keep("c", skipped("C?"));
  sitting.keep("b", word("3"));
  assert.deepEqual(sitting.all(), [["b", word("3")], ["a", word("1")]]);
  assert.equal(sitting.read("c").answer, null);
  sitting.forget();
  assert.deepEqual([sitting.all(), sitting.read("c"), storage.getItem("alongside.words")], [[], undefined, null]);
});

test("what Skip put away is in no storage, comes back whole, and never after everything was forgotten", () => {
  sitting.keep("card", word("otter"));
  assert.equal(sitting.skip("card", "Which?"), true);
  assert.ok(!storage.getItem("alongside.words").includes("otter"));
  assert.equal(sitting.unskip("card"), true);
  assert.deepEqual(sitting.read("card"), word("otter"));
  sitting.skip("card", "Which?");
  sitting.forget();
  sitting.keep("card", skipped("Which?"));
  assert.equal(sitting.unskip("card"), false);
  assert.equal(sitting.read("card"), undefined);
});

test("where a tab and files differ, all words stay, each beside the others", () => {
  sitting.keep("card", word("third"));
  for (const text of ["first", "second", "first"]) assert.ok(bringIn(sitting, [["card", word(text)]]));
  assert.deepEqual(sitting.all(), [
    ["card", word("third")],
    ["card-from-file", word("first", "Which? (from your file)")],
    ["card-from-file-2", word("second", "Which? (from your file)")],
  ]);
  const before = storage.getItem("alongside.words");
  assert.ok(bringIn(sitting, sitting.all()));
  assert.equal(storage.getItem("alongside.words"), before);
});

test("a long key finds a place beside, too", () => {
  const key = "a".repeat(69) + "-" + "b".repeat(20);
  for (const text of ["one", "two", "three"]) assert.ok(bringIn(sitting, [[key, word(text, "x".repeat(1000))]]));
  assert.equal(sitting.all().length, 3);
  for (const [kept, { prompt }] of sitting.all()) assert.ok(isKey(kept) && prompt.length <= 1000);
});

test("where there is no room for all of a file, nothing of it is kept", () => {
  sitting.keep("card", word("here"));
  const before = storage.getItem("alongside.words");
  const { setItem } = storage;
  storage.setItem = (name, text) => {
    if (String(text).length > 500) throw new Error("QuotaExceededError");
    setItem(name, text);
  };
  try {
    assert.equal(bringIn(sitting, [["a", word("1")], ["b", word("x".repeat(600))]]), false);
    assert.deepEqual(sitting.all().map(([key]) => key), ["card"]);
  } finally {
    storage.setItem = setItem;
  }
  assert.equal(storage.getItem("alongside.words"), before);
});

test("a check-in names its promise by the place that the promise was given", () => {
  const promise = (what) => ({ prompt: "One small step", answer: { kind: "promise", v: 2, answer: "yes", what } });
  sitting.keep("step", promise("here"));
  const rows = [{ promise: "step", state: "kept", text: "" }];
  const check = { prompt: "How do they stand?", answer: { kind: "checkin", v: 2, rows } };
  assert.ok(bringIn(sitting, [["check", check], ["step", promise("from home")]]));
  assert.equal(sitting.read("step-from-file").answer.what, "from home");
  assert.equal(sitting.read("check").answer.rows[0].promise, "step-from-file");
});

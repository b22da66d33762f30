// What version 1 kept, in files and in open tabs: read as before on any page, and brought to today's form where its
// question is at hand. The files and the tabs in tests/kept were made by its pages.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { kept, listed } from "./pages.mjs";
import { isOf } from "../../alongside/page/answers.js";
import { keptWord, lines, putAtHand } from "../../alongside/page/reading.js";
import { sitting } from "../../alongside/page/sitting.js";
import { bringIn, readFile, unlock } from "../../alongside/page/take-home.js";
import { upgraded } from "../../alongside/page/version-1.js";
import { storage } from "./window.mjs";

const PASSPHRASE = listed("passphrase.json");
const READ = listed("read.json"); // {key: the lines in which version 1 showed it}
const QUESTIONS = listed("questions.json"); // {key: {activity, props}}, as the lessons ask them
const TAB = JSON.parse(kept("v1-everything.json"));
assert.ok(Object.keys(READ).length >= 15);

beforeEach(() => sitting.forget());

/** Each word's lines by its key, as a person sees them. */
const readOut = (entries) =>
  Object.fromEntries(
    entries.map(([key, word]) => [key, lines(key, word).flatMap((line) => line.split("\n")).filter((line) => line.trim() !== "")]),
  );

const openTab = (name) => {
  storage.setItem("alongside.words", kept(name).toString());
  return sitting.all();
};

const file = (name) => new Blob([kept(name)]);

test("a file of version 1 is read as before", async () => {
  const { words, leftOut } = await readFile(file("v1-everything.html"));
  assert.deepEqual([readOut(words), leftOut], [READ, 0]);
});

test("a locked file of version 1 is read as before", async () => {
  const { locked } = await readFile(file("v1-everything-locked.html"));
  const { words, leftOut } = await unlock(locked, PASSPHRASE);
  assert.deepEqual([readOut(words), leftOut], [READ, 0]);
});

test("a tab that was open when the pages changed is read as before, in its order", () => {
  const words = openTab("v1-everything.json");
  assert.deepEqual(words.map(([key]) => key), TAB.map(([key]) => key));
  assert.deepEqual(readOut(words), READ);
});

test("what was skipped stays skipped", () => {
  openTab("v1-skipped.json");
  const skipped = JSON.parse(kept("v1-skipped.json")).filter(([, word]) => word.answer === null);
  assert.ok(skipped.length >= 2);
  for (const [key, word] of skipped) assert.deepEqual(sitting.read(key), word);
});

/** What stands under the name "key" of a question that the file's words answer, in today's form; a story that no lesson tells
 * any more is carried as it was. */
function today(key, word) {
  if (!(key in QUESTIONS)) return word;
  const { activity, props } = QUESTIONS[key];
  return isOf(activity, word) ? word : upgraded(activity, props, word);
}

test("with its question at hand each answer gets today's form, by the question's own ids, and reads as before", () => {
  const before = openTab("v1-everything.json");
  const now = before.map(([key, word]) => [key, today(key, word)]);
  const kinds = new Set();
  for (const [key, word] of now) {
    if (!(key in QUESTIONS)) continue;
    const { activity, props } = QUESTIONS[key];
    assert.ok(isOf(activity, word), key);
    const words = before.find(([one]) => one === key)[1];
    assert.equal(word.prompt, words.prompt);
    kinds.add(activity);
    putAtHand(key, activity, props);
  }
  assert.ok(kinds.size >= 9, "a kind that nothing was kept of");
  sitting.keepAll(now);
  assert.deepEqual(readOut(sitting.all()), READ);
  assert.ok(!JSON.stringify(now).includes('"was-'), "words of the question that were not known again");
  const answers = Object.fromEntries(now.map(([key, word]) => [key, word.answer]));
  assert.deepEqual(answers["people-done-well"].chosen, ["compassion"]);
  assert.deepEqual(answers["reliable-message"].parts.map(([id]) => id), ["what-is-off", "what-is-sure"]);
  assert.deepEqual(answers["scenario-wednesday-without-lonnie"].path.map(([step]) => step), ["monday", "the-window"]);
  assert.equal(answers["checkin-promises"].rows[0].promise, "share-power-promise");
});

test("words that the question no longer has get an id of their own, and are still read", () => {
  const [key, kind] = ["people-done-well", "choose"];
  const { props } = QUESTIONS[key];
  const old = { prompt: "?", answer: { kind: "old", v: 1, answer: ["An option of long ago", props.options[0][1]] } };
  const now = upgraded(kind, props, old);
  assert.deepEqual(now.answer, { kind, v: 2, chosen: ["was-1", props.options[0][0]] });
  assert.deepEqual(lines("elsewhere", now), ["An option of long ago", props.options[0][1]]);
});

test("what can't be an answer of its question is left as it was, for every kind", () => {
  const strange = [7, ["a", ["b"]], { nothing: { of: "this" } }, {}];
  for (const [key, { activity, props }] of Object.entries(QUESTIONS)) {
    for (const answer of strange) {
      const word = { prompt: "?", answer: { kind: "old", v: 1, answer } };
      const now = upgraded(activity, props, word);
      assert.ok(now === null || isOf(activity, now), key);
      assert.deepEqual(word.answer.answer, answer);
      if (now !== null) assert.ok(lines(key, now).length > 0, key + " " + JSON.stringify(answer));
    }
  }
});

test("parts of an answer that these pages don't know go along when it changes", () => {
  const before = { prompt: "?", answer: { kind: "ask", v: 2, text: "a", mood: "calm" } };
  const now = keptWord("ask", {}, "?", { text: "b" }, before);
  assert.deepEqual(now, { prompt: "?", answer: { kind: "ask", v: 2, text: "b", mood: "calm" } });
  assert.deepEqual(lines("k", now), ["b", "calm"]);
  assert.deepEqual(keptWord("ask", {}, "?", null, before).answer, { kind: "ask", v: 2, mood: "calm" });
  assert.equal(keptWord("ask", {}, "?", null, { prompt: "?", answer: { kind: "ask", v: 2, text: "a" } }), null);
});

/** Names that every object or list has, and numbers, at every place where a name or a word can stand. */
const ODD_NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "length", "5", "-1", ""];
const oddAnswers = (name) => [
  name,
  [name, name],
  JSON.parse(JSON.stringify({ NAME: name }).replace("NAME", name)),
  JSON.parse(JSON.stringify({ NAME: [name], more: { NAME: name } }).replaceAll("NAME", name)),
  { answer: name, what: name, when: name },
  { path: [name, 0, name], said: [name, name] },
  { path: [name], story: name },
  { step: 1, low: name, high: name },
  { [name + " *"]: { "How it stands": name, "What I want to say about it": name } },
];

test("no odd name or number in an entry refuses or harms another, whatever its kind and version", async () => {
  const good = { prompt: "The good one", answer: { kind: "ask", v: 2, text: "quiet otter" } };
  for (const [key, { activity, props }] of Object.entries(QUESTIONS)) {
    putAtHand(key, activity, props);
    for (const name of ODD_NAMES) {
      for (const answer of oddAnswers(name)) {
        const old = { prompt: "?", answer: { kind: "old", v: 1, answer } };
        const now = upgraded(activity, props, old);
        if (now) assert.deepEqual(JSON.parse(JSON.stringify(now)), now, key); // all of it can be kept
        const today = { prompt: "?", answer: { kind: activity, v: 2, ...(typeof answer === "object" ? answer : {}) } };
        const shown = { options: { [name]: name }, [name]: { [name]: name } };
        for (const word of [old, today, { ...today, shown }]) {
          sitting.forget();
          const block = JSON.stringify({ alongside: 2, words: { good, [key]: word, 5: good } }).replace('"5":', JSON.stringify(name) + ":");
          const file = new Blob([`<script type="application/json" id="alongside-words">${block.replaceAll("<", "\\u003c")}</script>`]);
          const { words } = await readFile(file);
          assert.ok(bringIn(sitting, words), key);
          assert.deepEqual(sitting.read("good"), good, `${key} ${name}`);
          for (const [place, kept] of sitting.all()) lines(place, kept);
        }
      }
    }
  }
});

test("an old promise whose answer has an odd name is still read", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const now = upgraded("promise", {}, { prompt: "?", answer: { kind: "old", v: 1, answer: { what: "a lamp", answer: name } } });
    assert.deepEqual(lines("elsewhere", now), [`My answer: ${name}`, "What: a lamp"]);
  }
});

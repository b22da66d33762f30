// The search, with the places that Python takes from the course.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { listed } from "./pages.mjs";
import { bare, indexOf, look, sentenceWith } from "../../alongside/page/search.js";

const text = readFileSync(new URL("../../alongside/page/minisearch/library.txt", import.meta.url), "utf-8");
const places = listed("places.json");
const index = indexOf(new Function(`return (${text})()`)(), places);
const found = (words) => look(index, words).hits.map((hit) => places[hit.id]);
const headings = (words) => found(words).map(([, , heading]) => heading);

test("every heading, story and explained word is found by its own words", () => {
  const titles = [...new Set(places.map(([, , heading]) => heading))];
  assert.ok(titles.length > 200);
  const lost = titles.filter((title) => !headings(title).includes(title));
  assert.deepEqual(lost, []);
});

test("a word that is spelled almost right is found, and it is said that it is another one", () => {
  const slips = [["consnet", "consent"], ["traumma", "trauma"], ["naloxon", "naloxone"], ["concent", "consent"], ["transparant", "transparent"], ["volonteer", "volunteer"], ["acountable", "accountable"]];
  for (const [wrong, right] of slips) {
    const { how, hits } = look(index, wrong);
    assert.ok(hits.length > 0 && (how === "near" || right.startsWith(wrong)), wrong);
    assert.ok(hits.slice(0, 5).some((hit) => hit.terms.some((term) => term.startsWith(right))), wrong);
  }
  assert.equal(look(index, "consent").how, "");
});

test("capital letters, accents and one or many make no difference", () => {
  assert.deepEqual(headings("PROMISES"), headings("promise"));
  assert.deepEqual(headings("nalóxone"), headings("naloxone"));
  assert.equal(bare("Boxes"), "boxe");
  assert.equal(bare("bias"), "bias");
});

test("what has all the words comes alone, and what has some of them where nothing has all", () => {
  const both = found("kettle desk");
  for (const [, , heading, words] of both) assert.match(`${heading} ${words}`.toLowerCase(), /kettle[^]*desk|desk[^]*kettle/);
  assert.ok(both.length > 0);
  assert.equal(look(index, "kettle zebrafinch").how, "some");
  assert.deepEqual(look(index, "qqqqzzzz").hits, []);
});

test("the sentence is shown that has the words", () => {
  const words = "It is dark. Who holds the key? The lamp. The key of the lamp is lost.";
  assert.equal(sentenceWith(words, new Set(["key"])), "Who holds the key?");
  assert.equal(sentenceWith(words, new Set(["key", "lamp"])), "The key of the lamp is lost.");
  assert.equal(sentenceWith(words, new Set(["otter"])), "It is dark.");
});

// Every way through every story. The stories come from the lessons' own data, as pages get them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { listed } from "./pages.mjs";
import { walk } from "../../alongside/activities/scenario.js";

const END = "end";
const stories = listed("stories.json");
assert.ok(Object.keys(stories).length >= 28);

/** Every path from a step, as far as it goes. A way into the step of repair leads from the end, by its own button. */
function* paths(story, path) {
  const { at } = walk(story, path);
  yield path;
  const step = at === END ? null : story.steps[at];
  if (path.length > 12) throw new Error("a story that never ends");
  for (const [id] of step ? step.choices : []) yield* paths(story, [...path, [at, id]]);
}

for (const [key, story] of Object.entries(stories)) {
  test(`${key}: each way holds to its end`, () => {
    const ends = [];
    const open = new Set();
    for (const path of paths(story, [])) {
      const { seen, at, carries } = walk(story, path);
      assert.equal(seen.length, path.length);
      assert.deepEqual([...carries.keys()], story.carries.map(([name]) => name), "what is carried keeps its names");
      assert.ok([...carries.values()].every((words) => typeof words === "string" && words));
      assert.deepEqual(seen.map(({ name, id }) => [name, id]), path);
      for (const { step, id, say, led } of seen) {
        assert.equal(say, new Map(step.choices).get(id));
        assert.equal(led, step.led[id]);
        for (const part of ["then", "costs", "gains_power", "carries_risk"]) assert.ok(led[part], part);
      }
      if (at === END) ends.push(path);
      else open.add(at);
    }
    assert.ok(ends.length >= 2, "one way only is no choice");
    const further = new Set([...open, story.repair]);
    assert.deepEqual([...further].sort(), Object.keys(story.steps).sort(), "a step that no way leads to");
  });

  test(`${key}: from each end there is a way to repair, and it ends too`, () => {
    for (const path of [...paths(story, [])].filter((path) => walk(story, path).at === END)) {
      assert.equal(walk(story, path).repaired, path.length > 0 && walk(story, path).seen.some((one) => one.name === story.repair));
      for (const [id] of story.steps[story.repair].choices) {
        const there = walk(story, [...path, [story.repair, id]]);
        assert.equal(there.seen.length, path.length + 1);
        assert.equal(there.seen.at(-1).name, story.repair);
        assert.ok(there.repaired);
        assert.equal(there.at, story.steps[story.repair].led[id].next);
      }
    }
  });

  test(`${key}: a path that does not hold is followed as far as it does`, () => {
    const start = story.start;
    const [first] = story.steps[start].choices[0];
    const elsewhere = Object.keys(story.steps).find((name) => name !== start);
    const strange = [[start, "nowhere"], [start, ""], [start, "constructor"], ["constructor", "name"], ["", first], [END, first]];
    for (const one of [...strange, [elsewhere, story.steps[elsewhere].choices[0][0]]]) {
      assert.deepEqual(walk(story, [one]).seen, []);
      assert.equal(walk(story, [one]).at, start);
      assert.deepEqual(walk(story, [one, [start, first]]).seen, [], "what comes after it stands nowhere");
    }
    for (const one of strange) assert.equal(walk(story, [[start, first], one]).seen.length, 1);
  });
}

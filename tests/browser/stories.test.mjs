// Every way through every story. The stories come from the lessons' own data, as pages get them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { walk } from "../../alongside/activities/scenario.js";

const END = "end";
const stories = JSON.parse(readFileSync(process.env.ALONGSIDE_CASES + "/stories.json", "utf-8"));
assert.ok(Object.keys(stories).length >= 28);

/** Every path from a step, as far as it goes. A way into the step of repair leads from the end, by its own button. */
function* paths(story, path) {
  const { at } = walk(story, path);
  yield path;
  const step = at === END ? null : story.steps[at];
  if (path.length > 12) throw new Error("a story that never ends");
  for (const number of step ? step.choices.keys() : []) yield* paths(story, [...path, number]);
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
      for (const { choice, number, step } of seen) assert.equal(step.choices[number], choice);
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
      for (const number of story.steps[story.repair].choices.keys()) {
        const there = walk(story, [...path, number]);
        assert.equal(there.seen.length, path.length + 1);
        assert.equal(there.seen.at(-1).name, story.repair);
        assert.ok(there.repaired);
        assert.equal(there.at, story.steps[story.repair].choices[number].next);
      }
    }
  });

  test(`${key}: a path that does not hold is followed as far as it does`, () => {
    for (const strange of [[-1], [99], [0.5], [-0.5], [Infinity], [2 ** 53]]) {
      assert.deepEqual(walk(story, strange).seen, []);
      assert.equal(walk(story, strange).at, story.start);
      assert.deepEqual(walk(story, [...strange, 0]).seen, [], "what comes after it stands nowhere");
      const [first] = [...paths(story, [])].filter((path) => path.length === 1);
      assert.equal(walk(story, [...first, ...strange]).seen.length, 1);
    }
  });
}

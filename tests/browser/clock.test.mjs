// The clock of the big screen, groups, plans in an address, and what a sheet for the wall needs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { listed } from "./pages.mjs";
import { beginning, MINUTE, moment, offer, planned, shortened, standing, tiedTo } from "../../alongside/page/clock.js";
import { groups } from "../../alongside/page/groups.js";
import { readPlan } from "../../alongside/page/plan-link.js";
import { letterSize, mayBeName, oddDay } from "../../alongside/page/wall.js";

const at = (hours, minutes = 0, day = 5) => new Date(2027, 2, day, hours, minutes).getTime();
const row = (minutes, tied = null) => ({ minutes, at: tied });
const ROWS = [row(6), row(10), row(8), row(12), row(3)];
const END = at(10, 39);
const state = (place, entered, more = {}) => ({ place, entered, extra: 0, end: END, ...more });

test("each row follows the one before, and one that is tied to the clock waits for it", () => {
  const rows = [row(10), row(10, at(10, 30)), row(5)];
  assert.deepEqual(
    planned(rows, at(10)).map(({ from, to }) => [from - at(10), to - at(10)].map((one) => one / MINUTE)),
    [
      [0, 10],
      [30, 40],
      [40, 45],
    ],
  );
  // Who begins late does not begin it earlier than it can be.
  assert.equal(planned(rows, at(10, 25))[1].from, at(10, 35));
});

test("a row that takes longer than it was given makes the end later, minute by minute", () => {
  assert.deepEqual(standing(ROWS, state(1, at(10, 6)), at(10, 16)), { until: at(10, 16), end: END, late: 0 });
  const sixLate = standing(ROWS, state(1, at(10, 6)), at(10, 22));
  assert.deepEqual(sixLate, { until: at(10, 16), end: at(10, 45), late: 6 });
  assert.equal(standing(ROWS, state(1, at(10, 6)), at(10, 16) + 59000).late, 0, "a minute that is not over is none");
});

test("a row that was begun late is late at once, one that was begun early is not late", () => {
  assert.equal(standing(ROWS, state(2, at(10, 20)), at(10, 20)).late, 4);
  const early = standing(ROWS, state(2, at(10, 10)), at(10, 10));
  assert.deepEqual([early.late, early.end], [0, at(10, 33)]);
});

test("five minutes more, or a pause, move the end and nothing else", () => {
  assert.deepEqual(standing(ROWS, state(1, at(10, 6), { extra: 5 * MINUTE }), at(10, 8)), {
    until: at(10, 21),
    end: at(10, 44),
    late: 5,
  });
});

test("a wait for something that is tied to the clock takes up what is late", () => {
  const rows = [row(10), row(10), row(10, at(10, 30))];
  assert.equal(standing(rows, { place: 0, entered: at(10), extra: 0, end: at(10, 40) }, at(10, 18)).late, 0);
  assert.equal(standing(rows, { place: 0, entered: at(10), extra: 0, end: at(10, 40) }, at(10, 25)).late, 5);
});

test("what can be left out is the first on the list that is still to come, with the end that it gives", () => {
  const cuts = [
    { row: 1, saves: 10 },
    { row: 3, saves: 12 },
    { row: 2, saves: 4 },
  ];
  // In row 1, and 6 minutes late: 10:45 would be the end.
  const late = standing(ROWS, state(1, at(10, 6)), at(10, 22));
  assert.deepEqual(offer(ROWS, cuts, 1, at(10, 22)), { cut: cuts[1], end: late.end - 12 * MINUTE });
  // It was left out: the next is only made shorter.
  const rows = shortened(ROWS, [cuts[1]]);
  assert.deepEqual(rows.map(({ minutes }) => minutes), [6, 10, 8, 0, 3]);
  assert.deepEqual(offer(rows, [cuts[0], cuts[2]], 1, at(10, 22)), { cut: cuts[2], end: late.end - 16 * MINUTE });
  assert.equal(offer(rows, [cuts[0]], 1, at(10, 22)), null);
  assert.deepEqual(ROWS.map(({ minutes }) => minutes), [6, 10, 8, 12, 3], "the plan itself is not changed");
});

test("a time of day is the nearest one, also around midnight", () => {
  assert.equal(moment("10:00", at(9, 50)), at(10));
  assert.equal(moment("10:00", at(10, 20)), at(10));
  assert.equal(moment("0:10", at(23, 50)), at(0, 10, 6));
  assert.equal(moment("23:50", at(0, 5)), at(23, 50, 4));
  for (const none of ["", "24:00", "10", "10:5", "noon", null, 600]) assert.equal(moment(none, at(10)), null);
});

test("a time of day is that time on the clock, also on the two nights when clocks are changed", () => {
  const zone = process.env.TZ;
  process.env.TZ = "America/New_York";
  try {
    // In 2027 clocks go forward on March 14 and back on November 7, both times at two in the morning.
    for (const [before, after] of [
      [new Date(2027, 2, 13, 22), new Date(2027, 2, 14, 8)],
      [new Date(2027, 10, 6, 22), new Date(2027, 10, 7, 8)],
    ]) {
      assert.notEqual(before.getTimezoneOffset(), after.getTimezoneOffset(), "a night on which clocks are changed");
      assert.equal(moment("8:00", before.getTime()), after.getTime());
      assert.equal(moment("22:00", after.getTime()), before.getTime());
      assert.equal(beginning("8:00", before.getTime()), after.getTime());
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("who opens a plan the evening before begins the next morning, who is late begins late", () => {
  assert.equal(beginning("10:30", at(20, 0, 4)), at(10, 30));
  assert.equal(beginning("10:30", at(10, 37)), at(10, 30));
  assert.equal(beginning("23:30", at(0, 10, 6)), at(23, 30));
  assert.equal(beginning("0:30", at(22)), at(0, 30, 6));
  assert.equal(beginning("noon", at(10)), null);
});

test("what is tied to the clock holds for a session around that time, and not where it is tried out in the evening", () => {
  assert.equal(tiedTo("12:00", at(10)), at(12));
  assert.equal(tiedTo("0:30", at(22)), at(0, 30, 6));
  assert.equal(tiedTo("7:00", at(20)), null);
});

for (const grouping of ["pairs", "threes", "fours"]) {
  test(`${grouping} for exactly so many: nobody is left over, and nobody sits alone`, () => {
    const size = { pairs: 2, threes: 3, fours: 4 }[grouping];
    for (let people = 2; people <= 40; people += 1) {
      const sizes = groups(people, grouping);
      if (sizes.length === 0) {
        assert.ok(people <= 4, `${people} people`);
        continue;
      }
      assert.equal(sizes.reduce((sum, one) => sum + one), people);
      assert.ok(Math.min(...sizes) >= 2 && Math.max(...sizes) - Math.min(...sizes) <= 1, `${people}: ${sizes}`);
      assert.ok(sizes.every((one) => Math.abs(one - size) <= 1 || people === 5), `${people}: ${sizes}`);
      if (people % size === 0) assert.ok(sizes.every((one) => one === size));
    }
  });
}

test("groups that a room knows: nine in threes, eight in fours, seven in pairs", () => {
  assert.deepEqual(groups(9, "threes"), [3, 3, 3]);
  assert.deepEqual(groups(8, "fours"), [4, 4]);
  assert.deepEqual(groups(6, "fours"), [3, 3]);
  assert.deepEqual(groups(7, "pairs"), [2, 2, 3]);
  assert.deepEqual(groups(9, "all"), []);
});

test("the screen and a run sheet put the same people into the same groups", () => {
  // A run sheet names the larger groups first, and a screen the smaller ones.
  const onPaper = Object.entries(listed("groups.json"));
  assert.equal(onPaper.filter(([, counts]) => counts.some((sizes) => sizes.length)).length, 3);
  for (const [grouping, counts] of onPaper)
    counts.forEach((sizes, people) => {
      assert.deepEqual(groups(people, grouping).toReversed(), sizes, `${people} in ${grouping}`);
    });
  assert.equal(onPaper[0][1].length, 61);
});

const link = (plan) => Buffer.from(JSON.stringify(plan)).toString("base64url");
const PLAN = {
  alongside_plan: 1,
  start: "10:00",
  people: 9,
  rows: [{ id: "opening", minutes: 6 }, { id: "05-share-power/look-chairs", minutes: 8, at: "10:30" }],
  cuts: [{ id: "05-share-power/look-chairs", saves: 8 }],
};

test("a plan is read as it was written", () => {
  assert.deepEqual(readPlan(link(PLAN)), {
    start: "10:00",
    people: 9,
    rows: [
      { id: "opening", minutes: 6, at: "", slips: false },
      { id: "05-share-power/look-chairs", minutes: 8, at: "10:30", slips: false },
    ],
    cuts: [{ id: "05-share-power/look-chairs", saves: 8 }],
  });
  const asked = { ...PLAN, rows: [{ id: "05-share-power/look-chairs", minutes: 8, slips: true }] };
  assert.equal(readPlan(link(asked)).rows[0].slips, true, "what is asked on slips");
  assert.equal(readPlan(link({ ...PLAN, start: null, people: undefined, cuts: undefined })).start, "");
  assert.equal(readPlan(Buffer.from(JSON.stringify(PLAN)).toString("base64")).people, 9, "with padding, too");
});

for (const [name, foreign] of Object.entries({
  "nothing": "",
  "no base64": "%%%",
  "no JSON": Buffer.from("{").toString("base64url"),
  "half of a plan": link(PLAN).slice(0, 40),
  "a list": link([PLAN]),
  "another version": link({ ...PLAN, alongside_plan: 2 }),
  "no rows": link({ ...PLAN, rows: [] }),
  "rows of another kind": link({ ...PLAN, rows: ["opening"] }),
  "minutes of text": link({ ...PLAN, rows: [{ id: "opening", minutes: "6" }] }),
  "a telephone number of minutes": link({ ...PLAN, rows: [{ id: "opening", minutes: 6135550123 }] }),
  "an id that would end a selector": link({ ...PLAN, rows: [{ id: 'x"]', minutes: 1 }] }),
  "a thousand rows": link({ ...PLAN, rows: Array(1000).fill(PLAN.rows[0]) }),
})) {
  test(`what is no plan is none: ${name}`, () => assert.equal(readPlan(foreign), null));
}

test("a day that makes no sense is told", () => {
  for (const [day, odd] of [
    ["2027-03-05", ""],
    ["2027-03-06", ""],
    ["2027-03-04", "past"],
    ["2028-06-01", "far"],
    ["9999-12-31", "far"],
    ["", "none"],
    ["2027-13-40", "none"],
    ["soon", "none"],
  ]) {
    assert.equal(oddDay(day, "2027-03-05"), odd, day);
  }
});

const KNOWN = ["i", "kitchen", "the", "board", "staff"];
for (const [text, name] of [
  ["Marcus", true],
  ["tell Marcus", true],
  ["to Dee at the desk", true],
  ["María", true],
  ["the kitchen wall", false],
  ["Kitchen", false],
  ["I know", false],
  ["the board on Monday", false],
  ["Staff. The board. In March", false],
  ["Wherever the list hangs", false],
  ["", false],
]) {
  test(`${name ? "a name is asked about" : "no name is seen"} in ${JSON.stringify(text)}`, () =>
    assert.equal(mayBeName(text, KNOWN, "en"), name));
}

test("letters on the wall get smaller only as far as they can be read", () => {
  const one = "Who decides the opening hours on Sundays";
  assert.equal(letterSize([one]), 34);
  const sizes = [1, 4, 8, 12, 40].map((number) => letterSize(Array(number).fill(one)));
  assert.deepEqual([...sizes].sort((a, b) => b - a), sizes);
  assert.equal(sizes[4], 0);
});

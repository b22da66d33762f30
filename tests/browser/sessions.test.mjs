// The planner's engine over every combination of answers. The rules are written here once more, and read the lessons' own
// metadata and data/needs.yml, so that a fault in the engine, or in what it is handed, doesn't excuse itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { listed } from "./pages.mjs";
import * as engine from "../../alongside/page/sessions.js";

const data = listed("planner.json");
/** {folder/name: metadata.alongside} of each notebook, as it is saved, and the sentences of needs.yml. */
const { notebooks, needs } = listed("raw.json");
const WHOLE = process.env.ALONGSIDE_NIGHTLY === "1";
const CONVERSATION = "exercise-21-survey-read";

// --- the answers --------------------------------------------------------------------------------------------

const TIMES = Array.from({ length: 40 }, (_, at) => 45 + 5 * at);
const PEOPLE = Array.from({ length: 14 }, (_, at) => 3 + at);
const gearOf = (mask, device) => ({ printer: !!(mask & 1), projector: !!(mask & 2), phones: !!(mask & 4), device });
const GEARS = [...Array.from({ length: 7 }, (_, at) => gearOf(at + 1, false)), gearOf(0, true), gearOf(0, false)];
const MANAGERS = ["whole", "end", "not"];
const NEEDS = needs.map((_, at) => [at]);

function* everyCombination() {
  for (const minutes of TIMES)
    for (const people of PEOPLE)
      for (const gear of GEARS)
        for (const managers of MANAGERS)
          for (const second of [false, true])
            for (const days of [0, 2, 7]) for (const chosen of NEEDS) yield { minutes, people, gear, managers, second, days, needs: chosen };
}

/** Numbers that are the same in each run (mulberry32). */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
}

/** So many combinations, with an interpreter, two sentences or no agreement about managers in some of them. */
function* drawn(many, seed = 23) {
  const next = numbers(seed);
  const of = (list) => list[Math.floor(next.next().value * list.length)];
  for (let at = 0; at < many; at += 1) {
    const chosen = [of(NEEDS)[0], of(NEEDS)[0]];
    yield {
      minutes: of(TIMES), people: of(PEOPLE), gear: of(GEARS), managers: of([...MANAGERS, "ask"]), second: of([false, true]),
      days: of([0, 2, 7]), needs: of([true, true, false]) ? [chosen[0]] : [...new Set(chosen)], interpreter: of([false, false, true]),
      charge: of([false, false, true]), start: of([null, 540, 600, 1020]),
    };
  }
}

// --- the rules ----------------------------------------------------------------------------------------------------

const wordsIn = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
const VOTES = { none: 0, cup: 3, "cup again": 1.5 };

/** A step of a row's id, as its notebook has it: {step, session, section, place}. */
const STEPS = new Map();
for (const [name, session] of Object.entries(notebooks)) {
  const [folder, file] = name.split("/");
  let place = 0;
  for (const [section, steps] of Object.entries(session.steps || {}))
    for (const step of steps) {
      const home = folder === "notebooks" ? file : "exercise-" + file;
      STEPS.set(home + "/" + step.id, { step, session, section, home, file, place: (place += 1) });
    }
}
assert.ok(STEPS.size > 350);

const notebookOf = (home) => notebooks[home.startsWith("exercise-") ? "exercises/" + home.slice(9) : "notebooks/" + home];

/** What a session lacks for these answers, by its own metadata. Of minutes it is only said where that is beyond doubt. */
function lacking(home, { people, gear, managers, charge, second, days, minutes, interpreter }) {
  const { lead, group, paper, second_person: two, steps, cut } = notebookOf(home);
  const circles = people > 12 ? [Math.ceil(people / 2), Math.floor(people / 2)] : [people];
  const all = Object.values(steps).flat();
  const shortest = 9 + all.reduce((sum, step) => sum + step.minutes, 0) - cut.reduce((sum, { saves }) => sum + saves, 0);
  return [
    lead.days > days && "days",
    lead.somebody_in_charge && managers === "not" && !charge && "charge",
    two && !second && "second",
    two && second && circles.length > 1 && "circle",
    paper.some((one) => one !== "slips") && !gear.printer && !gear.projector && !gear.phones && !gear.device && "paper",
    circles.some((size) => size < group[0] || size > group[1]) && "group",
    (interpreter || shortest + (shortest > 60 ? 10 : 0) > minutes) && "minutes",
  ].filter(Boolean);
}

/** Whether the break at this place stands between two sessions, where a session says, or where none says a place that would do. */
function isGoodPlace(rows, at) {
  const says = (row) => STEPS.get(row.id)?.step.break_after;
  const [before, after] = [rows[at - 1], rows[at + 1]].map(({ id }) => STEPS.get(id)?.home);
  if (before !== after || says(rows[at - 1])) return true;
  const isEnd = (row) => row.id === "break";
  const first = rows.slice(0, at).findLastIndex(isEnd) + 1;
  const next = rows.findIndex((row, place) => place > at && isEnd(row));
  const sitting = rows.slice(first, next < 0 ? rows.length : next).filter((row) => !isEnd(row));
  const long = (some) => some.reduce((sum, { minutes }) => sum + minutes, 0) > 60;
  return !sitting.some((row, place) => says(row) && !long(sitting.slice(0, place + 1)) && !long(sitting.slice(place + 1)));
}

/** The rules that a plan breaks, as sentences; none for an honest plan. */
function faults(answers, plan, { groupsOf, circlesOf, managersComeIn, forScreen }, edited = false) {
  const found = [];
  const must = (holds, what) => holds || found.push(what);
  if (plan.why) {
    must(/^(lacks|short)$/.test(plan.why) && plan.session, "no plan, and no reason");
    must(answers.people > 5 || plan.why === "short", "three to five people get the conversation");
    if (plan.why === "lacks") must(plan.lacks.length > 0 && plan.lacks.every((one) => lacking(plan.session.id, answers).includes(one)), "a reason that is none");
    const own = answers.needs.flatMap((need) => needs[need].lessons).flatMap((name) => [name, "exercise-" + name]);
    const could = own.some((home) => home !== CONVERSATION && notebookOf(home) && lacking(home, answers).length === 0);
    must(answers.people <= 5 || !could, "no plan, where something fits");
    if (answers.people <= 5) must(answers.interpreter, "the conversation fits whenever nobody interprets");
    return found;
  }
  const { rows } = plan;
  const whole = rows.reduce((sum, row) => sum + row.minutes, 0);
  must(whole <= answers.minutes, "longer than there is time");
  must(rows.every(({ minutes }) => Number.isInteger(minutes) && minutes > 0), "a row without whole minutes");
  must(rows[0].id === "opening" && rows[0].minutes >= 5, "an opening of five minutes");
  must(rows.at(-1).id === "closing" && rows.at(-1).minutes >= 3, "a closing of three minutes");
  must(rows.filter(({ id }) => id === "opening" || id === "closing").length === 2, "one opening and one closing");
  let sat = 0;
  let clock = 0;
  const talked = new Set();
  const homes = [];
  const circles = answers.people > 12 ? [Math.ceil(answers.people / 2), Math.floor(answers.people / 2)] : [answers.people];
  must(JSON.stringify(circlesOf(answers.people)) === JSON.stringify(circles), "circles of at most twelve");
  const seen = new Set();
  rows.forEach((row, at) => {
    sat = row.id === "break" ? 0 : sat + row.minutes;
    must(sat <= 60, "over an hour without a break");
    if (row.id === "break") {
      must(row.minutes >= 5, "a break of five minutes");
      must(STEPS.has(rows[at - 1].id) && STEPS.has(rows[at + 1].id), "a break between two steps");
    }
    const found = STEPS.get(row.id);
    if (!found && !["opening", "break", "closing"].includes(row.id)) must(false, "a row that no notebook has: " + row.id);
    if (found) {
      const { step, session, home } = found;
      must(!seen.has(row.id), "a step twice");
      seen.add(row.id);
      if (homes.at(-1) !== home) homes.push(home);
      const cut = (session.cut.find((one) => one.step === step.id) || { saves: 0 }).saves;
      const reads = (wordsIn(step.say) + step.read_aloud) / 130;
      const needed = answers.interpreter ? 2 * reads + step.work + VOTES[step.vote] - 0.3 : step.minutes;
      must(edited || row.minutes >= needed - cut - 1e-9, "a step has the minutes that it takes");
      if (["pairs", "threes", "fours", "line", "wall", "walk"].includes(step.grouping) || (step.grouping === "all" && step.work > 1)) {
        if (!talked.has(home)) must(clock <= whole - 10, "a first discussion in the last ten minutes");
        talked.add(home);
      }
      if (step.about_managers && ["whole", "ask"].includes(answers.managers)) {
        must(session.paper.includes("slips"), "about managers, in front of one");
        must(row.slips, "about managers, and not on slips");
      }
      for (const people of circles) {
        const groups = groupsOf(step.grouping, people);
        const [least, most] = { pairs: [2, 3], threes: [3, 5], fours: [3, 5] }[step.grouping] || [0, 0];
        // Three people, and four who would be one group, stay together; five are two and three.
        if (!least || people < 4 || (people === 4 && least > 2)) must(groups.length === 0, "groups where there are none");
        else must(groups.reduce((sum, one) => sum + one, 0) === people && groups.every((one) => one >= (people === 5 ? 2 : least) && one <= most), "groups for exactly so many");
      }
    }
    clock += row.minutes;
  });
  if (!edited) must(rows.every((row, at) => row.id !== "break" || isGoodPlace(rows, at)), "a break where the lesson says");
  must(new Set(homes).size === homes.length, "a session that comes back after another");
  for (const home of homes) {
    const own = rows.filter(({ id }) => id.startsWith(home + "/"));
    const places = own.map(({ id }) => STEPS.get(id).place);
    must(places.every((place, at) => at === 0 || place > places[at - 1]), "steps in their order");
    const { session } = STEPS.get(own[0].id);
    const there = new Set(own.map(({ id }) => STEPS.get(id).step.id));
    for (const step of Object.values(session.steps).flat()) {
      const cut = session.cut.find((one) => one.step === step.id);
      const hidden = step.about_managers && !session.paper.includes("slips") && ["whole", "ask"].includes(answers.managers);
      must(edited || there.has(step.id) || hidden || (cut && cut.saves === step.minutes), "a step is left out that can't be: " + step.id);
    }
    must(session.lead.days <= answers.days, "offered without the days that it takes");
    must(!session.lead.somebody_in_charge || answers.managers !== "not" || answers.charge, "offered without somebody in charge");
    must(!session.second_person || answers.second, "offered without a second person");
    const { gear } = answers;
    const shown = gear.printer || gear.projector || gear.phones || gear.device;
    if (home !== CONVERSATION) must(shown || session.paper.every((one) => one === "slips"), "offered without its paper");
    must(circles.every((people) => people >= session.group[0] && people <= session.group[1]), "offered to too few or too many");
  }
  rows.forEach((row, at) => {
    const begins = (answers.start || 0) + rows.slice(0, at).reduce((sum, one) => sum + one.minutes, 0);
    must(row.at === null || row.at === begins, "a row that is tied begins at its time");
  });
  if (edited && answers.people > 5) return found; // what hurts, and when managers come, may be left out by hand
  if (answers.people <= 5) must(homes.join() === CONVERSATION, "three to five people get the conversation");
  else {
    must(homes.every((home) => home !== CONVERSATION && !home.startsWith("exercise-21")), "the conversation is for few");
    const own = answers.needs.flatMap((need) => needs[need].lessons);
    must(homes.some((home) => own.includes(home.replace("exercise-", ""))), "nothing of what hurts");
  }
  const comes = managersComeIn(plan);
  must(answers.managers === "end" ? STEPS.has(rows[comes]?.id) && STEPS.get(rows[comes].id).home === homes.at(-1) && STEPS.get(rows[comes].id).section !== "Close" : comes === -1, "when managers come in");
  for (const { id, saves } of plan.cuts) {
    const { step, session } = STEPS.get(id);
    must(session.cut.some((one) => one.step === step.id), "a cut that no lesson has");
    const row = rows.find((one) => one.id === id);
    if (row) must(saves >= 1 && saves <= row.minutes, "a cut that saves more than there is");
  }
  const screen = forScreen(plan);
  must(screen.alongside_plan === 1 && screen.rows.length === rows.length, "the screen gets every row");
  must(screen.rows.reduce((sum, row) => sum + row.minutes, 0) === whole, "the screen gets the same minutes");
  return found;
}

/** Goes through combinations, `until` one fault is found, and gives back {tried, fit, found: {fault: answers}}. */
function sweep(combinations, used = engine, until = "") {
  const found = {};
  let tried = 0;
  let fit = 0;
  for (const answers of combinations) {
    tried += 1;
    const plan = used.planFor(data, answers);
    if (!plan.why) fit += 1;
    for (const one of faults(answers, plan, used)) found[one] ??= answers;
    if (until && Object.keys(found).some((one) => one.startsWith(until))) break;
  }
  return { tried, fit, found };
}

test("2,000 drawn combinations keep every rule", () => {
  const { tried, fit, found } = sweep(drawn(2000));
  assert.deepEqual(found, {});
  assert.equal(tried, 2000);
  assert.ok(fit > 1000, String(fit));
});

/** Changes plans by hand, some of them tied to the clock, and looks at each that the engine lets through. */
function edit(many, used = engine, until = "") {
  const found = {};
  const next = numbers(5);
  const upTo = (count) => Math.floor(next.next().value * count);
  let made = 0;
  let refused = 0;
  for (const drawnAnswers of drawn(many, 7)) {
    if (until && Object.keys(found).some((one) => one.startsWith(until))) break;
    const answers = { ...drawnAnswers, start: 600 };
    let plan = used.planFor(data, answers);
    for (let tries = 0; tries < 14 && !plan.why; tries += 1) {
      const at = upTo(plan.rows.length);
      const begins = 600 + used.startsOf(plan.rows)[at];
      const changes = [
        () => used.nudge(plan, at, -5),
        () => used.nudge(plan, at, 5),
        () => used.leaveOut(plan, at),
        () => used.tie(plan, at, Math.max(600, begins + upTo(30) - 10)),
        () => used.tie(plan, at, null),
        () => used.leaveOut(plan, plan.rows.findLastIndex(({ kind }) => kind === "step")),
        () => used.swap(data, plan, at),
      ];
      const after = changes[upTo(changes.length)]();
      if (after.why) {
        refused += 1;
        continue;
      }
      made += 1;
      plan = after;
      for (const one of faults(answers, plan, used, true)) found[one] ??= answers;
    }
  }
  return { made, refused, found };
}

test("whatever is changed by hand keeps every rule, or is refused", () => {
  const { made, refused, found } = edit(WHOLE ? 20000 : 600);
  assert.deepEqual(found, {});
  assert.ok(made > 500 && refused > 100, `${made} ${refused}`);
});

/** A half day of three sessions, with a meal. */
const HALF_A_DAY = { minutes: 240, people: 9, gear: gearOf(7, true), managers: "not", charge: true, second: true, days: 7, needs: [1, 9], start: 540 };

test("the meal comes at noon in whatever fills a day around it, and stays a meal", () => {
  let tried = 0;
  for (const minutes of [180, 210, 240])
    for (const people of [8, 14])
      for (const chosen of NEEDS)
        for (const start of [540, 570, 600, 630]) {
          const answers = { ...HALF_A_DAY, minutes, people, needs: chosen, start };
          const plan = engine.planFor(data, answers);
          const at = plan.why ? -1 : plan.rows.findIndex((row) => row.kind === "break" && row.minutes >= 30);
          if (at < 0 || start + minutes < 13 * 60) continue;
          const next = engine.tie(plan, at, 12 * 60);
          assert.equal(next.why, undefined, JSON.stringify([minutes, people, chosen, start]));
          assert.deepEqual(faults(answers, next, engine, true), []);
          assert.ok(next.rows.find((row) => row.at !== null).minutes >= 20, JSON.stringify([minutes, people, chosen, start]));
          tried += 1;
        }
  assert.ok(tried > 150, String(tried));
});

test("who swaps one session keeps what they changed in the others", () => {
  let kept = 0;
  for (const chosen of NEEDS) {
    const first = engine.planFor(data, { ...HALF_A_DAY, needs: chosen });
    const own = first.rows.filter(({ block }) => block === 0);
    // The second row of the first session is left out, and its last one gets the minutes.
    const without = engine.leaveOut(first, first.rows.indexOf(own[1]));
    const plan = engine.nudge(without, without.rows.findIndex(({ id }) => id === own.at(-1).id), 1);
    if (plan.why) continue;
    for (let block = 1; block < plan.blocks.length; block += 1) {
      const next = engine.swap(data, plan, plan.rows.findIndex((row) => row.block === block));
      if (next.why || !next.blocks.includes(plan.blocks[0])) continue;
      assert.ok(!next.blocks.includes(plan.blocks[block]));
      assert.ok(!next.rows.some(({ id }) => id === own[1].id), "what was left out");
      assert.equal(next.rows.find(({ id }) => id === own.at(-1).id).minutes, own.at(-1).minutes + 1, "what was made longer");
      kept += 1;
    }
  }
  assert.ok(kept > 8, String(kept));
});

test("what can't stay at its time is counted, and nothing keeps a time that is not so", () => {
  let counted = 0;
  for (const answers of drawn(300, 11)) {
    let plan = engine.planFor(data, { ...answers, start: 600 });
    if (plan.why || plan.blocks.length < 2) continue;
    const at = plan.rows.findIndex(({ kind }) => kind === "break");
    const tied = at < 0 ? { why: "none" } : engine.tie(plan, at, 600 + engine.startsOf(plan.rows)[at]);
    if (tied.why) continue;
    plan = engine.swap(data, tied, tied.rows.findIndex(({ block }) => block === 0));
    if (plan.why) continue;
    assert.equal(plan.untied + plan.rows.filter((row) => row.at !== null).length, 1);
    counted += 1;
  }
  assert.ok(counted > 20, String(counted));
});

test("why a row can't be shorter is said of what it is", () => {
  const plan = engine.planFor(data, HALF_A_DAY);
  const whyOf = (kind) => {
    let next = plan;
    for (let tries = 0; tries < 10 && !next.why; tries += 1) next = engine.nudge(next, next.rows.findIndex((row) => row.kind === kind), -5);
    return next.why;
  };
  assert.deepEqual(["opening", "step", "break", "closing"].map(whyOf), ["opening", "floor", "short_break", "closing"]);
});

if (WHOLE)
  test("every combination keeps every rule", () => {
    const { tried, fit, found } = sweep(everyCombination());
    assert.deepEqual(found, {});
    assert.equal(tried, 40 * 14 * 9 * 3 * 2 * 3 * 12);
    assert.ok(fit > 500_000, String(fit));
  });

// --- and these rules can be broken ----------------------------------------------------------------------------------

/** The engine and what it takes from its neighbor, as one text: a text that is imported has no neighbors. */
const SOURCE = ["groups.js", "sessions.js"]
  .map((name) => readFileSync(new URL("../../alongside/page/" + name, import.meta.url), "utf8").replace(/^import .*\.js";$/m, ""))
  .join("\n");
test("a time of day is read as people write it", () => {
  const read = { "10:00": 600, "9": 540, "9.30": 570, "14h30": 870, "2pm": 840, "2:30 PM": 870, "2:30 p.m.": 870, "12 am": 0, "12:15pm": 735, " 7 a.m. ": 420, "": null };
  for (const [text, minutes] of Object.entries(read)) assert.equal(engine.minutesOf(text), minutes, text);
  for (const text of ["24:00", "9:60", "14 pm", "0:30 am", "pm", "after lunch", "2:30 pmx"]) assert.ok(Number.isNaN(engine.minutesOf(text)), text);
});

/** What the rules say, and how the engine would break each. */
const PLANTED = {
  "longer than there is time": ["|| sumOf(rows) + extra > answers.minutes) continue", ") continue", 'if (whole > minutes) return "full";', ""],
  "an opening of five minutes": ["Math.ceil(data.opening.minutes + (", "Math.ceil(4 + 0 * (", "rows[0].minutes < LIMITS.opening", "false"],
  "a closing of three minutes": ['"closing", LIMITS.closing', '"closing", 2', "rows.at(-1).minutes < LIMITS.closing", "false"],
  "over an hour without a break": ["sitting: 60", "sitting: 70"],
  "a break where the lesson says": ["(allowed === 2 ? 500 : 0)", "0"],
  "a first discussion in the last ten minutes": ['return "lateTalk"', "continue"],
  "a row that is tied begins at its time": ["longer.minutes += gap;", ""],
  "groups for exactly so many": ["const larger = people - least * number;", "const larger = 0;"],
  "offered without the days that it takes": ["session.days > answers.days", "session.days > 7"],
  "offered without somebody in charge": ["session.charge &&", "false &&"],
  "offered without a second person": ['!answers.second) found.push("second")', '!answers.second) found.push()'],
  "offered without its paper": ["!canBeShown(session, answers)", "false"],
  "offered to too few or too many": ["answers.people <= 5", "answers.people <= 4", 'found.push("group")', "found.push()"],
  "three to five people get the conversation": ["answers.people <= 5", "answers.people <= 4", "people < session.group[0]", "people < 0"],
  "a reason that is none": ["people > CIRCLE &&", "people > TWO_CIRCLES &&"],
  "no plan, where something fits": ["session.days > answers.days", "session.days >= answers.days"],
  "about managers, in front of one": ["if (onSlips && !slips) continue;", ""],
  "about managers, and not on slips": ["steps.push({ step, minutes, slips: onSlips })", "steps.push({ step, minutes, slips: false })"],
  "a step has the minutes that it takes": ["Math.ceil(step.takes + step.reads - 1e-6)", "step.minutes"],
  "nothing of what hurts": ["if (covered.size === 0) return undefined;", ""],
  "when managers come in": ["row.block === last && row.step.section === section", "row.block === 0"],
  "a step is left out that can't be": ["const left = minutes - (cutBy.get(id) || 0);", "const left = minutes - (cutBy.get(id) || (block ? 3 : 0));"],
};

test("a fault that is planted in the engine is found, for each rule", async () => {
  for (const [fault, changes] of Object.entries(PLANTED)) {
    let text = SOURCE;
    for (let at = 0; at < changes.length; at += 2) {
      assert.ok(text.includes(changes[at]), `${fault}: the engine has no ${changes[at]}`);
      text = text.replaceAll(changes[at], changes[at + 1]);
    }
    const used = await import("data:text/javascript," + encodeURIComponent(text));
    let { found } = sweep(drawn(2000), used, fault);
    const isFound = () => Object.keys(found).some((one) => one.startsWith(fault));
    if (!isFound()) ({ found } = edit(600, used, fault));
    assert.ok(isFound(), `${fault} was not found, but ${Object.keys(found)}`);
  }
});

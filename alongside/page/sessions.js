// The engine of the planner: answers in, a plan out. It knows no page; tests/browser/sessions.test.mjs tries it on every
// combination of answers, with rules of its own.
//
// A plan is {answers, rows, cuts, blocks, hand}; `hand` is what was changed by hand, {id of a row: its minutes, 0 where it was left out}. A row is {id, kind: "opening" | "step" | "break" | "closing", base, extra,
// minutes, step, block, slips, at}: `minutes` is `base` and the `extra` that a row tied to the clock asks for; `slips` says that
// what is asked is written on slips, since a manager is there. Where nothing fits, and where a change would break a rule, there is
// {why: code, ...} in place of it, and the page has a sentence for each code.

import { circles, groups } from "./groups.js";

export const LIMITS = { least: 45, most: 240, fewest: 3, people: 16, sitting: 60, opening: 5, closing: 3, lateTalk: 10 };
const USUAL_BREAK = 10;
const LONG_BREAK = 15;
const MEAL = 30;
const SHORT_BREAK = 5;
/** Sessions of this length and more have a meal in them, where there is time for it. */
const WITH_A_MEAL = 180;
/** How many sessions are looked at; how many may stand in one plan, and of these one for so many minutes at most. */
const LOOKED_AT = 8;
const IN_A_PLAN = 4;
const MINUTES_FOR_ONE = 45;
/** What speaks for a choice of sessions, in minutes of a session: it is about what hurts first, it is about more of that. */
const FOR_THE_FIRST = 70;
const FOR_ANOTHER = 60;
/** It is the lesson where to begin, or its exercise; both of them; and what speaks against: what nobody
 * asked for, a cut, and, unless there are hours to fill, more practices than sentences. */
const WHERE_TO_BEGIN = 20;
const TOGETHER = 12;
const NOT_ASKED_FOR = 24;
const ANOTHER_PRACTICE = 14;
const OF_A_CUT = 2.5;
const NOTES = [20, 10, 5, 1];
const ABSENT = -1;

/** @typedef {any} Plan */

// --- groups ----------------------------------------------------------------------------------------

/** How many people sit in each circle: one up to twelve people, else two. */
export const circlesOf = circles;

/** The sizes of the groups in which exactly so many people sit. Empty where people are alone or all together. */
export const groupsOf = (/** @type {string} */ grouping, /** @type {number} */ people) => groups(people, grouping);

// --- what a session is for these answers ---------------------------------------------------------------

/** Managers are there the whole time, or nobody has agreed on it yet. */
const watched = ({ managers }) => managers === "whole" || managers === "ask";

/** A session with the minutes that it takes with an interpreter, and with what a manager's presence leaves of it. */
function variant(session, answers) {
  const slips = session.paper.includes("slips");
  const steps = [];
  for (const step of session.steps) {
    const onSlips = step.managers && watched(answers);
    if (onSlips && !slips) continue;
    const minutes = answers.interpreter ? Math.max(step.minutes, Math.ceil(step.takes + step.reads - 1e-6)) : step.minutes;
    steps.push({ step, minutes, slips: onSlips });
  }
  const cuts = [];
  for (const [id, saves] of session.cut) {
    const found = steps.find(({ step }) => step.id === id);
    if (found) cuts.push({ id: session.id + "/" + id, saves: saves === found.step.minutes ? found.minutes : saves });
  }
  return {
    session,
    steps,
    cuts,
    usual: steps.reduce((sum, { minutes }) => sum + minutes, 0),
    saves: cuts.reduce((sum, { saves }) => sum + saves, 0),
  };
}

/** Whether what a session needs on paper, or on a screen in its place, can be there. Slips are torn from any paper. */
const canBeShown = (session, { gear }) =>
  !session.paper.some((one) => one !== "slips") || gear.printer || gear.projector || gear.phones || gear.device;

/** What a session needs that is not there, as codes; empty where it can be offered. */
export function missing(session, answers) {
  const circles = circlesOf(answers.people);
  const found = [];
  if (session.days > answers.days) found.push("days");
  if (session.charge && answers.managers === "not" && !answers.charge) found.push("charge");
  if (session.second && !answers.second) found.push("second");
  if (session.second && answers.second && circles.length > 1) found.push("circle");
  if (!canBeShown(session, answers)) found.push("paper");
  if (circles.some((people) => people < session.group[0] || people > session.group[1])) found.push("group");
  return found;
}

// --- which sessions --------------------------------------------------------------------------------------

/**
 * The sessions for what hurts, the best first: [{session, need, first}]; `first` where it is of the lesson
 * where to begin, and `need` is ABSENT where one only fills time. */
function candidates(data, answers) {
  const byLesson = new Map();
  for (const one of data.sessions) {
    if (!byLesson.has(one.lesson)) byLesson.set(one.lesson, []);
    byLesson.get(one.lesson).push(one);
  }
  const found = [];
  const put = (lesson, need, first) => {
    for (const session of byLesson.get(lesson) || []) {
      if (session.id === data.conversation || answers.without.includes(session.id)) continue;
      if (!found.some((one) => one.session === session)) found.push({ session, need, first });
    }
  };
  const chosen = answers.needs.map((need) => data.needs[need].lessons);
  for (let at = 0; at < 4; at += 1) chosen.forEach((lessons, need) => lessons[at] && put(lessons[at], need, at === 0));
  for (const { session } of [...found]) for (const name of session.next) put(name, ABSENT, false);
  return found;
}

/** Subsets of so many candidates, as lists of places, kept for good. */
const subsets = Array.from({ length: LOOKED_AT + 1 }, (_, many) => {
  const all = [];
  for (let mask = 1; mask < 1 << many; mask += 1) {
    const places = [];
    for (let at = 0; at < many; at += 1) if (mask & (1 << at)) places.push(at);
    if (places.length <= IN_A_PLAN) all.push(places);
  }
  return all;
});

/** How good a choice of sessions is for the time that there is; undefined where they can't fit into it. */
function worth(some, places, budget, asked) {
  let usual = 0;
  let saves = 0;
  let value = 0;
  const covered = new Set();
  const begun = new Set();
  let practices = 0;
  places.forEach((at, place) => {
    const { need, fits, session, first } = some[at];
    usual += fits.usual;
    saves += fits.saves;
    value -= 2 * at + (need === ABSENT ? NOT_ASKED_FOR : 0);
    if (need !== ABSENT) covered.add(need);
    if (first) begun.add(need);
    if (place && some[places[place - 1]].session.lesson === session.lesson) value += TOGETHER;
    else practices += 1;
  });
  if (covered.size === 0) return undefined;
  const breaks = budget.rest * (places.length - 1) + budget.meal;
  const cut = Math.max(0, usual + breaks - budget.minutes);
  if (cut > saves) return undefined;
  for (let need = 0; need < asked; need += 1) {
    if (covered.has(need)) value += need === 0 ? FOR_THE_FIRST : FOR_ANOTHER;
    if (begun.has(need)) value += WHERE_TO_BEGIN;
  }
  if (!budget.meal) value -= ANOTHER_PRACTICE * Math.max(0, practices - asked);
  return value + usual - OF_A_CUT * cut;
}

// --- rows --------------------------------------------------------------------------------------------------

const rowOf = (id, kind, base, rest) => ({ id, kind, base, extra: 0, minutes: base, step: null, block: ABSENT, slips: false, at: null, ...rest });
const breakRow = (base) => rowOf("break", "break", base, {});

/** All rows' minutes together. */
export const sumOf = (rows) => rows.reduce((sum, row) => sum + row.minutes, 0);

/** Minutes from the beginning until each row. */
export function startsOf(rows) {
  let at = 0;
  return rows.map(({ minutes }) => (at += minutes) - minutes);
}

/** The rows between two breaks, as [first, last]. */
function sittings(rows) {
  const found = [];
  let first = 0;
  rows.forEach((row, at) => {
    if (row.kind !== "break") return;
    if (at > first) found.push([first, at - 1]);
    first = at + 1;
  });
  if (first < rows.length) found.push([first, rows.length - 1]);
  return found;
}

/** Whether a break may stand after a row: where the lesson says so (2), between two sections or sessions (1), else not (0). */
function restAfter(rows, at) {
  const row = rows[at];
  const next = rows[at + 1];
  if (!next || row.kind !== "step" || next.kind !== "step") return 0;
  if (row.step.break) return 2;
  return row.block !== next.block || row.step.section !== next.step.section ? 1 : 0;
}

/** Puts breaks in until nobody sits too long; false where there is no place for one. */
function rest(rows, pause) {
  for (let tries = 0; tries < 12; tries += 1) {
    const long = sittings(rows).find(([first, last]) => sumOf(rows.slice(first, last + 1)) > LIMITS.sitting);
    if (!long) return true;
    const [first, last] = long;
    const whole = sumOf(rows.slice(first, last + 1));
    let best = ABSENT;
    let bestValue = -LIMITS.most;
    let before = 0;
    for (let at = first; at < last; at += 1) {
      before += rows[at].minutes;
      const allowed = restAfter(rows, at);
      if (!allowed || before > LIMITS.sitting) continue;
      const enough = whole - before <= LIMITS.sitting;
      const value = (enough ? 1000 + (allowed === 2 ? 500 : 0) - Math.abs(whole / 2 - before) : before);
      if (value > bestValue) [best, bestValue] = [at, value];
    }
    if (best === ABSENT) return false;
    rows.splice(best + 1, 0, breakRow(pause));
  }
  return false;
}

const TALKING = new Set(["pairs", "threes", "fours", "line", "wall", "walk"]);
/** Whether people discuss in a step. */
export const talks = (step) => TALKING.has(step.grouping) || (step.grouping === "all" && step.work >= 2);

const isStep = (row) => row?.kind === "step";

/** The first rule that rows break, as a code, or "". */
export function broken(rows, minutes) {
  const whole = sumOf(rows);
  if (whole > minutes) return "full";
  if (rows[0].kind !== "opening" || rows[0].minutes < LIMITS.opening) return "opening";
  if (rows.at(-1).kind !== "closing" || rows.at(-1).minutes < LIMITS.closing) return "closing";
  for (const [first, last] of sittings(rows)) if (sumOf(rows.slice(first, last + 1)) > LIMITS.sitting) return "sitting";
  if (rows.some(({ kind }, at) => kind === "break" && !(isStep(rows[at - 1]) && isStep(rows[at + 1])))) return "break";
  const begun = new Set();
  const starts = startsOf(rows);
  for (const [at, row] of rows.entries()) {
    if (row.kind !== "step" || begun.has(row.block) || !talks(row.step)) continue;
    begun.add(row.block);
    if (starts[at] > whole - LIMITS.lateTalk) return "lateTalk";
  }
  return "";
}

/** The rows of these sessions, after so many of the cuts were made. */
function layOut(data, answers, blocks, cuts, made, pause = USUAL_BREAK) {
  const opening = openingOf(data, answers);
  const rows = [rowOf("opening", "opening", opening, {})];
  const cutBy = new Map(cuts.slice(0, made).map(({ id, saves }) => [id, saves]));
  blocks.forEach(({ session, steps }, block) => {
    if (block) rows.push(breakRow(pause));
    for (const { step, minutes, slips } of steps) {
      const id = session.id + "/" + step.id;
      const left = minutes - (cutBy.get(id) || 0);
      if (left > 0) rows.push(rowOf(id, "step", left, { step, block, slips }));
    }
  });
  rows.push(rowOf("closing", "closing", LIMITS.closing, {}));
  return rest(rows, pause) ? rows : null;
}

/** Minutes of the opening: reading aloud takes twice its minutes with an interpreter. */
const openingOf = (data, { interpreter }) => Math.ceil(data.opening.minutes + (interpreter ? data.opening.reads : 0));

/** What can be left out, in order: the last session's first cut, that of the one before it, and so on. */
function cutsOf(blocks) {
  const found = [];
  const most = Math.max(0, ...blocks.map(({ cuts }) => cuts.length));
  for (let at = 0; at < most; at += 1)
    for (const { cuts } of [...blocks].reverse()) if (cuts[at]) found.push(cuts[at]);
  return found;
}

/** Time that is left over goes to the breaks: a meal in a long session, and a quarter of an hour each. */
function spread(rows, minutes) {
  const breaks = rows.filter(({ kind }) => kind === "break");
  let left = Math.max(0, minutes - sumOf(rows));
  const lengthen = (row, to) => {
    const more = Math.min(left, to - row.base);
    if (more <= 0) return;
    row.base += more;
    row.minutes += more;
    left -= more;
  };
  if (minutes >= WITH_A_MEAL && breaks.length) lengthen(breaks[Math.floor(breaks.length / 2)], MEAL);
  for (const row of breaks) lengthen(row, LONG_BREAK);
}

/** How long breaks are meant to be, and how much longer one of them is for a meal. */
const pausesOf = ({ minutes }) =>
  minutes >= WITH_A_MEAL ? { rest: LONG_BREAK, meal: MEAL - LONG_BREAK } : { rest: USUAL_BREAK, meal: 0 };

/** A plan of these sessions, or null where they don't fit. */
function planOf(data, answers, blocks) {
  const cuts = cutsOf(blocks);
  const { rest: pause, meal } = pausesOf(answers);
  for (const [each, extra] of pause === USUAL_BREAK ? [[USUAL_BREAK, 0]] : [[pause, meal], [USUAL_BREAK, 0]]) {
    for (let made = 0; made <= cuts.length; made += 1) {
      const rows = layOut(data, answers, blocks, cuts, made, each);
      if (!rows || sumOf(rows) + extra > answers.minutes) continue;
      spread(rows, answers.minutes);
      if (broken(rows, answers.minutes)) continue;
      return { answers, rows, cuts: cuts.slice(made), blocks: blocks.map(({ session }) => session), hand: {} };
    }
  }
  return null;
}

// --- a plan --------------------------------------------------------------------------------------------------

const BETWEEN = [
  ["minutes", LIMITS.least, LIMITS.most],
  ["people", LIMITS.fewest, LIMITS.people],
];

/** What about the answers makes no sense, as {why, ...}, or null. */
export function nonsense({ minutes, people, needs, days, start }) {
  const numbers = { minutes, people };
  for (const [name, least, most] of BETWEEN) {
    const value = numbers[name];
    if (value === null || value === undefined || value === "") return { why: "no_" + name };
    if (!Number.isInteger(value)) return { why: "odd_" + name };
    if (value < least) return { why: "few_" + name, count: value };
    if (value > most) return { why: "many_" + name, count: value };
  }
  if (start !== null && !(Number.isInteger(start) && start >= 0 && start < 24 * 60)) return { why: "odd_start" };
  if (!Number.isInteger(days) || days < 0) return { why: "odd_days" };
  if (people > 5 && needs.length === 0) return { why: "no_needs" };
  return null;
}

/**
 * The plan for these answers, or why there is none.
 *
 * answers: {minutes, start: minutes of the day or null, people, gear: {printer, projector, phones, device}, interpreter,
 * managers: "not" | "whole" | "end" | "ask", charge: nobody in charge comes, and somebody said what may be decided; needs: [places in data.needs], second, days, without: [ids of sessions]}.
 * @returns {Plan}
 */
export function planFor(data, given) {
  const answers = { without: [], start: null, interpreter: false, charge: false, ...given };
  const odd = nonsense(answers);
  if (odd) return odd;
  if (answers.people <= 5) {
    const talk = data.sessions.find(({ id }) => id === data.conversation);
    if (!talk) return { why: "nothing_else" };
    const fits = variant(talk, answers);
    return planOf(data, answers, [fits]) || { why: "short", least: leastOf(data, answers, fits), session: talk };
  }
  const all = candidates(data, answers);
  const some = [];
  for (const one of all) {
    if (some.length < LOOKED_AT && missing(one.session, answers).length === 0)
      some.push({ ...one, fits: variant(one.session, answers) });
  }
  const budget = { minutes: answers.minutes - openingOf(data, answers) - LIMITS.closing, ...pausesOf(answers) };
  const most = Math.max(1, Math.floor(answers.minutes / MINUTES_FOR_ONE));
  /** @type {[number, number[]][]} */
  const choices = [];
  for (const places of subsets[some.length]) {
    if (places.length > most) continue;
    const value = worth(some, places, budget, answers.needs.length);
    if (value !== undefined) choices.push([value, places]);
  }
  choices.sort((a, b) => b[0] - a[0]);
  for (const [, places] of choices) {
    const plan = planOf(data, answers, places.map((at) => some[at].fits));
    if (plan) return plan;
  }
  return noPlan(data, answers, all.filter(({ need }) => need !== ABSENT));
}

/** The fewest minutes that a session takes, with everything left out that can be. */
function leastOf(data, answers, fits) {
  const rows = layOut(data, answers, [fits], fits.cuts, fits.cuts.length);
  return rows ? sumOf(rows) : LIMITS.most + 1;
}

/** Why nothing fits: of the sessions for what hurts, the one that lacks least, and what it lacks. */
function noPlan(data, answers, own) {
  let best = null;
  for (const { session } of own) {
    /** @type {string[]} */
    const lacks = missing(session, answers);
    const least = leastOf(data, answers, variant(session, answers));
    if (least > answers.minutes) lacks.push("minutes");
    if (!best || lacks.length < best.lacks.length) best = { why: "lacks", session, lacks, least };
  }
  return best || { why: "nothing_else" };
}

// --- changes ---------------------------------------------------------------------------------------------------

/** A plan with other rows: its ties to the clock are kept, and so are all rules. Else {why}. */
function changed(plan, rows, made = plan.cuts) {
  const next = { ...plan, rows: rows.map((row) => ({ ...row, extra: 0, minutes: row.base })), cuts: made };
  const late = settle(next);
  if (late) return late;
  const why = broken(next.rows, plan.answers.minutes);
  return why ? { why, left: plan.answers.minutes - sumOf(plan.rows) } : next;
}

/** Lengthens or shortens what stands before each row that is tied, so that it begins at its time. */
function settle(plan) {
  const { rows, answers } = plan;
  let from = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row.at === null) continue;
    const begins = row.at - answers.start;
    let gap = begins - startsOf(rows)[at];
    if (gap < 0) gap = hurry(plan, from, at, gap);
    const now = plan.rows.indexOf(row);
    if (gap < 0) return { why: "too_early", earliest: answers.start + startsOf(plan.rows)[now] };
    if (gap > 0 && now === 0) return { why: "too_late" };
    if (gap > 0) {
      const before = plan.rows.slice(from, now);
      const longer = before.reverse().find(({ kind }) => kind === "break") || plan.rows[now - 1];
      longer.extra += gap;
      longer.minutes += gap;
    }
    at = now;
    from = now;
  }
  // What comes after the last tied row makes room, if it has to.
  const over = sumOf(rows) - answers.minutes;
  if (over > 0) hurry(plan, from, rows.length, -over);
  return null;
}

/** Takes minutes from rows between two places, by shorter breaks first, then by the cuts, and only then by a shorter meal or another
 * break that is tied. Gives back what is left. */
function hurry(plan, from, to, gap) {
  const { rows } = plan;
  const some = rows.slice(from, to);
  const shorten = (breaks) => {
    for (const row of breaks) {
      const less = Math.min(-gap, row.base - SHORT_BREAK);
      if (less <= 0) continue;
      row.base -= less;
      row.minutes -= less;
      gap += less;
    }
  };
  const breaks = some.filter(({ kind }) => kind === "break");
  shorten(breaks.filter(({ at }) => at === null));
  for (const cut of [...plan.cuts]) {
    if (gap >= 0) break;
    const row = some.find(({ id, at }) => id === cut.id && at === null);
    if (!row) continue;
    const less = Math.min(cut.saves, row.base);
    row.base -= less;
    row.minutes -= less;
    gap += less;
    plan.cuts = plan.cuts.filter((one) => one !== cut);
    if (row.base === 0) rows.splice(rows.indexOf(row), 1);
  }
  shorten(breaks.filter(({ at }) => at !== null));
  return gap;
}

/** The fewest minutes of a row. */
function floorOf(plan, row) {
  if (row.kind === "opening") return LIMITS.opening;
  if (row.kind === "closing") return LIMITS.closing;
  if (row.kind === "break") return SHORT_BREAK;
  const { takes, reads } = row.step;
  return Math.max(1, Math.ceil(takes + (plan.answers.interpreter ? reads : 0) - 1e-6));
}

/** Why a row can't be shorter, as a code. */
const SHORTEST = { opening: "opening", closing: "closing", break: "short_break", step: "floor" };

/** A plan that remembers what was changed in it by hand. Breaks have no ids of their own. */
function byHand(plan, row, minutes) {
  if (!plan.why && row.kind !== "break") plan.hand = { ...plan.hand, [row.id]: minutes };
  return plan;
}

/** A plan with a row of other minutes, its part of a tie to the clock aside. */
const lasting = (plan, row, base) => byHand(changed(plan, plan.rows.map((one) => (one === row ? { ...one, base } : one))), row, base);

/** Five minutes more or less for a row, or as many of them as can be. */
export function nudge(plan, at, by) {
  const row = plan.rows[at];
  const left = plan.answers.minutes - sumOf(plan.rows);
  const wanted = by < 0 ? Math.max(by, Math.min(0, floorOf(plan, row) - row.base)) : Math.min(by, left);
  if (wanted === 0) return { why: by < 0 ? SHORTEST[row.kind] : "full", left };
  return lasting(plan, row, row.base + wanted);
}

/** A plan without a row. */
export function leaveOut(plan, at) {
  const row = plan.rows[at];
  if (row.kind === "opening" || row.kind === "closing") return { why: row.kind };
  const rows = plan.rows.filter((one) => one !== row);
  if (!rows.some(({ kind }) => kind === "step")) return { why: "last" };
  // Two breaks one after the other, or one beside the door, are one break too many.
  const kept = rows.filter(
    (one, place) =>
      one.kind !== "break" || (isStep(rows[place - 1]) && isStep(rows[place + 1])) || one.at !== null,
  );
  return byHand(changed(plan, kept, plan.cuts.filter(({ id }) => id !== row.id)), row, 0);
}

/** A plan with what was changed by hand in an earlier one, as far as it has the same rows and keeps all rules; `untied` counts what is
 * fixed to the clock no longer. */
function carriedOver(plan, earlier) {
  const attempt = (next) => (next.why ? false : Boolean((plan = next)));
  for (const [id, minutes] of Object.entries(earlier.hand).sort(([, one], [, other]) => one - other)) {
    const at = plan.rows.findIndex((row) => row.id === id);
    if (at >= 0) attempt(minutes ? lasting(plan, plan.rows[at], minutes) : leaveOut(plan, at));
  }
  let untied = 0;
  for (const row of earlier.rows) {
    if (row.at === null) continue;
    const starts = startsOf(plan.rows);
    const far = (at) => Math.abs(earlier.answers.start + starts[at] - row.at);
    // Of breaks, the one that is nearest to its time.
    const [at = ABSENT] = [...plan.rows.keys()].filter((one) => plan.rows[one].id === row.id && plan.rows[one].at === null).sort((one, other) => far(one) - far(other));
    if (at < 0 || !attempt(tie(plan, at, row.at))) untied += 1;
  }
  return { ...plan, untied };
}

/** Another session in the place of the one that a row belongs to. What was changed by hand in the others, and what is fixed to the
 * clock, stays where it can; `untied` counts what can't. */
export function swap(data, plan, at) {
  const { block } = plan.rows[at];
  if (block === ABSENT || plan.blocks[block].id === data.conversation) return { why: "nothing_else" };
  const without = [...plan.answers.without, plan.blocks[block].id];
  const next = planFor(data, { ...plan.answers, without });
  return next.why ? { why: "nothing_else" } : carriedOver(next, plan);
}

/** A row tied to the clock; null unties it. A break goes to the place that is nearest to its time. Where people would then sit too long,
 * the breaks that are not tied are laid anew around it. */
export function tie(plan, at, clock) {
  const row = { ...plan.rows[at], at: clock };
  if (plan.answers.start === null) return { why: "no_start" };
  let rows = plan.rows.map((one, place) => (place === at ? row : one));
  if (clock !== null) {
    const begins = clock - plan.answers.start;
    if (begins < 0 || begins > plan.answers.minutes) return { why: "outside" };
    if (row.kind === "break") rows = moved(rows, row, begins);
  }
  const next = changed(plan, rows);
  if (next.why !== "sitting") return next;
  let best = next;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const some of aroundTied(rows, row)) {
    const other = changed(plan, some);
    const cost = other.why ? Number.POSITIVE_INFINITY : costOf(plan, other);
    if (cost < bestCost) [best, bestCost] = [other, cost];
  }
  return best;
}

/** Rows with a tied row, where it may stand, and with breaks that are laid anew around it: some ways. */
function aroundTied(rows, row) {
  const others = rows.filter((one) => one !== row && (one.kind !== "break" || one.at !== null));
  const places = row.kind === "break" ? [...others.keys()].filter((at) => at > 0 && restAfter(others, at - 1)) : [others.findIndex((one) => isAfter(rows, one, row))];
  const ways = places.flatMap((at) => [LONG_BREAK, USUAL_BREAK, SHORT_BREAK].map((pause) => ({ pause, some: [...others.slice(0, at), row, ...others.slice(at)] })));
  return ways.filter(({ pause, some }) => rest(some, pause)).map(({ some }) => some);
}

const isAfter = (rows, one, row) => rows.indexOf(one) > rows.indexOf(row);

/** What a change costs: minutes by which rows are made longer only to wait, minutes that are cut, and minutes of breaks that are gone, most
 * of all of one that is tied: a meal is a meal. */
function costOf(plan, next) {
  const added = (some, of) => some.reduce((sum, one) => sum + of(one), 0);
  const breaks = (rows) => added(rows, ({ kind, minutes }) => (kind === "break" ? minutes : 0));
  const cuts = added(plan.cuts, ({ saves }) => saves) - added(next.cuts, ({ saves }) => saves);
  const tied = (row) => (row.kind === "break" && row.at !== null ? row.minutes : 0);
  const meal = Math.max(0, added(plan.rows.filter(({ kind, minutes }) => kind === "break" && minutes >= MEAL), () => MEAL) - added(next.rows, tied));
  return added(next.rows, ({ extra, kind }) => (kind === "break" ? extra : 2 * extra)) + 2 * cuts + 3 * meal + Math.max(0, breaks(plan.rows) - breaks(next.rows));
}

/** Rows with a break moved to where it begins at its time, or as shortly before it as can be. */
function moved(rows, row, begins) {
  const others = rows.filter((one) => one !== row);
  const starts = startsOf(others);
  let best = ABSENT;
  for (let at = 1; at < others.length; at += 1) {
    const may = restAfter(others, at - 1) && others[at].kind === "step";
    if (may && starts[at] <= begins) best = at;
  }
  if (best === ABSENT) return rows;
  return [...others.slice(0, best), row, ...others.slice(best)];
}

// --- what a plan says beside its rows ---------------------------------------------------------------------------

/** Where managers come in: at the last section's first row, leaving the round at the end aside; ABSENT where they don't. */
export function managersComeIn(plan) {
  if (plan.answers.managers !== "end") return ABSENT;
  const { rows } = plan;
  const last = rows.filter(({ kind }) => kind === "step").at(-1).block;
  const own = rows.filter(({ block }) => block === last);
  const section = (own.filter(({ step }) => !step.closes).at(-1) || own.at(-1)).step.section;
  return rows.findIndex((row) => row.block === last && row.step.section === section);
}

/** What is left out when a session is so many minutes late: cuts, in order, until they save about as much. */
export function whenLate(plan, minutes) {
  const found = [];
  let saved = 0;
  for (const cut of plan.cuts) {
    if (saved >= 0.8 * minutes) break;
    if (!plan.rows.some(({ id }) => id === cut.id)) continue;
    found.push(cut);
    saved += cut.saves;
  }
  return { cuts: found, saved };
}

/**
 * What is printed: [{what: "run" | "opening" | "story" | "cards" | "slips", session, sheets}], the minutes of cutting, and how many slips are torn
 * from any paper: for what is written and not said, and for votes where nothing is printed. The first page of a session's file with
 * cards or slips says how often each other page is printed. */
export function sheetsOf(data, plan) {
  const { gear, people } = plan.answers;
  const circles = circlesOf(people);
  const votes = plan.rows.filter(({ step }) => step && step.vote !== "none").length;
  const written = plan.rows.filter(({ step, slips }) => slips && step.vote === "none").length;
  if (!gear.printer) return { items: [], sheets: 0, cutting: 0, torn: people * (written + votes) };
  const shown = gear.projector || gear.device;
  const items = ["run", "opening"].map((what) => ({ what, session: null, sheets: circles.length }));
  let cuts = 0;
  plan.blocks.forEach((session, block) => {
    const steps = plan.rows.filter((row) => row.block === block).map(({ step }) => step.id);
    if (steps.length === 0) return;
    if (session.paper.includes("story") && !shown) items.push({ what: "story", session, sheets: session.story * circles.length });
    const needed = session.cut_up.filter((one) => (one.steps.length ? one.steps.some((id) => steps.includes(id)) : !gear.phones));
    const count = (...kinds) =>
      needed.reduce((sum, { kind, pages, each, cuts: eachCuts }) => {
        if (!kinds.includes(kind)) return sum;
        // Slips go around by people; a set of cards, and what hangs on the wall, belong to a circle.
        const copies = kind === "slips" ? Math.ceil(people / each) : circles.reduce((all, size) => all + (each ? Math.ceil(size / each) : 1), 0);
        cuts += eachCuts * pages * copies;
        return sum + pages * copies;
      }, 0);
    const sheets = { cards: count("cards", "piles"), slips: count("slips", "options") };
    const [first] = Object.keys(sheets).filter((what) => sheets[what]);
    for (const what of ["cards", "slips"]) if (sheets[what]) items.push({ what, session, sheets: sheets[what] + (what === first ? 1 : 0) });
  });
  return {
    items,
    sheets: items.reduce((all, { sheets }) => all + sheets, 0),
    cutting: Math.ceil((cuts * data.seconds_a_cut) / 60),
    torn: people * written,
  };
}

/** An amount for each of so many people, in notes that each can be handed: {total, notes: [[note, how many]]}. */
export function inSmallNotes(amount, people) {
  let left = amount;
  const notes = [];
  for (const note of NOTES) {
    const each = Math.floor(left / note);
    left -= each * note;
    if (each) notes.push([note, each * people]);
  }
  return { total: amount * people, notes };
}

/** Where what a step shows is: "paper" where it is printed, else "screen", "phones", "device", or "" where nothing is there. */
export function shownOn({ printer, projector, phones, device }, what) {
  if (printer && (what === "cards" ? !phones : !projector && !device)) return "paper";
  return projector ? "screen" : what === "cards" && phones ? "phones" : device ? "device" : phones ? "phones" : "";
}

const two = (number) => String(number).padStart(2, "0");
/** Minutes of a day as a clock shows them. */
export const clockOf = (minutes) => two(Math.floor((((minutes % 1440) + 1440) % 1440) / 60)) + ":" + two(((minutes % 60) + 60) % 60);

/** A text like 10:30, 9.05 or 14 as minutes of the day; null for an empty one, NaN for any other. */
export function minutesOf(text) {
  if (text.trim() === "") return null;
  const found = /^\s*(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?\s*m\.?)?\s*$/i.exec(text);
  if (!found || Number(found[1]) > 23 || Number(found[2] || 0) > 59) return Number.NaN;
  const [hours, minutes, half] = [Number(found[1]), Number(found[2] || 0), (found[3] || "").toLowerCase()];
  if (half && (hours < 1 || hours > 12)) return Number.NaN;
  return (half ? (hours % 12) + (half === "p" ? 12 : 0) : hours) * 60 + minutes;
}

/** What the big screen is handed: ids and minutes, and nobody's words. */
export function forScreen(plan) {
  const { start, people } = plan.answers;
  return {
    alongside_plan: 1,
    start: start === null ? null : clockOf(start),
    people,
    rows: plan.rows.map(({ id, minutes, at, slips }) => ({ id, minutes, ...(at === null ? {} : { at: clockOf(at) }), ...(slips ? { slips } : {}) })),
    cuts: plan.cuts
      .filter((cut) => plan.rows.some(({ id }) => id === cut.id))
      .map(({ id, saves }) => ({ id, saves })),
  };
}

/** The same as the end of an address. All of it is ASCII. */
export const asFragment = (value) => btoa(JSON.stringify(value)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

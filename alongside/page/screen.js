// The big screen: one step at a time, for a whole room. Nothing can be written here. What is shown stands in the page's
// templates, without a sentence that only the person who leads reads; which of it, and for how long, says a plan in the
// address behind "#", or the name of one lesson there. Keys and a few buttons lead on, and story choices have numbers,
// since people show them with their fingers, and since the letters are taken: B makes the screen dark.
//
// What this tab keeps of it, in sessionStorage under one name: where the room is, and times. No words of anybody.

import { isRecord, listOf } from "./answers.js";
import { beginning, MINUTE, offer, planned, shortened, standing, tiedTo } from "./clock.js";
import { button, h } from "./dom.js";
import { enlarge, screens } from "./fit.js";
import { circles, groups } from "./groups.js";
import { readPlan } from "./plan-link.js";
import { say, tongue } from "./words.js";

const PLACE = "alongside.screen";
const REST = 10; // minutes, until somebody says otherwise
const A_MEAL = 25; // minutes, and more: the planner calls such a break so
const MORE = 5;
const LAST = 9999; // a page number that no step has: its last one
const FEWEST_PEOPLE = 3;
const MOST_PEOPLE = 40;
const USUAL_PEOPLE = 8;
const SLEPT = 2 * MINUTE; // a row that ended longer ago than this was slept through
const SLIP = MINUTE / 2; // a row that was left again by going back before that was come to by a slip, and has not begun
const ANOTHER_DAY = 12 * 60 * MINUTE; // a session that began longer ago is over, and this tab was kept or brought back

/**
 * @typedef {object} Part one row of a session
 * @property {string} id
 * @property {string} lesson its id, or ""
 * @property {string} title
 * @property {string} of the lesson's title, or ""
 * @property {number} minutes
 * @property {string} at
 * @property {string} grouping
 * @property {string} vote
 * @property {boolean} slips what is asked is written, since a manager is there
 * @property {DocumentFragment | Element} home where its blocks stand
 *
 * @typedef {object} Shown
 * @property {Element[]} nodes
 * @property {number | null} pick which choice of a story's way is made here
 */

/** What is kept: see `fresh`. @type {any} */
let kept = null;
/** @type {Part[]} */
let parts = [];
/** @type {{row: number, saves: number}[]} */
let cuts = [];
let planStart = "";
let gone = 0;
let trouble = "";
/** What stands over the step: "", "late" or "pause". */
let over = "";
/** Whether "on" was pressed once at a choice of a story. */
let asked = false;
/** @type {Shown[]} */
let pages = [];

/** @param {string} of the fragment that it belongs to */
const fresh = (of) => ({
  of,
  people: 0, // 0: not said
  auto: false, // goes on by itself
  begun: null,
  meant: 0, // when all was meant to end
  row: -1, // -1: before the first
  page: 0,
  was: [0, 0], // row and page from which the first screen was called up
  held: false, // somebody went back, or to the first screen, so it waits for a press, also where it goes on by itself
  entered: {},
  extra: {}, // milliseconds by row
  left: [], // rows of cuts that are left out
  pause: null, // {since, back}
  ways: {}, // of stories, by row: ids of choices
  gentle: [], // lessons whose gentler story is told
});

const fragment = () => location.hash.slice(1);

function remember() {
  try {
    window.sessionStorage.setItem(PLACE, JSON.stringify(kept));
  } catch (refused) {
    // blocked by the browser's settings: a reload then begins anew
  }
}

/** @param {string} of */
function recall(of) {
  try {
    const found = JSON.parse(window.sessionStorage.getItem(PLACE) || "null");
    if (isRecord(found) && found.of === of) {
      const { people = 0, auto = false, gentle = [] } = found;
      return Date.now() - found.begun > ANOTHER_DAY ? { ...fresh(of), people, auto, gentle } : { ...fresh(of), ...found };
    }
  } catch (unreadable) {
    // begins anew
  }
  return fresh(of);
}

/** @param {string} selector */
const template = (selector) => /** @type {HTMLTemplateElement | null} */ (document.querySelector("template" + selector));

// --- what is played ---

/**
 * @param {string} id
 * @param {number} [minutes]
 * @param {string} [at]
 * @param {boolean} [slips]
 * @returns {Part | null} null for one that is not in this edition
 */
function partOf(id, minutes, at = "", slips = false) {
  const own = template(`[data-own="${id}"]`);
  if (own) {
    const { title = "", minutes: usual } = own.dataset;
    const given = minutes === undefined ? Number(usual) : minutes;
    const name = id === "break" && given >= A_MEAL ? say("screen.meal") : title;
    return { id, lesson: "", title: name, of: "", minutes: given, at, grouping: "", vote: "none", slips: false, home: own.content };
  }
  const [lesson, step] = id.replace(/^circle\//, "exercise-21-survey-read/").split("/");
  const home = template(`[data-title][id="${lesson}"]`);
  const section = /** @type {HTMLElement | null} */ (home && step && home.content.querySelector(`[data-step="${step}"]`));
  if (!home || !section) return null;
  const { section: title = "", minutes: usual, grouping = "", vote = "none" } = section.dataset;
  const given = minutes === undefined ? Number(usual) : minutes;
  return { id, lesson, title, of: home.dataset.title || "", minutes: given, at, grouping, vote, slips, home: section };
}

/**
 * The usual steps of one lesson, as a plan.
 * @param {HTMLTemplateElement} home
 */
function usual(home) {
  const lesson = home.id;
  const steps = [...home.content.querySelectorAll("[data-step]")].map((one) => `${lesson}/${/** @type {HTMLElement} */ (one).dataset.step}`);
  const saved = (home.dataset.cuts || "").split(" ").filter(Boolean);
  return {
    start: "",
    people: 0,
    rows: ["opening", ...steps, "closing"].map((id) => ({ id, minutes: undefined, at: "", slips: false })),
    cuts: saved.map((one) => ({ id: `${lesson}/${one.split(":")[0]}`, saves: Number(one.split(":")[1]) })),
  };
}

/** Reads the address. */
function load() {
  const of = fragment();
  const home = /^[\w-]+$/.test(of) ? template(`[data-title][id="${of}"]`) : null;
  const plan = home ? usual(home) : of ? readPlan(of) : null;
  const found = plan ? plan.rows.map(({ id, minutes, at, slips }) => partOf(id, minutes, at, slips)) : [];
  parts = /** @type {Part[]} */ (found.filter((one) => one !== null));
  gone = found.length - parts.length;
  trouble = of && !parts.some(({ lesson }) => lesson) ? say("screen.not_read") : "";
  if (trouble) parts = [];
  if (parts.length > 0 && parts[parts.length - 1].id !== "closing") parts.push(/** @type {Part} */ (partOf("closing", 0)));
  planStart = plan ? plan.start : "";
  cuts = (plan ? plan.cuts : []).map(({ id, saves }) => ({ row: parts.findIndex((one) => one.id === id), saves }));
  cuts = cuts.filter(({ row, saves }) => row >= 0 && saves > 0);
  kept = recall(of);
  if (kept.row >= parts.length) kept = fresh(of);
  if (!kept.people && plan) kept.people = plan.people;
  over = kept.pause ? "pause" : "";
  asked = false;
}

// --- the clock ---

/** @param {number} time */
function clock(time) {
  const format = new Intl.DateTimeFormat(tongue(), { hour: "numeric", minute: "2-digit" });
  // Without AM and PM: everybody in the room knows which half of the day it is.
  const read = format.formatToParts(time).filter(({ type }) => ["hour", "minute"].includes(type));
  return read.map(({ value }) => value).join(":");
}

/** The rows as the clock has them, for a session that begins at `begun`. @param {number} begun */
const rowsFrom = (begun) => parts.map(({ minutes, at }) => ({ minutes, at: tiedTo(at, begun) }));

const hasBegun = () => kept.entered[0] !== undefined;
const isLeft = (/** @type {number} */ row) => kept.left.includes(row);
const rowsNow = () =>
  shortened(
    rowsFrom(kept.begun || Date.now()),
    cuts.filter(({ row }) => isLeft(row)),
  );

/** How it stands, or null before it began. */
function stands() {
  if (kept.begun === null || kept.row < 0) return null;
  const now = Date.now();
  const paused = kept.pause ? Math.max(now, kept.pause.back) - kept.pause.since : 0;
  const extra = (kept.extra[kept.row] || 0) + paused;
  return standing(rowsNow(), { place: kept.row, entered: kept.entered[kept.row], extra, end: kept.meant }, now);
}

/** Begins at a time, and anew where it was begun before: to try it out, or with another group. @param {number} begun */
function begin(begun) {
  Object.assign(kept, { begun, row: -1, entered: {}, extra: {}, left: [], ways: {}, pause: null, held: false, was: [0, 0] });
  kept.meant = planned(rowsFrom(begun), begun).slice(-1)[0].to;
  if (begun <= Date.now()) go(0, 0);
  else draw();
}

/**
 * To a row. Where it ends by the clock, it ended then, unless the computer slept through it.
 * @param {number} row
 * @param {number} page
 * @param {number} [from]
 */
function go(row, page, from) {
  kept.held = row < kept.row;
  kept.was = [0, 0];
  kept.row = row;
  kept.page = page;
  if (row >= 0 && kept.entered[row] === undefined) kept.entered[row] = from === undefined ? Date.now() : from;
  asked = false;
  draw();
}

function more() {
  if (kept.row < 0) return;
  kept.extra[kept.row] = (kept.extra[kept.row] || 0) + MORE * MINUTE;
  remember();
  if (parts[kept.row].id === "break" || over) draw();
  else tick();
}

/** @param {number} minutes */
function pause(minutes) {
  const now = Date.now();
  const since = kept.pause ? kept.pause.since : now;
  const back = kept.pause ? kept.pause.back : now;
  kept.pause = { since, back: Math.max(Math.ceil((back + minutes * MINUTE) / MINUTE) * MINUTE, Math.ceil(now / MINUTE) * MINUTE) };
  over = "pause";
  draw();
}

function goOn() {
  if (kept.pause) {
    kept.extra[kept.row] = (kept.extra[kept.row] || 0) + Date.now() - kept.pause.since;
    kept.pause = null;
  }
  over = "";
  draw();
}

// --- leading on ---

/**
 * The next row into a direction that isn't left out.
 * @param {number} row
 * @param {number} way 1 or -1
 */
function nextRow(row, way) {
  const rows = rowsNow();
  let place = row + way;
  while (place > 0 && place < parts.length && isLeft(place) && rows[place].minutes === 0) place += way;
  return place;
}

function on() {
  if (!parts.length) return;
  if (over === "pause") return goOn();
  if (over) return close();
  if (kept.row < 0 && hasBegun()) return go(kept.was[0], kept.was[1]);
  if (kept.row < 0) return begin(kept.begun === null ? Date.now() : Math.min(kept.begun, Date.now()));
  if (kept.page + 1 < pages.length) return turn(kept.page + 1);
  const page = pages[kept.page];
  if (page && page.pick !== null && !asked) {
    asked = true;
    return draw();
  }
  const row = nextRow(kept.row, 1);
  if (row < parts.length) go(row, 0);
}

function back() {
  if (!parts.length || kept.row < 0) return;
  if (over) return over === "pause" ? goOn() : close();
  if (asked) {
    asked = false;
    return draw();
  }
  if (kept.page > 0) return turn(kept.page - 1);
  const row = nextRow(kept.row, -1);
  unslip();
  go(row, row < 0 ? 0 : LAST);
}

/** A row that somebody came to by a slip, and goes back from, takes none of its minutes yet. */
function unslip() {
  if (kept.row < 1 || Date.now() - kept.entered[kept.row] >= SLIP) return;
  delete kept.entered[kept.row];
  delete kept.extra[kept.row];
}

/** To the first screen, where all can be begun anew. */
function toCover() {
  if (kept.row < 0 || over === "pause") return;
  const was = [kept.row, kept.page];
  over = "";
  unslip();
  kept.row = -1;
  kept.held = true;
  kept.was = was;
  asked = false;
  draw();
}

/** @param {number} page */
function turn(page) {
  kept.page = page;
  asked = false;
  draw();
}

function close() {
  over = "";
  draw();
}

function late() {
  if (kept.row < 0 || kept.begun === null) return;
  over = over === "late" ? "" : "late";
  draw();
}

/** A choice of the story by its number. @param {number} number */
function pick(number) {
  const page = pages[kept.page];
  if (over || !page || page.pick === null) return;
  const at = sceneOf(page.pick);
  const choice = at && at.querySelectorAll("[data-choice]")[number - 1];
  if (!choice) return;
  kept.ways[kept.row] = [...(kept.ways[kept.row] || []).slice(0, page.pick), /** @type {HTMLElement} */ (choice).dataset.choice];
  // Behind all screens of this scene stands what it led to.
  let next = kept.page;
  while (pages[next] && pages[next].pick === page.pick) next += 1;
  turn(next);
}

// --- stories ---

/** The story that is told in a part. @param {Part} part */
function tale(part) {
  const tales = [...part.home.querySelectorAll(".al-tale")];
  return tales[kept.gentle.includes(part.lesson) ? 1 : 0] || tales[0];
}

/**
 * The scene at a depth of the way that was taken in this row; null where the story has ended by then.
 * @param {number} depth
 * @returns {Element | null}
 */
function sceneOf(depth) {
  const story = /** @type {HTMLElement} */ (tale(parts[kept.row]));
  let name = story.dataset.start;
  for (const id of (kept.ways[kept.row] || []).slice(0, depth)) {
    const choice = story.querySelector(`[data-scene="${name}"] > [data-choice="${id}"]`);
    name = choice ? /** @type {HTMLElement} */ (choice).dataset.next : "";
  }
  return story.querySelector(`[data-scene="${name}"]`);
}

/**
 * The screens of a story: its opening, each scene with its choices, and what was chosen led to.
 * @param {Part} part
 * @param {HTMLElement} place
 * @returns {Shown[]}
 */
function told(part, place) {
  const story = tale(part);
  const opening = story.querySelector("[data-opening]");
  /** @type {(nodes: Element[], pick?: number | null) => Shown[]} */
  const shown = (nodes, depth = null) => screens(nodes, place).map((one) => ({ nodes: one, pick: depth }));
  const gentler = part.home.querySelectorAll(".al-tale").length > 1 && opening;
  const other = kept.gentle.includes(part.lesson) ? say("activities.scenario_first") : say("activities.scenario_gentler");
  const found = opening
    ? shown([...opening.children, ...(gentler ? [h("p", {}, h("button", { type: "button", "data-do": "gentle" }, other))] : [])])
    : [];
  const way = kept.ways[kept.row] || [];
  for (let depth = 0; depth <= way.length; depth += 1) {
    const scene = sceneOf(depth);
    if (!scene) {
      found.push(...shown([...(story.querySelector("[data-end]") || story).children]));
      break;
    }
    const choices = [...scene.querySelectorAll(":scope > [data-choice]")];
    const rows = choices.map((one, at) =>
      h("li", {}, h("button", { type: "button", "data-pick": at + 1 }, h("b", {}, String(at + 1)), " ", one.children[0].textContent)),
    );
    found.push(...shown([...scene.querySelectorAll(":scope > p"), h("ol", "al-cards al-choices", rows)], depth));
    const chosen = choices.find((one) => /** @type {HTMLElement} */ (one).dataset.choice === way[depth]);
    if (chosen) found.push(...shown(ledToBy(chosen)));
  }
  return found;
}

/**
 * What a choice led to: what then happens, and what it costs whom.
 * @param {Element} choice its paragraphs are what was said, what then happened, the cost, who gains, who carries the risk
 */
function ledToBy(choice) {
  const [words, then, ...weighed] = [...choice.children];
  const labels = [say("activities.scenario_costs"), say("activities.scenario_gains"), say("activities.scenario_risk")];
  const lines = weighed.map((one, at) => h("p", {}, h("b", {}, labels[at]), " ", one.textContent));
  return [h("p", {}, h("b", {}, words.textContent)), then, ...lines];
}

// --- what is seen ---

/** @param {Part} part */
function howSeated({ grouping, slips }) {
  if (slips) return say("screen.on_slips");
  if (grouping === "pairs" || grouping === "threes" || grouping === "fours") {
    if (!kept.people) return { pairs: say("screen.in_pairs"), threes: say("screen.in_threes"), fours: say("screen.in_fours") }[grouping];
    const sizes = circles(kept.people).flatMap((size) => groups(size, grouping)).sort((one, other) => one - other);
    if (sizes.length === 0) return say("screen.together");
    /** @param {number} size */
    const many = (size) => {
      const count = sizes.filter((one) => one === size).length;
      if (size === 2) return say("screen.pairs", { count });
      return size === 3 ? say("screen.threes", { count }) : say("screen.fours", { count });
    };
    const [first, second] = [...new Set(sizes)].map(many);
    return second ? say("screen.both", { first, second }) : first;
  }
  if (grouping === "alone") return say("screen.alone");
  if (grouping === "line") return say("screen.line");
  if (grouping === "wall") return say("screen.wall");
  if (grouping === "walk") return say("screen.walk");
  return "";
}

const main = () => /** @type {HTMLElement} */ (document.getElementById("alongside-screen"));
const foot = () => /** @type {HTMLElement} */ (document.getElementById("alongside-bar"));

/**
 * The frame of a screen: where this is, and room for what is shown.
 * @param {string} title
 * @param {string} of
 * @param {string} how
 */
function frame(title, of, how) {
  const stage = h("div", "al-stage");
  const count = h("span", "al-count-of");
  const heading = h("h1", { tabindex: "-1" }, title);
  main().replaceChildren(h("header", {}, of && h("p", "al-of", of), heading, h("p", "al-how", how && h("b", {}, how), count)), stage);
  return { stage, count, heading };
}

function drawStep() {
  const part = parts[kept.row];
  const vote = part.vote === "none" ? "" : say("screen.vote");
  const how = [vote && part.slips ? "" : howSeated(part), vote].filter(Boolean).join(" · ");
  const { stage, count, heading } = frame(part.title, part.of, how);
  const blocks = [...part.home.children];
  pages = [];
  /** @type {Element[]} */
  let texts = [];
  const flush = () => {
    pages.push(...screens(texts, stage).map((nodes) => ({ nodes, pick: null })));
    texts = [];
  };
  for (const block of blocks) {
    if (!block.matches(".al-tale")) texts.push(block);
    else if (block === tale(part)) {
      flush();
      pages.push(...told(part, stage));
    }
  }
  const now = stands();
  if (part.id === "break" && now) texts.push(h("p", "al-huge", say("screen.back_at", { time: clock(now.until) })));
  flush();
  kept.page = Math.max(0, Math.min(kept.page, pages.length - 1));
  const page = pages[kept.page];
  if (page) stage.append(...page.nodes);
  if (pages.length > 1) count.textContent = say("screen.page", { page: kept.page + 1, count: pages.length });
  if (asked && page) {
    const last = page.nodes[page.nodes.length - 1].querySelectorAll("[data-pick]").length;
    count.textContent = say("screen.choose", { last });
  }
  enlarge(stage);
  return heading;
}

function drawLate() {
  const now = /** @type {{until: number, end: number, late: number}} */ (stands());
  const left = cuts.filter(({ row }) => isLeft(row));
  const next = offer(rowsNow(), cuts.filter(({ row }) => !isLeft(row)), kept.row, Math.max(now.until, Date.now()));
  const title = now.late ? say("screen.late", { count: now.late }) : say("screen.on_time");
  const { stage, heading } = frame(title, "", "");
  const name = (/** @type {number} */ row) => parts[row].title;
  const keep = say("screen.keep", { time: clock(now.end) });
  const gone = next && rowsNow()[next.cut.row].minutes <= next.cut.saves;
  stage.append(
    h("p", {}, say("screen.meant", { time: clock(kept.meant), now: clock(now.end) })),
    next
      ? h(
          "p",
          {},
          gone
            ? say("screen.leave_out", { what: name(next.cut.row), time: clock(next.end) })
            : say("screen.shorten", { what: name(next.cut.row), count: next.cut.saves, time: clock(next.end) }),
        )
      : h("p", {}, say("screen.nothing_left")),
    h(
      "p",
      "al-buttons",
      next &&
        button(gone ? say("screen.leave_it") : say("screen.shorten_it"), () => {
          kept.left.push(next.cut.row);
          draw();
        }),
      button(keep, () => {
        kept.meant = Math.max(kept.meant, now.end);
        close();
      }),
    ),
    ...left.map(({ row }) =>
      h(
        "p",
        "al-buttons",
        say("screen.left_out", { what: name(row) }),
        " ",
        button(say("screen.put_back"), () => {
          kept.left = kept.left.filter((/** @type {number} */ one) => one !== row);
          draw();
        }),
      ),
    ),
  );
  enlarge(stage);
  return heading;
}

function drawPause() {
  const { stage, heading } = frame(say("screen.pause"), "", "");
  stage.append(
    h("p", "al-huge", say("screen.back_at", { time: clock(kept.pause.back) })),
    h(
      "p",
      "al-buttons",
      button(say("screen.sooner"), () => pause(-MORE)),
      button(say("screen.later"), () => pause(MORE)),
      button(say("screen.go_on"), goOn),
    ),
  );
  enlarge(stage);
  return heading;
}

/** The browser's word that the screen doesn't go dark, or null. @type {any} */
let awake = null;
let asking = false;

const goesOn = () => kept.row >= 0 && kept.row < parts.length - 1 && document.visibilityState === "visible";

/** While a session goes on nobody touches the computer for a quarter of an hour, and it would go to sleep before the whole room. Where the
 * browser can't keep it awake, or won't, everything else works. */
async function keepAwake() {
  if (!goesOn()) {
    if (awake) awake.release();
    awake = null;
    return;
  }
  if (awake || asking || !("wakeLock" in navigator)) return;
  asking = true;
  try {
    const given = await navigator.wakeLock.request("screen");
    // It is taken away where the page is hidden, and asked for again when that is seen again.
    given.addEventListener("release", () => {
      if (awake === given) awake = null;
    });
    awake = given;
  } catch (refused) {
    // the battery is low, or a setting forbids it: the next press asks again
  }
  asking = false;
  if (!goesOn()) keepAwake();
}

/** Before it begins: what it will be, and when. */
function drawCover() {
  const titles = [...new Set(parts.map(({ of }) => of).filter(Boolean))];
  const minutes = parts.reduce((sum, one) => sum + one.minutes, 0);
  const people = kept.people || USUAL_PEOPLE;
  /** @param {number} by */
  const change = (by) => () => {
    kept.people = Math.min(MOST_PEOPLE, Math.max(FEWEST_PEOPLE, people + (kept.people ? by : 0)));
    draw();
  };
  const at = beginning(planStart, Date.now());
  const begun = hasBegun();
  const waiting = kept.begun !== null && !begun;
  const { stage, heading } = frame(titles.length > 2 ? say("screen.session") : titles.join(" · "), "", "");
  stage.append(
    waiting
      ? h("p", "al-huge", say("screen.begins", { time: clock(kept.begun) }))
      : begun
        ? h("p", {}, say("screen.began", { time: clock(kept.begun) }))
        : h("p", {}, say("screen.takes", { count: minutes, until: clock(planned(rowsFrom(Date.now()), Date.now()).slice(-1)[0].to) })),
    ...(gone ? [h("p", {}, say("screen.missing", { count: gone }))] : []),
    h(
      "p",
      "al-buttons",
      begun && button(say("screen.go_on"), on),
      button(begun ? say("screen.begin_anew") : say("screen.begin_now"), () => begin(Date.now())),
      at !== null && !waiting && !begun && button(say("screen.begin_at", { time: clock(at) }), () => begin(at)),
    ),
    h(
      "p",
      "al-buttons",
      button("−", change(-1), { "aria-label": say("screen.fewer") }),
      h("span", {}, kept.people ? say("screen.people", { count: people }) : say("screen.people_unknown")),
      button("+", change(1), { "aria-label": say("screen.more_people") }),
    ),
    h(
      "p",
      "al-buttons",
      button(kept.auto ? say("screen.by_itself") : say("screen.by_press"), () => {
        kept.auto = !kept.auto;
        draw();
      }),
      h("a", { href: "#" }, say("screen.another")),
    ),
    h("p", {}, say("screen.keys")),
  );
  enlarge(stage);
  return heading;
}

/** Which lesson? */
function drawList() {
  const { stage, heading } = frame(say("screen.which"), "", trouble);
  const list = template("#alongside-lessons");
  if (list) stage.append(list.content.cloneNode(true));
  return heading;
}

/** Draws everything anew, and takes the focus to the heading, so that it is read out. */
function draw() {
  remember();
  document.body.classList.toggle("al-listing", parts.length === 0);
  foot().hidden = kept.row < 0;
  keepAwake();
  tick();
  const heading =
    parts.length === 0
      ? drawList()
      : kept.row < 0
        ? drawCover()
        : over === "late"
          ? drawLate()
          : over === "pause"
            ? drawPause()
            : drawStep();
  remember();
  heading.focus({ preventScroll: true });
}

/** Makes the bar, once. */
function fillBar() {
  foot().replaceChildren(
    h("p", "al-clock"),
    button(say("screen.more"), more, { "aria-label": say("screen.more_minutes") }),
    button(say("screen.we_are_late"), late),
    button(say("screen.pause"), () => pause(kept.pause ? 0 : REST)),
    button(say("screen.dark"), dark),
    button("←", back, { "aria-label": say("screen.back") }),
    button("→", on, { "aria-label": say("screen.next") }),
  );
}

/** What time says. It stands in no live region: nobody is told each minute. */
function tick() {
  const place = foot().querySelector(".al-clock");
  if (!place) return;
  const now = Date.now();
  const how = stands();
  const time = clock(now);
  const last = kept.row === parts.length - 1;
  const words =
    !how || last
      ? time
      : how.late
        ? say("screen.clock_late", { time, until: clock(how.until), count: how.late })
        : say("screen.clock", { time, until: clock(how.until) });
  if (place.textContent !== words) place.textContent = words;
  if (kept.auto && !kept.pause && !kept.held) byItself(now, how);
}

/**
 * @param {number} now
 * @param {{until: number} | null} how
 */
function byItself(now, how) {
  if (kept.begun !== null && kept.row < 0 && now >= kept.begun) return go(0, 0, now - kept.begun < SLEPT ? kept.begun : now);
  if (!how || now < how.until) return;
  const row = nextRow(kept.row, 1);
  if (row < parts.length) go(row, 0, now - how.until < SLEPT ? how.until : now);
}

/** Dark at once: one element over everything. Any key or press takes it away, and does nothing else. */
function dark() {
  if (document.querySelector(".al-dark")) return;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const cover = h("button", { type: "button", class: "al-dark", "aria-label": say("screen.dark_now") });
  const light = () => {
    cover.remove();
    for (const one of [main(), foot()]) one.inert = false;
    if (before && before.isConnected) before.focus({ preventScroll: true });
  };
  cover.addEventListener("click", light);
  for (const one of [main(), foot()]) one.inert = true;
  document.body.append(cover);
  cover.focus();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowRight: on,
  PageDown: on,
  " ": on,
  ArrowLeft: back,
  PageUp: back,
  b: dark,
  ".": dark,
  l: late,
  p: () => kept.row >= 0 && (kept.pause ? goOn() : pause(REST)),
  Home: toCover,
  "+": more,
  "=": more,
  Escape: () => over && (over === "pause" ? goOn() : close()),
};

/** @param {KeyboardEvent} event */
function press(event) {
  const cover = /** @type {HTMLElement | null} */ (document.querySelector(".al-dark"));
  if (cover) {
    event.preventDefault();
    return cover.click();
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const target = /** @type {Element} */ (event.target);
  if (event.key === " " && target.closest("button, a")) return; // its own
  if (/^[1-9]$/.test(event.key)) return pick(Number(event.key));
  const does = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!does || (parts.length === 0 && event.key !== ".")) return; // a list is scrolled by the same keys
  event.preventDefault();
  does();
}

/** @param {MouseEvent} event */
function click(event) {
  const target = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!target) return;
  if (target.dataset.pick) pick(Number(target.dataset.pick));
  if (target.dataset.do === "gentle") {
    const { lesson } = parts[kept.row];
    kept.gentle = kept.gentle.includes(lesson) ? listOf(kept.gentle).filter((one) => one !== lesson) : [...kept.gentle, lesson];
    parts.forEach((one, row) => one.lesson === lesson && delete kept.ways[row]);
    draw();
  }
  // Space would press a button of the bar again that the mouse has pressed.
  if (event.detail > 0 && foot().contains(target)) main().querySelector("h1")?.focus({ preventScroll: true });
}

/** Begins: called once. */
export function mountScreen() {
  fillBar();
  load();
  draw();
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  window.addEventListener("hashchange", () => {
    load();
    draw();
  });
  let waiting = 0;
  window.addEventListener("resize", () => {
    window.cancelAnimationFrame(waiting);
    waiting = window.requestAnimationFrame(draw);
  });
  document.addEventListener("visibilitychange", () => {
    keepAwake();
    tick();
  });
  window.setInterval(tick, 1000);
}

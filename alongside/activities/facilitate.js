// The planner's page: seven questions, the plan, and what goes onto paper. It keeps no answer: nothing of it is stored.

import { button, freshId, h, PRIVATE } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { download } from "../page/take-home.js";
import { say, tongue, withLabel } from "../page/words.js";
import {
  asFragment,
  circlesOf,
  forScreen,
  groupsOf,
  inSmallNotes,
  leaveOut,
  managersComeIn,
  minutesOf,
  nudge,
  planFor,
  sheetsOf,
  shownOn,
  startsOf,
  sumOf,
  swap,
  tie,
  whenLate,
} from "../page/sessions.js";

/** A page of a local server: its address up to what every page of that server begins with. */
const LOCAL = /^(.*?\/)(?:voila\/render|lab|notebooks|doc)\b/;
/** The height of a printed side in CSS pixels: Letter is the lower paper, A4 the narrower one, with 12 mm around. */
const SIDE = (254 / 25.4) * 96;
/** How much is said on the run sheet's sides, from all of it to the least; the first that fits on two is taken. */
const LEVELS = [0, 1, 2, 3, 4];
/** At which of them a side was drawn. */
const LEVEL_OF = new WeakMap();
const TIMES = [45, 60, 90, 120, 180, 240];
const MOST_NEEDS = 2;

/** Where this server's own pages begin; "" on the published pages, which lie beside each other. */
const serverOf = () => (location.pathname.endsWith(".html") ? "" : (LOCAL.exec(location.pathname) || [])[1] || "");

/** Where the printed sheets lie, or "": at a local server, or where the lesson says. */
function pdfsOf(props) {
  if (props.pdfs) return props.pdfs;
  return props.served && serverOf() ? serverOf() + "alongside/paper/letter/" : "";
}

/** A time of day as the big screen says it: as the language does, and without AM and PM, since everybody knows which half it is. */
function onClock(minutes) {
  const format = new Intl.DateTimeFormat(tongue(), { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
  const read = format.formatToParts(minutes * 60_000).filter(({ type }) => ["hour", "minute"].includes(type));
  return read.map(({ value }) => value).join(":");
}

/** A time that was written into a plan, where 1:10 may mean ten past one after noon, or in the night: the one that lies within it. */
function within({ answers: { start, minutes } }, time) {
  const some = [0, 12, 24, 36].map((hours) => time + hours * 60);
  return some.find((one) => one >= start && one <= start + minutes) ?? time;
}

// --- sentences -----------------------------------------------------------------------------------------------

/** @type {Record<string, (found: any) => string>} */
const REASONS = {
  no_minutes: () => say("activities.planner_no_minutes"),
  odd_minutes: () => say("activities.planner_odd_minutes"),
  few_minutes: () => say("activities.planner_few_minutes"),
  many_minutes: () => say("activities.planner_many_minutes"),
  no_people: () => say("activities.planner_no_people"),
  odd_people: () => say("activities.planner_odd_people"),
  few_people: () => say("activities.planner_few_people"),
  many_people: () => say("activities.planner_many_people"),
  odd_start: () => say("activities.planner_odd_start"),
  odd_days: () => say("activities.planner_odd_days"),
  no_needs: () => say("activities.planner_no_needs"),
  short: ({ least }) => say("activities.planner_short", { count: least }),
  lacks: ({ session, lacks, least }) =>
    say("activities.planner_lacks", { title: session.title, what: together(lacks.map((one) => LACKS[one](session, least))) }),
  nothing_else: () => say("activities.planner_nothing_else"),
  full: ({ left }) => say("activities.planner_why_full", { count: left }),
  sitting: () => say("activities.planner_why_sitting"),
  opening: () => say("activities.planner_why_opening"),
  closing: () => say("activities.planner_why_closing"),
  lateTalk: () => say("activities.planner_why_late_talk"),
  floor: () => say("activities.planner_why_floor"),
  short_break: () => say("activities.planner_why_short_break"),
  last: () => say("activities.planner_why_last"),
  break: () => say("activities.planner_why_break"),
  too_early: ({ earliest }) => say("activities.planner_why_early", { clock: onClock(earliest) }),
  too_late: () => say("activities.planner_why_late"),
  outside: () => say("activities.planner_why_outside"),
  no_start: () => say("activities.planner_why_start"),
};

/** @type {Record<string, (session: any, least: number) => string>} */
const LACKS = {
  days: ({ days }) => say("activities.planner_lack_days", { count: days }),
  charge: () => say("activities.planner_lack_charge"),
  second: () => say("activities.planner_lack_second"),
  circle: () => say("activities.planner_lack_circle"),
  paper: () => say("activities.planner_lack_paper"),
  group: () => say("activities.planner_lack_group"),
  minutes: (_, least) => say("activities.planner_lack_minutes", { count: least }),
};

/** Why there is no plan, or why a change was refused, as a sentence. */
const because = (found) => REASONS[found.why](found);

const together = (texts) => texts.reduce((first, second) => say("activities.planner_and", { first, second }));
const listed = (texts) => texts.join(say("activities.between_texts"));
const quoted = (sessions) => listed([...new Set(sessions.map(({ title }) => title))]);

const PLACES = {
  line: () => say("activities.planner_line"),
  wall: () => say("activities.planner_wall"),
  walk: () => say("activities.planner_walk"),
  alone: () => say("activities.planner_alone"),
};

/** How exactly so many people sit in a row: "3 + 4", "alone", "all 9"; of two circles both. */
function seated(row, people) {
  const circles = circlesOf(people).map((size) => {
    const place = row.step && PLACES[row.slips ? "alone" : row.step.grouping];
    if (place) return place();
    const groups = row.step ? groupsOf(row.step.grouping, size) : [];
    return groups.length ? groups.join("+") : say("activities.planner_all", { count: size });
  });
  return circles.length > 1 && circles[0] !== circles[1]
    ? say("activities.planner_two_circles", { first: circles[0], second: circles[1] })
    : circles[0];
}

/** What a row is called. */
function nameOf(plan, row) {
  if (row.kind === "opening") return say("activities.planner_opening");
  if (row.kind === "closing") return say("activities.planner_closing");
  if (row.kind === "break") return row.minutes >= 25 ? say("activities.planner_meal") : say("activities.planner_break");
  const own = plan.blocks[row.block].steps.filter(({ section }) => section === row.step.section);
  if (own.length === 1) return row.step.section;
  return say("activities.planner_part", { what: row.step.section, place: own.indexOf(row.step) + 1, count: own.length });
}

/** What a row is called where nothing around it says which session it is of, or which break. */
function longName(plan, row, clock) {
  const what = nameOf(plan, row);
  if (row.kind === "break") return say("activities.planner_at", { what, clock });
  if (!row.step || plan.blocks.length === 1) return what;
  return say("activities.planner_at", { what, clock: plan.blocks[row.block].title });
}

/** The same where the row before it is of the same section: its number alone, so that nobody reads a name three times. */
function shortName(plan, at) {
  const row = plan.rows[at];
  const before = plan.rows[at - 1];
  const name = nameOf(plan, row);
  const again = row.step && before && before.block === row.block && before.step && before.step.section === row.step.section;
  return again ? name.slice(row.step.section.length).trim() : name;
}

/** Where that is which isn't printed. */
const ELSEWHERE = {
  screen: (what) => say("activities.planner_use_screen", { what }),
  phones: (what) => say("activities.planner_use_phones", { what }),
  device: (what) => say("activities.planner_use_device", { what }),
};

/** What is used in a row, and where it is. */
function usedIn(plan, row) {
  if (!row.step) return "";
  const { paper } = plan.blocks[row.block];
  const placed = (words) => (ELSEWHERE[shownOn(plan.answers.gear, row.step.on)] || ((same) => same))(words);
  const { step } = row;
  const found = [];
  if (step.on === "story") found.push(placed(say("activities.planner_use_story")));
  if (step.on === "cards" && paper.includes("cards")) found.push(placed(say("activities.planner_use_cards")));
  if (step.vote !== "none") found.push(say("activities.planner_use_slips"));
  return listed(found);
}

/** What to leave out so many minutes late. */
function lateWords(plan, minutes) {
  const { cuts, saved } = whenLate(plan, minutes);
  if (!cuts.length) return "";
  const what = cuts.map(({ id, saves }) => {
    const row = plan.rows.find((one) => one.id === id);
    const name = nameOf(plan, row);
    return saves >= row.minutes ? say("activities.planner_leave_out_what", { what: name }) : say("activities.planner_shorten_what", { what: name });
  });
  return say("activities.planner_late", { late: minutes, what: together(what), saved });
}

/** The same for five and for ten minutes, as far as there is anything to leave out. */
function lateLines(plan) {
  const [five, ten] = [5, 10].map((minutes) => whenLate(plan, minutes).saved);
  if (five && five === ten) return [lateWords(plan, 5), say("activities.planner_late_all")];
  return [lateWords(plan, 5), lateWords(plan, 10)].filter(Boolean);
}

// --- the questions ----------------------------------------------------------------------------------------------

/** A question: a fieldset with a legend, and what stands in it. */
function oneQuestion(words, hint, ...rest) {
  const id = freshId("hint");
  return h(
    "fieldset",
    { class: "al-asked", "aria-describedby": hint ? id : null },
    h("legend", {}, words),
    hint ? h("p", { class: "al-hint", id }, hint) : null,
    rest,
  );
}

/** Options to press: [[value, words]]. Gives the element, and what is chosen as a list. */
function bigOptions(type, name, list, chosen, changed) {
  const inputs = list.map(([value]) => h("input", { type, name, value, autocomplete: "off", checked: chosen.includes(value), onchange: changed }));
  const element = h("div", "al-big", inputs.map((input, at) => h("label", {}, input, h("span", {}, list[at][1]))));
  const read = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const clear = () => inputs.forEach((input) => (input.checked = false));
  return { element, inputs, read, clear };
}

/** A small box for a number or a time. It is emptied where an option is pressed, and the other way around. */
function smallBox(words, value, changed, digits = true) {
  const input = h("input", { type: "text", inputmode: digits ? "numeric" : "text", ...PRIVATE, maxlength: 20, oninput: changed });
  input.value = value;
  return { element: h("label", "al-small", h("span", {}, words), input), input };
}

/** A number as it was written: null for nothing, NaN for what is none. */
const numberOf = (text) => (text.trim() === "" ? null : /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);

/** All seven questions, and what was answered. */
function sevenQuestions(props, changed, tell) {
  const name = freshId("plan");
  const timeWords = (minutes) =>
    minutes === 240
      ? say("activities.planner_half_day")
      : minutes % 60 === 0
        ? say("activities.planner_hours", { count: minutes / 60 })
        : say("activities.planner_minutes", { count: minutes });
  /** Options, and a box in their place. */
  const oneOrOther = (part, list, words) => {
    const box = smallBox(words, "", () => {
      if (box.input.value.trim() !== "") some.clear();
      changed();
    });
    const some = bigOptions("radio", name + part, list, [], () => {
      box.input.value = "";
      changed();
    });
    return { some, box, read: () => numberOf(some.read()[0] || box.input.value) };
  };
  const time = oneOrOther("time", TIMES.map((one) => [String(one), timeWords(one)]), say("activities.planner_other_minutes"));
  const starts = smallBox(say("activities.planner_starts"), "10:00", changed, false);
  const numbers = Array.from({ length: 14 }, (_, at) => String(at + 3));
  const people = oneOrOther("people", numbers.map((one) => [one, one]), say("activities.planner_other_people"));
  const gear = bigOptions(
    "checkbox",
    name + "gear",
    [
      ["printer", say("activities.planner_gear_printer")],
      ["projector", say("activities.planner_gear_projector")],
      ["phones", say("activities.planner_gear_phones")],
      ["device", say("activities.planner_gear_device")],
    ],
    ["device"],
    changed,
  );
  const interpreter = bigOptions("checkbox", name + "interpreter", [["yes", say("activities.planner_interpreter")]], [], changed);
  const managers = bigOptions(
    "radio",
    name + "managers",
    [
      ["not", say("activities.planner_managers_not")],
      ["charge", say("activities.planner_managers_charge")],
      ["whole", say("activities.planner_managers_whole")],
      ["end", say("activities.planner_managers_end")],
      ["ask", say("activities.planner_managers_ask")],
    ],
    ["not"],
    changed,
  );
  const needs = bigOptions(
    "checkbox",
    name + "needs",
    props.needs.map(({ says }, at) => [String(at), says]),
    [],
    (event) => {
      if (needs.read().length > MOST_NEEDS) {
        event.target.checked = false;
        return tell(say("activities.planner_two_needs"));
      }
      changed();
    },
  );
  const second = bigOptions(
    "radio",
    name + "second",
    [
      ["no", say("activities.planner_second_no")],
      ["yes", say("activities.planner_second_yes")],
    ],
    ["no"],
    changed,
  );
  const days = bigOptions(
    "radio",
    name + "days",
    [
      ["0", say("activities.planner_day_0")],
      ["1", say("activities.planner_day_1")],
      ["2", say("activities.planner_day_2")],
      ["7", say("activities.planner_day_7")],
    ],
    ["0"],
    changed,
  );
  const elements = [
    oneQuestion(say("activities.planner_q_time"), null, time.some.element, h("div", "al-row", time.box.element, starts.element)),
    oneQuestion(say("activities.planner_q_people"), null, h("div", "al-numbers", people.some.element), people.box.element),
    oneQuestion(say("activities.planner_q_gear"), say("activities.planner_gear_hint"), gear.element),
    oneQuestion(
      say("activities.planner_q_who"),
      null,
      interpreter.element,
      oneQuestion(say("activities.planner_q_managers"), say("activities.planner_managers_hint"), managers.element),
    ),
    oneQuestion(say("activities.planner_q_needs"), null, h("div", "al-said", needs.element)),
    oneQuestion(say("activities.planner_q_second"), say("activities.planner_second_hint"), second.element),
    oneQuestion(say("activities.planner_q_days"), null, days.element),
  ];
  const read = () => {
    const works = gear.read();
    const [who] = managers.read();
    const start = minutesOf(starts.input.value);
    return {
      minutes: time.read(),
      start: Number.isNaN(start) ? -1 : start,
      people: people.read(),
      gear: { printer: works.includes("printer"), projector: works.includes("projector"), phones: works.includes("phones"), device: works.includes("device") },
      interpreter: interpreter.read().length > 0,
      managers: who === "charge" ? "not" : who,
      charge: who === "charge",
      needs: needs.read().map(Number),
      second: second.read()[0] === "yes",
      days: Number(days.read()[0]),
    };
  };
  /** The box or button that a reason is about. */
  const place = (why) =>
    /minutes|short/.test(why) ? time.some.inputs[0] : /people/.test(why) ? people.some.inputs[0] : /start/.test(why) ? starts.input : /needs/.test(why) ? needs.inputs[0] : null;
  return { elements, read, place };
}

// --- the plan ----------------------------------------------------------------------------------------------------

/** What has to be done before, as [what, words to send or null]. */
function errands(props, plan) {
  const { answers, blocks, rows } = plan;
  const found = [];
  const titles = quoted(blocks);
  const comes = managersComeIn(plan);
  const clock = comes >= 0 && answers.start !== null ? onClock(answers.start + startsOf(rows)[comes]) : say("activities.planner_run_blank");
  if (!props.here.naloxone || !props.here.responds) found.push([say("activities.planner_errand_here"), null]);
  if (answers.managers === "ask") found.push([say("activities.planner_errand_ask"), say("activities.planner_send_ask")]);
  if (answers.managers === "end") found.push([say("activities.planner_errand_end", { clock }), say("activities.planner_send_end", { clock })]);
  if (blocks.some(({ charge }) => charge)) found.push([say("activities.planner_errand_charge"), say("activities.planner_send_charge", { titles })]);
  if (!answers.second) found.push([say("activities.planner_errand_second"), say("activities.planner_send_second")]);
  found.push([say("activities.planner_errand_pay"), say("activities.planner_send_pay")]);
  const touched = [...new Set(blocks.flatMap(({ touches }) => touches))];
  if (touched.length) found.push([say("activities.planner_errand_touches"), say("activities.planner_send_touches", { titles, what: listed(touched) })]);
  if (circlesOf(answers.people).length > 1) found.push([say("activities.planner_errand_host"), say("activities.planner_send_host")]);
  if (answers.interpreter) found.push([say("activities.planner_errand_interpreter"), null]);
  const copied = blocks[0].id === props.conversation && !Object.values(answers.gear).some(Boolean);
  if (copied) found.push([say("activities.planner_errand_copy", { what: listed(props.conversation_cards) }), null]);
  const { torn } = sheetsOf(props, plan);
  if (torn) found.push([say("activities.planner_errand_slips", { count: torn }), null]);
  if (answers.gear.phones) found.push([say("activities.planner_errand_phones"), null]);
  const bring = [...new Set(blocks.flatMap(({ needs }) => needs.map((one) => one.charAt(0).toLowerCase() + one.slice(1))))];
  found.push([say("activities.planner_errand_bring", { what: listed(bring) }), null]);
  return found;
}

/** The lines above the table. */
function summary(props, plan) {
  const { answers } = plan;
  const planned = sumOf(plan.rows);
  const circles = circlesOf(answers.people);
  const first = say("activities.planner_of", { planned, minutes: answers.minutes, titles: quoted(plan.blocks) });
  return [
    answers.start === null ? first : first + " " + say("activities.planner_ends", { clock: onClock(answers.start + planned) }),
    ...lateLines(plan),
    plan.cuts.length ? "" : say("activities.planner_nothing_to_leave"),
    answers.minutes - planned >= 20 ? say("activities.planner_rest") : "",
    circles.length > 1 ? say("activities.planner_circles", { first: circles[0], second: circles[1] }) : "",
    answers.managers === "whole" ? say("activities.planner_whole") : "",
    answers.managers === "ask" ? say("activities.planner_agree") : "",
    answers.gear.projector ? say("activities.planner_mirrored") : "",
  ].filter(Boolean);
}

/** What came of an exchange. */
const swapped = (next) =>
  say("activities.planner_swapped", { plan: quoted(next.blocks) }) + (next.untied ? " " + say("activities.planner_untied", { count: next.untied }) : "");

/** Whether another session of several begins in a row. */
const begins = ({ rows, blocks }, at) => blocks.length > 1 && Boolean(rows[at].step) && rows.findIndex(({ block }) => block === rows[at].block) === at;

/** The table, whose rows can be changed. `act(change, place, told)` takes a change, and says what came of it. */
function tableOf(plan, act) {
  const { rows, answers } = plan;
  const starts = startsOf(rows);
  const comes = managersComeIn(plan);
  const clock = (at) => (answers.start === null ? "+" + starts[at] : onClock(answers.start + starts[at]));
  const head = [
    say("activities.planner_clock"),
    say("activities.planner_min"),
    say("activities.planner_what"),
    say("activities.planner_groups"),
    say("activities.planner_sheets"),
    say("activities.planner_change"),
  ];
  const lines = rows.map((row, at) => {
    const what = longName(plan, row, clock(at));
    const own = (words) => ({ "aria-label": withLabel(words, what), "data-do": words });
    const press = (words, change, told) => button(words, () => act(change, at, words, told), own(words));
    const now = (next) => say("activities.planner_now", { what, count: (next.rows[at].id === row.id ? next.rows[at] : next.rows.find(({ id }) => id === row.id)).minutes });
    /** @type {HTMLElement[]} */
    const buttons = [press(say("activities.planner_less"), (one) => nudge(one, at, -5), now), press(say("activities.planner_more"), (one) => nudge(one, at, 5), now)];
    if (row.kind === "step" || row.kind === "break")
      buttons.push(press(say("activities.planner_leave_out"), (one) => leaveOut(one, at), () => say("activities.planner_is_out", { what })));
    if (row.kind === "step")
      buttons.push(press(say("activities.planner_swap"), "swap", (next) => swapped(next)));
    if (row.kind !== "opening") {
      const words = say("activities.planner_tie");
      const box = smallBox(say("activities.planner_tie_to"), clock(at), () => {}, false);
      const tied = () => {
        const written = minutesOf(box.input.value);
        const time = written === null ? null : within(plan, written);
        const change = (one) => (time === null || Number.isNaN(time) ? { why: "odd_start" } : tie(one, at, time));
        act(change, at, words, () => say("activities.planner_is_tied", { what, clock: onClock(time) }));
      };
      box.input.addEventListener("keydown", (event) => event.key === "Enter" && tied());
      const editor = h(
        "div",
        { class: "al-tie", hidden: true },
        box.element,
        button(say("activities.planner_tie_do"), tied, { "aria-label": withLabel(say("activities.planner_tie_do"), what) }),
        row.at === null
          ? null
          : button(say("activities.planner_untie"), () => act((one) => tie(one, at, null), at, words, () => say("activities.planner_is_free", { what })), {
              "aria-label": withLabel(say("activities.planner_untie"), what),
            }),
      );
      const opener = button(
        words,
        () => {
          editor.hidden = !editor.hidden;
          opener.setAttribute("aria-expanded", String(!editor.hidden));
          if (!editor.hidden) box.input.focus();
        },
        { ...own(words), "aria-expanded": "false" },
      );
      buttons.push(opener, editor);
    }
    const notes = [row.slips ? say("activities.planner_on_slips") : "", at === comes && answers.start !== null ? say("activities.planner_come_in", { clock: clock(at) }) : ""];
    return h(
      "tr",
      { role: "row", class: row.kind === "step" ? null : "al-rest-row" },
      h("td", { role: "cell", class: "al-when" }, clock(at), row.at === null ? null : h("small", {}, " ", say("activities.planner_tied"))),
      h("td", { role: "cell", class: "al-length" }, String(row.minutes)),
      h("th", { role: "rowheader", scope: "row", "aria-label": what }, begins(plan, at) ? [h("small", "al-of", plan.blocks[row.block].title), " "] : null, shortName(plan, at), notes.filter(Boolean).flatMap((note) => [" ", h("small", {}, note)])),
      h("td", { role: "cell", class: "al-seats" }, row.kind === "break" ? "" : seated(row, answers.people)),
      h("td", { role: "cell", class: "al-used" }, usedIn(plan, row)),
      h("td", { role: "cell", class: "al-changes" }, buttons),
    );
  });
  return h(
    "table",
    { role: "table", class: "al-plan", "aria-label": say("activities.planner_title") },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, head.map((words) => h("th", { role: "columnheader", scope: "col" }, words)))),
    h("tbody", { role: "rowgroup" }, lines),
  );
}

/** What is printed, in words and with links where there is something to link to. */
function paperOf(props, plan) {
  const { items, sheets, cutting } = sheetsOf(props, plan);
  const pdfs = pdfsOf(props);
  if (!items.length) return [h("p", {}, say("activities.planner_print_none"))];
  const count = (number) => say("activities.planner_count_sheets", { count: number });
  const words = {
    run: (one) => say("activities.planner_item_run", { sheets: count(one.sheets) }),
    opening: (one) => say("activities.planner_item_opening", { sheets: count(one.sheets) }),
    story: (one) => say("activities.planner_item_story", { title: one.session.title, sheets: count(one.sheets) }),
    cards: (one) => say("activities.planner_item_cards", { title: one.session.title, sheets: count(one.sheets) }),
    slips: (one) => say("activities.planner_item_slips", { title: one.session.title, sheets: count(one.sheets) }),
  };
  const at = { opening: () => "opening", story: ({ story_key }) => "stories/" + story_key, cards: ({ id }) => "cards/" + id, slips: ({ id }) => "cards/" + id };
  const line = (one) => {
    const said = words[one.what](one);
    const there = pdfs && at[one.what];
    return h("li", {}, there ? h("a", { href: pdfs + there(one.session) + ".pdf", target: "_blank", rel: "noopener" }, said) : said);
  };
  return [
    h("p", {}, say("activities.planner_print_is", { sheets: count(sheets), cutting: say("activities.planner_count_minutes", { count: cutting }) })),
    h("ul", {}, items.map(line)),
    items.length > 1 && !pdfs ? h("p", "al-hint", say("activities.planner_how_cards")) : null,
  ];
}

/** A box for an amount, and what it comes to for everybody. `written` holds what stands in it, while the plan around it changes. */
function money(plan, written) {
  const line = h("p", { role: "status" });
  const count = () => {
    written.amount = box.input.value;
    const amount = numberOf(box.input.value);
    if (amount === null) return (line.textContent = "");
    if (!(amount > 0 && amount <= 1000)) return (line.textContent = say("activities.planner_money_odd"));
    const { people } = plan.answers;
    const { total, notes } = inSmallNotes(amount, people);
    const small = together(notes.map(([note, count]) => say("activities.planner_note", { note, count })));
    return (line.textContent = say("activities.planner_money_is", { people, amount, total, notes: small }));
  };
  const box = smallBox(say("activities.planner_each"), written.amount, count);
  count();
  return [box.element, line];
}

// --- the run sheet, on paper ------------------------------------------------------------------------------------------

/** Whether anything is written on slips, which are torn up at the end. */
const onSlips = (rows) => rows.some((row) => row.slips || (row.step && row.step.vote !== "none"));

/** What is said in a row. */
function spoken(row, slips) {
  if (row.kind === "opening") return say("activities.planner_run_read_card");
  if (row.kind === "closing") return say("activities.planner_run_closing") + (slips ? " " + say("activities.planner_run_tear") : "");
  return row.step ? row.step.say : "";
}

/** How people sit in a row, and whether they write. */
const placed = (row, people) => listed([seated(row, people), row.slips ? say("activities.planner_on_slips") : ""].filter(Boolean));

/** Where another session begins, and where managers come in: what paper says before a row's own words. */
function ahead(plan, at) {
  const { rows, answers, blocks } = plan;
  const comes = at === managersComeIn(plan) && answers.start !== null;
  return [
    begins(plan, at) ? h("i", {}, blocks[rows[at].block].title + ". ") : null,
    comes ? h("strong", {}, say("activities.planner_come_in", { clock: onClock(answers.start + startsOf(rows)[at]) }) + ". ") : null,
  ];
}

/** Every word of the opening. */
const openingWords = (props) => h("ol", {}, props.opening.lines.map((words) => h("li", {}, words)));

/** What is said and done in each row, whole, however long it gets: for a phone in the hand, and for paper where two sides are too few. */
function allWords(plan) {
  const { rows, answers } = plan;
  const starts = startsOf(rows);
  const slips = onSlips(rows);
  const line = (row, at) => {
    const clock = answers.start === null ? "+" + starts[at] : onClock(answers.start + starts[at]);
    return h(
      "li",
      {},
      ahead(plan, at),
      h("strong", {}, clock + " " + nameOf(plan, row)),
      row.kind === "break" ? null : " " + placed(row, answers.people),
      h("p", {}, spoken(row, slips)),
      row.step && row.step.do ? h("p", {}, h("i", {}, say("activities.planner_run_do") + ": " + row.step.do)) : null,
    );
  };
  return h("ul", "al-words-said", rows.map(line));
}

/** The same with the opening, to be printed. */
const wordsOnPaper = (props, plan) =>
  h(
    "section",
    "al-side al-whole",
    h("h2", {}, say("activities.planner_words_title", { titles: quoted(plan.blocks) })),
    h("h2", {}, say("activities.planner_opening")),
    openingWords(props),
    h("h2", {}, say("activities.planner_words_steps")),
    allWords(plan),
  );

/** The front: `level` says how much is on it, 0 all and 4 the least. */
function frontOf(props, plan, level) {
  const { rows, answers, cuts } = plan;
  const starts = startsOf(rows);
  const blank = say("activities.planner_run_blank");
  const drop = (row) => {
    const cut = cuts.find(({ id }) => id === row.id);
    if (!cut) return "";
    return cut.saves >= row.minutes ? say("activities.planner_run_drop") : say("activities.planner_run_shorter", { count: cut.saves });
  };
  const slips = onSlips(rows);
  const saidIn = (row) => (row.step && level > 1 ? "" : spoken(row, slips));
  const cell = (text) => h("td", {}, text);
  const line = (row, at) =>
    h(
      "tr",
      {},
      cell(answers.start === null ? "+" + starts[at] : onClock(answers.start + starts[at])),
      cell(String(row.minutes)),
      cell(""),
      h("td", {}, ahead(plan, at), h("strong", {}, nameOf(plan, row)), " ", row.kind === "break" ? "" : placed(row, answers.people) + ". ", saidIn(row)),
      level < 1 ? cell(row.step ? row.step.do : "") : null,
      cell(drop(row)),
    );
  const heads = [
    say("activities.planner_clock"),
    say("activities.planner_min"),
    say("activities.planner_run_really"),
    say("activities.planner_run_say"),
    level < 1 ? say("activities.planner_run_do") : null,
    say("activities.planner_run_late"),
  ];
  const { here } = props;
  /** What a program wrote down, or a line to write on. */
  const known = (words, what) => h("p", {}, words({ what: what || "" }).trim(), " ", what ? null : h("span", "al-line", blank));
  const front = h(
    "section",
    "al-side",
    h("h2", {}, say("activities.planner_run_front", { titles: quoted(plan.blocks) })),
    here.responds ? null : h("p", {}, h("strong", {}, say("activities.planner_run_incomplete"))),
    h(
      "div",
      "al-known",
      known((of) => say("activities.planner_run_naloxone", of), here.naloxone),
      known((of) => say("activities.planner_run_responds", of), here.responds),
      known((of) => say("activities.planner_run_second", of), ""),
      known((of) => say("activities.planner_run_out", of), here.way_out),
    ),
    h("table", {}, h("thead", {}, h("tr", {}, heads.filter((one) => one !== null).map((words) => h("th", { scope: "col" }, words)))), h("tbody", {}, rows.map(line))),
    level < 3 ? lateLines(plan).map((words) => h("p", {}, words)) : null,
  );
  return front;
}

/** When it comes out otherwise than planned: as a list, or as one paragraph where there is no room for it. */
function otherwise(plan, asList = true) {
  const { rows, answers } = plan;
  const comes = managersComeIn(plan);
  const lines = [
    say("activities.planner_run_fail_few"),
    say("activities.planner_run_fail_many"),
    answers.second ? "" : say("activities.planner_run_fail_second"),
    comes >= 0 && answers.start !== null
      ? say("activities.planner_run_fail_manager", { clock: onClock(answers.start + startsOf(rows)[comes]), what: rows[comes].step.section })
      : "",
    comes < 0 && answers.managers !== "whole" ? say("activities.planner_run_fail_no_manager") : "",
    say("activities.planner_run_fail_remote"),
  ].filter(Boolean);
  const title = say("activities.planner_run_fails");
  if (!asList) return [h("p", {}, h("strong", {}, title + ". "), lines.join(" "))];
  return [h("h2", {}, title), h("ul", {}, lines.map((words) => h("li", {}, words)))];
}

/** The back: what to do when something happens, and what was promised. `level` 0 has the opening's words as well. */
function backOf(props, level) {
  const bring = [
    say("activities.planner_run_bring_what"),
    say("activities.planner_run_bring_where"),
    say("activities.planner_run_bring_when"),
    say("activities.planner_run_bring_pay"),
  ];
  const empty = (many) => Array.from({ length: many }, () => h("tr", {}, bring.map(() => h("td", {}, "\u00a0"))));
  return h(
    "section",
    "al-side",
    level < 1 ? [h("h2", {}, say("activities.planner_opening")), openingWords(props)] : null,
    h("h2", {}, say("activities.planner_run_something")),
    h("ul", {}, props.care.map(([when, what]) => h("li", {}, h("strong", {}, when), " ", what))),
    h("h2", {}, say("activities.planner_run_bring")),
    h("table", "al-lines", h("thead", {}, h("tr", {}, bring.map((words) => h("th", { scope: "col" }, words)))), h("tbody", {}, empty(level < 3 ? 4 : 2))),
  );
}

/** The run sheet, on exactly two sides: of what it could say, as much as fits; and `without` what. It is measured where it will be
 * printed from. */
function runSheet(props, plan) {
  const sheet = h("div", { class: "al-run", "aria-hidden": "true" });
  document.body.append(sheet);
  const high = () => sheet.scrollHeight;
  const fits = (side) => {
    sheet.replaceChildren(side);
    return high() <= SIDE;
  };
  /** The first of some drawings that fits; the last one where none does. */
  const first = (draw) => {
    let side = null;
    for (const level of LEVELS) {
      side = draw(level);
      LEVEL_OF.set(side, level);
      side.classList.toggle("al-dense", level > 1);
      side.classList.toggle("al-denser", level > 3);
      if (fits(side)) break;
    }
    return side;
  };
  const front = first((level) => frontOf(props, plan, level));
  const other = first((level) => backOf(props, level));
  // What happens when it comes out otherwise stands where there is room for it; where there is none, the lines stand closer.
  const places = [false, true].flatMap((close) => [true, false].flatMap((asList) => [other, front].map((side) => ({ side, asList, close }))));
  for (const { side, asList, close } of places) {
    const more = otherwise(plan, asList);
    const was = side.className;
    if (close) side.classList.add("al-dense");
    side.append(...more);
    if (fits(side)) break;
    for (const one of more) one.remove();
    side.className = was;
  }
  sheet.replaceChildren(front, other);
  const runSides = () => sheet.replaceChildren(front, other);
  const words = () => sheet.replaceChildren(wordsOnPaper(props, plan));
  return { sheet, runSides, words, without: [LEVEL_OF.get(other) > 0 ? say("activities.planner_without_opening") : "", LEVEL_OF.get(front) > 1 ? say("activities.planner_without_said") : ""] };
}

/** A page of its own with the plan and all that the run sheet's sides may have no room for, for a file. */
function asFile(props, plan, table) {
  const page = document.implementation.createHTMLDocument(say("activities.planner_title"));
  page.head.prepend(h("meta", { charset: "utf-8" }), h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }));
  page.documentElement.lang = document.documentElement.lang;
  const errand = ([what, words]) => h("li", {}, what, words ? h("blockquote", {}, words) : null);
  const before = [
    h("h1", {}, say("activities.planner_title")),
    ...summary(props, plan).map((words) => h("p", {}, words)),
    h("h2", {}, say("activities.planner_before")),
    h("ul", {}, errands(props, plan).map(errand)),
    h("h2", {}, say("activities.planner_print_title")),
    ...paperOf({ ...props, pdfs: "", served: false }, plan).filter(Boolean),
  ];
  for (const part of [...before, table, frontOf(props, plan, 0), ...otherwise(plan), backOf(props, 0)]) page.body.append(page.importNode(part, true));
  // Its own styles would be a page's; lines around the cells are enough to read and to print it.
  page.querySelector("tr").lastElementChild.remove();
  for (const extra of page.querySelectorAll(".al-changes")) extra.remove();
  for (const one of page.querySelectorAll("table")) one.setAttribute("border", "1");
  return "<!doctype html>" + page.documentElement.outerHTML;
}

// --- all of it ------------------------------------------------------------------------------------------------------

/** @type {import("../page/kinds.js").Kind} */
const facilitate = {
  skip: false,
  build({ body, props, tell }) {
    let plan = null;
    let sheet = null;
    /** @type {any} */
    let made = null;
    /** What was changed last stands last: {plan as it was, at: its row}. @type {any[]} */
    let earlier = [];
    const written = { amount: "" };
    const place = h("div", { class: "al-planned-here" });
    const asked = sevenQuestions(props, () => plan && tell(say("activities.planner_changed")), tell);
    const reason = h("p", { class: "al-why", hidden: true, tabindex: "-1" });

    const clear = () => {
      sheet?.remove();
      sheet = null;
      document.documentElement.classList.remove("al-planned");
    };
    const refuse = (found) => {
      reason.textContent = because(found);
      reason.hidden = false;
      tell(because(found));
    };
    const make = () => {
      reason.hidden = true;
      const found = planFor(props, asked.read());
      earlier = [];
      if (!found.why) {
        draw(found);
        /** @type {HTMLElement} */ (place.querySelector("h3")).focus();
        return tell(summary(props, plan)[0]);
      }
      plan = null;
      clear();
      place.replaceChildren();
      refuse(found);
      (asked.place(found.why) || reason).focus();
    };

    /** A change of a row: what it makes is drawn, and the focus stays at the button that was pressed. */
    const act = (change, at, words, told) => {
      const next = change === "swap" ? swap(props, plan, at) : change(plan);
      if (next.why) return tell(hintAt(at, because(next)));
      earlier.push({ plan, at });
      draw(next);
      const row = rowAt(at);
      canGoBack(row);
      /** @type {HTMLElement} */ (row.querySelector(`[data-do="${words}"]`) || row.querySelector("button")).focus();
      return tell(told(next));
    };

    const rowAt = (at) => place.querySelectorAll(".al-changes")[Math.min(at, plan.rows.length - 1)];

    /** The last change can be taken back, where it was made, and then the one before. */
    const canGoBack = (row) => {
      if (earlier.length === 0) return;
      const undo = button(say("activities.planner_undo"), () => {
        const before = earlier.pop();
        draw(before.plan);
        const own = rowAt(before.at);
        canGoBack(own);
        /** @type {HTMLElement} */ (own.querySelector(".al-undo") || own.querySelector("button")).focus();
        tell(say("activities.planner_undone"));
      }, { class: "al-undo" });
      row.append(undo);
    };

    /** What was refused is said in its row as well, where it is seen. */
    const hintAt = (at, words) => {
      for (const old of place.querySelectorAll(".al-no")) old.remove();
      place.querySelectorAll(".al-changes")[at].append(h("p", { class: "al-no", "aria-hidden": "true" }, words));
      return words;
    };

    const print = () => {
      made.runSides();
      window.print();
      tell(say("activities.planner_printed"));
    };

    /** The run sheet comes back once the words are printed, or when it is asked for: some browsers never say that they have printed. */
    const printWords = () => {
      made.words();
      window.addEventListener("afterprint", made.runSides, { once: true });
      window.print();
      tell(say("activities.planner_words_printed"));
    };

    const draw = (next) => {
      plan = next;
      clear();
      made = runSheet(props, plan);
      sheet = made.sheet;
      const without = made.without.filter(Boolean);
      document.documentElement.classList.add("al-planned");
      onPaper();
      const table = tableOf(plan, act);
      /** A page that lies beside this one, or among a server's own. */
      const beside = (page, words, after = "") =>
        h("a", { class: "al-button", href: (serverOf() ? serverOf() + "alongside/" : "") + page + ".html" + after, target: "_blank", rel: "noopener" }, words);
      const errand = ([what, words]) =>
        h("li", {}, what, words ? h("details", {}, h("summary", { "aria-label": withLabel(say("activities.planner_words_to_send"), what) }, say("activities.planner_words_to_send")), h("p", "al-send", words)) : null);
      place.replaceChildren(
        h("h3", { tabindex: "-1" }, say("activities.planner_title")),
        ...summary(props, plan).map((words) => h("p", {}, words)),
        h(
          "div",
          "al-row",
          button(say("activities.planner_print"), print, { class: "al-first" }),
          button(say("activities.planner_print_words"), printWords),
          props.screen ? beside("screen", say("activities.planner_screen"), "#" + asFragment(forScreen(plan))) : null,
          props.screen ? beside("after", say("activities.planner_after")) : null,
          button(say("activities.planner_save"), () => {
            download("sheet.html", "text/html", asFile(props, plan, table));
            tell(say("activities.planner_saved"));
          }),
        ),
        h("p", "al-hint", props.screen ? say("activities.planner_screen_hint") : say("activities.planner_no_screen")),
        without.length ? h("p", "al-hint", say("activities.planner_no_room", { what: together(without) })) : "",
        h("details", {}, h("summary", {}, say("activities.planner_opening_words")), openingWords(props)),
        h("details", {}, h("summary", {}, say("activities.planner_all_words")), allWords(plan)),
        table,
        h("h3", {}, say("activities.planner_before")),
        h("ul", "al-errands", errands(props, plan).map(errand)),
        h("h3", {}, say("activities.planner_money")),
        ...money(plan, written),
        h("h3", {}, say("activities.planner_print_title")),
        ...paperOf(props, plan).filter(Boolean),
      );
    };

    body.append(
      h("p", "al-hint", say("activities.planner_nothing_kept")),
      ...asked.elements,
      button(say("activities.planner_make"), make, { class: "al-make" }),
      reason,
      place,
    );
    window.addEventListener("beforeprint", () => {
      // In JupyterLab the cell may be gone; then nothing of it is printed.
      if (!body.isConnected) clear();
    });
  },
};

/** The margin of the run sheet's paper, once. A rule for paper can stand in no class, and no other page has it. */
function onPaper() {
  const style = [...document.styleSheets].find(({ ownerNode }) => ownerNode && ownerNode.nodeName === "STYLE");
  if (!style || [...style.cssRules].some((rule) => rule.cssText.startsWith("@page"))) return;
  style.insertRule("@page { margin: 12mm; }", style.cssRules.length);
}

register("facilitate", facilitate);

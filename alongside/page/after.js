// After a session: what the hosts said they would bring back becomes one page for the wall, notes for a calendar, and words
// for the day on which it is looked at. What is typed lies in the sitting, as promises do in every lesson: My words, Quick
// exit, the file and Forget know it, and the check-in of lesson 19 finds it. "Whom I tell" is where the answer goes.

import { isOf, textOf } from "./answers.js";
import { calendarFile } from "./calendar.js";
import { PRIVATE, button, freshId, growingBox, h, labelled, ownWords, statusLine, ticked } from "./dom.js";
import { askIfStillYou } from "./gate.js";
import { mountPage } from "./main.js";
import { printSheet } from "./my-words.js";
import { keptWord } from "./reading.js";
import { sitting } from "./sitting.js";
import { download } from "./take-home.js";
import { letterSize, mayBeName, oddDay } from "./wall.js";
import { say, sayWith, tongue } from "./words.js";

const PROMISED = /^after-promise-(\d+)(-from-file(-\d+)?)?$/;
const CHECK_IN = "after-check-in";
const MOST_PROMISES = 12; // more than that fits no sheet, and no host

/** @param {Date} date */
const dayOf = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
const today = () => dayOf(new Date());

/** A day as people say it. @param {string} day YYYY-MM-DD */
const spokenDay = (day) =>
  new Intl.DateTimeFormat(tongue(), { weekday: "long", month: "long", day: "numeric", timeZone: "UTC" }).format(Date.parse(day));

/** @param {string} day */
const isDay = (day) => oddDay(day, today()) !== "none";

/**
 * What is kept: [[key, {what, tell, when}], ...], in the order of their numbers.
 * @returns {[string, {what: string, tell: string, when: string}][]}
 */
function promised() {
  const found = sitting.all().filter(([key, word]) => PROMISED.test(key) && isOf("promise", word));
  const number = (/** @type {string} */ key) => Number((PROMISED.exec(key) || [])[1]);
  return found
    .sort(([one], [other]) => number(one) - number(other))
    .map(([key, { answer }]) => [key, { what: textOf(answer.what), tell: textOf(answer.tell), when: textOf(answer.when) }]);
}

/** The day of the check-in: "" where none was said. */
const checkInDay = () => {
  const word = sitting.read(CHECK_IN);
  return word && isOf("ask", word) ? textOf(word.answer.text) : "";
};

/**
 * A sentence on a day that makes no sense, or "".
 * @param {string} day
 * @param {HTMLInputElement} field
 */
function onDay(day, field) {
  if (field.validity.badInput) return say("after.day_none");
  if (!day) return "";
  const odd = oddDay(day, today());
  return odd === "past" ? say("after.day_past") : odd === "far" ? say("after.day_far") : odd ? say("after.day_none") : "";
}

/**
 * @param {() => void} change
 * @returns {HTMLInputElement}
 */
const dayField = (change) => h("input", { type: "date", max: "9999-12-31", ...PRIVATE, oninput: change });

/** @param {string} label @param {HTMLElement} field */

/** @param {HTMLElement} home */
function mountForm(home) {
  const { line, tell } = statusLine();
  /** What the line at the foot says, once more where it was pressed: the foot may be far below. */
  const [full, tooLong] = ["", ""].map(() => h("p", { class: "al-hint", "aria-hidden": "true" }));
  const list = h("div");
  const wall = h("div", { class: "al-standing", role: "group", "aria-label": say("after.wall") });
  const notes = h("div", "al-row");
  const inside = h("input", { type: "checkbox", autocomplete: "off" });
  const invitation = growingBox({ readonly: true, translate: "no", "aria-label": say("after.invitation") });
  const hint = h("p", { class: "al-hint", id: freshId("day"), "aria-live": "polite" });
  const day = dayField(() => {
    const text = day.value;
    if (text) sitting.keep(CHECK_IN, /** @type {any} */ (keptWord("ask", {}, say("after.check_in"), { text }, undefined)), refresh);
    else sitting.drop(CHECK_IN, refresh);
    settle();
  });
  day.setAttribute("aria-describedby", hint.id);
  const still = button(say("page.gate_title"), () => askIfStillYou());
  const waiting = h("p", { hidden: true }, sayWith("page.waiting", { still_you: still }));
  const known = say("after.no_names").split(" ");
  /** @type {{key: string, show: (parts: any) => void, element: HTMLElement}[]} */
  let cards = [];

  const freshKey = () => {
    const taken = cards.map(({ key }) => key);
    let number = 1;
    while (taken.some((key) => (PROMISED.exec(key) || [])[1] === String(number))) number += 1;
    return "after-promise-" + number;
  };

  /** @param {string} key */
  function card(key) {
    const [about, title] = [freshId("after"), h("legend", {})];
    const note = h("p", { class: "al-hint", id: about, "aria-live": "polite" });
    const changed = () => {
      const parts = { what: what.value, tell: place.value, when: when.value };
      const filled = Object.fromEntries(Object.entries(parts).filter(([, text]) => text.trim()));
      if (Object.keys(filled).length === 0) sitting.drop(key, refresh);
      else {
        const word = keptWord("promise", {}, say("after.promised"), { answer: "yes", ...filled }, sitting.read(key));
        const done = sitting.keep(key, /** @type {any} */ (word), refresh);
        tell(done ? (sitting.lasting ? say("page.kept") : say("page.kept_until_you_leave")) : say("page.full"), true);
      }
      warn();
      settle();
    };
    const warn = () => {
      const name = mayBeName(place.value, known, tongue()) ? say("after.maybe_name") : "";
      const words = [name, onDay(when.value, when)].filter(Boolean).join(" ");
      if (note.textContent !== words) note.textContent = words;
    };
    const what = growingBox({ rows: 2, oninput: changed });
    const place = growingBox({ rows: 1, oninput: changed, "aria-describedby": about });
    const when = dayField(changed);
    when.setAttribute("aria-describedby", about);
    const takeOut = button(say("after.take_out"), () => {
      sitting.drop(key, refresh);
      cards = cards.filter((one) => one.key !== key);
      if (cards.length === 0) cards = [card(freshKey())];
      arrange();
      tell(say("activities.plan_taken_out"));
      add.focus();
    });
    const element = h(
      "fieldset",
      "al-card",
      title,
      labelled(say("after.what"), what),
      labelled(say("after.where"), place),
      labelled(say("after.when"), when),
      note,
      takeOut,
    );
    return {
      key,
      element,
      show(/** @type {any} */ parts) {
        if (what.value !== parts.what) what.setText(parts.what);
        if (place.value !== parts.tell) place.setText(parts.tell);
        if (when.value !== parts.when) when.value = parts.when;
        warn();
      },
    };
  }

  const add = button(say("after.add"), () => {
    if (cards.length >= MOST_PROMISES) {
      full.textContent = say("after.many");
      return tell(say("after.many"));
    }
    cards.push(card(freshKey()));
    arrange();
    cards[cards.length - 1].element.querySelector("textarea")?.focus();
  });

  /** The cards in their order, each with its number. */
  function arrange() {
    if (cards.length !== list.childElementCount || cards.some(({ element }, at) => list.children[at] !== element)) {
      list.replaceChildren(...cards.map(({ element }) => element));
    }
    for (const [at, { element }] of cards.entries()) {
      const words = say("after.number", { number: at + 1 });
      element.children[0].textContent = words;
      element.querySelector("button")?.setAttribute("aria-label", say("after.take_out_one", { number: at + 1 }));
    }
    settle();
  }

  /** What stands on the wall: [[day, what, where], ...]. Where a host knows whom to tell, that is nobody else's business. */
  function onWall() {
    const last = (/** @type {string} */ day) => (isDay(day) ? day : "~"); // those without a day come last
    return promised()
      .filter(([, { what }]) => what.trim())
      .sort(([, one], [, other]) => (last(one.when) < last(other.when) ? -1 : Number(last(one.when) > last(other.when))))
      .map(([, { what, tell: place, when }]) => {
        const knows = place.trim().replace(/[.!]$/, "").toLowerCase() === say("after.i_know").toLowerCase();
        return [isDay(when) ? say("after.by", { day: spokenDay(when) }) : say("after.no_day"), what.trim(), knows ? "" : place.trim()];
      });
  }

  /** What depends on the words: the wall, the notes and the invitation. */
  function settle() {
    const rows = onWall();
    full.textContent = tooLong.textContent = "";
    wall.replaceChildren(
      ...(rows.length > 0
        ? rows.flatMap(([by, what, where]) => [h("h3", {}, by), ...ownWords([what, ...(where ? [say("after.answer_at", { where })] : [])])])
        : [h("p", {}, say("after.nothing"))]),
    );
    const days = [...new Set(promised().map(([, { when }]) => when))].filter(isDay).sort();
    const check = checkInDay();
    const hand = (/** @type {string} */ date, /** @type {string} */ words) => () => {
      download("note.ics", "text/calendar", calendarFile(date, inside.checked ? words : ""));
      tell(say("activities.promise_saved"));
    };
    const due = (/** @type {string} */ date) => promised().filter(([, { when }]) => when === date);
    notes.replaceChildren(
      ...days.map((date) =>
        button(say("after.note", { day: spokenDay(date) }), hand(date, due(date).map(([, { what, tell: place }]) => [what, place].filter(Boolean).join("\n")).join("\n\n"))),
      ),
      ...(isDay(check) ? [button(say("after.note_check_in", { day: spokenDay(check) }), hand(check, say("after.check_in_words")))] : []),
      ...(days.length + Number(isDay(check)) === 0 ? [h("p", {}, say("after.no_notes"))] : []),
    );
    const early = isDay(check) && days.some((date) => date > check) ? say("after.early") : "";
    const words = onDay(day.value, day) || early;
    if (hint.textContent !== words) hint.textContent = words;
    invitation.setText(isDay(check) ? say("after.invite", { day: spokenDay(check) }) : say("after.invite_no_day"));
  }

  function print() {
    const rows = onWall();
    if (rows.length === 0) return tell(say("after.nothing"));
    const check = checkInDay();
    const last = isDay(check) ? say("after.look_again", { day: spokenDay(check) }) : "";
    // A day is said once, and what is promised for it stands below.
    const days = [...new Set(rows.map(([by]) => by))].map((by) => ({ by, those: rows.filter(([one]) => one === by) }));
    const lines = (/** @type {string[][]} */ those) =>
      those.flatMap(([, what, where]) => [what, ...(where ? [say("after.answer_at", { where })] : [])]);
    const texts = days.flatMap(({ by, those }) => [by, ...lines(those)]);
    const size = letterSize([say("after.title_wall"), ...texts, last]);
    if (size === 0) tell((tooLong.textContent = say("after.two_sheets")));
    const sheet = h(
      "div",
      "al-sheet al-wall",
      h("h2", {}, say("after.title_wall")),
      days.map(({ by, those }) => h("section", {}, h("h3", {}, by), ownWords(lines(those)))),
      last ? h("p", {}, last) : null,
    );
    sheet.style.fontSize = (size || 13) + "pt";
    printSheet(sheet);
  }

  const { checkin } = home.dataset;
  const lesson = checkin ? h("a", { href: checkin }, say("after.lesson")) : say("after.lesson");
  const form = h(
    "div",
    {},
    h("h2", {}, say("after.promises")),
    h("p", "al-care", say("after.care")),
    list,
    add,
    full,
    h("h2", {}, say("after.check_in")),
    h("p", {}, sayWith("after.check_in_how", { lesson })),
    labelled(say("after.check_in_day"), day),
    hint,
    h("h2", {}, say("after.wall")),
    wall,
    h("div", "al-row", button(say("after.print"), print)),
    tooLong,
    h("h2", {}, say("after.notes")),
    h("p", "al-hint", say("activities.promise_calendar")),
    ticked(say("activities.promise_inside"), inside),
    notes,
    h("h2", {}, say("after.invitation")),
    invitation,
  );

  /** @param {string} what */
  function refresh(what) {
    if (what !== "all" && what !== CHECK_IN && !PROMISED.test(what)) return;
    waiting.hidden = !sitting.asking;
    form.hidden = sitting.closed;
    if (what === "all") tell("");
    const there = promised();
    cards = there.map(([key]) => cards.find((one) => one.key === key) || card(key));
    if (cards.length === 0) cards = [card(freshKey())];
    const parts = new Map(there);
    for (const one of cards) one.show(parts.get(one.key) || { what: "", tell: "", when: "" });
    day.value = checkInDay();
    arrange();
  }

  home.replaceChildren(waiting, form, h("div", "al-foot", line));
  sitting.listen(refresh);
  refresh("all");
}

/** Begins: called once. */
export function mountAfter() {
  mountPage();
  document.addEventListener("DOMContentLoaded", () => {
    const home = document.getElementById("alongside-after");
    if (home) mountForm(home);
  });
}

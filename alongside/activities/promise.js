// A promise: yes, maybe, or not this time. What, who, by when, whom I tell, and how I will tell you if it slips.
// Answer: {kind: "promise", v: 2, answer: "yes" | "maybe" | "not-this-time", depends, what, who, when, tell, slip};
// empty parts are left out. Whatever the answer is, the other parts stay: it may change again.

import { textsIn } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

const promiseAnswers = () => [
  ["yes", say("activities.promise_yes")],
  ["maybe", say("activities.promise_maybe")],
  ["not-this-time", say("activities.promise_not_this_time")],
];

const promiseParts = () => [
  ["depends", say("activities.promise_depends")],
  ["what", say("activities.promise_what")],
  ["who", say("activities.promise_who")],
  ["when", say("activities.promise_when")],
  ["tell", say("activities.promise_tell")],
  ["slip", say("activities.promise_slip")],
];

registerWords("promise", {
  parts: ["answer", "depends", "what", "who", "when", "tell", "slip"],
  texts: () => ({}),
  words(answer, text) {
    const known = promiseAnswers().find(([id]) => id === answer.answer);
    const said = known ? known[1] : answer.answer && text("answers", answer.answer);
    return [
      ...(said ? [withLabel(say("activities.promise_answer"), textsIn(said))] : []),
      ...promiseParts()
        .filter(([name]) => answer[name])
        .map(([name, label]) => withLabel(label, textsIn(answer[name]))),
    ];
  },
});

// --- on the page ---

import { textOf } from "../page/answers.js";
import { calendarFile } from "../page/calendar.js";
import { PRIVATE, button, freshId, growingBox, h, labelled, ticked } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { keptWord, lines } from "../page/reading.js";
import { download } from "../page/take-home.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The boxes of one promise. `change(parts)` is called at every change, with null where nothing is left; `whose` names
 * it where several stand on a page; `starters` are words to start from. Gives {element, show(kept)}; show() gives back
 * what has no box.
 */
export function promiseBoxes(change, tell, whose, starters = []) {
  const group = freshId("promise");
  const answers = promiseAnswers();
  const radios = answers.map(([id]) =>
    h("input", { type: "radio", name: group, value: id, autocomplete: "off", onchange: () => changed() }),
  );
  const box = (rows) => growingBox({ rows, oninput: () => changed() });
  const boxes = { depends: box(1), what: box(2), who: box(1), tell: box(1), slip: box(2) };
  const when = h("input", { type: "date", max: "9999-12-31", ...PRIVATE, oninput: () => changed() });
  const inside = h("input", { type: "checkbox", autocomplete: "off" });

  let left = {}; // parts that have no field to stand in, such as a day that no calendar has
  const save = say("activities.promise_save");
  const putBy = h("p", "al-hint", say("activities.promise_put_by"));
  const depends = labelled(say("activities.promise_depends"), boxes.depends);
  const details = h(
    "div",
    { class: "al-rest", hidden: true },
    h(
      "div",
      "al-pairs",
      labelled(say("activities.promise_who"), boxes.who),
      labelled(say("activities.promise_day"), when),
      labelled(say("activities.promise_tell"), boxes.tell),
      labelled(say("activities.promise_slip"), boxes.slip),
    ),
    h(
      "div",
      "al-calendar",
      h("p", "al-hint", say("activities.promise_calendar")),
      h(
        "div",
        "al-row",
        ticked(say("activities.promise_inside"), inside),
        button(save, hand, { "aria-label": whose ? withLabel(save, whose) : null }),
      ),
    ),
  );
  const whom = [
    say("activities.promise_starter_decides"),
    say("activities.promise_starter_others"),
    say("activities.promise_starter_no_time"),
  ];
  const starter = (words, at) => {
    const id = freshId("whom");
    return h(
      "li",
      {},
      h("span", { class: "al-hint", id }, whom[at] || say("activities.promise_starter_or")),
      " ",
      button(words, () => start(words), { "aria-describedby": id }),
    );
  };
  // What and the answer come first; the rest is there as soon as one of them is.
  const element = h(
    "div",
    {},
    labelled(say("activities.promise_what"), boxes.what),
    h(
      "fieldset",
      {},
      h("legend", "al-pile", say("activities.promise_answer")),
      h("div", "al-options al-chips", radios.map((radio, at) => h("label", {}, radio, h("span", {}, answers[at][1])))),
    ),
    depends,
    putBy,
    starters.length > 0 &&
      h("details", "al-starters", h("summary", {}, say("activities.promise_starters")), h("ul", {}, starters.map(starter))),
    details,
  );

  const chosen = () => (radios.find((radio) => radio.checked) || { value: "" }).value;

  function hand() {
    if (!DAY.test(when.value)) return tell(say("activities.promise_no_day"));
    const word = inside.checked ? keptWord("promise", {}, "", answer(), undefined) : null;
    download("note.ics", "text/calendar", calendarFile(when.value, word ? lines("", word).join("\n") : ""));
    tell(say("activities.promise_saved"));
  }

  const fields = () => Object.entries({ answer: { value: chosen() }, ...boxes, when });

  /** The parts that are filled in. */
  const answer = () =>
    Object.fromEntries(
      fields()
        .map(([name, { value }]) => [name, value.trim() ? value : left[name]])
        .filter(([, part]) => part !== undefined),
    );

  const arrange = () => {
    const [said, filled] = [chosen(), fields().some(([, { value }]) => value)];
    depends.hidden = said !== "maybe";
    // What is open stays so while a hand may be in it.
    details.hidden = said === "not-this-time" || (details.hidden && !filled);
    // Nobody has to wonder where words went that stood here.
    putBy.hidden = ![...Object.values(boxes), when].some((field) => field.value && field.closest("[hidden]"));
  };

  function start(words) {
    const before = boxes.what.value.trim();
    if (!before.includes(words)) boxes.what.setText(before ? before + "\n" + words : words);
    changed();
    boxes.what.focus();
  }

  function changed() {
    arrange();
    const now = answer();
    change(Object.keys(now).length === 0 ? null : now);
  }

  return {
    element,
    show(kept) {
      const parts = kept || {};
      for (const radio of radios) radio.checked = radio.value === parts.answer;
      for (const [name, field] of Object.entries(boxes)) {
        const text = textOf(parts[name]);
        if (field.value !== text) field.setText(text); // to measure one lays out the page
      }
      when.value = textOf(parts.when);
      left = Object.fromEntries(fields().flatMap(([name, { value }]) => (value || !parts[name] ? [] : [[name, parts[name]]])));
      if (!kept) inside.checked = false;
      arrange();
      return left;
    },
  };
}

/** @type {import("../page/kinds.js").Kind} */
const promise = {
  private: true,
  build({ body, props, keep, beside, tell }) {
    const settle = (parts) =>
      keep(parts, parts && parts.answer === "not-this-time" ? say("activities.promise_no_reason") : "");
    const boxes = promiseBoxes(settle, tell, null, props.starters);
    body.append(boxes.element);
    return (kept) => beside(boxes.show(kept));
  },
};

register("promise", promise);

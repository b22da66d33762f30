// A promise: yes, maybe, or not this time. What, who, by when, whom I tell, and how I will tell you if it slips.

import { calendarFile } from "../page/calendar.js";
import { PRIVATE, button, freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { lines } from "../page/say.js";
import { download } from "../page/take-home.js";

const ANSWERS = ["Yes", "Maybe, it depends on …", "Not this time"];
const STARTERS = ["If you decide things here", "If others decide things here", "If you have no time"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The boxes of one promise. `change(answer)` is called with {answer, depends, what, who, when, tell, slip}
 * (empty parts left out) at every change. Gives {element, show(answer), start(words)}.
 */
export function promiseBoxes(change, say) {
  const group = freshId("promise");
  const radios = ANSWERS.map((words) =>
    h("input", { type: "radio", name: group, value: words, autocomplete: "off", onchange: () => changed() }),
  );
  const box = (rows) => growingBox({ rows, oninput: () => changed(), class: "alongside-words" });
  const boxes = { depends: box(1), what: box(2), who: box(1), tell: box(1), slip: box(2) };
  const when = h("input", { type: "date", ...PRIVATE, class: "alongside-words", onchange: () => changed() });
  const inside = h("input", { type: "checkbox", autocomplete: "off" });

  const row = (words, field) => h("label", { class: "alongside-field" }, h("span", {}, words), field);
  const depends = row("It depends on", boxes.depends);
  const details = h(
    "div",
    { class: "alongside-details" },
    depends,
    row("Who does it", boxes.who),
    row("By when (a day)", when),
    row("Whom I tell", boxes.tell),
    row("How I will tell you if it slips", boxes.slip),
    h(
      "div",
      { class: "alongside-calendar" },
      h("p", { class: "alongside-hint" }, "A calendar note is a file called “A note to myself”. It goes to this computer's downloads, and it is empty unless you put your words in."),
      h("label", { class: "alongside-tick" }, inside, h("span", {}, "Put my words in")),
      button("Save a calendar note", () => {
        if (!DAY.test(when.value)) return say("Choose a day first, under “By when”.");
        const words = inside.checked ? lines(answer()).join("\n") : "";
        download("note.ics", "text/calendar", calendarFile(when.value, words));
        say("The note was handed to this computer's downloads.");
      }),
    ),
  );
  const element = h(
    "div",
    { class: "alongside-promise" },
    row("What", boxes.what),
    h(
      "fieldset",
      { class: "alongside-card" },
      h("legend", {}, "My answer"),
      h("div", { class: "alongside-options" }, radios.map((radio, at) => h("label", {}, radio, h("span", {}, ANSWERS[at])))),
    ),
    details,
  );

  const chosen = () => (radios.find((radio) => radio.checked) || { value: "" }).value;

  function answer() {
    if (chosen() === ANSWERS[2]) return { answer: ANSWERS[2] };
    const parts = { answer: chosen() };
    for (const [name, field] of Object.entries({ ...boxes, when })) parts[name] = field.value.trim() ? field.value : "";
    if (chosen() !== ANSWERS[1]) parts.depends = "";
    return Object.fromEntries(Object.entries(parts).filter(([, words]) => words !== ""));
  }

  function arrange() {
    depends.hidden = chosen() !== ANSWERS[1];
    details.hidden = chosen() === ANSWERS[2];
  }

  function changed() {
    arrange();
    const now = answer();
    change(Object.keys(now).length === 0 ? "" : now);
  }

  return {
    element,
    start(words) {
      const before = boxes.what.value.trim();
      if (!before.includes(words)) boxes.what.setText(before ? before + "\n" + words : words);
      changed();
      boxes.what.focus();
    },
    show(kept) {
      const parts = kept !== null && typeof kept === "object" ? kept : {};
      for (const radio of radios) radio.checked = radio.value === parts.answer;
      for (const [name, field] of Object.entries(boxes)) field.setText(typeof parts[name] === "string" ? parts[name] : "");
      when.value = DAY.test(parts.when || "") ? parts.when : "";
      if (!kept) inside.checked = false;
      arrange();
    },
  };
}

export const promise = {
  private: true,
  build({ body, props, keep, say }) {
    const boxes = promiseBoxes((answer) => {
      keep(answer);
      if (answer && answer.answer === ANSWERS[2]) say("Not this time is a full answer. No reason is needed.");
    }, say);
    if (props.starters.length > 0) {
      body.append(
        h(
          "div",
          { class: "alongside-starters" },
          h("p", { class: "alongside-hint" }, "Words to start from, if you like:"),
          h(
            "ul",
            {},
            props.starters.map((words, at) =>
              h("li", {}, h("span", { class: "alongside-hint" }, (STARTERS[at] || "Or") + ": "), button(words, () => boxes.start(words))),
            ),
          ),
        ),
      );
    }
    body.append(boxes.element);
    return boxes.show;
  },
};

register("promise", promise);

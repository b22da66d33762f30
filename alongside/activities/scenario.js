// A story with choices. Nothing is scored: every choice says what it costs, who gains and who carries the risk.
//
// props: {scenario: {title, opening, carries: [[name, words]], start, steps: {name: {text, choices: [...]}},
// repair, debrief: [questions], gentler: props of the gentler story or null}}.
// Answer: {path: [choice numbers], said: [what was chosen, in words], story: "gentler" or absent}.

import { button, h } from "../page/dom.js";
import { register } from "../page/kinds.js";

const END = "end";

/** Follow a path as far as it holds: the steps seen, the step that is open now, and how things stand. */
export function walk(story, path) {
  const carries = new Map(story.carries);
  const seen = [];
  let at = story.start;
  for (const number of path) {
    const step = story.steps[at];
    const choice = step && step.choices[number];
    if (!choice) break;
    for (const [name, words] of Object.entries(choice.changes || {})) carries.set(name, words);
    seen.push({ name: at, step, number, choice });
    at = choice.next;
    // The step of repair can be reached from the end, by a button of its own.
    if (at === END && path.length > seen.length) at = story.repair;
  }
  return { seen, at, carries, repaired: seen.some(({ name }) => name === story.repair) };
}

export const scenario = {
  build({ body, props, keep, drop, say }) {
    let path = [];
    let gentle = false;
    const story = () => (gentle ? props.scenario.gentler : props.scenario);

    const answer = () => {
      const said = walk(story(), path).seen.map(({ choice }) => choice.say);
      return gentle ? { path, said, story: "gentler" } : { path, said };
    };
    const go = (next, words) => {
      path = next;
      if (path.length === 0) drop();
      else keep(answer());
      draw();
      const mark = body.querySelector("[data-now]");
      if (mark) mark.focus();
      if (words) say(words);
    };

    function draw() {
      const { seen, at, carries, repaired } = walk(story(), path);
      const ended = at === END;
      body.replaceChildren(
        h("p", { class: "alongside-story" }, story().opening),
        ...seen.map(({ step, choice }, number) => passed(step, choice, number === seen.length - 1)),
        standing(carries),
        ended ? ending(repaired) : open(at),
        controls(ended),
      );
    }

    const passed = (step, choice, last) =>
      h(
        "div",
        { class: "alongside-passed" },
        h("p", { class: "alongside-story" }, step.text),
        h("p", { class: "alongside-chosen" }, h("strong", {}, "You chose: "), choice.say),
        h("p", { class: "alongside-story", tabindex: "-1", "data-now": last ? "" : null }, choice.then),
        last ? weighed(choice) : h("details", {}, h("summary", {}, "What it cost, and whom"), weighed(choice)),
      );

    const weighed = (choice) =>
      h(
        "dl",
        { class: "alongside-weighed" },
        ...[
          ["What it costs", choice.costs],
          ["Who gains power", choice.gains_power],
          ["Who carries the risk", choice.carries_risk],
        ].flatMap(([label, words]) => [h("dt", {}, label), h("dd", {}, words)]),
      );

    const standing = (carries) =>
      h(
        "div",
        { class: "alongside-standing" },
        h("p", { class: "alongside-pile" }, "How things stand"),
        h("ul", {}, [...carries].map(([name, words]) => h("li", {}, h("strong", {}, name + ": "), words))),
      );

    const open = (at) => {
      const step = story().steps[at];
      return h(
        "div",
        { class: "alongside-step" },
        h("p", { class: "alongside-story" }, step.text),
        h("p", { class: "alongside-hint" }, "None of these is the right answer. Each has a cost."),
        h(
          "div",
          { class: "alongside-choices" },
          step.choices.map((choice, number) => button(choice.say, () => go([...path, number]))),
        ),
      );
    };

    const ending = (repaired) =>
      h(
        "div",
        { class: "alongside-step" },
        h("p", {}, h("strong", {}, "This way through ends here. "), "Other ways are open."),
        repaired
          ? null
          : h(
              "div",
              {},
              h("p", {}, "Something may still need mending."),
              button("See one way to repair", (event) => {
                // Opening the repair step is no choice yet: it stands in the button's place, and its choices
                // lengthen the path.
                event.currentTarget.replaceWith(repairStep());
                body.querySelector("[data-repair]").focus();
              }),
            ),
        h("p", {}, "To think about, or to talk about:"),
        h("ul", {}, story().debrief.map((question) => h("li", {}, question))),
      );

    const repairStep = () => {
      const step = story().steps[story().repair];
      return h(
        "div",
        { class: "alongside-step" },
        h("p", { class: "alongside-story", tabindex: "-1", "data-repair": "" }, step.text),
        h(
          "div",
          { class: "alongside-choices" },
          step.choices.map((choice, number) => button(choice.say, () => go([...path, number]))),
        ),
      );
    };

    const controls = (ended) =>
      h(
        "div",
        { class: "alongside-row" },
        path.length > 0 ? button("Back one choice", () => go(path.slice(0, -1), "Back one choice.")) : null,
        path.length > 0 ? button(ended ? "Try another way" : "Start over", () => go([], "From the beginning.")) : null,
        props.scenario.gentler
          ? button(gentle ? "Back to the first story" : "Take a gentler story", () => {
              gentle = !gentle;
              go([], gentle ? "This is a gentler story." : "This is the first story.");
            })
          : null,
      );

    return (kept) => {
      gentle = Boolean(kept) && kept.story === "gentler" && Boolean(props.scenario.gentler);
      path = kept && Array.isArray(kept.path) ? kept.path.filter(Number.isInteger) : [];
      path = path.slice(0, walk(story(), path).seen.length);
      draw();
    };
  },
};

register("scenario", scenario);

// A story with choices. Nothing is scored: every choice says what it costs, who gains and who carries the risk.
//
// props: {scenario: {title, opening, carries: [[name, words]], start, steps: {name: {text, choices: [[id, words], ...],
// led: {id: {then, costs, ..., changes, next}}}}, repair, debrief: [questions], gentler: the gentler story's, or null}}.
// Answer: {kind: "scenario", v: 2, path: [[step, choice], ...], story: "gentler" or absent, left: [[list, id], ...]}. What
// is left are choices of a way that the story no longer has; list and id are as in texts().

import { pairsOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say } from "../page/words.js";

/** Every choice of a story by "step/choice". */
const choicesOf = (story) =>
  Object.entries(story ? story.steps : {}).flatMap(([step, { choices }]) =>
    choices.map(([id, words]) => [step + "/" + id, words]),
  );

/** Where a choice's words stand: [list, id], as in texts(). "was": said in version 1, in words that the story lost. */
const placeOf =
  (story) =>
  ([step, id]) =>
    step === "was" ? [step, id] : [story === "gentler" ? story : "choices", step + "/" + id];

registerWords("scenario", {
  parts: ["path", "story", "left"],
  texts: ({ scenario: story }) => (story ? { choices: choicesOf(story), gentler: choicesOf(story.gentler) } : {}),
  words({ path, story, left }, text) {
    const said = [...pairsOf(path).map(placeOf(story)), ...pairsOf(left)].map(([list, id]) => text(list, id));
    return story === "gentler" && said.length === 0 ? [say("activities.scenario_is_gentler")] : said;
  },
});

// --- on the page ---

import { isRecord, listOf } from "../page/answers.js";
import { button, freshId, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { sayWith, withLabel } from "../page/words.js";

const END = "end";

/** What a choice leads to. A page has it shorter, in the order of the choices: short_story in html.py. */
const ledTo = ({ choices, led }, id) => {
  if (!Array.isArray(led)) return led[id];
  const [then, costs, gains_power, carries_risk, next, changes] = led[choices.findIndex(([one]) => one === id)];
  return { then, costs, gains_power, carries_risk, next, changes };
};

/** Follow a path as far as it holds: the steps seen, the step that is open now, and how things stand. */
export function walk(story, path) {
  const carries = new Map(story.carries);
  const seen = [];
  let at = story.start;
  for (const [name, id] of path) {
    // The step of repair can be reached from the end, by a button of its own.
    if (at === END && name === story.repair) at = story.repair;
    const step = story.steps[at];
    const choice = name === at && step ? step.choices.find(([one]) => one === id) : undefined;
    if (!choice) break;
    const led = ledTo(step, id);
    for (const [what, words] of Object.entries(led.changes)) carries.set(what, words);
    seen.push({ name: at, step, id, say: choice[1], led });
    at = led.next;
  }
  return { seen, at, carries, repaired: seen.some(({ name }) => name === story.repair) };
}

/** @type {import("../page/kinds.js").Kind} */
const scenario = {
  upgrade(old, { idOf }, texts, props) {
    const gentle = isRecord(old) && old.story === "gentler";
    const story = gentle ? props.scenario.gentler : props.scenario;
    if (!isRecord(old) || !story) return undefined;
    const [said, numbers] = [listOf(old.said), listOf(old.path)];
    const path = [];
    let at = story.start;
    for (const [number, words] of (said.length > 0 ? said : numbers).entries()) {
      if (at === END) at = story.repair;
      const step = story.steps[at];
      // Its words say which choice it was; its number does where the words have changed since.
      const choice =
        step && (step.choices.find((one) => one[1] === words) || step.choices.find((one, place) => place === numbers[number]));
      if (!choice && said.length === 0) break;
      path.push(choice ? [at, choice[0]] : ["was", idOf("was", words)]);
      at = choice ? ledTo(step, choice[0]).next : "";
    }
    if (path.length === 0 && !gentle) return undefined;
    return gentle ? { path, story: "gentler" } : { path };
  },
  build({ body, props, keep, beside }) {
    const named = freshId("story");
    let path = [];
    let left = [];
    let gentle = false;
    const story = () => (gentle ? props.scenario.gentler : props.scenario);

    const settle = (words) => {
      // A gentler story is kept also at its beginning: a reload must not bring the first one back.
      const parts = { path, ...(gentle && { story: "gentler" }), ...(left.length > 0 && { left }) };
      keep(gentle || path.length + left.length > 0 ? parts : null, words);
      beside({ left });
    };

    /** To what a choice led, or to the step where its ways begin. A screen reader says a group's name on the way in. */
    const goTo = (place) => {
      place.focus({ preventScroll: true });
      place.firstChild.scrollIntoView({ block: "nearest" });
    };

    /** `pressed`: the button of a choice. What was chosen then stands where it was, or higher, where there is room below. */
    const go = (next, words, pressed) => {
      const height = pressed && Math.min(pressed.getBoundingClientRect().top, window.innerHeight / 3);
      path = next;
      draw();
      body.className = "al-fresh";
      settle(words);
      const now = body.querySelector("[data-now]");
      if (pressed) window.scrollBy(0, now.previousSibling.getBoundingClientRect().top - height);
      goTo(now);
    };

    const begin = (words) => {
      left = [];
      go([], words);
    };

    const draw = () => {
      const { seen, at, carries, repaired } = walk(story(), path);
      const ended = at === END;
      const parts = [
        h("p", { class: "al-story", id: named }, story().opening),
        ...seen.flatMap((one, number) => passed(one, number === seen.length - 1)),
        standing(carries),
        ...(ended ? [within("-end", ending(repaired), controls(ended))] : [open(at, path.length === 0), controls(ended)]),
      ];
      // At its beginning the whole story is a group that says how it opens, once.
      body.replaceChildren(...(path.length > 0 ? parts : [within("", ...parts)]));
    };

    /** What was chosen, in a line that holds the scene; what the last choice led to stands below it. */
    const passed = ({ step, say: words, led }, last) => {
      const scene = [h("p", "al-story", step.text)];
      const led_to = [h("p", "al-story", led.then), weighed(led)];
      const you_chose = h("strong", {}, say("activities.scenario_you_chose"));
      const line = h("summary", "al-chosen", sayWith("activities.scenario_chosen", { you_chose, choice: words }));
      return last
        ? [h("details", {}, line, scene), group("-led", true, h("div", { id: named + "-led" }, led_to))]
        : [h("details", "al-earlier", line, scene, led_to)];
    };

    /** A group that is named by the text of an id. By one alone: Orca says the texts of several in any order. */
    const within = (id, ...inside) => h("div", { role: "group", "aria-labelledby": named + id }, ...inside);

    const group = (id, now, ...inside) => {
      const made = within(id, ...inside);
      made.className = "al-step";
      made.tabIndex = -1;
      if (now) {
        made.dataset.now = "";
        made.setAttribute("aria-describedby", named + "-stand");
      }
      return made;
    };

    const weighed = (led) =>
      h(
        "dl",
        "al-weighed",
        ...[
          [say("activities.scenario_costs"), led.costs],
          [say("activities.scenario_gains"), led.gains_power],
          [say("activities.scenario_risk"), led.carries_risk],
        ].map(([label, words]) => h("div", {}, h("dt", {}, label), h("dd", {}, words))),
      );

    const standing = (carries) =>
      h(
        "p",
        { class: "al-hint", id: named + "-stand" },
        h("strong", {}, say("activities.scenario_standing")),
        [...carries].flatMap(([name, words]) => [" ", h("span", {}, withLabel(name, words))]),
      );

    const open = (name, first) =>
      group(
        "-step",
        first,
        h("p", { class: "al-story", id: named + "-step" }, story().steps[name].text),
        h("p", "al-hint", say("activities.scenario_no_right")),
        h(
          "div",
          "al-choices",
          // A hand that presses twice chose once: nobody has read what has come to lie under it.
          story().steps[name].choices.map(([id, words]) =>
            button(words, ({ currentTarget, detail }) => detail > 1 || go([...path, [name, id]], "", currentTarget)),
          ),
        ),
      );

    const ending = (repaired) =>
      h(
        "div",
        "al-step",
        h("p", { id: named + "-end" }, sayWith("activities.scenario_ended", { ends: h("strong", {}, say("activities.scenario_ends")) })),
        repaired
          ? null
          : within(
              "-mend",
              h("p", { id: named + "-mend" }, say("activities.scenario_mending")),
              button(say("activities.scenario_repair"), (event) => {
                // Opening the repair step is no choice yet: it stands in the button's place, and its choices
                // lengthen the path.
                const step = open(story().repair, false);
                event.currentTarget.replaceWith(step);
                goTo(step);
              }),
            ),
        h(
          "div",
          { id: named + "-think" },
          h("p", {}, say("activities.scenario_debrief")),
          h("ul", {}, story().debrief.map((question) => h("li", {}, question))),
        ),
      );

    const exchange = () => {
      gentle = !gentle;
      begin(gentle ? say("activities.scenario_is_gentler") : say("activities.scenario_is_first"));
    };

    const controls = (ended) =>
      h(
        "div",
        ended ? { class: "al-row", role: "group", "aria-labelledby": named + "-think" } : "al-row",
        path.length > 0 && [
          button(say("activities.scenario_back"), () => go(path.slice(0, -1), say("activities.scenario_back_said"))),
          button(ended ? say("activities.scenario_another") : say("activities.scenario_over"), () =>
            begin(say("activities.scenario_from_beginning")),
          ),
        ],
        props.scenario.gentler &&
          button(gentle ? say("activities.scenario_first") : say("activities.scenario_gentler"), exchange),
      );

    return (kept) => {
      const { path: way, story: told, left: lost } = kept || {};
      gentle = told === "gentler" && Boolean(props.scenario.gentler);
      const seen = gentle === (told === "gentler") ? walk(story(), pairsOf(way)).seen.length : 0;
      path = pairsOf(way).slice(0, seen);
      left = [...pairsOf(way).slice(seen).map(placeOf(told)), ...pairsOf(lost)];
      draw();
      beside({ left });
    };
  },
};

register("scenario", scenario);

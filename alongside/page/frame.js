// What all activities share: the question as the group's name, Skip, a status line, and the sitting.

import { button, freshId, h } from "./dom.js";
import { askIfStillYou } from "./gate.js";
import { sitting } from "./sitting.js";

const CARE = "Use no names. Leave out details that could point to one person.";

/**
 * Mounts one activity into a section and gives back what takes it down.
 *
 * `kind` is {private, skip, build}. `build(tools)` puts its controls into tools.body and returns
 * `show(answer)`, which draws a kept answer, or undefined for none. tools: {body, props, key, prompt, surface,
 * questionId, keep(answer), drop(), say(words), self}.
 */
export function mountActivity(section, kind, key, props, surface) {
  const prompt = props.prompt || "";
  const questionId = freshId("question");
  const body = h("div", { class: "alongside-body" });
  const status = h("p", { class: "alongside-status", role: "status" });
  const waiting = h(
    "p",
    { class: "alongside-waiting", hidden: true },
    "Something was written here before. ",
    button("Is this still you?", () => askIfStillYou()),
  );
  const group = h(
    "fieldset",
    { class: "alongside-group" },
    h("legend", { class: "alongside-question", id: questionId }, prompt),
    props.hint ? h("p", { class: "alongside-hint" }, props.hint) : null,
    kind.private ? h("p", { class: "alongside-care" }, CARE) : null,
    waiting,
    body,
  );
  let undo = null; // what Skip put away: only in memory, only on this page

  const say = (words) => {
    status.textContent = words;
  };
  const keep = (answer) => {
    const empty = answer === "" || answer === null || (Array.isArray(answer) && answer.length === 0);
    if (empty) return drop();
    const done = sitting.keep(key, prompt, answer, refresh);
    if (!done) say("This tab is full, so the newest words last only as long as this page. Save your words as a file now.");
    else say(sitting.lasting ? "Kept in this tab." : "Kept until you leave this page: this browser lets no page remember.");
  };
  const drop = () => {
    sitting.drop(key, refresh);
    say("");
  };

  const show = kind.build({ body, props, key, prompt, surface, questionId, keep, drop, say, self: refresh }) || (() => {});

  const skip = button("Skip", () => {
    const kept = sitting.read(key);
    if (kept && kept.answer === null) {
      if (undo === null) sitting.drop(key, refresh);
      else sitting.keep(key, prompt, undo, refresh);
      undo = null;
      draw();
      say("");
    } else {
      undo = kept ? kept.answer : null;
      sitting.keep(key, prompt, null, refresh);
      draw();
      say("Skipped. That is an answer too.");
    }
  });

  function draw() {
    const kept = sitting.read(key);
    const skipped = Boolean(kept) && kept.answer === null;
    section.dataset.state = sitting.asking ? "asking" : skipped ? "skipped" : kept ? "answered" : "open";
    waiting.hidden = !sitting.asking;
    body.hidden = sitting.asking || skipped;
    skip.hidden = sitting.asking;
    skip.textContent = skipped ? "Answer after all" : "Skip";
    show(skipped || !kept ? undefined : kept.answer);
  }

  function refresh(what) {
    if (what !== "all" && what !== key && !kind.watches) return;
    if (what === "all") {
      undo = null;
      say("");
    }
    draw();
  }

  section.replaceChildren(group, h("div", { class: "alongside-foot" }, kind.skip === false ? null : skip, status));
  draw();
  const deaf = sitting.listen(refresh);
  return () => deaf();
}

// What all activities share: the question as the group's name, Skip, a status line, and the sitting.

import { isOf } from "./answers.js";
import { button, freshId, h } from "./dom.js";
import { askIfStillYou } from "./gate.js";
import { kindOf } from "./kinds.js";
import { keptWord, putAtHand, wordsOfId } from "./reading.js";
import { sitting } from "./sitting.js";
import { placeBeside } from "./take-home.js";
import { upgraded } from "./version-1.js";
import { say, sayWith } from "./words.js";

/**
 * Mounts one activity into a section and gives back what takes it down.
 *
 * The kind called `name` is {private, skip, watches, build}. `build(tools)` puts its controls into tools.body and
 * returns `show(answer)`, which draws a kept answer of this kind, or undefined for none. tools: {body, props, key,
 * surface, questionId, keep(parts), tell(words), wordsOf(list, id), self}. keep(null) says that nothing is left.
 */
export function mountActivity(section, name, key, props, surface) {
  const kind = kindOf(name);
  const prompt = props.prompt || "";
  const questionId = freshId("question");
  const body = h("div", { class: "al-body" });
  const status = h("p", { class: "al-status", role: "status" });
  const still = button(say("page.gate_title"), () => askIfStillYou());
  const waiting = h("p", { class: "al-waiting", hidden: true }, sayWith("page.waiting", { still_you: still }));
  const group = h(
    "fieldset",
    { class: "al-group" },
    h("legend", { class: "al-question", id: questionId }, prompt),
    props.hint ? h("p", { class: "al-hint" }, props.hint) : null,
    kind.private ? h("p", { class: "al-care" }, say("page.care")) : null,
    waiting,
    body,
  );
  let undo = null; // what Skip put away: only in memory, only on this page
  putAtHand(key, name, props);

  const tell = (words) => {
    status.textContent = words;
  };
  const keep = (parts) => {
    const before = sitting.read(key);
    const word = keptWord(name, props, prompt, parts, before);
    const other = Boolean(before) && before.answer !== null && !isOf(name, before);
    if (word === null) {
      if (!other) sitting.drop(key, refresh);
      return tell("");
    }
    if (other) setAside(before);
    if (!sitting.keep(key, word, refresh)) tell(say("page.full"));
    else tell(sitting.lasting ? say("page.kept") : say("page.kept_until_you_leave"));
  };
  const wordsOf = (list, id) => wordsOfId(name, props, sitting.read(key), list, id);

  /** An answer that this question can't draw, such as one of a newer page, is not written over: it stands beside. */
  function setAside(word) {
    const taken = new Set(sitting.all().map(([one]) => one));
    let number = 1;
    while (taken.has(placeBeside(key, number))) number += 1;
    sitting.keep(placeBeside(key, number), { ...word, prompt: say("page.from_before", { prompt: word.prompt }) }, refresh);
  }

  const show = kind.build({ body, props, key, surface, questionId, keep, tell, wordsOf, self: refresh }) || (() => {});

  const skip = button(say("page.skip"), () => {
    const kept = sitting.read(key);
    if (kept && kept.answer === null) {
      if (undo === null) sitting.drop(key, refresh);
      else sitting.keep(key, undo, refresh);
      undo = null;
      draw();
      tell("");
    } else {
      undo = kept || null;
      sitting.keep(key, { prompt, answer: null }, refresh);
      draw();
      tell(say("page.skipped"));
    }
  });

  /** What is kept here. An answer of version 1 is brought to today's form as soon as its question is there. */
  function kept() {
    const word = sitting.read(key);
    const now = word && upgraded(name, props, word);
    if (!now) return word;
    sitting.keep(key, now, refresh);
    return now;
  }

  function draw() {
    const word = kept();
    const skipped = Boolean(word) && word.answer === null;
    section.dataset.state = sitting.asking ? "asking" : skipped ? "skipped" : word ? "answered" : "open";
    waiting.hidden = !sitting.asking;
    body.hidden = sitting.asking || skipped;
    skip.hidden = sitting.asking;
    skip.textContent = skipped ? say("page.answer_after_all") : say("page.skip");
    show(isOf(name, word) ? word.answer : undefined);
  }

  function refresh(what) {
    if (what !== "all" && what !== key && !kind.watches) return;
    if (what === "all") {
      undo = null;
      tell("");
    }
    draw();
  }

  section.replaceChildren(group, h("div", { class: "al-foot" }, kind.skip === false ? null : skip, status));
  draw();
  const deaf = sitting.listen(refresh);
  return () => deaf();
}

// What all activities share: the question as the group's name, Skip, a status line, and the sitting.

import { isOf } from "./answers.js";
import { button, freshId, h, ownWords, statusLine } from "./dom.js";
import { askIfStillYou } from "./gate.js";
import { kindOf } from "./kinds.js";
import { keptWord, lines, putAtHand } from "./reading.js";
import { sitting } from "./sitting.js";
import { placeBeside } from "./take-home.js";
import { upgraded } from "./version-1.js";
import { say, sayWith } from "./words.js";

/** Boxes for words that nothing describes yet. */
const BOXES = ":is(textarea,[type=text]):not([aria-describedby])";

/**
 * Mounts one activity into a section and gives back what takes it down.
 *
 * The kind called `name` is {private, skip, watches, build}. `build(tools)` puts its controls into tools.body and
 * returns `show(answer)`, which draws a kept answer of this kind, or undefined for none. tools: {body, props, key,
 * questionId, keep(parts, words), kept(done), beside(parts), tell(words), self}.
 * keep(null) says that nothing is left; `words` are said in place of "Kept". beside(parts) shows the parts of an answer
 * that the question can't draw since it was changed.
 */
export function mountActivity(section, name, key, props, surface) {
  const kind = kindOf(name);
  const prompt = props.prompt || "";
  const questionId = freshId("question");
  const notes = freshId("notes");
  const body = h("div");
  const putAway = h("p", { class: "al-hint", "aria-live": "polite" });
  const rest = h("div", { class: "al-standing", hidden: true });
  const { line, tell } = statusLine();
  const still = button(say("page.gate_title"), () => askIfStillYou());
  const waiting = h("p", { hidden: true }, sayWith("page.waiting", { still_you: still }));
  const group = h(
    "fieldset",
    {},
    h("legend", { class: "al-question", id: questionId }, prompt),
    h(
      "div",
      { id: notes },
      props.hint ? h("p", "al-hint", props.hint) : null,
      kind.private ? h("p", "al-care", say("page.care")) : null,
    ),
    waiting,
    body,
    putAway,
    rest,
  );
  putAtHand(key, name, props);

  /** Says how it went to keep something: done, or no room. */
  const kept = (done, words) => {
    const writing = document.activeElement?.matches("textarea, [type=text]");
    if (done) tell(words || (sitting.lasting ? say("page.kept") : say("page.kept_until_you_leave")), writing);
    else tell(say("page.full"));
  };
  const isOther = (word) => Boolean(word) && word.answer !== null && !isOf(name, word);
  const keep = (parts, words) => {
    // A browser's own Undo tells a box of it that is put away, too, and what that holds is no answer.
    if (body.hidden) return;
    const before = sitting.read(key);
    const word = keptWord(name, props, prompt, parts, before);
    const other = isOther(before);
    if (word === null) {
      if (!other) sitting.drop(key, refresh);
      return tell(words || "");
    }
    if (other) setAside(before);
    kept(sitting.keep(key, word, refresh), words);
  };

  /** An answer that this question can't draw, such as one of a newer page, is not written over: it stands beside. */
  function setAside(word) {
    const taken = new Set(sitting.all().map(([one]) => one));
    let number = 1;
    while (taken.has(placeBeside(key, number))) number += 1;
    sitting.keep(placeBeside(key, number), { ...word, prompt: say("page.from_before", { prompt: word.prompt }) }, refresh);
  }

  const tools = { body, props, key, questionId, keep, kept, beside, tell, self: refresh };
  const show = kind.build(tools) || (() => {});

  const press = ({ detail }) => {
    if (detail > 1) return; // a hand that presses twice: what brings an answer back has come to lie under it
    const word = sitting.read(key);
    if (isOther(word)) {
      setAside(word);
      sitting.drop(key, refresh);
    }
    const skipped = word?.answer === null;
    const moved = skipped ? sitting.unskip(key, refresh) : sitting.skip(key, prompt, refresh);
    draw();
    if (!skipped) tell(say("page.skipped"));
    else tell(moved ? say("page.answer_is_back") : say("page.can_be_answered"));
    putAway.textContent = moved && !skipped ? say("page.put_away") : "";
  };
  const skip = button(say("page.skip"), press, { "aria-describedby": questionId });

  /** What is kept here. An answer of version 1 is brought to today's form as soon as its question is there. */
  function wordOfToday() {
    const word = sitting.read(key);
    const now = word && upgraded(name, props, word);
    if (!now) return word;
    sitting.keep(key, now, refresh);
    return now;
  }

  function draw() {
    const word = wordOfToday();
    const skipped = word?.answer === null;
    section.dataset.state = sitting.closed ? "asking" : skipped ? "skipped" : word ? "answered" : "open";
    waiting.hidden = !sitting.asking;
    body.hidden = sitting.closed || skipped;
    skip.hidden = sitting.closed;
    skip.textContent = skipped ? say("page.answer_after_all") : say("page.skip");
    show(isOf(name, word) ? word.answer : undefined);
    if (!props.hint && !kind.private) return;
    for (const box of body.querySelectorAll(BOXES)) box.setAttribute("aria-describedby", notes);
    if (body.querySelector(`[aria-describedby~="${notes}"]`)) return;
    // Where each box has a hint of its own, the first says this, too. Where there is none, it is said of the question.
    const first = body.querySelector("[aria-describedby]");
    if (first) first.setAttribute("aria-describedby", first.getAttribute("aria-describedby") + " " + notes);
    else group.setAttribute("aria-describedby", notes);
  }

  /** Answers to what the question asked before it was changed are carried along, and nobody has to look for them. */
  function beside(parts) {
    const texts = lines(key, { ...sitting.read(key), answer: { kind: name, v: 2, ...parts } });
    rest.hidden = texts.length === 0;
    rest.replaceChildren(h("p", "al-hint", say("page.kept_from_before")), ...ownWords(texts));
  }

  function refresh(what) {
    if (what !== "all" && what !== key && !kind.watches) return;
    if (what === "all") tell("");
    if (what === "all" || what === key) putAway.textContent = "";
    draw();
  }

  section.replaceChildren(group, h("div", "al-foot", kind.skip === false ? null : skip, line));
  draw();
  const deaf = sitting.listen(refresh);
  return () => deaf();
}

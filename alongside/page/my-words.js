// "My words": see everything of this sitting, take it home, bring it back, print it, forget it.

import { PRIVATE, button, freshId, growingBox, h, keepKeys, labelled, openDialog, ownWords, statusLine, ticked } from "./dom.js";
import { exitParts, watchShift } from "./exit.js";
import { askIfStillYou } from "./gate.js";
import { removeCopy } from "./kept-copy.js";
import { lines } from "./reading.js";
import { sitting } from "./sitting.js";
import { Refused, bringIn, canLock, download, fits, lockedFile, plainFile, plainText, readFile, tidied, unlock } from "./take-home.js";
import { say } from "./words.js";

/** What is kept under a key, as paragraphs. */
export const read = (key, word) => ownWords(lines(key, word));

/** The words as a sheet of paper. */
function wordsSheet() {
  const words = sitting.all().map(([key, word]) => h("section", {}, h("h2", {}, word.prompt), read(key, word)));
  return h("div", "al-sheet", words);
}

/**
 * Prints a sheet: everything else on the page stays out of the print.
 * @param {HTMLElement} sheet of the class al-sheet
 */
export function printSheet(sheet) {
  laySheet(sheet);
  window.print();
}

/** @param {HTMLElement} sheet */
function laySheet(sheet) {
  // Not every browser tells when printing is over, and words may not stay on a sheet that nobody sees: it goes as soon
  // as the page is used or left again, too.
  const over = ["afterprint", "keydown", "pointerdown", "pagehide"];
  const clear = () => {
    deaf();
    sheet.remove();
    document.documentElement.classList.remove("al-printing");
    for (const kind of over) removeEventListener(kind, clear, true);
  };
  const deaf = sitting.listen(clear);
  for (const old of document.querySelectorAll(".al-sheet")) old.remove();
  document.body.append(sheet);
  document.documentElement.classList.add("al-printing");
  for (const kind of over) addEventListener(kind, clear, true);
}

/** The buttons that take words home, bring them back and forget them. */
export function keeping(tell) {
  // Masked by the stylesheet: what is of type password, a browser offers to keep. A slip that nobody sees would lock the
  // file for good, so it can be shown.
  /**
   * @param {string} label
   * @param {string} go the button's words
   * @param {() => void} press what the button does, and Enter
   */
  const secret = (label, go, press) => {
    const box = h("input", {
      type: "text",
      ...PRIVATE,
      autocapitalize: "off",
      autocorrect: "off",
      class: "al-words al-secret",
      // Enter, and not the one that ends what a keyboard for Chinese or Korean puts together: that has another number,
      // also in Safari, which says of it that nothing is being put together. A half passphrase would lock the file.
      onkeydown: ({ keyCode, repeat }) => keyCode === 13 && !repeat && press(),
    });
    const mask = () => box.classList.toggle("al-secret", !show.checked);
    const show = h("input", { type: "checkbox", onchange: mask });
    const clear = () => {
      box.value = "";
      show.checked = false;
      mask();
    };
    const row = h("div", "al-row", ticked(say("page.show_passphrase"), show), button(go, press));
    return { box, clear, parts: [labelled(label, box), row] };
  };
  const phrase = secret(say("page.passphrase"), say("page.save_locked"), () => lock());
  const opening = secret(say("page.locked_passphrase"), say("page.open_it"), () => open());
  const file = h("input", { type: "file", accept: ".html,text/html" });
  const nothing = () => !sitting.all().length && (tell(say("page.nothing_yet")), true);
  let sealed = null;

  const copy = growingBox({ readonly: true, translate: "no", "aria-label": say("page.no_file") });
  const copying = h(
    "details",
    { ontoggle: () => fillCopy() },
    h("summary", {}, say("page.no_file")),
    copy,
  );
  /** No word stands there unseen. */
  const fillCopy = () => copy.setText(copying.open && element.isConnected ? plainText(sitting.all()) : "");

  const unlocking = h("div", { hidden: true }, opening.parts);
  const open = () => attempt(() => unlock(sealed, opening.box.value), bring);

  function lock() {
    if (nothing()) return;
    const passphrase = tidied(phrase.box.value);
    if (passphrase.length < 8) return tell(say("page.short_passphrase"));
    phrase.clear();
    attempt(
      () => lockedFile(sitting.all(), passphrase),
      (text) => hand(text, say("page.handed_locked")),
    );
  }

  /** Do work that takes a moment, then finish, unless everything was forgotten or left meanwhile. */
  async function attempt(work, finish) {
    const began = sitting.forgotten;
    const still = () => sitting.forgotten === began && !sitting.asking;
    tell(say("page.one_moment"));
    try {
      const done = await work();
      if (still()) finish(done);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (still()) tell(failure.message);
    }
  }

  /** No passphrase and no half-opened file stays behind in the boxes. */
  function settle() {
    if (unlocking.contains(document.activeElement)) file.focus();
    phrase.clear();
    opening.clear();
    unlocking.hidden = true;
    sealed = null;
  }

  function bring({ words, leftOut }) {
    const room = bringIn(sitting, words);
    settle();
    const back = say("page.back");
    if (!room) tell(say("page.nothing_changed", { why: say("page.no_room") }));
    else tell(leftOut ? say("page.back_in_part", { back, count: leftOut }) : back);
  }

  function hand(text, words) {
    tell(""); // the same words once more are said once more
    download("notes.html", "text/html", text);
    const handed = say("page.look", { handed: words });
    tell(fits(text) ? handed : say("page.very_large", { handed }));
  }

  file.addEventListener("change", () => {
    const chosen = file.files[0];
    if (!chosen) return;
    file.value = ""; // the same file can then be chosen again
    settle();
    attempt(
      () => readFile(chosen),
      (found) => {
        if (found.words) return bring(found);
        sealed = found.locked;
        unlocking.hidden = false;
        tell(say("page.write_passphrase"));
        opening.box.focus();
      },
    );
  });

  const element = h(
    "div",
    "al-keeping",
    h(
      "div",
      {},
      h("h3", {}, say("page.take_home")),
      h("p", {}, say("page.take_home_care")),
      h(
        "div",
        "al-row",
        button(say("page.save"), () => {
          if (nothing()) return;
          hand(plainFile(sitting.all()), say("page.handed"));
        }),
        button(say("page.print"), () => nothing() || printSheet(wordsSheet())),
      ),
      canLock()
        ? h(
            "details",
            {},
            h("summary", {}, say("page.lock")),
            h("p", {}, say("page.lock_care")),
            phrase.parts,
          )
        : h("p", {}, say("page.insecure_lock")),
      copying,
    ),
    h("div", {}, h("h3", {}, say("page.bring_back")), labelled(say("page.choose_file"), file), unlocking),
    h(
      "div",
      {},
      h("h3", {}, say("page.forget_title")),
      h("p", {}, say("page.forget_care")),
      button(
        say("page.forget"),
        () => {
          sitting.forget();
          removeCopy();
          tell(say("page.forgotten"));
        },
        { class: "al-forget" },
      ),
    ),
  );
  const deaf = sitting.listen((what) => {
    fillCopy();
    if (what !== "all") return;
    tell(""); // of what was begun, nothing comes any more
    settle();
    if (!element.isConnected) deaf();
  });
  return element;
}

/**
 * What is always at hand: Quick exit, and the door to all words.
 * @param {() => void} leave see exit.js
 */
export function bar(leave) {
  watchShift(leave);
  return [...exitParts(), button(say("page.my_words"), openWords, { class: "al-open-words" })];
}

/** Opens "My words" over the page. */
export function openWords() {
  if (sitting.asking) return askIfStillYou();
  const title = freshId("words");
  const heading = h("h2", { id: title, tabindex: "-1" }, say("page.my_words"));
  const { line, tell } = statusLine();
  const list = h("div", "al-kept");
  const draw = () => {
    const kept = sitting.all();
    list.replaceChildren(
      ...(kept.length > 0
        ? kept.map(([key, word]) => h("div", "al-card", h("h3", {}, word.prompt), read(key, word)))
        : [h("p", {}, say("page.nothing_kept"))]),
    );
  };
  const dialog = h(
    "dialog",
    { class: "al-dialog al-ours", "aria-labelledby": title },
    heading,
    exitParts(),
    h("p", {}, say("page.only_here")),
    list,
    keeping(tell),
    line,
    button(say("page.close"), () => dialog.close()),
  );
  const deaf = sitting.listen(draw);
  /** The browser's own command prints the same as ours: of a dialog it would show one screen, and the page behind it. */
  const lay = () => !sitting.all().length || document.querySelector(".al-sheet") || laySheet(wordsSheet());
  addEventListener("beforeprint", lay);
  keepKeys(dialog);
  dialog.addEventListener("close", () => {
    removeEventListener("beforeprint", lay);
    deaf();
    dialog.remove();
  });
  draw();
  openDialog(dialog, heading);
}

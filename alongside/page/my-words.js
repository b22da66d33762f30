// "My words": see everything of this sitting, take it home, bring it back, print it, forget it.

import { PRIVATE, button, freshId, h, keepKeys } from "./dom.js";
import { exitButton } from "./exit.js";
import { askIfStillYou } from "./gate.js";
import { lines } from "./say.js";
import { sitting } from "./sitting.js";
import { Refused, bringIn, canLock, download, fits, lockedFile, plainFile, readFile, unlock } from "./take-home.js";

/** An answer as paragraphs. */
export const read = (answer) => lines(answer).map((line) => h("p", { class: "alongside-line", dir: "auto" }, line));

/** The words as a sheet of paper: everything else on the page stays out of the print. */
function print() {
  const sheet = h(
    "div",
    { class: "alongside-sheet" },
    sitting.all().map(([, { prompt, answer }]) => h("section", {}, h("h2", {}, prompt), read(answer))),
  );
  const clear = () => {
    deaf();
    sheet.remove();
    document.documentElement.classList.remove("alongside-printing");
    window.removeEventListener("afterprint", clear);
  };
  // Not every browser tells when printing is over, and no words may stay on the sheet when they are forgotten.
  const deaf = sitting.listen(clear);
  for (const old of document.querySelectorAll(".alongside-sheet")) old.remove();
  document.body.append(sheet);
  document.documentElement.classList.add("alongside-printing");
  window.addEventListener("afterprint", clear);
  window.print();
}

/** The buttons that take words home, bring them back and forget them. */
export function keeping(say) {
  const phrase = h("input", { type: "password", ...PRIVATE, autocomplete: "new-password", class: "alongside-words" });
  const opening = h("input", { type: "password", ...PRIVATE, autocomplete: "off", class: "alongside-words" });
  const file = h("input", { type: "file", accept: ".html,text/html" });
  const field = (words, input) => h("label", { class: "alongside-field" }, h("span", {}, words), input);
  const nothing = () => sitting.all().length === 0 && (say("There is nothing to save or print yet."), true);
  let sealed = null;

  const unlocking = h(
    "div",
    { hidden: true },
    field("This file is locked. Its passphrase", opening),
    button("Open it", () => attempt(() => unlock(sealed, opening.value), bring)),
  );

  /** Do work that takes a moment, then finish, unless everything was forgotten or left meanwhile. */
  async function attempt(work, finish) {
    const began = sitting.forgotten;
    const still = () => sitting.forgotten === began && !sitting.asking;
    say("One moment …");
    try {
      const done = await work();
      if (still()) finish(done);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (still()) say(failure.message);
    }
  }

  /** No passphrase and no half-opened file stays behind in the boxes. */
  function settle() {
    phrase.value = opening.value = "";
    unlocking.hidden = true;
    sealed = null;
  }

  function bring(words) {
    const room = bringIn(sitting, words);
    settle();
    say(room ? "Your words are back in this tab." : "This tab has no room for that file. Nothing was changed.");
  }

  function hand(text, words) {
    download("notes.html", "text/html", text);
    say(words + (fits(text) ? "" : " It is very large: every browser can show it, but it can't be brought back here."));
  }

  file.addEventListener("change", () => {
    const chosen = file.files[0];
    if (!chosen) return;
    file.value = ""; // the same file can then be chosen again
    settle();
    attempt(
      () => readFile(chosen),
      (found) => {
        if (found.words) return bring(found.words);
        sealed = found.locked;
        unlocking.hidden = false;
        say("This file is locked. Write its passphrase.");
        opening.focus();
      },
    );
  });

  const element = h(
    "div",
    { class: "alongside-keeping" },
    h(
      "div",
      {},
      h("h3", {}, "Take them home"),
      h("p", {}, "A file goes to this computer's downloads. Others who use this computer can open it there. A shared printer may keep what it prints."),
      h(
        "div",
        { class: "alongside-row" },
        button("Save as a file", () => {
          if (nothing()) return;
          hand(plainFile(sitting.all()), "The file was handed to this computer's downloads.");
        }),
        button("Print", () => nothing() || print()),
      ),
      canLock()
        ? h(
            "details",
            {},
            h("summary", {}, "Lock the file with a passphrase"),
            h("p", {}, "Only the passphrase opens it again. If it is lost, nobody can help, and neither can we."),
            field("A passphrase (four words are good)", phrase),
            button("Save as a locked file", () => {
              if (nothing()) return;
              const passphrase = phrase.value;
              if (passphrase.length < 8) return say("Write a passphrase of at least 8 letters first.");
              phrase.value = "";
              attempt(
                () => lockedFile(sitting.all(), passphrase),
                (text) => hand(text, "The locked file was handed to this computer's downloads."),
              );
            }),
          )
        : h("p", {}, "A locked file needs a secure address, and this page has none."),
    ),
    h("div", {}, h("h3", {}, "Bring a file back"), field("Choose a file that you saved here", file), unlocking),
    h(
      "div",
      {},
      h("h3", {}, "Forget"),
      h("p", {}, "This empties every page in this tab at once. Files that you saved stay where they are."),
      button(
        "Forget everything here",
        () => {
          sitting.forget();
          say("Forgotten. Nothing of yours is on these pages now.");
        },
        { class: "alongside-forget" },
      ),
    ),
  );
  const deaf = sitting.listen((what) => {
    if (what !== "all") return;
    settle();
    if (!element.isConnected) deaf();
  });
  return element;
}

/** Opens "My words" over the page. */
export function openWords() {
  if (sitting.asking) return askIfStillYou();
  const title = freshId("words");
  const status = h("p", { class: "alongside-status", role: "status" });
  const list = h("div", { class: "alongside-kept" });
  const draw = () => {
    const kept = sitting.all();
    list.replaceChildren(
      ...(kept.length > 0
        ? kept.map(([, { prompt, answer }]) => h("div", { class: "alongside-card" }, h("h3", {}, prompt), read(answer)))
        : [h("p", {}, "Nothing is kept in this tab.")]),
    );
  };
  const dialog = h(
    "dialog",
    { class: "alongside-dialog", "aria-labelledby": title },
    h("h2", { id: title, tabindex: "-1", autofocus: true }, "My words"),
    exitButton(),
    h("p", {}, "Everything that you wrote in this tab is here, and it is nowhere else. When the tab closes, the pages forget it."),
    list,
    keeping((words) => {
      status.textContent = words;
    }),
    status,
    button("Close", () => dialog.close()),
  );
  const deaf = sitting.listen(draw);
  keepKeys(dialog);
  dialog.addEventListener("close", () => {
    deaf();
    dialog.remove();
  });
  draw();
  document.body.append(dialog);
  dialog.showModal();
}

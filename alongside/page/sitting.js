// The sitting: what a learner wrote in this tab, and whether the person at the screen may see it.
//
// Everything lies in sessionStorage, which belongs to one tab and is emptied when the tab closes. Browsers
// copy it when a tab is duplicated, and bring it back with "reopen closed tab". So a page that finds words
// first makes sure that it was reached by walking (a link, a reload, Back) and not that way; else it asks. A slow
// browser brings what the last page wrote on leaving only after the next one has begun: it is looked for a while.
//
// Of files in a folder, a slow Chromium now and then (in 5 of 216 pages on a machine with ten times too much to do) gives a
// page that asks at once an empty storage in place of the tab's: nothing is there, and what is written goes nowhere. A moment
// after the page is loaded none is (0 of 216), and loaded anew, the page has the tab's own. So where words are kept, such a
// tab's name is "1", which says no word of them and nothing of this course: a page that finds nothing all the same begins once
// more, and without that name there is nothing to show, so that the storage is asked for a moment later.

import { isKey, isRecord, listOf } from "./answers.js";
import { carried } from "./version-1.js";

/**
 * @typedef {import("./answers.js").Word} Word
 * @typedef {(what: string) => void} Listener called with a key, or "all"
 */

const WORDS = "alongside.words";
const MARK = "alongside.sitting";
/** Where a room was on the big screen, and when. It is forgotten with the words. */
const SCREEN = "alongside.screen";
/**
 * Whose pages these are, where a hub gives everyone their own on one address: they share a tab's storage. A number made
 * of the address, so that nobody's name stays there.
 */
const WHOSE = [...(/^.*?\/user\/[^/]+\//.exec(document.baseURI) || [""])[0]].reduce(
  (made, letter) => (made * 31 + letter.charCodeAt(0)) | 0,
  0,
);
/** The name of a tab with words, where pages are files. */
const SIGN = "1";
const MOMENT = 300; // milliseconds after a page is loaded
const HOUR = 60 * 60 * 1000;
const SLACK = 250; // milliseconds that two clocks of one machine may differ by
const EVERY = 100; // milliseconds between two looks for what the last page wrote
const LOOKS = 30;

/**
 * Firefox brings a page back from its page cache with a copy of the tab's storage as it was when the page was left, and
 * neither hears of the other again: what was forgotten since would stand there, and what is written there be lost
 * (153, on Debian). So pages keep out of that cache in Firefox: there, a lock that is held does it, and where there are
 * no locks, as at an insecure address, a listener of this kind (not in Firefox for Android).
 */
const COPIES = "InternalError" in window; // which no other engine has
if (COPIES) {
  window.addEventListener("unload", () => {});
  navigator.locks?.request(Math.random() + "", () => new Promise(() => {})).catch(() => {});
}

/** A file, and no page of a host, in Chromium: no other engine has this of performance. */
const SIGNS = /^fi/.test(document.baseURI) && "memory" in performance;

function openStore() {
  try {
    const store = window.sessionStorage;
    store.setItem("alongside", "");
    store.removeItem("alongside");
    return store;
  } catch (refused) {
    return null; // blocked by the browser's settings: words then live as long as the page
  }
}

function makeSitting() {
  /** @type {Storage | null | undefined} */
  let store; // not asked for yet
  /** @type {Map<string, string>} */
  const memory = new Map();
  /** @type {Set<Listener>} */
  const listeners = new Set();
  /**
   * What Skip put away. Whoever skips wants it kept no longer, so it is in no storage and in no file: it lives as long
   * as this page, for a hand that slipped.
   * @type {Map<string, Word>}
   */
  const away = new Map();
  /** What was read last: at each key a page of many words asks for them several times. Empty when the storage is. */
  let last = { text: "", words: /** @type {Map<string, Word>} */ (new Map()) };
  let asking = false;
  let looking = false; // for how the last page was left; nothing is shown meanwhile
  let touched = 0;
  let forgotten = 0;
  // Not performance.timeOrigin: it falls behind the clock while a laptop sleeps.
  let asked = Date.now() - performance.now();

  /** @param {string} name */
  const stored = (name) => {
    try {
      return memory.get(name) ?? store?.getItem(name) ?? "";
    } catch (refused) {
      return "";
    }
  };
  /** @param {string} text */
  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch (unreadable) {
      return null;
    }
  };
  const get = (/** @type {string} */ name) => parsed(stored(name));
  /**
   * @param {string} name
   * @param {any} value
   */
  const put = (name, value) => {
    const text = JSON.stringify(value);
    try {
      if (store) {
        store.setItem(name, text);
        memory.delete(name);
        return true;
      }
    } catch (full) {
      // what finds no room lives as long as the page, so that it can still be saved as a file
    }
    memory.set(name, text);
    return store === null;
  };

  // A list of pairs, not an object: a key can then never be mistaken for a property of an object.
  // A tab that was open when the pages changed may hold words of version 1.
  /** @returns {Map<string, Word>} */
  const load = () => {
    const text = stored(WORDS);
    if (text !== last.text) {
      const entries = listOf(parsed(text)).filter((entry) => Array.isArray(entry) && isRecord(entry[1]));
      last = { text, words: new Map(entries.map(([key, word]) => [key, carried(word)])) };
    }
    return last.words;
  };
  /**
   * @param {Listener | null | undefined} source who did it, and need not be told
   * @param {string} what
   */
  const tell = (source, what) => {
    for (const listener of [...listeners]) if (listener !== source) listener(what);
  };

  /** @param {string} name */
  const sign = (name) => SIGNS && (window.name = name);

  /** @param {number | null} left */
  const mark = (left) => {
    sign(SIGN);
    put(MARK, { left, seen: Date.now(), asking, whose: WHOSE });
  };

  /**
   * Whether more than an hour has gone by; or nobody can tell, since the clock was set back.
   * @param {any} before
   */
  const isOld = (before) => Math.abs(Date.now() - before.seen) > HOUR;

  /** @param {any} before */
  const isStrange = (before) => !before || before.asking || isOld(before);

  /** Somebody signed in after somebody else, in the same tab: the first one's words are nothing for them. */
  const forgetOthers = () => {
    if ((get(MARK)?.whose ?? WHOSE) !== WHOSE) empty();
  };

  const empty = () => {
    sign("");
    memory.clear();
    away.clear();
    try {
      for (const name of [WORDS, MARK, SCREEN]) store?.removeItem(name);
    } catch (refused) {
      // nothing was kept there
    }
    load(); // no word stays behind in this page's memory
  };

  /** @param {number} looks that are still to come */
  const arrive = (looks) => {
    forgetOthers();
    looking = false;
    if (!load().size) return;
    const before = get(MARK);
    const strange = isStrange(before);
    looking = looks > 0 && !strange && before.left === null;
    if (looking) return void setTimeout(() => lookAgain(looks - 1), EVERY);
    // The page before this one wrote when it was left. If this page was asked for before that, they walked.
    asking = strange || asked > before.left + SLACK;
    mark(null);
  };

  /** @param {number} looks */
  const lookAgain = (looks) => {
    if (!looking) return;
    arrive(looks);
    if (!looking) tell(null, "all");
  };

  /** @param {PageTransitionEvent} event */
  const comeBack = (event) => {
    if (!event.persisted) return;
    memory.clear(); // the page was left; another one may have forgotten everything since
    away.clear();
    forgotten += 1;
    looking = false;
    forgetOthers();
    const some = load().size > 0;
    asking = some && (COPIES || isStrange(get(MARK))); // a copy shows nothing unasked
    if (some) mark(null);
    tell(null, "all");
  };

  const idle = () => {
    const before = get(MARK);
    if (asking || looking || !before || !isOld(before) || !load().size) return;
    asking = true;
    put(MARK, { ...before, asking });
    tell(null, "all");
  };

  const touch = () => {
    if (asking || looking || Date.now() - touched < 5000) return;
    idle();
    if (asking || !load().size) return;
    touched = Date.now();
    mark(null);
  };

  /**
   * Ask for the storage, unless somebody was quicker than the moment that we wait for.
   * @param {Listener} [source] whose box is being written in, and stays as it is
   */
  const begin = (source) => {
    if (store !== undefined) return;
    store = openStore();
    arrive(LOOKS);
    if (load().size) tell(source, "all");
  };

  const [name, before] = SIGNS ? window.name.split(" ") : [];
  if (!SIGNS) begin();
  else if (name !== SIGN) window.addEventListener("load", () => setTimeout(() => begin(), MOMENT));
  else {
    store = openStore();
    // The number says when the page was asked for that was given nothing. If this one is like it, there may be no words.
    looking = !before && store?.length === 0; // and takes no words meanwhile
    asked = +(before || asked);
    sign(looking ? SIGN + " " + asked : "");
    if (looking) location.reload();
    else arrive(LOOKS);
  }
  last.text = ""; // the kinds of activities come after this file, and old words are read by them
  window.addEventListener("pagehide", () => {
    lookAgain(LOOKS);
    const before = get(MARK);
    if (before && !looking) put(MARK, { ...before, left: Date.now() });
  });
  window.addEventListener("pageshow", comeBack);
  document.addEventListener("visibilitychange", idle);
  window.setInterval(idle, 30000);
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, touch, true);

  return {
    /** False where the browser lets no page remember. */
    get lasting() {
      return store !== null;
    },

    /** True while the page waits for "Is this still you?". */
    get asking() {
      return asking;
    },

    /** True while nothing is read out: it is asked, or the page still looks whether it has to ask. */
    get closed() {
      return asking || looking;
    },

    /**
     * What is kept under a key: {prompt, answer, shown}, as answers.js says, or undefined.
     * @param {string} key
     */
    read(key) {
      return this.closed ? undefined : load().get(key);
    },

    /** Everything that was answered, in the order of answering: [[key, word], ...]. */
    all() {
      return this.closed ? [] : [...load()].filter(([, word]) => word.answer !== null);
    },

    /**
     * Keep a word: {prompt, answer, shown}. Gives false where the browser has no room left.
     * @param {string} key
     * @param {Word} word
     * @param {Listener} [source]
     */
    keep(key, word, source) {
      begin(source);
      if (this.closed || !isKey(key)) return false;
      const words = new Map(load());
      words.set(key, JSON.parse(JSON.stringify(word))); // as the storage gives it back
      const done = put(WORDS, [...words]);
      last = { text: stored(WORDS), words };
      touch();
      tell(source, key);
      return done;
    },

    /**
     * Keep many words or none: [[key, word], ...]. Gives false where there is no room for all.
     * @param {[string, Word][]} entries
     */
    keepAll(entries) {
      begin();
      if (this.closed || !entries.every(([key]) => isKey(key))) return false;
      const before = [...load()];
      const done = put(WORDS, [...new Map([...before, ...entries])]);
      if (!done) put(WORDS, before);
      touch();
      tell(null, "all");
      return done;
    },

    /**
     * @param {string} key
     * @param {Listener | null} [source]
     * @param {boolean} [putAway] so that unskip() can bring it back, as after Skip
     */
    drop(key, source, putAway) {
      begin(source || undefined);
      if (!this.read(key)) return;
      const words = new Map(load());
      const word = words.get(key);
      if (putAway && word) away.set(key, word);
      words.delete(key);
      put(WORDS, [...words]);
      tell(source, key);
    },

    /**
     * Whether an answer of this key was put away, and can still come back.
     * @param {string} key
     */
    isAway: (key) => away.has(key),

    /**
     * Skip: an answer that was there is put away. Gives true where there was one.
     * @param {string} key
     * @param {string} prompt
     * @param {Listener} [source]
     */
    skip(key, prompt, source) {
      const word = this.read(key);
      away.delete(key);
      if (word) away.set(key, word);
      this.keep(key, { prompt, answer: null }, source);
      return !!word;
    },

    /**
     * Answer after all. Gives true where an answer came back that Skip had put away.
     * @param {string} key
     * @param {Listener} [source]
     */
    unskip(key, source) {
      const word = away.get(key);
      if (word) this.keep(key, word, source);
      else this.drop(key, source);
      return away.delete(key);
    },

    /** How often everything was forgotten, here or perhaps on another page: what began before hands nothing over after it. */
    get forgotten() {
      return forgotten;
    },

    /** Empty the tab: storage, memory, and every box on this page. */
    forget() {
      begin();
      asking = looking = false;
      forgotten += 1;
      touched = 0;
      empty();
      tell(null, "all");
    },

    /**
     * The answer to "Is this still you?": yes shows the words again, no forgets them.
     * @param {boolean} yes
     */
    settle(yes) {
      asking = false;
      if (!yes) return this.forget();
      mark(null);
      tell(null, "all");
    },

    /**
     * Call back with a key, or "all", whenever something was kept, dropped, shown or forgotten.
     * @param {Listener} listener
     */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// JupyterLab evaluates this text once for each activity; they all share the first one's sitting.
const SITTING = Symbol.for("alongside.sitting");
const everyone = /** @type {any} */ (globalThis);
/** @type {ReturnType<typeof makeSitting>} */
export const sitting = everyone[SITTING] || (everyone[SITTING] = makeSitting());

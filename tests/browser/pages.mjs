// The pages' modules as a test has them in Node: a tab's storage, every kind of activity, and the sentences of the
// real catalog, which Python writes into a file.

import { readFileSync, readdirSync } from "node:fs";
import "./window.mjs";

const CASES = process.env.ALONGSIDE_CASES + "/";
const PAGES = new URL("../../alongside/", import.meta.url);

/** A file that Python made for these tests. */
export const given = (name) => readFileSync(CASES + name);
export const listed = (name) => JSON.parse(given(name));

/** A file that version 1 of the pages saved, or the words of one of its tabs. */
export const kept = (name) => readFileSync(new URL("../kept/" + name, import.meta.url));

const { speak } = await import(new URL("page/words.js", PAGES).href);
const { language, sentences } = listed("words.json");
speak(language, sentences);

const files = readdirSync(new URL("activities/", PAGES)).filter((name) => name.endsWith(".js"));
if (files.length < 10) throw new Error("no kind of activity was found, so nothing would be tested");
for (const name of files) await import(new URL("activities/" + name, PAGES).href);

// An answer in words: for "my words", for the plan, for the file and for print.

const PROMISE_PARTS = [
  ["answer", "My answer"],
  ["depends", "It depends on"],
  ["what", "What"],
  ["who", "Who does it"],
  ["when", "By when"],
  ["tell", "Whom I tell"],
  ["slip", "How I will tell you if it slips"],
];

/** A name that every object has, such as "constructor", could be mistaken for one of ours. */
const isTaken = (name) => name in Object.prototype;

/** A key of an answer: small letters, digits and single hyphens. */
export function isKey(key) {
  return key.length <= 90 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key) && !isTaken(key);
}

/** True for a text, a number, or lists and objects of those, not deeper than three and not more than sense. */
export function isAnswer(value, depth) {
  const level = depth || 0;
  if (typeof value === "string") return true; // a person may write much, and must get it back
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object" || level > 2) return false;
  const names = Object.keys(value);
  return names.length <= 100 && names.every((name) => !isTaken(name) && isAnswer(value[name], level + 1));
}

export const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Any part of an answer as one text; a file that was brought back may hold any part anywhere. */
const inWords = (part) => (typeof part === "string" ? part : lines(part).join("; "));

/** The lines in which an answer of any kind is read: an array of texts. */
export function lines(answer) {
  if (typeof answer === "string") return answer.split("\n");
  if (typeof answer === "number") return [String(answer)];
  if (Array.isArray(answer)) return answer.map(inWords);
  if (!isRecord(answer)) return [];
  if (typeof answer.step === "number") return [rateWords(answer)];
  if (Array.isArray(answer.said)) return answer.said.map(inWords);
  if (isPromise(answer)) {
    return PROMISE_PARTS.filter(([name]) => answer[name]).map(([name, label]) => label + ": " + inWords(answer[name]));
  }
  return Object.entries(answer).map(([name, part]) => name + ": " + inWords(part));
}

export function isPromise(answer) {
  return isRecord(answer) && (typeof answer.what === "string" || typeof answer.answer === "string");
}

export function rateWords(answer) {
  const low = inWords(answer.low);
  const high = inWords(answer.high);
  if (answer.step === 1 && low) return "1 of 5: " + low;
  if (answer.step === 5 && high) return "5 of 5: " + high;
  const ends = low && high ? ", from " + low + " to " + high : "";
  return answer.step + " of 5" + ends;
}

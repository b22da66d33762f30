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

/** A key of an answer: small letters, digits and single hyphens. */
export function isKey(key) {
  return key.length <= 90 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key);
}

/** True for a text, a number, or lists and objects of those, not deeper than three and not larger than sense. */
export function isAnswer(value, depth) {
  const level = depth || 0;
  if (typeof value === "string") return value.length <= 20000;
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object" || level > 2) return false;
  const parts = Array.isArray(value) ? value : Object.values(value);
  return parts.length <= 100 && parts.every((part) => isAnswer(part, level + 1));
}

const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The lines in which an answer of any kind is read: an array of texts. */
export function lines(answer) {
  if (typeof answer === "string") return answer.split("\n");
  if (typeof answer === "number") return [String(answer)];
  if (Array.isArray(answer)) return answer.map((one) => (isRecord(one) ? lines(one).join(" ") : String(one)));
  if (!isRecord(answer)) return [];
  if (typeof answer.step === "number") return [rateWords(answer)];
  if (Array.isArray(answer.said)) return answer.said.map(String);
  if (isPromise(answer)) {
    return PROMISE_PARTS.filter(([name]) => answer[name]).map(([name, label]) => label + ": " + answer[name]);
  }
  return Object.entries(answer).map(([name, part]) => name + ": " + lines(part).join("; "));
}

export function isPromise(answer) {
  return isRecord(answer) && (typeof answer.what === "string" || typeof answer.answer === "string");
}

export function rateWords(answer) {
  if (answer.step === 1 && answer.low) return "1 of 5: " + answer.low;
  if (answer.step === 5 && answer.high) return "5 of 5: " + answer.high;
  const ends = answer.low && answer.high ? ", from " + answer.low + " to " + answer.high : "";
  return answer.step + " of 5" + ends;
}

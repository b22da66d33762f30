// The calendar file of a promise: RFC 5545's lines, whatever a learner writes.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./pages.mjs";
import { calendarFile } from "../../alongside/page/calendar.js";

/** Lines put together again, as a calendar does that reads the file. */
const unfolded = (file) => file.replace(/\r\n /g, "").split("\r\n");
const written = (file) =>
  unfolded(file)
    .find((line) => line.startsWith("DESCRIPTION:"))
    .slice("DESCRIPTION:".length);
const described = (file) => written(file).replace(/\\([\\;,n])/g, (_, letter) => (letter === "n" ? "\n" : letter));

const TEXTS = [
  "short",
  "a; b, c \\ d \\n e",
  "one\ntwo\r\nthree",
  "END:VEVENT\r\nBEGIN:VALARM",
  "x".repeat(500),
  "👩🏽‍🚀".repeat(60),
  "é".repeat(36) + "\\".repeat(40),
  "كلمات هادئة שָׁלוֹם ".repeat(20),
];

for (const text of TEXTS) {
  test(`a calendar reads back what was put in: ${JSON.stringify(text.slice(0, 24))}`, () => {
    const file = calendarFile("2027-03-01", text);
    assert.equal(described(file), text.replace(/\r\n/g, "\n"));
    assert.doesNotMatch(written(file).replace(/\\./g, ""), /[\\;,]/, "a sign that means something to a calendar");
    assert.ok(file.endsWith("\r\nEND:VCALENDAR\r\n"));
    assert.deepEqual(unfolded(file).filter((line) => /^(BEGIN|END):/.test(line)), [
      "BEGIN:VCALENDAR",
      "BEGIN:VEVENT",
      "END:VEVENT",
      "END:VCALENDAR",
    ]);
    for (const line of file.split("\r\n")) {
      assert.ok(new TextEncoder().encode(line).length <= 75, line);
      assert.ok(!/[\r\n]/.test(line));
      assert.ok(line.isWellFormed(), "a letter was cut in two");
    }
  });
}

// What some calendars take for the end of a line, and what none may hold.
for (const [text, read] of [
  ["one\vtwo\ftwo\u2028three\u2029four\x85five\rsix", "one\ntwo\ntwo\nthree\nfour\nfive\nsix"],
  ["a\0b\x07c\x1bd\x1ce\x1df\x1eg\x7fh\x9fi\tj", "abcdefghi\tj"],
]) {
  test(`a line ends where it was ended, and nothing else ends it: ${JSON.stringify(text)}`, () => {
    const file = calendarFile("2027-03-01", text);
    assert.equal(described(file), read);
    assert.doesNotMatch(file.replace(/\r\n/g, ""), /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/);
  });
}

test("the last day that a calendar can write has no day after it", () => {
  const file = calendarFile("9999-12-31", "");
  assert.match(file, /\r\nDTSTART;VALUE=DATE:99991231\r\n/);
  for (const line of file.split("\r\n").filter((one) => /^DT/.test(one))) assert.match(line, /:\d{8}(T\d{6}Z)?$/);
  assert.ok(!file.includes("DTEND"));
});

test("without words it says nothing", () => {
  const file = calendarFile("2027-03-01", "");
  assert.ok(!file.includes("DESCRIPTION"));
  assert.match(file, /\r\nSUMMARY:A note to myself\r\n/);
});

for (const [day, next] of [
  ["2027-03-01", "20270302"],
  ["2027-12-31", "20280101"],
  ["2028-02-28", "20280229"],
  ["2028-02-29", "20280301"],
  ["2027-03-28", "20270329"], // clocks change in this night
]) {
  test(`a day is over when the next one begins: ${day}`, () => {
    const file = calendarFile(day, "");
    assert.match(file, new RegExp(`\\r\\nDTSTART;VALUE=DATE:${day.replace(/-/g, "")}\\r\\nDTEND;VALUE=DATE:${next}\\r\\n`));
    // The time of making would say when somebody wrote.
    assert.match(file, new RegExp(`\\r\\nDTSTAMP:${day.replace(/-/g, "")}T000000Z\\r\\n`));
  });
}

test("two files of one promise have nothing in common that names the computer", () => {
  const [one, two] = [1, 2].map(() => calendarFile("2027-03-01", "").match(/UID:([0-9a-f]{32})\r\n/)[1]);
  assert.notEqual(one, two);
});

// A calendar file (RFC 5545) for the day of a promise. It says nothing unless the learner puts their words in.

import { say } from "./words.js";

/**
 * Text as a calendar wants it: escaped, and folded after 75 octets.
 * @param {string} name
 * @param {string} text
 */
function property(name, text) {
  const escaped = text
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n?|[\n\v\f\x85\u2028\u2029]/g, "\\n") // whatever a calendar may take for the end of a line
    .replace(/[\0-\x08\x0e-\x1f\x7f-\x9f]/g, ""); // and what no calendar may hold
  const folded = [];
  let line = "";
  let octets = 0;
  for (const letter of name + ":" + escaped) {
    const size = new TextEncoder().encode(letter).length;
    if (octets + size > 74) {
      folded.push(line);
      line = " ";
      octets = 1;
    }
    line += letter;
    octets += size;
  }
  return [...folded, line].join("\r\n");
}

/** @param {string} date YYYY-MM-DD */
const digits = (date) => date.replace(/-/g, "");

/** @param {string} day YYYY-MM-DD */
function dayAfter(day) {
  const date = new Date(day + "T00:00:00Z");
  date.setUTCDate(date.getUTCDate() + 1);
  return digits(date.toISOString().slice(0, 10));
}

/**
 * The file's text.
 * @param {string} day YYYY-MM-DD
 * @param {string} words "" or what the learner asked to put in
 */
export function calendarFile(day, words) {
  const random = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  // The standard wants a time of making; the day itself at midnight says nothing about when it was written.
  return (
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Notes//Notes//EN",
      "BEGIN:VEVENT",
      "UID:" + random.join(""),
      "DTSTAMP:" + digits(day) + "T000000Z",
      "DTSTART;VALUE=DATE:" + digits(day),
      // After the last day that a calendar can write there is none; an event without an end lasts its day.
      ...(day < "9999-12-31" ? ["DTEND;VALUE=DATE:" + dayAfter(day)] : []),
      "TRANSP:TRANSPARENT",
      property("SUMMARY", say("page.calendar_note")),
      ...(words ? [property("DESCRIPTION", words)] : []),
      "END:VEVENT",
      "END:VCALENDAR",
    ].join("\r\n") + "\r\n"
  );
}

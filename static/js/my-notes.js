// "Copy my notes": everything one panelist wrote, as Markdown, with each note under its question.

import { copyText } from "./clipboard.js";

/**
 * @typedef {{section: string, prompt: string, text: string}} WrittenNote
 * @param {{title: string, notes: WrittenNote[], general: string, followUps?: {text: string, is_done: boolean}[]}} written
 * @returns {string} "" where nothing is written
 */
export function asMarkdown({ title, notes, general, followUps = [] }) {
  const parts = [];
  let section = "";
  for (const note of notes.filter(({ text }) => text.trim())) {
    if (note.section !== section) parts.push(`## ${oneLine(note.section)}`);
    section = note.section;
    parts.push(`### ${oneLine(note.prompt)}`, body(note.text));
  }
  if (general.trim()) parts.push("## General notes", body(general));
  if (followUps.length) parts.push("## Follow up later", followUps.map((row) => `- [${row.is_done ? "x" : " "}] ${row.text}`).join("\n"));
  return parts.length ? `${[`# ${oneLine(title)}`, ...parts].join("\n\n")}\n` : "";
}

const oneLine = (text) => text.replace(/\s+/g, " ").trim();

/** The text as typed, without empty lines around it. */
const body = (text) => text.replace(/^(?:[ \t]*\n)+|\s+$/g, "");

/** @returns {Promise<string>} what to say about it */
export async function copyNotes(written) {
  const text = asMarkdown(written);
  if (!text) return "You have no notes to copy yet";
  return (await copyText(text)) ? "Your notes are copied as Markdown" : "This browser can’t copy. Select the text instead";
}

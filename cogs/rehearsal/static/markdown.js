// Discord's way of marking up text.

import { el } from "./dom.js";
import { channels, nameOf, room } from "./state.js";

const INLINE = new RegExp([
  /\\([^\p{L}\p{N}\s])/u, // an escaped character
  /(`+)(.+?)\2(?!`)/, // code
  /\*\*(.+?)\*\*(?!\*)/, /__(.+?)__/, /~~(.+?)~~/, /\|\|(.+?)\|\|/,
  /\*(?!\s)(.+?)(?<!\s)\*/, /(?<![\p{L}\p{N}_])_(.+?)_(?![\p{L}\p{N}_])/u,
  /\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, // a link with words
  /<?(https?:\/\/[^\s<>]*[^\s<>.,:;!?"'\])])>?/,
  /<@!?(\d+)>/, /<#(\d+)>/, /<@&(\d+)>/,
  /<t:(-?\d+)(?::([tTdDfFR]))?>/,
  /<\/([^:>]+):\d+>/, // a command
].map((part) => part.source).join("|"), "su");

export function inline(text) {
  const made = document.createDocumentFragment();
  let rest = text;
  for (let found; (found = INLINE.exec(rest)); rest = rest.slice(found.index + found[0].length)) {
    made.append(rest.slice(0, found.index), marked(found));
  }
  made.append(rest);
  return made;
}

function marked([, escaped, , code, bold, under, struck, hidden, italic, italic2, words, to, url, user, place, role, time, style, command]) {
  if (escaped) return escaped;
  if (code) return el("code", {}, code.trim() || code);
  if (bold) return el("strong", {}, inline(bold));
  if (under) return el("u", {}, inline(under));
  if (struck) return el("s", {}, inline(struck));
  if (hidden) return spoiler(hidden);
  if (italic ?? italic2) return el("em", {}, inline(italic ?? italic2));
  if (to) return link(to, inline(words));
  if (url) return link(url, url);
  if (user) return el("span", { class: "mention" }, `@${nameOf(user)}`);
  if (place) return el("span", { class: "mention" }, `#${channels().find((one) => one.id === place)?.name ?? "unknown"}`);
  if (role) return el("span", { class: "mention" }, `@${room().roles.find((one) => one.id === role)?.name ?? "unknown"}`);
  if (time) return moment(new Date(time * 1000), style ?? "f");
  return el("span", { class: "mention" }, `/${command}`);
}

function link(to, words) {
  // Discord's own addresses stand for places of this room, which no browser can open.
  if (/^https:\/\/discord\.com\/channels\//.test(to)) {
    const message = to.split("/").pop();
    return el("a", { href: `#message-${message}`, "data-message": message }, typeof words === "string" ? "that message" : words);
  }
  return el("a", { href: to, target: "_blank", rel: "noreferrer noopener" }, words);
}

function spoiler(words) {
  const made = el("button", { type: "button", class: "spoiler", "aria-label": "Hidden words: press to read", onclick: () => {
    made.replaceWith(inline(words));
  } }, el("span", { "aria-hidden": "true" }, words));
  return made;
}

const FORMS = {
  t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
};

function moment(date, style) {
  const said = style === "R" ? relative(date) : new Intl.DateTimeFormat("en-GB", FORMS[style]).format(date);
  return el("time", { datetime: date.toISOString(), title: date.toLocaleString("en-GB") }, said);
}

function relative(date) {
  const away = (date - Date.now()) / 1000;
  const [unit, seconds] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, length]) => Math.abs(away) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(away / seconds), unit);
}

export function markdown(text) {
  const made = el("div", { class: "words" });
  for (const [index, part] of text.split(/```(?:\w*\n)?([\s\S]*?)```/).entries()) {
    if (index % 2) made.append(el("pre", { tabindex: "0" }, el("code", {}, part.replace(/\n$/, ""))));
    else if (part) blocks(part.replace(index ? /^\n/ : /^$/, ""), made);
  }
  return made;
}

function blocks(text, into) {
  let paragraph = [], list = null, quote = null;
  const flush = () => {
    if (paragraph.join("").trim()) into.append(el("p", {}, inline(paragraph.join("\n").replace(/^\n+|\n+$/g, ""))));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    const [, quoted] = /^>>?>? (.*)$/.exec(line) ?? [];
    const [, marks, heading] = /^(#{1,3}) (.+)$/.exec(line) ?? [];
    const [, small] = /^-# (.+)$/.exec(line) ?? [];
    const [, , number, item] = /^(\s*)(?:[-*]|(\d+)\.) (.+)$/.exec(line) ?? [];
    if (quoted === undefined) quote = null;
    if (item === undefined) list = null;
    if (quoted !== undefined) {
      flush();
      if (quote) quote.append("\n");
      else into.append((quote = el("blockquote")));
      quote.append(inline(quoted));
    } else if (heading) {
      flush();
      into.append(el("p", { class: `heading h${marks.length}` }, inline(heading)));
    } else if (small) {
      flush();
      into.append(el("p", { class: "small" }, inline(small)));
    } else if (item) {
      flush();
      if (!list) into.append((list = number ? el("ol", { start: number }) : el("ul")));
      list.append(el("li", {}, inline(item)));
    } else if (!line.trim()) {
      flush();
    } else paragraph.push(line);
  }
  flush();
}

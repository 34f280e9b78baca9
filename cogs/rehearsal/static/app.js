// The page: what the room sends, the list of messages that follows it, channels, people, and things to try.

import { composer } from "./composer.js";
import { el, find, avatar } from "./dom.js";
import { openForm } from "./fields.js";
import { continues, day, lastOf, messageNode, onlyYou } from "./messages.js";
import { openPopup } from "./popup.js";
import { act, channel, channels, commands, here, member, messagesIn, parts, room } from "./state.js";

const log = find("log"), list = find("list");
const shown = new Map(); // message id → { node, made }: what is in the list, and from what it was made
const unread = new Map(); // channel id → how many
let source = null, noticed = 0;

// What the notice line says, and for how long at least.
function notice(text, button = null) {
  const turn = ++noticed;
  find("notice").replaceChildren(text, button ?? "");
  if (text) setTimeout(() => turn === noticed && find("notice").replaceChildren(), 12000);
}

// ------------------------------------------------------------------ keeping what matters in view

let pinned = true; // at the newest message, and staying there
let waiting = false; // for the first message after something was done
let anchor = null; // that message: its beginning stays in view
let moving = false; // by ourselves, not by hand
let begun = 0; // how many things were done

function settle() {
  const bottom = log.scrollHeight - log.clientHeight;
  let to = null;
  if (anchor?.isConnected) {
    to = Math.min(bottom, Math.max(0, anchor.offsetTop - 12));
    pinned = to >= bottom - 1;
  } else if (pinned) to = bottom;
  if (to === null || Math.abs(log.scrollTop - to) < 1) return;
  moving = true;
  log.scrollTop = to;
}

log.addEventListener("scroll", () => {
  find("newest").hidden = log.scrollHeight - log.clientHeight - log.scrollTop < 120;
  if (!moving) pinned = log.scrollHeight - log.clientHeight - log.scrollTop < 40;
  moving = false;
});
for (const by of ["wheel", "touchmove", "keydown", "pointerdown"]) log.addEventListener(by, () => (anchor = null), { passive: true });
const sizes = new ResizeObserver(settle);
sizes.observe(log);
sizes.observe(list);

function began() {
  begun++;
  waiting = true;
  notice("");
}

function ended(result) {
  if (result.form) openForm(result.form, ended);
  if (result.refused) notice(result.refused);
  // What was done may have had no message in answer; the next thing done waits for its own.
  const turn = begun;
  setTimeout(() => turn === begun && (waiting = false), 1500);
}

function toNewest() {
  anchor = null;
  pinned = true;
  settle();
}

find("newest").addEventListener("click", () => {
  toNewest();
  write.focus();
});

function go(id) {
  const node = find(`message-${id}`);
  if (!node) return notice("That message is in another channel, or gone.");
  anchor = null;
  pinned = false;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

list.addEventListener("click", (event) => {
  const to = event.target.closest("[data-message]");
  if (!to) return;
  event.preventDefault();
  go(to.dataset.message);
});

// ------------------------------------------------------------------ messages

const actions = {
  go,
  async press(button, what) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    began();
    const result = await act(what);
    button.removeAttribute("aria-busy");
    ended(result);
  },
  async react(message, emoji, on) {
    ended(await act({ do: "react", message: message.id, emoji, on }));
  },
  async dismiss(message) {
    ended(await act({ do: "delete", message: message.id }));
    write.focus();
  },
  menu(message, at, from) {
    const mine = message.author.id === here.viewer;
    const node = find(`message-${message.id}`);
    const signed = (sign) => message.reactions.some((one) => one.me && one.emoji.name === sign);
    const entries = onlyYou(message)
      ? [{ icon: "✕", label: "Dismiss", pick: () => actions.dismiss(message) }]
      : [
        ...room().signs.map((sign) => ({ icon: sign, label: signed(sign) ? `Take off your ${sign}` : `React with ${sign}`, pick: () => actions.react(message, sign, !signed(sign)) })),
        { icon: "↩", label: "Reply", pick: () => write.reply(message) },
        mine && { icon: "✎", label: "Edit", pick: () => write.edit(message) },
        (mine || (member(here.viewer).owner && !channel().direct)) && { icon: "🗑", label: "Delete", pick: async () => ended(await act({ do: "delete", message: message.id })) },
      ].filter(Boolean);
    const apps = onlyYou(message) ? [] : commands().menu.map((name) => ({ icon: "◧", label: name, pick: () => useMenu(name, message) }));
    openPopup({ role: "menu", label: "Message", at, from: from ?? node.querySelector(".more"), groups: [{ items: entries }, { heading: "Apps", items: apps }] });
  },
};

async function useMenu(name, message) {
  began();
  ended(await act({ do: "menu", name, message: message.id }));
}

list.addEventListener("keydown", (event) => {
  const now = event.target.closest(".message");
  if (!now || event.target.closest("input, textarea, pre")) return;
  const all = [...list.querySelectorAll(".message")];
  const to = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (to) all[all.indexOf(now) + to]?.focus();
  else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) now.querySelector(".more").click();
  else return;
  event.preventDefault();
});
log.addEventListener("keydown", (event) => {
  if (event.target === log && event.key === "ArrowUp") {
    event.preventDefault();
    [...list.querySelectorAll(".message")].at(-1)?.focus();
  }
});

function drawMessages() {
  const messages = messagesIn(here.channel);
  let before = null, at = list.firstChild;
  const put = (node) => {
    if (node === at) at = at.nextSibling;
    else list.insertBefore(node, at);
  };
  for (const old of list.querySelectorAll(".day, .empty")) {
    if (old === at) at = at.nextSibling;
    old.remove();
  }
  const kept = new Set(messages.map((one) => one.id));
  for (const [id, { node }] of shown) {
    if (kept.has(id)) continue;
    if (node === at) at = at.nextSibling;
    node.remove();
    shown.delete(id);
  }
  if (!messages.length) list.append(el("p", { class: "empty" }, channel().direct
    ? "Square Deal writes here when you choose direct messages, for example with /nudges where."
    : `Nothing has been written in #${channel().name} yet. The bot watches this channel only after /setup channel.`));
  for (const message of messages) {
    const newDay = !before || day(before.timestamp) !== day(message.timestamp);
    if (newDay) put(el("p", { class: "day" }, el("span", {}, day(message.timestamp))));
    const joined = Boolean(!newDay && continues(message, before));
    const made = JSON.stringify([message, joined]);
    const old = shown.get(message.id);
    if (old?.made === made) put(old.node);
    else {
      const node = messageNode(message, joined, actions);
      const focused = old?.node.contains(document.activeElement) ? (document.activeElement.dataset.key ?? "") : null;
      if (old) {
        if (old.node === at) at = at.nextSibling;
        if (anchor === old.node) anchor = node;
        old.node.remove();
      }
      put(node);
      if (focused !== null) ([...node.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused) ?? node).focus({ preventScroll: true });
      if (!old && waiting) {
        waiting = false;
        anchor = node;
      }
      shown.set(message.id, { node, made });
    }
    before = message;
  }
  settle();
}

// ------------------------------------------------------------------ channels, people, things to try

function drawChannels() {
  find("channels").replaceChildren(...channels().map((one) => el("li", {}, el("button", {
    type: "button", class: "place", "aria-current": one.id === here.channel ? "page" : null, onclick: () => {
      enter(one.id);
      write.focus();
    },
  }, el("span", { class: "icon", "aria-hidden": "true" }, one.direct ? "✉" : "#"), el("span", {}, one.direct ? "Direct messages" : one.name),
  unread.get(one.id) ? el("span", { class: "unread" }, String(unread.get(one.id)), el("span", { class: "hidden" }, " new")) : null))));
  const one = channel();
  find("title").textContent = one.direct ? `✉ ${one.name}` : `# ${one.name}`;
  find("about").textContent = one.direct
    ? "Direct messages between you and the bot."
    : one.watched ? "The bot watches this channel: each draft gets 📣 or 💬." : "The bot does not watch this channel, and reads nothing here.";
  log.setAttribute("aria-label", `Messages in ${one.name}`);
}

function drawPeople() {
  const who = find("who");
  who.replaceChildren(who.querySelector("legend"), ...room().members.map((one) => el("label", { class: "person" },
    el("input", { type: "radio", name: "who", value: one.id, checked: one.id === here.viewer, onchange: () => become(one.id) }),
    avatar(one.name), el("span", {}, el("strong", {}, one.name), el("span", { class: "hint" }, one.owner ? "owner: may also use /setup, /account and /team" : "member: may use what everybody may")))));
}

function drawTries() {
  const done = new Set(JSON.parse(sessionStorage.getItem("tried") ?? "[]"));
  find("tries").querySelector("ul").replaceChildren(...room().tries.map((one) => el("li", {}, el("button", {
    type: "button", class: `try ${done.has(one.label) ? "done" : ""}`, onclick: () => attempt(one),
  }, el("strong", {}, one.label, done.has(one.label) ? el("span", { class: "tick" }, el("span", { "aria-hidden": "true" }, " ✓"), el("span", { class: "hidden" }, " (tried)")) : null),
  el("span", { class: "hint" }, one.says)))));
}

async function attempt(one) {
  const drafts = channels().find((place) => place.watched);
  if (!channel().watched) {
    if (!drafts) return notice("No channel is watched; choose one with /setup channel.");
    enter(drafts.id);
  }
  began();
  if (one.drafts) {
    const turn = Number(sessionStorage.getItem(one.label) ?? 0);
    sessionStorage.setItem(one.label, turn + 1);
    ended(await act({ do: "send", text: one.drafts[turn % one.drafts.length] }));
  } else if (one.command) ended(await act({ do: "slash", name: one.command, options: one.options ?? {} }));
  else {
    const last = lastOf(here.viewer, here.channel);
    if (!last) return notice("Write a draft first.");
    await useMenu(one.menu, last);
  }
  const done = new Set(JSON.parse(sessionStorage.getItem("tried") ?? "[]")).add(one.label);
  sessionStorage.setItem("tried", JSON.stringify([...done]));
  const focused = document.activeElement?.closest(".try")?.querySelector("strong").firstChild.textContent;
  drawTries();
  [...document.querySelectorAll(".try")].find((button) => button.querySelector("strong").firstChild.textContent === focused)?.focus();
}

function enter(id) {
  here.channel = id;
  notice("");
  unread.delete(id);
  sessionStorage.setItem("channel", channel().name);
  for (const { node } of shown.values()) node.remove();
  shown.clear();
  write.place();
  drawChannels();
  drawMessages();
  toNewest();
  // What was written last, and an answer that is longer than the window, are read from their beginning.
  const last = messagesIn(id).slice(-3);
  const read = last.find((one) => (one.interaction_metadata?.user.id ?? one.author.id) === here.viewer) ?? last.at(-1);
  if (read) anchor = find(`message-${read.id}`);
  settle();
}

function become(id) {
  here.viewer = id;
  sessionStorage.setItem("viewer", id);
  listen();
}

// ------------------------------------------------------------------ the stream

function receive({ first, set, gone }) {
  const known = first ? new Map() : new Map(parts);
  if (first) parts.clear();
  for (const name of gone) parts.delete(name);
  for (const [name, part] of Object.entries(set)) {
    parts.set(name, part);
    const elsewhere = name.startsWith("message:") && !first && !known.has(name) && part.channel_id !== here.channel && part.author.id !== here.viewer;
    if (!elsewhere) continue;
    unread.set(part.channel_id, (unread.get(part.channel_id) ?? 0) + 1);
    if (channel(part.channel_id)?.direct) {
      notice("Square Deal wrote you a direct message. ", el("button", { type: "button", class: "text", onclick: () => enter(part.channel_id) }, "Read it"));
    }
  }
  if (first) {
    if (!member(here.viewer)) here.viewer = room().members[0].id;
    unread.clear();
    document.title = `${room().name} · Square Deal`;
    drawPeople();
    drawTries();
    const last = channels().find((one) => one.name === sessionStorage.getItem("channel")) ?? channels()[0];
    enter(last.id);
    document.body.dataset.ready = "true";
    return;
  }
  if (set.channels || unread.size) drawChannels();
  drawMessages();
}

function listen() {
  source?.close();
  delete document.body.dataset.ready;
  source = new EventSource(`/events?as=${here.viewer}`);
  source.onmessage = (event) => receive(JSON.parse(event.data));
  source.onopen = () => document.body.classList.remove("away");
  source.onerror = () => {
    document.body.classList.add("away");
    notice("The room has been closed. Start it again with: uv run bot.py");
  };
}

const write = composer({ notice, began, ended });
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea, select, dialog, .popup")) {
    event.preventDefault();
    write.focus();
  }
});
listen();

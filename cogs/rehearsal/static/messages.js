// A message as it is shown: who, when, words, embeds, files, buttons, reactions.

import { components } from "./components.js";
import { avatar, el, size } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { here, messagesIn, nameOf, room } from "./state.js";

const ONLY_YOU = 1 << 6, THINKING = 1 << 7, LAID_OUT = 1 << 15;

export const onlyYou = (message) => Boolean(message.flags & ONLY_YOU);
// A message in a layout of its own shows its files where the layout has them.
const laidOut = (message) => Boolean(message.flags & LAID_OUT);
const isBot = (message) => message.author.id === room().bot.id;

export function day(stamp) {
  const date = new Date(stamp), today = new Date();
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}

const clock = (stamp) => new Date(stamp).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// Whether a message goes on where the one before left off, and so needs no name above it.
export function continues(message, before) {
  return before && before.author.id === message.author.id && !message.message_reference && !message.interaction_metadata
    && !onlyYou(message) && !onlyYou(before) && new Date(message.timestamp) - new Date(before.timestamp) < 420000;
}

export function messageNode(message, joined, actions) {
  const name = nameOf(message.author.id), bot = isBot(message);
  const thinking = Boolean(message.flags & THINKING);
  const files = message.attachments ?? [];
  // A message speaks of its own files by their names.
  const pictures = new Map(files.flatMap((one) => [[one.url, one], [`attachment://${one.filename}`, one]]));
  const shown = new Set(message.embeds.flatMap((embed) => [embed.image, embed.thumbnail]).map((one) => one && pictures.get(one.url)?.url));
  return el("article", {
    class: ["message", joined && "joined", onlyYou(message) && "only-you", message.mentions.some((one) => one.id === here.viewer) && "to-you"].filter(Boolean).join(" "),
    id: `message-${message.id}`, tabindex: "-1", "aria-label": `${name}, ${day(message.timestamp)} ${clock(message.timestamp)}`,
    oncontextmenu: (event) => {
      if (event.target.closest("a, input, textarea, img") || String(getSelection())) return;
      event.preventDefault();
      actions.menu(message, { left: event.clientX, top: event.clientY, bottom: event.clientY });
    },
  },
  above(message, actions),
  el("div", { class: "body" },
    avatar(name, bot),
    el("div", { class: "content" },
      el("div", { class: "by" }, el("span", { class: "author" }, name), bot && el("span", { class: "badge" }, "app"),
        el("time", { datetime: message.timestamp }, clock(message.timestamp))),
      thinking && !message.content ? el("p", { class: "thinking" }, `${name} is thinking`, el("span", { class: "dots", "aria-hidden": "true" })) : null,
      message.content ? markdown(message.content) : null,
      message.edited_timestamp && !bot ? el("span", { class: "edited" }, "(edited)") : null,
      ...message.embeds.map((embed) => embedNode(embed, pictures)),
      ...files.filter((one) => !shown.has(one.url) && !laidOut(message)).map(attachmentNode),
      components(message, pictures, actions),
      reactions(message, actions),
      onlyYou(message) ? el("p", { class: "private" }, "Only you can see this. ",
        el("button", { type: "button", class: "text", "data-key": "dismiss", onclick: () => actions.dismiss(message) }, "Dismiss")) : null),
    el("button", {
      type: "button", class: "more", "data-key": "more", title: "More", "aria-label": `More on this message of ${name}`, "aria-haspopup": "menu",
      onclick: (event) => actions.menu(message, null, event.currentTarget),
    }, "⋯")));
}

function above(message, actions) {
  const used = message.interaction_metadata;
  if (used && used.name) {
    return el("p", { class: "above" }, "↳ ", el("strong", {}, nameOf(used.user.id)), " used ", el("strong", {}, used.command_type === 3 ? used.name : `/${used.name}`));
  }
  if (!message.message_reference || message.message_reference.type) return null;
  const answered = message.referenced_message;
  if (!answered) return el("p", { class: "above" }, "↳ a message that was deleted");
  const words = answered.content.replaceAll("\n", " ") || "a message without words";
  return el("p", { class: "above" }, "↳ ", el("button", { type: "button", class: "text", "data-key": "answered", onclick: () => actions.go(answered.id) },
    el("strong", {}, nameOf(answered.author.id)), " ", inline(words).textContent));
}

function embedNode(embed, pictures) {
  const made = el("div", { class: "embed" },
    embed.author && el("p", { class: "small" }, embed.author.name),
    embed.title && el("p", { class: "heading h3" }, inline(embed.title)),
    embed.description && markdown(embed.description),
    embed.fields?.length && el("dl", { class: "fields" }, embed.fields.map((field) => el("div", { class: field.inline ? "inline" : "" },
      el("dt", {}, inline(field.name)), el("dd", {}, markdown(field.value))))),
    embed.image && picture(embed.image.url, pictures),
    embed.thumbnail && picture(embed.thumbnail.url, pictures),
    embed.footer && el("p", { class: "small" }, embed.footer.text));
  if (embed.color) made.style.setProperty("--bar", `#${embed.color.toString(16).padStart(6, "0")}`);
  return made;
}

export function picture(url, pictures, description) {
  const known = pictures.get(url), to = known?.url ?? url;
  const alt = description ?? known?.description ?? "A picture";
  return el("a", { class: "picture", href: to, target: "_blank", rel: "noreferrer", title: "Open the picture" }, el("img", { src: to, alt }));
}

export function attachmentNode(file) {
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.content_type)) return picture(file.url, new Map([[file.url, file]]), file.description ?? file.filename);
  return el("a", { class: "file", href: file.url, download: file.filename }, el("span", { "aria-hidden": "true" }, "📄 "), file.filename, el("span", { class: "hint" }, size(file.size)));
}

function reactions(message, actions) {
  if (!message.reactions.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const sign = reaction.emoji.name, { count, me } = reaction;
    return el("button", {
      type: "button", class: "reaction", "data-key": `reaction ${sign}`, "aria-pressed": String(me),
      "aria-label": `${sign}, ${count}${me ? ", yours too" : ""}`, onclick: () => actions.react(message, sign, !me),
    }, sign, el("span", { class: "count" }, String(count)));
  }));
}

// The last thing that somebody wrote in a channel.
export function lastOf(author, channelId) {
  return messagesIn(channelId).filter((one) => one.author.id === author).at(-1);
}

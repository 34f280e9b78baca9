// The message box: writing, replying, editing, @ and / with their suggestions, files, and the options of a command.

import { el, find, readFiles, size } from "./dom.js";
import { optionField } from "./fields.js";
import { lastOf } from "./messages.js";
import { Suggestions } from "./popup.js";
import { act, channel, commands, here, nameOf, room } from "./state.js";

const LONGEST = 2000, MOST_FILES = 10, MOST_SUGGESTED = 25;

export function composer({ notice, began, ended }) {
  const form = find("composer"), box = find("text"), context = find("context"), chips = find("files"), panel = find("command");
  let replying = null, editing = null, files = [], mentioned = new Map(), command = null;

  const suggestions = new Suggestions(box, find("suggestions"), pick);

  function grow() {
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }

  function pick({ take }) {
    take();
    grow();
  }

  function suggest() {
    const before = box.value.slice(0, box.selectionStart);
    const [, at] = /(?:^|\s)@([\p{L}\p{N} ]{0,20})$/u.exec(before) ?? [];
    if (before.startsWith("/") && !before.includes("\n") && !editing) {
      const typed = before.slice(1).toLowerCase();
      const fits = commands().slash.filter((one) => one.name.includes(typed));
      fits.sort((a, b) => b.name.startsWith(typed) - a.name.startsWith(typed));
      return suggestions.show(fits.slice(0, 60).map((one) => ({ label: `/${one.name}`, hint: one.description, take: () => openCommand(one) })), "Commands");
    }
    if (at !== undefined) {
      const known = [...room().members, room().bot].filter((one) => one.name.toLowerCase().startsWith(at.toLowerCase()));
      return suggestions.show(known.slice(0, MOST_SUGGESTED).map((one) => ({
        label: `@${one.name}`, hint: one.id === room().bot.id ? "the bot" : one.owner ? "owner" : "member",
        take: () => {
          const start = before.length - at.length - 1;
          box.setRangeText(`@${one.name} `, start, before.length, "end");
          mentioned.set(one.name, one.id);
        },
      })), "People");
    }
    suggestions.hide();
  }

  // What is typed with the names that were picked turned into mentions.
  function written() {
    let text = box.value.trim();
    for (const [name, id] of mentioned) text = text.replaceAll(`@${name}`, `<@${id}>`);
    return text;
  }

  function clear() {
    replying = editing = null;
    mentioned = new Map();
    files = [];
    box.value = "";
    draw();
    grow();
  }

  function draw() {
    const said = replying ? `Replying to ${nameOf(replying.author.id)}` : editing ? "Editing your message" : "";
    context.hidden = !said;
    context.replaceChildren(said, said ? el("button", { type: "button", class: "text", onclick: () => {
      clear();
      box.focus();
    } }, "Cancel") : "");
    chips.hidden = !files.length;
    chips.replaceChildren(...files.map((file, index) => el("li", {}, `${file.name} `, el("span", { class: "hint" }, size(file.data.length * 0.75)),
      el("button", { type: "button", class: "text", "aria-label": `Take off ${file.name}`, onclick: () => {
        files.splice(index, 1);
        draw();
        box.focus();
      } }, "✕"))));
  }

  async function attach(list) {
    files = [...files, ...(await readFiles(list))];
    if (files.length > MOST_FILES) notice(`Discord takes at most ${MOST_FILES} files in a message.`);
    files = files.slice(0, MOST_FILES);
    draw();
    box.focus();
  }

  async function send() {
    const kept = { text: box.value, replying, editing, files, mentioned };
    let text = written(), sent = files;
    if (!text && !sent.length) return;
    if (editing) {
      const message = editing.id;
      clear();
      return finish(await act({ do: "edit", message, text }), kept);
    }
    if (text.length > LONGEST) {
      // As Discord does with what is too long for a message.
      sent = [...sent, ...(await readFiles([new File([text], "message.txt", { type: "text/plain" })]))];
      text = "";
    }
    clear();
    began();
    finish(await act({ do: "send", text, reply: kept.replying?.id ?? null, files: sent }), kept);
  }

  function finish(result, kept) {
    if (result.refused && !box.value) {
      ({ replying, editing, files, mentioned } = kept);
      box.value = kept.text;
      draw();
      grow();
    }
    ended(result);
  }

  // A command that was typed in full, with or without what follows it.
  function typedCommand() {
    const [, typed] = /^\/(.+)$/s.exec(box.value.trim()) ?? [];
    if (!typed) return null;
    const lower = typed.toLowerCase();
    const fits = commands().slash.filter((one) => lower === one.name || lower.startsWith(`${one.name} `));
    const found = fits.sort((a, b) => b.name.length - a.name.length)[0];
    return found && { found, rest: typed.slice(found.name.length).trim() };
  }

  async function openCommand(one, rest = "") {
    suggestions.hide();
    clear();
    const options = one.options ?? [];
    if (!options.length) {
      began();
      return ended(await act({ do: "slash", name: one.name }));
    }
    const fields = new Map();
    const values = (but) => Object.fromEntries([...fields].filter(([name]) => name !== but).map(([name, field]) => [name, field.value()]).filter(([, value]) => value !== undefined));
    for (const option of options) fields.set(option.name, optionField(option, one, () => values(option.name)));
    command = { one, fields, values, problem: el("p", { class: "problem", role: "alert" }) };
    const first = [...fields.values()][0];
    panel.replaceChildren(
      el("h3", {}, `/${one.name}`), el("p", { class: "hint" }, one.description),
      el("div", { class: "fields" }, [...fields.values()].map((field) => field.node)), command.problem,
      el("div", { class: "ends" },
        el("button", { type: "button", class: "button secondary", onclick: closeCommand }, "Cancel"),
        el("button", { type: "submit", class: "button primary" }, "Send")));
    panel.hidden = false;
    form.classList.add("commanding");
    const text = [...fields.values()].find((field) => field.input && field.input.tagName !== "SELECT" && field.input.type !== "file");
    if (rest && text) {
      text.input.value = rest;
      if ([...fields.values()].every((field) => !field.problem())) return runCommand();
    }
    (text && rest ? text : first).input?.focus();
  }

  function closeCommand() {
    command = null;
    panel.hidden = true;
    panel.replaceChildren();
    form.classList.remove("commanding");
    grow();
    box.focus();
  }

  async function runCommand() {
    const { one, fields, values, problem } = command;
    const wrong = [...fields.values()].map((field) => field.problem()).find(Boolean);
    if (wrong) {
      problem.textContent = wrong;
      return;
    }
    const options = values();
    closeCommand();
    began();
    ended(await act({ do: "slash", name: one.name, options }));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    suggestions.hide();
    if (command) return runCommand();
    const typed = editing ? null : typedCommand();
    if (typed) openCommand(typed.found, typed.rest);
    else send();
  });
  box.addEventListener("input", () => {
    grow();
    suggest();
  });
  box.addEventListener("blur", () => suggestions.hide());
  form.addEventListener("keydown", (event) => {
    if (suggestions.takes(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea, input[type=text]")) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      if (command) closeCommand();
      else if (replying || editing) clear();
    } else if (event.key === "ArrowUp" && event.target === box && !box.value && !editing) {
      const last = lastOf(here.viewer, here.channel);
      if (last) {
        event.preventDefault();
        api.edit(last);
      }
    }
  });
  find("attach").addEventListener("click", () => find("picked").click());
  find("picked").addEventListener("change", async (event) => {
    await attach(event.target.files);
    event.target.value = "";
  });
  box.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      attach(event.clipboardData.files);
    }
  });
  const main = document.querySelector("main");
  main.addEventListener("dragover", (event) => event.preventDefault());
  main.addEventListener("drop", (event) => {
    event.preventDefault();
    attach(event.dataTransfer.files);
  });

  const api = {
    place() {
      const one = channel();
      box.placeholder = one.direct ? `Message ${one.name}` : innerWidth < 500 ? "A message, or /" : `Message #${one.name}, or / for commands`;
      suggestions.hide();
      if (command) closeCommand();
    },
    clear,
    reply(message) {
      clear();
      replying = message;
      draw();
      box.focus();
    },
    edit(message) {
      clear();
      editing = message;
      box.value = message.content.replace(/<@!?(\d+)>/g, (_, id) => {
        mentioned.set(nameOf(id), id);
        return `@${nameOf(id)}`;
      });
      draw();
      grow();
      box.focus();
    },
    focus: () => box.focus(),
  };
  return api;
}

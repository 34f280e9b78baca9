// Fields of forms and of commands. Each has a `node`, a `value()` (undefined if left empty) and a `problem()`.

import { el, readFiles, unique } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { openDialog, Suggestions } from "./popup.js";
import { act, channels, here, room } from "./state.js";

const people = () => room().members.map((one) => ({ label: one.name, value: one.id, description: one.owner ? "owner of the server" : "member" }));
const roles = () => room().roles.map((one) => ({ label: one.name, value: one.id }));
const places = () => channels().filter((one) => !one.direct).map((one) => ({ label: `#${one.name}`, value: one.id }));
const ENTITIES = { 5: people, 6: roles, 7: () => [...people(), ...roles()], 8: places };

// What can be chosen in a menu of a message or a form.
export function choices(menu) {
  const chosen = new Set((menu.default_values ?? []).map((one) => one.id));
  return ENTITIES[menu.type] ? ENTITIES[menu.type]().map((one) => ({ ...one, default: chosen.has(one.value) })) : (menu.options ?? []);
}

function labelled(label, hint, required, control) {
  const id = unique("field"), says = unique("hint");
  control.id ||= id;
  if (hint) control.setAttribute("aria-describedby", says);
  if (required) control.setAttribute("aria-required", "true");
  return el("div", { class: "field" },
    el("label", { for: control.id }, label, required ? null : el("span", { class: "optional" }, " optional")),
    hint && el("p", { id: says, class: "hint" }, inline(hint)), control);
}

const missing = (label, required, empty) => (required && empty ? `“${label}” is still empty.` : null);

function drop(options, required, chosen = "", placeholder = "") {
  const made = el("select", {}, !required || !chosen ? el("option", { value: "" }, placeholder || (required ? "Choose …" : "—")) : null,
    options.map((one) => el("option", { value: String(one.value) }, one.description ? `${one.label}: ${one.description}` : one.label)));
  made.value = chosen;
  return made;
}

// Several to tick, or one of a few to mark.
export function group({ label, required, min_values: min, max_values: max }, options, title, hint = "", single = false) {
  const name = unique("group");
  const boxes = options.map((one) => el("input", { type: single ? "radio" : "checkbox", name, value: one.value, checked: one.default }));
  const node = el("fieldset", { class: "field" }, el("legend", {}, label ?? title, required ? null : el("span", { class: "optional" }, " optional")),
    hint && el("p", { class: "hint" }, inline(hint)),
    options.map((one, index) => el("label", { class: "choice" }, boxes[index], el("span", {}, one.label, one.description && el("span", { class: "hint" }, one.description)))));
  const value = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    node,
    value: () => (single ? value()[0] : value().length || required ? value() : undefined),
    problem: () => {
      const count = value().length;
      if (required && count < (single ? 1 : (min ?? 1))) return `“${label ?? title}”: choose ${single ? "one" : `at least ${min ?? 1}`}.`;
      return !single && max && count > max ? `“${label ?? title}”: choose at most ${max}.` : null;
    },
  };
}

function textField(label, hint, { required, value = "", long, min_length: min, max_length: max, placeholder, rows = 1 }) {
  const input = long ? el("textarea", { rows }) : el("input", { type: "text" });
  input.value = value;
  if (max) input.maxLength = max;
  if (placeholder) input.placeholder = placeholder;
  return {
    input, node: labelled(label, hint, required, input), value: () => input.value || undefined,
    problem: () => missing(label, required, !input.value.trim())
      ?? (input.value && min && input.value.length < min ? `“${label}” needs at least ${min} characters.` : null),
  };
}

function fileField(label, hint, { required, max_values: max = 1 }, many) {
  const input = el("input", { type: "file", multiple: max > 1 });
  let read = [];
  input.addEventListener("change", async () => {
    read = [];
    read = await readFiles(input.files);
  });
  return {
    input, node: labelled(label, hint, required, input), value: () => (read.length ? (many ? read : read[0]) : undefined),
    problem: () => missing(label, required, !read.length)
      ?? (read.length < input.files.length ? "A file is still being read; try again in a moment." : null)
      ?? (read.length > max ? `“${label}” takes at most ${max} files.` : null),
  };
}

function dropField(label, hint, required, options, chosen, asList, placeholder) {
  const input = drop(options, required, chosen, placeholder);
  return { input, node: labelled(label, hint, required, input), value: () => (input.value ? (asList ? [input.value] : input.value) : undefined), problem: () => missing(label, required, !input.value) };
}

// A field of a form that the bot opens.
export function formField(control, label = control.label ?? "", hint = "") {
  const required = control.required ?? [4, 3, 5, 6, 7, 8].includes(control.type);
  switch (control.type) {
    case 4: return textField(label, hint, { ...control, required, long: control.style === 2, rows: 5 });
    case 3: case 5: case 6: case 7: case 8: {
      const options = choices(control);
      if ((control.max_values ?? 1) > 1) return group({ ...control, label, required }, options, label, hint);
      return dropField(label, hint, required, options, options.find((one) => one.default)?.value, true, control.placeholder);
    }
    case 19: return fileField(label, hint, { ...control, required }, true);
    case 21: return group({ ...control, label, required }, control.options, label, hint, true);
    case 22: return group({ ...control, label, required }, control.options, label, hint);
    case 23: {
      const input = el("input", { type: "checkbox", checked: control.default });
      return { node: el("div", { class: "field" }, el("label", { class: "choice" }, input, el("span", {}, label, hint && el("span", { class: "hint" }, hint)))), value: () => input.checked, problem: () => null };
    }
    default: return null;
  }
}

// The form that the bot opened in answer to something; `done` gets what came of sending it.
export function openForm(form, done) {
  const fields = new Map(), body = [];
  const put = (control, label, hint) => {
    const field = formField(control, label, hint);
    if (!field) return;
    fields.set(control.custom_id, field);
    body.push(field.node);
  };
  for (const one of form.components) {
    if (one.type === 10) body.push(markdown(one.content));
    else if (one.type === 18) put(one.component, one.label, one.description);
    else for (const inner of one.components ?? [one]) put(inner);
  }
  openDialog({
    title: form.title, body, ok: "Send",
    send: async () => {
      for (const field of fields.values()) if (field.problem()) return field.problem();
      const values = {};
      for (const [name, field] of fields) if (field.value() !== undefined) values[name] = field.value();
      const result = await act({ do: "submit", form: form.number, values, channel: here.channel });
      if (result.refused) return result.refused;
      done(result);
      return null;
    },
  });
}

// A field for an option of a slash command.
export function optionField(option, command, others) {
  const { name: label, description: hint, required = false } = option;
  const named = (list) => list.map((one) => ({ label: one.name, value: one.value }));
  if (option.choices?.length) return dropField(label, hint, required, named(option.choices));
  switch (option.type) {
    case 5: return dropField(label, hint, required, [{ label: "Yes", value: "true" }, { label: "No", value: "false" }]);
    case 6: return dropField(label, hint, required, people());
    case 7: return dropField(label, hint, required, places());
    case 8: return dropField(label, hint, required, roles());
    case 9: return dropField(label, hint, required, [...people(), ...roles()]);
    case 11: return fileField(label, hint, { required }, false);
    case 4: case 10: {
      const field = textField(label, hint, { required });
      field.input.inputMode = option.type === 4 ? "numeric" : "decimal";
      return { ...field, problem: () => field.problem() ?? number(label, option, field.value()) };
    }
    default: return option.autocomplete ? completed(option, command, others) : textField(label, hint, { ...option, required, long: true });
  }
}

function number(label, { type, min_value: min, max_value: max }, value) {
  if (value === undefined) return null;
  const pattern = type === 4 ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d+)?$/;
  if (!pattern.test(value.trim())) return `“${label}” takes a ${type === 4 ? "whole " : ""}number.`;
  if (min !== undefined && Number(value) < min) return `“${label}” starts at ${min}.`;
  return max !== undefined && Number(value) > max ? `“${label}” ends at ${max}.` : null;
}

// The bot suggests while one types; what is picked stands for the value that the bot gave with it.
function completed(option, command, others) {
  const field = textField(option.name, option.description, { ...option, required: option.required ?? false });
  const { input } = field;
  const box = el("div", { class: "suggestions", role: "listbox", id: unique("suggested"), "aria-label": `Suggestions for ${option.name}`, hidden: true });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": box.id })) input.setAttribute(name, value);
  let picked = null, asked = 0;
  const suggestions = new Suggestions(input, box, (item) => {
    picked = item;
    input.value = item.label;
  });
  const ask = async () => {
    const turn = ++asked;
    const { choices: found = [] } = await act({ do: "complete", name: command.name, option: option.name, value: input.value, options: others() });
    if (turn === asked && document.activeElement === input) suggestions.show(found.map((one) => ({ label: one.name, value: String(one.value) })));
  };
  let timer;
  input.addEventListener("input", () => {
    picked = null;
    // What was suggested for other letters is not to be chosen by an early Enter.
    asked += 1;
    suggestions.hide();
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("focus", ask);
  input.addEventListener("blur", () => suggestions.hide());
  input.addEventListener("keydown", (event) => suggestions.takes(event));
  field.node.classList.add("suggesting");
  field.node.append(box);
  return { ...field, value: () => picked?.value ?? (input.value || undefined) };
}

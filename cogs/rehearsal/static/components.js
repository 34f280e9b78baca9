// Buttons, menus and layouts below or inside a message.

import { el } from "./dom.js";
import { choices, group } from "./fields.js";
import { inline, markdown } from "./markdown.js";
import { attachmentNode, picture } from "./messages.js";
import { openDialog, openPopup } from "./popup.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

export function components(message, pictures, actions) {
  if (!message.components?.length) return null;
  return el("div", { class: "components" }, message.components.map((one) => component(one, message, pictures, actions)));
}

function component(one, message, pictures, actions) {
  const inside = () => one.components.map((child) => component(child, message, pictures, actions));
  switch (one.type) {
    case 1: return el("div", { class: "row" }, inside());
    case 2: return button(one, message, actions);
    case 3: case 5: case 6: case 7: case 8: return menu(one, message, actions);
    case 9: return el("div", { class: "section" }, el("div", {}, inside()), component(one.accessory, message, pictures, actions));
    case 10: return markdown(one.content);
    case 11: return picture(one.media.url, pictures, one.description);
    case 12: return el("div", { class: "gallery" }, one.items.map((item) => picture(item.media.url, pictures, item.description)));
    case 13: return file(one, pictures);
    case 14: return el("hr", { class: one.divider === false ? "plain" : "" });
    case 17: return container(one, inside());
    default: return null;
  }
}

function container(one, children) {
  const made = el("div", { class: "embed" }, children);
  if (one.accent_color) made.style.setProperty("--bar", `#${one.accent_color.toString(16).padStart(6, "0")}`);
  return made;
}

function file(one, pictures) {
  const known = pictures.get(one.file.url);
  return known ? attachmentNode(known) : el("a", { class: "file", href: one.file.url, download: true }, one.name ?? "A file");
}

function emoji(one) {
  return one.emoji?.name ? el("span", { "aria-hidden": "true" }, one.emoji.name, one.label ? " " : "") : null;
}

function button(one, message, actions) {
  if (one.url) return el("a", { class: "button link", href: one.url, target: "_blank", rel: "noreferrer noopener" }, emoji(one), one.label, " ↗");
  return el("button", {
    type: "button", class: `button ${STYLES[one.style] ?? "secondary"}`, "data-key": one.custom_id, disabled: one.disabled,
    "aria-label": one.label ? null : one.emoji?.name,
    onclick: (event) => actions.press(event.currentTarget, { do: "click", message: message.id, custom_id: one.custom_id }),
  }, emoji(one), one.label);
}

// One choice is taken at once; of several, those that are ticked in a window.
function menu(one, message, actions) {
  const known = choices(one).map((option) => ({ ...option, icon: option.emoji?.name, hint: option.description }));
  const chosen = known.filter((option) => option.default);
  const words = chosen.map((option) => option.label).join(", ") || one.placeholder || "Choose …";
  const many = (one.max_values ?? 1) > 1;
  const send = (from, values) => actions.press(from, { do: "select", message: message.id, custom_id: one.custom_id, kind: one.type, values });
  return el("button", {
    type: "button", class: "select", "data-key": one.custom_id, disabled: one.disabled, "aria-haspopup": many ? "dialog" : "listbox", "aria-expanded": many ? null : "false",
    onclick: (event) => {
      const from = event.currentTarget;
      if (!many) {
        openPopup({ role: "listbox", label: words, from, groups: [{ items: known.map((option) => ({ ...option, chosen: option.default, pick: () => send(from, [option.value]) })) }] });
        return;
      }
      const field = group({ ...one, required: one.min_values > 0 }, known, words);
      openDialog({ title: words, body: field.node, ok: "Choose", send: async () => field.problem() ?? (send(from, field.value()), null) });
    },
  }, inline(words), el("span", { class: "arrow", "aria-hidden": "true" }, "▾"));
}

// What opens beside something: suggestions while typing, menus, and lists to choose from.

import { el, find, unique } from "./dom.js";

// Suggestions for an input, which keeps the focus.
export class Suggestions {
  constructor(input, box, pick) {
    Object.assign(this, { input, box, pick, items: [], active: 0 });
    // Scrolling the suggestions leaves the focus where it is.
    box.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() {
    return !this.box.hidden;
  }

  show(items, heading = "") {
    this.items = items;
    this.active = 0;
    if (!items.length) return this.hide();
    this.box.replaceChildren(
      ...(heading ? [el("div", { class: "heading", role: "presentation" }, heading)] : []),
      ...items.map((item, index) => el("div", {
        role: "option", id: unique("option"), class: "option",
        onmousedown: (event) => {
          event.preventDefault();
          this.choose(index);
        },
      }, el("span", { class: "name" }, item.label), item.hint && el("span", { class: "hint" }, item.hint))),
    );
    this.box.hidden = false;
    this.expanded(true);
    this.mark();
  }

  hide() {
    this.box.hidden = true;
    this.expanded(false);
    this.input.removeAttribute("aria-activedescendant");
  }

  // A box for several lines cannot be a combobox; there the option that is read out says enough.
  expanded(open) {
    if (this.input.getAttribute("role") === "combobox") this.input.setAttribute("aria-expanded", String(open));
  }

  mark() {
    for (const [index, option] of [...this.box.querySelectorAll(".option")].entries()) {
      option.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) {
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
  }

  choose(index) {
    const item = this.items[index];
    this.hide();
    this.pick(item);
  }

  // Whether a key was meant for the suggestions.
  takes(event) {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.active = (this.active + step + this.items.length) % this.items.length;
      this.mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.choose(this.active);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

let closeOpen = () => {};

// A menu (of things to do) or a listbox (of things to choose), beside a button or at a point.
export function openPopup({ role, label, groups, at, from }) {
  closeOpen();
  const item = role === "menu" ? "menuitem" : "option";
  const box = el("div", { class: `popup ${role}`, role, "aria-label": label, tabindex: "-1" });
  for (const { heading, items } of groups.filter((group) => group.items.length)) {
    const group = el("div", { role: "group", "aria-label": heading ?? label });
    if (heading) group.append(el("div", { class: "heading", "aria-hidden": "true" }, heading));
    for (const one of items) {
      group.append(el("div", {
        role: item, class: "option", tabindex: "-1", "aria-selected": role === "menu" ? null : String(Boolean(one.chosen)),
        onclick: () => {
          close();
          one.pick();
        },
      }, one.icon && el("span", { class: "icon", "aria-hidden": "true" }, one.icon), el("span", { class: "said" }, el("span", { class: "name" }, one.label), one.hint && el("span", { class: "hint" }, one.hint))));
    }
    box.append(group);
  }
  const options = [...box.querySelectorAll(".option")];
  const outside = (event) => box.contains(event.target) || close();
  const close = () => {
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    from?.setAttribute("aria-expanded", "false");
    from?.focus({ preventScroll: true });
    closeOpen = () => {};
  };
  closeOpen = close;
  box.addEventListener("keydown", (event) => {
    const now = options.indexOf(document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) options.at(to % options.length).focus();
    else if (event.key === "Enter" || event.key === " ") document.activeElement.click();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key.length === 1) {
      const letter = event.key.toLowerCase();
      [...options.slice(now + 1), ...options].find((one) => one.querySelector(".name").textContent.toLowerCase().startsWith(letter))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(box);
  from?.setAttribute("aria-expanded", "true");
  const place = at ?? from.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = place.bottom + 4 + height <= innerHeight;
  box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? place.bottom + 4 : Math.min(place.top - height - 4, innerHeight - height - 8))}px`;
  document.addEventListener("pointerdown", outside, true);
  (options.find((one) => one.getAttribute("aria-selected") === "true") ?? options[0])?.focus();
}

// A window with fields; `send` gets them when they are sent, and answers whether it may close.
export function openDialog({ title, body, ok, send }) {
  const dialog = find("dialog");
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el("form", { class: "form", novalidate: true }, body, problem, el("div", { class: "ends" },
    el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"),
    el("button", { type: "submit", class: "button primary" }, ok)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const submit = form.querySelector("[type=submit]");
    if (submit.disabled) return;
    submit.disabled = true;
    problem.textContent = "";
    const said = await send();
    submit.disabled = false;
    if (said) problem.textContent = said;
    else dialog.close();
  });
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, title), form);
  dialog.showModal();
}

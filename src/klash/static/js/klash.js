"use strict";
// Everything works without this file; it makes reading, writing and scoring smoother.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const language = document.documentElement.lang || "fi";

  // The menu of a narrow screen.
  const menu = document.querySelector("[data-menu]");
  if (menu) menu.addEventListener("click", () => {
    menu.setAttribute("aria-expanded", String(menu.closest("header").classList.toggle("open")));
  });

  // Words, by the rule of the server (rules/words.py): what stands between blanks and holds a letter or a digit.
  const blanks = /[\t-\r\x1c-\x20\x85\xa0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]+/;
  const wordsOf = (text) => text.split(blanks).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;

  // data-counter names the element that tells the count. Its data-label is a sentence with 0 in it, data-one the same for one word; data-left, data-long and
  // data-over say what follows from data-hard and data-soft. Who listens hears it after a pause in the typing, and only if it has changed.
  const told = (number, many, one) => (number === 1 && one ? one : many).replace(/\b0\b/, new Intl.NumberFormat(language).format(number));
  const pauses = new WeakMap();
  const count = (area) => {
    const out = document.getElementById(area.dataset.counter);
    if (!out) return;
    const words = wordsOf(area.value), { hard, soft, label, one, left, leftOne, long, over, overOne } = out.dataset;
    const excess = hard ? words - Number(hard) : 0;
    const more = !hard ? "" : excess > 0 ? told(excess, over, overOne) : soft && words > Number(soft) ? long : told(-excess, left, leftOne);
    out.textContent = told(words, label, one) + (more && `. ${more}`);
    out.classList.toggle("over", excess > 0);
  };
  const tell = (area) => {
    const out = document.getElementById(area.dataset.counter), status = document.getElementById(`${area.id}_told`);
    clearTimeout(pauses.get(area));
    if (out && status) pauses.set(area, setTimeout(() => { if (status.textContent !== out.textContent) status.textContent = out.textContent; }, 1000));
  };

  // A slider tells its value while it moves.
  all("input[type=range]").forEach((range) => range.addEventListener("input", () => all(`output[for="${range.id}"]`).forEach((out) => { out.textContent = range.value; })));

  // Time left: data-deadline is an ISO instant; the page's own clock (data-now) rules, not the reader's.
  const offset = Date.parse(document.documentElement.dataset.now || "") - Date.now() || 0;
  const units = JSON.parse(document.documentElement.dataset.units || "null") || [];
  const left = (until) => {
    const minutes = Math.floor((until - Date.now() - offset) / 60000);
    if (minutes < 1) return null;
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
    const parts = days >= 3 ? [[days, 0]] : days ? [[days, 0], [hours, 1]] : [[hours, 1], [minutes % 60, 2]];
    return parts.filter(([value]) => value).map(([value, name]) => `${value}\u00a0${units[name][Number(value !== 1)]}`).join(" ");
  };
  const tick = () => all("[data-deadline]").forEach((node) => {
    const words = left(Date.parse(node.dataset.deadline));
    if (words && words !== node.textContent) node.textContent = words;
  });
  setInterval(tick, 30000);

  // Nothing typed is lost: the texts of a form with data-keep stay in this browser until the server's page shows that it has them. Where another text was
  // saved meanwhile, that one stands in the field, and what was typed here beside it until its writer has put it there or removed it.
  const prefix = `klash:${document.body.dataset.person || ""}:`;
  const store = (action) => { try { return action(localStorage); } catch { return null; } };
  const drop = (key) => store((box) => box.removeItem(key));
  const place = location.pathname.replace(/^\/(sv|en)(?=\/)/, "");
  const keyOf = (area) => `${prefix}${place}:${area.form.dataset.keep}:${area.name}`;
  const besideOf = (area) => `${keyOf(area)}:beside`;
  const kept = (root) => all("form[data-keep] textarea, form[data-keep] input[type=text]", root).filter((area) => area.name);
  const isSame = (one, other) => one.trim() === other.trim();
  const restore = (area) => {
    if ("base" in area.dataset) return; // a part of the page came anew, but not this
    const key = keyOf(area), saved = JSON.parse(store((box) => box.getItem(key)) || "null");
    area.dataset.base = area.defaultValue;
    if (saved) {
      const isStale = Date.now() - saved.at > 7 * 86400000;
      // A page that points out faults shows the text, but the server has not kept it yet.
      if (isSame(saved.text, area.dataset.taken || "")) drop(key); // the server made a thing of it and shows an empty field for the next one
      else if (!isStale && isSame(saved.text, area.value) && document.querySelector("#faults, .field.bad")) area.dataset.base = saved.base;
      else if (isStale || isSame(saved.text, area.value)) drop(key);
      else if (isSame(saved.base, area.defaultValue)) bringBack(area, saved.text);
      else {
        store((box) => box.setItem(besideOf(area), [box.getItem(besideOf(area)), saved.text].filter(Boolean).join("\n\n")));
        drop(key);
      }
    }
    showBeside(area);
  };
  const bringBack = (area, text) => {
    area.value = text;
    const told = area.form.querySelector("[data-kept]");
    if (told) told.hidden = false;
  };
  const showBeside = (area) => {
    const key = besideOf(area), text = store((box) => box.getItem(key));
    if (!text) return;
    const box = area.form.querySelector("template[data-beside]").content.firstElementChild.cloneNode(true);
    const end = () => { drop(key); box.remove(); area.focus(); };
    box.setAttribute("aria-label", area.labels[0]?.textContent.trim() || area.name);
    box.querySelector("[data-text]").textContent = text;
    box.querySelector("[data-use]").addEventListener("click", () => {
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      end();
    });
    box.querySelector("[data-remove]").addEventListener("click", end);
    (area.closest(".field") || area).after(box);
  };
  const keep = (area) => store((box) => box.setItem(keyOf(area), JSON.stringify({ text: area.value, base: area.dataset.base || "", at: Date.now() })));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) kept(event.target.closest("[data-part]") || form.parentNode).forEach((area) => { area.dataset.sent = area.value; });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form || !event.detail.successful) return;
    kept(event.target.closest("[data-part]") || form.parentNode).forEach((area) => {
      area.dataset.base = area.dataset.sent || "";
      if (area.value === area.dataset.sent) drop(keyOf(area));
    });
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget]")) store((box) => Object.keys(box).filter((key) => key.startsWith("klash:")).forEach(drop));
  });

  // Small things: print, copy a link.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if (button.matches("[data-print]")) { window.print(); return; }
    const text = new URL(button.dataset.copy || location.href, location.href).href;
    navigator.clipboard?.writeText(text).then(() => { button.textContent = button.dataset.done || button.textContent; });
  });

  // A long list to choose from: what is chosen is named above it, and a field leaves those that hold what is typed.
  const pick = (picker) => {
    const out = picker.querySelector("[data-chosen]"), names = all("input:checked", picker).map((box) => box.labels[0].textContent);
    out.textContent = names.join(", ") || out.dataset.none;
  };
  const sift = (picker, field) => {
    const words = field.value.toLocaleLowerCase(language).trim(), found = picker.querySelector("[role=status]");
    const groups = all("[role=group]", picker);
    groups.forEach((group) => {
      const isNamed = group.firstElementChild.textContent.toLocaleLowerCase(language).includes(words);
      const rows = all(".hds-checkbox", group);
      rows.forEach((row) => { row.hidden = !isNamed && !row.textContent.toLocaleLowerCase(language).includes(words); });
      group.hidden = rows.every((row) => row.hidden);
    });
    found.textContent = told(all(".hds-checkbox:not([hidden])", picker).length, found.dataset.label, found.dataset.one);
  };
  const makeReady = (picker) => {
    const box = picker.querySelector("[data-filter]"), field = box.querySelector("input");
    if (!box.hidden) return;
    box.hidden = false;
    // What is typed here belongs to no form: neither is it saved nor does Enter send anything.
    field.addEventListener("input", (event) => { event.stopPropagation(); sift(picker, field); });
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    picker.addEventListener("change", () => pick(picker));
    pick(picker);
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (area.matches("[data-counter]")) { count(area); tell(area); }
    if (area.form?.matches("[data-keep]") && area.matches("textarea, input[type=text]") && area.name) keep(area);
  });

  // All bands are shown, so that nobody has to choose to learn what a score means; that of the chosen one stands out.
  const band = (set) => {
    const chosen = set.querySelector("input[type=radio]:checked")?.value || "";
    all("[data-from]", set).forEach((node) => {
      node.classList.toggle("on", chosen !== "" && Number(chosen) >= Number(node.dataset.from) && Number(chosen) <= Number(node.dataset.to));
    });
  };

  // A table wider than its box can be scrolled with the keyboard. The window and the typeface that arrives decide its width.
  const reach = (box) => {
    if (box.scrollWidth <= box.clientWidth || box.tabIndex >= 0) return;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent || document.title);
  };
  const widths = new ResizeObserver((seen) => seen.forEach(({ target }) => reach(target.closest(".table"))));

  // The account's menu closes when one turns to something else.
  const account = document.querySelector(".account");
  if (account) {
    document.addEventListener("click", (event) => { if (!account.contains(event.target)) account.open = false; });
    account.addEventListener("keydown", (event) => { if (event.key === "Escape") { account.open = false; account.firstElementChild.focus(); } });
  }

  // A question that hangs on the answer to another is shown only with that answer; what hangs on a hidden one is hidden with it. The server judges alike.
  const chosen = (form, name) => all(`[name="${name}"]`, form).filter((field) => !/radio|checkbox/.test(field.type) || field.checked).map((field) => field.value);
  const unfold = (form) => {
    const parts = all("[data-depends]", form);
    for (let round = 0; round <= parts.length; round += 1) {
      const changed = parts.filter((part) => {
        const other = all(`[name="${part.dataset.depends}"]`, form)[0]?.closest("[data-depends]");
        const isShown = !other?.hidden && chosen(form, part.dataset.depends).some((value) => part.dataset.values.split(" ").includes(value));
        if (part.hidden === !isShown) return false;
        part.hidden = !isShown;
        return true;
      });
      if (!changed.length) return;
    }
  };
  document.addEventListener("change", (event) => { if (event.target.form) unfold(event.target.form); });

  const ready = (root) => {
    all("form", root).forEach(unfold);
    all("[data-counter]", root).forEach(count);
    all("[data-scoring] fieldset", root).forEach(band);
    all("[data-picker]", root).forEach(makeReady);
    kept(root).forEach(restore);
    all("[data-counter]", root).forEach(count);
    all(".table, .table > table", root).forEach((node) => widths.observe(node));
  };
  ready(document);
  tick();
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) ready(event.target.parentNode || document); });
  document.getElementById("faults")?.focus();
  // Where the part that was replaced held the focus, it goes to the faults, or to what the new part names for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement !== document.body) return;
    const goal = event.target.querySelector("#faults") || event.target.querySelector("[data-refocus]");
    goal?.focus({ preventScroll: goal.matches(":not(#faults)") });
  });

  // Keys of the scoring page: digits choose in the focused criterion, Enter goes to the next, j and k to the next and previous entry.
  const sheet = document.querySelector("[data-scoring]");
  if (!sheet) return;
  let last = 0;

  // A review goes to the server a moment after each change. Who leaves before that moment takes it along: nothing chosen or typed is lost.
  const review = sheet.querySelector("form");
  let isUnsent = false;
  const flush = async () => {
    if (!isUnsent) return;
    isUnsent = false;
    await fetch(review.action, { method: "POST", body: new FormData(review), keepalive: true, headers: { "HX-Request": "true" } }).catch(() => { isUnsent = true; });
  };
  review.addEventListener("input", () => { isUnsent = true; });
  review.addEventListener("change", () => { isUnsent = true; });
  review.addEventListener("submit", () => { isUnsent = false; });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target === review) isUnsent = false; });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.target === review && !event.detail.successful) isUnsent = true; });
  addEventListener("pagehide", flush);

  sheet.addEventListener("change", (event) => { if (event.target.type === "radio") band(event.target.closest("fieldset")); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input:not([type=radio])")) return;
    const go = { j: "[data-next]", k: "[data-previous], [data-prev]" }[event.key];
    if (go) { flush().finally(() => document.querySelector(go)?.click()); return; }
    const sets = all("fieldset:not([disabled])", sheet).filter((set) => set.querySelector("input[type=radio]"));
    const own = document.activeElement.closest("fieldset");
    // A digit is meant for a criterion, also while the question before the criteria, answered with yes or no, has the focus.
    const isDigit = /^[0-9]$/.test(event.key);
    const open = isDigit ? sets.filter((set) => set.querySelector("input[name^=score_]")) : sets;
    const target = open.includes(own) ? own : open[0];
    if (!target) return;
    if (isDigit) {
      const ten = event.key === "0" && Date.now() - last < 700;
      const radio = target.querySelector(`input[value="${ten ? 10 : event.key}"]`);
      last = event.key === "1" ? Date.now() : 0;
      if (radio) {
        radio.checked = true;
        radio.focus();
        radio.dispatchEvent(new Event("change", { bubbles: true }));
      }
      event.preventDefault();
    } else if (event.key === "Enter" && document.activeElement.type === "radio") {
      const next = sets[sets.indexOf(target) + 1];
      (next ? next.querySelector("input:checked") || next.querySelector("input") : sheet.querySelector("textarea"))?.focus();
      event.preventDefault();
    }
  });
})();

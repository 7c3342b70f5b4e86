"use strict";
// The editor of a form: a question moves under the hand or the button at once, and the server is told; what it refuses is undone by loading the page anew.
// Without this file the buttons load the page for each step.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const editor = document.querySelector("[data-editor]"), said = document.getElementById("said");

  // Of a question's own form only those parts are shown that its kind of answer has.
  const sift = (form) => all("[data-kinds]", form).forEach((part) => {
    part.hidden = !part.dataset.kinds.split(" ").includes(form.elements.kind.value);
  });
  const ready = (root) => all("[data-question-form]", root).forEach(sift);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-question-form]");
    if (form && event.target.name === "kind") sift(form);
  });
  document.addEventListener("htmx:load", (event) => ready(event.target.parentNode || document));
  ready(document);
  if (!editor) return;

  const questions = () => all("[data-question]", editor);
  const lists = () => all("[data-list]", editor);
  const place = (item) => `${item.closest("[data-section]").dataset.section}:${[...item.parentNode.children].indexOf(item)}`;

  // A button is of no use to the first question of the form, nor to the last.
  const mark = () => {
    const rows = questions();
    rows.forEach((row, number) => all("[data-step]", row).forEach((button) => {
      button.disabled = button.dataset.step === "-1" ? !number && row.closest("[data-section]") === editor.firstElementChild
        : number === rows.length - 1 && row.closest("[data-section]") === editor.lastElementChild;
    }));
  };

  let last = Promise.resolve();
  const send = (item) => {
    const form = item.querySelector("[data-move]"), body = new FormData(form);
    body.set("place", place(item));
    last = last.then(() => fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } })).then(async (reply) => {
      if (!reply.ok) throw new Error(reply.status);
      said.textContent = await reply.text();
    }).catch(() => {
      said.textContent = editor.dataset.failed;
      location.reload();
    });
    mark();
  };

  const step = (item, by) => {
    const list = item.parentNode, other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    const next = lists()[lists().indexOf(list) + by];
    if (other) by < 0 ? other.before(item) : other.after(item);
    else if (!next) return false;
    else by < 0 ? next.append(item) : next.prepend(item);
    return true;
  };
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-question]");
    if (!step(item, Number(button.dataset.step))) return;
    send(item);
    (button.disabled ? item.querySelector("[data-step]:not(:disabled)") : button)?.focus();
    item.scrollIntoView({ block: "nearest" });
  });

  let held = null, from = null;
  editor.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-handle]")?.closest("[data-question]") || null;
    if (!held) return;
    from = place(held);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.question);
    event.dataTransfer.setDragImage(held, 20, 20);
    held.classList.add("held");
  });
  editor.addEventListener("dragover", (event) => {
    const section = held && event.target.closest("[data-section]");
    if (!section) return;
    event.preventDefault();
    const over = event.target.closest("[data-question]");
    if (!over) { if (!section.contains(held)) section.querySelector("[data-list]").append(held); return; }
    if (over === held) return;
    const box = over.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? over.before(held) : over.after(held);
  });
  editor.addEventListener("drop", (event) => { if (held) event.preventDefault(); });
  editor.addEventListener("dragend", () => {
    if (!held) return;
    const item = held;
    held.classList.remove("held");
    held = null;
    if (place(item) !== from) send(item);
  });
  mark();
})();

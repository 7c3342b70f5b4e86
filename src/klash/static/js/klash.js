"use strict";
// Everything works without this file; it makes writing and scoring smoother.
(() => {
  const words = (text) => (text.trim().match(/\S+/g) || []).length;
  const count = (area) => {
    const out = document.getElementById(area.dataset.counter);
    if (out) out.textContent = out.dataset.label.replace("0", String(words(area.value)));
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-counter]")) count(event.target);
  });
  document.querySelectorAll("[data-counter]").forEach(count);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

  // Keys of the scoring page: digits choose in the focused criterion, j and k go to the next and previous entry.
  const sheet = document.querySelector("[data-scoring]");
  if (!sheet) return;
  let last = 0;
  const band = (radio) => {
    const set = radio.closest("fieldset");
    set.querySelectorAll("[data-from]").forEach((node) => {
      node.hidden = !(Number(node.dataset.from) <= Number(radio.value) && Number(radio.value) <= Number(node.dataset.to));
    });
  };
  sheet.querySelectorAll("input[type=radio]:checked").forEach(band);
  sheet.addEventListener("change", (event) => event.target.type === "radio" && band(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input:not([type=radio])")) return;
    const go = { j: "[data-next]", k: "[data-previous]" }[event.key];
    if (go) { const link = document.querySelector(go); if (link) link.click(); return; }
    const set = document.activeElement.closest ? document.activeElement.closest("fieldset") : null;
    const target = set && sheet.contains(set) ? set : sheet.querySelector("fieldset");
    if (/^[0-9]$/.test(event.key)) {
      const ten = event.key === "0" && Date.now() - last < 700;
      const radio = target.querySelector(`input[value="${ten ? 10 : event.key}"]`);
      last = event.key === "1" ? Date.now() : 0;
      if (radio) { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); }
      event.preventDefault();
    } else if (event.key === "Enter" && document.activeElement.type === "radio") {
      const sets = [...sheet.querySelectorAll("fieldset")];
      const next = sets[sets.indexOf(target) + 1];
      (next ? next.querySelector("input:checked") || next.querySelector("input") : sheet.querySelector("textarea")).focus();
      event.preventDefault();
    }
  });
})();

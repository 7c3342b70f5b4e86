"use strict";
// The plan of the mentoring: a meeting is dragged, or picked up and moved with the keys; each time shows at once what the move would break.
// Without this file each meeting has its own page for that.
(() => {
  const said = document.getElementById("said");
  const board = () => document.querySelector("[data-board]");
  const slots = (root) => [...root.querySelectorAll("[data-slot]")];
  const tell = (text) => { if (said) said.textContent = text; };
  let picked = null; // { card, moves, target }: what is in hand, how a move to each slot stands, the slot that the keys have reached

  // What the server says of each move of a meeting; asked for once a drawing of the board, as soon as somebody turns to the meeting.
  const asked = new WeakMap();
  const movesOf = (card) => {
    if (!asked.has(card)) {
      const answer = fetch(card.dataset.moves, { headers: { Accept: "application/json" } }).then((reply) => (reply.ok ? reply.json() : Promise.reject(reply)));
      answer.catch(() => asked.delete(card));
      asked.set(card, answer);
    }
    return asked.get(card);
  };

  const words = (slot) => {
    const [fit, text] = picked.moves[slot.dataset.slot] || ["barred", ""];
    const isHere = slot.contains(picked.card);
    return [fit, isHere ? board().dataset.here : text || board().dataset.free];
  };
  const pick = async (card) => {
    drop();
    const mine = { card, moves: null, target: card.closest("[data-slot]") };
    picked = mine;
    card.classList.add("picked");
    try {
      mine.moves = await movesOf(card);
    } catch {
      if (picked === mine) { drop(); tell(board().dataset.failed); }
      return;
    }
    if (picked !== mine) return;
    slots(board()).forEach((slot) => {
      const [fit, text] = words(slot), says = slot.querySelector(".says");
      slot.dataset.fit = fit;
      says.textContent = text;
      says.hidden = false;
    });
  };
  const drop = () => {
    if (!picked) return;
    picked.card.classList.remove("picked");
    slots(board()).forEach((slot) => {
      delete slot.dataset.fit;
      slot.classList.remove("target");
      slot.querySelector(".says").hidden = true;
    });
    picked = null;
  };
  const isOpen = (slot) => picked?.moves && slot && slot.dataset.fit !== "barred" && !slot.contains(picked.card);

  // The server answers with the page as it is now, also where it refuses; the focus stays with the meeting.
  const send = async (card, address, values) => {
    const code = card.dataset.meeting;
    drop();
    await window.htmx.ajax("POST", address, {
      source: board(), target: "#plan", select: "#plan", swap: "outerHTML", values: { ...values, revision: board().dataset.revision },
    });
    document.querySelector(`[data-meeting="${code}"] [data-pick]`)?.focus({ preventScroll: true });
    tell(document.querySelector("#plan [data-told]")?.textContent || board()?.dataset.failed || "");
  };
  const put = (slot) => send(picked.card, picked.card.querySelector("[data-pick]").href, { slot: slot.dataset.slot });

  // The mouse.
  document.addEventListener("pointerover", (event) => { const card = event.target.closest?.("[data-meeting]"); if (card) movesOf(card).catch(() => {}); });
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-meeting]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.meeting);
    pick(card);
  });
  document.addEventListener("dragover", (event) => {
    const slot = event.target.closest?.("[data-slot]");
    if (!picked?.moves) return;
    slots(board()).forEach((one) => one.classList.toggle("target", one === slot));
    if (!isOpen(slot)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("drop", (event) => {
    const slot = event.target.closest?.("[data-slot]");
    if (!isOpen(slot)) return;
    event.preventDefault();
    put(slot);
  });
  document.addEventListener("dragend", drop);

  // The keys.
  const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const step = ([days, rows]) => {
    const columns = [...board().querySelectorAll("[data-day]")], from = picked.target.closest("[data-day]");
    const column = columns[columns.indexOf(from) + days] || from, row = slots(from).indexOf(picked.target) + rows;
    const there = slots(column);
    picked.target.classList.remove("target");
    picked.target = there[Math.max(0, Math.min(row, there.length - 1))];
    picked.target.classList.add("target");
    picked.target.scrollIntoView({ block: "nearest", inline: "nearest" });
    const [, text] = words(picked.target);
    tell(`${picked.target.dataset.words}: ${text}`);
  };
  document.addEventListener("keydown", async (event) => {
    const card = event.target.closest?.("[data-pick]")?.closest("[data-meeting]");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const isPicked = picked?.card === card && picked.moves;
    if (event.key === " ") {
      event.preventDefault();
      await pick(card);
      if (picked?.moves) tell(board().dataset.picked);
    } else if (event.key.toLowerCase() === "p") {
      send(card, card.dataset.pin, {});
    } else if (isPicked && STEPS[event.key]) {
      event.preventDefault();
      step(STEPS[event.key]);
    } else if (isPicked && event.key === "Escape") {
      drop();
      tell(board().dataset.left);
    } else if (isPicked && event.key === "Enter") {
      event.preventDefault();
      if (isOpen(picked.target)) put(picked.target);
      else tell(words(picked.target)[1]);
    }
  });
  document.addEventListener("focusout", (event) => { if (picked && event.target.closest?.("[data-meeting]") === picked.card && !picked.card.matches(":hover")) drop(); });
})();

"use strict";
// Files go in chunks, each with the place where it belongs. After a broken line the server says how much it holds, and the rest goes on from there:
// by itself while the page is open, or when the same file is chosen again. Without this file the form sends them whole.
(() => {
  const form = document.querySelector("form[data-upload]");
  const field = form?.querySelector("input[type=file]");
  if (!form || !window.fetch || !field) return;
  const list = document.getElementById("uploads"), told = document.getElementById("upload-told"), button = form.querySelector("button");
  const share = new Intl.NumberFormat(document.documentElement.lang || "fi", { style: "percent" });
  const CHUNK = Number(form.dataset.chunk), LONGEST = 30000;

  // What cannot be mended by sending again. key: which of the form's words tells it; reason: the server's own.
  class Refused extends Error {
    constructor(key, reason = "") { super(reason); this.key = key; }
  }

  const row = (file) => {
    const item = document.createElement("li"), words = document.createElement("p"), bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    item.append(words, bar);
    list.append(item);
    let quarter = -1;
    const say = (key, more = {}) => {
      const text = list.dataset[key].replace(/\{(\w+)\}/g, (whole, name) => ({ name: file.name, ...more })[name] ?? whole);
      words.textContent = more.reason ? `${text} ${more.reason}` : text;
      return words.textContent;
    };
    return {
      // Sighted people see every step; who listens hears the beginning, each quarter and how it ended.
      at: (part) => {
        bar.value = part;
        const text = say("sending", { share: share.format(Math.floor(part * 100) / 100) });
        if (Math.floor(part * 4) > quarter) { quarter = Math.floor(part * 4); told.textContent = text; }
      },
      tell: (key, more) => { told.textContent = say(key, more); },
      end: (key, more) => { told.textContent = say(key, more); bar.hidden = true; },
    };
  };

  const wait = (ms) => new Promise((go) => {
    const on = () => { clearTimeout(timer); removeEventListener("online", on); go(); };
    const timer = setTimeout(on, ms);
    addEventListener("online", on);
  });

  const fingerprint = async (file) => {
    if (!crypto.subtle) return "";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // Ask until there is an answer that says something; only a line or a server that is down is worth asking again.
  const ask = async (line, url, options) => {
    for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST)) {
      try {
        const answer = await fetch(url, { redirect: "manual", credentials: "same-origin", ...options });
        if (answer.type === "opaqueredirect") throw new Refused("out");
        const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (isOurs) return { status: answer.status, ...(await answer.json()) };
        if (answer.status < 500 && answer.status !== 429) throw new Refused(answer.status === 403 ? "out" : "gone");
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      line.tell("broken", { seconds: pause / 1000 });
      await wait(pause);
    }
  };

  const send = async (file, line) => {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value, headers = { "X-CSRFToken": token };
    line.tell("reading");
    const body = new URLSearchParams({ name: file.name, size: file.size, sha256: await fingerprint(file) });
    let answer = await ask(line, form.dataset.upload, { method: "POST", headers, body });
    const url = answer.url;
    while (!answer.outcome) {
      if (answer.fault && answer.status !== 409) throw new Refused("refused", answer.fault);
      const offset = answer.offset;
      line.at(offset / file.size);
      if (offset === file.size) line.tell("examining");
      if (answer.status === 202) await wait(2000);
      const chunk = file.slice(offset, offset + CHUNK);
      answer = await ask(line, url, { method: "POST", headers: { ...headers, "Upload-Offset": offset, "Content-Type": "application/octet-stream" }, body: chunk });
    }
    return answer;
  };

  form.addEventListener("submit", async (event) => {
    const files = [...field.files];
    if (!files.length) return;
    event.preventDefault();
    button.disabled = true;
    list.replaceChildren();
    const lines = files.map(row);
    for (const [number, file] of files.entries()) {
      try {
        const answer = await send(file, lines[number]);
        lines[number].end(answer.outcome, { reason: answer.reason });
        document.getElementById("attached").outerHTML = answer.files;
        document.getElementById("broken-off")?.remove();
      } catch (error) {
        lines[number].end(error.key || "gone", { reason: error.message });
      }
    }
    form.reset();
    button.disabled = false;
  });
})();

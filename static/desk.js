// The keyboard and the small live parts of the desk. Every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (el) =>
    el.isContentEditable || el.tagName === "TEXTAREA" || el.tagName === "SELECT" ||
    (el.tagName === "INPUT" && !["radio", "checkbox", "submit", "button"].includes(el.type));
  const seen = (el) => el.offsetParent !== null || el.matches(".only-spoken, input");

  root.dataset.script = "on";

  // --- Pictures, film and sound: nothing is fetched before somebody asks ---------------------------
  const failed = (el) => {
    const words = el.closest("figure")?.querySelector(".still-failed");
    if (words) words.hidden = false;
  };
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches(".still img, .still video, .still audio")) failed(event.target);
  }, true);
  const reveal = (box) => {
    const picture = box.closest("figure").querySelector(".picture");
    if (!picture) return;
    if (box.checked && picture.dataset.src && !picture.src) picture.src = picture.dataset.src;
    if (picture.dataset.src) picture.hidden = !box.checked;
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-reveal]")) reveal(event.target); });
  all("[data-reveal]:checked").forEach(reveal);

  // --- A link to this page, copied ------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(() => {
      const said = link.querySelector("[data-copied]");
      if (said) { said.textContent = link.dataset.copied; setTimeout(() => { said.textContent = ""; }, 2000); }
    }).catch(() => {});
  });

  // --- Single keys. Off while typing, and off for whoever switched them off (WCAG 2.1.4) --------
  function act(el) {
    if (el.matches("video, audio")) {
      if (el.paused) el.play().catch(() => failed(el)); else el.pause();
    } else if (el.matches("input[type=radio]")) {
      const group = all(`input[name="${el.name}"]`).filter(seen);
      const target = el.name === "policy" ? group.find((one) => one.checked) || el : el;
      target.focus();
      if (el.name !== "policy" && !target.checked) {
        target.checked = true;
        target.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } else if (el.matches("input[type=checkbox]")) {
      el.click();
    } else if (typing(el)) {
      el.focus();
      el.setSelectionRange?.(el.value.length, el.value.length);
    } else if (el.tagName === "SUMMARY") {
      el.click();
      const first = el.parentElement.open && el.parentElement.querySelector("select, input:not([type=hidden]), textarea, button");
      if (first) first.focus();
    } else if (el.getAttribute("aria-disabled") !== "true") {
      el.click();
    }
  }

  let awaitsReply = 0;
  document.addEventListener("keydown", (event) => {
    const el = document.activeElement || document.body;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const submit = (el.form && el.form.querySelector("[data-submit]")) || document.querySelector("[data-submit]");
      if (submit) { event.preventDefault(); submit.click(); }
      return;
    }
    if (event.key === "Escape") {
      const open = all("details.popover[open], details.menu[open]").pop();
      if (open) { open.open = false; open.querySelector("summary").focus(); event.preventDefault(); }
      else if (typing(el)) { el.blur(); document.getElementById("decision")?.focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(el)) return;
    if (root.dataset.letters === "off" || document.querySelector("dialog[open]")) return;

    const popover = document.querySelector("details.popover[open]");
    const inPopover = popover && popover.querySelector(`[data-popover-key="${CSS.escape(event.key)}"]`);
    if (inPopover) { event.preventDefault(); inPopover.click(); return; }

    if (event.key === "/" && document.querySelector("[data-reply-n]")) {
      event.preventDefault(); awaitsReply = Date.now(); return;
    }
    if (/^[1-9]$/.test(event.key) && Date.now() - awaitsReply < 2000) {
      awaitsReply = 0;
      const reply = document.querySelector(`[data-reply-n="${event.key}"]`);
      if (reply) { event.preventDefault(); reply.click(); return; }
    }
    if (list.key(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Enter" && el.matches("a, button, summary, input, label")) return;
    const target = all(`[data-key="${CSS.escape(key)}"]`).find(seen);
    if (target) { event.preventDefault(); act(target); }
  });

  // --- Rows: J and K move, Enter takes, O looks --------------------------------------------------
  const list = {
    at: -1,
    rows: () => all("[data-list] > [data-row]"),
    go(n) {
      const rows = this.rows();
      if (!rows.length) return;
      this.at = Math.max(0, Math.min(rows.length - 1, n));
      rows.forEach((row, i) => row.classList.toggle("is-focus", i === this.at));
      rows[this.at].querySelector("[data-open]").focus({ preventScroll: true });
      rows[this.at].scrollIntoView({ block: "nearest" });
    },
    key(event) {
      const rows = this.rows();
      if (!rows.length) return false;
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      if (here >= 0) this.at = here;
      if (event.key === "j" || event.key === "k") {
        this.go(this.at + (event.key === "j" ? 1 : -1));
      } else if (event.key === "Enter" && this.at >= 0 && (here >= 0 && document.activeElement.matches("[data-open]"))) {
        const take = rows[this.at].querySelector("[data-take] button");
        if (!take) return false;
        take.click();
      } else if (event.key === "o" && this.at >= 0) {
        rows[this.at].querySelector("[data-open]").click();
      } else {
        return false;
      }
      event.preventDefault();
      return true;
    },
  };
  document.addEventListener("focusin", () => {
    const rows = list.rows();
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    if (here >= 0) { list.at = here; rows.forEach((row, i) => row.classList.toggle("is-focus", i === here)); }
  });

  // --- The overlay: the keys that this page answers to ------------------------------------------
  const sheet = document.getElementById("keys");
  document.querySelector("[data-all-keys]")?.addEventListener("click", (event) => {
    if (!sheet) return;
    event.preventDefault();
    const list = sheet.querySelector("dl");
    const rows = [];
    const words = (el) => {
      const label = el.id && document.querySelector(`label[for="${el.id}"]`);
      const from = label || el.closest("label") || el.closest("fieldset")?.querySelector("legend") || el;
      const copy = (el.name === "policy" ? el.closest("fieldset").querySelector("legend") : from).cloneNode(true);
      all("kbd, .keys, small, .only-spoken, .count, .when-shown", copy).forEach((part) => part.remove());
      return copy.textContent.trim() || el.getAttribute("aria-label") || "";
    };
    all("[data-key]").filter(seen).forEach((el) => rows.push([el.getAttribute("aria-keyshortcuts") || el.dataset.key, words(el)]));
    const submit = document.querySelector("[data-submit]");
    if (submit) rows.push(["Ctrl+↵", words(submit)]);
    list.replaceChildren(...rows.map(([key, text]) => {
      const row = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = key; dt.append(cap); dd.textContent = text; row.append(dt, dd);
      return row;
    }));
    sheet.showModal();
  });

  // --- Filters act at once -----------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  // --- Saved replies -----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reply]");
    if (!button) return;
    const field = document.getElementById("reasoning");
    field.value = button.dataset.reply;
    all("[data-reply]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- A form is sent once; a second press while it is on its way does nothing -------------------
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "get" || event.target.method === "dialog") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // --- Undo runs out -----------------------------------------------------------------------------
  const bar = document.querySelector("[data-undo]");
  if (bar) {
    const words = document.querySelector("[data-undo-words]");
    const until = Date.now() + Number(bar.dataset.undo) * 1000;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      bar.value = left;
      words.textContent = words.dataset.undoWords.replace("{n}", left);
      if (left === 0) { clearInterval(timer); bar.closest(".undo").replaceChildren(); }
    }, 1000);
  }

  // --- Still here: who looks along, and whose the job is -----------------------------------------
  const gauges = document.querySelector("[data-still-here]");
  if (gauges) {
    const say = () => { if (!document.hidden) gauges.dispatchEvent(new Event("waarborg:still-here")); };
    setTimeout(say, 300);
    setInterval(say, 20000);
    document.addEventListener("visibilitychange", say);
  }
  document.getElementById("decide")?.dispatchEvent(new Event("waarborg:preview"));
  window.addEventListener("load", () => document.getElementById("decide")?.dispatchEvent(new Event("waarborg:preview")));

  // --- Offline, and requests that failed -----------------------------------------------------------
  const offline = document.querySelector("[data-offline]");
  const tell = (words) => {
    if (!offline) return;
    offline.querySelector("p").textContent = words || "";
    offline.hidden = !words;
  };
  const network = () => tell(navigator.onLine ? "" : document.body.dataset.wordsOffline);
  window.addEventListener("online", network);
  window.addEventListener("offline", network);
  document.addEventListener("htmx:sendError", () => tell(document.body.dataset.wordsOffline));
  document.addEventListener("htmx:responseError", () => tell(document.body.dataset.wordsFailed));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) network(); });
})();

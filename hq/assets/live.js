// Live updates and keeping what is typed. Every page works without this file.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const news = document.getElementById("news");
  const page = document.querySelector("[data-case]");

  // --- What is typed is kept at headquarters a moment after the last key.

  const typed = () => new URLSearchParams(new FormData(desk));
  const quietly = () => { const fields = typed(); fields.append("quiet", "yes"); return fields; };
  let last = desk ? typed().toString() : "";
  let timer = 0;

  const say = (name, words) => {
    const place = document.querySelector(`[data-live="${name}"]`);
    if (place) place.textContent = words;
  };

  const keep = async () => {
    const now = typed().toString();
    if (now === last) return;
    try {
      const answer = await fetch(desk.action, { method: "POST", body: quietly() });
      if (answer.ok) {
        last = now;
        say("kept", await answer.text());
      } else if (answer.status === 401) {
        say("kept", "You are signed out. What you typed stands here; press any button and sign in, and it comes along.");
      } else {
        say("kept", "Not kept at headquarters. What you typed stands here; this page tries again when you type on.");
      }
    } catch {
      say("kept", "Headquarters can't be reached. What you typed stands here; this page tries again when you type on.");
    }
  };

  if (desk) {
    document.addEventListener("input", (event) => {
      if (event.target.form !== desk) return;
      clearTimeout(timer);
      timer = setTimeout(keep, 1200);
    });
    addEventListener("pagehide", () => {
      if (typed().toString() !== last) navigator.sendBeacon(desk.action, quietly());
    });
    // A link waits until what was typed is kept, so that the page it leads to has it.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (!link || !plain || link.origin !== location.origin || link.hash || typed().toString() === last) return;
      event.preventDefault();
      keep().finally(() => location.assign(link.href));
    });
    // Pressing a button posts everything anyway: the beacon must not follow it.
    desk.addEventListener("submit", () => { last = typed().toString(); });
  }

  // --- What arrives is fetched as the server renders it; what the reader signs never changes beneath their eyes.

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  const refreshList = async () => {
    const answer = await fetch(location.href);
    if (answer.redirected || !answer.ok) return location.reload();
    const fresh = parse(await answer.text()).getElementById("list");
    const old = document.getElementById("list");
    if (!fresh || !old) return;
    const focused = document.activeElement?.getAttribute?.("href");
    old.replaceWith(document.adoptNode(fresh));
    if (focused && old.contains(document.activeElement) === false) {
      document.querySelector(`#list a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
    hint();
    news.textContent = `Updated: ${document.querySelector("#list h1").textContent}.`;
  };

  const refreshCase = async () => {
    const shown = desk.elements.namedItem("shown").value;
    const answer = await fetch(`${page.dataset.case}/since?shown=${encodeURIComponent(shown)}`);
    if (!answer.ok) return;
    const fresh = parse(await answer.text());
    for (const part of fresh.querySelectorAll("[data-live]")) {
      document.querySelector(`main [data-live="${part.dataset.live}"]`)?.replaceWith(document.adoptNode(part));
    }
    const arrived = fresh.getElementById("arrived");
    if (!arrived) return;
    news.replaceChildren(...arrived.childNodes);
    news.hidden = false;
  };

  const hint = () => say("hint", "New arrivals appear by themselves.");

  const refresh = page ? refreshCase : document.getElementById("list") ? refreshList : null;
  if (!refresh) return;

  let queued = 0;
  const soon = () => { clearTimeout(queued); queued = setTimeout(refresh, 300); };

  // A browser keeps six connections to one place: a page that nobody looks at must not hold one.
  let stream = null;
  let gap = false;
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource("/live");
    stream.addEventListener("open", () => {
      hint();
      // While nobody listened, anything may have happened.
      if (gap) soon();
      gap = true;
    });
    stream.addEventListener("case", (event) => {
      if (!page || page.dataset.case.endsWith(event.data)) soon();
    });
    stream.addEventListener("signed-out", () => {
      leave();
      say("hint", "You are signed out: reload to sign in.");
    });
    stream.addEventListener("error", () => say("hint", "Headquarters can't be reached just now; this page tries again by itself."));
  };
  const leave = () => {
    stream?.close();
    stream = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  listen();
})();

// The operator's page: reads its parts anew every few seconds, and makes grave buttons wait for their confirmation.
"use strict";

const EVERY = 5000;
const PATIENCE = 10000;

function replace(id, html) {
  const held = document.getElementById(id);
  if (!held || held.dataset.shown === html) return;
  const focused = held.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  held.innerHTML = html;
  held.dataset.shown = html;
  if (focused) held.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

function tell(isFresh) {
  const beat = document.querySelector(".beat");
  if (!beat) return;
  const said = beat.querySelector(".said");
  beat.dataset.live ??= said.textContent;
  beat.classList.toggle("old", !isFresh);
  const words = isFresh ? beat.dataset.live : beat.dataset.old;
  if (said.textContent !== words) said.textContent = words;
}

async function refresh(title) {
  try {
    const answer = await fetch("/operator/live", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const news = await answer.json();
    for (const [id, html] of Object.entries(news.parts)) replace(id, html);
    document.title = news.alarms ? `(${news.alarms}) ${title}` : title;
    tell(true);
  } catch {
    tell(false);
  }
  setTimeout(refresh, EVERY, title);
}

function guard(input) {
  const button = input.form.querySelector("button[type=submit]");
  const check = () => {
    button.disabled = input.value.trim().toUpperCase() !== input.dataset.confirms;
  };
  input.addEventListener("input", check);
  check();
}

function copies(button) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.querySelector("span").textContent = button.dataset.done;
  });
}

document.querySelectorAll("[data-confirms]").forEach(guard);
document.querySelectorAll("[data-copies]").forEach(copies);
document.querySelectorAll("form").forEach((form) =>
  form.addEventListener("submit", () => form.querySelectorAll("button").forEach((one) => setTimeout(() => (one.disabled = true)))),
);
if (document.body.hasAttribute("data-live")) setTimeout(refresh, EVERY, document.title);

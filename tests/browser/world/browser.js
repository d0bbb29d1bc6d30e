// Chromium as Debian ships it, and what every page is held to: nothing on the console, nothing serious from axe, no sideways scrolling.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const target = new URL("../../../target/pictures/", import.meta.url).pathname;

// The pictures of the README, renewed only when asked for.
const kept = process.env.MOORING_PICTURES;
const KEPT = { "queue-1280-light.png": "queue.png", "case-1280-light.png": "case.png" };

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const WIDTHS = [1280, 390];
export const SCHEMES = ["light", "dark"];

export async function open() {
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), "mooring-chromium-"));
  return chromium.launchPersistentContext(folder, {
    executablePath: process.env.MOORING_CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
    viewport: { width: 1280, height: 900 },
    timezoneId: "UTC",
  });
}

// A page whose console is watched. A form that is refused answers with its status, and Chromium reports that as an error of the
// console: only those of the statuses that a test announces are let pass.
export async function watched(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.expected = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const foreseen = page.expected.some((status) => message.text().includes(`status of ${status}`));
    if (!foreseen) page.complaints.push(message.text());
  });
  return page;
}

export async function check(page, name) {
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await still(page, `${name}, ${width}, ${colorScheme}`);
      const picture = `${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: join(target, picture), fullPage: true });
      if (kept && KEPT[picture]) await page.screenshot({ path: join(kept, KEPT[picture]), fullPage: true });
    }
  }
  // 1280 px at 200 % are 640.
  await page.setViewportSize({ width: 640, height: 450 });
  await fits(page, `${name} at 200 %`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  assert.deepEqual(page.complaints, [], `${name}: the console is silent`);
}

async function still(page, name) {
  await fits(page, name);
  if (!(await page.evaluate(() => "axe" in globalThis))) await load(page);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`);
  assert.deepEqual(told, [], `${name}: axe finds nothing serious`);
}

// Through the debugger: the page's own policy lets no script of ours in, and must not.
async function load(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: axe });
  await debug.detach();
}

async function fits(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${name}: ${over} px too wide`);
}

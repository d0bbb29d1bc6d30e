import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../world/browser.js";

export function queue(night) {
  test("the queue stands worst first, with level, reason, flags, ages and team in words", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Four cases wait for you");
    const rows = page.locator("tbody tr");
    const people = await rows.locator("a.person").allTextContents();
    assert.deepEqual(people, [cases.deck, cases.stairwell, cases.shelter, cases.home].map(({ title }) => title));
    const levels = await rows.locator(".risk").allTextContents();
    assert.deepEqual(levels.map((words) => words.trim()), ["Imminent", "High", "At least high", "Low"]);
    const stairwell = rows.nth(1);
    assert.match(await stairwell.textContent(), /two answers differ/);
    assert.match(await stairwell.textContent(), /asks you since \d\d:\d\d/);
    assert.match(await stairwell.textContent(), /J\. Okafor/);
    assert.match(await stairwell.textContent(), /L\. Brandt/);
    assert.match(await rows.nth(2).textContent(), /unfinished: \d+ of \d+/);
    assert.match(await rows.nth(0).textContent(), /not opened yet, due/);
    assert.doesNotMatch(await page.textContent("main"), /%|no risk/i);
    await check(page, "queue");
    await page.close();
  });

  test("all cases are listed too", async () => {
    const { world } = night;
    const page = await world.reader();
    await page.getByRole("link", { name: "All cases" }).click();
    assert.equal(await page.locator("tbody tr").count(), 4);
    await check(page, "cases");
    await page.close();
  });

  test("the keyboard alone reaches a case, and the focus is always seen", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    let reached = "";
    for (let presses = 0; presses < 10 && reached !== cases.deck.title; presses += 1) {
      await page.keyboard.press("Tab");
      const [words, outline] = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [document.activeElement.textContent.trim(), `${outlineStyle} ${outlineWidth}`];
      });
      assert.equal(outline, "solid 3px", `the focus on ${words} is seen`);
      reached = words;
    }
    assert.equal(reached, cases.deck.title, "the first case comes right after the skip link");
    await page.close();
  });
}

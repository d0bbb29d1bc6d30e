import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../world/browser.js";

export function judging(night) {
  const at = async (key) => {
    const page = await night.world.reader();
    page.expected = [422];
    await page.goto(night.world.url(`/case/${night.cases[key].id}`));
    return page;
  };
  const level = (page) => page.locator(".title .risk").textContent();

  test("an answer that was lowered goes on governing until its author confirms", async () => {
    await night.cases.shelter.takesBack();
    const page = await at("shelter");
    assert.equal((await level(page)).trim(), "At least high");
    assert.match(await page.locator(".title .held").textContent(), /^was At least high, \d\d:\d\d$/);
    assert.match(await page.textContent("main"), /goes on governing until J\. Okafor confirms the change with a reason/);
    const contest = page.locator(".contest");
    assert.match(await contest.textContent(), /changed, not confirmed/);
    assert.match(await contest.locator(".governs").textContent(), /Yes/);
    await check(page, "held");
    await page.close();
  });

  test("a later assessment that says less stands beside until it is accepted with a reason", async () => {
    await night.cases.home.again();
    const page = await at("home");
    assert.equal((await level(page)).trim(), "Imminent", "the earlier one goes on governing");
    const waits = page.locator("section", { has: page.getByRole("heading", { name: "Waits to be accepted" }) });
    assert.match(await waits.textContent(), /A later assessment, Suicide-risk interview, by L\. Brandt, \d\d:\d\d: Low\./);
    await waits.getByText("Accept it").click();
    await waits.getByRole("button", { name: "Accept" }).click();
    assert.match(await page.getByRole("alert").textContent(), /Say why/);
    await waits.getByLabel("Reason").fill("Saw her an hour later; calm, with her mother.");
    await waits.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("status").filter({ hasText: "Accepted." }).waitFor();
    assert.equal((await level(page)).trim(), "Low");
    await page.close();
  });

  test("a judgment raises the level at once", async () => {
    const page = await at("home");
    const panel = page.locator("section", { has: page.getByRole("heading", { name: "What governs, and why" }) });
    await panel.getByText("Judge a level yourself").click();
    await panel.getByLabel("Of what").selectOption("Suicide");
    await panel.getByLabel("Level").selectOption("High");
    await panel.getByRole("button", { name: "Judge" }).click();
    assert.match(await page.getByRole("alert").textContent(), /Say why/);
    await panel.getByLabel("Reason").fill("Gave her cat away this morning.");
    await panel.getByRole("button", { name: "Judge" }).click();
    await page.getByRole("status").filter({ hasText: "Judged." }).waitFor();
    assert.equal((await level(page)).trim(), "High");
    assert.match(await panel.textContent(), /Gave her cat away this morning\..*by judgment/s);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

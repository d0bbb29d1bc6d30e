import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../world/browser.js";

export function holding(night) {
  test("a case says who holds it, and is given there without script", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.goto(world.url(`/case/${cases.deck.id}`));
    const panel = page.getByRole("region", { name: "Who holds this case" });
    assert.match(await panel.textContent(), /J\. Okafor, in full/);
    assert.match(await panel.textContent(), /L\. Brandt, in standby/);
    await panel.getByText("Give or end it").click();
    await panel.getByLabel("Who").selectOption({ label: "L. Brandt (responder)" });
    await panel.getByLabel("From now on").selectOption("open");
    await panel.getByRole("button", { name: "Give or end" }).click();
    assert.match(await page.getByRole("status").first().textContent(), /Noted\./);
    assert.match(await page.getByRole("region", { name: "Who holds this case" }).textContent(), /L\. Brandt, in full/);
    await check(page, "holders");
    await page.close();
  });

  test("a broken glass waits for a supervisor's word", async () => {
    const { world, cases } = night;
    await world.brandt.exchange();
    await world.brandt.ask("break_glass", { case: cases.shelter.id, reason: "She is on my corner now" });
    await world.brandt.exchange();
    const page = await world.reader();
    await page.getByRole("link", { name: "Broken glass" }).click();
    const glass = page.getByRole("region", { name: cases.shelter.title });
    assert.match(await glass.textContent(), /L\. Brandt/);
    assert.match(await glass.textContent(), /She is on my corner now/);
    await check(page, "glass");
    await glass.getByLabel("Your word on it").fill("Right so: nobody else was near.");
    await glass.getByRole("button", { name: "Reviewed" }).click();
    assert.match(await page.getByRole("status").textContent(), /Reviewed\./);
    assert.match(await page.textContent("main"), /Reviewed by Dr\. A\. Reyes/);
    assert.match(await page.textContent("main"), /Nothing waits for a supervisor/);
    await check(page, "glass-reviewed");
    await page.close();
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../world/browser.js";

export function reading(night) {
  test("a case shows what governs and why, both answers side by side, and what nobody asked", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.getByRole("link", { name: cases.stairwell.title }).click();
    const strip = page.getByRole("region", { name: "At a glance" });
    assert.match(await strip.textContent(), /The team asks, \d\d:\d\d: “Is home with her sister tonight safe enough\?”/);
    assert.match(await strip.textContent(), /555 0163/);
    for (const field of ["Medicines", "Allergies", "Substances", "Pregnancy", "Vital signs", "History", "Means at hand", "What protects", "Capacity and consent", "Legal and police", "Asked by"]) {
      assert.ok((await strip.locator("dt", { hasText: field }).count()) > 0, `${field} has its place`);
    }
    assert.equal(await strip.locator("div", { has: page.locator("dt", { hasText: "Pregnancy" }) }).locator("dd").textContent(), "not asked");
    const fact = (label) => strip.locator("dl > div", { has: page.locator("dt", { hasText: label }) }).locator("dd").allTextContents();
    assert.match((await fact("Medicines")).join(), /Sertraline, since May.*J\. Okafor, \d\d:\d\d/);
    assert.match((await fact("Allergies")).join(), /None known.*J\. Okafor, \d\d:\d\d/);
    assert.match((await fact("What protects")).join(), /People they care for; Animals/);
    assert.match((await fact("Asked by")).join(), /Clinician.*Interpreter: Professional.*J\. Okafor responder, clinician/s);
    assert.equal(await strip.locator(".flag.contested").count(), 0, "several choices are not several opinions");
    const contest = page.locator(".contest").first();
    const governs = contest.locator(".governs");
    assert.match(await governs.textContent(), /Yes.*J\. Okafor, \d\d:\d\d.*counts until settled/s);
    assert.match(await contest.locator(".two > div:not(.governs)").textContent(), /No.*L\. Brandt, entered (yesterday )?\d\d:\d\d, said (yesterday )?\d\d:\d\d · said by family · asked by J\. Okafor · in Spanish/s);
    const [heavy, light] = await Promise.all([governs, contest.locator(".two > div:not(.governs)").first()].map((one) => one.evaluate((div) => getComputedStyle(div).borderTopWidth)));
    assert.ok(parseFloat(heavy) > parseFloat(light), "the governing answer has the heavier frame");
    assert.match(await page.textContent("main"), /not a validated instrument/);
    assert.match(await page.textContent("main"), /Missing:/);
    assert.doesNotMatch(await page.textContent("main"), /%|no risk/i);
    await check(page, "case");
    await page.close();
  });

  test("who opened a case and when reaches the page and the queue", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.goto(world.url(`/case/${cases.deck.id}`));
    assert.match(await page.locator(".sub").textContent(), /opened by you \d\d:\d\d/i);
    await page.goto(world.url("/"));
    assert.doesNotMatch(await page.locator("tbody tr").first().textContent(), /not opened yet/);
    await page.close();
  });
}

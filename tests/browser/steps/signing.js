import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../world/browser.js";

const SIGN = { name: "Sign what is shown on this page" };
const OLDER = { name: /^Sign the older version/ };

export function signing(night) {
  const at = async (key) => {
    const page = await night.world.reader();
    await page.goto(night.world.url(`/case/${night.cases[key].id}`));
    return page;
  };
  const write = (page, words) => page.getByLabel("Impression").fill(words);
  const typed = (page) => page.getByLabel("Impression").inputValue();

  test("signing what is shown takes the case from the queue, and the signed text can be read", async () => {
    const page = await at("deck");
    await write(page, "Imminent; medical help is on its way.");
    await page.getByLabel("Plan").fill("Stay on the line.");
    await page.getByRole("button", SIGN).click();
    await page.getByRole("status").filter({ hasText: "Signed." }).waitFor();
    assert.equal(await typed(page), "", "what was signed is no draft any more");
    await page.getByRole("link", { name: "the text that was signed" }).click();
    assert.match(await page.textContent("main"), /Imminent; medical help is on its way\./);
    assert.match(await page.locator("pre").textContent(), /\S{20}/s);
    await check(page, "signed");
    await page.goto(night.world.url("/"));
    assert.equal(await page.getByRole("link", { name: night.cases.deck.title }).count(), 0);
    await page.close();
  });

  test("a review of nothing is not signed, and says what it wants", async () => {
    const page = await at("home");
    page.expected = [422];
    await page.getByLabel("Plan").fill("   ");
    await page.getByRole("button", SIGN).click();
    assert.match(await page.getByRole("alert").textContent(), /at least an impression or a plan/);
    await page.close();
  });

  test("if something arrives first, the difference is shown, the text stays, and the older version can be signed as such", async () => {
    const page = await at("stairwell");
    page.expected = [409];
    await write(page, "High and fluid; not alone tonight.");
    await night.cases.stairwell.later();
    await page.getByRole("button", SIGN).click();
    assert.match(await page.getByRole("alert").textContent(), /Not signed yet: something arrived/);
    assert.match(await page.locator("#arrived").locator("..").textContent(), night.cases.stairwell.laterWords);
    assert.equal(await typed(page), "High and fluid; not alone tonight.");
    await check(page, "stale");
    await page.getByRole("button", OLDER).click();
    await page.getByRole("status").filter({ hasText: "Signed, as the older version." }).waitFor();
    const past = page.locator("section", { has: page.getByRole("heading", { name: "Signed reviews" }) });
    assert.match(await past.textContent(), night.cases.stairwell.laterWords);
    await page.goto(night.world.url("/"));
    assert.equal(await page.getByRole("link", { name: night.cases.stairwell.title }).count(), 1, "what came later still waits");
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("once the level rose, the older version is refused and the text stays", async () => {
    const page = await at("home");
    page.expected = [409];
    await write(page, "Low; follow up tomorrow.");
    await night.cases.home.later();
    await page.getByRole("button", SIGN).click();
    await page.getByRole("button", OLDER).waitFor();
    await night.cases.home.rise();
    await page.getByRole("button", OLDER).click();
    assert.match(await page.getByRole("alert").textContent(), /the level rose, so the older version can't be signed/);
    assert.equal(await page.getByRole("button", OLDER).count(), 0);
    assert.equal(await typed(page), "Low; follow up tomorrow.");
    await check(page, "rose");
    await page.close();
  });

  test("a late clinical edit brings a signed case back, with the difference marked", async () => {
    await night.cases.deck.later();
    const page = await night.world.reader();
    const row = page.locator("tbody tr", { hasText: night.cases.deck.title });
    assert.match(await row.textContent(), /changed since your review/);
    await row.getByRole("link").click();
    assert.match(await page.locator("#since-review").textContent(), /Changed since your review/);
    assert.match(await page.locator(".changes").first().textContent(), night.cases.deck.laterWords);
    assert.match(await page.locator(".qa", { hasText: "in their own words" }).textContent(), /changed since the review/);
    await check(page, "reopened");
    await page.close();
  });
}

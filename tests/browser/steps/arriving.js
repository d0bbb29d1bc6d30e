import assert from "node:assert/strict";
import { test } from "node:test";

export function arriving(night) {
  test("a new case appears in an open queue by itself", async () => {
    const { world } = night;
    const page = await world.reader();
    await page.getByText("New arrivals appear by themselves.").waitFor();
    await night.cases.another();
    await page.getByRole("link", { name: "A., about 60" }).waitFor();
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("what arrives while a case is read is told, and the page that would be signed does not change by itself", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.goto(world.url(`/case/${cases.stairwell.id}`));
    const shown = await page.locator("[name=shown]").inputValue();
    await page.getByLabel("Impression").fill("Typed before the news");
    await cases.stairwell.news();
    const news = page.locator("#news");
    await news.getByText("Something arrived since this page was shown.").waitFor();
    assert.match(await news.textContent(), cases.stairwell.newsWords);
    assert.equal(await page.locator("[name=shown]").inputValue(), shown);
    await news.getByRole("link").click();
    // The page keeps what was typed before it goes on: only then is the new one there.
    await page.waitForFunction((old) => document.querySelector("[name=shown]")?.value !== old, shown);
    assert.match(page.url(), new RegExp(cases.stairwell.id));
    assert.equal(await page.getByLabel("Impression").inputValue(), "Typed before the news");
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
}

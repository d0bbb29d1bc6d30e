import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium } from "playwright-core";

export function keeping(night) {
  const visit = async (page) => {
    await page.goto(night.world.url(`/case/${night.cases.shelter.id}`));
  };

  test("what is typed is there again after a reload, without pressing anything", async () => {
    const page = await night.world.reader();
    await visit(page);
    await page.getByLabel("Impression").fill("Half a sent");
    await page.getByText(/Kept at headquarters \d\d:\d\d/).waitFor();
    await page.reload();
    assert.equal(await page.getByLabel("Impression").inputValue(), "Half a sent");
    await page.getByLabel("Impression").fill("Half a sentence, left at once");
    await page.goto(night.world.url("/"));
    await visit(page);
    assert.equal(await page.getByLabel("Impression").inputValue(), "Half a sentence, left at once");
    await page.close();
  });

  test("what is typed survives the end of a sign-in", async () => {
    const { world } = night;
    const page = await world.reader();
    page.expected = [401];
    await visit(page);
    await page.getByLabel("Plan").fill("Typed under a sign-in that ended\nwith a second line & <b>");
    await world.browser.clearCookies();
    await page.getByRole("button", { name: "Sign what is shown on this page" }).click();
    assert.match(await page.getByRole("alert").textContent(), /You were signed out.*What you typed is kept/s);
    await page.getByLabel("Name").fill(world.reyes.name);
    await page.getByLabel("Password").fill("wrong first");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Password").fill(world.reyes.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Plan").waitFor();
    assert.equal(await page.getByLabel("Plan").inputValue(), "Typed under a sign-in that ended\nwith a second line & <b>");
    assert.equal(await page.getByText("Signed reviews").count(), 0, "nothing was signed by the way");
    await page.close();
  });

  test("a form of another sign-in signs nothing, and its text stays", async () => {
    const page = await night.world.reader();
    page.expected = [409];
    await visit(page);
    await page.getByLabel("Impression").fill("From a page of an hour ago");
    await page.evaluate(() => { document.querySelector("#desk [name=csrf]").value = "another"; });
    await page.getByRole("button", { name: "Sign what is shown on this page" }).click();
    assert.match(await page.getByRole("alert").textContent(), /you signed in again since this page was made/);
    assert.equal(await page.getByLabel("Impression").inputValue(), "From a page of an hour ago");
    assert.equal(await page.getByText("Signed reviews").count(), 0);
    await page.close();
  });

  test("the Enter key on a choice signs nothing", async () => {
    const page = await night.world.reader();
    await visit(page);
    await page.getByLabel("Impression").fill("Not yet");
    await page.getByLabel("Holds for").focus();
    await page.evaluate(() => document.getElementById("desk").requestSubmit());
    await page.getByRole("status").filter({ hasText: "Kept." }).waitFor();
    assert.equal(await page.getByLabel("Impression").inputValue(), "Not yet");
    await page.close();
  });

  test("all of it works without script", async () => {
    const { world, cases } = night;
    const plain = await chromium.launch({ executablePath: process.env.MOORING_CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu"] });
    const page = await (await plain.newContext({ javaScriptEnabled: false })).newPage();
    await world.signIn(page);
    await page.goto(world.url(`/case/${cases.shelter.id}`));
    await page.getByLabel("Impression").fill("Signed without script");
    await page.getByLabel(/To the team now/).fill("Typed beside it");
    await page.getByRole("button", { name: "Sign what is shown on this page" }).click();
    await page.getByRole("status").filter({ hasText: "Signed." }).waitFor();
    assert.equal(await page.getByLabel(/To the team now/).inputValue(), "Typed beside it");
    await plain.close();
  });
}

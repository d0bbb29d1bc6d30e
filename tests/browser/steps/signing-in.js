import assert from "node:assert/strict";
import { test } from "node:test";
import { check, watched } from "../world/browser.js";

export function signingIn(night) {
  test("whoever is not signed in sees the sign-in page and nothing else", async () => {
    const { world } = night;
    const page = await watched(world.browser);
    for (const path of ["/", "/cases", `/case/${night.cases.deck.id}`]) {
      await page.goto(world.url(path));
      assert.match(page.url(), /\/sign-in/);
      assert.doesNotMatch(await page.content(), /J\., about 25/);
    }
    await check(page, "sign-in");
    await page.close();
  });

  test("a wrong password says so and keeps the name", async () => {
    const { world } = night;
    const page = await watched(world.browser);
    page.expected = [401];
    await world.signIn(page, "not the password");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByLabel("Name").inputValue(), world.reyes.name);
    await world.signIn(page);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/");
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("every answer forbids what is not ours, and no script reads the sign-in", async () => {
    const { world } = night;
    const page = await world.reader();
    const answer = await page.goto(world.url("/"));
    const headers = answer.headers();
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
    const [cookie] = (await world.browser.cookies()).filter(({ name }) => name === "mooring");
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Strict");
    assert.doesNotMatch(await page.evaluate(() => document.cookie), /mooring=/);
    await page.close();
  });

  test("a form from elsewhere does nothing", async () => {
    const { world } = night;
    const page = await world.reader();
    const answer = await page.request.post(world.url("/sign-out"), { headers: { origin: "http://elsewhere.example" }, form: { csrf: "x" } });
    assert.equal(answer.status(), 403);
    await page.goto(world.url("/"));
    assert.doesNotMatch(page.url(), /sign-in/);
    await page.close();
  });
}

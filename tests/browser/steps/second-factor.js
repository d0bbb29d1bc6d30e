import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { check, watched } from "../world/browser.js";

// What an authenticator app does (RFC 6238), from what stands on the page alone.
const bytes = (text) => {
  const bits = [...text.replaceAll(" ", "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};

const code = (secret, step) => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const tag = createHmac("sha1", bytes(secret)).update(counter).digest();
  const number = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
};

const stepNow = () => Math.floor(Date.now() / 30_000);

export function secondFactor(night) {
  const lund = {};
  let secret, used, codes;

  const enter = async (page) => {
    const { world } = night;
    await page.goto(world.url("/sign-in"));
    await page.getByLabel("Name").fill(lund.name);
    await page.getByLabel("Password").fill(lund.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };

  const fresh = async () => {
    const { world } = night;
    await world.browser.clearCookies();
    return watched(world.browser);
  };

  test("every page urges to set up a second factor, and the page shows the secret as text, link and picture", async () => {
    const { world } = night;
    Object.assign(lund, await world.hq.staff("Dr. B. Lund", "psychiatrist"));
    const page = await fresh();
    await enter(page);
    await page.getByRole("link", { name: /add a second factor/ }).click();
    await page.getByRole("heading", { name: "Your sign-in" }).waitFor();
    await check(page, "account");
    await page.getByRole("button", { name: "Set it up" }).click();
    secret = await page.locator("p.version").innerText();
    const link = await page.getByRole("link", { name: "Open in an app on this device" }).getAttribute("href");
    assert.equal(new URL(link).searchParams.get("secret"), secret.replaceAll(" ", ""));
    await page.getByRole("img", { name: /same secret/ }).waitFor();
    await check(page, "account-setting-up");

    page.expected = [422];
    await page.getByLabel(/six digits/).fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.locator("p.version").innerText(), secret, "a wrong code does not cost the secret");
    used = stepNow();
    await page.getByLabel(/six digits/).fill(code(secret, used));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("status").waitFor();
    codes = await page.locator(".codes li").allInnerTexts();
    assert.equal(codes.length, 10);
    await check(page, "account-codes");
    await page.close();
  });

  test("from then on the password alone does not sign in, and what was typed rides along", async () => {
    const { world } = night;
    const page = await fresh();
    await page.goto(world.url(`/sign-in?next=/cases`));
    await page.getByLabel("Name").fill(lund.name);
    await page.getByLabel("Password").fill(lund.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: /your code/ }).waitFor();
    await check(page, "code");
    const cookie = (await world.browser.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const read = await fetch(world.url("/cases"), { headers: { cookie }, redirect: "manual" });
    assert.match(read.headers.get("location"), /^\/sign-in/, "half a sign-in reads nothing");

    page.expected = [401];
    await page.getByLabel(/six digits/).fill(code(secret, used));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel(/six digits/).fill(code(secret, used + 1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "All cases" }).waitFor();
    assert.equal(await page.getByRole("link", { name: /add a second factor/ }).count(), 0);
    await page.getByRole("link", { name: lund.name }).click();
    await page.getByText("10 recovery codes are left.").waitFor();
    await check(page, "account-confirmed");
    await page.close();
  });

  test("a recovery code signs in once, and an administrator's reset ends it all", async () => {
    const { world } = night;
    const page = await fresh();
    await enter(page);
    await page.getByLabel(/six digits/).fill(codes[0]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: lund.name }).click();
    await page.getByText("9 recovery codes are left.").waitFor();
    await world.hq.admin("reset-second-factor", lund.name);
    await page.goto(world.url("/"));
    assert.match(page.url(), /sign-in/);
    await enter(page);
    await page.getByRole("link", { name: /add a second factor/ }).waitFor();
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("a password that is guessed first is refused, another one taken, and everybody signs in again", async () => {
    const page = await fresh();
    await enter(page);
    await page.getByRole("link", { name: lund.name }).click();
    page.expected = [422];
    const change = async (next) => {
      await page.getByLabel("Your password now").fill(lund.password);
      await page.getByLabel("A new one").fill(next);
      await page.getByRole("button", { name: "Change it and sign in again" }).click();
    };
    await change("Summer2026!!");
    await page.getByRole("alert").waitFor();
    await check(page, "account-guessed");
    await change("nine otters under glass");
    await page.getByRole("heading", { name: "Sign in to review" }).waitFor();
    lund.password = "nine otters under glass";
    await enter(page);
    await page.getByRole("heading", { level: 1, name: /case/i }).waitFor();
    await page.close();
  });
}

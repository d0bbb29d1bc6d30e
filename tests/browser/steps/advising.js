import assert from "node:assert/strict";
import { test } from "node:test";

export function advising(night) {
  const panel = (page) => page.locator("section", { has: page.getByRole("heading", { name: "Advice", exact: true }) });
  const send = async (page, words) => {
    await page.getByLabel(/To the team now/).fill(words);
    await page.getByRole("button", { name: "Send to the team" }).click();
    await page.getByRole("status").filter({ hasText: "Sent." }).waitFor();
  };

  test("advice is queued, then delivered and read as the phone says so, on the open page", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.goto(world.url(`/case/${cases.stairwell.id}`));
    await send(page, "Not home yet; keep her in sight from where you are safe.");
    assert.match(await panel(page).textContent(), /You, \d\d:\d\d · queued: on no phone yet · until (tomorrow )?\d\d:\d\d/);
    await page.getByLabel("Impression").fill("Typed while waiting");
    const [got] = await world.okafor.fetchAdvice();
    await panel(page).getByText(/delivered \d\d:\d\d/).waitFor();
    await world.okafor.ask("advice_read", got);
    await world.okafor.exchange();
    await panel(page).getByText(/read \d\d:\d\d/).waitFor();
    assert.equal(await page.getByLabel("Impression").inputValue(), "Typed while waiting", "nothing typed is touched by what arrives");
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("advice that something overtook says so: call", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    await page.goto(world.url(`/case/${cases.stairwell.id}`));
    assert.doesNotMatch(await panel(page).textContent(), /Written before this/);
    await cases.stairwell.nowAllergic();
    await panel(page).getByText("Written before this: call.").waitFor();
    assert.match(await panel(page).textContent(), /penicillin/);
    await page.close();
  });

  test("advice is replaced, and withdrawn with a reason", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    page.expected = [422];
    await page.goto(world.url(`/case/${cases.stairwell.id}`));
    await page.getByLabel("Replaces").selectOption({ index: 1 });
    await send(page, "Go with her to the crisis center.");
    assert.match(await panel(page).textContent(), /Not home yet.*replaced/s);
    await panel(page).getByText("Withdraw an advice").click();
    await panel(page).getByRole("button", { name: /^Withdraw “Go with her/ }).click();
    assert.match(await page.getByRole("alert").textContent(), /Say why/);
    await panel(page).getByLabel("Reason").fill("The center is full tonight.");
    await panel(page).getByRole("button", { name: /^Withdraw “Go with her/ }).click();
    await page.getByRole("status").filter({ hasText: "Withdrawn." }).waitFor();
    assert.match(await panel(page).textContent(), /Go with her.*withdrawn/s);
    await page.close();
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";

export function settling(night) {
  test("settling wants a choice and a reason, and keeps what was typed until it has both", async () => {
    const { world, cases } = night;
    const page = await world.reader();
    page.expected = [422];
    await page.goto(world.url(`/case/${cases.stairwell.id}`));
    const contest = () => page.locator(".contest").first();
    await page.getByLabel("Plan").fill("Typed while settling");
    await contest().getByText("Settle this answer").click();
    await contest().getByLabel("Reason").fill("Spoke with both; the sister had misheard.");
    await contest().getByRole("button", { name: "Settle" }).click();
    assert.match(await page.getByRole("alert").textContent(), /Choose which answer stands/);
    assert.equal(await contest().getByLabel("Reason").inputValue(), "Spoke with both; the sister had misheard.");
    assert.equal(await page.getByLabel("Plan").inputValue(), "Typed while settling", "another form's text stays as well");
    await contest().getByRole("radio", { name: /^No/ }).check();
    await contest().getByRole("button", { name: "Settle" }).click();
    await page.getByRole("status").filter({ hasText: "Settled." }).waitFor();
    assert.equal(await page.locator(".contest").count(), 0);
    assert.match(await page.textContent("main"), /Spoke with both; the sister had misheard\./);
    assert.equal(await page.getByLabel("Plan").inputValue(), "Typed while settling");
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("the settlement reaches both phones", async () => {
    const { world, cases } = night;
    for (const phone of [world.okafor, world.brandt]) {
      await phone.exchange();
      const { risk } = await phone.ask("show", { case: cases.stairwell.id });
      assert.equal(risk.contested, false);
    }
  });
}

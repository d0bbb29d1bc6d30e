// Everything that one run needs: headquarters, its staff, two phones, a browser. All of it is real and lies in a temporary folder.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as browser from "./browser.js";
import { Headquarters } from "./headquarters.js";
import { Phone } from "./phone.js";

const needed = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must name a built binary; \`cargo xtask test --only browser\` sets it`);
  return value;
};

export class World {
  static async make() {
    const world = new World();
    world.folder = await mkdtemp(join(tmpdir(), "mooring-browser-"));
    world.hq = new Headquarters(needed("MOORING_HQ"), join(world.folder, "hq"));
    await world.hq.start();
    world.reyes = await world.hq.staff("Dr. A. Reyes", "psychiatrist");
    world.okafor = await world.team("J. Okafor", "responder", "clinician");
    world.brandt = await world.team("L. Brandt", "responder");
    world.browser = await browser.open();
    return world;
  }

  async team(name, ...roles) {
    await this.hq.staff(name, ...roles);
    const phone = new Phone(needed("MOORING_FIELD"), this.folder, name);
    await phone.enrol(await this.hq.code(name));
    await phone.exchange();
    return phone;
  }

  url(path) {
    return this.hq.review + path;
  }

  async signIn(page, password = this.reyes.password) {
    await page.goto(this.url("/sign-in"));
    await page.getByLabel("Name").fill(this.reyes.name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  // A signed-in page of its own, as after opening a new tab.
  async reader() {
    const page = await browser.watched(this.browser);
    await page.goto(this.url("/"));
    if (page.url().includes("/sign-in")) await this.signIn(page);
    return page;
  }

  async end() {
    await this.browser?.close();
    for (const phone of [this.okafor, this.brandt]) await phone?.end();
    await this.hq?.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

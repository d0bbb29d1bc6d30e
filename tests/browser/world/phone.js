// A headless phone: one request a line, one reply a line.
import { join } from "node:path";
import { Lines } from "./lines.js";

const PIN = "246813";

export class Phone {
  constructor(binary, folder, name) {
    this.name = name;
    this.process = new Lines(binary, []);
    this.dir = join(folder, `phone-${name.replaceAll(/\W/g, "")}`);
  }

  async ask(op, fields = {}) {
    const reply = await this.say(op, fields);
    if (reply.error?.kind === "locked") {
      // Two minutes untouched, as while the browser works: whoever holds it types the PIN.
      await this.ask("unlock", { pin: PIN });
      return this.ask(op, fields);
    }
    if (!reply.ok) throw new Error(`${this.name}, ${op}: ${JSON.stringify(reply.error)}`);
    return reply;
  }

  async say(op, fields) {
    this.process.say(JSON.stringify({ op, ...fields }));
    return JSON.parse(await this.process.line());
  }

  async enrol(code) {
    await this.ask("create", { dir: this.dir, pin: PIN });
    await this.ask("enrol", { code });
  }

  exchange() {
    return this.ask("exchange");
  }

  // What came to this phone as advice; the next exchange says so.
  async fetchAdvice() {
    const { received } = await this.exchange();
    await this.exchange();
    return received.advice;
  }

  async end() {
    await this.ask("quit").catch(() => undefined);
    await this.process.end();
  }
}

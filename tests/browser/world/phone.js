// A headless phone: one request a line, one reply a line.
import { join } from "node:path";
import { Lines } from "./lines.js";

export class Phone {
  constructor(binary, folder, name) {
    this.name = name;
    this.process = new Lines(binary, []);
    this.dir = join(folder, `phone-${name.replaceAll(/\W/g, "")}`);
  }

  async ask(op, fields = {}) {
    this.process.say(JSON.stringify({ op, ...fields }));
    const reply = JSON.parse(await this.process.line());
    if (!reply.ok) throw new Error(`${this.name}, ${op}: ${JSON.stringify(reply.error)}`);
    return reply;
  }

  async enrol(code) {
    await this.ask("create", { dir: this.dir, pin: "246813" });
    await this.ask("enrol", { code });
  }

  exchange() {
    return this.ask("exchange");
  }

  async end() {
    await this.ask("quit").catch(() => undefined);
    await this.process.end();
  }
}

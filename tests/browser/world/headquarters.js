// A real headquarters in a folder of its own, with its staff.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Lines } from "./lines.js";

const run = promisify(execFile);

const said = (line, word) => {
  const found = line.split(/\s+(?=\w+=)/).find((part) => part.startsWith(`${word}=`));
  if (!found) throw new Error(`no ${word}= in ${JSON.stringify(line)}`);
  return found.slice(word.length + 1).trim();
};

const address = (text) => (text.includes("://") ? text : `http://${text}`);

export class Headquarters {
  constructor(binary, dir) {
    this.binary = binary;
    this.dir = dir;
  }

  async start() {
    this.process = new Lines(this.binary, ["serve", "--data", this.dir, "--listen", "127.0.0.1:0", "--review", "127.0.0.1:0"], {
      env: { ...process.env, TZ: "UTC" },
    });
    for (;;) {
      const line = await this.process.line();
      if (!line.startsWith("ready ")) continue;
      this.device = said(line, "device");
      this.review = address(said(line, "review"));
      return;
    }
  }

  async admin(...words) {
    const { stdout } = await run(this.binary, ["admin", "--data", this.dir, ...words]);
    return stdout;
  }

  async staff(name, ...roles) {
    const told = await this.admin("add-staff", name, ...roles.flatMap((role) => ["--role", role]));
    return { name, password: said(told, "password") };
  }

  async code(name) {
    const told = await this.admin("enrol-code", "--person", name, "--address", this.device);
    return told.match(/MOOR1-\S+/)[0];
  }

  end() {
    return this.process.end();
  }
}

// A process that says something in lines: each waits in order until someone asks for it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Lines {
  constructor(command, args, options = {}) {
    this.name = command.split("/").at(-1);
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    this.waiting = [];
    this.arrived = [];
    this.errors = "";
    this.ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.stderr.on("data", (text) => { this.errors += text; });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const next = this.waiting.shift();
      if (next) next.resolve(line);
      else this.arrived.push(line);
    });
    this.child.on("exit", (code) => {
      for (const next of this.waiting.splice(0)) next.reject(new Error(`${this.name} ended (${code}):\n${this.errors}`));
    });
  }

  line(afterMs = 60_000) {
    if (this.arrived.length > 0) return Promise.resolve(this.arrived.shift());
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} said nothing:\n${this.errors}`)), afterMs);
      const done = (settle) => (value) => { clearTimeout(late); settle(value); };
      this.waiting.push({ resolve: done(resolve), reject: done(reject) });
    });
  }

  say(line) {
    this.child.stdin.write(`${line}\n`);
  }

  async end(signal = "SIGTERM") {
    this.child.kill(signal);
    await this.ended;
  }
}

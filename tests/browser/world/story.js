// The night that the pages are read against: four visits, one with two answers, one unfinished, one imminent, one low.

const yes = { valueBoolean: true };
const no = { valueBoolean: false };
const text = (words) => ({ valueString: words });
const option = (code) => ({ valueCoding: { code } });

const NOW = ["attempt-now", "overdose-now", "means-in-hand", "act-now"];

class Case {
  constructor(phone, title, id) {
    Object.assign(this, { phone, title, id });
  }

  static async begin(phone, title, place) {
    const { case: id } = await phone.ask("new_case", { title });
    const made = new Case(phone, title, id);
    await phone.ask("event", { case: id, kind: "on-scene", text: place });
    return made;
  }

  async start(protocol) {
    const { assessment } = await this.phone.ask("start", { case: this.id, protocol });
    return assessment;
  }

  answer(phone, assessment, link, value, told) {
    return phone.ask("answer", { case: this.id, assessment, link, value, told });
  }

  // A whole interview: what is not given is answered with no, and nothing is asked that the protocol skips.
  async interview(given) {
    this.assessment = await this.start("suicide-risk-interview");
    const month = given.thoughts ? ["method", "intent", "plan"] : [];
    const recent = given.behavior ? ["behavior-recent"] : [];
    for (const link of [...NOW, "wish", "thoughts", ...month, "behavior", ...recent]) {
      if (given[link] !== "later") await this.answer(this.phone, this.assessment, link, given[link] ? yes : no);
    }
    await this.answer(this.phone, this.assessment, "own-words", text("I can't do another night like this."));
  }

  // A clinical edit that raises nothing.
  async says(phone, words) {
    await this.answer(phone, this.assessment, "own-words", text(words));
    await phone.exchange();
  }
}

async function deck({ okafor }) {
  const one = await Case.begin(okafor, "J., about 25", "Parking deck, level 4");
  await one.interview({ "means-in-hand": true, wish: true });
  one.later = () => one.says(okafor, "Put it down, talks to us.");
  one.laterWords = /Put it down, talks to us/;
  return one;
}

async function stairwell({ okafor, brandt }) {
  const one = await Case.begin(okafor, "M., 34", "Apartment stairwell, Westside");
  await one.interview({ wish: true, thoughts: true, method: true, intent: "later" });
  const facts = await one.start("visit-facts");
  await one.answer(okafor, facts, "medicine-name", text("sertraline, since May"));
  await one.answer(okafor, facts, "allergies", [option("none")]);
  one.nowAllergic = async () => {
    await one.answer(okafor, facts, "allergies", [text("penicillin")]);
    await okafor.exchange();
  };
  await one.answer(okafor, facts, "means", [option("medicines")]);
  await one.answer(okafor, facts, "protective", [option("people"), option("pets")]);
  await one.answer(okafor, facts, "consent-visit", option("yes"));
  await one.answer(okafor, facts, "asked-by", option("clinician"));
  await one.answer(okafor, facts, "interpreter", option("professional"));
  await one.differ(okafor, brandt);
  await okafor.ask("ask", { case: one.id, question: "Is home with her sister tonight safe enough?", call_back: "555 0163" });
  one.later = () => one.says(brandt, "I won't do it while my sister is here.");
  one.laterWords = /I won't do it while my sister is here/;
  one.news = async () => {
    await okafor.ask("event", { case: one.id, kind: "note", text: "The sister has locked the tablets away" });
    await okafor.exchange();
  };
  one.newsWords = /The sister has locked the tablets away/;
  return one;
}

// Both are of the team and have no signal: neither knows what the other writes.
Case.prototype.differ = async function differ(one, other) {
  await one.exchange();
  await one.ask("add_to_team", { case: this.id, person: other.name });
  await one.exchange();
  await other.exchange();
  await this.answer(one, this.assessment, "intent", yes);
  await this.answer(other, this.assessment, "intent", no, { said_by: "family", asked_by: "J. Okafor", language: "es", said_at_ms: Date.now() - 45 * 60_000 });
};

async function shelter({ okafor }) {
  const one = await Case.begin(okafor, "Name not known, about 50", "Bus shelter, 5th and Alder");
  one.assessment = await one.start("suicide-risk-interview");
  for (const link of NOW) await one.answer(okafor, one.assessment, link, no);
  await one.answer(okafor, one.assessment, "behavior", yes);
  await one.answer(okafor, one.assessment, "behavior-recent", yes);
  one.takesBack = async () => {
    await one.answer(okafor, one.assessment, "behavior-recent", no);
    await okafor.exchange();
  };
  return one;
}

async function home({ brandt }) {
  const one = await Case.begin(brandt, "T., 19", "At home, with mother");
  await one.interview({ wish: true });
  one.later = () => one.says(brandt, "Feels better with the door open.");
  one.again = async () => {
    await one.interview({ wish: true });
    await brandt.exchange();
  };
  one.rise = async () => {
    await one.answer(brandt, one.assessment, "act-now", yes);
    await brandt.exchange();
  };
  return one;
}

export async function tell(world) {
  const cases = {};
  for (const [name, make] of Object.entries({ deck, stairwell, shelter, home })) cases[name] = await make(world);
  for (const phone of [world.okafor, world.brandt, world.okafor, world.brandt]) await phone.exchange();
  cases.another = async () => {
    const one = await Case.begin(world.brandt, "A., about 60", "Riverside path");
    await one.interview({});
    await world.brandt.exchange();
  };
  return cases;
}

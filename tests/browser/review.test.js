// The review pages as a psychiatrist meets them: a real headquarters, real phones, Debian's Chromium. The steps build on each
// other, like a night does.
import { after, before, describe } from "node:test";
import { World } from "./world/world.js";
import { tell } from "./world/story.js";
import { signingIn } from "./steps/signing-in.js";
import { queue } from "./steps/queue.js";
import { reading } from "./steps/reading.js";
import { signing } from "./steps/signing.js";
import { settling } from "./steps/settling.js";
import { judging } from "./steps/judging.js";
import { advising } from "./steps/advising.js";
import { keeping } from "./steps/keeping.js";
import { arriving } from "./steps/arriving.js";
import { holding } from "./steps/holding.js";
import { secondFactor } from "./steps/second-factor.js";

describe("the review pages", { concurrency: false }, () => {
  const night = {};
  before(async () => {
    night.world = await World.make();
    night.cases = await tell(night.world);
  });
  after(() => night.world?.end());

  for (const steps of [signingIn, queue, reading, signing, settling, judging, advising, keeping, arriving, holding, secondFactor]) steps(night);
});

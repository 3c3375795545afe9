// Says in the built file which sources it was built from, so that a test without Node can tell a stale one.
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, readdirSync } from "node:fs";

const folder = new URL("./src/", import.meta.url);
const hash = createHash("sha256");
for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(new URL(name, folder)));
appendFileSync(new URL("../src/reelframe/widget/static/widget.js", import.meta.url), `// sources: ${hash.digest("hex")}\n`);

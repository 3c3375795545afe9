/**
 * Every file of a drop, those in folders included, in the order of their names.
 *
 * @param {DataTransfer} data
 * @returns {Promise<File[]>}
 */
export async function filesOf(data) {
  // Entries must be asked for before the first wait: the browser empties the list when the event is over.
  const files = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((e) => e !== null && e !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) return files;
  /** @type {File[]} */
  const out = [];
  for (const entry of entries) await walk(entry, out);
  return out;
}

/**
 * @param {any} entry
 * @param {File[]} out
 */
async function walk(entry, out) {
  if (entry.isFile) {
    out.push(await new Promise((done, fail) => entry.file(done, fail)));
    return;
  }
  const reader = entry.createReader();
  const children = [];
  // readEntries gives at most a hundred at a time, and an empty list at the end.
  for (let batch; (batch = await new Promise((done, fail) => reader.readEntries(done, fail))).length; ) children.push(...batch);
  children.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  for (const child of children) if (!child.name.startsWith(".")) await walk(child, out);
}

/**
 * The web addresses in a drop or in what was pasted.
 *
 * @param {DataTransfer} data
 * @returns {string[]}
 */
export function urlsOf(data) {
  const text = data.getData("text/uri-list") || data.getData("text/plain");
  return text.split(/\s+/).filter((part) => /^https?:\/\/[^\s/]+/i.test(part));
}

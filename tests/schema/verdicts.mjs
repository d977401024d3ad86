// Holds many texts against a schema as an editor does: YAML 1.2 core by the parser of yaml-language-server, then ajv.
//   node verdicts.mjs MODULES SCHEMA < TEXTS       a line of JSON (a string) for each text
// Prints a line for each: "valid", or what is wrong first and where.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [modules, schema] = process.argv.slice(2);
const require = createRequire(modules + '/');
const Ajv = require('ajv');
const { parseDocument } = require('yaml');

const validate = new Ajv({ allowUnionTypes: true, strictTypes: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));

function verdict(text) {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) return 'yaml: ' + document.errors[0].message.split('\n')[0];
  if (validate(document.toJS())) return 'valid';
  // The deepest: what an alternative that nearly fits says.
  const wrong = validate.errors.reduce((a, b) => (b.instancePath.length > a.instancePath.length ? b : a));
  return wrong.instancePath + ': ' + wrong.message + ' ' + JSON.stringify(wrong.params);
}

for (const line of readFileSync(0, 'utf8').split('\n')) if (line !== '') console.log(verdict(JSON.parse(line)));

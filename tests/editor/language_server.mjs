// Opens a file in yaml-language-server as an editor does (LSP over stdio) and asks about places in it.
//   node language_server.mjs MODULES FILE [completion|hover LINE COLUMN]...     lines and columns from 0
// Prints a line of JSON for what the server marks in the file, then one for each answer.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, file, ...asked] = process.argv.slice(2);
const server = spawn(process.execPath, [join(modules, 'node_modules/yaml-language-server/out/server/src/server.js'), '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

// Without the public store of schemas: the file itself names its schema.
const settings = { yaml: { schemaStore: { enable: false }, validate: true, completion: true, hover: true }, http: {} };
const waiting = new Map();
let next = 1;
let marked;
const diagnostics = new Promise((resolve) => (marked = resolve));

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}
function request(method, params) {
  const id = next++;
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function receive(message) {
  if (message.method === undefined) {
    waiting.get(message.id)?.(message.error ? { error: message.error.message } : message.result);
  } else if (message.id !== undefined) {
    const result = message.method === 'workspace/configuration' ? message.params.items.map((item) => settings[item.section] ?? {}) : null;
    send({ id: message.id, result });
  } else if (message.method === 'textDocument/publishDiagnostics') {
    marked(message.params.diagnostics);
  }
}

let received = Buffer.alloc(0);
server.stdout.on('data', (bytes) => {
  received = Buffer.concat([received, bytes]);
  for (;;) {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, end).toString())[1]);
    if (received.length < end + 4 + length) return;
    receive(JSON.parse(received.subarray(end + 4, end + 4 + length)));
    received = received.subarray(end + 4 + length);
  }
});

const uri = pathToFileURL(file).href;
const folder = { uri: pathToFileURL(dirname(dirname(file))).href, name: 'project' };
await request('initialize', {
  processId: process.pid,
  rootUri: folder.uri,
  workspaceFolders: [folder],
  capabilities: {
    workspace: { configuration: true, workspaceFolders: true },
    textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ['markdown', 'plaintext'] } },
  },
});
send({ method: 'initialized', params: {} });
send({ method: 'workspace/didChangeConfiguration', params: { settings } });
send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text: readFileSync(file, 'utf8') } } });

console.log(JSON.stringify((await diagnostics).map(({ message, range }) => ({ message, line: range.start.line }))));
for (let i = 0; i < asked.length; i += 3) {
  const place = { textDocument: { uri }, position: { line: Number(asked[i + 1]), character: Number(asked[i + 2]) } };
  const said = await request('textDocument/' + asked[i], place);
  if (asked[i] === 'completion') console.log(JSON.stringify((said.items ?? said).map((item) => item.label)));
  else console.log(JSON.stringify(said === null ? '' : (said.contents.value ?? said.contents)));
}
await request('shutdown', null);
send({ method: 'exit' });

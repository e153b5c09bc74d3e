// Holds gateway.mjs to the vectors of the Rust crate: node check.mjs vectors.json
// With a broker's URL and a journal it consumes a drill instead: node check.mjs vectors.json amqp://… gateway.jsonl

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Contract, Journal, run } from './gateway.mjs';

const [, , file, amqp, journal] = process.argv;
const vectors = JSON.parse(readFileSync(file, 'utf8'));
const contract = await Contract.load(vectors.society, vectors.gateway_keys, vectors.tidings_keys);
if (amqp) {
  let sends = 0;
  const send = async () => {
    sends += 1;
    return ['sent', 'delivered'];
  };
  await run({ contract, journal: new Journal(journal), amqp, clock: () => vectors.now, send, idle: 1000 });
  console.log(JSON.stringify({ sends }));
  process.exit(0);
}

const opened = [];
for (const { body } of vectors.messages) opened.push(await contract.open(Buffer.from(body), vectors.now));
const refused = [];
for (const { body } of vectors.negatives) {
  refused.push(await contract.open(Buffer.from(body), vectors.now).then(() => 'OPENED', (error) => error.reason));
}
const receipt = (kind, code) => ({ idem: randomUUID(), attempt_id: randomUUID(), kind, at: vectors.now, code });
const receipts = await contract.sealReceipts([receipt('accepted'), receipt('failed', 'unreachable')], 1);
console.log(JSON.stringify({ opened, refused, receipts }));

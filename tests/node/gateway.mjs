// A complete small gateway of a National Society in Node.js: RabbitMQ in, your sender, signed receipts out.
//
//   node gateway.mjs --society KE --keys gateway.jwks.json --tidings tidings-keys.json \
//       --amqp amqp://user:password@host/vhost --journal gateway.jsonl
//
// Replace `deliver` by your SMS, mail or print system. This example sends at once: `not_before`, safe hours and the
// rules for calls are in the envelope, and `tests/python/gateway.py` shows how to keep them.

import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  CompactEncrypt, CompactSign, calculateJwkThumbprint, compactDecrypt, compactVerify, decodeProtectedHeader, importJWK,
} from 'jose';

const MAX_BODY = 90_000; // the largest size bucket, in base64url
const MAX_RECEIPTS = 500;

export class Refused extends Error {
  constructor(reason, envelope) {
    super(reason);
    Object.assign(this, { reason, envelope });
  }
}

// [open]
export class Contract {
  /** Keys of this gateway, and the keys to pin, as JSON. */
  static async load(society, gatewayKeys, tidingsKeys) {
    const self = Object.assign(new Contract(), { society, drill: tidingsKeys.drill, opening: new Map() });
    for (const jwk of gatewayKeys.keys) {
      const kid = await calculateJwkThumbprint(jwk);
      if (jwk.crv === 'X25519') self.opening.set(kid, await importJWK(jwk, 'ECDH-ES'));
      else self.signing = { kid, key: await importJWK(jwk, 'EdDSA') };
    }
    self.organisation = await withKid(tidingsKeys.organisation, 'EdDSA'); // pinned: never taken from a message
    self.receiptsTo = await withKid(tidingsKeys.receipts.keys[0], 'ECDH-ES');
    return self;
  }

  /** The envelope, if everything about it is right at `now` (milliseconds); else throws `Refused`. */
  async open(body, now) {
    const text = await this.#decrypt(body);
    const { claims, key } = await this.#certificate(text, now);
    const envelope = await verify(text, key, 'tidings-message+jws', 'signature');
    if (envelope.v !== 1) throw new Refused('version');
    if (envelope.campaign !== claims.campaign) throw new Refused('campaign');
    if (envelope.drill !== claims.drill) throw new Refused('drill');
    if (envelope.society !== this.society) throw new Refused('society');
    if (!['notice', 'task', 'recall'].includes(envelope.kind) || !envelope.data) throw new Refused('envelope');
    if (envelope.kind !== 'recall' && !(now <= envelope.data.not_after)) throw new Refused('expired', envelope);
    return envelope;
  }

  async #decrypt(body) {
    try {
      if (body.length > MAX_BODY) throw new Refused('sealing');
      const only = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] };
      const key = ({ kid }) => this.opening.get(kid) ?? Promise.reject(new Refused('sealing'));
      const { plaintext } = await compactDecrypt(body, key, only);
      return new TextDecoder().decode(plaintext).trimEnd(); // padding
    } catch {
      throw new Refused('sealing');
    }
  }

  /** The claims about the campaign key in the header, if the pinned key signed them and they are in force. */
  async #certificate(text, now) {
    try {
      const { cert } = decodeProtectedHeader(text);
      const claims = await verify(cert, this.organisation, 'tidings-certificate+jws', 'certificate');
      const inForce = claims.not_before <= now && now <= claims.not_after;
      if (claims.v !== 1 || claims.drill !== this.drill || !inForce) throw new Refused('certificate');
      return { claims, key: await withKid(claims.jwk, 'EdDSA') };
    } catch {
      throw new Refused('certificate');
    }
  }
// [/open]

// [receipts]
  /** One message of 1 to 500 receipts: one signature by the gateway, sealed to Tidings. */
  async sealReceipts(receipts, sequence) {
    const batch = { v: 1, society: this.society, gateway_key: this.signing.kid, sequence, receipts };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(batch)))
      .setProtectedHeader({ alg: 'EdDSA', kid: this.signing.kid, typ: 'tidings-receipts+jws' })
      .sign(this.signing.key);
    const padded = signed.padEnd(Math.ceil(signed.length / 2048) * 2048); // hides how many there are
    return new CompactEncrypt(Buffer.from(padded))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: this.receiptsTo.kid })
      .encrypt(this.receiptsTo.key);
  }
}
// [/receipts]

async function withKid(jwk, alg) {
  return { kid: await calculateJwkThumbprint(jwk), key: await importJWK(jwk, alg) };
}

async function verify(text, { kid, key }, typ, reason) {
  try {
    const { payload, protectedHeader } = await compactVerify(text, key, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== typ || protectedHeader.kid !== kid) throw new Refused(reason);
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    throw new Refused(reason);
  }
}

/** Yours: hand the notice to the channel that it names, unchanged, or throw. Tasks go to the office named. */
async function deliver(data) {
  console.error(`delivered one ${data.channel ?? 'task'}`);
  return data.channel ? ['sent', 'delivered'] : ['sent']; // only its team knows what came of a task
}

/** Where the journal counts batches of receipts, beside its attempts. */
const BATCHES = 'batches';

/** Attempts seen, one a line, on disk before anything is done about them. Holds no personal data. */
export class Journal {
  constructor(path) {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    this.states = new Map(lines.map((line) => JSON.parse(line)));
    this.file = openSync(path, 'a', 0o600);
  }

  put(attempt, state) {
    this.states.set(attempt, state);
    appendFileSync(this.file, `${JSON.stringify([attempt, state])}\n`);
    fsyncSync(this.file);
  }
}

/** What one message leads to: receipts, none if there is nothing to say; `null` if it is refused. */
export async function handle(contract, journal, body, now, send = deliver) {
  const receipts = [];
  let envelope;
  const note = (attempt_id, kind, code) => {
    const task_id = envelope?.data?.task_id;
    receipts.push({ idem: randomUUID(), attempt_id, kind, at: Date.now(), code, task_id });
  };
  try {
    envelope = await contract.open(body, now);
  } catch (refused) {
    console.error(`refused: ${refused.reason ?? refused.name}`);
    if (refused.reason !== 'expired') return null;
    note(refused.envelope.attempt_id, 'expired');
    return receipts;
  }
  const attempt = envelope.attempt_id;
  const state = journal.states.get(attempt);
  if (envelope.kind === 'recall') {
    const inTime = state === undefined || state === 'withdrawn';
    if (inTime) journal.put(attempt, 'withdrawn'); // also if the notice itself comes only after its recall
    note(attempt, inTime ? 'withdrawn' : 'too_late');
  } else if (state === undefined) {
    journal.put(attempt, 'sending'); // a crash from here on: never sent twice
    note(attempt, 'accepted');
    try {
      for (const kind of await send(envelope.data)) note(attempt, kind);
    } catch {
      note(attempt, 'failed', 'gateway');
    }
  } else if (state !== 'withdrawn') {
    note(attempt, 'accepted'); // a repetition: say again that we have it
  }
  return receipts;
}

/** Consumes for ever, or until nothing has come for `idle` milliseconds. */
export async function run({ contract, journal, amqp, clock = Date.now, send = deliver, idle = Infinity }) {
  const realm = contract.drill ? 'drill' : 'tidings';
  const { connect } = await import('amqplib');
  const connection = await connect(amqp);
  const channel = await connection.createConfirmChannel();
  await channel.prefetch(100);
  let [receipts, last, lastCame] = [[], undefined, Date.now()];

  const flush = async () => {
    if (!last) return;
    const [batch, upTo] = [receipts, last];
    [receipts, last] = [[], undefined];
    if (batch.length) {
      const sequence = (journal.states.get(BATCHES) ?? 0) + 1;
      const body = Buffer.from(await contract.sealReceipts(batch, sequence));
      const options = { contentType: 'application/jose', persistent: true, mandatory: true, messageId: randomUUID() };
      options.userId = decodeURIComponent(new URL(amqp).username); // the broker checks it
      channel.publish(`${realm}.receipts`, `receipt.${contract.society}`, body, options);
      await channel.waitForConfirms();
      journal.put(BATCHES, sequence); // only now: a number that was never sent would look like a batch that was lost
    }
    channel.ack(upTo, true); // only now: what was not answered comes again
  };
  // One at a time, in the order of arrival. Whatever goes wrong ends the process; the supervisor starts it again.
  let turn = Promise.resolve();
  const inTurn = (work) => {
    turn = turn.then(work).catch((error) => { console.error(error.name); process.exit(1); });
    return turn;
  };
  channel.on('return', () => process.exit(1)); // nobody took the receipts: the set-up is wrong
  const { consumerTag } = await channel.consume(`${realm}.notices.${contract.society}`, (message) => inTurn(async () => {
    lastCame = Date.now();
    const answer = await handle(contract, journal, message.content, clock(), send);
    if (!answer) return channel.reject(message, false); // becomes a dead letter: Tidings sees that it was refused
    receipts.push(...answer);
    last = message;
    if (receipts.length > MAX_RECEIPTS - 10) await flush();
  }));
  while (Date.now() - lastCame < idle) {
    await sleep(300);
    await inTurn(flush);
  }
  await channel.cancel(consumerTag);
  await connection.close();
}

async function main() {
  const text = { type: 'string' };
  const { values: given } = parseArgs({ options: { society: text, keys: text, tidings: text, amqp: text, journal: text } });
  const [keys, tidings] = [given.keys, given.tidings].map((path) => JSON.parse(readFileSync(path, 'utf8')));
  const contract = await Contract.load(given.society, keys, tidings);
  await run({ contract, journal: new Journal(given.journal ?? 'gateway.jsonl'), amqp: given.amqp });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();

// A dashboard that knows nothing of us but its credentials: reads PUBLIC from the first event,
// again from the first, follows live, and tries what it may not. Prints one JSON object a line.
import { readFileSync } from "node:fs";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { credsAuthenticator, wsconnect } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import WebSocket from "ws";

const [url, creds, consumer, events] = process.argv.slice(2);
const expected = Number(events);
const say = (said) => console.log(JSON.stringify(said));

globalThis.WebSocket = WebSocket;
const nc = await (url.startsWith("ws") ? wsconnect : connect)({
  servers: url,
  authenticator: credsAuthenticator(readFileSync(creds)),
  reconnect: false,
  timeout: 10000,
});
(async () => { for await (const _ of nc.status()); })();

const js = jetstream(nc);
const mine = await js.consumers.get("PUBLIC", consumer);

async function fromTheFirst() {
  await nc.request(`$JS.API.CONSUMER.RESET.PUBLIC.${consumer}`, JSON.stringify({ seq: 1 }));
  const sequences = [];
  for await (const message of await mine.fetch({ max_messages: expected, expires: 10000 })) {
    sequences.push(message.seq);
  }
  return sequences;
}
say({ first: await fromTheFirst() });
say({ again: await fromTheFirst() });

const live = await mine.consume();
say({ follows: true });
for await (const message of live) {
  say({ live: message.string(), subject: message.subject });
  break;
}

const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: 1000 });
const event = new TextEncoder().encode("{}");
const acts = {
  "reads INTAKE": () => js.consumers.get("INTAKE", consumer),
  "asks what INTAKE is": () => jsm.streams.info("INTAKE"),
  "gets a message of INTAKE": () => jsm.direct.getMessage("INTAKE", { seq: 1 }),
  "lists streams": () => jsm.streams.list().next(),
  "makes a consumer": () => jsm.consumers.add("PUBLIC", { name: "mine", ack_policy: "none" }),
  "makes an ordered consumer": () => js.consumers.get("PUBLIC").then((c) => c.next({ expires: 1000 })),
  "widens its own": () => jsm.consumers.update("PUBLIC", consumer, { filter_subject: "" }),
  "deletes its own": () => jsm.consumers.delete("PUBLIC", consumer),
  "reads with another's": () => js.consumers.get("PUBLIC", "dashboard-radio"),
  "forges an event": () => js.publish("public.check.CheckOverdue.us", event, { timeout: 1000 }),
  "sends to an inbox": () => js.publish("inbox.boston.report.submitted", event, { timeout: 1000 }),
  "purges PUBLIC": () => jsm.streams.purge("PUBLIC"),
  "deletes PUBLIC": () => jsm.streams.delete("PUBLIC"),
  "gives a command": () => nc.request("cmd.intake.FileReport", "{}", { timeout: 1000 }),
  "asks a service": () => nc.request("query.intake.progress", "{}", { timeout: 1000 }),
  "listens to all": async () => {
    for await (const _ of nc.subscribe(">", { max: 1 }));
  },
  "listens to the log": async () => {
    for await (const _ of nc.subscribe("intake.>", { max: 1 }));
  },
};
for (const [act, tried] of Object.entries(acts)) {
  const refused = await tried().then(() => null, (error) => String(error.message ?? error));
  say({ act, refused });
}
await nc.close();

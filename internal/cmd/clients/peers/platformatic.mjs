// @platformatic/kafka as a peer: see ../peers.go.
import { readFileSync } from "node:fs";
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";

const [verb, topic, group] = process.argv.slice(2);
const access = {
  clientId: "peer",
  bootstrapBrokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(","),
  tls: { ca: readFileSync(process.env.KAFKA_CA_FILE) },
  sasl: { mechanism: "PLAIN", username: process.env.KAFKA_USERNAME, password: process.env.KAFKA_PASSWORD },
  retries: 2,
  retryDelay: 500,
};

async function consume(then) {
  const consumer = new Consumer({ ...access, groupId: group, deserializers: stringDeserializers });
  const stream = await consumer.consume({ autocommit: false, topics: [topic], mode: "earliest", sessionTimeout: 10000, heartbeatInterval: 1000 });
  for await (const message of stream) {
    console.log(message.value);
    if (await then(message)) return;
  }
  throw new Error("the stream has ended");
}

async function login() {
  await new Admin(access).listTopics();
}

async function write() {
  const producer = new Producer({ ...access, serializers: stringSerializers });
  await producer.send({ messages: [{ topic, value: "written" }] });
}

const verbs = {
  login,
  write,
  read: () => consume(() => true),
  commit: () => consume(async (message) => { await message.commit(); return true; }),
  follow: () => consume(() => false),
};

function reasons(error) {
  return [error.message, ...(error.errors ?? []).flatMap(reasons), ...(error.cause ? reasons(error.cause) : [])];
}

function fail(error) {
  console.error(reasons(error).join("; "));
  process.exit(1);
}

process.on("uncaughtException", fail);
try {
  await verbs[verb]();
  process.exit(0);
} catch (error) {
  fail(error);
}

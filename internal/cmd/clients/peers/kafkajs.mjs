// kafkajs as a peer: see ../peers.go.
import { Kafka, logLevel } from "kafkajs";

const [verb, topic, group] = process.argv.slice(2);
const kafka = new Kafka({
  brokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(","),
  ssl: true,
  sasl: { mechanism: "plain", username: process.env.KAFKA_USERNAME, password: process.env.KAFKA_PASSWORD },
  retry: { retries: 2, restartOnFailure: async () => false },
  logLevel: logLevel.NOTHING,
});

// It reads in groups alone, so reading is what it does before it commits.
async function consume(commits) {
  const consumer = kafka.consumer({ groupId: group });
  await first(consumer, commits);
  await consumer.disconnect();
}

function first(consumer, commits) {
  return new Promise(async (resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          console.log(message.value.toString());
          if (commits) {
            await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }]);
          }
          resolve();
        },
      });
    } catch (error) {
      reject(error);
    }
  });
}

async function write() {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: "written" }] });
}

async function login() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.listTopics();
}

try {
  await { login, write, read: () => consume(false), commit: () => consume(true) }[verb]();
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

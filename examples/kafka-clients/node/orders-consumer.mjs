// Prints the records of orders.created until it is interrupted. It ends with a
// reason when it is not let in any more.
import { Kafka, logLevel } from "kafkajs";

const kafka = new Kafka({
  brokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(","),
  ssl: true,
  sasl: {
    mechanism: "plain",
    username: process.env.KAFKA_USERNAME,
    password: process.env.KAFKA_PASSWORD,
  },
  // About 10 s of tries in all, and then the end.
  retry: { retries: 5, initialRetryTime: 300, restartOnFailure: async () => false },
  logLevel: logLevel.NOTHING,
});
const consumer = kafka.consumer({ groupId: "orders-consumer" });

async function end(code, error) {
  if (error) console.error(`orders-consumer: ${error.message}${hint(error)}`);
  setTimeout(() => process.exit(code), 2000).unref(); // a broker that is away says no goodbye
  await consumer.disconnect().catch(() => {});
  process.exit(code);
}

// kafkajs does not pass on why there is no coordinator.
function hint(error) {
  return error.name === "KafkaJSGroupCoordinatorNotFound" ? ": is there a rule for the group?" : "";
}

consumer.on(consumer.events.CRASH, ({ payload }) => end(1, payload.error));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(0));

try {
  await consumer.connect();
  await consumer.subscribe({ topics: ["orders.created"], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => console.log(message.value.toString()),
  });
} catch (error) {
  await end(1, error);
}

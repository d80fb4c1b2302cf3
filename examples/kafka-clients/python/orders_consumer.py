"""Prints the records of orders.created until it is interrupted.

Ends with a reason when it is not let in any more.
"""

import os
import signal
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException

QUIET = 5.0  # seconds without a record, before the brokers are asked
PATIENCE = 10.0  # seconds for their answer

last_error = None


def note(error):
    """Keeps the reason, which librdkafka mentions while it goes on trying."""
    global last_error
    if last_error is None or error.code() != KafkaError._ALL_BROKERS_DOWN:
        last_error = error


# These are the names that librdkafka has for them, in whatever language.
config = {
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "sasl.username": os.environ["KAFKA_USERNAME"],
    "sasl.password": os.environ["KAFKA_PASSWORD"],
    "group.id": "orders-consumer",
    "auto.offset.reset": "earliest",
    "error_cb": note,
}
if os.environ.get("KAFKA_CA_FILE"):
    config["ssl.ca.location"] = os.environ["KAFKA_CA_FILE"]


def consume(consumer):
    while True:
        message = consumer.poll(QUIET)
        if message is None:
            ask(consumer)
        elif message.error():
            raise KafkaException(message.error())
        else:
            print(message.value().decode(), flush=True)


def ask(consumer):
    """Raises the reason, if the brokers no longer answer."""
    global last_error
    try:
        consumer.list_topics("orders.created", timeout=PATIENCE)
    except KafkaException as failure:
        raise KafkaException(last_error or failure.args[0]) from None
    last_error = None


signal.signal(signal.SIGTERM, signal.default_int_handler)
consumer = Consumer(config)
consumer.subscribe(["orders.created"])
try:
    consume(consumer)
except KeyboardInterrupt:
    consumer.close()
except KafkaException as failure:
    print(f"orders-consumer: {failure.args[0].str()}", file=sys.stderr, flush=True)
    os._exit(1)  # close() would wait for brokers that do not answer

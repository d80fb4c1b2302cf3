"""kafka-python as a client of ../test-clients."""

import logging
import os
import ssl
import sys
import threading
import time

from kafka import KafkaConsumer
from kafka.errors import KafkaError, TopicAuthorizationFailedError

logging.basicConfig(level=logging.ERROR)  # why it is not let in is only ever logged
access = {
    "bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(","),
    "security_protocol": "SASL_SSL",
    "sasl_mechanism": "PLAIN",
    "sasl_plain_username": os.environ["KAFKA_USERNAME"],
    "sasl_plain_password": os.environ["KAFKA_PASSWORD"],
}


def fail(failure):
    print(repr(failure), file=sys.stderr, flush=True)
    os._exit(1)  # without waiting for brokers that do not answer


def watch():
    """Ends the program when it is not let in, while the consumer goes on trying."""
    while True:
        time.sleep(3)
        try:
            asking = KafkaConsumer(**access)
            if "orders.created" not in asking.topics():
                raise TopicAuthorizationFailedError("orders.created")
            asking.close()
        except KafkaError as failure:
            fail(failure)


try:
    access["ssl_context"] = ssl.create_default_context(cafile=os.environ["KAFKA_CA_FILE"])
    consumer = KafkaConsumer("orders.created", **access, group_id="orders-consumer", auto_offset_reset="earliest")
    threading.Thread(target=watch, daemon=True).start()
    for record in consumer:
        print(record.value.decode(), flush=True)
except (KafkaError, AssertionError, ValueError) as failure:
    fail(failure)

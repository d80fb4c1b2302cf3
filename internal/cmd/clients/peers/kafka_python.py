"""kafka-python as a peer: see ../peers.go."""

import logging
import os
import ssl
import sys
import threading
import time

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError, TopicAuthorizationFailedError

logging.basicConfig(level=logging.ERROR)  # why it is not let in is only ever logged
access = {
    "bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"].split(","),
    "security_protocol": "SASL_SSL",
    "ssl_context": ssl.create_default_context(cafile=os.environ["KAFKA_CA_FILE"]),
    "sasl_mechanism": "PLAIN",
    "sasl_plain_username": os.environ["KAFKA_USERNAME"],
    "sasl_plain_password": os.environ["KAFKA_PASSWORD"],
}


def consumer(group):
    return KafkaConsumer(**access, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False)


def first(consumer):
    return next(iter(consumer))


def watch():
    """Ends the program when it is not let in, while the consumer goes on trying."""
    while True:
        time.sleep(3)
        try:
            asking = KafkaConsumer(**access)
            if topic not in asking.topics():
                raise TopicAuthorizationFailedError(topic)
            asking.close()
        except KafkaError as failure:
            fail(failure)


def fail(failure):
    print(repr(failure), file=sys.stderr, flush=True)
    os._exit(1)  # without waiting for brokers that do not answer


verb, topic, group = sys.argv[1:]
try:
    if verb == "login":
        KafkaConsumer(**access).topics()
    elif verb == "write":
        KafkaProducer(**access, retries=0).send(topic, b"written").get(timeout=15)
    else:
        member = consumer(group)
        member.subscribe([topic])
        threading.Thread(target=watch, daemon=True).start()
        if verb == "follow":
            for record in member:
                print(record.value.decode(), flush=True)
        print(first(member).value.decode(), flush=True)
        if verb == "commit":
            member.commit()
        member.close(autocommit=False)
except (KafkaError, AssertionError, ValueError) as failure:
    fail(failure)

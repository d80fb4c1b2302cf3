"""confluent-kafka as a peer: see ../peers.go."""

import os
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

access = {
    "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    "security.protocol": "SASL_SSL",
    "ssl.ca.location": os.environ["KAFKA_CA_FILE"],
    "sasl.mechanism": "PLAIN",
    "sasl.username": os.environ["KAFKA_USERNAME"],
    "sasl.password": os.environ["KAFKA_PASSWORD"],
}


def first(consumer):
    while True:
        message = consumer.poll(1.0)
        if message is None:
            consumer.list_topics(timeout=10)
        elif message.error():
            raise KafkaException(message.error())
        else:
            return message


def write(topic):
    failed = []
    producer = Producer({**access, "message.timeout.ms": 15000})
    producer.produce(topic, b"written", on_delivery=lambda error, _: failed.append(error) if error else None)
    if producer.flush(20) or failed:
        raise KafkaException(*failed)


def consumer(group):
    return Consumer({**access, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False})


verb, topic, group = sys.argv[1:]
try:
    if verb == "login":
        Producer(access).list_topics(timeout=10)
    elif verb == "write":
        write(topic)
    elif verb == "read":
        reader = consumer(group)
        error = reader.list_topics(topic, timeout=10).topics[topic].error
        if error:
            raise KafkaException(error)
        reader.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
        print(first(reader).value().decode(), flush=True)
    elif verb == "commit":
        member = consumer(group)
        member.subscribe([topic])
        member.commit(first(member), asynchronous=False)
        member.close()
except KafkaException as failure:
    print(failure.args, file=sys.stderr, flush=True)
    os._exit(1)  # without waiting for brokers that do not answer

#!/bin/sh
# kcat as a peer: see ../peers.go.
set -eu

kcat() {
  command kcat -b "$KAFKA_BOOTSTRAP_SERVERS" -X security.protocol=SASL_SSL -X ssl.ca.location="$KAFKA_CA_FILE" \
    -X sasl.mechanism=PLAIN -X sasl.username="$KAFKA_USERNAME" -X sasl.password="$KAFKA_PASSWORD" \
    -X auto.offset.reset=earliest "$@"
}

case $1 in
  login) kcat -L ;;
  read) kcat -C -e -t "$2" ;;
  write) echo written | kcat -P -t "$2" ;;
  commit) kcat -e -G "$3" "$2" ;;
  follow) kcat -u -G "$3" "$2" ;;
esac

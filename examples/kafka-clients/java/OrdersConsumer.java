import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints the records of orders.created until it is interrupted. It ends with a reason when it is
 * not let in any more.
 */
public class OrdersConsumer {
  public static void main(String[] args) throws Exception {
    // bootstrap.servers, security.protocol, sasl.mechanism and sasl.jaas.config
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("client.properties"), StandardCharsets.US_ASCII)) {
      properties.load(file);
    }
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "orders-consumer");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

    try {
      consume(new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer()));
    } catch (KafkaException failure) {
      // Without close(), which would wait for brokers that do not answer.
      System.err.println("orders-consumer: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static void consume(KafkaConsumer<String, String> consumer) {
    consumer.subscribe(List.of("orders.created"));
    while (true) {
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(5));
      if (records.isEmpty()) {
        consumer.listTopics(Duration.ofSeconds(10)); // poll() says nothing of brokers that are away
      }
      for (ConsumerRecord<String, String> record : records) {
        System.out.println(record.value());
      }
    }
  }
}

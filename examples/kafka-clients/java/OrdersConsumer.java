import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the records of orders.created until it is interrupted. */
public class OrdersConsumer {
  public static void main(String[] args) throws Exception {
    // bootstrap.servers, security.protocol, sasl.mechanism and sasl.jaas.config
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("client.properties"), StandardCharsets.US_ASCII)) {
      properties.load(file);
    }
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "orders-consumer");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("orders.created"));
      while (true) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println(record.value());
        }
      }
    }
  }
}

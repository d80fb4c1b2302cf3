import java.io.IOException;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.security.jaas.KafkaJaasLoginModuleInitializer;

/**
 * Logs in with a password of any characters. As a property, in application.yml or in a variable
 * that Spring Boot reads, it would be changed where it has a placeholder such as ${HOME} in it.
 *
 * <p>It is for the whole process; a process with several keys sets sasl.jaas.config for each of its
 * clients.
 */
@Configuration
class KafkaLogin {
  @Bean
  KafkaJaasLoginModuleInitializer kafkaJaasInitializer() throws IOException {
    KafkaJaasLoginModuleInitializer login = new KafkaJaasLoginModuleInitializer();
    login.setLoginModule("org.apache.kafka.common.security.plain.PlainLoginModule");
    login.setOptions(
        Map.of(
            "username", System.getenv("KAFKA_USERNAME"),
            "password", System.getenv("KAFKA_PASSWORD")));
    return login;
  }
}

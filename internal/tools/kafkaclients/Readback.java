import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a client.properties with Java's own parsers, and runs a client of ../test-clients with what they made of it.
 * The settings of the StreamTokenizer are those with which Kafka reads a JAAS line.
 */
public class Readback {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(System.getenv("KAFKA_CLIENT_PROPERTIES")))) {
      properties.load(file);
    }
    Map<String, String> login = options(properties.getProperty("sasl.jaas.config"));
    if (!properties.getProperty("security.protocol").equals("SASL_SSL") || !properties.getProperty("sasl.mechanism").equals("PLAIN")) {
      throw new IOException("the properties are for another way to log in");
    }

    ProcessBuilder builder = new ProcessBuilder(args).inheritIO();
    builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", properties.getProperty("bootstrap.servers"));
    builder.environment().put("KAFKA_USERNAME", login.get("username"));
    builder.environment().put("KAFKA_PASSWORD", login.get("password") + System.getenv("KAFKA_PASSWORD_SPOILED_BY"));
    Process client = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(client::destroy));
    System.exit(client.waitFor());
  }

  private static Map<String, String> options(String line) throws IOException {
    StreamTokenizer tokens = new StreamTokenizer(new StringReader(line));
    tokens.slashSlashComments(true);
    tokens.slashStarComments(true);
    tokens.wordChars('-', '-');
    tokens.wordChars('_', '_');
    tokens.wordChars('$', '$');
    tokens.nextToken();
    if (!tokens.sval.equals("org.apache.kafka.common.security.plain.PlainLoginModule")) {
      throw new IOException("the login module is " + tokens.sval);
    }
    tokens.nextToken();
    Map<String, String> options = new HashMap<>();
    while (tokens.nextToken() != ';') {
      String key = tokens.sval;
      if (tokens.ttype == StreamTokenizer.TT_EOF || tokens.nextToken() != '=' || tokens.nextToken() == StreamTokenizer.TT_EOF) {
        throw new IOException("the line is cut off");
      }
      options.put(key, tokens.sval);
    }
    return options;
  }
}

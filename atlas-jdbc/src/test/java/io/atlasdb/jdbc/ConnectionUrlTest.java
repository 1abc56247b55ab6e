package io.atlasdb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Driver;
import java.sql.DriverManager;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ConnectionUrlTest {
    private static ConnectionUrl parse(String url) throws Exception {
        return ConnectionUrl.parse(url, new Properties());
    }

    @Test
    void hostsSchemaAndProperties() throws Exception {
        ConnectionUrl url = parse("jdbc:atlas://a:1,b,[::1]:3/shop?user=me&PASSWORD=x%26y&fetchSize=7");
        assertThat(url.hosts())
                .extracting(h -> h.getHostString() + "|" + h.getPort())
                .containsExactly("a|1", "b|8765", "::1|3");
        assertThat(url.get(ConnectionProperty.SCHEMA)).isEqualTo("shop");
        assertThat(url.get(ConnectionProperty.PASSWORD)).isEqualTo("x&y");
        assertThat(url.get(ConnectionProperty.FETCH_SIZE)).isEqualTo(7);
        assertThat(url.get(ConnectionProperty.TRANSPORT)).isEqualTo("framed");
    }

    @Test
    void theUrlGoesBeforeTheProperties() throws Exception {
        Properties beside = new Properties();
        beside.setProperty("user", "beside");
        beside.setProperty("applicationName", "app");
        ConnectionUrl url = ConnectionUrl.parse("jdbc:atlas://a/?user=inside", beside);
        assertThat(url.get(ConnectionProperty.USER)).isEqualTo("inside");
        assertThat(url.get(ConnectionProperty.APPLICATION_NAME)).isEqualTo("app");
    }

    @Test
    void mistakesSayWhatIsWrong() {
        assertThatThrownBy(() -> parse("jdbc:atlas://a/?usr=me"))
                .hasMessageContaining("\"usr\"")
                .hasMessageContaining("nearest is \"user\"");
        assertThatThrownBy(() -> parse("jdbc:atlas://a/?fetchSize=many").get(ConnectionProperty.FETCH_SIZE))
                .hasMessageContaining("fetchSize")
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> parse("jdbc:atlas://a/?transport=pigeon").get(ConnectionProperty.TRANSPORT))
                .hasMessageContaining("framed, http");
        assertThatThrownBy(() -> parse("jdbc:atlas:a")).hasMessageContaining("jdbc:atlas://host:port");
        assertThatThrownBy(() -> parse("jdbc:atlas://a:99999/")).hasMessageContaining("99999");
        assertThatThrownBy(() -> parse("jdbc:atlas://a,/")).hasMessageContaining("host is missing");
        assertThatThrownBy(() -> parse("jdbc:atlas://a:x/?password=secret")).hasMessageNotContaining("secret");
    }

    @Test
    void everyPropertyIsListedWithItsDefault() throws Exception {
        assertThat(ConnectionProperty.ALL)
                .extracting(p -> p.key() + "=" + p.defaultText())
                .containsExactly(
                        "user=",
                        "password=",
                        "schema=",
                        "applicationName=",
                        "consistency=",
                        "connectTimeout=10000",
                        "loginTimeout=30000",
                        "socketTimeout=0",
                        "fetchSize=1000",
                        "transport=framed",
                        "sslMode=auto",
                        "rootCert=",
                        "trustStore=",
                        "trustStorePassword=");
        Driver driver = DriverManager.getDriver("jdbc:atlas://a/");
        assertThat(driver.getPropertyInfo("jdbc:atlas://a/", new Properties())).hasSize(14);
        assertThat(driver.acceptsURL("jdbc:other://a/")).isFalse();
        assertThat(driver.connect("jdbc:other://a/", new Properties())).isNull();
    }
}

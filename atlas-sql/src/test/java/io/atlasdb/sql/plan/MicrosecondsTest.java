package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No fraction of a second is lost or misread anywhere. SEEN of Ada is 2023-11-14 22:13:20.123456, Bob's is one microsecond later. */
class MicrosecondsTest {
    private final ListRows rows = Samples.rows();

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT TIMESTAMP '2020-01-01 00:00:00.123456'                                ~ 1577836800123456
        SELECT TIMESTAMP '1969-12-31 23:59:59.999999'                                ~ -1
        SELECT TIME '12:34:56.000001'                                                ~ 45296000001
        SELECT DATE '2020-02-29'                                                     ~ 18321
        SELECT CAST('2020-01-01 00:00:00.1234567' AS TIMESTAMP)                      ~ 1577836800123457
        SELECT CAST('2020-01-01 00:00:00.123456' AS TIMESTAMP(3))                    ~ 1577836800123000
        SELECT CAST(name AS TIMESTAMP) FROM (VALUES ('2020-01-01 00:00:00.000001')) AS t (name) ~ 1577836800000001
        SELECT CAST(seen AS VARCHAR) FROM emp WHERE id = 1                            ~ 2023-11-14 22:13:20.123456
        SELECT CAST(seen AS DATE), CAST(seen AS TIME) FROM emp WHERE id = 4           ~ -1|86399999999
        SELECT CAST(hired AS TIMESTAMP) FROM emp WHERE id = 1                         ~ 1641600000000000
        SELECT EXTRACT(MICROSECOND FROM seen), EXTRACT(SECOND FROM seen) FROM emp WHERE id = 1 ~ 20123456|20
        SELECT EXTRACT(YEAR FROM seen), EXTRACT(HOUR FROM seen) FROM emp WHERE id = 4  ~ 1969|23
        SELECT FLOOR(seen TO SECOND), CEIL(seen TO DAY) FROM emp WHERE id = 1          ~ 1700000000000000|1700006400000000
        SELECT FLOOR(seen TO MONTH) FROM emp WHERE id = 4                             ~ -2678400000000
        SELECT seen + INTERVAL '1' SECOND FROM emp WHERE id = 1                        ~ 1700000001123456
        SELECT seen - INTERVAL '1' DAY FROM emp WHERE id = 1                           ~ 1699913600123456
        SELECT seen + INTERVAL '1' MONTH FROM emp WHERE id = 1                         ~ 1702592000123456
        SELECT hired + INTERVAL '1' MONTH FROM emp WHERE id = 1                        ~ 19031
        SELECT DATE '2020-01-31' + INTERVAL '1' MONTH                                 ~ 18321
        SELECT name FROM emp WHERE seen > TIMESTAMP '2023-11-14 22:13:20.123456'      ~ Bob
        SELECT name FROM emp WHERE seen = TIMESTAMP '2023-11-14 22:13:20.123457'      ~ Bob
        SELECT name FROM emp WHERE seen = '2023-11-14 22:13:20.123457'                ~ Bob
        SELECT count(*) FROM emp WHERE seen BETWEEN TIMESTAMP '2023-11-14 22:13:20.123456' AND TIMESTAMP '2023-11-14 22:13:20.123457' ~ 2
        SELECT max(seen), min(seen) FROM emp                                          ~ 1700000000123457|-1
        SELECT seen, count(*) FROM emp WHERE id < 3 GROUP BY seen ORDER BY seen DESC  ~ 1700000000123457|1;1700000000123456|1
        SELECT count(DISTINCT seen) FROM emp                                          ~ 3
        SELECT name FROM emp WHERE seen < DATE '1970-01-01'                           ~ Dan
        SELECT name FROM emp WHERE hired < TIMESTAMP '2022-01-08 00:00:00.000001'     ~ Ada
        SELECT (b.seen - a.seen) SECOND FROM emp a, emp b WHERE a.id = 1 AND b.id = 2 ~ 1
        SELECT TIMESTAMPDIFF(DAY, DATE '2020-01-01', DATE '2020-03-01')               ~ 60
        SELECT TIMESTAMPADD(HOUR, 2, seen) FROM emp WHERE id = 1                       ~ 1700007200123456
        SELECT CASE WHEN id = 1 THEN seen ELSE hired END FROM emp WHERE id < 3 ORDER BY id ~ 1700000000123456;1650240000000000
        SELECT COALESCE(seen, TIMESTAMP '1970-01-01 00:00:00.000007') FROM emp WHERE id = 3 ~ 7
        SELECT t, tz, ym, dt FROM kinds WHERE id = 1                                   ~ 3600000001|1700000000123456|14|90061000001
        SELECT EXTRACT(DAY FROM dt), EXTRACT(YEAR FROM ym), CAST(dt AS VARCHAR) FROM kinds WHERE id = 1 ~ 1|1|+1 01:01:01.000001
        SELECT dt * 2, dt + dt FROM kinds WHERE id = 1                                 ~ 180122000002|180122000002
        SELECT max(dt) FROM kinds                                                     ~ 90061000001
        SELECT seen FROM emp WHERE id = 1 UNION ALL SELECT hired FROM emp WHERE id = 1 ~ 1700000000123456;1641600000000000
        SELECT CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_TIME                          ~ 1709210096789012|19782|45296789012
        SELECT last_value(seen) OVER (ORDER BY id) FROM emp WHERE id = 1               ~ 1700000000123456
        """)
    void rows(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
        SELECT CAST('2020-02-30' AS DATE)                                 ~ 22007
        SELECT CAST('25:00:00' AS TIME)                                   ~ 22007
        SELECT CAST(name AS TIMESTAMP) FROM emp                           ~ 22007
        SELECT hired + INTERVAL '99999' YEAR(5) FROM emp                   ~ 22003
        SELECT CAST(id AS DATE) FROM emp                                  ~ 42804
        """)
    void errors(String sql, String state) {
        assertThatThrownBy(() -> rows.query(sql))
                .isInstanceOfSatisfying(
                        io.atlasdb.proto.AtlasException.class,
                        error -> assertThat(error.code().sqlState()).isEqualTo(state));
    }
}

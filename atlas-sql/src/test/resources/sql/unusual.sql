# Seldom used clauses and functions, and the errors that bad statements end with.
CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(10), c DECIMAL(10, 2), d DATE, ts TIMESTAMP, f DOUBLE, u UUID, bl VARBINARY(4), j JSON, bo BOOLEAN);
> ok
INSERT INTO t (id, a, b, c, d, ts, f, u) VALUES (1, 10, 'x', 1.5, DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00', 1.5, '00000000-0000-0000-0000-000000000001'), (2, 20, 'y', 2.5, DATE '2024-02-01', TIMESTAMP '2024-02-01 10:00:00', 2.5, '10000000-0000-0000-0000-000000000001'), (3, 20, NULL, NULL, NULL, NULL, NULL, NULL);
> ok 3
# Percentiles.
SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY a), PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY a DESC), PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY c), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY c) FROM t;
> PERCENTILE_CONT | PERCENTILE_DISC | PERCENTILE_DISC | PERCENTILE_CONT
> 15.0 | 20 | 2.50 | 2.0
> (1 row)
SELECT a, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY c DESC), COUNT(*) FROM t GROUP BY a ORDER BY a;
> A | PERCENTILE_CONT | COUNT
> 10 | 1.5 | 1
> 20 | 2.5 | 2
> (2 rows)
SELECT PERCENTILE_DISC(0) WITHIN GROUP (ORDER BY d DESC), PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY ts) FROM t;
> PERCENTILE_DISC | PERCENTILE_DISC
> 2024-02-01 | 2024-01-01T10:00
> (1 row)
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a), PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY a) FROM t WHERE id > 9;
> PERCENTILE_CONT | PERCENTILE_DISC
> NULL | NULL
> (1 row)
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY f) FILTER (WHERE a > 15) FROM t;
> error 0A000 FILTER behind WITHIN GROUP is not supported
SELECT PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY a) FROM t;
> error 42601 Argument to function 'PERCENTILE_CONT' must be a numeric literal between 0 and 1 (line 1, column 8)
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY d) FROM t;
> error 42804 Cast function cannot convert value of type DATE to type DOUBLE NOT NULL (line 1, column 52)
# Windows.
SELECT id, PERCENT_RANK() OVER (ORDER BY a), CUME_DIST() OVER (ORDER BY a), CUME_DIST() OVER (PARTITION BY a ORDER BY id DESC) FROM t ORDER BY id;
> ID | PERCENT_RANK | CUME_DIST | CUME_DIST
> 1 | 0.0 | 0.3333333333333333 | 1.0
> 2 | 0.5 | 1.0 | 1.0
> 3 | 0.5 | 1.0 | 0.5
> (3 rows)
SELECT id, STDDEV_POP(a) OVER (), VAR_SAMP(c) OVER () FROM t ORDER BY id;
> ID | STDDEV_POP | VAR_SAMP
> 1 | 4.714045207910315 | 0.5
> 2 | 4.714045207910315 | 0.5
> 3 | 4.714045207910315 | 0.5
> (3 rows)
SELECT id, SUM(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM t;
> error 0A000 RANGE with an offset over NULL (leave such rows out) is not supported
SELECT id, SUM(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL '31' DAY PRECEDING AND CURRENT ROW) FROM t WHERE d IS NOT NULL ORDER BY id;
> ID | SUM
> 1 | 10
> 2 | 30
> (2 rows)
SELECT id, SUM(a) OVER (ORDER BY f RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t WHERE f IS NOT NULL ORDER BY id;
> ID | SUM
> 1 | 10
> 2 | 30
> (2 rows)
SELECT id, SUM(a) OVER (ORDER BY c RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t;
> error 0A000 RANGE with an offset over DECIMAL (cast it to DOUBLE) is not supported
SELECT COUNT(DISTINCT a) OVER () FROM t;
> error 0A000 DISTINCT in a window function is not supported
SELECT FIRST_VALUE(b) IGNORE NULLS OVER (ORDER BY id) FROM t;
> error 0A000 IGNORE NULLS is not supported
# UUIDs as keys of groups, joins and extremes.
SELECT MIN(u), MAX(u) FROM t;
> MIN | MAX
> 00000000-0000-0000-0000-000000000001 | 10000000-0000-0000-0000-000000000001
> (1 row)
SELECT b, u, COUNT(*) FROM t GROUP BY a, b, c, d, ts, f, bl, bo, u, j ORDER BY b;
> B | U | COUNT
> NULL | NULL | 1
> x | 00000000-0000-0000-0000-000000000001 | 1
> y | 10000000-0000-0000-0000-000000000001 | 1
> (3 rows)
SELECT COUNT(*) FROM t NATURAL JOIN t AS t2;
> COUNT
> 0
> (1 row)
# Table expressions.
SELECT * FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS x(v, n);
> V | N
> a | 1
> b | 2
> (2 rows)
SELECT * FROM t ASOF JOIN t AS t2 MATCH_CONDITION t.id > t2.id ON t.a = t2.a;
> error 0A000 ASOF JOIN is not supported
SELECT * FROM t MATCH_RECOGNIZE (ORDER BY id MEASURES A.id AS x PATTERN (A B) DEFINE B AS B.a > A.a);
> error 0A000 MATCH_RECOGNIZE is not supported
SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 99999999999;
> ID
> (0 rows)
SELECT id FROM t ORDER BY id LIMIT 99999999999;
> ID
> 1
> 2
> 3
> (3 rows)
# Functions that do not take their arguments, twice, since constants are evaluated once per plan.
SELECT SUBSTRING('abc' FROM 2 FOR -1);
> error 22000 Substring error: negative substring length not allowed
SELECT SUBSTRING('abc' FROM 2 FOR -1);
> error 22000 Substring error: negative substring length not allowed
SELECT OVERLAY('abc' PLACING 'x' FROM 10);
> error 22000 a function was given a value that it does not take: begin 0, end 9, length 3
SELECT JSON_VALUE('{"a": 1}', 'strict $.b' ERROR ON ERROR);
> error 22000 a function was given a value that it does not take: No results for path: $['b']
SELECT 'a' LIKE 'a!' ESCAPE '!';
> error 22000 a function was given a value that it does not take: Invalid escape sequence 'a!', 1
SELECT 'a' SIMILAR TO '(((';
> error 22000 a function was given a value that it does not take: Unclosed group near index 3
SELECT REGEXP_REPLACE('a', '(((', 'x');
> error 22000 a function was given a value that it does not take: Unclosed group near index 3
SELECT LN(0);
> error 22000 a function was given a value that it does not take: Cannot take logarithm of zero or negative number
# Texts that would fill the memory of a node.
SELECT REPEAT('x', 1000000000);
> error 54000 a text is too large: 1000000000 characters, at most 16777216 characters are allowed
SELECT RPAD('x', 1000000000);
> error 54000 a text is too large: 1000000000 characters, at most 16777216 characters are allowed
SELECT LENGTH(REPLACE(REPEAT('x', 10000000), 'x', REPEAT('x', 1000000)));
> error 54000 a text is too large: 10000000000000 characters, at most 16777216 characters are allowed
SELECT LENGTH(REPEAT('x', 10000000) || REPEAT('x', 10000000));
> error 54000 a text is too large: 20000000 characters, at most 16777216 characters are allowed
SELECT REPEAT('ab', 2), REPEAT('ab', -1), LPAD('x', 3), RPAD('x', 4, 'yz'), REPLACE('abcabc', 'b', 'xx'), REPLACE('abc', '', 'x'), 'a' || b || a FROM t WHERE id = 1;
> REPEAT | REPEAT | LPAD | RPAD | REPLACE | REPLACE | ?column?
> abab |  |   x | xyzy | axxcaxxc | abc | ax10
> (1 row)
# Literals and casts.
SELECT DATE '2024-02-30';
> error 22007 "2024-02-30" is not a valid DATE (line 1, column 8)
SELECT TIME '25:00:00';
> error 22007 "25:00:00" is not a valid TIME (line 1, column 8)
SELECT TIMESTAMP '2024-01-01 25:00:00';
> error 22007 "2024-01-01 25:00:00" is not a valid TIMESTAMP (line 1, column 8)
SELECT INTERVAL 'x' DAY;
> error 22007 "x" is not a valid INTERVAL DAY (line 1, column 8)
SELECT INTERVAL '1000' YEAR(3);
> error 22003 the value 1,000 is out of range for INTERVAL YEAR(3) (line 1, column 8)
SELECT UUID 'x';
> error 22P02 "x" is not a valid UUID
SELECT CAST('x' AS INT);
> error 22P02 "x" is not a valid INTEGER
SELECT CAST('9999999999999999999' AS TINYINT);
> error 22003 the value 9999999999999999999 is out of range for TINYINT
SELECT CAST(1e300 AS INT);
> error 22003 the value 1.0E300 is out of range for INTEGER
INSERT INTO t (id) VALUES ('x');
> error 22P02 "x" is not a valid INTEGER
INSERT INTO t (id, a) SELECT 9, b FROM t;
> error 22P02 "x" is not a valid INTEGER
# Names.
SELECT * FROM nosuch.t;
> error 3F000 schema NOSUCH does not exist (line 1, column 15)
SELECT * FROM publc.t;
> error 3F000 schema PUBLC does not exist, did you mean PUBLIC? (line 1, column 15)
SELECT * FROM public.nosuch;
> error 42P01 table NOSUCH does not exist (line 1, column 15)
SELECT nosuch.id FROM t;
> error 42P01 table NOSUCH does not exist (line 1, column 8)
INSERT INTO nosuch.t VALUES (51);
> error 3F000 schema NOSUCH does not exist (line 1, column 13)
SELECT * FROM t WHERE id IN (SELECT id FROM nosuch.x);
> error 3F000 schema NOSUCH does not exist (line 1, column 45)
# Syntax.
SELEC 1;
> error 42601 line 1, column 1: a statement cannot begin with "SELEC", did you mean SELECT?
REPLACE INTO t (id) VALUES (5);
> error 42601 line 1, column 1: a statement cannot begin with "REPLACE"; expected SELECT, INSERT, UPDATE, DELETE, CREATE or the like
SELECT * EXCEPT (a) FROM t;
> error 42601 line 1, column 18: expected a query, met "a"
SELECT * FORM t;
> error 42601 line 1, column 15: syntax error near "t", did you mean FROM instead of "FORM"?
SELECT a FROM t GROUPE BY a;
> error 42601 line 1, column 24: syntax error near "BY", did you mean GROUP instead of "GROUPE"?
CREATE TABEL x (a INT);
> error 42601 line 1, column 8: syntax error near "TABEL", did you mean TABLE?
SELECT * FROM t WHERE a;
> error 42804 WHERE clause must be a condition (line 1, column 23)
# Labels.
SELECT a, a + 1, SUM(a) OVER (), CAST(a AS BIGINT), CASE WHEN a > 1 THEN 1 END, (SELECT MAX(id) FROM t), UPPER(b), 'x', COALESCE(a, 1), EXTRACT(YEAR FROM d), CAST('1' AS INT), EXISTS (SELECT 1 FROM t) FROM t WHERE id = 1;
> A | ?column? | SUM | A | CASE | MAX | UPPER | ?column? | COALESCE | EXTRACT | INTEGER | EXISTS
> 10 | 11 | 10 | 10 | 1 | 3 | X | x | 10 | 2024 | 1 | true
> (1 row)
SELECT 1, x.*, UPPER(x.b) FROM (SELECT a, b FROM t WHERE id = 1) AS x;
> ?column? | A | B | UPPER
> 1 | 10 | x | X
> (1 row)
SELECT COUNT(*), COUNT(DISTINCT a), SUM(a) FILTER (WHERE a > 10), LISTAGG(b, ',') WITHIN GROUP (ORDER BY id) FROM t;
> COUNT | COUNT | SUM | LISTAGG
> 3 | 2 | 40 | x,y
> (1 row)
SELECT COUNT(*) FROM t UNION ALL SELECT 7;
> COUNT
> 3
> 7
> (2 rows)
VALUES (1, 'a');
> COLUMN1 | COLUMN2
> 1 | a
> (1 row)
# Texts and bytes.
SELECT CAST('aä' AS VARBINARY), CAST('abc' AS VARBINARY(2)), CAST('a' AS BINARY(3)), CAST(X'61c3a4' AS VARCHAR), CAST(X'6162' AS VARCHAR(1));
> VARBINARY | VARBINARY | BINARY | VARCHAR | VARCHAR
> x'61c3a4' | x'6162' | x'610000' | aä | a
> (1 row)
SELECT CAST(X'ff' AS VARCHAR);
> error 22P02 "x'ff'" is not a valid text in UTF-8
SELECT CAST(b AS VARBINARY), CAST(CAST(b AS VARBINARY) AS VARCHAR(5)) FROM t WHERE id = 1;
> B | B
> x'78' | x
> (1 row)
UPDATE t SET bl = CAST(b AS VARBINARY) WHERE id = 1;
> ok 1
UPDATE t SET bl = CAST('long text' AS VARBINARY) WHERE id = 1;
> error 22001 the value is too long for VARBINARY(4): 9 characters, at most 4 are allowed
UPDATE t SET bl = X'0102030405' WHERE id = 1;
> error 22001 the value is too long for VARBINARY(4): 5 characters, at most 4 are allowed
UPDATE t SET bl = X'01' || X'02030405' WHERE id = 1;
> error 22001 the value is too long for VARBINARY(4): 5 characters, at most 4 are allowed
UPDATE t SET bl = b WHERE id = 1;
> error 42804 cannot cast type VARCHAR(10) to VARBINARY(4)
CREATE TABLE fixed (id INT PRIMARY KEY, x BINARY(2));
> ok
INSERT INTO fixed SELECT 1, X'01';
> ok 1
INSERT INTO fixed SELECT 2, X'010203';
> error 22001 the value is too long for BINARY(2): 3 characters, at most 2 are allowed
SELECT x, CAST(X'010203' AS VARBINARY(2)), CAST(X'010203' AS BINARY(2)), CAST(x AS VARBINARY) FROM fixed;
> X | VARBINARY | BINARY | X
> x'0100' | x'0102' | x'0102' | x'0100'
> (1 row)
SELECT CAST(bl AS VARCHAR) FROM t WHERE bl = CAST('x' AS VARBINARY);
> BL
> x
> (1 row)
SELECT CAST(1 AS VARBINARY);
> error 42804 cannot cast type INTEGER to VARBINARY

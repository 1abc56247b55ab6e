# Every scalar type keeps its values.
CREATE TABLE t (id INT PRIMARY KEY, b BOOLEAN, ti TINYINT, si SMALLINT, bi BIGINT, de DECIMAL(12, 3), r REAL, d DOUBLE, c CHAR(4), v VARCHAR(5), x VARBINARY, da DATE, tm TIME, ts TIMESTAMP, u UUID);
> ok
INSERT INTO t VALUES (1, TRUE, -128, 32767, 9223372036854775807, 123456789.125, 1.5, -2.25, 'ab', 'hello', X'00ff10', DATE '2024-02-29', TIME '23:59:59.123456', TIMESTAMP '1969-12-31 23:59:59.999999', CAST('123e4567-e89b-12d3-a456-426614174000' AS UUID));
> ok 1
INSERT INTO t (id) VALUES (2);
> ok 1
SELECT * FROM t ORDER BY id;
> ID | B | TI | SI | BI | DE | R | D | C | V | X | DA | TM | TS | U
> 1 | true | -128 | 32767 | 9223372036854775807 | 123456789.125 | 1.5 | -2.25 | ab   | hello | x'00ff10' | 2024-02-29 | 23:59:59.123456 | 1969-12-31T23:59:59.999999 | 123e4567-e89b-12d3-a456-426614174000
> 2 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL
> (2 rows)
SELECT id, de + 1, d * 2, ti - 1, bi / 2 FROM t WHERE id = 1;
> ID | ?column? | ?column? | ?column? | ?column?
> 1 | 123456790.125 | -4.5 | -129 | 4611686018427387903
> (1 row)
SELECT v || '!', UPPER(v), CHAR_LENGTH(v), SUBSTRING(v FROM 2 FOR 3) FROM t WHERE id = 1;
> ?column? | UPPER | CHAR_LENGTH | SUBSTRING
> hello! | HELLO | 5 | ell
> (1 row)
SELECT COUNT(b), COUNT(*), SUM(de), AVG(d), MIN(da), MAX(ts) FROM t;
> COUNT | COUNT | SUM | AVG | MIN | MAX
> 1 | 2 | 123456789.125 | -2.25 | 2024-02-29 | 1969-12-31T23:59:59.999999
> (1 row)
INSERT INTO t (id, ti) VALUES (3, 128);
> error 22003 the value 128 is out of range for TINYINT
INSERT INTO t (id, v) VALUES (3, 'toolong');
> error 22001 the value is too long for VARCHAR(5): 7 characters, at most 5 are allowed
INSERT INTO t (id, da) VALUES (3, 'not a date');
> error 22007 "not a date" is not a valid DATE
INSERT INTO t (id, de) VALUES (3, 1234567890.5);
> error 22003 the value 1234567890.5 is out of range for DECIMAL(12, 3)
SELECT CAST('12' AS INT) + 1, CAST(3.7 AS INT), CAST('2024-01-01' AS DATE);
> ?column? | INTEGER | DATE
> 13 | 4 | 2024-01-01
> (1 row)
SELECT CAST('x' AS INT);
> error 22P02 "x" is not a valid INTEGER
SELECT 1 / 0;
> error 22012 division by zero
SELECT NULL IS NULL, NULL = NULL, TRUE AND NULL;
> ?column? | ?column? | ?column?
> true | NULL | NULL
> (1 row)
DROP TABLE t;
> ok
SELECT * FROM t;
> error 42P01 table T does not exist (line 1, column 15)

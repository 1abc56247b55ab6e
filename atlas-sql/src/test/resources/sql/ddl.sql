# Tables, columns, indexes, schemas.
CREATE SCHEMA s;
> ok
CREATE SCHEMA s;
> error 42P06 schema S exists already
CREATE SCHEMA IF NOT EXISTS s;
> ok
SET SCHEMA s;
> ok
SHOW SCHEMA;
> SCHEMA
> S
> (1 row)
CREATE TABLE t (id INT PRIMARY KEY, n INT DEFAULT 7, m INT NOT NULL, CONSTRAINT positive CHECK (n > 0));
> ok
CREATE TABLE t (id INT);
> error 42P07 table S.T exists already
CREATE TABLE IF NOT EXISTS t (id INT);
> ok
SHOW TABLES;
> TABLE_SCHEMA | TABLE_NAME
> S | T
> (1 row)
SHOW COLUMNS FROM t;
> COLUMN_NAME | TYPE | NULLABLE | KEY | DEFAULT
> ID | INTEGER | NO | PRIMARY KEY | NULL
> N | INTEGER | YES |  | 7
> M | INTEGER | NO |  | NULL
> (3 rows)
INSERT INTO t (id, m) VALUES (1, 1), (2, 2);
> ok 2
INSERT INTO t (id, n, m) VALUES (3, -1, 1);
> error 23514 check POSITIVE of table S.T is violated
INSERT INTO t (id, n) VALUES (3, 1);
> error 23502 column M of table S.T cannot be NULL
INSERT INTO t VALUES (1, 1, 1);
> error 23505 duplicate key in T_PKEY of table S.T: (ID) = (1) already exists
SELECT * FROM t ORDER BY id;
> ID | N | M
> 1 | 7 | 1
> 2 | 7 | 2
> (2 rows)
ALTER TABLE t ADD COLUMN k INT DEFAULT 42;
> ok
SELECT * FROM t ORDER BY id;
> ID | N | M | K
> 1 | 7 | 1 | 42
> 2 | 7 | 2 | 42
> (2 rows)
ALTER TABLE t RENAME COLUMN k TO l;
> ok
SELECT l FROM t WHERE id = 1;
> L
> 42
> (1 row)
SELECT k FROM t;
> error 42703 column K does not exist, did you mean L? (line 1, column 8)
ALTER TABLE t DROP COLUMN l;
> ok
SELECT * FROM t ORDER BY id;
> ID | N | M
> 1 | 7 | 1
> 2 | 7 | 2
> (2 rows)
CREATE UNIQUE INDEX t_m ON t (m);
> ok
INSERT INTO t VALUES (4, 4, 2);
> error 23505 duplicate key in T_M of table S.T: (M) = (2) already exists
CREATE INDEX t_n ON t (n DESC);
> ok
SHOW INDEXES FROM t;
> TABLE_NAME | INDEX_NAME | UNIQUE | COLUMNS | STATE
> T | T_M | YES | M | PUBLIC
> T | T_N | NO | N DESC | PUBLIC
> (2 rows)
UPDATE t SET m = m + 1;
> ok 2
CREATE UNIQUE INDEX t_u ON t (n);
> error 23505 duplicate key in T_U of table S.T: (N) = (7) already exists
DROP INDEX t_n;
> ok
DROP INDEX t_n;
> error 42704 index S.T_N does not exist; did you mean T_M?
DROP SCHEMA s;
> error 2BP01 schema S cannot be dropped: table T depends on it
TRUNCATE TABLE t;
> ok
SELECT COUNT(*) FROM t;
> COUNT
> 0
> (1 row)
DROP TABLE t;
> ok
SET SCHEMA public;
> ok
DROP SCHEMA s;
> ok
# A table without a primary key has a hidden one.
CREATE TABLE heap (a INT, b INT);
> ok
INSERT INTO heap VALUES (1, 1), (1, 1), (2, NULL);
> ok 3
SELECT a, b FROM heap ORDER BY a, b;
> A | B
> 1 | 1
> 1 | 1
> 2 | NULL
> (3 rows)
DELETE FROM heap WHERE a = 1;
> ok 2
SELECT a, b FROM heap;
> A | B
> 2 | NULL
> (1 row)
DROP TABLE heap;
> ok
# DDL in a transaction is atomic with it.
BEGIN;
> ok
CREATE TABLE t (id INT PRIMARY KEY);
> ok
INSERT INTO t VALUES (1);
> ok 1
SELECT * FROM t;
> ID
> 1
> (1 row)
ROLLBACK;
> ok
SELECT * FROM t;
> error 42P01 table T does not exist (line 1, column 15)

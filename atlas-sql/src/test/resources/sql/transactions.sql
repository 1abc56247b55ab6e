# Transactions of two sessions, a and b.
CREATE TABLE t (id INT PRIMARY KEY, n INT);
> ok
INSERT INTO t VALUES (1, 10), (2, 20);
> ok 2
BEGIN;
> ok
UPDATE t SET n = 11 WHERE id = 1;
> ok 1
@session b
SELECT n FROM t WHERE id = 1;
> N
> 10
> (1 row)
BEGIN;
> ok
SELECT SUM(n) FROM t;
> SUM
> 30
> (1 row)
@session a
COMMIT;
> ok
@session b
SELECT n FROM t WHERE id = 1;
> N
> 10
> (1 row)
UPDATE t SET n = n + 1 WHERE id = 2;
> ok 1
COMMIT;
> error 40001
SELECT n FROM t ORDER BY id;
> N
> 11
> 20
> (2 rows)
BEGIN;
> ok
BEGIN;
> error 25001 BEGIN cannot run inside an open transaction; commit or roll back first
SAVEPOINT p;
> ok
DELETE FROM t;
> ok 2
ROLLBACK TO SAVEPOINT p;
> ok
SELECT COUNT(*) FROM t;
> COUNT
> 2
> (1 row)
INSERT INTO t VALUES (1, 1);
> error 23505 duplicate key in T_PKEY of table PUBLIC.T: (ID) = (1) already exists
INSERT INTO t VALUES (3, 3);
> ok 1
COMMIT;
> ok
SELECT * FROM t ORDER BY id;
> ID | N
> 1 | 11
> 2 | 20
> 3 | 3
> (3 rows)
START TRANSACTION READ ONLY;
> ok
DELETE FROM t;
> error 25006 a statement that writes is not possible in a read-only transaction
ROLLBACK;
> ok
COMMIT;
> ok
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
> error 25P01 there is no open transaction
SHOW transaction_isolation;
> TRANSACTION_ISOLATION
> SERIALIZABLE
> (1 row)
SET consistency = 'stale';
> error 22023 invalid value stale for CONSISTENCY: strong, session and stale with a bound, as in stale '5s', are known
DROP TABLE t;
> ok

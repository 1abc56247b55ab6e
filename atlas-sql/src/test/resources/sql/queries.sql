# Joins, aggregates, subqueries, set operations, windows.
CREATE TABLE dept (id INT PRIMARY KEY, name VARCHAR(10));
> ok
CREATE TABLE emp (id INT PRIMARY KEY, name VARCHAR(10), dept_id INT, salary INT, boss INT);
> ok
CREATE INDEX emp_dept ON emp (dept_id);
> ok
INSERT INTO dept VALUES (1, 'dev'), (2, 'ops'), (3, 'hr');
> ok 3
INSERT INTO emp VALUES (1, 'ann', 1, 100, NULL), (2, 'bob', 1, 80, 1), (3, 'cid', 2, 90, 1), (4, 'dan', 2, 90, 3), (5, 'eve', NULL, 50, 3);
> ok 5
SELECT e.name, d.name FROM emp e JOIN dept d ON e.dept_id = d.id ORDER BY e.id;
> NAME | NAME
> ann | dev
> bob | dev
> cid | ops
> dan | ops
> (4 rows)
SELECT e.name, d.name FROM emp e LEFT JOIN dept d ON e.dept_id = d.id ORDER BY e.id;
> NAME | NAME
> ann | dev
> bob | dev
> cid | ops
> dan | ops
> eve | NULL
> (5 rows)
SELECT d.name, e.name FROM emp e RIGHT JOIN dept d ON e.dept_id = d.id ORDER BY d.id, e.id;
> NAME | NAME
> dev | ann
> dev | bob
> ops | cid
> ops | dan
> hr | NULL
> (5 rows)
SELECT e.name, b.name FROM emp e, emp b WHERE e.boss = b.id ORDER BY e.id;
> NAME | NAME
> bob | ann
> cid | ann
> dan | cid
> eve | cid
> (4 rows)
SELECT COUNT(*) FROM emp CROSS JOIN dept;
> COUNT
> 15
> (1 row)
SELECT dept_id, COUNT(*), SUM(salary), MIN(salary), MAX(salary) FROM emp GROUP BY dept_id ORDER BY dept_id;
> DEPT_ID | COUNT | SUM | MIN | MAX
> NULL | 1 | 50 | 50 | 50
> 1 | 2 | 180 | 80 | 100
> 2 | 2 | 180 | 90 | 90
> (3 rows)
SELECT dept_id, AVG(salary) FROM emp GROUP BY dept_id HAVING COUNT(*) > 1 ORDER BY dept_id;
> DEPT_ID | AVG
> 1 | 90.0000000000
> 2 | 90.0000000000
> (2 rows)
SELECT COUNT(DISTINCT salary) FROM emp;
> COUNT
> 4
> (1 row)
SELECT DISTINCT salary FROM emp ORDER BY salary DESC;
> SALARY
> 100
> 90
> 80
> 50
> (4 rows)
SELECT name FROM emp WHERE salary > (SELECT AVG(salary) FROM emp) ORDER BY name;
> NAME
> ann
> cid
> dan
> (3 rows)
SELECT name FROM dept d WHERE EXISTS (SELECT 1 FROM emp WHERE dept_id = d.id) ORDER BY name;
> NAME
> dev
> ops
> (2 rows)
SELECT name FROM dept d WHERE NOT EXISTS (SELECT 1 FROM emp WHERE dept_id = d.id);
> NAME
> hr
> (1 row)
SELECT name FROM dept WHERE id NOT IN (SELECT dept_id FROM emp);
> NAME
> (0 rows)
SELECT name FROM dept WHERE id IN (SELECT dept_id FROM emp) ORDER BY id;
> NAME
> dev
> ops
> (2 rows)
SELECT name, (SELECT COUNT(*) FROM emp WHERE dept_id = d.id) AS n FROM dept d ORDER BY id;
> NAME | N
> dev | 2
> ops | 2
> hr | 0
> (3 rows)
SELECT (SELECT id FROM emp) FROM dept;
> error 21000 a subquery used as an expression returned more than one row
SELECT name FROM emp UNION SELECT name FROM dept ORDER BY 1 LIMIT 3;
> NAME
> ann
> bob
> cid
> (3 rows)
SELECT dept_id FROM emp INTERSECT SELECT id FROM dept ORDER BY 1;
> DEPT_ID
> 1
> 2
> (2 rows)
SELECT id FROM dept EXCEPT SELECT dept_id FROM emp;
> ID
> 3
> (1 row)
SELECT name FROM emp ORDER BY salary DESC, name LIMIT 2 OFFSET 1;
> NAME
> cid
> dan
> (2 rows)
SELECT name FROM emp ORDER BY boss, name FETCH FIRST 2 ROWS ONLY;
> NAME
> ann
> bob
> (2 rows)
SELECT name, salary, RANK() OVER (ORDER BY salary DESC) AS r FROM emp ORDER BY r, name;
> NAME | SALARY | R
> ann | 100 | 1
> cid | 90 | 2
> dan | 90 | 2
> bob | 80 | 4
> eve | 50 | 5
> (5 rows)
SELECT name, SUM(salary) OVER (PARTITION BY dept_id) AS s FROM emp ORDER BY id;
> NAME | S
> ann | 180
> bob | 180
> cid | 180
> dan | 180
> eve | 50
> (5 rows)
SELECT name, ROW_NUMBER() OVER (PARTITION BY dept_id ORDER BY salary, id) AS n FROM emp ORDER BY id;
> NAME | N
> ann | 2
> bob | 1
> cid | 1
> dan | 2
> eve | 1
> (5 rows)
WITH rich AS (SELECT * FROM emp WHERE salary >= 90) SELECT COUNT(*) FROM rich;
> COUNT
> 3
> (1 row)
SELECT CASE WHEN salary > 85 THEN 'high' ELSE 'low' END AS band, COUNT(*) FROM emp GROUP BY CASE WHEN salary > 85 THEN 'high' ELSE 'low' END ORDER BY 1;
> BAND | COUNT
> high | 3
> low | 2
> (2 rows)
SELECT name FROM emp WHERE name LIKE '_a%' OR name BETWEEN 'd' AND 'f' ORDER BY name;
> NAME
> dan
> eve
> (2 rows)
SELECT COALESCE(dept_id, -1), NULLIF(salary, 90) FROM emp ORDER BY id;
> COALESCE | NULLIF
> 1 | 100
> 1 | 80
> 2 | NULL
> 2 | NULL
> -1 | 50
> (5 rows)
VALUES (1, 'a'), (2, 'b');
> COLUMN1 | COLUMN2
> 1 | a
> 2 | b
> (2 rows)
SELECT * FROM (VALUES (1, 2), (3, 4)) AS v (a, b) WHERE a > 1;
> A | B
> 3 | 4
> (1 row)
EXPLAIN SELECT name FROM emp WHERE id = 3;
> PLAN
> get PUBLIC.EMP by primary key [ID = 3]
> (1 row)
EXPLAIN SELECT name FROM emp WHERE dept_id = 1;
> PLAN
> project [$0]
>   scan PUBLIC.EMP by index EMP_DEPT [DEPT_ID = 1]
> (2 rows)
SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC' ORDER BY table_name;
> TABLE_NAME
> DEPT
> EMP
> (2 rows)
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'DEPT' ORDER BY ordinal_position;
> COLUMN_NAME | DATA_TYPE
> ID | INTEGER
> NAME | CHARACTER VARYING
> (2 rows)
SELECT nam FROM emp;
> error 42703 column NAM does not exist, did you mean NAME? (line 1, column 8)
SELECT name FROM emp, dept;
> error 42702 column NAME is ambiguous; name its table
SELECT name FROM employee;
> error 42P01 table EMPLOYEE does not exist (line 1, column 18)
SELECT salary, COUNT(*) FROM emp;
> error 42803 Expression 'SALARY' is not being grouped (line 1, column 8)
SELEC 1;
> error 42601 line 1, column 1: a statement cannot begin with "SELEC", did you mean SELECT?
SELECT * FROM emp WHERE name = 5 +;
> error 42601 line 1, column 34: syntax error near "+"
SELECT nosuch(1);
> error 42883 function NOSUCH(<NUMERIC>) does not exist (line 1, column 8)
SELECT name FROM emp WHERE salary;
> error 42804 WHERE clause must be a condition (line 1, column 28)
DROP TABLE emp;
> ok
DROP TABLE dept;
> ok

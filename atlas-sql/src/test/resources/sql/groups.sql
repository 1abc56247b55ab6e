-- Groups of tables: one log, one owner.
CREATE GROUP shop WITH (regions = 'eu, us, ap', fn = 1, fz = 1, owner_policy = 'pin:eu');
> ok
CREATE GROUP shop;
> error 42710 group SHOP exists already
CREATE GROUP IF NOT EXISTS shop;
> ok
CREATE GROUP g WITH (fz = 1, regions = 'eu,us');
> error 42P16 fz = 1 needs at least 3 regions, so that a majority of them is left; there are 2
CREATE GROUP g WITH (regions = 'eu,EU');
> error 42P16 region EU is named twice
CREATE GROUP g WITH (regions = 'eu,,us');
> error 42P16 a region without a name in 'eu,,us'
CREATE GROUP g WITH (owner_policy = 'sometimes');
> error 42P16 an owner policy is follow, immediate or pin:<region>; this is sometimes
CREATE GROUP g WITH (regions = 'eu', owner_policy = 'pin:us');
> error 42P16 the owner cannot be pinned to region us, which is none of the group's: eu
CREATE GROUP g WITH (fn = 'x');
> error 42P16 fn is a number of failures, 0 or more; this is x
CREATE GROUP g WITH (group = 'shop');
> error 42P16 a group stands in no other group
CREATE TABLE orders (id INT PRIMARY KEY, n INT) WITH (group = 'shop');
> ok
CREATE TABLE items (id INT PRIMARY KEY, t VARCHAR(10) UNIQUE) WITH (group = shop);
> ok
CREATE TABLE lost (id INT PRIMARY KEY) WITH (group = 'shp');
> error 42704 group SHP does not exist; did you mean SHOP?
CREATE TABLE lost (id INT PRIMARY KEY) WITH (group = 'shop', fz = 0);
> error 42P16 a table in group SHOP lives where the group does and takes no other option
CREATE TABLE alone (id INT PRIMARY KEY) WITH (regions = 'eu', fn = 0, fz = 0);
> ok
SELECT COUNT(DISTINCT group_id) FROM atlas.tables WHERE table_name IN ('ORDERS', 'ITEMS');
> COUNT
> 1
> (1 row)
BEGIN;
> ok
INSERT INTO orders VALUES (1, 10), (2, 20);
> ok 2
INSERT INTO items VALUES (1, 'a'), (2, 'b');
> ok 2
COMMIT;
> ok
SELECT o.id, o.n, i.t FROM orders o JOIN items i ON i.id = o.id ORDER BY 1;
> ID | N | T
> 1 | 10 | a
> 2 | 20 | b
> (2 rows)
SELECT table_name, options FROM atlas.tables WHERE table_name IN ('ORDERS', 'ITEMS', 'ALONE') ORDER BY 1;
> TABLE_NAME | OPTIONS
> ALONE |
> ITEMS | GROUP=SHOP
> ORDERS | GROUP=SHOP
> (3 rows)
DROP GROUP shop;
> error 2BP01 group SHOP cannot be dropped: table PUBLIC.ITEMS depends on it
TRUNCATE TABLE items;
> ok
SELECT COUNT(*) FROM items;
> COUNT
> 0
> (1 row)
SELECT COUNT(*) FROM orders;
> COUNT
> 2
> (1 row)
SELECT COUNT(DISTINCT group_id) FROM atlas.tables WHERE table_name IN ('ORDERS', 'ITEMS');
> COUNT
> 1
> (1 row)
DROP TABLE orders;
> ok
SELECT COUNT(*) FROM items;
> COUNT
> 0
> (1 row)
INSERT INTO items VALUES (3, 'a');
> ok 1
ALTER TABLE items SET OWNER 'us';
> error 42P16 table PUBLIC.ITEMS has the owner of its group; say ALTER GROUP SHOP SET OWNER
ALTER TABLE alone SET OWNER POLICY 'immediate';
> ok
ALTER TABLE alone SET OWNER POLICY 'pin:us';
> error 42P16 the owner cannot be pinned to region us, which is none of the group's: eu
ALTER TABLE alone SET OWNER 'eu';
> error 0A000 moving an owner without a cluster is not supported
ALTER TABLE alone SET GROUP shop;
> error 0A000 moving a table to another group is not supported
ALTER GROUP shop SET OWNER POLICY 'follow';
> ok
ALTER GROUP nowhere SET OWNER POLICY 'follow';
> error 42704 group NOWHERE does not exist
ALTER GROUP shop SET OWNER HERE 'x';
> error 42601 line 1, column 28: SET OWNER takes a region in quotes, NODE and a number, or POLICY and a text, near "HERE"
ALTER GROUP shop SET OWNER NODE 0;
> error 42P16 a node has a number of 1 or more, this is 0
ALTER GROUP shop SET OWNER NODE 2;
> error 0A000 moving an owner without a cluster is not supported
DROP TABLE items;
> ok
DROP TABLE alone;
> ok
DROP GROUP shop;
> ok
DROP GROUP shop;
> error 42704 group SHOP does not exist
DROP GROUP IF EXISTS shop;
> ok
SHOW GROUPS;
> GROUP_NAME | GROUP_ID | TABLES | REGIONS | FN | FZ | OWNER_POLICY
> (0 rows)
-- How fresh reads are.
SET consistency = 'session';
> ok
SHOW consistency;
> CONSISTENCY
> session
> (1 row)
SET consistency = stale '5s';
> ok
SHOW consistency;
> CONSISTENCY
> stale 5000ms
> (1 row)
SET consistency = 'stale';
> error 22023 invalid value stale for CONSISTENCY: strong, session and stale with a bound, as in stale '5s', are known
SET consistency = 'stale 100ms';
> ok
SHOW consistency;
> CONSISTENCY
> stale 100ms
> (1 row)
RESET consistency;
> ok
SHOW consistency;
> CONSISTENCY
> strong
> (1 row)

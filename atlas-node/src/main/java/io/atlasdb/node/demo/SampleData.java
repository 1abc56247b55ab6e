package io.atlasdb.node.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Random;

/** The tables of the demo: a small shop. The same rows at every start. */
public final class SampleData {
    private static final String[] TABLES = {"""
        CREATE TABLE customers (
          id INTEGER PRIMARY KEY,
          name VARCHAR(40) NOT NULL,
          city VARCHAR(40) NOT NULL)""", """
        CREATE TABLE products (
          id INTEGER PRIMARY KEY,
          name VARCHAR(40) NOT NULL UNIQUE,
          price DECIMAL(10, 2) NOT NULL CHECK (price > 0))""", """
        CREATE TABLE orders (
          id INTEGER PRIMARY KEY,
          customer_id INTEGER NOT NULL,
          product_id INTEGER NOT NULL,
          quantity INTEGER NOT NULL,
          ordered_on DATE NOT NULL)""", "CREATE INDEX orders_by_customer ON orders (customer_id)"};
    private static final String[] NAMES = {
        "Ada", "Barbara", "Edsger", "Frances", "Grace", "Hedy", "Jim", "Karen", "Leslie", "Radia"
    };
    private static final String[] CITIES = {"Amsterdam", "Lisbon", "Nairobi", "Osaka", "Santiago"};
    private static final String[] PRODUCTS = {"Atlas", "Sextant", "Globe", "Lantern", "Map", "Telescope"};
    private static final int ORDERS = 200;

    private SampleData() {}

    /** Makes the tables and fills them. */
    public static void load(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.execute(table);
                }
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO customers VALUES (?, ?, ?)")) {
                for (int i = 0; i < NAMES.length; i++) {
                    insert.setInt(1, i + 1);
                    insert.setString(2, NAMES[i]);
                    insert.setString(3, CITIES[i % CITIES.length]);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO products VALUES (?, ?, ?)")) {
                for (int i = 0; i < PRODUCTS.length; i++) {
                    insert.setInt(1, i + 1);
                    insert.setString(2, PRODUCTS[i]);
                    insert.setBigDecimal(3, BigDecimal.valueOf(1_250L + 1_725L * i, 2));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            orders(connection);
            connection.commit();
        }
    }

    private static void orders(Connection connection) throws SQLException {
        Random random = new Random(4444);
        LocalDate first = LocalDate.of(2026, 1, 1);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 1; i <= ORDERS; i++) {
                insert.setInt(1, i);
                insert.setInt(2, 1 + random.nextInt(NAMES.length));
                insert.setInt(3, 1 + random.nextInt(PRODUCTS.length));
                insert.setInt(4, 1 + random.nextInt(9));
                insert.setDate(5, java.sql.Date.valueOf(first.plusDays(random.nextInt(300))));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}

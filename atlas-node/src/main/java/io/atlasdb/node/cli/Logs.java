package io.atlasdb.node.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.atlasdb.node.config.AtlasConfig.LogFormat;
import io.atlasdb.node.config.AtlasConfig.LogLevel;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logging on standard error. Found by Logback at its start, and quiet then: client commands show warnings at most. A node
 * asks for more with {@link #configure}.
 */
public final class Logs extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String level = System.getenv("ATLAS_LOG_LEVEL");
        apply(context, Level.toLevel(level, Level.WARN), false);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as a node does. */
    static void configure(LogLevel level, LogFormat format) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            boolean json =
                    format == LogFormat.JSON || (format == LogFormat.AUTO && !Boolean.getBoolean("atlas.log.terminal"));
            apply(context, Level.toLevel(level.name().toLowerCase(Locale.ROOT)), json);
        }
    }

    /** Sends the audit log to a file that only this user may read, one JSON object a line, and nowhere else. */
    static void audit(Path file) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            try {
                if (!Files.exists(file)) {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
            } catch (IOException e) {
                throw ErrorCode.CANNOT_START.error(
                        e, "the audit log " + file + " cannot be written: " + e.getMessage());
            }
            FileAppender<ILoggingEvent> appender = new FileAppender<>();
            appender.setContext(context);
            appender.setFile(file.toString());
            appender.setEncoder(encoder(context, "%msg%n"));
            appender.start();
            ch.qos.logback.classic.Logger logger = context.getLogger("audit");
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(appender);
        }
    }

    private static void apply(LoggerContext context, Level level, boolean json) {
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(json ? json(context) : text(context));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        // Netty tells of its own start at length.
        context.getLogger("io.netty").setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : Level.INFO);
        context.getLogger("io.grpc").setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : Level.INFO);
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        return encoder(context, PATTERN);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}

package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.catalog.TableGroup;
import io.atlasdb.sql.plan.ddl.AlterGroup;
import io.atlasdb.sql.plan.ddl.AlterTable;
import io.atlasdb.sql.plan.ddl.CreateGroup;
import io.atlasdb.sql.plan.ddl.DropGroup;
import io.atlasdb.sql.plan.ddl.OwnerWish;
import io.atlasdb.sql.plan.ddl.PlacementOptions;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Statements about groups of tables, and about the place of any group. */
final class GroupStatements {
    private static final String PIN = "pin:";

    private final CatalogStore catalogs;
    private final Placements placements;

    GroupStatements(CatalogStore catalogs, Placements placements) {
        this.catalogs = catalogs;
        this.placements = placements;
    }

    void create(CreateGroup command, DdlContext context, Catalog catalog) {
        if (catalog.groups().containsKey(command.name())) {
            if (command.ifNotExists()) {
                return;
            }
            throw ErrorCode.GROUP_EXISTS.error(command.name());
        }
        if (command.options().values().containsKey("GROUP")) {
            throw ErrorCode.INVALID_DEFINITION.error("a group stands in no other group");
        }
        requireNoRetention(command.options());
        Placement placement = placement(command.options());
        catalogs.createGroup(context.transaction(), command.name(), placement);
    }

    void drop(DropGroup command, DdlContext context, Catalog catalog) {
        if (command.ifExists() && !catalog.groups().containsKey(command.name())) {
            return;
        }
        catalogs.dropGroup(context.transaction(), require(catalog, command.name()));
    }

    void alter(AlterGroup command, DdlContext context, Catalog catalog) {
        long group = require(catalog, command.name()).id();
        if (command.action() instanceof AlterTable.SetPlacement set) {
            setPlacement(group, set.options(), context, catalog);
        } else if (command.action() instanceof AlterTable.SetOwner set) {
            setOwner(group, set.wish(), context, catalog);
        }
    }

    /** Changes what is named of where a group may be; its members follow in the background. */
    void setPlacement(long group, PlacementOptions options, DdlContext context, Catalog catalog) {
        Map<String, String> values = options.values();
        if (values.containsKey("GROUP")) {
            throw ErrorCode.INVALID_DEFINITION.error("a table or group stays in its group");
        }
        requireNoRetention(options);
        Placement before = catalog.placement(group);
        Placement next = new Placement(
                values.containsKey("REGIONS") ? regions(values.getOrDefault("REGIONS", "")) : before.regions(),
                values.containsKey("FN") ? number("fn", values.get("FN")) : before.fn(),
                values.containsKey("FZ") ? number("fz", values.get("FZ")) : before.fz(),
                values.containsKey("OWNER_POLICY")
                        ? policy(values.getOrDefault("OWNER_POLICY", "follow"))
                        : before.ownerPolicy());
        requireRegionsFor(next);
        requirePinWithin(next);
        placements.check(group, next);
        catalogs.place(context.transaction(), group, next);
    }

    private static void requireNoRetention(PlacementOptions options) {
        if (options.values().containsKey(Table.RETAIN)) {
            throw ErrorCode.INVALID_DEFINITION.error("a group retains nothing; say it of the tables in it");
        }
    }

    /** The group of that name. {@code NO_SUCH_GROUP} otherwise, with the nearest name. */
    static TableGroup require(Catalog catalog, String name) {
        TableGroup group = catalog.groups().get(name);
        if (group == null) {
            throw ErrorCode.NO_SUCH_GROUP.error(
                    name, NearestName.hint(name, catalog.groups().keySet()));
        }
        return group;
    }

    /** A policy is stored; a place is gone to at once, and stays gone to when the transaction is rolled back. */
    void setOwner(long group, OwnerWish wish, DdlContext context, Catalog catalog) {
        switch (wish.kind()) {
            case POLICY -> {
                Placement next = catalog.placement(group).withOwnerPolicy(policy(wish.value()));
                requirePinWithin(next);
                placements.check(next);
                catalogs.place(context.transaction(), group, next);
            }
            case REGION -> placements.moveOwner(group, new Placements.Target(wish.value(), 0));
            case NODE -> placements.moveOwner(group, new Placements.Target("", Long.parseLong(wish.value())));
        }
    }

    /**
     * What options say of the place of a group.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION} when it cannot be
     */
    Placement placement(PlacementOptions options) {
        Map<String, String> values = options.values();
        Placement placement = new Placement(
                regions(values.getOrDefault("REGIONS", "")),
                number("fn", values.get("FN")),
                number("fz", values.get("FZ")),
                policy(values.getOrDefault("OWNER_POLICY", "follow")));
        requireRegionsFor(placement);
        requirePinWithin(placement);
        placements.check(placement);
        return placement;
    }

    private static void requireRegionsFor(Placement placement) {
        int regions = placement.regions().size();
        int fz = placement.fz().orElse(0);
        if (regions > 0 && regions < 2L * fz + 1) {
            throw ErrorCode.INVALID_DEFINITION.error("fz = " + fz + " needs at least " + (2L * fz + 1)
                    + " regions, so that a majority of them is left; there are " + regions);
        }
    }

    private static void requirePinWithin(Placement placement) {
        String policy = placement.ownerPolicy();
        if (policy.startsWith(PIN) && !placement.regions().isEmpty()) {
            String region = policy.substring(PIN.length());
            if (placement.regions().stream().noneMatch(region::equalsIgnoreCase)) {
                throw ErrorCode.INVALID_DEFINITION.error("the owner cannot be pinned to region " + region
                        + ", which is none of the group's: " + String.join(", ", placement.regions()));
            }
        }
    }

    private static List<String> regions(String text) {
        List<String> regions = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String region = part.strip();
            if (region.isEmpty() && !text.isBlank()) {
                throw ErrorCode.INVALID_DEFINITION.error("a region without a name in '" + text + "'");
            }
            if (regions.stream().anyMatch(region::equalsIgnoreCase)) {
                throw ErrorCode.INVALID_DEFINITION.error("region " + region + " is named twice");
            }
            if (!region.isEmpty()) {
                regions.add(region);
            }
        }
        return regions;
    }

    private static OptionalInt number(String name, @Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("[0-9]{1,3}")) {
            throw ErrorCode.INVALID_DEFINITION.error(name + " is a number of failures, 0 or more; this is " + text);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static String policy(String text) {
        String policy = text.strip();
        String lower = policy.toLowerCase(Locale.ROOT);
        if (lower.equals("follow") || lower.equals("immediate")) {
            return lower;
        }
        if (lower.startsWith(PIN) && !policy.substring(PIN.length()).isBlank()) {
            return PIN + policy.substring(PIN.length()).strip();
        }
        throw ErrorCode.INVALID_DEFINITION.error(
                "an owner policy is follow, immediate or pin:<region>; this is " + text);
    }
}

package io.atlasdb.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The dependency directions of docs/architecture.md, as code. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.atlasdb.node");

    /** What each package of the node may see of the others, besides itself. */
    private static final Map<String, List<String>> SEES = Map.ofEntries(
            Map.entry("clock", List.of()),
            Map.entry("metrics", List.of()),
            Map.entry("consensus", List.of()),
            Map.entry("replica", List.of("consensus", "clock", "metrics")),
            Map.entry("log", List.of("replica", "consensus", "metrics")),
            Map.entry("storage", List.of("replica", "consensus", "metrics")),
            Map.entry("transport", List.of("replica", "consensus", "clock", "metrics")),
            Map.entry("blob", List.of("replica", "consensus", "metrics")),
            Map.entry("kv", List.of("blob", "replica", "consensus", "clock", "metrics")),
            Map.entry("config", List.of()),
            Map.entry("backup", List.of()),
            Map.entry("cluster", List.of("kv", "replica", "consensus", "clock", "config", "metrics")),
            Map.entry("socket", List.of("kv", "config", "metrics")),
            Map.entry("client", List.of("kv", "config", "metrics")),
            Map.entry("security", List.of("metrics")),
            Map.entry(
                    "server",
                    List.of(
                            "backup",
                            "socket",
                            "client",
                            "security",
                            "kv",
                            "blob",
                            "cluster",
                            "log",
                            "storage",
                            "transport",
                            "replica",
                            "consensus",
                            "clock",
                            "config",
                            "metrics")),
            Map.entry("bench", List.of("demo", "cluster", "consensus", "server", "config", "metrics", "socket")),
            Map.entry("demo", List.of("server", "config", "metrics")),
            Map.entry("cli", List.of("backup", "server", "bench", "demo", "config", "metrics", "socket", "client")));

    @Test
    void packagesSeeOnlyWhatTheyMay() {
        SEES.forEach((name, seen) -> noClasses()
                .that()
                .resideInAPackage("io.atlasdb.node." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SEES.keySet().stream()
                        .filter(other -> !other.equals(name) && !seen.contains(other))
                        .map(other -> "io.atlasdb.node." + other + "..")
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES));
    }

    @Test
    void everyPackageHasItsPlace() {
        classes()
                .should()
                .resideInAnyPackage(SEES.keySet().stream()
                        .map(name -> "io.atlasdb.node." + name + "..")
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void theCoreIsPure() {
        classes()
                .that()
                .resideInAPackage("..node.consensus..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "io.atlasdb.node.consensus..",
                        "java.lang..",
                        "java.nio",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "org.jspecify.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..node.consensus..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.HashMap")
                .check(CLASSES);
    }

    @Test
    void librariesStayWhereTheyBelong() {
        only("org.h2..", "storage");
        only("io.netty..", "socket", "client", "transport");
        only("io.grpc..", "transport", "bench");
        only("org.bouncycastle..", "transport");
        only("org.apache.calcite.avatica..", "client", "server");
        only("com.google.protobuf..", "client", "transport");
        only("com.typesafe.config..", "config");
        only("picocli..", "cli");
    }

    private static void only(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(java.util.Arrays.stream(packages)
                        .map(p -> "io.atlasdb.node." + p + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.atlasdb.node.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}

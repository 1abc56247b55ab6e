package io.atlasdb.sql;

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
            .importPackages("io.atlasdb.sql");

    /** What each package of the SQL layer may see of the others, besides itself. */
    private static final Map<String, List<String>> SEES = Map.of(
            "store", List.of(),
            "catalog", List.of("store"),
            "access", List.of("catalog", "store"),
            "codec", List.of("catalog", "store"),
            "tx", List.of("codec", "catalog", "store"),
            "system", List.of("access", "codec", "catalog", "store"),
            "plan", List.of("tx", "system", "codec", "catalog", "store"),
            "exec", List.of("plan", "access", "tx", "system", "codec", "catalog", "store"),
            "session", List.of("exec", "plan", "access", "tx", "system", "codec", "catalog", "store"),
            "remote", List.of("session", "plan", "access", "system", "catalog", "store"));

    @Test
    void packagesSeeOnlyWhatTheyMay() {
        SEES.forEach((name, seen) -> noClasses()
                .that()
                .resideInAPackage("io.atlasdb.sql." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SEES.keySet().stream()
                        .filter(other -> !other.equals(name) && !seen.contains(other))
                        .map(other -> "io.atlasdb.sql." + other + "..")
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES));
    }

    @Test
    void calciteStaysInPlanAndExec() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.atlasdb.sql.plan..", "io.atlasdb.sql.exec..")
                .and()
                .resideOutsideOfPackage("io.atlasdb.sql.remote..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.calcite..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.atlasdb.sql.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}

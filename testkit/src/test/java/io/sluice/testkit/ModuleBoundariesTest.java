package io.sluice.testkit;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice.testkit", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    /** What runs in the JVMs of the servers has their jars on its class path. */
    private static final String SERVERS = "io.sluice.testkit.server.process..";

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.testkit.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule runsOnTheJdkAndShadedJackson =
            classes()
                    .that()
                    .resideOutsideOfPackage(SERVERS)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "io.sluice.testkit..",
                            "org.apache.flink.shaded.jackson2..",
                            "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule whatRunsInServersUsesNothingElseOfOurs =
            noClasses()
                    .that()
                    .resideInAPackage(SERVERS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.sluice.testkit.cluster..", "io.sluice.testkit.dist..");

    @ArchTest
    static final ArchRule onlyAwaitSleeps =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("io.sluice.testkit.cluster.Await")
                    .should()
                    .callMethod(Thread.class, "sleep", long.class);
}

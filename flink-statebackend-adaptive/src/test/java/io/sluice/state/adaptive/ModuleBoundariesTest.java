package io.sluice.state.adaptive;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice.state.adaptive", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.state.adaptive.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noOtherFeatureModuleIsUsed =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sluice.runtime..",
                            "io.sluice.fs..",
                            "io.sluice.k8s..",
                            "io.sluice.sql..");

    @ArchTest
    static final ArchRule decidingIsPure =
            noClasses()
                    .that()
                    .resideInAPackage("io.sluice.state.adaptive.placement")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink..", "java.nio..", "java.util.concurrent..");
}

package io.sluice.benchmarks;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice.benchmarks", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.benchmarks.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule statisticsAreArithmeticAlone =
            classes()
                    .that()
                    .resideInAPackage("io.sluice.benchmarks.comparison")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java.lang..",
                            "java.math",
                            "java.util..",
                            "io.sluice.benchmarks.comparison",
                            "org.jspecify.annotations..");
}

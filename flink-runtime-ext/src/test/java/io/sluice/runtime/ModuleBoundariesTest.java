package io.sluice.runtime;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice.runtime", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.runtime.(**)").should().beFreeOfCycles();

    /** What {@link io.sluice.state.adaptive.control.StateControl} takes and returns included. */
    @ArchTest
    static final ArchRule onlyTheControlOfStateIsUsed =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sluice.state.adaptive",
                            "io.sluice.state.adaptive.store..",
                            "io.sluice.state.adaptive.snapshot..",
                            "io.sluice.state.adaptive.pressure..");

    @ArchTest
    static final ArchRule noOtherFeatureModuleIsUsed =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.sluice.fs..", "io.sluice.k8s..", "io.sluice.sql..");
}

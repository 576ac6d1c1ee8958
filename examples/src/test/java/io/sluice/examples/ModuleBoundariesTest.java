package io.sluice.examples;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    /** Each example is its own jar: it must not need a class of the other. */
    @ArchTest
    static final ArchRule examplesDoNotKnowEachOther =
            slices().matching("io.sluice.examples.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule optionsArePublicFinal =
            classes()
                    .that()
                    .haveSimpleNameEndingWith("Options")
                    .should()
                    .bePublic()
                    .andShould()
                    .haveModifier(JavaModifier.FINAL);
}

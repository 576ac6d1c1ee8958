package io.sluice.fs.multiconf;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.sluice.fs", importOptions = DoNotIncludeTests.class)
class ModuleBoundariesTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.sluice.fs.multiconf.(**)").should().beFreeOfCycles();

    /** Hadoop's classes are in the class loaders of the bindings only, and so is what uses them. */
    @ArchTest
    static final ArchRule onlyTheHadoopPackageKnowsHadoop =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.sluice.fs.multiconf.hadoop..", "io.sluice.fs.multiconf.alias..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sluice.fs.multiconf.hadoop..",
                            "org.apache.hadoop..",
                            "org.apache.flink.runtime.fs.hdfs..");

    /** It is in a jar of its own, on another class path. */
    @ArchTest
    static final ArchRule aliasUsesNothingElse =
            noClasses()
                    .that()
                    .resideInAPackage("io.sluice.fs.multiconf.alias")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sluice.fs.multiconf",
                            "io.sluice.fs.multiconf.hadoop",
                            "io.sluice.fs.multiconf.routing");

    @ArchTest
    static final ArchRule routingDoesNoInputOrOutput =
            noClasses()
                    .that()
                    .resideInAPackage("..routing..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.nio..", "java.lang.reflect..");

    @ArchTest
    static final ArchRule noOtherFeatureModuleIsUsed =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sluice.state..",
                            "io.sluice.runtime..",
                            "io.sluice.k8s..",
                            "io.sluice.sql..");
}

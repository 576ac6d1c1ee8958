package io.sluice.systemtests;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tests with processes of their own that wait most of the time: they run, one after another, beside
 * those of classes that do not say so, unless these are to be {@link Undisturbed}.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(BesideOthers.ONE_CLASS)
@ResourceLock(value = Undisturbed.MACHINE, mode = ResourceAccessMode.READ)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface BesideOthers {

    /** Held by one of these classes, whose methods JUnit then runs one after another. */
    String ONE_CLASS = "one class beside others";
}

package io.sluice.systemtests;

import org.junit.jupiter.api.parallel.ResourceLock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tests that measure how long things take: no others run meanwhile. */
@ResourceLock(Undisturbed.MACHINE)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface Undisturbed {

    /** The machine's processors. */
    String MACHINE = "the machine";
}
